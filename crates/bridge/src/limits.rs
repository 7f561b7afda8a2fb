//! Every bound and rhythm of the bridge, each with its reason.

use std::time::Duration;

/// Name of the protocol, told in both hellos so that neither side talks to a stranger.
pub const PROTOCOL: &str = "webtrader-bridge";

/// Version of the protocol; a higher one means that an old peer would misunderstand. What is merely added does not
/// raise it.
pub const VERSION: u32 = 1;

/// Longest line before the other side has shown that it knows the secret: a hello has 200 bytes.
pub const HELLO_BYTES: usize = 4 * 1024;

/// Longest line of a request. The longest that makes sense is a subscription with [`PATTERNS_MAX`] patterns.
pub const REQUEST_BYTES: usize = 1024 * 1024;

/// Longest line of a trading process. Lists come in parts of [`PART_BYTES`], so only a single row can make a line
/// long: a log line with a traceback, bars of a program that sends them in one part.
pub const LINE_BYTES: usize = 16 * 1024 * 1024;

/// A list is cut into parts of about this size: encoding one takes 0.3 ms, after which facts and other answers have
/// their turn.
pub const PART_BYTES: usize = 128 * 1024;

/// All parts of one answer together: 500,000 contracts.
pub const REPLY_BYTES: usize = 256 * 1024 * 1024;

/// Time for the whole handshake; a slow VPN needs 2 s with TLS.
pub const HANDSHAKE: Duration = Duration::from_secs(5);

/// Connections whose handshake is not over. A stranger can hold these, for [`HANDSHAKE`] each, and no more.
pub const HANDSHAKES_MAX: usize = 64;

/// Connections that have shown the secret: a web process, its successor while it dies, a few scripts.
pub const CONNECTIONS_MAX: usize = 32;

/// Requests of one connection that are not answered; further ones are answered `busy`, and nothing was done.
pub const PENDING_MAX: usize = 1024;

/// Requests of all connections that wait for the owner.
pub const REQUESTS_WAITING: usize = 4096;

/// Deadline of a request that names none.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// Longest deadline; a snapshot of a very large trading process takes some seconds.
pub const DEADLINE_MAX: Duration = Duration::from_secs(300);

/// Facts that wait for the bridge's own task. It takes them within a millisecond, so that many mean that the machine
/// stands still; then all readers are cut and read anew.
pub const FACTS_WAITING: usize = 262_144;

/// Ticks that wait one by one for the bridge's own task, which comes every few milliseconds; beyond it only the newest of
/// each instrument is kept.
pub const TICKS_WAITING: usize = 8192;

/// Facts that one reader has not taken, in bytes: two minutes of 2,000 a second. A reader with more is cut.
pub const BACKLOG_BYTES: usize = 64 * 1024 * 1024;

/// A reader that takes not a single byte for this long is cut.
pub const WRITE_STALL: Duration = Duration::from_secs(15);

/// Ends of lines are gathered up to this size before they are written: fewer system calls, and still a short wait.
pub const WRITE_BYTES: usize = 256 * 1024;

/// What one read takes at most.
pub const READ_BYTES: usize = 64 * 1024;

/// Shortest interval between two `ticks` lines of one reader. Below it waking up costs more than the ticks.
pub const INTERVAL_MIN: Duration = Duration::from_millis(5);

/// Longest interval.
pub const INTERVAL_MAX: Duration = Duration::from_secs(60);

/// Interval of a reader that names none.
pub const INTERVAL: Duration = Duration::from_millis(50);

/// Patterns of one connection.
pub const PATTERNS_MAX: usize = 10_000;

/// Patterns of one connection that have a star; each is tried on each instrument once.
pub const STARS_MAX: usize = 64;

/// Longest pattern; a `vt_symbol` of an option has about 40 bytes.
pub const PATTERN_BYTES: usize = 128;

/// How often a trading process says that it is there.
pub const HEARTBEAT: Duration = Duration::from_secs(2);

/// After this many heartbeats' time without a line the trading process counts as away.
pub const HEARTBEATS_MISSED: u32 = 3;

/// A client that sends nothing for this long is cut; ours pings with every heartbeat.
pub const CLIENT_SILENCE: Duration = Duration::from_secs(60);

/// Events that the client's owner has not taken. More mean that it stands still: the connection is cut and everything
/// read anew.
pub const EVENTS_WAITING: usize = 262_144;

/// First wait before the next attempt to connect, and the last one, reached by doubling; half of it is random, so that
/// clients do not come back in step.
pub const RECONNECT: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// Shortest secret in bytes: 128 bits, written as hexadecimal digits.
pub const SECRET_BYTES_MIN: usize = 32;

/// Longest file of a secret or a certificate.
pub const KEY_FILE_BYTES: u64 = 64 * 1024;
