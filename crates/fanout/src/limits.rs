//! Every bound of the log, each with its reason and what happens when it is reached.

/// At most so many entries and so many bytes; whichever is reached first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// Messages.
    pub entries: usize,
    /// Bytes of the messages; what is really allocated is at most twice that.
    pub bytes: usize,
}

/// Bounds of one [`Log`](crate::Log).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The newest messages, given completely. Full: the oldest segment leaves the window, and readers
    /// that had not read it are conflated on quotes.
    pub window: Bound,
    /// Facts older than the window. Full: the oldest fact is gone, and readers that had not read it
    /// are cut.
    pub facts: Bound,
    /// The newest quote of each key that has none in the window. Full: the one that has been silent
    /// longest is forgotten and counted; only late readers miss it.
    pub quotes: Bound,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // About 160 ms of the most that VeighNa's event thread publishes (97,000 ticks of 1 kB a
            // second), so that a reader's pause (a garbage collection, a busy core) loses no tick.
            window: Bound { entries: 32_768, bytes: 16 << 20 },
            // 30 s, the time after which a stalled reader is closed anyway, of 1,000 facts a second.
            facts: Bound { entries: 32_768, bytes: 16 << 20 },
            // More instruments than all Chinese venues list together, at 1 kB about half of them.
            quotes: Bound { entries: 65_536, bytes: 32 << 20 },
        }
    }
}

/// Size of the shared segments, bytes. Large enough that a burst of 50 ticks is one slice, small
/// enough that the part of a segment that is kept too long does not matter.
pub(crate) const SEGMENT_BYTES: usize = 64 << 10;

/// Slices in one batch: POSIX lets one vectored write take 1,024.
pub(crate) const BATCH_SLICES: usize = 1_000;
