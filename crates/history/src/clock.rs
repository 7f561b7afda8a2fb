//! The clock of the database: VeighNa stores what a clock in `database.timezone` shows, without its zone.
//!
//! A clock that is put back shows an hour twice, and one that is put forward leaves one out:
//!
//! - Two moments of a repeated hour have one text. Writing the second replaces the first, as it does in VeighNa; reading
//!   gives the first pass. A zone without such hours (`Asia/Shanghai`, `UTC`) loses nothing.
//! - A text of an hour that was left out can only come from another program. It is read with the offset from before, as
//!   Python does it: 02:30 becomes the moment at which the clock showed 03:30.

use crate::HistoryError;
use crate::stamp::Stamp;
use domain::{Civil, DateTime, Text, Zone};
use jiff::tz::TimeZone;

/// Converts between moments and the texts in the file.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    zone: Text,
}

impl Clock {
    pub(crate) fn new(zone: &str) -> Result<Clock, HistoryError> {
        TimeZone::get(zone).map_err(|_| HistoryError::Zone(zone.to_owned()))?;
        Ok(Clock { zone: Text::new(zone) })
    }

    pub(crate) fn zone(&self) -> &str {
        &self.zone
    }

    /// What this clock shows at that moment; a time without a zone is taken to be of this clock.
    pub(crate) fn shows(&self, at: &DateTime) -> Result<Civil, HistoryError> {
        match &at.zone {
            Zone::Naive => return Ok(at.civil),
            // Python's `astimezone` also leaves alone what is in the zone already.
            Zone::Named { name, .. } if *name == self.zone => return Ok(at.civil),
            Zone::Named { .. } | Zone::Fixed { .. } => {}
        }
        let here = DateTime::from_unix_micros(at.unix_micros(), &self.zone);
        let civil = here.map(|here| here.civil).filter(|civil| (1..=9999).contains(&civil.year));
        civil.ok_or_else(|| HistoryError::Unstorable {
            what: format!("the time {at}"),
            why: format!("it is outside of the years 1 to 9999 in {}", self.zone),
        })
    }

    /// The text of that moment in the file.
    pub(crate) fn text(&self, at: &DateTime) -> Result<String, HistoryError> {
        Ok(DateTime::naive(self.shows(at)?).to_string())
    }

    /// The texts between which all of a range lies, both included.
    pub(crate) fn range(&self, start: &DateTime, end: &DateTime) -> Result<(String, String), HistoryError> {
        let (first, last) = (self.text(start)?, self.text(end)?);
        // Within a repeated hour the clock may show less at the end than at the start.
        let is_turned = last < first && self.moment(start) <= self.moment(end);
        Ok(if is_turned { (last, first) } else { (first, last) })
    }

    /// The moment that a text in the file stands for.
    pub(crate) fn read(&self, text: &str) -> Option<DateTime> {
        let stamp = Stamp::parse(text)?;
        let micros = match stamp.offset {
            Some(_) => stamp.datetime().unix_micros(),
            None => DateTime::in_zone(stamp.civil, false, &self.zone)?.unix_micros(),
        };
        DateTime::from_unix_micros(micros, &self.zone)
    }

    /// Microseconds since 1970 UTC.
    fn moment(&self, at: &DateTime) -> Option<i64> {
        match at.zone {
            Zone::Naive => DateTime::in_zone(at.civil, at.fold, &self.zone).map(|at| at.unix_micros()),
            Zone::Named { .. } | Zone::Fixed { .. } => Some(at.unix_micros()),
        }
    }
}

/// The name of the operating system's zone, which is VeighNa's default for `database.timezone`; `UTC` where it has none.
pub fn system_zone() -> String {
    let zone = TimeZone::try_system().ok();
    zone.as_ref().and_then(TimeZone::iana_name).unwrap_or("UTC").to_owned()
}

#[cfg(test)]
mod tests;
