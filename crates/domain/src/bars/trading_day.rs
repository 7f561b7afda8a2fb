//! Which trading day a minute belongs to.
//!
//! On the Chinese futures exchanges a night session opens the next trading day: Friday's night is part of Monday.
//! Which day is next only a calendar knows; here it is the next day that the data itself shows by a bar of daytime,
//! or by a daily bar, and the next weekday where there is none yet. Everywhere else a day is a date on the venue's
//! clock.

use crate::{BarData, Civil, DateTime, Exchange, Zone};

/// From this hour on a bar is of the next day's night session: the day sessions end at 15:15, the nights begin at 21:00.
const NIGHT_FROM: u8 = 18;
/// Before this hour it is still night: the longest session ends at 02:30.
const NIGHT_UNTIL: u8 = 6;
/// A day that begins later than this many days after a night is not the night's: there is no night before a holiday.
const FARTHEST_DAYS: i64 = 4;

/// The trading days of one exchange, as far as data shows them.
#[derive(Clone, Debug, Default)]
pub struct TradingDays {
    has_nights: bool,
    /// Days since 1970, in order.
    known: Vec<i64>,
}

impl TradingDays {
    /// Days that these minutes show by daytime, and these daily bars by their dates. Times count on their own clock.
    pub fn of(exchange: Exchange, minutes: &[BarData], daily: &[BarData]) -> TradingDays {
        let has_nights = has_nights(exchange);
        if !has_nights {
            return TradingDays::default();
        }
        let by_day = minutes.iter().map(|bar| &bar.datetime).filter(|at| !is_night(at));
        let mut known: Vec<i64> = by_day.chain(daily.iter().map(|bar| &bar.datetime)).map(date_of).collect();
        known.sort_unstable();
        known.dedup();
        TradingDays { has_nights, known }
    }

    /// The trading day that a minute belongs to, in days since 1970.
    pub fn day_of(&self, at: &DateTime) -> i64 {
        let date = date_of(at);
        if !self.has_nights || !is_night(at) {
            return date;
        }
        let earliest = if at.civil.hour >= NIGHT_FROM { date + 1 } else { date };
        let next = self.known.partition_point(|day| *day < earliest);
        match self.known.get(next) {
            Some(day) if *day - earliest < FARTHEST_DAYS => *day,
            _ => weekday_from(earliest),
        }
    }
}

/// Whether an exchange has sessions at night that open the next day.
fn has_nights(exchange: Exchange) -> bool {
    matches!(exchange.name(), "SHFE" | "INE" | "DCE" | "CZCE" | "GFEX" | "CFFEX")
}

fn is_night(at: &DateTime) -> bool {
    at.civil.hour >= NIGHT_FROM || at.civil.hour < NIGHT_UNTIL
}

/// That day, or Monday if it is of a weekend.
fn weekday_from(day: i64) -> i64 {
    // Day 0 was a Thursday.
    match (day + 3).rem_euclid(7) {
        5 => day + 2,
        6 => day + 1,
        _ => day,
    }
}

/// Date on the moment's own clock, in days since 1970.
pub(super) fn date_of(at: &DateTime) -> i64 {
    at.civil.days_since_epoch()
}

/// Midnight at the begin of that day, on the clock of that zone.
pub(super) fn midnight(day: i64, zone: &Zone) -> DateTime {
    let civil = civil_of(day);
    match zone {
        Zone::Naive => DateTime::naive(civil),
        Zone::Fixed { offset } => DateTime::fixed(civil, *offset),
        Zone::Named { name, offset } => {
            DateTime::in_zone(civil, false, name).unwrap_or_else(|| DateTime::fixed(civil, *offset))
        }
    }
}

/// Midnight of a day (Hinnant's civil-from-days, proleptic Gregorian).
fn civil_of(day: i64) -> Civil {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Civil {
        year: year as i16,
        month: month as u8,
        day: (of_year - (153 * shifted_month + 2) / 5 + 1) as u8,
        hour: 0,
        minute: 0,
        second: 0,
        micro: 0,
    }
}
