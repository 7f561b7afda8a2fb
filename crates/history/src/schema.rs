//! VeighNa's tables, exactly as peewee makes them for `vnpy_sqlite` 1.1.3, so that both programs share one file.
//!
//! Always true: a file that is not VeighNa's is never written to, and opening for reading writes nothing at all.

use crate::HistoryError;
use crate::limits::{LOCK_WAIT, STATEMENTS};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::path::Path;

/// A table with its columns in order; `None` after the type where it may be NULL.
struct Table {
    name: &'static str,
    columns: &'static [&'static str],
    /// Columns of these names may be NULL.
    may_be_null: &'static [&'static str],
    index: &'static str,
    key: &'static [&'static str],
}

pub(crate) const BAR_COLUMNS: &[&str] = &[
    "symbol",
    "exchange",
    "datetime",
    "interval",
    "volume",
    "turnover",
    "open_interest",
    "open_price",
    "high_price",
    "low_price",
    "close_price",
];

pub(crate) const TICK_COLUMNS: &[&str] = &[
    "symbol",
    "exchange",
    "datetime",
    "name",
    "volume",
    "turnover",
    "open_interest",
    "last_price",
    "last_volume",
    "limit_up",
    "limit_down",
    "open_price",
    "high_price",
    "low_price",
    "pre_close",
    "bid_price_1",
    "bid_price_2",
    "bid_price_3",
    "bid_price_4",
    "bid_price_5",
    "ask_price_1",
    "ask_price_2",
    "ask_price_3",
    "ask_price_4",
    "ask_price_5",
    "bid_volume_1",
    "bid_volume_2",
    "bid_volume_3",
    "bid_volume_4",
    "bid_volume_5",
    "ask_volume_1",
    "ask_volume_2",
    "ask_volume_3",
    "ask_volume_4",
    "ask_volume_5",
    "localtime",
];

/// In the order in which peewee makes them.
const TABLES: &[Table] = &[
    Table {
        name: "dbbardata",
        columns: BAR_COLUMNS,
        may_be_null: &[],
        index: "dbbardata_symbol_exchange_interval_datetime",
        key: &["symbol", "exchange", "interval", "datetime"],
    },
    Table {
        name: "dbbaroverview",
        columns: &["symbol", "exchange", "interval", "count", "start", "end"],
        may_be_null: &[],
        index: "dbbaroverview_symbol_exchange_interval",
        key: &["symbol", "exchange", "interval"],
    },
    Table {
        name: "dbtickdata",
        columns: TICK_COLUMNS,
        may_be_null: &["_2", "_3", "_4", "_5", "localtime"],
        index: "dbtickdata_symbol_exchange_datetime",
        key: &["symbol", "exchange", "datetime"],
    },
    Table {
        name: "dbtickoverview",
        columns: &["symbol", "exchange", "count", "start", "end"],
        may_be_null: &[],
        index: "dbtickoverview_symbol_exchange",
        key: &["symbol", "exchange"],
    },
];

/// Opens the file. What of VeighNa's tables is not there yet is made in it; who only reads (not `may_make`) sees empty
/// tables instead, which are not in the file.
pub(crate) fn open(path: &Path, may_make: bool) -> Result<Connection, HistoryError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags.set(OpenFlags::SQLITE_OPEN_CREATE, may_make);
    let opening = |error: rusqlite::Error| HistoryError::opening(path, &error);
    let connection = Connection::open_with_flags(path, flags).map_err(opening)?;
    connection.busy_timeout(LOCK_WAIT).map_err(opening)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    let found =
        names(&connection, "SELECT name FROM sqlite_master WHERE type IN ('table', 'index')").map_err(opening)?;
    let has = |name: &str| found.iter().any(|found| found == name);
    if !found.is_empty() && !TABLES.iter().any(|table| has(table.name)) {
        let reason = "it is another program's: it has tables, but none of VeighNa's. Nothing was changed in it";
        return Err(HistoryError::unusable(path, reason));
    }
    for table in TABLES.iter().filter(|table| has(table.name)) {
        table.check(&connection).map_err(opening)?.map_err(|reason| HistoryError::unusable(path, reason))?;
    }
    let is_whole = TABLES.iter().all(|table| has(table.name) && has(table.index));
    if !is_whole && may_make {
        make(&connection).map_err(opening)?;
    }
    if !may_make {
        let missing = TABLES.iter().filter(|table| !has(table.name));
        missing.map(Table::empty_sql).try_for_each(|sql| connection.execute_batch(&sql)).map_err(opening)?;
    }
    Ok(connection)
}

/// Makes what is not there, as VeighNa does when it starts.
fn make(connection: &Connection) -> rusqlite::Result<()> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    for table in TABLES {
        transaction.execute_batch(&table.sql())?;
    }
    transaction.commit()
}

fn names(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(sql)?;
    statement.query_map([], |row| row.get(0))?.collect()
}

impl Table {
    /// Whether a table of this name is VeighNa's; the inner error says why not.
    fn check(&self, connection: &Connection) -> rusqlite::Result<Result<(), String>> {
        let name = self.name;
        let present = names(connection, &format!("SELECT name FROM pragma_table_info('{name}')"))?;
        let missing = self.columns.iter().find(|column| !present.iter().any(|present| present == *column));
        if let Some(column) = missing {
            return Ok(Err(format!(
                "its table {name} has no column {column}: it was made by an older VeighNa; let a VeighNa of today \
                 write a new one"
            )));
        }
        let needed = names(
            connection,
            &format!(
                "SELECT name FROM pragma_table_info('{name}') WHERE \"notnull\" AND dflt_value IS NULL AND NOT pk"
            ),
        )?;
        let unknown = needed.iter().find(|needed| !self.columns.contains(&needed.as_str()));
        Ok(match unknown {
            Some(column) => Err(format!("its table {name} wants a column {column} that VeighNa's does not have")),
            None => Ok(()),
        })
    }

    fn sql(&self) -> String {
        let columns: Vec<String> = self.columns.iter().map(|column| self.column_sql(column)).collect();
        let key: Vec<String> = self.key.iter().map(|column| format!("\"{column}\"")).collect();
        let (name, index) = (self.name, self.index);
        format!(
            "CREATE TABLE IF NOT EXISTS \"{name}\" (\"id\" INTEGER NOT NULL PRIMARY KEY, {});\n\
             CREATE UNIQUE INDEX IF NOT EXISTS \"{index}\" ON \"{name}\" ({});",
            columns.join(", "),
            key.join(", ")
        )
    }

    /// For this connection alone.
    fn empty_sql(&self) -> String {
        let sql = self.sql().replacen("CREATE TABLE", "CREATE TEMP TABLE", 1);
        sql.replacen("INDEX IF NOT EXISTS ", "INDEX IF NOT EXISTS temp.", 1)
    }

    fn column_sql(&self, column: &str) -> String {
        let kind = match column {
            "symbol" | "exchange" | "interval" | "name" => "VARCHAR(255)",
            "datetime" | "start" | "end" | "localtime" => "DATETIME",
            "count" => "INTEGER",
            _ => "REAL",
        };
        let may_be_null = self.may_be_null.iter().any(|ending| column.ends_with(ending));
        format!("\"{column}\" {kind}{}", if may_be_null { "" } else { " NOT NULL" })
    }
}

/// `INSERT OR REPLACE`, as VeighNa writes: a row of the same key goes, and the new one gets a new id.
pub(crate) fn insert_sql(table: &str, columns: &[&str]) -> String {
    let names: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    let places: Vec<String> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
    format!("INSERT OR REPLACE INTO \"{table}\" ({}) VALUES ({})", names.join(", "), places.join(", "))
}

/// `SELECT` of these columns.
pub(crate) fn select_sql(table: &str, columns: &[&str]) -> String {
    let names: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    format!("SELECT {} FROM \"{table}\"", names.join(", "))
}
