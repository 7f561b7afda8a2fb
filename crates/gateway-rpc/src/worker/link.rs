//! The worker's loop.

use super::snapshot::{self, Snapshot};
use super::{Job, Told};
use crate::limits::{PROBE, SNAPSHOT_RETRY, SUBSCRIPTIONS};
use crate::outbox::Outbox;
use domain::{SubscribeRequest, Text};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rpc::{App, CallError, Caller, ClientConfig, Framing, PeerEvent, Published, Received, Subscriber};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Runs until `stop`.
pub(super) async fn run(
    client: &ClientConfig,
    jobs: mpsc::Receiver<Job>,
    outbox: Arc<Outbox>,
    stop: CancellationToken,
) {
    let (caller, driver, subscriber) = rpc::connect(client);
    let link = Link {
        caller,
        outbox,
        phase: Phase::Away,
        syncing: None,
        probing: None,
        subscribing: None,
        wishes: VecDeque::new(),
        calls: JoinSet::new(),
        dialect: None,
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = driver.run() => {}
        () = link.follow(subscriber, jobs) => {}
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Not connected, or connected to somebody who does not answer.
    Away,
    Syncing,
    Live,
}

struct Link {
    caller: Caller,
    outbox: Arc<Outbox>,
    phase: Phase,
    syncing: Option<BoxFuture<'static, Result<Box<Snapshot>, CallError>>>,
    probing: Option<BoxFuture<'static, Result<(), CallError>>>,
    subscribing: Option<BoxFuture<'static, Result<(), Told>>>,
    /// Subscriptions that wait for their turn.
    wishes: VecDeque<(SubscribeRequest, Text)>,
    calls: JoinSet<()>,
    dialect: Option<(Option<App>, Framing)>,
}

/// What one round waits for.
enum Happened {
    Received(Received),
    Snapshot(Result<Box<Snapshot>, CallError>),
    Probed(Result<(), CallError>),
    Subscribed(Result<(), Told>),
    Job(Job),
    Nothing,
}

impl Link {
    /// Runs until there are no more jobs.
    async fn follow(mut self, mut subscriber: Subscriber, mut jobs: mpsc::Receiver<Job>) {
        let mut events = Vec::new();
        loop {
            let has_room = self.outbox.has_room();
            let happened = tokio::select! {
                job = jobs.recv() => match job {
                    Some(job) => Happened::Job(job),
                    None => return,
                },
                received = subscriber.next(&mut events), if has_room => Happened::Received(received),
                () = self.outbox.fetched(), if !has_room => Happened::Nothing,
                Some(taken) = pending(&mut self.syncing) => Happened::Snapshot(taken),
                Some(answer) = pending(&mut self.probing) => Happened::Probed(answer),
                Some(result) = pending(&mut self.subscribing) => Happened::Subscribed(result),
                Some(_) = self.calls.join_next() => Happened::Nothing,
            };
            self.on(happened, &mut events);
        }
    }

    fn on(&mut self, happened: Happened, events: &mut Vec<Published>) {
        match happened {
            Happened::Received(received) => self.on_received(received, events),
            Happened::Snapshot(Ok(snapshot)) => {
                self.phase = Phase::Live;
                self.outbox.fact(Told::Snapshot(snapshot));
            }
            Happened::Snapshot(Err(error)) => {
                self.outbox.fact(Told::SnapshotFailed(error.to_string()));
                self.sync_after(SNAPSHOT_RETRY);
            }
            Happened::Probed(Ok(())) | Happened::Nothing => {}
            Happened::Probed(Err(error)) => self.lost(&error.to_string()),
            Happened::Subscribed(result) => {
                if let Err(told) = result {
                    self.outbox.fact(told);
                }
                self.subscribe_next();
            }
            Happened::Job(job) => self.start(job),
        }
    }

    fn on_received(&mut self, received: Received, events: &mut Vec<Published>) {
        match received {
            Received::Connected => self.sync(),
            Received::Events => {
                // It had been silent, but the connection held: it is back from a long call.
                if self.phase == Phase::Away {
                    self.sync();
                }
                for published in events.drain(..) {
                    self.on_event(published);
                }
            }
            Received::Lost(reason) => self.lost(&reason),
            Received::Silent(_) => {
                let caller = self.caller.clone();
                self.probing = Some(async move { caller.probe(PROBE).await }.boxed());
            }
        }
    }

    fn on_event(&mut self, published: Published) {
        let app = published.app.or(self.dialect.and_then(|(app, _)| app));
        if self.dialect != Some((app, published.framing)) {
            self.dialect = Some((app, published.framing));
            self.outbox.fact(Told::Dialect(app, published.framing));
        }
        match published.event {
            PeerEvent::Tick(tick) => self.outbox.tick(tick),
            PeerEvent::Heartbeat(_) | PeerEvent::Other(_) => {}
            fact => self.outbox.fact(Told::Event(fact)),
        }
    }

    fn sync(&mut self) {
        self.phase = Phase::Syncing;
        self.outbox.fact(Told::Syncing);
        self.sync_after(std::time::Duration::ZERO);
    }

    fn sync_after(&mut self, pause: std::time::Duration) {
        self.probing = None;
        let caller = self.caller.clone();
        let take = async move {
            tokio::time::sleep(pause).await;
            snapshot::take(caller).await
        };
        self.syncing = Some(take.boxed());
    }

    fn lost(&mut self, reason: &str) {
        self.phase = Phase::Away;
        self.dialect = None;
        self.syncing = None;
        self.probing = None;
        self.subscribing = None;
        self.wishes.clear();
        self.outbox.fact(Told::Lost(reason.to_owned()));
    }

    fn start(&mut self, job: Job) {
        let (caller, outbox) = (self.caller.clone(), Arc::clone(&self.outbox));
        match job {
            Job::Subscribe(request, gateway) => {
                if self.wishes.len() < SUBSCRIPTIONS {
                    self.wishes.push_back((request, gateway));
                }
                if self.subscribing.is_none() {
                    self.subscribe_next();
                }
            }
            Job::Sync if self.phase == Phase::Away => {}
            Job::Sync => self.sync(),
            // Tasks of one thread begin in the order in which they were made, and the first thing that a call does is
            // to leave: so calls leave in the order of the jobs.
            job => {
                self.calls.spawn(async move { call(&caller, &outbox, job).await });
            }
        }
    }

    fn subscribe_next(&mut self) {
        self.subscribing = self.wishes.pop_front().map(|(request, gateway)| {
            let caller = self.caller.clone();
            let subscribe = async move {
                let result = caller.subscribe(&request, &gateway).await;
                result.map_err(|why| Told::SubscribeFailed { request, why })
            };
            subscribe.boxed()
        });
    }
}

/// One call, once; its end is told.
async fn call(caller: &Caller, outbox: &Outbox, job: Job) {
    match job {
        Job::Send { orderid, request, gateway } => {
            let result = caller.send_order(&request, &gateway).await;
            outbox.fact(Told::Sent { orderid, result });
        }
        Job::Cancel { orderid, request, gateway } => {
            if let Err(why) = caller.cancel_order(&request, &gateway).await {
                outbox.fact(Told::CancelFailed { orderid, why });
            }
        }
        Job::History { token, request, gateway } => {
            let bars = caller.query_history(&request, &gateway).await;
            outbox.fact(Told::Bars { token, bars });
        }
        Job::Look(number) => {
            let found = async { Ok((caller.get_all_orders().await?, caller.get_all_trades().await?)) }.await;
            outbox.fact(Told::Looked { number, found });
        }
        Job::Subscribe(..) | Job::Sync => {}
    }
}

/// The future's result, once; pends for ever without a future.
async fn pending<T>(slot: &mut Option<BoxFuture<'static, T>>) -> Option<T> {
    match slot {
        None => std::future::pending().await,
        Some(future) => {
            let result = future.await;
            *slot = None;
            Some(result)
        }
    }
}
