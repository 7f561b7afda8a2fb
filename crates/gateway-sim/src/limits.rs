//! Every bound of the simulated exchange, with its reason.

/// Hour of Beijing time at which a trading day ends: after the day sessions, before the night sessions, so that a
/// night belongs to the next day as on the real exchanges.
pub(crate) const DAY_END_HOUR: i64 = 17;

/// Orders at work at once; a real counter has such a limit too, and it bounds the work of one tick.
pub(crate) const ACTIVE_ORDERS: usize = 20_000;

/// Volume of one order in steps: far above any real limit, far below where sums of them could overflow.
pub(crate) const ORDER_STEPS: i64 = 1_000_000_000;

/// Ticks a second and instrument: what a test of throughput may ask for.
pub(crate) const TICKS_PER_SECOND: f64 = 1000.0;

/// Times the recorded speed.
pub(crate) const REPLAY_SPEED: f64 = 100_000.0;

/// Bars in one answer: two weeks of minutes, computed in some 50 ms, during which orders wait.
pub(crate) const HISTORY_BARS: usize = 20_000;

/// Rows of all recordings together: about 300 bytes each in memory.
pub(crate) const RECORDING_ROWS: usize = 1_000_000;

/// Bytes of one line of a recording: ten times the longest real one.
pub(crate) const RECORDING_LINE: usize = 4096;

/// Frames told in one go, so that an order waits no longer than some milliseconds however fast the tape runs.
pub(crate) const REPLAY_FRAMES_AT_ONCE: usize = 2000;

/// Days that finished orders and trades stay in the database.
pub(crate) const DAYS_KEPT: i64 = 30;

/// Orders and trades that are sent again at a login: the newest of the day.
pub(crate) const RESTORED_ROWS: usize = 50_000;

/// Milliseconds that another process may hold the database before we give up on it.
pub(crate) const LOCK_WAIT_MS: u64 = 1000;

/// Pages of the write-ahead log before it is folded into the file, which costs a sync of the disk: 32 MB.
pub(crate) const LOG_PAGES: u32 = 8192;

/// Microseconds between two reports of floating profit.
pub(crate) const PROFIT_INTERVAL_US: u64 = 1_000_000;

/// Instruments in all, those of old positions and recordings included.
pub(crate) const INSTRUMENTS: usize = 5000;
