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
    /// The remote dies and is started again, without its orders, counting from the beginning.
    Reborn,
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
        1 => Just(Step::Reborn),
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
    /// Every order of the remote's has another one.
    stamp: i64,
    /// There was an order that did not say whose it is.
    had_nameless: bool,
}

impl World {
    fn arrive(&mut self, request: &OrderRequest, fate: Fate, ours: Option<String>) -> u64 {
        (self.next, self.stamp) = (self.next + 1, self.stamp + 1_000_000);
        let mut first = remote_order(&self.next.to_string(), request, Status::Submitting, true);
        let mut kept = remote_order(&self.next.to_string(), request, Status::NotTraded, fate.keeps_reference);
        self.had_nameless |= !fate.keeps_reference;
        first.datetime = DateTime::from_unix_micros(self.stamp, "UTC");
        kept.datetime = first.datetime.clone();
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
            Step::Reborn => {
                self.run(rig, Step::Cut, number);
                self.orders.clear();
                self.next = 0;
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
    for (_, ours) in world.orders.values() {
        let Some(state) = ours.as_deref().and_then(|id| rig.state(id)) else { continue };
        assert_ne!(state.status, Status::Rejected, "{} is at the remote", state.orderid);
    }
}

/// In the end each of the remote's orders is shown once, as it is; what it does not have is rejected, or unknown for a
/// reason.
fn settled(rig: &Rig, world: &World) {
    let mut newest: BTreeMap<&str, &OrderData> = BTreeMap::new();
    for report in &rig.reports {
        if let Report::Order(order) = report {
            newest.insert(&order.orderid, order);
        }
    }
    for (remote, (order, ours)) in &world.orders {
        // What the remote has forgotten keeps its last state, which may be a mistaken one.
        let is_gone = |id: &str| rig.mirror.orders.get(id).is_none_or(|entry| entry.is_gone);
        let is_it = |shown: &&&OrderData| shown.datetime == order.datetime && !is_gone(&shown.orderid);
        let shown: Vec<_> = newest.values().filter(is_it).collect();
        let ids: Vec<_> = shown.iter().map(|shown| &shown.orderid).collect();
        assert_eq!(ids.len(), 1, "order {remote} of the remote: {ids:?}");
        assert_eq!((shown[0].status, shown[0].traded), (order.status, order.traded), "order {remote}");
        if let Some(id) = ours.as_deref().filter(|id| *id != shown[0].orderid) {
            assert!(order.reference.is_empty(), "{id} was not found by its reference");
            assert_eq!(rig.status(id), Status::Submitting);
        }
    }
    for id in world.sent.keys() {
        let is_there = world.orders.values().any(|(_, ours)| ours.as_deref() == Some(id));
        if !is_there && !world.had_nameless {
            let entry = rig.mirror.orders.get(id);
            let is_open = entry.is_some_and(|entry| matches!(entry.stage, super::super::orders::Stage::Unknown { .. }));
            assert!(!is_open, "{id} is not at the remote");
        }
    }
}
