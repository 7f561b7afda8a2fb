//! Many bars of one series on their way into the file: kept aside until all are there, then stored in one go.
//!
//! Aside is a temporary table of this connection, which SQLite keeps in memory and then in a temporary file. So the file
//! that others use is locked only while the rows are copied, not while somebody reads and checks a million lines: VeighNa
//! gives up after 5 s.

use crate::bars::numbers;
use crate::clock::Clock;
use crate::overview::{self, Added};
use crate::schema::BAR_COLUMNS;
use crate::series::value;
use crate::{Database, HistoryError, SaveMode, Series};
use domain::{BarData, Interval};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

const MAKE: &str = "DROP TABLE IF EXISTS temp.staged;
    CREATE TEMP TABLE staged (datetime TEXT PRIMARY KEY, volume REAL, turnover REAL, open_interest REAL, open_price REAL,
                              high_price REAL, low_price REAL, close_price REAL) WITHOUT ROWID;";
const ADD: &str = "INSERT OR REPLACE INTO temp.staged VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const FIND: &str = "SELECT volume, turnover, open_interest, open_price, high_price, low_price, close_price
    FROM temp.staged WHERE datetime = ?1";

/// Bars that are kept aside. What is not finished is forgotten.
pub(crate) struct Stage<'a> {
    connection: &'a Connection,
    aside: Transaction<'a>,
    clock: &'a Clock,
    series: &'a Series,
    interval: Interval,
    newest: String,
}

impl<'a> Stage<'a> {
    /// For bars of this series and interval.
    pub(crate) fn begin(
        database: &'a mut Database,
        series: &'a Series,
        interval: Interval,
    ) -> Result<Stage<'a>, HistoryError> {
        let connection = &database.connection;
        // Only writes to the temporary table happen in it, so it locks nobody out.
        let aside = Transaction::new_unchecked(connection, TransactionBehavior::Deferred)?;
        aside.execute_batch(MAKE)?;
        Ok(Stage { connection, aside, clock: &database.clock, series, interval, newest: String::new() })
    }

    /// Adds a bar; `false` if there is one of the same time with other numbers already.
    pub(crate) fn add(&mut self, bar: &BarData) -> Result<bool, HistoryError> {
        let numbers = numbers(bar)?;
        let at = self.clock.text(&bar.datetime)?;
        // Most files are sorted: only a time that is not the newest yet can have been there before.
        if at <= self.newest && self.find(&at)?.is_some_and(|before| !is_same(before, numbers)) {
            return Ok(false);
        }
        let [volume, turnover, open_interest, open, high, low, close] = numbers;
        let values = params![at, volume, turnover, open_interest, open, high, low, close];
        self.aside.prepare_cached(ADD)?.execute(values)?;
        if at > self.newest {
            self.newest = at;
        }
        Ok(true)
    }

    fn find(&self, at: &str) -> Result<Option<[f64; 7]>, HistoryError> {
        let mut statement = self.aside.prepare_cached(FIND)?;
        let numbers = statement.query_row([at], |row| {
            let mut numbers = [0.0; 7];
            for (place, number) in numbers.iter_mut().enumerate() {
                *number = row.get(place)?;
            }
            Ok(numbers)
        });
        Ok(numbers.optional()?)
    }

    /// Stores all of them in one transaction; how many were not there before.
    pub(crate) fn finish(self) -> Result<u64, HistoryError> {
        self.aside.commit()?;
        let transaction = Transaction::new_unchecked(self.connection, TransactionBehavior::Immediate)?;
        let before = overview::count(&transaction, self.series)?;
        let (symbol, exchange) = (self.series.symbol.as_str(), self.series.exchange.value());
        transaction.execute(&copy_sql(), params![symbol, exchange, value(self.interval)])?;
        let (rows, first, last): (i64, Option<String>, Option<String>) =
            transaction.query_row("SELECT COUNT(*), MIN(datetime), MAX(datetime) FROM temp.staged", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        if let (Some(first), Some(last)) = (first, last) {
            let added = Added::new(self.series.clone(), rows.unsigned_abs(), first, last);
            overview::update(&transaction, &added, SaveMode::Merge)?;
        }
        let new = overview::count(&transaction, self.series)? - before;
        transaction.execute_batch("DROP TABLE temp.staged")?;
        transaction.commit()?;
        Ok(new)
    }
}

/// The columns in the table's order; those of the series come as parameters.
fn copy_sql() -> String {
    let columns: Vec<String> = BAR_COLUMNS.iter().map(|column| format!("\"{column}\"")).collect();
    let values = BAR_COLUMNS.iter().map(|column| match *column {
        "symbol" => "?1",
        "exchange" => "?2",
        "interval" => "?3",
        other => other,
    });
    let (columns, values) = (columns.join(", "), values.collect::<Vec<_>>().join(", "));
    format!("INSERT OR REPLACE INTO dbbardata ({columns}) SELECT {values} FROM temp.staged ORDER BY datetime")
}

fn is_same(one: [f64; 7], other: [f64; 7]) -> bool {
    // SQLite has only one zero.
    let bits = |numbers: [f64; 7]| numbers.map(|number| (number + 0.0).to_bits());
    bits(one) == bits(other)
}
