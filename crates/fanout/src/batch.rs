//! What one `gather` lends to one reader, or to all readers at the same place: slices in order, and a
//! mark at the end of each entry, from which the cursor is moved after a write of any length.
//!
//! Always true: the slices together are exactly the marked entries, and an entry never spans two
//! slices. A batch is reused from gather to gather and keeps its allocations.

use bytes::Bytes;

use crate::Cursor;
use crate::limits::BATCH_SLICES;

/// The next entries of a reader, ready for one vectored write.
#[derive(Debug, Default)]
pub struct Batch {
    pub(crate) start: u64,
    /// Where the cursor stands once all of it is written.
    pub(crate) end: u64,
    pub(crate) conflating: bool,
    pub(crate) caught_up: bool,
    slices: Vec<Bytes>,
    marks: Vec<Mark>,
    bytes: usize,
    max_bytes: usize,
}

/// End of an entry: bytes of the batch up to there, and the number after it.
#[derive(Debug, Clone, Copy)]
struct Mark {
    end: usize,
    next: u64,
}

impl Batch {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The bytes to write, in order; at most 1,000 slices.
    #[must_use]
    pub fn slices(&self) -> &[Bytes] {
        &self.slices
    }

    /// Sum of the slices' lengths.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Number of entries in it.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.marks.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slices.is_empty()
    }

    /// Gives the slices back, so that an idle holder pins no memory of the log.
    pub fn clear(&mut self) {
        self.slices.clear();
        self.marks.clear();
        self.bytes = 0;
    }

    /// Moves `cursor`, which must be at the place that this batch was gathered for, over the entries
    /// that `written` bytes have at least begun. Returns the unwritten rest of the last of them: it
    /// belongs to the reader now and must be written before anything else.
    pub fn settle(&self, cursor: &mut Cursor, written: usize) -> Option<Bytes> {
        debug_assert_eq!(cursor.next, self.start, "a batch settles the cursor that it was gathered for");
        let complete = self.marks.partition_point(|mark| mark.end <= written);
        if complete == self.marks.len() {
            self.place(cursor, self.end, complete, self.conflating && !self.caught_up);
            return None;
        }
        let complete_bytes = complete.checked_sub(1).map_or(0, |last| self.marks[last].end);
        if written == complete_bytes {
            let next = complete.checked_sub(1).map_or(self.start, |last| self.marks[last].next);
            self.place(cursor, next, complete, self.conflating);
            return None;
        }
        let begun = self.marks[complete];
        self.place(cursor, begun.next, complete + 1, self.conflating);
        Some(self.range(written, begun.end))
    }

    pub(crate) fn restart(&mut self, cursor: &Cursor, max_bytes: usize) {
        self.clear();
        self.start = cursor.next;
        self.end = cursor.next;
        self.conflating = cursor.conflating;
        self.caught_up = false;
        self.max_bytes = max_bytes;
    }

    /// Whether an entry of `bytes` may still be added; the first always may, so that each gather makes
    /// progress. `open` says that the entry continues the last slice.
    pub(crate) fn has_room(&self, bytes: usize, open: bool) -> bool {
        self.marks.is_empty() || (self.bytes + bytes <= self.max_bytes && (open || self.slices.len() < BATCH_SLICES))
    }

    /// Counts an entry whose bytes will come with the next `push_slice`.
    pub(crate) fn mark(&mut self, seq: u64, bytes: usize) {
        self.bytes += bytes;
        self.end = seq + 1;
        self.marks.push(Mark { end: self.bytes, next: seq + 1 });
    }

    pub(crate) fn push_slice(&mut self, slice: Bytes) {
        self.slices.push(slice);
    }

    fn place(&self, cursor: &mut Cursor, next: u64, delivered: usize, conflating: bool) {
        // What was passed over and not delivered are superseded quotes: a fact is always delivered.
        cursor.conflated += (next - self.start).saturating_sub(delivered as u64);
        cursor.next = next;
        cursor.conflating = conflating;
    }

    fn range(&self, from: usize, to: usize) -> Bytes {
        let mut start = 0;
        for slice in &self.slices {
            if from < start + slice.len() {
                return slice.slice(from - start..to - start);
            }
            start += slice.len();
        }
        unreachable!("the marks lie within the slices")
    }
}
