//! One-minute bars from ticks, by the rules of VeighNa's `BarGenerator` (4.5).
//!
//! A bar begins with the first tick of a minute and is handed over with the first tick of a later one. Volume and
//! turnover are the growth from tick to tick, counted also on a bar's first tick; the very first tick of all adds
//! nothing, since nobody knows what was before it. Highs and lows take in the day's high and low where those moved
//! between two ticks, so that an extreme between ticks is not lost.
//!
//! Where it differs: a minute is told by its date too, so that two ticks a day apart never share a bar; a tick that
//! is late by less than [`LATE_US`] begins no second bar of its minute but is left out; and a bar may be taken early
//! by [`BarGenerator::flush`], after which a tick of that minute still goes into it and it is handed over again,
//! complete: whoever keeps bars replaces the earlier one.

use super::{MINUTE_US, Period};
use crate::{BarData, DateTime, Interval, TickData};

/// A tick that is older than the running bar by less than this is late; by more, the clock was set back or a
/// recording begins again, and so does the bar.
const LATE_US: i64 = 5 * MINUTE_US;
/// From here on a number is none: CTP's `DBL_MAX`.
const NO_VALUE: f64 = 1e300;

/// Makes one-minute bars of one instrument's ticks.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct BarGenerator {
    /// The running bar, dated at the begin of its minute.
    bar: Option<BarData>,
    /// Begin of its minute, microseconds since 1970 UTC.
    minute_us: i64,
    /// Whether it was handed over as it stands.
    taken: bool,
    /// Whether it stood already when this generator began.
    is_resumed: bool,
    last: Option<Seen>,
}

/// What is compared with the next tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
struct Seen {
    volume: f64,
    turnover: f64,
    high: f64,
    low: f64,
}

impl BarGenerator {
    /// Goes on where another one stopped: if the next tick is of the same minute, as if there had been no stop; else
    /// as a new one, because what was traded meanwhile belongs to no minute.
    #[must_use]
    pub fn resume(mut self) -> BarGenerator {
        self.is_resumed = true;
        self
    }

    /// Takes a tick in; the bar that is complete by it. Ticks without time or price are left out.
    pub fn push(&mut self, tick: &TickData) -> Option<BarData> {
        let at = tick.datetime.as_ref()?;
        if tick.last_price == 0.0 || !is_number(tick.last_price) {
            return None;
        }
        let minute_us = at.unix_micros().div_euclid(MINUTE_US) * MINUTE_US;
        if std::mem::take(&mut self.is_resumed) && minute_us != self.minute_us {
            *self = BarGenerator::default();
        }
        if self.bar.is_some() && minute_us < self.minute_us && self.minute_us - minute_us < LATE_US {
            return None;
        }
        let done = if self.bar.is_some() && minute_us == self.minute_us {
            None
        } else {
            let done = self.finish();
            self.begin(tick, at, minute_us);
            done
        };
        self.take_in(tick);
        done
    }

    /// The running bar, if there is one. Its minute may be over.
    pub fn running(&self) -> Option<&BarData> {
        self.bar.as_ref()
    }

    /// Whether the running bar has something that was not handed over.
    pub fn is_waiting(&self) -> bool {
        self.bar.is_some() && !self.taken
    }

    /// The running bar if its minute is over at `now_us`, microseconds since 1970 UTC on the ticks' own clock, and it
    /// was not handed over as it is.
    pub fn flush(&mut self, now_us: i64) -> Option<BarData> {
        if self.taken || now_us < self.minute_us + MINUTE_US {
            return None;
        }
        self.taken = true;
        self.bar.clone()
    }

    /// Takes the running bar, finished or not; `None` where it was handed over as it is.
    pub fn finish(&mut self) -> Option<BarData> {
        let bar = self.bar.take();
        bar.filter(|_| !std::mem::take(&mut self.taken))
    }

    fn begin(&mut self, tick: &TickData, at: &DateTime, minute_us: i64) {
        let price = tick.last_price;
        self.minute_us = minute_us;
        self.taken = false;
        self.bar = Some(BarData {
            gateway_name: tick.gateway_name.clone(),
            symbol: tick.symbol.clone(),
            exchange: tick.exchange,
            datetime: Period::M1.begin(at),
            interval: Some(Interval::Minute),
            volume: 0.0,
            turnover: 0.0,
            open_interest: 0.0,
            open_price: price,
            high_price: price,
            low_price: price,
            close_price: price,
        });
    }

    fn take_in(&mut self, tick: &TickData) {
        let Some(bar) = &mut self.bar else { return };
        self.taken = false;
        bar.high_price = bar.high_price.max(tick.last_price);
        bar.low_price = bar.low_price.min(tick.last_price);
        bar.close_price = tick.last_price;
        bar.open_interest = tick.open_interest;
        if let Some(last) = &self.last {
            if tick.high_price > last.high && is_number(tick.high_price) {
                bar.high_price = bar.high_price.max(tick.high_price);
            }
            if tick.low_price < last.low && tick.low_price != 0.0 && is_number(tick.low_price) {
                bar.low_price = bar.low_price.min(tick.low_price);
            }
            bar.volume += growth(last.volume, tick.volume);
            bar.turnover += growth(last.turnover, tick.turnover);
        }
        self.last =
            Some(Seen { volume: tick.volume, turnover: tick.turnover, high: tick.high_price, low: tick.low_price });
    }
}

fn is_number(value: f64) -> bool {
    value.abs() < NO_VALUE
}

/// What came on top; a figure that fell began anew, with a new day.
fn growth(before: f64, now: f64) -> f64 {
    if is_number(before) && is_number(now) { (now - before).max(0.0) } else { 0.0 }
}
