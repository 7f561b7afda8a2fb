//! What late readers still need of the entries that have left the window: facts, and the newest quote
//! of each key that has none in the window. Quotes never push facts out.
//!
//! Each entry has an allocation of its own here. Always true: `quotes` has at most one quote per key,
//! and every fact from `floor` on that has left the window is in `facts`.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;

use crate::batch::Batch;
use crate::limits::Bound;

#[derive(Debug)]
pub(crate) struct Behind {
    facts_bound: Bound,
    quotes_bound: Bound,
    facts: VecDeque<(u64, Bytes)>,
    facts_bytes: usize,
    quotes: BTreeMap<u64, (u32, Bytes)>,
    quotes_bytes: usize,
    floor: u64,
}

impl Behind {
    pub(crate) fn new(facts_bound: Bound, quotes_bound: Bound) -> Self {
        Self {
            facts_bound,
            quotes_bound,
            facts: VecDeque::new(),
            facts_bytes: 0,
            quotes: BTreeMap::new(),
            quotes_bytes: 0,
            floor: 0,
        }
    }

    /// No fact from this number on has been evicted: whoever needs an older one is cut.
    pub(crate) fn floor(&self) -> u64 {
        self.floor
    }

    pub(crate) fn facts(&self) -> (usize, usize) {
        (self.facts.len(), self.facts_bytes)
    }

    pub(crate) fn quotes(&self) -> (usize, usize) {
        (self.quotes.len(), self.quotes_bytes)
    }

    pub(crate) fn keep_fact(&mut self, seq: u64, bytes: &[u8]) {
        self.facts_bytes += bytes.len();
        self.facts.push_back((seq, Bytes::copy_from_slice(bytes)));
        while (self.facts.len() > self.facts_bound.entries || self.facts_bytes > self.facts_bound.bytes)
            && let Some((seq, bytes)) = self.facts.pop_front()
        {
            self.facts_bytes -= bytes.len();
            self.floor = seq + 1;
        }
    }

    /// Keeps the newest quote of `key`; `forgotten` is told each key that had to go for it.
    pub(crate) fn keep_quote(&mut self, seq: u64, key: u32, bytes: &[u8], mut forgotten: impl FnMut(u32)) {
        self.quotes_bytes += bytes.len();
        self.quotes.insert(seq, (key, Bytes::copy_from_slice(bytes)));
        while (self.quotes.len() > self.quotes_bound.entries || self.quotes_bytes > self.quotes_bound.bytes)
            && let Some((_, (key, bytes))) = self.quotes.pop_first()
        {
            self.quotes_bytes -= bytes.len();
            forgotten(key);
        }
    }

    /// The quote `seq` is no longer the newest of its key.
    pub(crate) fn supersede(&mut self, seq: u64) {
        if let Some((_, bytes)) = self.quotes.remove(&seq) {
            self.quotes_bytes -= bytes.len();
        }
    }

    /// Lends facts and newest quotes `from..until`, merged by number. False if the batch was full before.
    pub(crate) fn walk(&self, from: u64, until: u64, batch: &mut Batch) -> bool {
        let reached = self.facts.partition_point(|(seq, _)| *seq < from);
        let mut facts = self.facts.range(reached..).map(|(seq, bytes)| (*seq, bytes)).peekable();
        let mut quotes = self.quotes.range(from..).map(|(seq, (_, bytes))| (*seq, bytes)).peekable();
        loop {
            let fact_is_next = match (facts.peek(), quotes.peek()) {
                (Some(fact), Some(quote)) => fact.0 < quote.0,
                (fact, _) => fact.is_some(),
            };
            let next = if fact_is_next { facts.next() } else { quotes.next() };
            let Some((seq, bytes)) = next.filter(|(seq, _)| *seq < until) else { return true };
            if !batch.has_room(bytes.len(), false) {
                return false;
            }
            batch.mark(seq, bytes.len());
            batch.push_slice(bytes.clone());
        }
    }
}
