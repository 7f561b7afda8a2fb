//! One row's cells by the names of their columns, read as numbers, prices and times.

use super::fault::Kind;
use crate::instruments::{Instrument, Ticks, days};
use domain::price;

/// Prices that CTP writes where there is none.
const NO_PRICE: f64 = 1e300;
/// Beijing is this far east of UTC.
const SHANGHAI_US: i64 = 8 * 3_600_000_000;
const DAY_US: i64 = 86_400_000_000;

/// A fault and the place of the column that it is in.
pub(super) type CellFault = (Option<usize>, Kind);

/// The header's columns.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    pub(super) names: Vec<String>,
}

/// A row's cells, with the columns that they belong to.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub(super) columns: &'a Columns,
    pub(super) cells: &'a [&'a str],
}

impl Columns {
    pub(super) fn new(header: &str) -> Columns {
        Columns { names: header.split(',').map(|name| name.trim().to_owned()).collect() }
    }

    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known.eq_ignore_ascii_case(name))
    }

    pub(super) fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.place(name).is_some())
    }
}

impl<'a> Cells<'a> {
    /// A cell's text, empty where there is no such column.
    pub(super) fn text(&self, name: &str) -> &'a str {
        self.columns.place(name).and_then(|place| self.cells.get(place)).map_or("", |cell| cell.trim())
    }

    /// A number that is not negative; 0 for an empty cell or a missing column.
    pub(super) fn number(&self, name: &str) -> Result<f64, CellFault> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(0.0);
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() && number >= 0.0 => Ok(number),
            Ok(number) if number.is_finite() => Err(self.fault(name, Kind::Negative(text.to_owned()))),
            _ => Err(self.fault(name, Kind::Number(text.to_owned()))),
        }
    }

    /// A price in ticks; 0 where there is none.
    pub(super) fn price(&self, name: &str, instrument: &Instrument) -> Result<Ticks, CellFault> {
        let number = self.number(name)?;
        if number > NO_PRICE {
            return Ok(0);
        }
        let fits = number / instrument.pricetick < 1e15;
        if !fits || !price::on_step(number, instrument.pricetick) {
            return Err(self.fault(name, Kind::Tick(self.text(name).to_owned(), instrument.pricetick)));
        }
        Ok(instrument.ticks(number))
    }

    /// A price that must be there.
    pub(super) fn needed_price(&self, name: &str, instrument: &Instrument) -> Result<Ticks, CellFault> {
        match self.price(name, instrument)? {
            0 => Err(self.fault(name, Kind::Number(self.text(name).to_owned()))),
            ticks => Ok(ticks),
        }
    }

    /// A limit: unlike a price it may be anything that the exchange wrote, to the nearest tick.
    pub(super) fn limit(&self, name: &str, instrument: &Instrument) -> Result<Ticks, CellFault> {
        let number = self.number(name)?;
        Ok(if number > 1e12 { 0 } else { instrument.ticks(number) })
    }

    pub(super) fn fault(&self, name: &str, kind: Kind) -> CellFault {
        (self.columns.place(name), kind)
    }

    /// `20210104` as a day number.
    pub(super) fn compact_day(&self, name: &str) -> Result<i64, CellFault> {
        let text = self.text(name);
        let day = (text.len() == 8).then(|| day_number(text.get(0..4)?, text.get(4..6)?, text.get(6..8)?)).flatten();
        day.ok_or_else(|| self.fault(name, Kind::Time(text.to_owned())))
    }

    /// `09:30:00` in microseconds of the day.
    pub(super) fn clock(&self, name: &str) -> Result<i64, CellFault> {
        let text = self.text(name);
        clock(text).ok_or_else(|| self.fault(name, Kind::Time(text.to_owned())))
    }

    /// `2023-09-25 09:01:00` of Beijing, or `2014-05-08T00:00:08.715Z`, in microseconds since 1970 UTC.
    pub(super) fn moment(&self, name: &str) -> Result<i64, CellFault> {
        let text = self.text(name);
        moment(text).ok_or_else(|| self.fault(name, Kind::Time(text.to_owned())))
    }

    /// Milliseconds since 1970 UTC, in microseconds.
    pub(super) fn unix_ms(&self, name: &str) -> Result<i64, CellFault> {
        let text = self.text(name);
        // Until the year 9999, so that no later sum overflows.
        let fits = text.parse::<i64>().ok().filter(|ms| (0..253_402_300_800_000).contains(ms));
        fits.map(|ms| ms * 1000).ok_or_else(|| self.fault(name, Kind::Time(text.to_owned())))
    }
}

/// The moment of a Beijing day number and a time of that day.
pub(super) fn in_shanghai(day: i64, of_day_us: i64) -> i64 {
    day * DAY_US + of_day_us - SHANGHAI_US
}

fn moment(text: &str) -> Option<i64> {
    let (date, rest) = (text.get(0..10)?, text.get(11..)?);
    let mut parts = date.split('-');
    let day = day_number(parts.next()?, parts.next()?, parts.next()?)?;
    match (text.as_bytes().get(10)?, rest.strip_suffix('Z')) {
        (b'T', Some(utc)) => Some(day * DAY_US + clock(utc)?),
        (b' ' | b'T', None) => Some(in_shanghai(day, clock(rest)?)),
        _ => None,
    }
}

/// `09:30:00` or `09:30:00.715`.
fn clock(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let mut fields = whole.split(':').map(|field| field.parse::<u8>().ok().filter(|_| field.len() == 2));
    let (hour, minute, second) = (fields.next()??, fields.next()??, fields.next()??);
    let digits = part.bytes().all(|b| b.is_ascii_digit()) && part.len() <= 6;
    if fields.next().is_some() || hour > 23 || minute > 59 || second > 59 || !digits {
        return None;
    }
    let micros: i64 = format!("{part:0<6}").parse().ok()?;
    Some((i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second)) * 1_000_000 + micros)
}

fn day_number(year: &str, month: &str, day: &str) -> Option<i64> {
    let (year, month, day) = (year.parse::<i16>().ok()?, month.parse::<u8>().ok()?, day.parse::<u8>().ok()?);
    domain::Civil::new((year, month, day), (0, 0, 0), 0)?;
    Some(days(i64::from(year), month, day))
}
