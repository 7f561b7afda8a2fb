//! Every bound of the bar lines, each with its reason and what happens when it is reached.

use std::time::Duration;

/// Lines that are watched at once, of all connections together: a page shows tens of charts, and each line costs a
/// little with each tick of its instrument. Full: the subscription is answered with an error.
pub(super) const LINES: usize = 4_096;

/// Lines that are asked for at the same time. Each may be two questions to a trading process; the others wait.
pub(super) const ASKED_AT_ONCE: usize = 4;

/// How often a line is asked for again because ticks came while a source was asked for what it knows of the running
/// bar. Then it is taken as it is: volume may be off by those ticks until the bar is finished and asked for once more.
pub(super) const TRIES: usize = 4;

/// After this a line that could not be asked for is asked for again.
pub(super) const RETRY: Duration = Duration::from_secs(2);

/// How far back bars are asked for that finished while contact was lost: over a week of holidays.
pub(super) const BACK_US: i64 = 10 * 86_400_000_000;
