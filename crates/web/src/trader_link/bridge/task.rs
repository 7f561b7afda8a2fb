//! The one task that writes the replica of a trading process behind a bridge.
//!
//! The one recovery path, at every connection: ticks are subscribed to, a snapshot is taken, and of the facts those behind
//! the snapshot's number are applied, whether they come before its answer or after it. A gap, a new epoch or a lost
//! heartbeat has ended the connection by then, so nothing has to be compared.

use super::commands::command_error;
use crate::command::CommandError;
use crate::replica::{EVENTS_ASIDE_MAX, Fact, Input, Snapshot};
use crate::trader_link::limits::{BRIDGE_COMMAND, BRIDGE_SNAPSHOT, BRIDGE_TICKS, SNAPSHOT_RETRY};
use crate::trader_link::now_ms;
use crate::trader_link::writer::{Writer, pending};
use bridge::{Caller, ClientDriver, Event, Hello, Received, Subscriber};
use domain::Language;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// What the task is made of.
pub(super) struct Parts {
    pub(super) caller: Caller,
    pub(super) driver: Option<ClientDriver>,
    pub(super) subscriber: Subscriber,
    pub(super) writer: Writer,
    pub(super) fixed_language: Option<Language>,
    pub(super) fixed_simulated: Option<bool>,
}

/// The task; its owner runs it.
pub struct BridgeTask {
    parts: Parts,
    syncing: Option<BoxFuture<'static, Result<Taken, CommandError>>>,
    /// Facts that came while a snapshot is taken.
    aside: Vec<(u64, Fact)>,
    /// The number of the last fact that the copy has from its snapshot. An answer may overtake facts: those up to this
    /// number can still be on their way, and were told by the snapshot.
    held: u64,
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
        BridgeTask { parts, syncing: None, aside: Vec::new(), held: 0 }
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
        let simulated = self.parts.fixed_simulated.or(hello.about.simulated);
        self.parts.writer.state.update(|report| (report.language, report.simulated) = (language, simulated));
        tracing::info!(
            trader = %hello.about.trader, program = %hello.about.program, epoch = %hello.epoch,
            "connected to the trading process"
        );
        self.sync_after(Duration::ZERO);
    }

    fn sync_after(&mut self, pause: Duration) {
        let caller = self.parts.caller.clone();
        self.aside.clear();
        self.held = 0;
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
        self.parts.writer.state.last_event_ms.store(now_ms(), Ordering::Relaxed);
        self.parts.writer.state.skipped.store(self.parts.caller.skipped(), Ordering::Relaxed);
        let mut inputs = Vec::with_capacity(events.len());
        for event in events.drain(..) {
            match event {
                Event::Tick(tick) => inputs.push(Input::Fact(Fact::Tick(tick))),
                Event::Fact(seq, told) => match (fact(told), &self.syncing) {
                    // The snapshot may hold it already; only its number will tell.
                    (Some(fact), Some(_)) => self.aside.push((seq, fact)),
                    (Some(fact), None) if seq > self.held => inputs.push(Input::Fact(fact)),
                    _ => {}
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
        self.held = taken.seq;
        let behind = self.aside.drain(..).filter(|(seq, _)| *seq > taken.seq).map(|(_, fact)| Input::Fact(fact));
        let inputs: Vec<Input> = std::iter::once(Input::Snapshot(taken.snapshot)).chain(behind).collect();
        self.apply(inputs);
        self.parts.writer.state.settled.wake();
    }

    fn on_lost(&mut self, reason: &str) {
        tracing::warn!(%reason, "the trading process cannot be reached or was lost");
        self.syncing = None;
        self.aside.clear();
        self.apply([Input::Lost]);
    }

    fn apply(&mut self, inputs: impl IntoIterator<Item = Input>) {
        // The replica keeps no facts aside here and compares nothing, so it has no reason to ask for more.
        let missed = self.parts.writer.apply(inputs);
        debug_assert!(missed.is_none(), "nothing is compared behind a bridge");
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
