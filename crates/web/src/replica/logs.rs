//! The newest lines of a trading process's log, numbered as they came.
//!
//! Always true: numbers rise by one and are never used twice, also over a lost contact; at most [`LOGS_MAX`] lines.

use domain::LogData;
use std::collections::VecDeque;
use std::sync::Arc;

/// Lines that are kept: a busy day of a desk, at a few hundred bytes each.
pub const LOGS_MAX: usize = 10_000;

/// The lines.
#[derive(Debug, Default)]
pub struct Logs {
    rows: VecDeque<Arc<LogData>>,
    /// Lines that are no longer kept.
    gone: u64,
}

impl Logs {
    /// Adds a line at the end.
    pub fn push(&mut self, row: Arc<LogData>) {
        if self.rows.len() >= LOGS_MAX {
            self.rows.pop_front();
            self.gone += 1;
        }
        self.rows.push_back(row);
    }

    /// The lines after the one with this number, oldest first; 0 gives all that are kept.
    pub fn after(&self, number: u64) -> impl DoubleEndedIterator<Item = (u64, &Arc<LogData>)> + ExactSizeIterator {
        let skip = usize::try_from(number.saturating_sub(self.gone)).unwrap_or(usize::MAX).min(self.rows.len());
        let gone = self.gone;
        self.rows.iter().enumerate().skip(skip).map(move |(index, row)| (gone + index as u64 + 1, row))
    }

    /// Number of the newest line; 0 where there was none.
    pub fn last(&self) -> u64 {
        self.gone + self.rows.len() as u64
    }

    /// Lines that are kept.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes the trading process's own backlog over: what of it is not here yet. Nothing on the stock wire tells
    /// lines apart, so a backlog is only taken where there is nothing else, or where it goes on behind what is here.
    pub fn take_over(&mut self, backlog: Vec<Arc<LogData>>) {
        let known = self.rows.back().and_then(|last| backlog.iter().rposition(|row| row == last));
        let fresh = known.map_or(0, |at| at + 1);
        for row in backlog.into_iter().skip(fresh) {
            self.push(row);
        }
    }
}
