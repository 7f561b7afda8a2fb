//! The log: appending, and gathering for a reader wherever it stands. See the crate's header.
//!
//! Always true: the number of an entry never changes and the first one is 1; `newest` holds exactly
//! the keys whose newest quote is still in the window or kept behind it.

use rustc_hash::FxHashMap;

use crate::behind::Behind;
use crate::window::{What, Window};
use crate::{Batch, Cursor, Limits};

/// What a message is to a reader that is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Never merged, never dropped.
    Fact,
    /// Only the newest of its key matters.
    Quote(u32),
}

/// How a gather ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gathered {
    /// The batch reaches as far as was asked.
    UpToDate,
    /// The batch is full and there is more.
    More,
    /// A fact that the reader has not read is gone: it stands at `next`, and facts are complete only
    /// from `floor` on. The batch is empty; the reader has to be closed.
    Cut { next: u64, floor: u64 },
}

/// What the log holds now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogStats {
    /// Number that the next visible message gets.
    pub head: u64,
    /// Messages in the window.
    pub window_entries: usize,
    /// Bytes in the window.
    pub window_bytes: usize,
    /// Facts kept behind the window.
    pub facts_entries: usize,
    /// Bytes of those facts.
    pub facts_bytes: usize,
    /// Newest quotes kept behind the window.
    pub quotes_entries: usize,
    /// Bytes of those quotes.
    pub quotes_bytes: usize,
    /// Newest quotes that had to be forgotten because the bound of silent keys was reached.
    pub quotes_forgotten: u64,
}

/// One writer's messages for any number of readers.
#[derive(Debug)]
pub struct Log {
    window: Window,
    behind: Behind,
    /// Number of the newest quote of each key.
    newest: FxHashMap<u32, u64>,
    quotes_forgotten: u64,
}

impl Log {
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            window: Window::new(limits.window, 1),
            behind: Behind::new(limits.facts, limits.quotes),
            newest: FxHashMap::default(),
            quotes_forgotten: 0,
        }
    }

    /// Appends one message, given in parts so that a frame header need not be joined to it first.
    /// Returns its number. Readers see it after `commit`.
    pub fn append(&mut self, kind: Kind, parts: &[&[u8]]) -> u64 {
        match kind {
            Kind::Fact => self.append_fact(parts),
            Kind::Quote(key) => self.append_quote(key, parts),
        }
    }

    /// Appends a message that every reader gets.
    pub fn append_fact(&mut self, parts: &[&[u8]]) -> u64 {
        let seq = self.window.append(What::Fact, parts);
        self.shed();
        seq
    }

    /// Appends a message that supersedes the one before it of the same key.
    pub fn append_quote(&mut self, key: u32, parts: &[&[u8]]) -> u64 {
        let seq = self.window.append(What::Quote(key), parts);
        if let Some(before) = self.newest.insert(key, seq)
            && !self.window.supersede(before)
        {
            self.behind.supersede(before);
        }
        self.shed();
        seq
    }

    /// Ends a burst: all that was appended is visible, and in one piece as far as a segment reaches.
    /// (A burst that is larger than a segment becomes visible segment by segment.)
    pub fn commit(&mut self) {
        self.window.seal();
        self.shed();
    }

    /// Number that the next visible message gets; the place of a reader that has seen everything.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.window.head()
    }

    /// A reader that begins now.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor::at(self.head())
    }

    /// A reader that goes on after the message `seq` which it has seen. `None` where facts since then
    /// are gone, or where `seq` lies in the future: such a reader has to start over.
    #[must_use]
    pub fn cursor_after(&self, seq: u64) -> Option<Cursor> {
        let next = seq.checked_add(1)?;
        (next >= self.behind.floor().max(1) && next <= self.head()).then(|| Cursor::at(next))
    }

    /// Lends `cursor` its next entries up to the head: about `max_bytes`, at least one entry.
    pub fn gather(&self, cursor: &Cursor, max_bytes: usize, batch: &mut Batch) -> Gathered {
        self.gather_until(cursor, self.head(), max_bytes, batch)
    }

    /// As `gather`, but not beyond the entry before `until`, so that a late reader can be brought to
    /// exactly the place where others stand. The cursor does not move before [`Batch::settle`].
    pub fn gather_until(&self, cursor: &Cursor, until: u64, max_bytes: usize, batch: &mut Batch) -> Gathered {
        batch.restart(cursor, max_bytes);
        let (next, floor, until) = (cursor.next, self.behind.floor(), until.min(self.head()));
        if next < floor {
            return Gathered::Cut { next, floor };
        }
        let window = self.window.first();
        batch.conflating |= next < window;
        let complete = (next >= window || self.behind.walk(next, until.min(window), batch))
            && self.window.walk(next.max(window), until, batch);
        if !complete {
            return Gathered::More;
        }
        batch.end = until.max(next);
        batch.caught_up = true;
        Gathered::UpToDate
    }

    #[must_use]
    pub fn stats(&self) -> LogStats {
        let (facts, quotes) = (self.behind.facts(), self.behind.quotes());
        LogStats {
            head: self.head(),
            window_entries: self.window.entries(),
            window_bytes: self.window.bytes(),
            facts_entries: facts.0,
            facts_bytes: facts.1,
            quotes_entries: quotes.0,
            quotes_bytes: quotes.1,
            quotes_forgotten: self.quotes_forgotten,
        }
    }

    /// Moves what is over the window's bound behind it. Called for each message, not only at the end of a
    /// burst, so that a huge burst is as bounded as many small ones.
    fn shed(&mut self) {
        let (behind, newest, forgotten) = (&mut self.behind, &mut self.newest, &mut self.quotes_forgotten);
        self.window.evict(|entry| match entry.what {
            What::Fact => behind.keep_fact(entry.seq, &entry.bytes),
            What::Quote(key) => behind.keep_quote(entry.seq, key, &entry.bytes, |key| {
                newest.remove(&key);
                *forgotten += 1;
            }),
            What::Superseded => {}
        });
    }
}
