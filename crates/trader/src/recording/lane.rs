//! Ticks on their way from the engine to the recorder.
//!
//! Always true: [`Lane::push`] waits for nobody but the moment in which the other side exchanges two pointers, and wakes
//! nobody; only who asks for bars does ([`Lane::hurry`]). When the lane is full, of each instrument only the newest tick
//! waits behind it: bars lose the prices in between, but no volume, because ticks carry the day's sums, and no extreme of
//! the day, because they carry those too.

use crate::limits::LANE_TICKS;
use domain::{TickData, VtSymbol};
use rustc_hash::FxHashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The lane.
#[derive(Default)]
pub(crate) struct Lane {
    waiting: Mutex<Waiting>,
    /// It was closed, or somebody is in a hurry.
    called: Condvar,
    /// What was taken is taken in.
    done: Condvar,
}

#[derive(Default)]
struct Waiting {
    ticks: Vec<Arc<TickData>>,
    /// The newest of each instrument, while `ticks` is full.
    newest: FxHashMap<VtSymbol, Arc<TickData>>,
    merged: u64,
    is_closed: bool,
    /// How often the lane was emptied, and up to which of those what came is taken in.
    takes: u64,
    taken_in: u64,
    is_hurried: bool,
}

impl Lane {
    /// Takes a tick along.
    pub(crate) fn push(&self, tick: &Arc<TickData>) {
        let mut waiting = self.waiting();
        if waiting.ticks.len() < LANE_TICKS {
            waiting.ticks.push(Arc::clone(tick));
        } else if let Some(older) = waiting.newest.get_mut(&tick.vt_symbol) {
            *older = Arc::clone(tick);
            waiting.merged += 1;
        } else {
            waiting.newest.insert(tick.vt_symbol.clone(), Arc::clone(tick));
        }
    }

    /// Waits that long, or until the lane is closed or somebody is in a hurry.
    pub(crate) fn wait(&self, time: Duration) {
        let waiting = self.waiting();
        if !waiting.is_closed && !waiting.is_hurried {
            drop(self.called.wait_timeout(waiting, time).unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Exchanges what waits, in the order of each instrument, for an empty list; how many were merged since the last
    /// time, and whether no more come.
    pub(crate) fn take(&self, into: &mut Vec<Arc<TickData>>) -> (u64, bool) {
        into.clear();
        let mut waiting = self.waiting();
        std::mem::swap(&mut waiting.ticks, into);
        let newest = std::mem::take(&mut waiting.newest);
        waiting.takes += 1;
        waiting.is_hurried = false;
        let (merged, is_closed) = (std::mem::take(&mut waiting.merged), waiting.is_closed);
        drop(waiting);
        into.extend(newest.into_values());
        (merged, is_closed)
    }

    /// What was taken last is taken in.
    pub(crate) fn taken_in(&self) {
        let mut waiting = self.waiting();
        waiting.taken_in = waiting.takes;
        self.done.notify_all();
    }

    /// Waits until all that is in the lane now is taken in, at most that long.
    pub(crate) fn hurry(&self, time: Duration) {
        let mut waiting = self.waiting();
        waiting.is_hurried = true;
        self.called.notify_all();
        let wanted = waiting.takes + 1;
        let is_out = |waiting: &mut Waiting| waiting.taken_in < wanted && !waiting.is_closed;
        drop(self.done.wait_timeout_while(waiting, time, is_out).unwrap_or_else(PoisonError::into_inner));
    }

    /// No more ticks come.
    pub(crate) fn close(&self) {
        self.waiting().is_closed = true;
        self.called.notify_all();
        self.done.notify_all();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
