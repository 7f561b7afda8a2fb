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
    /// Whether somebody waits for room.
    is_full: bool,
    closed: bool,
}

impl Inbox {
    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds inputs in order; whether nothing was waiting before. Waits while the fact lane is full; after
    /// [`Inbox::close`] drops them. Nobody is woken by it but to make room.
    pub(crate) fn add(&self, inputs: impl IntoIterator<Item = Input>) -> bool {
        let mut lanes = self.lanes();
        let was_empty = lanes.is_empty();
        for input in inputs {
            match input {
                Input::Tick(tick) => lanes.push_tick(tick),
                fact => {
                    while lanes.facts.len() >= INBOX_FACTS && !lanes.closed {
                        lanes.is_full = true;
                        self.filled.notify_one();
                        lanes = self.drained.wait(lanes).unwrap_or_else(PoisonError::into_inner);
                    }
                    if !lanes.closed {
                        lanes.facts.push_back(fact);
                    }
                }
            }
        }
        was_empty
    }

    /// Wakes whoever waits for inputs.
    pub(crate) fn ring(&self) {
        self.filled.notify_one();
    }

    /// Waits up to `patience` for an input; `false` once closed.
    pub(crate) fn wait(&self, patience: Duration) -> bool {
        let mut lanes = self.lanes();
        if lanes.is_empty() && !lanes.closed {
            lanes = self.filled.wait_timeout(lanes, patience).unwrap_or_else(PoisonError::into_inner).0;
        }
        !lanes.closed
    }

    /// Takes up to `most` inputs, facts first.
    pub(crate) fn take(&self, most: usize, into: &mut Vec<Input>) {
        let mut lanes = self.lanes();
        let facts = lanes.facts.len().min(most);
        into.extend(lanes.facts.drain(..facts));
        let ticks = lanes.ticks.len().min(most - facts);
        lanes.taken += ticks as u64;
        into.extend(lanes.ticks.drain(..ticks).map(Input::Tick));
        if lanes.ticks.is_empty() {
            lanes.places.clear();
        }
        let makes_room = std::mem::take(&mut lanes.is_full);
        drop(lanes);
        if makes_room {
            self.drained.notify_all();
        }
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
