//! Every bound of this crate, each with its reason.

use std::time::Duration;

/// Requests of one client that may be unanswered at a time. VeighNa answers one after the other; whoever comes
/// behind a thousand others waits longer than its deadline anyway.
pub const IN_FLIGHT_MAX: usize = 1000;

/// A peer that has not answered its oldest request for this long gets no new orders: it would carry them out
/// whenever it wakes, long after the user was told that nobody knows.
pub const ORDER_BEHIND_MAX: Duration = Duration::from_secs(2);

/// After this long an answer that never came is not counted against its peer any more: a peer that is hung is then
/// long known by its missing heartbeat, and one that is not must not be refused orders for ever.
pub const LATE_FORGOTTEN: Duration = Duration::from_secs(120);

/// How long an order, a cancel or a subscription waits for its answer.
pub const COMMAND_DEADLINE: Duration = Duration::from_secs(10);

/// How long a list waits for its answer: 20,000 contracts take VeighNa 100 ms, a busy one longer.
pub const QUERY_DEADLINE: Duration = Duration::from_secs(30);

/// How long history waits: VeighNa asks a data service over the internet for it.
pub const HISTORY_DEADLINE: Duration = Duration::from_secs(120);

/// VeighNa beats every 10 s from the thread that also carries out calls; its own client complains after 30 s.
pub const SILENCE_MAX: Duration = Duration::from_secs(30);

/// Interval of our own heartbeat, as VeighNa's.
pub const HEARTBEAT: Duration = Duration::from_secs(10);

/// Answers above this size are decoded on a blocking thread, so that no other task waits for them.
pub const DECODE_INLINE_BYTES: usize = 128 << 10;

/// Depth of what a gateway may hang onto an object (`extra`).
pub const ATTRIBUTE_DEPTH: usize = 16;

/// Values that a gateway may hang onto one object.
pub const ATTRIBUTE_NODES: usize = 10_000;

/// Longest text of a peer's error that is kept, in bytes: the end of a Python traceback is what tells.
pub const PEER_TEXT_BYTES: usize = 4 << 10;

/// Requests of all clients together that wait for our trading process. Then the clients wait in the kernel.
pub const SERVER_PENDING_MAX: usize = 1024;

/// Longest integer that a list may hold, in bytes; no number of ours is above 8, so its row is left out, but reading on
/// costs little.
pub const LENIENT_INT_BYTES: usize = 4 << 10;
