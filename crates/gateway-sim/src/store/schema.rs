//! The file's format: whose it is, which version, its tables.

use super::{Store, StoreError};

/// Marks the file as ours: "WTSX".
const APPLICATION: i64 = 0x5754_5358;
/// Version of the tables below.
const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE accounts (currency TEXT PRIMARY KEY, deposit REAL NOT NULL, realised REAL NOT NULL, commission REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE positions (
    symbol TEXT NOT NULL, exchange TEXT NOT NULL, direction TEXT NOT NULL,
    yd INTEGER NOT NULL, yd_cost REAL NOT NULL, td INTEGER NOT NULL, td_cost REAL NOT NULL, mark REAL NOT NULL,
    PRIMARY KEY (symbol, exchange, direction)) WITHOUT ROWID;
CREATE TABLE orders (
    orderid TEXT PRIMARY KEY, day INTEGER NOT NULL, seq INTEGER NOT NULL, at_us INTEGER NOT NULL,
    symbol TEXT NOT NULL, exchange TEXT NOT NULL, type TEXT NOT NULL, direction TEXT NOT NULL, offset TEXT NOT NULL,
    price REAL NOT NULL, volume REAL NOT NULL, traded REAL NOT NULL, status TEXT NOT NULL, reference TEXT NOT NULL,
    code TEXT, reason_zh TEXT, reason_en TEXT, quote TEXT,
    frozen_yd INTEGER NOT NULL, frozen_td INTEGER NOT NULL, fee_due REAL NOT NULL, fee_paid REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX orders_by_day ON orders (day);
CREATE INDEX orders_at_work ON orders (status) WHERE status IN ('SUBMITTING', 'NOTTRADED', 'PARTTRADED');
CREATE TABLE trades (
    tradeid INTEGER PRIMARY KEY, day INTEGER NOT NULL, at_us INTEGER NOT NULL, orderid TEXT NOT NULL,
    symbol TEXT NOT NULL, exchange TEXT NOT NULL, direction TEXT NOT NULL, offset TEXT NOT NULL,
    price REAL NOT NULL, volume REAL NOT NULL);
CREATE INDEX trades_by_day ON trades (day);
CREATE TABLE quotes (
    quoteid TEXT PRIMARY KEY, day INTEGER NOT NULL, at_us INTEGER NOT NULL, symbol TEXT NOT NULL, exchange TEXT NOT NULL,
    bid_price REAL NOT NULL, bid_volume REAL NOT NULL, bid_offset TEXT NOT NULL,
    ask_price REAL NOT NULL, ask_volume REAL NOT NULL, ask_offset TEXT NOT NULL,
    status TEXT NOT NULL, reference TEXT NOT NULL) WITHOUT ROWID;
";

/// Makes the tables in an empty file; in any other, checks that it is ours, of a known version, and whole.
pub(super) fn check(store: &Store) -> Result<(), StoreError> {
    let number = |pragma: &str| {
        store
            .connection
            .query_row(&format!("PRAGMA {pragma}"), [], |row| row.get::<_, i64>(0))
            .map_err(|e| store.error(e))
    };
    let path = store.path.display().to_string();
    match (number("application_id")?, number("user_version")?) {
        (0, 0) if number("schema_version")? == 0 => create(store),
        (APPLICATION, found) if found > VERSION => Err(StoreError::Newer { path, found, known: VERSION }),
        (APPLICATION, _) => whole(store),
        _ => Err(StoreError::Foreign { path }),
    }
}

fn create(store: &Store) -> Result<(), StoreError> {
    let marks = format!("PRAGMA application_id={APPLICATION}; PRAGMA user_version={VERSION};");
    store.connection.execute_batch(&format!("BEGIN IMMEDIATE; {TABLES} {marks} COMMIT;")).map_err(|e| store.error(e))
}

fn whole(store: &Store) -> Result<(), StoreError> {
    let verdict = store.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match verdict.map_err(|e| store.error(e))? {
        ok if ok == "ok" => Ok(()),
        damage => Err(store.corrupt(damage)),
    }
}
