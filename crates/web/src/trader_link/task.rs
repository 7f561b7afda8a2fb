//! The one task that writes the replica.

use super::limits::{CHECK_EVERY, PROBE, SNAPSHOT_RETRY};
use super::now_ms;
use super::snapshot::{self, Sizes, Taken};
use super::writer::{Writer, pending};
use crate::replica::{Fact, Findings, Input, Link};
use domain::{Language, OrderData};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rpc::{App, CallError, Caller, ClientDriver, Dialect, Framing, PeerEvent, Published, Received, Subscriber};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

/// What the task is made of.
pub(super) struct Parts {
    pub(super) caller: Caller,
    pub(super) driver: Option<ClientDriver>,
    pub(super) subscriber: Subscriber,
    pub(super) writer: Writer,
    pub(super) arriving: mpsc::Receiver<OrderData>,
    pub(super) fixed_language: Option<Language>,
}

/// The task; its owner runs it.
pub struct LinkTask {
    parts: Parts,
    app: Option<App>,
    framing: Option<Framing>,
    syncing: Option<BoxFuture<'static, Result<Taken, CallError>>>,
    checking: Option<BoxFuture<'static, Result<Findings, CallError>>>,
    probing: Option<BoxFuture<'static, Result<(), CallError>>>,
}

/// What one round waits for.
enum Happened {
    Received(Received),
    Snapshot(Result<Taken, CallError>),
    Checked(Result<Findings, CallError>),
    Probed(Result<(), CallError>),
    Fetched(OrderData),
    CheckDue,
}

impl LinkTask {
    pub(super) fn new(parts: Parts) -> LinkTask {
        LinkTask { parts, app: None, framing: None, syncing: None, checking: None, probing: None }
    }

    /// Runs until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        let Some(driver) = self.parts.driver.take() else { return };
        tokio::select! {
            () = stop.cancelled() => {}
            () = driver.run() => {}
            () = self.follow() => {}
        }
    }

    async fn follow(&mut self) {
        let mut events = Vec::new();
        let mut checks = checks();
        loop {
            let happened = tokio::select! {
                received = self.parts.subscriber.next(&mut events) => Happened::Received(received),
                taken = pending(&mut self.syncing) => Happened::Snapshot(taken),
                Some(order) = self.parts.arriving.recv() => Happened::Fetched(order),
                found = pending(&mut self.checking) => Happened::Checked(found),
                answer = pending(&mut self.probing) => Happened::Probed(answer),
                _ = checks.tick() => Happened::CheckDue,
            };
            self.on(happened, &mut events);
        }
    }

    fn on(&mut self, happened: Happened, events: &mut Vec<Published>) {
        match happened {
            Happened::Received(received) => self.on_received(received, events),
            Happened::Snapshot(Ok(taken)) => self.on_snapshot(taken),
            Happened::Snapshot(Err(error)) => {
                tracing::warn!(%error, "the snapshot failed and is taken again");
                self.sync_after(SNAPSHOT_RETRY);
            }
            Happened::Checked(Ok(findings)) => self.apply([Input::Check(findings)]),
            Happened::Checked(Err(error)) => tracing::debug!(%error, "the check failed; the next one comes soon"),
            Happened::Probed(Ok(())) => {}
            Happened::Probed(Err(error)) => {
                tracing::warn!(%error, "the trading process is silent and does not answer");
                self.lost();
            }
            Happened::Fetched(order) => {
                let is_new = self.parts.writer.replica.read().orders.get(&order.vt_orderid).is_none();
                if is_new {
                    self.apply([Input::Fact(Fact::Order(Arc::new(order)))]);
                }
            }
            Happened::CheckDue => self.check(),
        }
    }

    fn on_received(&mut self, received: Received, events: &mut Vec<Published>) {
        let skipped = self.parts.subscriber.skipped() + self.parts.caller.skipped_rows();
        self.parts.writer.state.skipped.store(skipped, Ordering::Relaxed);
        match received {
            Received::Connected => self.sync(),
            Received::Events => {
                self.parts.writer.state.last_event_ms.store(now_ms(), Ordering::Relaxed);
                // Silence had made the copy stale, but the connection held: the peer is back from a long call.
                if self.parts.writer.replica.read().link == Link::Stale && self.syncing.is_none() {
                    self.sync();
                }
                self.on_events(events);
            }
            Received::Lost(reason) => {
                tracing::warn!(%reason, "the connection to the trading process was lost");
                self.lost();
            }
            Received::Silent(age) => {
                tracing::warn!(seconds = age.as_secs(), "no heartbeat from the trading process; asking it");
                let caller = self.parts.caller.clone();
                self.probing = Some(async move { caller.probe(PROBE).await }.boxed());
            }
        }
    }

    fn on_events(&mut self, events: &mut Vec<Published>) {
        for published in events.iter() {
            self.learn(published);
        }
        let facts: Vec<Input> = events.drain(..).filter_map(|p| Fact::of(p.event)).map(Input::Fact).collect();
        self.apply(facts);
    }

    /// The framing and the app show in each event; a peer that was upgraded while we were connected is noticed here.
    fn learn(&mut self, published: &Published) {
        if matches!(published.event, PeerEvent::Heartbeat(_)) && self.framing == Some(published.framing) {
            return;
        }
        let app = published.app.or(self.app);
        if self.framing != Some(published.framing) || self.app != app {
            self.framing = Some(published.framing);
            self.app = app;
            self.tell_dialect();
        }
    }

    fn tell_dialect(&mut self) {
        let dialect = self.app.zip(self.framing).map(|(app, framing)| Dialect { app, framing });
        *self.parts.writer.state.dialect.lock().unwrap_or_else(PoisonError::into_inner) = dialect;
        let text = match (self.app, self.framing) {
            (Some(app), Some(framing)) => Dialect { app, framing }.to_string(),
            (Some(app), None) => app.to_string(),
            (None, _) => String::new(),
        };
        self.parts.writer.state.update(|report| report.dialect = text.into());
        self.parts.writer.tell_link();
    }

    fn sync(&mut self) {
        self.sync_after(std::time::Duration::ZERO);
    }

    fn sync_after(&mut self, pause: std::time::Duration) {
        self.checking = None;
        self.probing = None;
        self.framing = if pause.is_zero() { None } else { self.framing };
        let caller = self.parts.caller.clone();
        self.syncing = Some(
            async move {
                sleep(pause).await;
                snapshot::take(caller).await
            }
            .boxed(),
        );
        self.apply([Input::Subscribed]);
    }

    fn on_snapshot(&mut self, taken: Taken) {
        let Taken { snapshot, app, language } = taken;
        self.app = Some(app);
        self.tell_dialect();
        let language = self.parts.fixed_language.or(language);
        if let Some(language) = language {
            self.parts.writer.state.update(|report| report.language = language);
        }
        self.apply([Input::Snapshot(Box::new(snapshot))]);
        self.parts.writer.state.settled.wake();
    }

    fn lost(&mut self) {
        self.syncing = None;
        self.checking = None;
        self.probing = None;
        self.apply([Input::Lost]);
    }

    fn check(&mut self) {
        if self.checking.is_some() || self.syncing.is_some() || self.parts.writer.replica.read().link != Link::Live {
            return;
        }
        let Some(app) = self.app else { return };
        let (caller, sizes) = (self.parts.caller.clone(), Sizes::of(&self.parts.writer.replica));
        self.checking = Some(snapshot::check(caller, app, sizes).boxed());
    }

    fn apply(&mut self, inputs: impl IntoIterator<Item = Input>) {
        if self.parts.writer.apply(inputs).is_some() {
            self.sync();
        }
    }
}

fn checks() -> Interval {
    let mut checks = interval(CHECK_EVERY);
    checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    checks
}
