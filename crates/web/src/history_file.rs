//! A database of bars on this machine that the web process may read: a VeighNa's `database.db`, or any of that kind.
//!
//! Opened anew for each question, because the file may come, go or be replaced while we run; that costs a millisecond
//! beside reading thousands of rows. Blocks: only for threads that may. Always true: nothing is written to it, and a file
//! that cannot be read costs its bars and a line in the log, never the answer.

use domain::{BarData, Civil, DateTime, Exchange, Interval};
use history::{Database, HistoryError};
use std::path::PathBuf;

/// The file and the zone of its times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryFile {
    /// The file.
    pub path: PathBuf,
    /// IANA name of the zone that its times are of: VeighNa's setting `database.timezone`.
    pub zone: String,
}

impl HistoryFile {
    /// Whether it can be read.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn check(&self) -> Result<(), HistoryError> {
        Database::open_existing(&self.path, &self.zone).map(drop)
    }

    /// Its bars from `start` to `end`, both included; without an end all there are from then on.
    pub(crate) fn load(
        &self,
        symbol: &str,
        exchange: Exchange,
        interval: Interval,
        (start, end): (&DateTime, Option<&DateTime>),
    ) -> Vec<BarData> {
        let last =
            DateTime::naive(Civil { year: 9999, month: 12, day: 31, hour: 23, minute: 59, second: 59, micro: 0 });
        let read = || -> Result<Vec<BarData>, HistoryError> {
            let database = Database::open_existing(&self.path, &self.zone)?;
            database.load_bars(symbol, exchange, interval, start, end.unwrap_or(&last))
        };
        read().unwrap_or_else(|error| {
            tracing::warn!(database = %self.path.display(), %error, "the database's bars could not be read");
            Vec::new()
        })
    }
}
