//! One-minute bars of the ticks that came by: the live end of every chart, and all there is of an instrument whose
//! trading process has no history.
//!
//! A generator for each instrument that ticks, and its newest finished minutes in 64 bytes each. Pure, as the rest of
//! the copy. Always true: minutes are in order, each once; what was traded while contact was lost is in no minute.

use domain::bars::BarGenerator;
use domain::{BarData, DateTime, TickData, VtSymbol, Zone};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// Finished minutes that are kept of an instrument: a day of a market that never closes.
const MINUTES_MOST: usize = 1440;
/// Finished minutes that are kept of an instrument at least, however many instruments tick: an hour.
const MINUTES_LEAST: usize = 60;
/// Finished minutes of all instruments together, 64 MB; beyond it each keeps fewer.
const MINUTES_TOTAL: usize = 1_000_000;

/// Bars of every instrument that ticked.
#[derive(Debug, Default)]
pub struct LiveBars(FxHashMap<VtSymbol, Live>);

#[derive(Debug, Default)]
struct Live {
    generator: BarGenerator,
    done: VecDeque<Minute>,
    /// Begin of the newest minute of which ticks may be missing, because it was running when we came.
    partial_us: Option<i64>,
    /// Contact was lost since the last tick.
    is_broken: bool,
}

/// The running minute of an instrument, and what there is to know about it.
#[derive(Clone, Copy, Debug)]
pub struct Newest<'a> {
    /// The running minute.
    pub running: &'a BarData,
    live: &'a Live,
}

/// A finished minute, without what all bars of an instrument share.
#[derive(Clone, Copy, Debug)]
struct Minute {
    start_us: i64,
    volume: f64,
    turnover: f64,
    open_interest: f64,
    open: f64,
    high: f64,
    low: f64,
    close: f64,
}

impl LiveBars {
    /// Takes a tick in.
    pub(super) fn push(&mut self, tick: &TickData) {
        let kept = (MINUTES_TOTAL / (self.0.len() + 1)).clamp(MINUTES_LEAST, MINUTES_MOST);
        let live = match self.0.get_mut(&tick.vt_symbol) {
            Some(live) => live,
            None => self.0.entry(tick.vt_symbol.clone()).or_default(),
        };
        let is_first = live.generator.running().is_none() || std::mem::take(&mut live.is_broken);
        if let Some(bar) = live.generator.push(tick) {
            live.keep(&bar, kept);
        }
        if is_first {
            live.mark();
        }
    }

    /// All was read anew: ticks of the running minutes may have been missed.
    pub(super) fn mark(&mut self) {
        self.0.values_mut().for_each(Live::mark);
    }

    /// Contact was lost: the running minutes are kept as they stand, and go on if a tick of the same minute still comes.
    pub(super) fn interrupt(&mut self) {
        for live in self.0.values_mut() {
            if let Some(bar) = live.generator.running().cloned() {
                live.keep(&bar, MINUTES_MOST);
            }
            live.generator = std::mem::take(&mut live.generator).resume();
            live.is_broken = true;
        }
    }

    /// The running minute of an instrument; `None` before its first tick.
    pub fn newest(&self, vt_symbol: &str) -> Option<Newest<'_>> {
        let live = self.0.get(vt_symbol)?;
        Some(Newest { running: live.generator.running()?, live })
    }

    /// The minutes of an instrument in order; the last one may be running.
    pub fn of(&self, vt_symbol: &str) -> Vec<BarData> {
        let Some(live) = self.0.get(vt_symbol) else { return Vec::new() };
        let Some(running) = live.generator.running() else { return Vec::new() };
        let begin = running.datetime.unix_micros();
        // An instrument's recording may have begun again: what lies behind the running minute is of the time before.
        let done = live.done.iter().filter(|minute| minute.start_us < begin);
        done.map(|minute| minute.bar(running)).chain([running.clone()]).collect()
    }
}

impl Newest<'_> {
    /// The minute that finished last before the running one.
    pub fn before(&self) -> Option<BarData> {
        let begin = self.running.datetime.unix_micros();
        let last = self.live.done.back().filter(|minute| minute.start_us < begin)?;
        Some(last.bar(self.running))
    }

    /// Begin of the newest minute that lies before that moment (microseconds since 1970 UTC).
    pub fn last_until(&self, us: i64) -> Option<DateTime> {
        let minute = self.live.done.iter().rev().find(|minute| minute.start_us < us)?;
        Some(moment(minute.start_us, &self.running.datetime))
    }

    /// Whether the running minute has all its ticks.
    pub fn is_whole(&self) -> bool {
        self.live.partial_us != Some(self.running.datetime.unix_micros())
    }
}

impl Live {
    fn mark(&mut self) {
        self.partial_us = self.generator.running().map(|bar| bar.datetime.unix_micros());
    }

    fn keep(&mut self, bar: &BarData, most: usize) {
        let minute = Minute::of(bar);
        while self.done.back().is_some_and(|last| last.start_us >= minute.start_us) {
            self.done.pop_back();
        }
        while self.done.len() >= most {
            self.done.pop_front();
        }
        self.done.push_back(minute);
    }
}

impl Minute {
    fn of(bar: &BarData) -> Minute {
        Minute {
            start_us: bar.datetime.unix_micros(),
            volume: bar.volume,
            turnover: bar.turnover,
            open_interest: bar.open_interest,
            open: bar.open_price,
            high: bar.high_price,
            low: bar.low_price,
            close: bar.close_price,
        }
    }

    fn bar(&self, like: &BarData) -> BarData {
        BarData {
            datetime: moment(self.start_us, &like.datetime),
            volume: self.volume,
            turnover: self.turnover,
            open_interest: self.open_interest,
            open_price: self.open,
            high_price: self.high,
            low_price: self.low,
            close_price: self.close,
            ..like.clone()
        }
    }
}

/// That moment on the clock that `like` was read off.
fn moment(us: i64, like: &DateTime) -> DateTime {
    let by_zone = |zone| DateTime::from_unix_micros(us, zone);
    let shifted = |offset: i32| DateTime::from_unix_micros(us + i64::from(offset) * 1_000_000, "UTC");
    let at = match &like.zone {
        Zone::Named { name, .. } => by_zone(name),
        Zone::Fixed { offset } => shifted(*offset).map(|at| DateTime::fixed(at.civil, *offset)),
        Zone::Naive => shifted(0).map(|at| DateTime::naive(at.civil)),
    };
    at.unwrap_or_else(|| like.clone())
}

#[cfg(test)]
mod tests;
