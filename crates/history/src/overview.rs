//! What there is of each instrument: VeighNa's overview tables, kept with every save.

use crate::HistoryError;
use crate::clock::Clock;
use crate::database::{Database, SaveMode};
use crate::series::{Series, value};
use domain::{DateTime, Exchange, Interval, Language, Text};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, named_params};

/// How many bars there are of one instrument and interval, and from when to when.
#[derive(Clone, Debug, PartialEq)]
pub struct BarOverview {
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
    /// Length of the bars.
    pub interval: Interval,
    /// How many; see [`SaveMode::Stream`] for when it is too high.
    pub count: u64,
    /// Time of the first, in the database's zone.
    pub start: DateTime,
    /// Time of the last, in the database's zone.
    pub end: DateTime,
}

/// How many ticks there are of one instrument, and from when to when.
#[derive(Clone, Debug, PartialEq)]
pub struct TickOverview {
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
    /// How many; see [`SaveMode::Stream`] for when it is too high.
    pub count: u64,
    /// Time of the first, in the database's zone.
    pub start: DateTime,
    /// Time of the last, in the database's zone.
    pub end: DateTime,
}

impl Database {
    /// What bars there are, by symbol. Where the overviews are missing but bars are there (an older VeighNa), they are made
    /// first. Rows whose exchange or interval only a fork of VeighNa has a name for are left out.
    ///
    /// # Errors
    /// [`HistoryError::Row`] for a time that cannot be read; those of the file.
    pub fn bar_overviews(&self) -> Result<Vec<BarOverview>, HistoryError> {
        let rows = self.overviews(&BARS)?;
        let known = rows.into_iter().filter_map(|row| {
            let interval = Interval::from_value(&row.interval, Language::En)?;
            let (symbol, exchange) = (row.symbol, row.exchange);
            Some(BarOverview { symbol, exchange, interval, count: row.count, start: row.start, end: row.end })
        });
        Ok(known.collect())
    }

    /// What ticks there are, by symbol; otherwise as [`Database::bar_overviews`].
    ///
    /// # Errors
    /// Those of [`Database::bar_overviews`].
    pub fn tick_overviews(&self) -> Result<Vec<TickOverview>, HistoryError> {
        let rows = self.overviews(&TICKS)?;
        let known = rows.into_iter().map(|row| {
            let (symbol, exchange) = (row.symbol, row.exchange);
            TickOverview { symbol, exchange, count: row.count, start: row.start, end: row.end }
        });
        Ok(known.collect())
    }

    fn overviews(&self, kind: &Kind) -> Result<Vec<Found>, HistoryError> {
        let is_lost: bool = self.connection.query_row(
            &format!("SELECT EXISTS (SELECT 1 FROM {}) AND NOT EXISTS (SELECT 1 FROM {})", kind.data, kind.overview),
            [],
            |row| row.get(0),
        )?;
        if is_lost {
            rebuild(&self.connection, kind)?;
        }
        kind.read(&self.connection, &self.clock)
    }
}

/// Bars or ticks: the tables of both.
struct Kind {
    data: &'static str,
    overview: &'static str,
    /// An expression for the interval, for ticks an empty text.
    interval: &'static str,
    key: &'static str,
}

const BARS: Kind =
    Kind { data: "dbbardata", overview: "dbbaroverview", interval: "interval", key: "symbol, exchange, interval" };
const TICKS: Kind = Kind { data: "dbtickdata", overview: "dbtickoverview", interval: "''", key: "symbol, exchange" };

/// What a save has written of one series.
#[derive(Debug)]
pub(crate) struct Added {
    series: Series,
    rows: u64,
    first: String,
    last: String,
}

impl Added {
    /// So many rows of a series, between these times.
    pub(crate) fn new(series: Series, rows: u64, first: String, last: String) -> Added {
        Added { series, rows, first, last }
    }
}

/// A row of an overview.
struct Found {
    symbol: Text,
    exchange: Exchange,
    interval: String,
    count: u64,
    start: DateTime,
    end: DateTime,
}

/// Notes a row that was written at this time.
pub(crate) fn note(
    added: &mut Vec<Added>,
    is_same: impl Fn(&Series) -> bool,
    series: impl FnOnce() -> Series,
    at: String,
) {
    // Nearly always the row is of the same series as the one before.
    match added.iter_mut().rev().find(|added| is_same(&added.series)) {
        Some(known) => {
            known.rows += 1;
            if at < known.first {
                known.first.clone_from(&at);
            }
            if at > known.last {
                known.last = at;
            }
        }
        None => added.push(Added::new(series(), 1, at.clone(), at)),
    }
}

/// Brings the overview up to date with what was written in the same transaction. One that VeighNa or an interrupted
/// program did not make is counted whole.
pub(crate) fn update(transaction: &Transaction<'_>, added: &Added, mode: SaveMode) -> Result<(), HistoryError> {
    let kind = added.series.kind();
    let (table, condition) = (kind.overview, added.series.condition());
    let (symbol, exchange) = (added.series.symbol.as_str(), added.series.exchange.value());
    let is_there = transaction
        .prepare_cached(&format!("SELECT 1 FROM {table} WHERE {condition}"))?
        .query_row(named_params! {":symbol": symbol, ":exchange": exchange}, |_| Ok(()))
        .optional()?
        .is_some();
    if !is_there {
        let sql = format!("INSERT INTO {table} {} WHERE {condition} GROUP BY {}", kind.counted(), kind.key);
        transaction.prepare_cached(&sql)?.execute(named_params! {":symbol": symbol, ":exchange": exchange})?;
        return Ok(());
    }
    let count = match mode {
        SaveMode::Stream => "\"count\" + :rows".to_owned(),
        // `:rows` has to be in the statement in both.
        SaveMode::Merge => format!("(SELECT COUNT(*) FROM {} WHERE {condition}) + 0 * :rows", kind.data),
    };
    let sql = format!(
        "UPDATE {table} SET \"count\" = {count}, \"start\" = MIN(\"start\", :first), \"end\" = MAX(\"end\", :last) \
         WHERE {condition}"
    );
    transaction.prepare_cached(&sql)?.execute(named_params! {
        ":symbol": symbol,
        ":exchange": exchange,
        ":rows": i64::try_from(added.rows).unwrap_or(i64::MAX),
        ":first": added.first,
        ":last": added.last,
    })?;
    Ok(())
}

/// How many rows of it are stored.
pub(crate) fn count(connection: &Connection, series: &Series) -> Result<u64, HistoryError> {
    let sql = format!("SELECT COUNT(*) FROM {} WHERE {}", series.kind().data, series.condition());
    let key = named_params! {":symbol": series.symbol.as_str(), ":exchange": series.exchange.value()};
    Ok(connection.prepare_cached(&sql)?.query_row(key, |row| row.get::<_, i64>(0))?.unsigned_abs())
}

/// Removes the rows and their overview; how many rows there were.
pub(crate) fn delete(connection: &mut Connection, series: &Series) -> Result<u64, HistoryError> {
    let kind = series.kind();
    let condition = series.condition();
    let key = named_params! {":symbol": series.symbol.as_str(), ":exchange": series.exchange.value()};
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let removed = transaction.execute(&format!("DELETE FROM {} WHERE {condition}", kind.data), key)?;
    transaction.execute(&format!("DELETE FROM {} WHERE {condition}", kind.overview), key)?;
    transaction.commit()?;
    Ok(removed as u64)
}

/// Makes all overviews of bars or ticks from the rows themselves.
fn rebuild(connection: &Connection, kind: &Kind) -> Result<(), HistoryError> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    // Another program may have been quicker.
    let sql = format!("INSERT OR REPLACE INTO {} {} GROUP BY {}", kind.overview, kind.counted(), kind.key);
    transaction.execute(&sql, [])?;
    Ok(transaction.commit()?)
}

impl Series {
    fn kind(&self) -> &'static Kind {
        if self.interval.is_some() { &BARS } else { &TICKS }
    }

    /// For `WHERE`, with `:symbol` and `:exchange`; an interval's text is one of ours and needs no place.
    fn condition(&self) -> String {
        let interval = self.interval.map(|interval| format!(" AND interval = '{}'", value(interval)));
        format!("symbol = :symbol AND exchange = :exchange{}", interval.unwrap_or_default())
    }
}

impl Kind {
    /// `INSERT INTO overview` goes before this, a condition and the groups behind it.
    fn counted(&self) -> String {
        let (key, data) = (self.key, self.data);
        format!(
            "({key}, \"count\", \"start\", \"end\") SELECT {key}, COUNT(*), MIN(datetime), MAX(datetime) FROM {data}"
        )
    }

    fn read(&self, connection: &Connection, clock: &Clock) -> Result<Vec<Found>, HistoryError> {
        let (table, interval) = (self.overview, self.interval);
        let sql = format!(
            "SELECT symbol, exchange, {interval}, \"count\", \"start\", \"end\" FROM {table} ORDER BY {}",
            self.key
        );
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let Some(exchange) = Exchange::parse(&row.get::<_, String>(1)?) else { continue };
            let (start, end): (String, String) = (row.get(4)?, row.get(5)?);
            let time = |column, text: String| clock.read(&text).ok_or(HistoryError::Row { table, column, value: text });
            found.push(Found {
                symbol: Text::from(row.get::<_, String>(0)?),
                exchange,
                interval: row.get(2)?,
                count: row.get::<_, i64>(3)?.max(0).unsigned_abs(),
                start: time("start", start)?,
                end: time("end", end)?,
            });
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests;
