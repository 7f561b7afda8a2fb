//! What the file has many rows of: one instrument's bars of one interval, or its ticks.

use crate::{Database, HistoryError};
use domain::{Exchange, Interval, Language, Text, VtSymbol};
use std::fmt;

/// One instrument's bars of one interval, or its ticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
    /// Length of the bars; `None` for ticks.
    pub interval: Option<Interval>,
}

impl Series {
    /// The bars of an instrument.
    pub fn bars(symbol: &str, exchange: Exchange, interval: Interval) -> Series {
        Series { symbol: Text::new(symbol), exchange, interval: Some(interval) }
    }

    /// The ticks of an instrument.
    pub fn ticks(symbol: &str, exchange: Exchange) -> Series {
        Series { symbol: Text::new(symbol), exchange, interval: None }
    }

    /// The series of a name like `rb2401.SHFE` and an interval `1m`, `1h`, `d`, `w` or `tick`.
    ///
    /// # Errors
    /// [`HistoryError::Series`] if one of them is not like that.
    pub fn parse(vt_symbol: &str, interval: &str) -> Result<Series, HistoryError> {
        let wrong = |why: &str| HistoryError::Series(format!("{vt_symbol} {interval}"), why.to_owned());
        let name = VtSymbol::from(vt_symbol);
        let parts = name.split().filter(|(symbol, _)| !symbol.is_empty());
        let (symbol, exchange) = parts.ok_or_else(|| wrong("it should begin like rb2401.SHFE"))?;
        match Interval::from_value(interval, Language::En) {
            Some(Interval::Tick) => Ok(Series::ticks(symbol, exchange)),
            Some(interval) => Ok(Series::bars(symbol, exchange, interval)),
            None => Err(wrong("its end should be 1m, 1h, d, w or tick")),
        }
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} {}", self.symbol, self.exchange, value(self.interval.unwrap_or(Interval::Tick)))
    }
}

impl Database {
    /// Removes all of a series, and its overview; how many rows there were.
    ///
    /// # Errors
    /// Those of the file.
    pub fn delete(&mut self, series: &Series) -> Result<u64, HistoryError> {
        crate::overview::delete(&mut self.connection, series)
    }

    /// How many rows of a series there are, counted.
    ///
    /// # Errors
    /// Those of the file.
    pub fn count(&self, series: &Series) -> Result<u64, HistoryError> {
        crate::overview::count(&self.connection, series)
    }
}

/// An interval as it stands in the file; both languages have the same.
pub(crate) fn value(interval: Interval) -> &'static str {
    interval.value(Language::En)
}

#[cfg(test)]
mod tests;
