//! A remote that does anything to orders, answers and events, against the mirror: whatever happens, no order is sent
//! twice, none that the remote has is called rejected, and in the end each has the remote's state.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// A new order, and what becomes of it.
    Send(Fate),
    /// The oldest call that is open ends.
    Answer,
    /// The oldest event is delivered.
    Event,
    /// Contact is lost: open calls end as unknown, events are lost.
    Cut,
    /// Contact again.
    Sync,
    /// Seconds pass; what was asked for is answered.
    Pass(u64),
    /// Somebody at the remote sends the same order.
    Stranger,
    /// The remote changes an order's state.
    Fill(prop::sample::Index),
}

#[derive(Clone, Copy, Debug)]
struct Fate {
    arrives: bool,
    is_answered: bool,
    /// Whether the remote's list still says who sent it.
    keeps_reference: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let fate = (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(arrives, is_answered, keeps_reference)| Fate {
        arrives,
        is_answered,
        keeps_reference,
    });
    prop_oneof![
        4 => fate.prop_map(Step::Send),
        4 => Just(Step::Answer),
        6 => Just(Step::Event),
        1 => Just(Step::Cut),
        2 => Just(Step::Sync),
        3 => (0u64..12).prop_map(Step::Pass),
        1 => Just(Step::Stranger),
        2 => any::<prop::sample::Index>().prop_map(Step::Fill),
    ]
}

#[derive(Default)]
struct World {
    is_up: bool,
    /// The remote's list, by its id.
    orders: BTreeMap<u64, (OrderData, Option<String>)>,
    events: std::collections::VecDeque<OrderData>,
    /// Open calls: our id, and the remote's answer if it gives one.
    calls: std::collections::VecDeque<(String, Option<String>)>,
    sent: BTreeMap<String, Option<u64>>,
    next: u64,
}

impl World {
    fn arrive(&mut self, request: &OrderRequest, fate: Fate, ours: Option<String>) -> u64 {
        self.next += 1;
        let first = remote_order(&self.next.to_string(), request, Status::Submitting, true);
        let kept = remote_order(&self.next.to_string(), request, Status::NotTraded, fate.keeps_reference);
        self.events.push_back(first);
        self.events.push_back(kept.clone());
        self.orders.insert(self.next, (kept, ours));
        self.next
    }

    fn list(&self) -> Vec<OrderData> {
        self.orders.values().map(|(order, _)| order.clone()).collect()
    }

    fn run(&mut self, rig: &mut Rig, step: Step, number: usize) {
        match step {
            Step::Send(fate) => self.send(rig, fate, number),
            Step::Answer => {
                if let Some((id, answer)) = self.calls.pop_front() {
                    match answer {
                        Some(remote) => rig.sent(&id, Ok(&remote)),
                        None => rig.sent(&id, Err(lost())),
                    }
                }
            }
            Step::Event => {
                if let Some(order) = self.events.pop_front().filter(|_| self.is_up) {
                    rig.tell(event(order));
                }
            }
            Step::Cut => {
                self.is_up = false;
                self.events.clear();
                rig.tell(Told::Lost("cut".into()));
                for (id, _) in self.calls.drain(..) {
                    rig.sent(&id, Err(CallError::Unknown("the connection was lost".into())));
                }
            }
            Step::Sync => {
                self.is_up = true;
                // What is published until the list is read is in the list.
                rig.tell(Told::Syncing);
                for order in self.events.drain(..) {
                    rig.tell(event(order));
                }
                rig.tell(Told::Snapshot(Box::new(snapshot(self.list()))));
            }
            Step::Pass(seconds) => {
                rig.pass(seconds);
                self.answer(rig);
            }
            Step::Stranger => {
                let fate = Fate { arrives: true, is_answered: true, keeps_reference: false };
                self.arrive(&OrderRequest { reference: Text::new("CtaStrategy_a"), ..request(1.0) }, fate, None);
            }
            Step::Fill(index) => {
                if let Some((order, _)) = self.orders.values_mut().nth(index.index(self.next.max(1) as usize)) {
                    order.status = Status::AllTraded;
                    order.traded = order.volume;
                    let order = order.clone();
                    self.events.push_back(order);
                }
            }
        }
    }

    fn send(&mut self, rig: &mut Rig, fate: Fate, number: usize) {
        let id = format!("261122195300_{number}");
        self.answer(rig);
        rig.send(&id, request(1.0));
        let Ok(job) = rig.jobs.try_recv() else {
            assert_eq!(rig.status(&id), Status::Rejected, "not sent and not refused");
            self.sent.insert(id, None);
            return;
        };
        let Job::Send { orderid, request, .. } = job else { panic!("{job:?}") };
        assert_eq!(orderid, id);
        let remote = fate.arrives.then(|| self.arrive(&request, fate, Some(id.clone())));
        assert!(self.sent.insert(id.clone(), remote).is_none(), "sent twice");
        let answer = match (remote, fate.is_answered) {
            (Some(remote), true) => Some(format!("CTP.{remote}")),
            (None, true) => Some(String::new()),
            (_, false) => None,
        };
        self.calls.push_back((id, answer));
    }

    /// Looks are answered as VeighNa does: after all calls that came before, with a list in which all that is.
    fn answer(&mut self, rig: &mut Rig) {
        while let Ok(job) = rig.jobs.try_recv() {
            match job {
                Job::Look(number) if self.is_up => {
                    rig.tell(Told::Looked { number, found: Ok((self.list(), Vec::new())) });
                }
                Job::Look(number) => rig.tell(Told::Looked { number, found: Err(lost()) }),
                Job::Cancel { .. } | Job::Subscribe(..) | Job::History { .. } | Job::Sync => {}
                Job::Send { .. } => panic!("an order left that nobody sent"),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_order_is_sent_twice_or_lost(steps in prop::collection::vec(step(), 1..60)) {
        let (mut rig, mut world) = (Rig::new(), World::default());
        for (number, step) in steps.into_iter().enumerate() {
            world.run(&mut rig, step, number + 1);
            check(&rig, &world);
        }
        world.run(&mut rig, Step::Cut, 0);
        world.run(&mut rig, Step::Sync, 0);
        for _ in 0..4 {
            rig.pass(40);
            world.answer(&mut rig);
        }
        check(&rig, &world);
        settled(&rig, &world);
    }
}

/// Whatever is not known, nothing wrong is said.
fn check(rig: &Rig, world: &World) {
    for (id, remote) in &world.sent {
        let Some(state) = rig.state(id) else { continue };
        if remote.is_some() {
            assert_ne!(state.status, Status::Rejected, "{id} is at the remote");
        }
    }
}

/// In the end each order is the remote's, or is unknown for a reason.
fn settled(rig: &Rig, world: &World) {
    for (remote, (order, ours)) in &world.orders {
        let shown = ours.as_deref().and_then(|id| rig.state(id)).filter(|state| state.status == order.status);
        let as_foreign = rig.state(&remote.to_string()).filter(|state| state.status == order.status);
        assert!(shown.is_some() || as_foreign.is_some(), "order {remote} of the remote is not shown");
        assert!(shown.is_none() || as_foreign.is_none(), "order {remote} is shown twice");
        if shown.is_none()
            && let Some(id) = ours
        {
            assert!(order.reference.is_empty(), "{id} was not found by its reference");
            assert_eq!(rig.status(id), Status::Submitting);
        }
    }
    for (id, remote) in &world.sent {
        let status = rig.state(id).map(|state| state.status);
        let has_likeness = world.orders.values().any(|(order, _)| order.reference.is_empty());
        if remote.is_none() && !has_likeness {
            assert_eq!(status, Some(Status::Rejected), "{id} never arrived");
        }
    }
}
