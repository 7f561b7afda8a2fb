//! Every bound of this crate, with its reason.

use std::time::Duration;

/// How long a statement waits while another program has the file locked. VeighNa waits 5 s and writes in short
/// transactions; twice that is a program that hangs, not one that is busy.
pub(crate) const LOCK_WAIT: Duration = Duration::from_secs(10);

/// Prepared statements that a connection keeps: there are about a dozen.
pub(crate) const STATEMENTS: usize = 16;

/// Longest line of a CSV file that is read, in bytes. A bar takes about 100; a line that is longer comes from a file that
/// is something else, and must not fill the memory.
pub(crate) const LINE_BYTES: usize = 64 << 10;

/// Lines between two calls of a progress callback: often enough for a moving number, seldom enough to cost nothing.
pub(crate) const PROGRESS_LINES: u64 = 4096;

/// Rows of a file that are copied in one transaction: about 50 ms of a processor, and VeighNa gives up after 5 s of waiting.
pub(crate) const BATCH_ROWS: usize = 20_000;

/// How long the file is left alone between two such transactions: as long as the last one took, within these bounds. Who
/// waits for a lock looks again every 1 ms at first, and every 100 ms in the end, so each look has an even chance.
pub(crate) const BATCH_PAUSE: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(250));

/// Rows that are read at a time by who wants all of them: other programs can write in between.
pub(crate) const PAGE_ROWS: usize = 20_000;
