//! Recorded bars and ticks on disk, in VeighNa's own SQLite schema, so that both programs share one `database.db`.
//!
//! [`Database`] is the file: save, load, overviews, delete, each call one transaction or none. [`csv`] reads bars and
//! ticks into it and writes them out of it. Everything here blocks: a caller that must not wait has a thread for it.
//!
//! Always true: the file stays one that VeighNa can use at the same time (same tables, same texts, no write-ahead log);
//! what a failed call was given is not in the file, and what was in it before still is; numbers come back bit by bit
//! (but of the two zeros SQLite has only one).

mod bars;
mod clock;
pub mod csv;
mod database;
mod error;
mod limits;
mod listing;
mod overview;
mod pages;
mod schema;
mod series;
mod stage;
mod stamp;
mod ticks;

pub use clock::system_zone;
pub use database::{Database, SaveMode};
pub use error::HistoryError;
pub use listing::{Entry, Listing};
pub use overview::{BarOverview, TickOverview};
pub use series::Series;
