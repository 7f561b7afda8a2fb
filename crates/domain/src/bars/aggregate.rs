//! Longer periods from minutes.
//!
//! A window of minutes is one of the clock: a five-minute bar ends with the minute whose number plus one is divisible
//! by five, as VeighNa's does, and it begins at its clock time even where its first minutes saw no trade, so that every
//! source dates it alike. Days and weeks go by [`TradingDays`].

use super::trading_day::midnight;
use super::{Period, TradingDays};
use crate::{BarData, DateTime};

/// Makes bars of that length from minutes in time order. The last one is as far as the minutes go. Days and weeks are
/// dated at midnight of their day, or Monday, on the clock of their first minute.
pub fn aggregate(minutes: &[BarData], period: Period, days: &TradingDays) -> Vec<BarData> {
    let mut bars: Vec<BarData> = Vec::new();
    let mut of_last = None;
    for minute in minutes {
        let window = window_of(&minute.datetime, period, days);
        match bars.last_mut().filter(|_| of_last == Some(window)) {
            Some(bar) => extend(bar, minute),
            None => {
                bars.push(begin(minute, period, window));
                of_last = Some(window);
            }
        }
    }
    bars
}

/// The window of that length that a minute belongs to: the begin of one of minutes in microseconds, the day number of a
/// day, or of a week's Monday. Later windows have greater numbers; a bar's own is [`Period::key`] of its date.
pub fn window_of(minute: &DateTime, period: Period, days: &TradingDays) -> i64 {
    match period {
        Period::Day => days.day_of(minute),
        Period::Week => super::period::monday(days.day_of(minute)),
        Period::M1 | Period::M5 | Period::M15 | Period::M30 | Period::H1 => period.key(minute),
    }
}

/// The bar of a window as its first minute makes it.
pub fn begin(minute: &BarData, period: Period, window: i64) -> BarData {
    let datetime = match period {
        Period::Day | Period::Week => midnight(window, &minute.datetime.zone),
        Period::M1 | Period::M5 | Period::M15 | Period::M30 | Period::H1 => period.begin(&minute.datetime),
    };
    BarData { datetime, interval: period.interval(), ..minute.clone() }
}

/// Takes a later minute into a bar.
pub fn extend(bar: &mut BarData, minute: &BarData) {
    bar.high_price = bar.high_price.max(minute.high_price);
    bar.low_price = bar.low_price.min(minute.low_price);
    bar.close_price = minute.close_price;
    bar.open_interest = minute.open_interest;
    bar.volume += minute.volume;
    bar.turnover += minute.turnover;
}
