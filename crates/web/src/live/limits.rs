//! Every bound of the live streams, each with its reason and what happens when it is reached.

use std::time::Duration;

/// What the owner of a [`Hub`](super::Hub) may set.
#[derive(Debug, Clone)]
pub struct Options {
    /// Readers at once. Full: `reserve` refuses, and the upgrade is answered with 503.
    pub max_readers: usize,
    /// Writer tasks. More than one pays off from `READERS_PER_SHARD` readers on.
    pub shards: usize,
    /// Time between pings, as uvicorn's `ws_ping_interval`.
    pub ping_interval: Duration,
    /// Time without a sign of life after a ping, as uvicorn's `ws_ping_timeout`. Over: dropped.
    pub ping_timeout: Duration,
    /// Time for which nothing could be written to a reader that has something to get. Over: dropped.
    pub stall_timeout: Duration,
    /// Bytes of a message from a client. Longer: closed with 1009. Classic clients only send text that is
    /// ignored.
    pub max_message: usize,
    /// Bounds of the message log, in one for all readers.
    pub log: fanout::Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            // At 1 to 3 kB each of ours and up to 4 MB of the kernel's for one that stalls.
            max_readers: 10_000,
            shards: std::thread::available_parallelism().map_or(1, |cores| cores.get().min(4)),
            ping_interval: Duration::from_secs(20),
            ping_timeout: Duration::from_secs(20),
            stall_timeout: Duration::from_secs(30),
            max_message: 64 << 10,
            log: fanout::Limits::default(),
        }
    }
}

/// Bytes lent to one write. More than a socket buffer takes at once, so that a large burst still
/// costs few system calls; small enough that one writer does not hold the others up for long.
pub(super) const BATCH_BYTES: usize = 256 << 10;

/// Gathers for a late reader before the others have their turn again.
pub(super) const ROUNDS_PER_VISIT: usize = 4;

/// Late readers visited before those that keep up have their turn again.
pub(super) const VISITS_PER_TURN: usize = 64;

/// Writes in a row before other tasks of the same worker thread have their turn; about 0.5 ms.
pub(super) const WRITES_PER_SLICE: usize = 128;

/// Readers of a shard before the next shard is used: a shard costs a wake-up per batch, about the
/// price of two writes.
pub(super) const READERS_PER_SHARD: usize = 64;

/// Bytes taken from a client at once, on the stack: an idle reader has no buffer.
pub(super) const READ_BYTES: usize = 2 << 10;

/// Time for a client to read our close frame and to close, before its socket is taken away.
pub(super) const LINGER: Duration = Duration::from_secs(2);

/// Pings, stalls and dead peers are looked for so many times per shortest time-out.
pub(super) const BEATS_PER_TIMEOUT: u32 = 8;
/// Bounds of that beat: not a busy loop, and not coarser than uvicorn's own second.
pub(super) const BEAT_RANGE: (Duration, Duration) = (Duration::from_millis(5), Duration::from_secs(1));
