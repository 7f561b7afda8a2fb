//! A reader's place in the log, and all that is remembered of a reader.
//!
//! It is moved only by `Batch::settle`, by what was really written. Always true: `next` never goes
//! back, and each entry below it was delivered or is counted in `conflated`.

/// A reader's place: O(1) memory, whatever it is behind by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub(crate) next: u64,
    pub(crate) conflating: bool,
    pub(crate) conflated: u64,
}

impl Cursor {
    pub(crate) fn at(next: u64) -> Self {
        Self { next, conflating: false, conflated: 0 }
    }

    /// Number of the first entry that this reader has not been given.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.next
    }

    /// True from the moment the reader had fallen out of the window until it has reached the head.
    #[must_use]
    pub fn is_conflating(&self) -> bool {
        self.conflating
    }

    /// Quotes that this reader was spared because a newer one of the same key existed.
    #[must_use]
    pub fn conflated(&self) -> u64 {
        self.conflated
    }
}
