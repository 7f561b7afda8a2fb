//! Every bound and rhythm of this crate, each with its reason.

use std::time::Duration;

/// Commands that wait for the worker. It takes them at once; more means that it is stuck, and orders are refused.
pub(crate) const JOBS: usize = 4_096;

/// Facts that wait for the gateway to be woken. A day's orders and trades of a busy account fit. Beyond it the remote's
/// socket is not read, and TCP holds the remote's publisher back.
pub(crate) const FACTS: usize = 65_536;

/// Ticks that wait before a newer one takes the place of an older one of its instrument: a second of a busy market.
pub(crate) const TICKS: usize = 8_192;

/// Events between the subscription and the snapshot. A snapshot takes a second or two; whoever sends more in that
/// time has the snapshot taken again.
pub(crate) const BETWEEN: usize = 200_000;

/// Orders and trades of unknown orders that wait for the answer to one of ours: it may be theirs.
pub(crate) const HELD: usize = 1_000;

/// Instruments that may be subscribed, as many as a large exchange group lists.
pub(crate) const SUBSCRIPTIONS: usize = 50_000;

/// Longest `reference` that is sent. VeighNa's gateways keep it themselves or hand it to a field of the venue's, of which
/// the shortest that we know of take 60 characters and more.
pub(crate) const REFERENCE_BYTES: usize = 60;

/// Pause before a snapshot that failed is taken again.
pub(crate) const SNAPSHOT_RETRY: Duration = Duration::from_millis(500);

/// How long a snapshot waits for the connection for calls, which comes up beside the one for events.
pub(crate) const CALLS_READY: Duration = Duration::from_secs(5);

/// How long a remote without heartbeat may take to answer a small call before it counts as away.
pub(crate) const PROBE: Duration = Duration::from_secs(5);

/// Time between the two looks at the remote's orders that must both lack an order before it counts as never arrived.
/// VeighNa's function returns before its event thread has entered the order into the list; that thread is seldom
/// more than a second behind.
pub(crate) const LOOK_AGAIN_US: u64 = 5_000_000;

/// Looks at the remote's orders while some of ours are active: an event that a full queue of the remote's publisher
/// dropped is made up for within this time.
pub(crate) const LOOK_EVERY_US: u64 = 30_000_000;

/// How often the gateway looks for something to do where its driver gives it no bell to ring: the remote's own Python
/// takes longer for an event.
pub(crate) const WAKE_POLL_US: u64 = 1_000;

/// How often it is woken where it has a bell, to see whether its thread lives.
pub(crate) const WAKE_PULSE_US: u64 = 1_000_000;
