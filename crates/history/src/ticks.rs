//! Ticks: to rows and back.

use crate::HistoryError;
use crate::bars::SOURCE;
use crate::clock::Clock;
use crate::database::{Database, SaveMode};
use crate::overview::{self, Added};
use crate::schema::{TICK_COLUMNS, insert_sql, select_sql};
use crate::series::Series;
use crate::stamp::Stamp;
use domain::{DateTime, Exchange, Text, TickData};
use rusqlite::types::Value;
use rusqlite::{Row, Transaction, TransactionBehavior, params_from_iter};

const TABLE: &str = "dbtickdata";
/// Columns before the numbers: symbol, exchange, datetime, name.
const BEFORE: usize = 4;

impl Database {
    /// Stores the ticks, all or none; one that is there already (same instrument and time) is replaced. A number that was
    /// `None` on the wire becomes NULL in levels 2 to 5 and 0 elsewhere, where VeighNa's table takes no NULL. A naive
    /// time is taken to be of the database's zone.
    ///
    /// # Errors
    /// [`HistoryError::Unstorable`] for a tick without a time or with a number that is none (NaN); those of the file.
    pub fn save_ticks(&mut self, ticks: &[TickData], mode: SaveMode) -> Result<(), HistoryError> {
        if ticks.is_empty() {
            return Ok(());
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let added = insert(&transaction, &self.clock, ticks)?;
        for added in &added {
            overview::update(&transaction, added, mode)?;
        }
        Ok(transaction.commit()?)
    }

    /// The ticks of one instrument from `start` to `end`, both included, by time; bounds, times and the gateway's name as
    /// with [`Database::load_bars`]. A NULL is 0 and noted in [`TickData::forms`].
    ///
    /// # Errors
    /// [`HistoryError::Row`] for a row that VeighNa could not have written; those of the file.
    pub fn load_ticks(
        &self,
        symbol: &str,
        exchange: Exchange,
        start: &DateTime,
        end: &DateTime,
    ) -> Result<Vec<TickData>, HistoryError> {
        let mut ticks = Vec::new();
        self.each_tick(symbol, exchange, (start, end), |tick| {
            ticks.push(tick);
            Ok::<(), HistoryError>(())
        })?;
        Ok(ticks)
    }

    /// [`Database::load_ticks`] one by one, as [`Database::each_bar`].
    ///
    /// # Errors
    /// Those of [`Database::load_ticks`], and what `take` answers.
    pub fn each_tick<E: From<HistoryError>>(
        &self,
        symbol: &str,
        exchange: Exchange,
        range: (&DateTime, &DateTime),
        take: impl FnMut(TickData) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!(
            "{} WHERE symbol = ?1 AND exchange = ?2 AND datetime BETWEEN ?3 AND ?4 ORDER BY datetime",
            select_sql(TABLE, TICK_COLUMNS)
        );
        crate::pages::each(self, &sql, (symbol, exchange), range, |row| read(row, &self.clock), take)
    }

    /// Removes all ticks of one instrument, and its overview; how many there were.
    ///
    /// # Errors
    /// Those of the file.
    pub fn delete_ticks(&mut self, symbol: &str, exchange: Exchange) -> Result<u64, HistoryError> {
        self.delete(&Series::ticks(symbol, exchange))
    }
}

fn insert(transaction: &Transaction<'_>, clock: &Clock, ticks: &[TickData]) -> Result<Vec<Added>, HistoryError> {
    let mut statement = transaction.prepare_cached(&insert_sql(TABLE, TICK_COLUMNS))?;
    let mut added = Vec::new();
    for tick in ticks {
        let at = tick.datetime.as_ref().ok_or_else(|| unstorable(tick, "it has no time"))?;
        let at = clock.text(at)?;
        statement.execute(params_from_iter(values(tick, &at)?))?;
        let is_same = |series: &Series| series.symbol == tick.symbol && series.exchange == tick.exchange;
        overview::note(&mut added, is_same, || Series::ticks(&tick.symbol, tick.exchange), at);
    }
    Ok(added)
}

fn values(tick: &TickData, at: &str) -> Result<Vec<Value>, HistoryError> {
    let mut values = Vec::with_capacity(TICK_COLUMNS.len());
    for text in [tick.symbol.as_str(), tick.exchange.value(), at, tick.name.as_str()] {
        values.push(Value::Text(text.to_owned()));
    }
    for (index, column) in TickData::NUMBERS.iter().enumerate() {
        let number = tick.number(index);
        if number.is_nan() {
            return Err(unstorable(tick, "one of its numbers is NaN, for which VeighNa's tables have no room"));
        }
        let is_null = tick.forms.is_null(index as u32) && is_deep(column);
        values.push(if is_null { Value::Null } else { Value::Real(number) });
    }
    // VeighNa writes this one as it stands, with its offset if it has one.
    values.push(tick.localtime.as_ref().map_or(Value::Null, |at| Value::Text(at.to_string())));
    Ok(values)
}

/// Whether the column is of levels 2 to 5.
pub(crate) fn is_deep(column: &str) -> bool {
    ["_2", "_3", "_4", "_5"].iter().any(|ending| column.ends_with(ending))
}

fn unstorable(tick: &TickData, why: &str) -> HistoryError {
    let at = tick.datetime.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
    HistoryError::Unstorable { what: format!("the tick of {}{at}", tick.vt_symbol), why: why.to_owned() }
}

fn read(row: &Row<'_>, clock: &Clock) -> Result<TickData, HistoryError> {
    let (symbol, exchange, at): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let datetime = clock.read(&at).ok_or_else(|| wrong("datetime", &at))?;
    let exchange = Exchange::parse(&exchange).ok_or_else(|| wrong("exchange", &exchange))?;
    let mut tick = TickData::new(SOURCE, &symbol, exchange, Some(datetime));
    tick.name = Text::from(row.get::<_, String>(3)?);
    for index in 0..TickData::NUMBERS.len() {
        match row.get::<_, Option<f64>>(BEFORE + index)? {
            Some(number) => tick.set_number(index, number),
            None => tick.forms.set_null(index as u32),
        }
    }
    if let Some(at) = row.get::<_, Option<String>>(BEFORE + TickData::NUMBERS.len())? {
        tick.localtime = Some(Stamp::parse(&at).ok_or_else(|| wrong("localtime", &at))?.datetime());
    }
    Ok(tick)
}

fn wrong(column: &'static str, value: &str) -> HistoryError {
    HistoryError::Row { table: TABLE, column, value: value.to_owned() }
}

#[cfg(test)]
mod tests;
