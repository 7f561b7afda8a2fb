//! Every bound of this crate, each with its reason.

use std::time::Duration;

/// Facts that wait for the engine. A venue's snapshot of 20,000 contracts fits; beyond it the venue's thread waits,
/// because a fact is never dropped.
pub(crate) const INBOX_FACTS: usize = 65_536;

/// Ticks that wait for the engine before they are merged per instrument: a second of a busy market.
pub(crate) const INBOX_TICKS: usize = 8_192;

/// Inputs that one round of the engine takes at most, so that answers do not wait for a flood to end.
pub(crate) const ROUND: usize = 512;

/// Rounds of the engine that a thread does for a call that it brought, before the engine's own thread takes over.
pub(crate) const ROUNDS_OF_A_CALL: usize = 4;

/// Commands that wait for one gateway. The engine waits then: an order that cannot be handed over must not be told
/// as sent.
pub(crate) const GATEWAY_COMMANDS: usize = 16_384;

/// With this many commands waiting for it a gateway is busy: further calls are refused. The rest of the queue is for
/// calls that were let in and have not reached it, of which there are fewer than [`CALLS_WAITING`] at a time.
pub(crate) const GATEWAY_COMMANDS_BUSY: usize = 8_192;

/// Commands that a gateway takes before it makes them durable together.
pub(crate) const GATEWAY_BATCH: usize = 256;

/// Calls that wait for the engine's answer, of all clients together; more are refused at once.
pub(crate) const CALLS_WAITING: usize = 4_096;

/// Lists that wait to be encoded for their callers.
pub(crate) const LISTS_WAITING: usize = 256;

/// VeighNa's timer event.
pub(crate) const TIMER: Duration = Duration::from_secs(1);

/// Longest sleep of a gateway that has nothing to do.
pub(crate) const GATEWAY_IDLE: Duration = Duration::from_millis(500);

/// Log lines that are kept for who asks later: a day of a quiet trading process, some 2 MB.
pub(crate) const LOG_LINES: usize = 10_000;

/// Calls that are taken one after the other before their orders go to the gateways: more than connections that a desk
/// has, so that all that wait share one commit, and few enough that the first of them hardly waits.
pub(crate) const CALLS_TOGETHER: usize = 64;
