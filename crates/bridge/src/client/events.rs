//! What the driver hears and the subscriber takes: facts in order, the newest tick of each instrument, and the
//! beginning and end of connections.

use crate::limits::EVENTS_WAITING;
use crate::message::{Fact, Hello};
use domain::{TickData, VtSymbol};
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// What a trading process tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Numbered; none is left out.
    Fact(u64, Fact),
    /// The newest of its instrument.
    Tick(Arc<TickData>),
}

/// What [`Subscriber::next`] brings.
#[derive(Debug, PartialEq)]
pub enum Received {
    /// Connected: every fact after `seq` comes from now on. Time to take a snapshot.
    Connected(Box<Hello>),
    /// The batch holds events.
    Events,
    /// The connection ended, or could not be made for this new reason. What was told before and not taken is gone: the
    /// next snapshot has it.
    Lost(String),
}

/// Takes what a trading process tells.
pub struct Subscriber {
    inbox: Arc<Inbox>,
}

/// Between driver and subscriber. Bounded: see [`Inbox::facts`].
#[derive(Debug, Default)]
pub(super) struct Inbox {
    state: Mutex<Waiting>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    lost: Option<String>,
    connected: Option<Box<Hello>>,
    facts: Vec<(u64, Fact)>,
    ticks: Vec<Arc<TickData>>,
    places: FxHashMap<VtSymbol, usize>,
}

impl Subscriber {
    pub(super) fn new(inbox: Arc<Inbox>) -> Subscriber {
        Subscriber { inbox }
    }

    /// Waits for something to tell; appends to `events`. Cancel-safe.
    pub async fn next(&mut self, events: &mut Vec<Event>) -> Received {
        loop {
            let heard = self.inbox.wake.notified();
            if let Some(received) = self.inbox.take(events) {
                return received;
            }
            heard.await;
        }
    }
}

impl Inbox {
    /// A connection began.
    pub(super) fn connected(&self, hello: Hello) {
        self.lock().connected = Some(Box::new(hello));
        self.wake.notify_one();
    }

    /// A connection ended; what it told and nobody took is dropped.
    pub(super) fn lost(&self, reason: String) {
        *self.lock() = Waiting { lost: Some(reason), ..Waiting::default() };
        self.wake.notify_one();
    }

    /// Adds a batch; `false` if so much waits that the subscriber must read everything anew.
    pub(super) fn add(&self, batch: &mut Batch) -> bool {
        if batch.is_empty() {
            return true;
        }
        let mut waiting = self.lock();
        waiting.facts.append(&mut batch.facts);
        for tick in batch.ticks.drain(..) {
            let Waiting { ticks, places, .. } = &mut *waiting;
            match places.get(&tick.vt_symbol) {
                Some(place) => ticks[*place] = tick,
                None => {
                    places.insert(tick.vt_symbol.clone(), ticks.len());
                    ticks.push(tick);
                }
            }
        }
        let fits = waiting.facts.len() <= EVENTS_WAITING;
        drop(waiting);
        self.wake.notify_one();
        fits
    }

    fn take(&self, events: &mut Vec<Event>) -> Option<Received> {
        let mut waiting = self.lock();
        if let Some(reason) = waiting.lost.take() {
            return Some(Received::Lost(reason));
        }
        if let Some(hello) = waiting.connected.take() {
            return Some(Received::Connected(hello));
        }
        if waiting.facts.is_empty() && waiting.ticks.is_empty() {
            return None;
        }
        let (facts, ticks) = (std::mem::take(&mut waiting.facts), std::mem::take(&mut waiting.ticks));
        waiting.places.clear();
        drop(waiting);
        events.extend(facts.into_iter().map(|(seq, fact)| Event::Fact(seq, fact)));
        events.extend(ticks.into_iter().map(Event::Tick));
        Some(Received::Events)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one read brought.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) facts: Vec<(u64, Fact)>,
    pub(super) ticks: Vec<Arc<TickData>>,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.ticks.is_empty()
    }
}

#[cfg(test)]
mod tests;
