//! Many rows of one series on their way into the file: kept aside until all are there, then stored.
//!
//! Aside is a temporary table of this connection, which SQLite keeps in memory and then in a temporary file, so nothing
//! is locked while somebody reads and checks a million lines. They are copied by time, so many in one transaction and
//! with a pause behind each, so that VeighNa, which gives up after 5 s, gets at the file in between.
//!
//! Always true: each transaction leaves rows and overview in step; who ends in the middle has stored all rows up to one
//! of them, and storing the same again stores the rest.

use crate::clock::Clock;
use crate::limits::{BATCH_PAUSE, BATCH_ROWS};
use crate::overview::{self, Added};
use crate::schema::{BAR_COLUMNS, TICK_COLUMNS};
use crate::series::value;
use crate::{Database, HistoryError, SaveMode, Series};
use domain::{DateTime, Interval};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params, params_from_iter};
use std::time::Instant;

/// Columns that say what series a row is of.
const KEY: [&str; 3] = ["symbol", "exchange", "interval"];

/// A row of any series: its time, and what stands behind the time and the key in its table.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) at: DateTime,
    pub(crate) values: Vec<Value>,
}

/// What became of the rows that were kept aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    /// How many were copied; two of one time are one.
    pub(crate) rows: u64,
    /// How many of them had none of the same time before them.
    pub(crate) new: u64,
}

/// Rows that are kept aside. What is not finished is forgotten.
pub(crate) struct Stage<'a> {
    connection: &'a Connection,
    aside: Transaction<'a>,
    clock: &'a Clock,
    series: &'a Series,
    table: Table,
    newest: String,
}

impl<'a> Stage<'a> {
    /// For rows of this series.
    pub(crate) fn begin(database: &'a mut Database, series: &'a Series) -> Result<Stage<'a>, HistoryError> {
        let (connection, table) = (&database.connection, Table::of(series));
        // Only writes to the temporary table happen in it, so it locks nobody out.
        let aside = Transaction::new_unchecked(connection, TransactionBehavior::Deferred)?;
        aside.execute_batch(&table.make_sql())?;
        Ok(Stage { connection, aside, clock: &database.clock, series, table, newest: String::new() })
    }

    /// Adds a row. `false`: there is a bar of the same time with other numbers already. Of two ticks the later one stays,
    /// as in VeighNa: exchanges do send two with the same time.
    pub(crate) fn add(&mut self, row: Row) -> Result<bool, HistoryError> {
        let at = self.clock.text(&row.at)?;
        // Most files are sorted: only a time that is not the newest yet can have been there before.
        let may_be_there = self.series.interval.is_some() && at <= self.newest;
        if may_be_there && self.find(&at)?.is_some_and(|before| !is_same(&before, &row.values)) {
            return Ok(false);
        }
        let values = std::iter::once(Value::Text(at.clone())).chain(row.values);
        self.aside.prepare_cached(&self.table.add_sql)?.execute(params_from_iter(values))?;
        if at > self.newest {
            self.newest = at;
        }
        Ok(true)
    }

    fn find(&self, at: &str) -> Result<Option<Vec<Value>>, HistoryError> {
        let mut statement = self.aside.prepare_cached(&self.table.find_sql)?;
        let columns = statement.column_count();
        let values = statement.query_row([at], |row| (0..columns).map(|column| row.get(column)).collect());
        Ok(values.optional()?)
    }

    /// Stores all of them; `done` is told after each transaction how many that is so far.
    ///
    /// # Errors
    /// Those of the file, with what had been stored by then.
    pub(crate) fn finish(self, done: &mut dyn FnMut(Stored)) -> Result<Stored, (Stored, HistoryError)> {
        let mut stored = Stored { rows: 0, new: 0 };
        let Stage { connection, aside, series, table, .. } = self;
        aside.commit().map_err(|error| (stored, error.into()))?;
        let mut copied = String::new();
        loop {
            let begun = Instant::now();
            let batch = copy(connection, series, &table, &copied).map_err(|error| (stored, error))?;
            let Some((last, batch)) = batch else { break };
            stored = Stored { rows: stored.rows + batch.rows, new: stored.new + batch.new };
            copied = last;
            done(stored);
            if batch.rows == BATCH_ROWS as u64 {
                std::thread::sleep(begun.elapsed().clamp(BATCH_PAUSE.0, BATCH_PAUSE.1));
            }
        }
        // It is this connection's alone, and would go with it.
        let _ = connection.execute_batch("DROP TABLE temp.staged");
        Ok(stored)
    }
}

/// Copies the next rows after a time in one transaction; the last time of them, `None` where there are none.
fn copy(
    connection: &Connection,
    series: &Series,
    table: &Table,
    after: &str,
) -> Result<Option<(String, Stored)>, HistoryError> {
    let range = "SELECT COUNT(*), MIN(datetime), MAX(datetime) FROM
        (SELECT datetime FROM temp.staged WHERE datetime > ?1 ORDER BY datetime LIMIT ?2)";
    let found: (i64, Option<String>, Option<String>) = connection
        .prepare_cached(range)?
        .query_row(params![after, BATCH_ROWS as i64], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let (rows, Some(first), Some(last)) = found else { return Ok(None) };
    let (symbol, exchange) = (series.symbol.as_str(), series.exchange.value());
    let interval = value(series.interval.unwrap_or(Interval::Tick));
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let key = params![symbol, exchange, interval, first, last];
    let known: i64 = transaction.prepare_cached(&table.known_sql)?.query_row(key, |row| row.get(0))?;
    transaction.prepare_cached(&table.copy_sql)?.execute(params![symbol, exchange, interval, first, last])?;
    let (rows, known) = (rows.unsigned_abs(), known.unsigned_abs());
    let new = rows - known.min(rows);
    // What is new is known here, so adding it is as exact as counting all, and quicker.
    let added = Added::new(series.clone(), new, first, last.clone());
    overview::update(&transaction, &added, SaveMode::Stream)?;
    transaction.commit()?;
    Ok(Some((last, Stored { rows, new })))
}

/// The statements for one of VeighNa's tables.
struct Table {
    columns: Vec<&'static str>,
    add_sql: String,
    find_sql: String,
    known_sql: String,
    copy_sql: String,
}

impl Table {
    fn of(series: &Series) -> Table {
        let (name, all) = match series.interval {
            Some(_) => ("dbbardata", BAR_COLUMNS),
            None => ("dbtickdata", TICK_COLUMNS),
        };
        let columns: Vec<&str> =
            all.iter().copied().filter(|column| !KEY.contains(column) && *column != "datetime").collect();
        let places: Vec<String> = (1..=columns.len() + 1).map(|place| format!("?{place}")).collect();
        // The parameter of the interval has to be in the statement in both.
        let interval = if series.interval.is_some() { "interval = ?3" } else { "?3 IS NOT NULL" };
        Table {
            add_sql: format!("INSERT OR REPLACE INTO temp.staged VALUES ({})", places.join(", ")),
            find_sql: format!("SELECT {} FROM temp.staged WHERE datetime = ?1", columns.join(", ")),
            known_sql: format!(
                "SELECT COUNT(*) FROM temp.staged AS s WHERE s.datetime BETWEEN ?4 AND ?5 AND EXISTS (SELECT 1 FROM {name} \
                 WHERE symbol = ?1 AND exchange = ?2 AND {interval} AND datetime = s.datetime)"
            ),
            copy_sql: copy_sql(name, all),
            columns,
        }
    }

    fn make_sql(&self) -> String {
        let columns: Vec<String> = self.columns.iter().map(|column| format!(", {column}")).collect();
        format!(
            "DROP TABLE IF EXISTS temp.staged; \
             CREATE TEMP TABLE staged (datetime TEXT PRIMARY KEY{}) WITHOUT ROWID",
            columns.concat()
        )
    }
}

/// The columns in the table's order; those of the series come as parameters.
fn copy_sql(name: &str, all: &[&str]) -> String {
    let columns: Vec<String> = all.iter().map(|column| format!("\"{column}\"")).collect();
    let values = all.iter().map(|column| match *column {
        "symbol" => "?1",
        "exchange" => "?2",
        "interval" => "?3",
        other => other,
    });
    let (columns, values) = (columns.join(", "), values.collect::<Vec<_>>().join(", "));
    format!(
        "INSERT OR REPLACE INTO {name} ({columns}) SELECT {values} FROM temp.staged \
         WHERE datetime BETWEEN ?4 AND ?5 AND ?3 IS NOT NULL ORDER BY datetime"
    )
}

fn is_same(one: &[Value], other: &[Value]) -> bool {
    // SQLite has only one zero.
    let bits = |value: &Value| match value {
        Value::Real(number) => (number + 0.0).to_bits(),
        _ => 0,
    };
    one.iter().map(bits).eq(other.iter().map(bits))
}

#[cfg(test)]
mod tests;
