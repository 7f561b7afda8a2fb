//! The engine's inbox: facts and commands in one lane, ticks in the other.
//!
//! Facts wait for room; ticks never wait: once their lane is full, a newer tick takes the place of an older one of
//! the same instrument, and that is counted. Facts are taken first.

use crate::limits::{INBOX_FACTS, INBOX_TICKS};
use domain::{TickData, VtSymbol};
use engine::Input;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The inbox.
#[derive(Default)]
pub(crate) struct Inbox {
    lanes: Mutex<Lanes>,
    filled: Condvar,
    drained: Condvar,
}

#[derive(Default)]
struct Lanes {
    facts: VecDeque<Input>,
    ticks: VecDeque<Arc<TickData>>,
    /// Places in `ticks` by instrument, while it is full; counted from the first tick ever queued.
    places: HashMap<VtSymbol, u64>,
    taken: u64,
    merged: u64,
    closed: bool,
}

impl Inbox {
    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds inputs in order. Waits while the fact lane is full; after [`Inbox::close`] drops them.
    pub(crate) fn push(&self, inputs: impl IntoIterator<Item = Input>) {
        let mut lanes = self.lanes();
        for input in inputs {
            match input {
                Input::Tick(tick) => lanes.push_tick(tick),
                fact => {
                    while lanes.facts.len() >= INBOX_FACTS && !lanes.closed {
                        self.filled.notify_one();
                        lanes = self.drained.wait(lanes).unwrap_or_else(PoisonError::into_inner);
                    }
                    lanes.facts.push_back(fact);
                }
            }
        }
        drop(lanes);
        self.filled.notify_one();
    }

    /// Takes up to `most` inputs, facts first; waits up to `patience` for the first. `false` once closed and empty.
    pub(crate) fn take(&self, most: usize, patience: Duration, into: &mut Vec<Input>) -> bool {
        let mut lanes = self.lanes();
        if lanes.is_empty() && !lanes.closed {
            lanes = self.filled.wait_timeout(lanes, patience).unwrap_or_else(PoisonError::into_inner).0;
        }
        let facts = lanes.facts.len().min(most);
        into.extend(lanes.facts.drain(..facts));
        let ticks = lanes.ticks.len().min(most - facts);
        lanes.taken += ticks as u64;
        into.extend(lanes.ticks.drain(..ticks).map(Input::Tick));
        if lanes.ticks.is_empty() {
            lanes.places.clear();
        }
        let go_on = !lanes.closed || !into.is_empty();
        drop(lanes);
        self.drained.notify_all();
        go_on
    }

    /// No more inputs are awaited.
    pub(crate) fn close(&self) {
        self.lanes().closed = true;
        self.filled.notify_all();
        self.drained.notify_all();
    }

    /// Ticks that gave way to newer ones.
    pub(crate) fn merged(&self) -> u64 {
        self.lanes().merged
    }
}

impl Lanes {
    fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.ticks.is_empty()
    }

    fn push_tick(&mut self, tick: Arc<TickData>) {
        if self.ticks.len() < INBOX_TICKS {
            return self.ticks.push_back(tick);
        }
        if self.places.is_empty() {
            let first = self.taken;
            self.places = self.ticks.iter().zip(first..).map(|(tick, at)| (tick.vt_symbol.clone(), at)).collect();
        }
        let place = self.places.get(&tick.vt_symbol).and_then(|at| at.checked_sub(self.taken));
        if let Some(slot) = place.and_then(|at| self.ticks.get_mut(at as usize)) {
            *slot = tick;
            self.merged += 1;
        } else {
            // An instrument without a waiting tick: the lane grows by at most the number of instruments.
            self.places.insert(tick.vt_symbol.clone(), self.taken + self.ticks.len() as u64);
            self.ticks.push_back(tick);
        }
    }
}

#[cfg(test)]
mod tests;
