//! Python's `datetime` as VeighNa uses it: wall-clock fields, and perhaps a zone with its offset at that moment.
//!
//! `Display` prints what Python's `str()` prints, because that is what the classic API answers. The offset of a
//! named zone is computed once, when the value is made, from the zone database that is built in.

use crate::Text;
use jiff::civil;
use jiff::tz::{Offset as JiffOffset, TimeZone};
use std::fmt;

/// The zone of a [`DateTime`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Zone {
    /// No zone: Python's naive datetime.
    Naive,
    /// A zone of the database, with the offset east of UTC in seconds at this moment.
    Named {
        /// IANA name, for example `Asia/Shanghai`.
        name: Text,
        /// Seconds east of UTC.
        offset: i32,
    },
    /// A fixed offset east of UTC in seconds.
    Fixed {
        /// Seconds east of UTC.
        offset: i32,
    },
}

/// The wall-clock fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Civil {
    /// 1 to 9999.
    pub year: i16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// 0 to 999,999.
    pub micro: u32,
}

/// A point in time as a trader reads it off a clock.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// What the clock shows.
    pub civil: Civil,
    /// Second pass through a repeated hour (Python's `fold`).
    pub fold: bool,
    /// Where the clock hangs.
    pub zone: Zone,
}

impl Civil {
    /// Checks the fields; `None` if there is no such moment on a calendar.
    pub fn new(date: (i16, u8, u8), time: (u8, u8, u8), micro: u32) -> Option<Civil> {
        let fits = |n: u8| i8::try_from(n).ok();
        let (year, month, day) = date;
        let (hour, minute, second) = time;
        let nanos = i32::try_from(micro).ok().filter(|m| *m < 1_000_000)? * 1000;
        if !(1..=9999).contains(&year) {
            return None;
        }
        civil::DateTime::new(year, fits(month)?, fits(day)?, fits(hour)?, fits(minute)?, fits(second)?, nanos).ok()?;
        Some(Civil { year, month, day, hour, minute, second, micro })
    }

    fn jiff(self) -> civil::DateTime {
        civil::datetime(
            self.year,
            self.month as i8,
            self.day as i8,
            self.hour as i8,
            self.minute as i8,
            self.second as i8,
            self.micro as i32 * 1000,
        )
    }

    fn from_jiff(at: civil::DateTime) -> Civil {
        Civil {
            year: at.year(),
            month: at.month() as u8,
            day: at.day() as u8,
            hour: at.hour() as u8,
            minute: at.minute() as u8,
            second: at.second() as u8,
            micro: (at.subsec_nanosecond() / 1000) as u32,
        }
    }

    /// Days since 1970-01-01 of the date (Hinnant's civil-from-days, proleptic Gregorian).
    pub fn days_since_epoch(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// Microseconds since 1970-01-01 00:00 on this same clock.
    pub fn micros_since_epoch(self) -> i64 {
        let seconds = i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        (self.days_since_epoch() * 86_400 + seconds) * 1_000_000 + i64::from(self.micro)
    }
}

impl DateTime {
    /// A naive time.
    pub fn naive(civil: Civil) -> DateTime {
        DateTime { civil, fold: false, zone: Zone::Naive }
    }

    /// A time with a fixed offset east of UTC in seconds.
    pub fn fixed(civil: Civil, offset: i32) -> DateTime {
        DateTime { civil, fold: false, zone: Zone::Fixed { offset } }
    }

    /// A time of a named zone; `None` if the database does not have the zone.
    pub fn in_zone(civil: Civil, fold: bool, name: &str) -> Option<DateTime> {
        let offset = offset_of(civil, fold, name)?;
        Some(DateTime { civil, fold, zone: Zone::Named { name: Text::new(name), offset } })
    }

    /// The moment that many microseconds after 1970 UTC, on the clock of a named zone.
    pub fn from_unix_micros(micros: i64, zone: &str) -> Option<DateTime> {
        let timestamp = jiff::Timestamp::from_microsecond(micros).ok()?;
        let offset = if zone == "Asia/Shanghai" && micros > SHANGHAI_STEADY_SINCE_US {
            SHANGHAI_OFFSET
        } else {
            TimeZone::get(zone).ok()?.to_offset(timestamp).seconds()
        };
        let at = JiffOffset::from_seconds(offset).ok()?.to_datetime(timestamp);
        let civil = Civil::from_jiff(at);
        Some(DateTime { civil, fold: false, zone: Zone::Named { name: Text::new(zone), offset } })
    }

    /// Seconds east of UTC; `None` for a naive time.
    pub fn offset(&self) -> Option<i32> {
        match &self.zone {
            Zone::Naive => None,
            Zone::Named { offset, .. } | Zone::Fixed { offset } => Some(*offset),
        }
    }

    /// Microseconds since 1970 UTC; a naive time counts as UTC.
    pub fn unix_micros(&self) -> i64 {
        self.civil.micros_since_epoch() - i64::from(self.offset().unwrap_or(0)) * 1_000_000
    }

    /// RFC 3339 with offset; a naive time has none.
    pub fn rfc3339(&self) -> String {
        self.to_string().replacen(' ', "T", 1)
    }
}

/// Shanghai has kept UTC+8 without a break since September 1991; it is the zone of nearly every tick here.
const SHANGHAI_STEADY_SINCE_US: i64 = 694_224_000_000_000;
const SHANGHAI_OFFSET: i32 = 8 * 3600;

fn offset_of(civil: Civil, fold: bool, name: &str) -> Option<i32> {
    if name == "Asia/Shanghai" && civil.year >= 1992 {
        return Some(SHANGHAI_OFFSET);
    }
    // Python uses the offset before a gap or a repeated hour for fold=0 and the one after it for fold=1.
    let ambiguous = TimeZone::get(name).ok()?.to_ambiguous_zoned(civil.jiff());
    let offset = match ambiguous.offset() {
        jiff::tz::AmbiguousOffset::Unambiguous { offset } => offset,
        jiff::tz::AmbiguousOffset::Gap { before, after } | jiff::tz::AmbiguousOffset::Fold { before, after } => {
            if fold { after } else { before }
        }
    };
    Some(offset.seconds())
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let c = &self.civil;
        write!(f, "{:04}-{:02}-{:02} {:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second)?;
        if c.micro != 0 {
            write!(f, ".{:06}", c.micro)?;
        }
        let Some(offset) = self.offset() else { return Ok(()) };
        let size = offset.unsigned_abs();
        let sign = if offset < 0 { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", size / 3600, size / 60 % 60)?;
        if size % 60 != 0 {
            write!(f, ":{:02}", size % 60)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
