//! Lines of ticks: the database's own columns by their names, of which only the time and the last price have to be there.
//!
//! A number that is not there is 0; in levels 2 to 5, where a market has fewer, an empty field is none.

use super::CsvError;
use super::header::{Header, number};
use super::lines::quoted;
use super::moment::Times;
use crate::stage::Row;
use crate::stamp::Stamp;
use crate::ticks::is_deep;
use domain::TickData;
use rusqlite::types::Value;
use std::borrow::Cow;
use std::io::{self, Write};

const NAME: &str = "name";
const LOCALTIME: &str = "localtime";
const LAST_PRICE: &str = "last_price";

/// Makes ticks of lines.
pub(super) struct TickLines<'a> {
    datetime: usize,
    name: Option<usize>,
    /// In the order of [`TickData::NUMBERS`]: where it is, and what it is called.
    numbers: Vec<(Option<usize>, &'a str)>,
    localtime: Option<usize>,
}

impl<'a> TickLines<'a> {
    /// `renamed`: what is called otherwise in this file, as field and column.
    pub(super) fn find(
        header: &Header,
        datetime: &'a str,
        renamed: &'a [(String, String)],
    ) -> Result<TickLines<'a>, CsvError> {
        let is_known = |name: &str| TickData::NUMBERS.contains(&name) || [NAME, LOCALTIME].contains(&name);
        if let Some((name, _)) = renamed.iter().find(|(name, _)| !is_known(name)) {
            return Err(CsvError::NoField { name: name.clone() });
        }
        let find = |field: &'a str| match renamed.iter().find(|(name, _)| name == field) {
            Some((_, column)) => header.need(column).map(|place| (Some(place), column.as_str())),
            None if field == LAST_PRICE => header.need(field).map(|place| (Some(place), field)),
            None => header.find(field).map(|place| (place, field)),
        };
        Ok(TickLines {
            datetime: header.need(datetime)?,
            name: find(NAME)?.0,
            numbers: TickData::NUMBERS.iter().map(|field| find(field)).collect::<Result<_, _>>()?,
            localtime: find(LOCALTIME)?.0,
        })
    }

    pub(super) fn row(&self, fields: &[Cow<'_, str>], times: &Times) -> Result<Row, String> {
        let at = times.read(&fields[self.datetime])?;
        let text = |place: Option<usize>| place.map(|place| fields[place].as_ref()).unwrap_or_default();
        let mut values = vec![Value::Text(text(self.name).to_owned())];
        for (field, (place, column)) in TickData::NUMBERS.iter().zip(&self.numbers) {
            values.push(match place.map(|place| fields[place].as_ref()) {
                None => Value::Real(0.0),
                Some("") if is_deep(field) => Value::Null,
                Some(text) => Value::Real(number(text, column)?),
            });
        }
        values.push(match text(self.localtime) {
            "" => Value::Null,
            text => {
                let stamp = Stamp::parse(text).ok_or_else(|| format!("{LOCALTIME} is {text:?}, which is no time"))?;
                Value::Text(stamp.datetime().to_string())
            }
        });
        Ok(Row { at, values })
    }
}

/// What a tick has, for a message.
pub(super) fn names() -> String {
    [[NAME].as_slice(), TickData::NUMBERS.as_slice(), &[LOCALTIME]].concat().join(", ")
}

/// The first line of an export.
pub(super) fn header() -> String {
    format!("symbol,exchange,datetime,{NAME},{},{LOCALTIME}", TickData::NUMBERS.join(","))
}

/// A line of an export.
pub(super) fn write(output: &mut dyn Write, tick: &TickData, times: &Times) -> io::Result<()> {
    let at = tick.datetime.as_ref().map(|at| times.write(at)).unwrap_or_default();
    write!(output, "{},{},{at},{}", quoted(&tick.symbol), tick.exchange, quoted(&tick.name))?;
    for index in 0..TickData::NUMBERS.len() {
        match tick.forms.is_null(index as u32) {
            true => write!(output, ",")?,
            false => write!(output, ",{:?}", tick.number(index))?,
        }
    }
    // As it stands in the file: it may have no zone at all.
    writeln!(output, ",{}", tick.localtime.as_ref().map(ToString::to_string).unwrap_or_default())
}
