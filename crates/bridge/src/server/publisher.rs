//! What the owner tells: numbers facts in the order of its calls, keeps the newest tick of each instrument.

use super::reader::{Interest, Reader};
use super::ticks::Ingress;
use crate::limits::FACTS_WAITING;
use crate::message::{About, Fact};
use crate::proof::random_hex;
use domain::{Text, TickData};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Tells facts and ticks to all readers.
#[derive(Clone)]
pub struct Publisher {
    shared: Arc<Shared>,
}

/// What a server has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Connections that are open.
    pub connections: u64,
    /// Connections that did not get through the handshake.
    pub rejected: u64,
    /// Readers that were cut because they did not keep up.
    pub cut: u64,
    /// Ticks that a newer one replaced before a reader took them.
    pub conflated: u64,
}

/// What the publisher, the pump and the connections share.
pub(super) struct Shared {
    pub(super) about: About,
    pub(super) epoch: Text,
    facts: Mutex<Numbering>,
    ticks: Mutex<Ingress>,
    /// Readers that want ticks; while there are none, telling a tick costs a load.
    tick_readers: AtomicUsize,
    /// Facts, readers or a subscription for the pump.
    pub(super) wake: Notify,
    pub(super) counts: Counts,
}

#[derive(Default)]
pub(super) struct Counts {
    pub(super) connections: AtomicU64,
    pub(super) rejected: AtomicU64,
    pub(super) cut: AtomicU64,
    pub(super) conflated: AtomicU64,
}

#[derive(Default)]
struct Numbering {
    seq: u64,
    waiting: Vec<Fact>,
    joining: Vec<Joining>,
    /// Whether there is a reader; without one facts are only numbered.
    is_heard: bool,
    overflowed: bool,
}

/// A reader that gets what comes after a number.
pub(super) struct Joining {
    pub(super) after: u64,
    pub(super) reader: Arc<Reader>,
}

/// What the pump takes at once.
#[derive(Default)]
pub(super) struct Taken {
    /// Number of the newest fact.
    pub(super) seq: u64,
    /// The facts up to it.
    pub(super) facts: Vec<Fact>,
    pub(super) joining: Vec<Joining>,
    pub(super) overflowed: bool,
}

impl Publisher {
    pub(super) fn new(shared: Arc<Shared>) -> Publisher {
        Publisher { shared }
    }

    /// Tells a fact; its number. Facts are numbered in the order of the calls, over all threads.
    pub fn fact(&self, fact: Fact) -> u64 {
        let (seq, is_first) = {
            let mut numbering = self.shared.facts();
            numbering.seq += 1;
            if !numbering.is_heard {
                return numbering.seq;
            }
            if numbering.waiting.len() < FACTS_WAITING {
                numbering.waiting.push(fact);
            } else {
                numbering.overflowed = true;
            }
            (numbering.seq, numbering.waiting.len() == 1)
        };
        // The pump takes all that waits, so only the first one has to wake it.
        if is_first {
            self.shared.wake.notify_one();
        }
        seq
    }

    /// Tells a tick. A lock, a look-up and nothing else; readers are reached at their intervals.
    pub fn tick(&self, tick: &Arc<TickData>) {
        if self.shared.tick_readers.load(Ordering::Acquire) > 0 {
            self.shared.ticks().put(tick);
        }
    }

    /// Number of the last fact. A snapshot that is taken where facts are told carries it.
    pub fn seq(&self) -> u64 {
        self.shared.facts().seq
    }

    /// This start of the trading process.
    pub fn epoch(&self) -> &Text {
        &self.shared.epoch
    }

    /// What happened so far.
    pub fn stats(&self) -> Stats {
        let counts = &self.shared.counts;
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Stats {
            connections: load(&counts.connections),
            rejected: load(&counts.rejected),
            cut: load(&counts.cut),
            conflated: load(&counts.conflated) + self.shared.ticks().merged(),
        }
    }
}

impl Shared {
    pub(super) fn new(about: About) -> Shared {
        Shared {
            about,
            epoch: random_hex::<8>().into(),
            facts: Mutex::default(),
            ticks: Mutex::default(),
            tick_readers: AtomicUsize::new(0),
            wake: Notify::new(),
            counts: Counts::default(),
        }
    }

    /// A new reader; it gets every fact after the number that comes back.
    pub(super) fn join(&self, reader: &Arc<Reader>) -> u64 {
        let after = {
            let mut numbering = self.facts();
            numbering.is_heard = true;
            let after = numbering.seq;
            numbering.joining.push(Joining { after, reader: Arc::clone(reader) });
            after
        };
        self.wake.notify_one();
        after
    }

    /// All that waits; `has_readers` says whether anybody was there before.
    pub(super) fn take(&self, has_readers: bool) -> Taken {
        let mut numbering = self.facts();
        let taken = Taken {
            seq: numbering.seq,
            facts: std::mem::take(&mut numbering.waiting),
            joining: std::mem::take(&mut numbering.joining),
            overflowed: std::mem::take(&mut numbering.overflowed),
        };
        numbering.is_heard = has_readers || !taken.joining.is_empty();
        taken
    }

    pub(super) fn seq(&self) -> u64 {
        self.facts().seq
    }

    /// A reader has begun or ceased to want ticks.
    pub(super) fn tick_reader(&self, change: Interest) {
        match change {
            Interest::Begun => self.tick_readers.fetch_add(1, Ordering::AcqRel),
            Interest::Ceased => self.tick_readers.fetch_sub(1, Ordering::AcqRel),
            Interest::Same => return,
        };
        self.wake.notify_one();
    }

    pub(super) fn ticks(&self) -> MutexGuard<'_, Ingress> {
        self.ticks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn facts(&self) -> MutexGuard<'_, Numbering> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
