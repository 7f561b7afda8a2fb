//! Bars and ticks as CSV, in and out.
//!
//! A file's first line names its columns; which of them is what can be said. The defaults of bars are those of VeighNa's
//! data manager, whose exports are read and whose imports read ours; those of ticks are the names of the database's columns,
//! for VeighNa has no such file. Lines go through one at a time, so that a file of any length costs no memory.
//!
//! Always true: a file that cannot be read to its end leaves nothing of itself in the database; whatever the bytes are,
//! the answer is an error with the line's number, never a panic; what was exported comes back bit by bit.

mod bar_lines;
mod export;
mod header;
mod import;
mod lines;
mod moment;
mod source;
mod tick_lines;

pub use bar_lines::Columns;
pub use export::{ExportOptions, export, export_file};
pub use import::{ImportOptions, Imported, import, import_file};

use crate::HistoryError;

/// How far an import or export is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Lines done.
    pub lines: u64,
    /// Bytes of the file read, before it is unpacked.
    pub bytes: u64,
    /// Length of the file in bytes, where it is known.
    pub total: Option<u64>,
    /// Rows that are in the database, once all lines are read and copying has begun.
    pub stored: Option<u64>,
}

/// Why a file was not imported or exported.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// The file cannot be read or written.
    #[error("{file} cannot be {what}")]
    Io {
        /// The file.
        file: String,
        /// `opened`, `read` or `written`.
        what: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// There is not even a first line.
    #[error("the file is empty; its first line should name the columns")]
    Empty,
    /// The first line has no column of that name.
    #[error("line 1: there is no column {name:?}; the columns are: {present}")]
    NoColumn {
        /// The name looked for.
        name: String,
        /// Names that are there.
        present: String,
    },
    /// The first line has two columns of that name.
    #[error("line 1: there are two columns {0:?}")]
    TwoColumns(String),
    /// A line is not what it should be. Nothing of the file was stored.
    #[error("line {line}: {why}")]
    Line {
        /// Its number; the first line, with the names, is 1.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
    /// VeighNa could not read what was stored under it.
    #[error("{0} is no exchange that VeighNa knows")]
    Exchange(String),
    /// Ticks have no such number, so none can be given another name.
    #[error("a tick has no {name:?}; it has {}", tick_lines::names())]
    NoField {
        /// What was named.
        name: String,
    },
    /// There is nothing to export.
    #[error("there is nothing of {0} in that range")]
    NoSuchRows(String),
    /// There is a first line, and nothing behind it.
    #[error("the file has only a first line, and nothing behind it")]
    NoRows,
    /// The file was read and is right, but while it was stored the database failed.
    #[error("{stored} of {rows} rows were stored, the earliest ones; import the file again for the rest")]
    Partly {
        /// Rows that are in the database now.
        stored: u64,
        /// Rows of the file.
        rows: u64,
        /// Why no more.
        source: HistoryError,
    },
    /// A bound of what is to be exported cannot be read.
    #[error("the range to export: {0}")]
    Range(String),
    /// The database did not do it.
    #[error(transparent)]
    Database(#[from] HistoryError),
}

impl CsvError {
    pub(crate) fn at(line: u64, why: impl Into<String>) -> CsvError {
        CsvError::Line { line, why: why.into() }
    }
}

#[cfg(test)]
mod tests;
