//! What the worker tells, waiting for the gateway to be woken: facts in order, ticks beside them.
//!
//! Owner: the gateway. Facts are never dropped: where too many wait, the worker stops reading the remote's socket until
//! they are fetched. Of too many ticks only the newest of each instrument stays.

use crate::limits::{FACTS, TICKS};
use crate::worker::Told;
use ::gateway::Waker;
use domain::{TickData, VtSymbol};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The queue between the worker and the gateway.
#[derive(Default)]
pub(crate) struct Outbox {
    lanes: Mutex<Lanes>,
    filled: AtomicBool,
    fetched: Notify,
    /// Rung when something comes while nothing waited.
    waker: Option<Waker>,
}

/// Ticks as they came; they are large and move on as they are.
pub(crate) type Ticks = VecDeque<Box<TickData>>;

#[derive(Default)]
struct Lanes {
    facts: VecDeque<Told>,
    ticks: Ticks,
    /// Places in `ticks` by instrument, while it is full.
    places: FxHashMap<VtSymbol, usize>,
}

impl Outbox {
    /// An empty one that rings this bell.
    pub(crate) fn new(waker: Option<Waker>) -> Outbox {
        Outbox { waker, ..Outbox::default() }
    }

    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a fact. Results of calls are bounded by the calls themselves, events by [`Outbox::has_room`].
    pub(crate) fn fact(&self, told: Told) {
        self.lanes().facts.push_back(told);
        self.ring();
    }

    /// Adds a tick.
    pub(crate) fn tick(&self, tick: Box<TickData>) {
        self.lanes().tick(tick);
        self.ring();
    }

    fn ring(&self) {
        if !self.filled.swap(true, Ordering::AcqRel)
            && let Some(waker) = &self.waker
        {
            waker.wake();
        }
    }

    /// Whether events may be read.
    pub(crate) fn has_room(&self) -> bool {
        self.lanes().facts.len() < FACTS
    }

    /// Resolves when something has been fetched since the last call.
    pub(crate) async fn fetched(&self) {
        self.fetched.notified().await;
    }

    /// Takes everything; nothing where nothing waits, which costs next to nothing.
    pub(crate) fn fetch(&self) -> Option<(VecDeque<Told>, Ticks)> {
        if !self.filled.swap(false, Ordering::AcqRel) {
            return None;
        }
        let mut lanes = self.lanes();
        lanes.places.clear();
        let taken = (std::mem::take(&mut lanes.facts), std::mem::take(&mut lanes.ticks));
        drop(lanes);
        self.fetched.notify_one();
        Some(taken)
    }
}

impl Lanes {
    fn tick(&mut self, tick: Box<TickData>) {
        if self.ticks.len() < TICKS {
            return self.ticks.push_back(tick);
        }
        if self.places.is_empty() {
            self.places = self.ticks.iter().enumerate().map(|(at, tick)| (tick.vt_symbol.clone(), at)).collect();
        }
        match self.places.get(&tick.vt_symbol).and_then(|at| self.ticks.get_mut(*at)) {
            Some(slot) => *slot = tick,
            // An instrument without a waiting tick: the lane grows by at most the number of instruments.
            None => {
                self.places.insert(tick.vt_symbol.clone(), self.ticks.len());
                self.ticks.push_back(tick);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Exchange;

    #[test]
    fn a_flood_of_ticks_keeps_the_newest_of_each_instrument() {
        let outbox = Outbox::default();
        assert!(outbox.fetch().is_none());
        for number in 0..3 * TICKS {
            let mut tick = TickData::new("CTP", &format!("i{}", number % 100), Exchange::SHFE, None);
            tick.last_price = number as f64;
            outbox.tick(Box::new(tick));
        }
        let (_, ticks) = outbox.fetch().expect("there are some");
        assert_eq!(ticks.len(), TICKS);
        let newest: FxHashMap<_, _> = ticks.iter().map(|tick| (tick.vt_symbol.clone(), tick.last_price)).collect();
        let mut last: Vec<f64> = newest.into_values().collect();
        last.sort_by(f64::total_cmp);
        assert_eq!(last, (3 * TICKS - 100..3 * TICKS).map(|n| n as f64).collect::<Vec<_>>());
        assert!(outbox.fetch().is_none());
    }
}
