//! Times in CSV files: text in the file's own zone, to moments and back.

use crate::HistoryError;
use crate::stamp::Stamp;
use domain::{Civil, DateTime};
use jiff::civil;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

/// How a file writes its times.
#[derive(Clone, Debug)]
pub(crate) struct Times {
    zone: String,
    known: TimeZone,
    /// As for `strptime`; ISO where it is not given.
    format: Option<String>,
}

impl Times {
    pub(crate) fn new(zone: &str, format: Option<&str>) -> Result<Times, HistoryError> {
        let known = TimeZone::get(zone).map_err(|_| HistoryError::Zone(zone.to_owned()))?;
        Ok(Times { zone: zone.to_owned(), known, format: format.map(str::to_owned) })
    }

    /// The moment meant by a text, or why there is none. An hour that the clock shows twice is its first pass, as Python
    /// takes it; give the offset with the time to say which.
    pub(crate) fn read(&self, text: &str) -> Result<DateTime, String> {
        let stamp = match &self.format {
            Some(format) => formatted(format, text)?,
            None => Stamp::parse(text).ok_or_else(|| {
                format!("{text:?} is no time like 2024-01-31 21:00:00; is another time format needed?")
            })?,
        };
        if stamp.offset.is_some() {
            return Ok(stamp.datetime());
        }
        if self.is_left_out(stamp.civil) {
            return Err(format!(
                "{text} is not on the clock in {}, which was put forward then: is the zone right?",
                self.zone
            ));
        }
        DateTime::in_zone(stamp.civil, false, &self.zone)
            .ok_or_else(|| format!("{text} is not a time in {}", self.zone))
    }

    /// The text that is read as this moment: what the file's clock shows, with the offset where that alone would not do.
    pub(crate) fn write(&self, at: &DateTime) -> String {
        let Some(here) = DateTime::from_unix_micros(at.unix_micros(), &self.zone) else { return at.to_string() };
        let again = DateTime::in_zone(here.civil, false, &self.zone);
        let is_plain = again.is_some_and(|again| again.unix_micros() == here.unix_micros());
        if is_plain { DateTime::naive(here.civil).to_string() } else { here.to_string() }
    }

    fn is_left_out(&self, at: Civil) -> bool {
        let date = civil::Date::new(at.year, at.month as i8, at.day as i8);
        let time = civil::Time::new(at.hour as i8, at.minute as i8, at.second as i8, 0);
        let (Ok(date), Ok(time)) = (date, time) else { return true };
        let ambiguous = self.known.to_ambiguous_zoned(civil::DateTime::from_parts(date, time));
        matches!(ambiguous.offset(), jiff::tz::AmbiguousOffset::Gap { .. })
    }
}

fn formatted(format: &str, text: &str) -> Result<Stamp, String> {
    let wrong = |why: jiff::Error| format!("{text:?} is no time of the form {format:?}: {why}");
    let read = strtime::parse(format, text).map_err(wrong)?;
    let at = read.to_datetime().map_err(wrong)?;
    let part = |number: i8| number.unsigned_abs();
    let date = (at.year(), part(at.month()), part(at.day()));
    let time = (part(at.hour()), part(at.minute()), part(at.second()));
    let civil = Civil::new(date, time, at.subsec_nanosecond().unsigned_abs() / 1000);
    let civil = civil.ok_or_else(|| format!("{text:?} is not in the years 1 to 9999"))?;
    Ok(Stamp { civil, offset: read.offset().map(jiff::tz::Offset::seconds) })
}

#[cfg(test)]
mod tests;
