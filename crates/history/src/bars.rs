//! Bars: to rows and back.

use crate::HistoryError;
use crate::clock::Clock;
use crate::database::{Database, SaveMode};
use crate::overview::{self, Added};
use crate::schema::{BAR_COLUMNS, insert_sql, select_sql};
use crate::series::{Series, value};
use domain::{BarData, DateTime, Exchange, Interval, Language, Text};
use rusqlite::{Row, Transaction, TransactionBehavior, params};

const TABLE: &str = "dbbardata";

/// The gateway that VeighNa names in what it loads from its database.
pub(crate) const SOURCE: &str = "DB";

impl Database {
    /// Stores the bars, all or none; one that is there already (same instrument, interval and time) is replaced. They may
    /// be of several instruments and intervals, in any order. A naive time is taken to be of the database's zone.
    ///
    /// # Errors
    /// [`HistoryError::Unstorable`] for a bar without an interval or with a number that is none (NaN);
    /// [`HistoryError::Locked`] and [`HistoryError::Failed`] from the file.
    pub fn save_bars(&mut self, bars: &[BarData], mode: SaveMode) -> Result<(), HistoryError> {
        if bars.is_empty() {
            return Ok(());
        }
        let mut writer = BarWriter::begin(self)?;
        for bar in bars {
            writer.add(bar)?;
        }
        writer.finish(mode)
    }

    /// The bars of one instrument from `start` to `end`, both included, by time. Bounds and bars are compared by what the
    /// database's clock shows; a naive bound is of its zone. The times come in the database's zone, the gateway's name is
    /// `DB` as in VeighNa.
    ///
    /// # Errors
    /// [`HistoryError::Row`] for a row that VeighNa could not have written; those of the file.
    pub fn load_bars(
        &self,
        symbol: &str,
        exchange: Exchange,
        interval: Interval,
        start: &DateTime,
        end: &DateTime,
    ) -> Result<Vec<BarData>, HistoryError> {
        let mut bars = Vec::new();
        self.each_bar(symbol, exchange, interval, (start, end), |bar| {
            bars.push(bar);
            Ok::<(), HistoryError>(())
        })?;
        Ok(bars)
    }

    /// [`Database::load_bars`] one by one, for more of them than should be in memory. Nothing is locked while `take` has its
    /// time with them: they are read some at a time, and what is changed behind them meanwhile is told as it is then.
    ///
    /// # Errors
    /// Those of [`Database::load_bars`], and what `take` answers.
    pub fn each_bar<E: From<HistoryError>>(
        &self,
        symbol: &str,
        exchange: Exchange,
        interval: Interval,
        range: (&DateTime, &DateTime),
        take: impl FnMut(BarData) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!(
            "{} WHERE symbol = ?1 AND exchange = ?2 AND datetime BETWEEN ?3 AND ?4 AND interval = '{}' ORDER BY datetime",
            select_sql(TABLE, BAR_COLUMNS),
            value(interval)
        );
        crate::pages::each(self, &sql, (symbol, exchange), range, |row| read(row, &self.clock), take)
    }

    /// Removes all bars of one instrument and interval, and its overview; how many there were.
    ///
    /// # Errors
    /// Those of the file.
    pub fn delete_bars(&mut self, symbol: &str, exchange: Exchange, interval: Interval) -> Result<u64, HistoryError> {
        self.delete(&Series::bars(symbol, exchange, interval))
    }
}

/// Bars on their way into the file, in one transaction that is undone unless it is finished.
struct BarWriter<'a> {
    transaction: Transaction<'a>,
    clock: &'a Clock,
    sql: String,
    added: Vec<Added>,
}

impl<'a> BarWriter<'a> {
    fn begin(database: &'a mut Database) -> Result<BarWriter<'a>, HistoryError> {
        let transaction = database.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let sql = insert_sql(TABLE, BAR_COLUMNS);
        Ok(BarWriter { transaction, clock: &database.clock, sql, added: Vec::new() })
    }

    fn add(&mut self, bar: &BarData) -> Result<(), HistoryError> {
        let interval = bar.interval.ok_or_else(|| unstorable(bar, "it has no interval"))?;
        let numbers = numbers(bar)?;
        let at = self.clock.text(&bar.datetime)?;
        let [volume, turnover, open_interest, open, high, low, close] = numbers;
        self.transaction.prepare_cached(&self.sql)?.execute(params![
            bar.symbol.as_str(),
            bar.exchange.value(),
            at,
            value(interval),
            volume,
            turnover,
            open_interest,
            open,
            high,
            low,
            close
        ])?;
        let is_same = |series: &Series| {
            series.interval == Some(interval) && series.symbol == bar.symbol && series.exchange == bar.exchange
        };
        overview::note(&mut self.added, is_same, || Series::bars(&bar.symbol, bar.exchange, interval), at);
        Ok(())
    }

    fn finish(self, mode: SaveMode) -> Result<(), HistoryError> {
        for added in &self.added {
            overview::update(&self.transaction, added, mode)?;
        }
        Ok(self.transaction.commit()?)
    }
}

/// The numbers of a bar in the order of the table.
fn numbers(bar: &BarData) -> Result<[f64; 7], HistoryError> {
    let numbers =
        [bar.volume, bar.turnover, bar.open_interest, bar.open_price, bar.high_price, bar.low_price, bar.close_price];
    match numbers.iter().any(|number| number.is_nan()) {
        true => Err(unstorable(bar, "one of its numbers is NaN, for which VeighNa's tables have no room")),
        false => Ok(numbers),
    }
}

fn unstorable(bar: &BarData, why: &str) -> HistoryError {
    let what = format!("the bar of {} at {}", bar.vt_symbol(), bar.datetime);
    HistoryError::Unstorable { what, why: why.to_owned() }
}

fn read(row: &Row<'_>, clock: &Clock) -> Result<BarData, HistoryError> {
    let at = row.get_ref(2)?;
    let datetime = at.as_str().ok().and_then(|text| clock.read(text));
    let exchange: String = row.get(1)?;
    let interval: String = row.get(3)?;
    Ok(BarData {
        gateway_name: Text::const_new(SOURCE),
        symbol: Text::from(row.get_ref(0)?.as_str().map_err(|_| wrong("symbol", "no text"))?),
        exchange: Exchange::parse(&exchange).ok_or_else(|| wrong("exchange", &exchange))?,
        datetime: datetime.ok_or_else(|| wrong("datetime", at.as_str().unwrap_or("no text")))?,
        interval: Some(Interval::from_value(&interval, Language::En).ok_or_else(|| wrong("interval", &interval))?),
        volume: row.get(4)?,
        turnover: row.get(5)?,
        open_interest: row.get(6)?,
        open_price: row.get(7)?,
        high_price: row.get(8)?,
        low_price: row.get(9)?,
        close_price: row.get(10)?,
    })
}

fn wrong(column: &'static str, value: &str) -> HistoryError {
    HistoryError::Row { table: TABLE, column, value: value.to_owned() }
}

#[cfg(test)]
mod tests;
