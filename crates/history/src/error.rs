//! Why the database did not do what it was asked to.
//!
//! Always true: whatever the error is, the file holds what it held before the call.

use rusqlite::ErrorCode;
use std::path::Path;

/// Why something could not be stored or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// The IANA database has no such zone.
    #[error("{0:?} is no time zone, as for example Asia/Shanghai is one")]
    Zone(String),
    /// This names no series.
    #[error("{0:?} is no series: {1}")]
    Series(String, String),
    /// There is no file to read.
    #[error("there is no database {path}")]
    Missing {
        /// The file.
        path: String,
    },
    /// The file cannot be used: it is no database, damaged, another program's, or not accessible. It is left as it is.
    #[error("the database {path} cannot be used: {reason}")]
    Unusable {
        /// The file.
        path: String,
        /// Why, and what to do.
        reason: String,
    },
    /// Another program has kept the file locked for longer than anybody should.
    #[error("the database is locked by another program; close it there, or try again")]
    Locked,
    /// The data given cannot be stored.
    #[error("{what} cannot be stored: {why}")]
    Unstorable {
        /// Which data.
        what: String,
        /// Why.
        why: String,
    },
    /// A row in the file is not what VeighNa would have written.
    #[error("the table {table} has a row whose {column} cannot be read: {value:?}")]
    Row {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// What stands there.
        value: String,
    },
    /// Reading or writing failed: the disk is full, broken or gone, or the file is damaged.
    #[error("the database failed: {0}")]
    Failed(String),
}

impl From<rusqlite::Error> for HistoryError {
    fn from(error: rusqlite::Error) -> HistoryError {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => HistoryError::Locked,
            _ => HistoryError::Failed(explain(&error)),
        }
    }
}

impl HistoryError {
    /// As an error of opening this file.
    pub(crate) fn unusable(path: &Path, reason: impl Into<String>) -> HistoryError {
        HistoryError::Unusable { path: path.display().to_string(), reason: reason.into() }
    }

    /// What went wrong with opening this file.
    pub(crate) fn opening(path: &Path, error: &rusqlite::Error) -> HistoryError {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => HistoryError::Locked,
            _ => HistoryError::unusable(path, explain(error)),
        }
    }
}

/// What went wrong, with what a person can do about it.
fn explain(error: &rusqlite::Error) -> String {
    let advice = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => " (the disk is full)",
        Some(ErrorCode::NotADatabase) => " (the file is no SQLite database: is it the right one?)",
        Some(ErrorCode::DatabaseCorrupt) => " (the file is damaged: restore it, or move it away and start a new one)",
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            " (its folder must be there, and both writable for this user)"
        }
        _ => "",
    };
    format!("{error}{advice}")
}
