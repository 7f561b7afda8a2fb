//! The file, open: what all calls on it share.

use crate::clock::Clock;
use crate::{HistoryError, schema};
use rusqlite::Connection;
use std::path::Path;

/// VeighNa's `database.db`. Several programs may have it open at once.
///
/// Prices and volumes are stored as they are; times as what a clock of the database's zone shows (VeighNa's setting
/// `database.timezone`). Give the same zone as VeighNa has: the file does not say which it is.
#[derive(Debug)]
pub struct Database {
    pub(crate) connection: Connection,
    pub(crate) clock: Clock,
}

/// How a save changes the overview of what is there (VeighNa's `stream`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveMode {
    /// Anything, in any order: the overview is widened and counted anew, which costs time in proportion to what is stored
    /// of that instrument.
    Merge,
    /// The newest only, as a recorder has them: the overview counts what is added and moves its end, which costs nothing;
    /// what replaces rows is counted twice (as in VeighNa), until the next merge.
    Stream,
}

impl Database {
    /// Opens the file, making it and VeighNa's tables where they are not there. `zone` is the IANA name of the zone that
    /// the times in it are of.
    ///
    /// # Errors
    /// [`HistoryError::Zone`]; [`HistoryError::Unusable`] where the file is no database, damaged, has only tables of
    /// others, or cannot be accessed; [`HistoryError::Locked`]. Nothing was changed then.
    pub fn open(path: &Path, zone: &str) -> Result<Database, HistoryError> {
        let clock = Clock::new(zone)?;
        Ok(Database { connection: schema::open(path, true)?, clock })
    }

    /// [`Database::open`] for one who only wants to read: a file that is not there is an error, and one that is there stays
    /// as it is, tables that it lacks included.
    ///
    /// # Errors
    /// [`HistoryError::Missing`], and those of [`Database::open`].
    pub fn open_existing(path: &Path, zone: &str) -> Result<Database, HistoryError> {
        let clock = Clock::new(zone)?;
        if !path.exists() {
            return Err(HistoryError::Missing { path: path.display().to_string() });
        }
        Ok(Database { connection: schema::open(path, false)?, clock })
    }

    /// The zone of the times in the file.
    pub fn zone(&self) -> &str {
        self.clock.zone()
    }
}

#[cfg(test)]
mod tests;
