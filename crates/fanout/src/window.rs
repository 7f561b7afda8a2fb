//! The newest entries, all of them, in the order of their numbers.
//!
//! Bytes are appended to an open buffer; sealing cuts what was appended since the last seal off as one
//! shared slice (a segment) without copying and goes on in the same allocation until that is used up.
//! Always true: `entries` holds one item per number from `first` on; each sealed entry lies whole in
//! one segment; a quote is marked superseded as soon as a newer one of its key exists.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};

use crate::batch::Batch;
use crate::limits::{Bound, SEGMENT_BYTES};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Fact,
    Quote(u32),
    Superseded,
}

#[derive(Debug)]
pub(crate) struct Window {
    bound: Bound,
    /// Number of `entries[0]`.
    first: u64,
    entries: VecDeque<Entry>,
    segments: VecDeque<Segment>,
    bytes: usize,
    open: BytesMut,
    /// Number after the last sealed entry.
    sealed: u64,
}

/// An entry that has left the window, with its bytes.
pub(crate) struct Evicted {
    pub(crate) seq: u64,
    pub(crate) what: What,
    pub(crate) bytes: Bytes,
}

#[derive(Debug)]
struct Entry {
    /// Where it ends in its segment; it begins where the one before ends.
    end: usize,
    what: What,
}

#[derive(Debug)]
struct Segment {
    first: u64,
    next: u64,
    bytes: Bytes,
}

impl Window {
    pub(crate) fn new(bound: Bound, first: u64) -> Self {
        Self {
            bound,
            first,
            entries: VecDeque::new(),
            segments: VecDeque::new(),
            bytes: 0,
            open: BytesMut::new(),
            sealed: first,
        }
    }

    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    /// Number after the last entry that readers can see.
    pub(crate) fn head(&self) -> u64 {
        self.sealed
    }

    pub(crate) fn entries(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes + self.open.len()
    }

    /// Adds an entry made of `parts`; not visible before `seal`.
    pub(crate) fn append(&mut self, what: What, parts: &[&[u8]]) -> u64 {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        if self.open.capacity() - self.open.len() < length {
            self.seal();
            self.open = BytesMut::with_capacity(length.max(SEGMENT_BYTES));
        }
        for part in parts {
            self.open.extend_from_slice(part);
        }
        let seq = self.first + self.entries.len() as u64;
        self.entries.push_back(Entry { end: self.open.len(), what });
        seq
    }

    /// Makes all that was appended visible.
    pub(crate) fn seal(&mut self) {
        let next = self.first + self.entries.len() as u64;
        if next == self.sealed {
            return;
        }
        let bytes = self.open.split().freeze();
        self.bytes += bytes.len();
        self.segments.push_back(Segment { first: self.sealed, next, bytes });
        self.sealed = next;
    }

    /// Marks the quote `seq` as superseded; false if it is no longer in the window.
    pub(crate) fn supersede(&mut self, seq: u64) -> bool {
        let Some(index) = seq.checked_sub(self.first) else { return false };
        self.entries[index as usize].what = What::Superseded;
        true
    }

    /// Takes the oldest segment out while the window is over its bound; the newest always stays, so
    /// that whoever keeps up is never late by our own doing.
    pub(crate) fn evict(&mut self, mut each: impl FnMut(Evicted)) {
        while (self.entries.len() > self.bound.entries || self.bytes > self.bound.bytes)
            && self.segments.len() > 1
            && let Some(segment) = self.segments.pop_front()
        {
            let count = (segment.next - segment.first) as usize;
            let mut start = 0;
            for (seq, entry) in (segment.first..).zip(self.entries.drain(..count)) {
                each(Evicted { seq, what: entry.what, bytes: segment.bytes.slice(start..entry.end) });
                start = entry.end;
            }
            self.first = segment.next;
            self.bytes -= segment.bytes.len();
        }
    }

    /// Lends the entries `from..until` to `batch`, without the superseded ones where it is conflating.
    /// False if the batch was full before `until`.
    pub(crate) fn walk(&self, from: u64, until: u64, batch: &mut Batch) -> bool {
        let reached = self.segments.partition_point(|segment| segment.next <= from);
        for segment in self.segments.range(reached..) {
            if segment.first >= until {
                break;
            }
            if !self.walk_segment(segment, from.max(segment.first), until.min(segment.next), batch) {
                return false;
            }
        }
        true
    }

    fn walk_segment(&self, segment: &Segment, from: u64, until: u64, batch: &mut Batch) -> bool {
        let index = (from - self.first) as usize;
        let mut start = if from == segment.first { 0 } else { self.entries[index - 1].end };
        let mut run = start;
        for (seq, entry) in (from..until).zip(self.entries.range(index..)) {
            if batch.conflating && entry.what == What::Superseded {
                lend(segment, run, start, batch);
                run = entry.end;
            } else if batch.has_room(entry.end - start, run < start) {
                batch.mark(seq, entry.end - start);
            } else {
                lend(segment, run, start, batch);
                return false;
            }
            start = entry.end;
        }
        lend(segment, run, start, batch);
        true
    }
}

fn lend(segment: &Segment, from: usize, to: usize, batch: &mut Batch) {
    if from < to {
        batch.push_slice(segment.bytes.slice(from..to));
    }
}
