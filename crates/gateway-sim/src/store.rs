//! What is durable: one SQLite file with money, positions, orders and trades.
//!
//! The gateway collects [`Changes`] and [`Store::commit`] writes them in one transaction, before anything of them
//! is published; so what a trader has seen survives a kill. WAL with `synchronous=NORMAL`: a crash of the process
//! loses nothing, a power cut perhaps the last moments, never the file.
//!
//! Always true: the file belongs to one process (it is locked exclusively), and a file that cannot be read is an
//! error that says what to do, never a fresh start.

mod read;
mod schema;
mod write;

pub(crate) use read::Stored;

use crate::exchange::SavedPosition;
use crate::limits::{LOCK_WAIT_MS, LOG_PAGES};
use domain::{Direction, OrderData, QuoteData, Text, TradeData, VtSymbol};
use rusqlite::{Connection, ErrorCode};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has it.
    #[error("the database {path} is in use by another process; stop that one, or give this one a file of its own")]
    Locked {
        /// The file.
        path: String,
    },
    /// It cannot be read.
    #[error(
        "the database {path} is damaged ({detail}); nothing was changed. Move it away or put a backup in its place \
         (with its -wal file, if there is one), then start again"
    )]
    Corrupt {
        /// The file.
        path: String,
        /// What was found.
        detail: String,
    },
    /// It is some other program's.
    #[error("{path} is a database of another program; give the simulated exchange a file of its own")]
    Foreign {
        /// The file.
        path: String,
    },
    /// It was made by a newer version of this program.
    #[error("the database {path} has format {found}, this program knows up to {known}; use the newer program")]
    Newer {
        /// The file.
        path: String,
        /// Its format.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// No room.
    #[error("no room for the database {path}; free some space, nothing that was told is lost")]
    Full {
        /// The file.
        path: String,
    },
    /// Anything else.
    #[error("the database {path} failed")]
    Other {
        /// The file.
        path: String,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// The error with what SQLite says, in one line.
    pub(crate) fn whole(&self) -> String {
        match self {
            StoreError::Other { source, .. } => format!("{self}: {source}"),
            StoreError::Locked { .. }
            | StoreError::Corrupt { .. }
            | StoreError::Foreign { .. }
            | StoreError::Newer { .. }
            | StoreError::Full { .. } => self.to_string(),
        }
    }
}

/// What an order row has beside the order as it is told.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct OrderAside {
    pub(crate) seq: u64,
    pub(crate) at_us: i64,
    pub(crate) quote: Option<Text>,
    pub(crate) frozen_yd: i64,
    pub(crate) frozen_td: i64,
    pub(crate) fee_due: f64,
    pub(crate) fee_paid: f64,
}

/// What has changed since the last commit.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) day: i64,
    pub(crate) next_trade: u64,
    pub(crate) money: Option<[(f64, f64, f64); 3]>,
    orders: Vec<(OrderData, OrderAside)>,
    order_places: FxHashMap<Text, usize>,
    pub(crate) trades: Vec<(TradeData, i64)>,
    pub(crate) positions: FxHashMap<(VtSymbol, Direction), SavedPosition>,
    pub(crate) quotes: Vec<(QuoteData, i64)>,
}

impl Changes {
    /// Notes an order's newest state.
    pub(crate) fn order(&mut self, order: OrderData, aside: OrderAside) {
        match self.order_places.get(&order.orderid) {
            Some(place) => self.orders[*place] = (order, aside),
            None => {
                self.order_places.insert(order.orderid.clone(), self.orders.len());
                self.orders.push((order, aside));
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.money.is_none()
            && self.orders.is_empty()
            && self.trades.is_empty()
            && self.positions.is_empty()
            && self.quotes.is_empty()
    }

    fn clear(&mut self) {
        self.money = None;
        self.orders.clear();
        self.order_places.clear();
        self.trades.clear();
        self.positions.clear();
        self.quotes.clear();
    }
}

/// The database.
#[derive(Debug)]
pub(crate) struct Store {
    connection: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens or creates the file; without a path, a database that lives as long as the process.
    pub(crate) fn open(path: Option<&Path>) -> Result<Store, StoreError> {
        let shown = path.unwrap_or(Path::new(":memory:"));
        let connection = match path {
            Some(path) => Connection::open(path),
            None => Connection::open_in_memory(),
        };
        let store = Store { connection: connection.map_err(|e| explain(shown, e))?, path: shown.to_owned() };
        store.prepare_file()?;
        Ok(store)
    }

    fn prepare_file(&self) -> Result<(), StoreError> {
        let wait = Duration::from_millis(LOCK_WAIT_MS);
        self.connection.busy_timeout(wait).map_err(|e| self.error(e))?;
        let setup = format!(
            "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; \
             PRAGMA wal_autocheckpoint={LOG_PAGES};"
        );
        self.connection.execute_batch(&setup).map_err(|e| self.error(e))?;
        schema::check(self)?;
        self.connection.execute_batch("BEGIN IMMEDIATE; COMMIT;").map_err(|e| self.error(e))
    }

    /// Writes all changes or none; they stay noted until they are written.
    pub(crate) fn commit(&mut self, changes: &mut Changes) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        write::changes(&mut self.connection, changes).map_err(|e| explain(&self.path, e))?;
        changes.clear();
        Ok(())
    }

    fn error(&self, source: rusqlite::Error) -> StoreError {
        explain(&self.path, source)
    }

    fn corrupt(&self, detail: impl Into<String>) -> StoreError {
        StoreError::Corrupt { path: self.path.display().to_string(), detail: detail.into() }
    }
}

fn explain(path: &Path, source: rusqlite::Error) -> StoreError {
    let path = path.display().to_string();
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Locked { path },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Corrupt { path, detail: source.to_string() }
        }
        Some(ErrorCode::DiskFull) => StoreError::Full { path },
        _ => StoreError::Other { path, source },
    }
}

#[cfg(test)]
mod tests;
