//! Which contract months are listed on a date, and when a month's contract ends.
//!
//! Exchanges' calendars differ in holidays; here every weekday trades, so a last trading day may be a day or two
//! off the real one. Days end at [`DAY_END_HOUR`] Beijing time.

use crate::limits::DAY_END_HOUR;

const DAY_US: i64 = 86_400_000_000;
const HOUR_US: i64 = 3_600_000_000;
/// Beijing is this far east of UTC.
const SHANGHAI_US: i64 = 8 * HOUR_US;

/// Months that a product lists.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Months {
    /// This one, the next, and the two quarter ends after them (index futures).
    Index,
    /// These months of each year.
    Of(&'static [u8]),
}

/// Last trading day within the delivery month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Expiry {
    /// The n-th Friday.
    Friday(i64),
    /// This day of the month.
    Day(i64),
    /// The last day of the month before.
    MonthBefore,
}

/// A contract month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month {
    pub(crate) year: i64,
    pub(crate) month: u8,
}

impl Month {
    /// The month that the moment lies in, Beijing time.
    pub(crate) fn of(unix_us: i64) -> Month {
        let (year, month, _) = civil((unix_us + SHANGHAI_US).div_euclid(DAY_US));
        Month { year, month }
    }

    pub(crate) fn next(self) -> Month {
        match self.month {
            12 => Month { year: self.year + 1, month: 1 },
            month => Month { year: self.year, month: month + 1 },
        }
    }

    /// Day number of its first day.
    pub(crate) fn first_day(self) -> i64 {
        days(self.year, self.month, 1)
    }

    /// `2605`.
    pub(crate) fn four(self) -> String {
        format!("{:02}{:02}", self.year.rem_euclid(100), self.month)
    }

    /// `605`, as CZCE writes it.
    pub(crate) fn three(self) -> String {
        format!("{}{:02}", self.year.rem_euclid(10), self.month)
    }
}

impl Expiry {
    /// End of the last trading day of that month's contract, microseconds since 1970 UTC.
    pub(crate) fn end_us(self, month: Month) -> i64 {
        let first = month.first_day();
        let day = match self {
            // 1970-01-01 was a Thursday: day number 1 is a Friday.
            Expiry::Friday(nth) => first + (1 - first).rem_euclid(7) + 7 * (nth - 1),
            Expiry::Day(day) => first + day - 1,
            Expiry::MonthBefore => first - 1,
        };
        end_of_day(day)
    }
}

/// The months listed at that moment whose contracts last at least that long, nearest first.
pub(crate) fn listed(rule: Months, expiry: Expiry, now_us: i64, least_us: i64, count: usize) -> Vec<Month> {
    let mut found = Vec::new();
    let mut month = Month::of(now_us);
    // Two years ahead: every rule lists enough within that.
    for _ in 0..24 {
        let allowed = match rule {
            Months::Index => found.len() < 2 || month.month.is_multiple_of(3),
            Months::Of(months) => months.contains(&month.month),
        };
        if allowed && expiry.end_us(month) > now_us + least_us {
            found.push(month);
        }
        if found.len() == count {
            break;
        }
        month = month.next();
    }
    found
}

/// Number of the trading day that a moment belongs to: days since 1970, a day ending at 17:00 Beijing time.
pub(crate) fn day_of(unix_us: i64) -> i64 {
    (unix_us + SHANGHAI_US + (24 - DAY_END_HOUR) * HOUR_US).div_euclid(DAY_US)
}

/// When that trading day ends, microseconds since 1970 UTC.
pub(crate) fn end_of_day(day: i64) -> i64 {
    day * DAY_US + DAY_END_HOUR * HOUR_US - SHANGHAI_US
}

/// Year, month and day of a day number (Hinnant's civil-from-days).
pub(crate) fn civil(day: i64) -> (i64, u8, u8) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month as u8, day as u8)
}

/// Day number of a date.
pub(crate) fn days(year: i64, month: u8, day: u8) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}
