//! Bars of the generated market, from the same function as its ticks.

use super::{Generator, MINUTE_US};
use crate::instruments::{Instrument, Ix, day_of, end_of_day};
use crate::limits::HISTORY_BARS;
use domain::Interval;

const HOUR_US: i64 = 60 * MINUTE_US;

/// One bar in currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bar {
    /// Its beginning, microseconds since 1970 UTC; for a day, the end of the day before.
    pub(crate) start_us: i64,
    pub(crate) open: f64,
    pub(crate) high: f64,
    pub(crate) low: f64,
    pub(crate) close: f64,
    pub(crate) volume: f64,
    pub(crate) turnover: f64,
    pub(crate) open_interest: f64,
}

impl Generator {
    /// Bars that begin within `from..=to` and not after `now`; the last one may still be running. At most the
    /// newest [`HISTORY_BARS`].
    pub(crate) fn bars(&self, all: &[Instrument], ix: Ix, interval: Interval, span: (i64, i64), now: i64) -> Vec<Bar> {
        let to = span.1.min(now);
        let mut starts = Vec::new();
        let mut start = first_start(interval, to);
        while start >= span.0 && starts.len() < HISTORY_BARS {
            starts.push(start);
            start = first_start(interval, start - 1);
        }
        starts.reverse();
        starts.into_iter().map(|start| self.bar(all, ix, start, end(interval, start).min(now))).collect()
    }

    fn bar(&self, all: &[Instrument], ix: Ix, start: i64, end: i64) -> Bar {
        let instrument = &all[ix];
        let limits = self.begin_day(all, ix, start).limits;
        let at = |moment| instrument.price(self.middle(all, ix, moment, limits).round() as i64);
        let open = at(start);
        let close = at(end);
        let mut bar = Bar {
            start_us: start,
            open,
            close,
            high: open.max(close),
            low: open.min(close),
            volume: 0.0,
            turnover: 0.0,
            open_interest: self.open_interest(instrument, ix, end),
        };
        // A minute is looked at every 12 seconds, an hour every 2 minutes, a day every 48.
        let samples = if end - start <= MINUTE_US { 5 } else { 30 };
        for sample in 1..samples {
            let price = at(start + (end - start) / samples * sample);
            bar.high = bar.high.max(price);
            bar.low = bar.low.min(price);
        }
        for minute in start.div_euclid(MINUTE_US)..end.div_euclid(MINUTE_US) {
            bar.volume += self.minute_volume(instrument, ix, minute);
        }
        let part = end.rem_euclid(MINUTE_US) as f64 / MINUTE_US as f64;
        bar.volume += self.minute_volume(instrument, ix, end.div_euclid(MINUTE_US)) * part;
        bar.volume = instrument.volume((bar.volume / instrument.volume_step).round() as i64);
        bar.turnover = bar.volume * (bar.open + bar.high + bar.low + bar.close) / 4.0 * instrument.size;
        bar
    }
}

/// The beginning of the bar that the moment lies in.
fn first_start(interval: Interval, at: i64) -> i64 {
    match interval {
        Interval::Minute | Interval::Tick => at.div_euclid(MINUTE_US) * MINUTE_US,
        Interval::Hour => at.div_euclid(HOUR_US) * HOUR_US,
        Interval::Daily | Interval::Weekly => end_of_day(day_of(at) - 1),
    }
}

fn end(interval: Interval, start: i64) -> i64 {
    match interval {
        Interval::Minute | Interval::Tick => start + MINUTE_US,
        Interval::Hour => start + HOUR_US,
        Interval::Daily | Interval::Weekly => end_of_day(day_of(start)),
    }
}
