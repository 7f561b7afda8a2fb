//! The newest facts of all channels, numbered by one counter, for readers that follow, fall behind or come back.
//!
//! How data passes: `append` gives a fact the next number; a reader keeps the number of the last entry that it has
//! passed and walks on from there with `after`. Always true: entries are in the order of their numbers without a gap;
//! the oldest leave when a bound is reached; for each tag the newest number that has left is known, so that a reader
//! is told that it lost something only if it really wanted what has left.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::{Bound, Channels};

/// What a fact is about: the trading process (by its number among all) and the kind of row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag {
    pub desk: u16,
    /// Below [`Channels::MAX`].
    pub channel: u8,
}

/// An entry of the ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry<M> {
    /// Something happened; `message` is what readers are sent.
    Fact {
        tag: Tag,
        message: M,
        /// Bytes that count against the bound.
        bytes: usize,
    },
    /// All that is known of this desk was read anew: what its readers hold no longer follows from facts.
    Reset { desk: u16 },
}

/// A bounded, numbered run of facts. The first number is 1.
#[derive(Debug)]
pub struct Ring<M> {
    bound: Bound,
    /// Number of `entries[0]`.
    first: u64,
    entries: VecDeque<Entry<M>>,
    bytes: usize,
    lost_facts: FxHashMap<Tag, u64>,
    lost_resets: FxHashMap<u16, u64>,
    newest: FxHashMap<Tag, u64>,
    newest_resets: FxHashMap<u16, u64>,
}

impl<M> Ring<M> {
    #[must_use]
    pub fn new(bound: Bound) -> Self {
        Self {
            bound,
            first: 1,
            entries: VecDeque::new(),
            bytes: 0,
            lost_facts: FxHashMap::default(),
            lost_resets: FxHashMap::default(),
            newest: FxHashMap::default(),
            newest_resets: FxHashMap::default(),
        }
    }

    /// Number of the last entry; 0 before the first.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.first + self.entries.len() as u64 - 1
    }

    /// Whoever has passed this number has lost nothing, whatever it wants.
    #[must_use]
    pub fn floor(&self) -> u64 {
        self.first - 1
    }

    /// Entries held, and the bytes that count.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.entries.len(), self.bytes)
    }

    /// Number of the newest entry that concerns this tag, a reset of its desk too, whether it is still held or not; 0
    /// if there was none. A snapshot taken then or later is exact up to now.
    #[must_use]
    pub fn newest(&self, tag: Tag) -> u64 {
        let fact = self.newest.get(&tag).copied().unwrap_or(0);
        fact.max(self.newest_resets.get(&tag.desk).copied().unwrap_or(0))
    }

    /// Adds a fact; `bytes` count against the bound. Returns its number, which is `head() + 1` of before.
    pub fn append(&mut self, tag: Tag, message: M, bytes: usize) -> u64 {
        let number = self.push(Entry::Fact { tag, message, bytes });
        self.newest.insert(tag, number);
        self.bytes += bytes;
        self.evict();
        number
    }

    /// Notes that a desk was read anew.
    pub fn reset(&mut self, desk: u16) -> u64 {
        let number = self.push(Entry::Reset { desk });
        self.newest_resets.insert(desk, number);
        self.evict();
        number
    }

    /// Whether something that `wants` names has left since `cursor` was passed.
    #[must_use]
    pub fn has_lost(&self, cursor: u64, wants: &Channels) -> bool {
        cursor < self.floor() && wants.iter().any(|tag| self.has_lost_of(cursor, tag))
    }

    /// The same for one tag.
    #[must_use]
    pub fn has_lost_of(&self, cursor: u64, tag: Tag) -> bool {
        let facts = self.lost_facts.get(&tag).copied().unwrap_or(0);
        facts.max(self.lost_resets.get(&tag.desk).copied().unwrap_or(0)) > cursor
    }

    /// The entries behind `cursor` that are still held, with their numbers.
    pub fn after(&self, cursor: u64) -> impl Iterator<Item = (u64, &Entry<M>)> {
        let skip = usize::try_from((cursor + 1).saturating_sub(self.first)).unwrap_or(usize::MAX);
        let skip = skip.min(self.entries.len());
        (self.first + skip as u64..).zip(self.entries.range(skip..))
    }

    fn push(&mut self, entry: Entry<M>) -> u64 {
        self.entries.push_back(entry);
        self.head()
    }

    /// The newest entry always stays.
    fn evict(&mut self) {
        while (self.entries.len() > self.bound.entries || self.bytes > self.bound.bytes)
            && self.entries.len() > 1
            && let Some(entry) = self.entries.pop_front()
        {
            match entry {
                Entry::Fact { tag, bytes, .. } => {
                    self.bytes -= bytes;
                    self.lost_facts.insert(tag, self.first);
                }
                Entry::Reset { desk } => {
                    self.lost_resets.insert(desk, self.first);
                }
            }
            self.first += 1;
        }
    }
}
