//! Longer periods from minutes.
//!
//! A window of minutes is one of the clock: a five-minute bar ends with the minute whose number plus one is divisible
//! by five, as VeighNa's does, and it begins at its clock time even where its first minutes saw no trade, so that every
//! source dates it alike. Days and weeks go by [`TradingDays`].

use super::trading_day::midnight;
use super::{Period, TradingDays};
use crate::BarData;

/// Makes bars of that length from minutes in time order. The last one is as far as the minutes go. Days and weeks are
/// dated at midnight of their day, or Monday, on the clock of their first minute.
pub fn aggregate(minutes: &[BarData], period: Period, days: &TradingDays) -> Vec<BarData> {
    let mut bars: Vec<BarData> = Vec::new();
    let mut of_last = None;
    for minute in minutes {
        let key = key(minute, period, days);
        match bars.last_mut().filter(|_| of_last == Some(key)) {
            Some(bar) => add(bar, minute),
            None => {
                bars.push(first(minute, period, key));
                of_last = Some(key);
            }
        }
    }
    bars
}

/// Tells the window: the begin of one of minutes in microseconds, the day number of a day, or of a week's Monday.
fn key(minute: &BarData, period: Period, days: &TradingDays) -> i64 {
    match period {
        Period::Day => days.day_of(&minute.datetime),
        Period::Week => super::period::monday(days.day_of(&minute.datetime)),
        Period::M1 | Period::M5 | Period::M15 | Period::M30 | Period::H1 => period.key(&minute.datetime),
    }
}

fn first(minute: &BarData, period: Period, key: i64) -> BarData {
    let datetime = match period {
        Period::Day | Period::Week => midnight(key, &minute.datetime.zone),
        Period::M1 | Period::M5 | Period::M15 | Period::M30 | Period::H1 => period.begin(&minute.datetime),
    };
    BarData { datetime, interval: period.interval(), ..minute.clone() }
}

fn add(bar: &mut BarData, minute: &BarData) {
    bar.high_price = bar.high_price.max(minute.high_price);
    bar.low_price = bar.low_price.min(minute.low_price);
    bar.close_price = minute.close_price;
    bar.open_interest = minute.open_interest;
    bar.volume += minute.volume;
    bar.turnover += minute.turnover;
}
