//! Lengths of bars, and where each of them begins on the clock.

use super::trading_day::{date_of, midnight};
use crate::{Civil, DateTime, Interval};

/// Length of a bar as charts have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// One minute.
    M1,
    /// Five minutes.
    M5,
    /// A quarter of an hour.
    M15,
    /// Half an hour.
    M30,
    /// One hour.
    H1,
    /// One trading day.
    Day,
    /// The trading days from Monday to Sunday.
    Week,
}

impl Period {
    /// Every length, shortest first.
    pub const ALL: [Period; 7] =
        [Period::M1, Period::M5, Period::M15, Period::M30, Period::H1, Period::Day, Period::Week];

    /// Its name in the API: `1m`, `5m`, …, `1h`, `d`, `w`.
    pub const fn name(self) -> &'static str {
        match self {
            Period::M1 => "1m",
            Period::M5 => "5m",
            Period::M15 => "15m",
            Period::M30 => "30m",
            Period::H1 => "1h",
            Period::Day => "d",
            Period::Week => "w",
        }
    }

    /// The length of that name.
    pub fn from_name(name: &str) -> Option<Period> {
        Period::ALL.into_iter().find(|period| period.name() == name)
    }

    /// Minutes of a window on the clock; `None` for what goes by trading days.
    pub const fn minutes(self) -> Option<u8> {
        match self {
            Period::M1 => Some(1),
            Period::M5 => Some(5),
            Period::M15 => Some(15),
            Period::M30 => Some(30),
            Period::H1 => Some(60),
            Period::Day | Period::Week => None,
        }
    }

    /// VeighNa's interval of that length. Windows of several minutes have none there, nor have their bars.
    pub const fn interval(self) -> Option<Interval> {
        match self {
            Period::M1 => Some(Interval::Minute),
            Period::H1 => Some(Interval::Hour),
            Period::Day => Some(Interval::Daily),
            Period::Week => Some(Interval::Weekly),
            Period::M5 | Period::M15 | Period::M30 => None,
        }
    }

    /// Tells the bars of this length apart: two bars with the same key cover the same time. For a day and a week the
    /// moment is read as a date on its own clock.
    pub fn key(self, at: &DateTime) -> i64 {
        match self {
            Period::Day => date_of(at),
            Period::Week => monday(date_of(at)),
            Period::M1 | Period::M5 | Period::M15 | Period::M30 | Period::H1 => self.begin(at).unix_micros(),
        }
    }

    /// Begin of the window that the moment lies in, on the moment's own clock.
    pub fn begin(self, at: &DateTime) -> DateTime {
        let Some(minutes) = self.minutes() else {
            let day = date_of(at);
            return midnight(if self == Period::Week { monday(day) } else { day }, &at.zone);
        };
        // Windows are parts of an hour, and clocks are changed at full or half hours: the offset stays.
        let minute = at.civil.minute - at.civil.minute % minutes;
        DateTime { civil: Civil { minute, second: 0, micro: 0, ..at.civil }, ..at.clone() }
    }
}

/// Day number of the Monday of that week.
pub(super) fn monday(day: i64) -> i64 {
    // Day 0 was a Thursday.
    day - (day + 3).rem_euclid(7)
}
