//! Bounds and rhythms of the link, each with its reason.

use std::time::Duration;

/// How often the copy is compared with what is small in the trading process.
pub(super) const CHECK_EVERY: Duration = Duration::from_secs(5);

/// A list is read for comparing only if the copy has at most this many rows of it: VeighNa pickles a row in 4 to
/// 5 µs, and must not lose more than 2 ms at a time to us.
pub(super) const CHECK_ROWS: usize = 300;

/// Active orders that are asked for one by one in one check, where the dialect has no list of them.
pub(super) const CHECK_ORDERS: usize = 50;

/// Pause before a snapshot that failed is tried again.
pub(super) const SNAPSHOT_RETRY: Duration = Duration::from_millis(500);

/// How long a snapshot waits for the connection for calls, which comes up beside the one for events.
pub(super) const CALLS_READY: Duration = Duration::from_secs(5);

/// How long a trading process that sends no heartbeat may take to answer a small call before it counts as away.
pub(super) const PROBE: Duration = Duration::from_secs(5);

/// How long `GET /order` waits for the event of an order that was just sent, before it is asked for.
pub(super) const EVENT_PATIENCE: Duration = Duration::from_millis(300);

/// Order ids that one user may have outstanding; more are taken as settled, oldest first.
pub(super) const OUTSTANDING_MAX: usize = 256;

/// Users with outstanding ids.
pub(super) const USERS_MAX: usize = 1024;

/// Orders that were asked for one by one and wait for the task.
pub(super) const FETCHED_MAX: usize = 64;

/// How long a command to a trading process behind a bridge may take, as with VeighNa's RPC: then its outcome is unknown.
pub(super) const BRIDGE_COMMAND: Duration = Duration::from_secs(10);

/// How long a list may take.
pub(super) const BRIDGE_LISTS: Duration = Duration::from_secs(30);

/// How long bars may take: a venue is asked for them.
pub(super) const BRIDGE_HISTORY: Duration = Duration::from_secs(60);

/// How long a snapshot may take: 20,000 contracts need 0.2 s on the same machine.
pub(super) const BRIDGE_SNAPSHOT: Duration = Duration::from_secs(60);

/// How often ticks come from a bridge: soon enough that a reader of the stream, at 100 ms, sees no delay by it.
pub(super) const BRIDGE_TICKS: Duration = Duration::from_millis(10);
