//! Every bound of the stream, each with its reason and what happens when it is reached.

use std::time::Duration;

use fanout::Bound;

/// What the owner of a [`StreamHub`](super::StreamHub) may set.
#[derive(Debug, Clone)]
pub struct Options {
    /// Readers at once. Full: the upgrade is answered with 503.
    pub max_readers: usize,
    /// Facts that a reader may resume from. Full: the oldest leaves, and a reader that wanted it and has not had it
    /// is closed with 4408.
    pub ring: Bound,
    /// Instruments and bar lines of all desks together. Full: ticks and bars of further ones are not sent, and counted.
    pub instruments: usize,
    /// A heartbeat goes out so often. Told in `hello`.
    pub heartbeat: Duration,
    /// Time for the first message of a connection that came without a login. Over: closed with 4401.
    pub auth_time: Duration,
    /// Silence of a client after which it is sent a WebSocket ping.
    pub ping_after: Duration,
    /// Silence after which a client is taken for dead.
    pub dead_after: Duration,
    /// Time for which nothing could be written to a reader that has something to get. Over: dropped, because it
    /// would not read a close frame either.
    pub stall_time: Duration,
    /// Bytes of a client's message, before and after decompression. Longer: closed with 1009. The largest that
    /// makes sense is a subscription to `max_patterns` instruments.
    pub max_message: usize,
    /// Patterns that a reader may have at once, channels, instruments and bar lines together; they are its largest part. More:
    /// an error in the reply.
    pub max_patterns: usize,
    /// Origins besides our own whose pages may use a session cookie.
    pub allowed_origins: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            // At 3 to 6 kB each of ours.
            max_readers: 16_384,
            // A minute of 1,000 facts a second, so that a reader which changes networks comes back without a snapshot.
            ring: Bound { entries: 65_536, bytes: 32 << 20 },
            // All listed derivatives of the Chinese venues are about 30,000.
            instruments: 131_072,
            heartbeat: Duration::from_secs(5),
            auth_time: Duration::from_secs(10),
            ping_after: Duration::from_secs(20),
            dead_after: Duration::from_secs(45),
            stall_time: Duration::from_secs(30),
            max_message: 64 << 10,
            max_patterns: 2_000,
            allowed_origins: Vec::new(),
        }
    }
}

/// Shortest and longest time between tick messages of a reader, and the step that wishes are rounded to, in
/// milliseconds. Shorter than a screen's frame helps nobody; the step lets readers share flush moments.
pub(super) const INTERVAL_MS: (u64, u64) = (10, 60_000);
pub(super) const INTERVAL_STEP_MS: u64 = 10;
/// What a reader gets that wishes nothing.
pub(super) const INTERVAL_DEFAULT_MS: u64 = 100;

/// Readers with the same filter and interval before some of them flush at another moment: so that the last one of
/// a thousand does not wait for the writes to all others. Costs one more encoding per phase.
pub(super) const READERS_PER_PHASE: usize = 128;
/// Phases of one interval at most.
pub(super) const PHASES: usize = 8;

/// Tick frames kept per group of readers, for those who are a few flushes late.
pub(super) const FRAMES_KEPT: usize = 4;
/// Finished bars kept of a line for readers that are late: an hour of minutes. Full: the oldest leaves, and who is later
/// than that has a gap, which `GET /api/v1/bars` fills.
pub(super) const FINISHED_BARS: usize = 64;
/// Bytes of one tick or bar message; more ticks are sent as several messages. Below what WebSocket libraries take by default
/// (1 MiB).
pub(super) const TICKS_BYTES: usize = 512 << 10;

/// Facts lent to one write, and their bytes: what a stalled reader may pin besides one tick frame.
pub(super) const BATCH: fanout::Room = fanout::Room { entries: 64, bytes: 64 << 10 };
/// Slices of one vectored write.
pub(super) const WRITE_SLICES: usize = 64;

/// Messages from this size on are compressed for readers that can take it: below, a header is saved and a
/// decompression is caused.
pub(super) const COMPRESS_FROM: usize = 256;

/// Replies that wait for a reader to take them. Full: nothing is read from it.
pub(super) const REPLIES: usize = 32;
/// Calls of one connection that run at the same time. Full: nothing is read from it.
pub(super) const CALLS: usize = 16;
/// Length of an `id` that a client may give its messages, as JSON text. Longer: an error without it.
pub(super) const ID_BYTES: usize = 128;
/// Length of an instrument's name in a pattern.
pub(super) const PATTERN_BYTES: usize = 128;

/// Bytes read from a client at once, on the stack: an idle reader has no buffer.
pub(super) const READ_BYTES: usize = 4 << 10;
/// Frames taken from one client per second, after a burst of as many. More: it is not read from until it may again,
/// so that a flood is the flooder's own problem.
pub(super) const FRAMES_PER_SECOND: u32 = 4_000;

/// Bytes taken from one client per second, likewise: frames that never become a message count here.
pub(super) const BYTES_PER_SECOND: u32 = 4 << 20;

/// Readers that `/metrics` lists one by one, those that are furthest behind.
pub(super) const READERS_IN_METRICS: usize = 500;

/// What the kernel may hold unsent for one reader. More would be old ticks; less would be more wake-ups.
pub(super) const UNSENT_BYTES: u32 = 128 << 10;

/// Time for our close frame to get out behind what was begun.
pub(super) const CLOSE_TIME: Duration = Duration::from_secs(10);
/// Time for a client to read our close frame and to close, before its socket is taken away.
pub(super) const LINGER: Duration = Duration::from_secs(2);
/// Time for sessions and calls to end at shutdown.
pub(super) const SHUTDOWN_TIME: Duration = Duration::from_secs(5);
/// Clients are asked to come back after this at a shutdown, plus a share of the spread, so that they do not all come
/// at once.
pub(super) const RETRY_AFTER_MS: (u64, u64) = (500, 2_000);
