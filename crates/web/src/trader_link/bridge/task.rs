//! The one task that writes the replica of a trading process behind a bridge.
//!
//! The one recovery path, at every connection: ticks are subscribed to, a snapshot is taken, and of the facts that came
//! in between those behind the snapshot's number are applied. A gap, a new epoch or a lost heartbeat has ended the
//! connection by then, so nothing has to be compared.

use super::State;
use super::commands::command_error;
use crate::command::CommandError;
use crate::replica::{EVENTS_ASIDE_MAX, Effect, Fact, Input, Link, Replica, Shared, Snapshot};
use crate::trader_link::limits::{BRIDGE_COMMAND, BRIDGE_SNAPSHOT, BRIDGE_TICKS, SNAPSHOT_RETRY};
use crate::trader_link::stream::Stream;
use crate::trader_link::{Listener, now_ms};
use bridge::{Caller, ClientDriver, Event, Hello, Received, Subscriber};
use domain::Language;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// What the task is made of.
pub(super) struct Parts {
    pub(super) caller: Caller,
    pub(super) driver: Option<ClientDriver>,
    pub(super) subscriber: Subscriber,
    pub(super) state: Arc<State>,
    pub(super) replica: Arc<Shared>,
    pub(super) stream: Option<Stream>,
    pub(super) listener: Box<dyn Listener>,
    pub(super) fixed_language: Option<Language>,
}

/// The task; its owner runs it.
pub struct BridgeTask {
    parts: Parts,
    syncing: Option<BoxFuture<'static, Result<Taken, CommandError>>>,
    /// Facts that came while a snapshot is taken.
    aside: Vec<(u64, Fact)>,
    effects: Vec<Effect>,
    /// Effects that the listener has been told of.
    heard: usize,
    facts: Vec<Fact>,
}

/// A snapshot in the replica's form, and the number of the last fact in it.
struct Taken {
    snapshot: Box<Snapshot>,
    seq: u64,
}

enum Happened {
    Received(Received),
    Snapshot(Result<Taken, CommandError>),
}

impl BridgeTask {
    pub(super) fn new(parts: Parts) -> BridgeTask {
        BridgeTask { parts, syncing: None, aside: Vec::new(), effects: Vec::new(), heard: 0, facts: Vec::new() }
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
        loop {
            let happened = tokio::select! {
                received = self.parts.subscriber.next(&mut events) => Happened::Received(received),
                taken = pending(&mut self.syncing) => Happened::Snapshot(taken),
            };
            match happened {
                Happened::Received(Received::Connected(hello)) => self.on_connected(&hello),
                Happened::Received(Received::Events) => self.on_events(&mut events),
                Happened::Received(Received::Lost(reason)) => self.on_lost(&reason),
                Happened::Snapshot(Ok(taken)) => self.on_snapshot(taken),
                Happened::Snapshot(Err(error)) => {
                    tracing::warn!(%error, "the snapshot failed and is taken again");
                    self.sync_after(SNAPSHOT_RETRY);
                }
            }
        }
    }

    fn on_connected(&mut self, hello: &Hello) {
        let language = self.parts.fixed_language.unwrap_or(hello.about.language);
        self.parts.state.update(|report| report.language = language);
        tracing::info!(
            trader = %hello.about.trader, program = %hello.about.program, epoch = %hello.epoch,
            "connected to the trading process"
        );
        self.sync_after(Duration::ZERO);
    }

    fn sync_after(&mut self, pause: Duration) {
        let caller = self.parts.caller.clone();
        self.aside.clear();
        self.syncing = Some(
            async move {
                sleep(pause).await;
                take(&caller).await
            }
            .boxed(),
        );
        self.apply([Input::Subscribed]);
    }

    fn on_events(&mut self, events: &mut Vec<Event>) {
        self.parts.state.last_event_ms.store(now_ms(), Ordering::Relaxed);
        self.parts.state.skipped.store(self.parts.caller.skipped(), Ordering::Relaxed);
        let mut inputs = Vec::with_capacity(events.len());
        for event in events.drain(..) {
            match event {
                Event::Tick(tick) => inputs.push(Input::Fact(Fact::Tick(tick))),
                Event::Fact(seq, told) => match (fact(told), &self.syncing) {
                    // The snapshot may hold it already; only its number will tell.
                    (Some(fact), Some(_)) => self.aside.push((seq, fact)),
                    (Some(fact), None) => inputs.push(Input::Fact(fact)),
                    (None, _) => {}
                },
            }
        }
        if self.aside.len() > EVENTS_ASIDE_MAX {
            tracing::warn!("the snapshot takes too long; it is begun again");
            self.aside.clear();
            self.parts.caller.reset();
        }
        self.apply(inputs);
    }

    fn on_snapshot(&mut self, taken: Taken) {
        let behind = self.aside.drain(..).filter(|(seq, _)| *seq > taken.seq).map(|(_, fact)| Input::Fact(fact));
        let inputs: Vec<Input> = std::iter::once(Input::Snapshot(taken.snapshot)).chain(behind).collect();
        self.apply(inputs);
        self.parts.state.settled.wake();
    }

    fn on_lost(&mut self, reason: &str) {
        tracing::warn!(%reason, "the trading process cannot be reached or was lost");
        self.syncing = None;
        self.aside.clear();
        self.apply([Input::Lost]);
    }

    /// The replica and whoever listens to it first, then the readers of the classic stream, then whoever waits for an
    /// order.
    fn apply(&mut self, inputs: impl IntoIterator<Item = Input>) {
        let (link, has_orders) = {
            let mut replica = self.parts.replica.write();
            let mut has_orders = false;
            for input in inputs {
                has_orders |= matches!(input, Input::Fact(Fact::Order(_)));
                replica.apply(input, &mut self.effects);
                hear(&mut *self.parts.listener, &replica, &self.effects[self.heard..]);
                self.heard = self.effects.len();
            }
            (replica.link, has_orders)
        };
        self.heard = 0;
        if self.parts.state.set_link(link) {
            self.parts.listener.link(&self.parts.state.report());
        }
        self.facts.extend(self.effects.drain(..).filter_map(|effect| match effect {
            Effect::Tell(fact) => Some(fact).filter(Fact::is_classic),
            // The replica keeps no facts aside here and compares nothing, so it has no reason to ask for more.
            Effect::Reset | Effect::Resync { .. } => None,
        }));
        if let Some(stream) = self.parts.stream.as_mut().filter(|_| !self.facts.is_empty()) {
            let language = self.parts.state.report.lock().unwrap_or_else(PoisonError::into_inner).language;
            stream.send(&self.facts, language);
        }
        self.facts.clear();
        if has_orders || link == Link::Stale {
            self.parts.state.settled.wake();
        }
    }
}

/// Passes what came of one input on.
fn hear(listener: &mut dyn Listener, replica: &Replica, effects: &[Effect]) {
    for effect in effects {
        match effect {
            Effect::Tell(fact) => listener.fact(fact),
            Effect::Reset => listener.reset(replica),
            Effect::Resync { .. } => {}
        }
    }
}

/// Ticks first, so that the snapshot has each that is not sent.
async fn take(caller: &Caller) -> Result<Taken, CommandError> {
    let all = vec!["*".into()];
    caller.subscribe(all, Some(BRIDGE_TICKS), BRIDGE_COMMAND).await.map_err(command_error)?;
    let snapshot = caller.snapshot(BRIDGE_SNAPSHOT).await.map_err(command_error)?;
    let seq = snapshot.seq;
    Ok(Taken { snapshot: Box::new(replica_form(snapshot)), seq })
}

/// The rows are ours alone, so nothing is copied but pointers and structs.
fn replica_form(taken: bridge::Snapshot) -> Snapshot {
    fn own<T: Clone>(rows: Vec<Arc<T>>) -> Vec<T> {
        rows.into_iter().map(Arc::unwrap_or_clone).collect()
    }
    Snapshot {
        contracts: own(taken.contracts),
        accounts: own(taken.accounts),
        positions: own(taken.positions),
        orders: own(taken.orders),
        trades: own(taken.trades),
        ticks: taken.ticks.into_iter().map(|tick| Box::new(Arc::unwrap_or_clone(tick))).collect(),
        quotes: Some(own(taken.quotes)),
        gateways: own(taken.gateways),
        logs: taken.logs,
        trading_state: taken.trading_state,
    }
}

/// What the copy keeps of a fact; apps' facts are not kept.
fn fact(told: bridge::Fact) -> Option<Fact> {
    Some(match told {
        bridge::Fact::Order(row) => Fact::Order(row),
        bridge::Fact::Trade(row) => Fact::Trade(row),
        bridge::Fact::Position(row) => Fact::Position(row),
        bridge::Fact::Account(row) => Fact::Account(row),
        bridge::Fact::Quote(row) => Fact::Quote(row),
        bridge::Fact::Contract(row) => Fact::Contract(row),
        bridge::Fact::Log(row) => Fact::Log(row),
        bridge::Fact::Gateway(row) => Fact::Gateway(row),
        bridge::Fact::TradingState(state) => Fact::TradingState(state),
        bridge::Fact::Other { .. } => return None,
    })
}

/// Waits for a future that may be there; one that has ended is taken away.
async fn pending<T>(slot: &mut Option<BoxFuture<'static, T>>) -> T {
    let Some(future) = slot else { return std::future::pending().await };
    let result = future.await;
    *slot = None;
    result
}
