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

/// Ticks that wait for the recorder: 13 s of a busy market, so that a disk or another program that holds the database up
/// for the ten seconds that a statement waits costs nothing. The ticks themselves are some 45 MB then.
pub(crate) const LANE_TICKS: usize = 65_536;

/// How often the recorder looks into its lane. No tick wakes it, so that it costs the engine no system call; a question
/// for bars does, and waits at most as long, since the recorder may be held up by the disk.
pub(crate) const LANE_LOOK: Duration = Duration::from_millis(250);

/// How often recorded bars and ticks are written: what a killed process loses beside the running minutes.
pub(crate) const WRITE_EVERY: Duration = Duration::from_secs(2);

/// Pause before writing is tried again after it has failed.
pub(crate) const WRITE_AGAIN: Duration = Duration::from_secs(5);

/// Bars, or ticks, of one transaction: some 50 ms, during which others who use the file wait.
pub(crate) const WRITE_BARS: usize = 2_000;

/// Bars that wait to be written, 40 MB: seven hours of 500 instruments, which is time to free a disk. Beyond it the oldest
/// are dropped.
pub(crate) const UNWRITTEN_BARS: usize = 200_000;

/// Ticks that wait to be written, as many as the lane holds.
pub(crate) const UNWRITTEN_TICKS: usize = LANE_TICKS;

/// How long after its minute a bar is written that no later tick has completed, in microseconds: longer than ticks of a
/// quiet contract are late by, short enough that the last minute of a session is there when somebody looks.
pub(crate) const SETTLE_US: i64 = 10_000_000;

/// How often it is told again that recording fails.
pub(crate) const TOLD_AGAIN: Duration = Duration::from_secs(60);

/// Questions for bars that wait for the database.
pub(crate) const QUESTIONS_WAITING: usize = 64;
