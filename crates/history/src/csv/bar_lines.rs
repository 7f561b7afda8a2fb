//! Lines of bars: which column is what, and what a line says.

use super::CsvError;
use super::header::{Header, number};
use super::moment::Times;
use crate::stage::Row;
use rusqlite::types::Value;
use std::borrow::Cow;

/// Names of the columns. The defaults are those of VeighNa's data manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Beginning of the bar.
    pub datetime: String,
    /// First price.
    pub open: String,
    /// Highest price.
    pub high: String,
    /// Lowest price.
    pub low: String,
    /// Last price.
    pub close: String,
    /// Volume within the bar.
    pub volume: String,
    /// Turnover within the bar; `None`: `turnover` if there is such a column, and else 0.
    pub turnover: Option<String>,
    /// Open interest at the end; `None`: `open_interest` if there is such a column, and else 0.
    pub open_interest: Option<String>,
}

impl Default for Columns {
    fn default() -> Columns {
        let [datetime, open, high, low, close, volume] =
            ["datetime", "open", "high", "low", "close", "volume"].map(str::to_owned);
        Columns { datetime, open, high, low, close, volume, turnover: None, open_interest: None }
    }
}

/// Makes bars of lines.
pub(super) struct BarLines<'a> {
    datetime: usize,
    /// What stands in the table behind the time, in its order: where it is, and what it is called.
    numbers: [(Option<usize>, &'a str); 7],
}

impl<'a> BarLines<'a> {
    pub(super) fn find(header: &Header, columns: &'a Columns) -> Result<BarLines<'a>, CsvError> {
        let need = |name: &'a str| header.need(name).map(|place| (Some(place), name));
        let may = |given: &'a Option<String>, usual: &'a str| match given {
            Some(name) => need(name),
            None => header.find(usual).map(|place| (place, usual)),
        };
        Ok(BarLines {
            datetime: header.need(&columns.datetime)?,
            numbers: [
                need(&columns.volume)?,
                may(&columns.turnover, "turnover")?,
                may(&columns.open_interest, "open_interest")?,
                need(&columns.open)?,
                need(&columns.high)?,
                need(&columns.low)?,
                need(&columns.close)?,
            ],
        })
    }

    pub(super) fn row(&self, fields: &[Cow<'_, str>], times: &Times) -> Result<Row, String> {
        let at = times.read(&fields[self.datetime])?;
        let value = |(place, name): &(Option<usize>, &str)| match place {
            Some(place) => number(&fields[*place], name),
            None => Ok(0.0),
        };
        let values = self.numbers.iter().map(|column| value(column).map(Value::Real)).collect::<Result<_, _>>()?;
        Ok(Row { at, values })
    }
}
