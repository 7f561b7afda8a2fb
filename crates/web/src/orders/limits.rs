//! Every bound of order entry, each with its reason.

use std::time::Duration;

/// Orders on their way at the same time. VeighNa answers one call after the other, some hundreds a second: more in
/// flight would only wait for their deadline. One more is answered "certainly not sent".
pub const PLACING_MAX: usize = 4096;
/// Orders of unknown outcome. Nobody oversees more; further orders are refused until some are resolved or acknowledged.
pub const UNKNOWN_MAX: usize = 10_000;
/// Ended intents kept in memory, newest last: a busy day of one desk. Older ones are found on disk. An intent takes
/// about 600 bytes, so all of them 60 MB at most.
pub const KEPT_MAX: usize = 100_000;
/// How long ended intents stay on disk; their ids may be used anew after that.
pub const KEEP_DAYS: i64 = 30;
/// Rows that are pruned in one go, so that no order waits for it for more than a few milliseconds.
pub const PRUNE_ROWS: usize = 2_000;
/// Between two looks for rows to prune.
pub const PRUNE_EVERY: Duration = Duration::from_secs(3600);
/// Rows whose ids are listed in one go, so that no order waits for it for more than a millisecond or two.
pub const LIST_ROWS: i64 = 256;
/// Rows that wait for that before it is done in a pause: one page of the list then takes many of them.
pub const UNLISTED: i64 = 512;
/// Rows that wait at most; beyond it they are listed between orders. They cannot leave the memory before, which has room
/// for twice as many.
pub const UNLISTED_MAX: i64 = 50_000;
/// How long outcomes wait for an intent that takes them along to the disk.
pub const LINGER: Duration = Duration::from_millis(10);
/// Pages in the write-ahead log from which on it is emptied in a pause: 4 MB.
pub const CHECKPOINT_PAGES: u64 = 1_000;
/// Pages at which it is emptied even if there is no pause, which orders then wait for: some 20 ms.
pub const CHECKPOINT_PAGES_MAX: u64 = 12_000;
/// Length of the log: as many pages.
pub const LOG_BYTES: u64 = 50 << 20;
/// How long the start waits for another web process to let go of the journal.
pub const LOCK_WAIT: Duration = Duration::from_secs(5);

/// Longest `client_order_id`; a UUID has 36 characters.
pub const ID_LENGTH: usize = 64;
/// Bytes of the user's reference that travel with an order, so that with our 14 it stays within 40: the shortest limit
/// that is known of a venue behind VeighNa (order references of Interactive Brokers).
pub const REFERENCE_BYTES: usize = 26;
/// Longest reference that a user may give.
pub const REFERENCE_MAX: usize = 256;
/// Orders of one batch.
pub const BATCH_MAX: usize = 100;
/// Cancels on their way at the same time for one "cancel all that match".
pub const CANCELS_AT_ONCE: usize = 64;

/// First pause between two questions to a trading process for orders of unknown outcome; it doubles.
pub const ASK_FIRST: Duration = Duration::from_secs(1);
/// Longest pause between them: the answer may be thousands of orders.
pub const ASK_LAST: Duration = Duration::from_secs(60);
/// What such a question may take.
pub const ASK_TIME: Duration = Duration::from_secs(30);
/// While REDUCING, the volume of an order that was let through counts against what may still be closed for this long:
/// until its venue has told of it, be it working, filled or in the position.
pub const ADMITTED_US: u64 = 10_000_000;
/// Such orders remembered at once; more are refused while REDUCING.
pub const ADMITTED_MAX: usize = 4096;
/// What orders on their way get at shutdown; what takes longer is UNKNOWN at the next start.
pub const CLOSE_TIME: Duration = Duration::from_secs(3);

/// How long the answer to a new trading state waits for the trading process's own word of it.
pub const STATE_SHOWN: Duration = Duration::from_millis(500);
/// How often it looks meanwhile.
pub const STATE_LOOK: Duration = Duration::from_millis(1);
