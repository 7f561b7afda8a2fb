//! One bar line: from what sources have and the live minutes to its bars.
//!
//! ```text
//! Seed (rows of all sources) ─► begin ─► base: the running bar without the live minute
//! live minute ─► step: base + minute = the running bar; a later minute moves into base; a later window finishes it
//! ```
//!
//! Pure. Always true: a tick costs the same whatever the length of the bar; bars finish in order, each once; what cannot be
//! told from the ticks alone is not told but asked for again ([`Step::Again`]).

use super::seed::{Borrowed, Seed};
use super::sources::native_of;
use crate::replica::Newest;
use crate::stream::BarNews;
use domain::bars::{Period, TradingDays, begin, extend, in_zone, window_of};
use domain::{BarData, DateTime, Text};

/// See the module.
#[derive(Debug)]
pub(super) struct Line {
    period: Period,
    /// The venue's clock.
    zone: Text,
    days: TradingDays,
    /// The live minute as the venue's clock shows it.
    minute: DateTime,
    /// The running bar's window.
    window: i64,
    /// The running bar without the live minute; with what a source knew of it where `known` says so.
    base: Option<BarData>,
    known: Option<Known>,
    borrowed: Borrowed,
    /// As it was told last.
    running: BarData,
    /// Window of the bar that finished last.
    told: Option<i64>,
}

/// Volume and turnover of the live minute that `base` has already.
#[derive(Clone, Copy, Debug)]
struct Known {
    volume: f64,
    turnover: f64,
}

/// Where a line stood when it was asked for again: bars behind the one that was told last are still to be told, or the one
/// that ran and those behind it.
#[derive(Clone, Debug)]
pub(super) struct Since {
    told: Option<i64>,
    window: i64,
    minute_us: i64,
    pub(super) at: DateTime,
}

/// What a tick came to.
#[derive(Debug)]
pub(super) enum Step {
    /// The bars are as they were.
    Same,
    News(BarNews),
    /// Sources have to be asked again before more can be told.
    Again,
}

impl Line {
    /// A line as the sources have it, and what is to be told. `since`: where it goes on; else the newest bar that is
    /// finished is told.
    pub(super) fn begin(seed: Seed, since: Option<Since>, now: Newest<'_>) -> (Line, BarNews) {
        let Seed { period, zone, minute, made, borrowed, .. } = seed;
        let window = window_of(&minute, period, &made.days);
        // A recording that begins again: what was told is of another time.
        let since = since.filter(|since| since.minute_us <= minute.unix_micros());
        let mut finished: Vec<BarData> = Vec::new();
        let mut base = None;
        for bar in made.bars {
            match period.key(&bar.datetime).cmp(&window) {
                std::cmp::Ordering::Less => finished.push(bar),
                std::cmp::Ordering::Equal => base = Some(bar),
                std::cmp::Ordering::Greater => {}
            }
        }
        match &since {
            Some(Since { told: Some(told), .. }) => finished.retain(|bar| period.key(&bar.datetime) > *told),
            Some(since) => finished.retain(|bar| period.key(&bar.datetime) >= since.window),
            None => drop(finished.drain(..finished.len().saturating_sub(1))),
        }
        let known = Known { volume: now.running.volume, turnover: now.running.turnover };
        let mut line = Line {
            period,
            zone,
            days: made.days,
            minute,
            window,
            known: (borrowed != Borrowed::Nothing && base.is_some()).then_some(known),
            base,
            borrowed,
            running: now.running.clone(),
            told: finished.last().map(|bar| period.key(&bar.datetime)).or(since.and_then(|since| since.told)),
        };
        line.running = match (&line.base, line.known) {
            (Some(base), Some(_)) => base.clone(),
            _ => line.with(now.running),
        };
        let running = Some(line.running.clone());
        (line, BarNews { finished, running })
    }

    /// Where it would go on.
    pub(super) fn since(&self) -> Since {
        let minute_us = self.minute.unix_micros();
        Since { told: self.told, window: self.window, minute_us, at: self.running.datetime.clone() }
    }

    /// The live minutes have changed, or may have.
    pub(super) fn step(&mut self, now: Newest<'_>) -> Step {
        let (before_us, now_us) = (self.minute.unix_micros(), now.running.datetime.unix_micros());
        if now_us < before_us {
            return Step::Again;
        }
        let mut finished = Vec::new();
        if now_us > before_us {
            let over = now.before().filter(|minute| minute.datetime.unix_micros() == before_us);
            let Some(over) = over.filter(|_| self.borrowed != Borrowed::Minute) else { return Step::Again };
            let whole = self.with(&over);
            let minute = on_clock(now.running, &self.zone);
            let window = window_of(&minute, self.period, &self.days);
            // Hours and days that sources have as such come before what the ticks make.
            if window < self.window || window > self.window && native_of(self.period).is_some() {
                return Step::Again;
            }
            (self.minute, self.known) = (minute, None);
            if window == self.window {
                self.base = Some(whole);
            } else {
                self.told = Some(self.window);
                (self.window, self.base) = (window, None);
                finished.push(whole);
            }
        }
        let running = self.with(now.running);
        if finished.is_empty() && running == self.running {
            return Step::Same;
        }
        self.running = running.clone();
        Step::News(BarNews { finished, running: Some(running) })
    }

    /// The running bar with this as its live minute.
    fn with(&self, minute: &BarData) -> BarData {
        let Some(base) = &self.base else {
            let minute = BarData { datetime: self.minute.clone(), ..minute.clone() };
            return begin(&minute, self.period, self.window);
        };
        let mut bar = base.clone();
        match self.known {
            None => extend(&mut bar, minute),
            Some(known) => {
                let (volume, turnover) = (minute.volume - known.volume, minute.turnover - known.turnover);
                extend(&mut bar, &BarData { volume, turnover, ..minute.clone() });
            }
        }
        bar
    }
}

/// A minute as that clock shows it.
pub(super) fn on_clock(minute: &BarData, zone: &str) -> DateTime {
    let mut minute = [minute.clone()];
    in_zone(&mut minute, zone);
    let [minute] = minute;
    minute.datetime
}

#[cfg(test)]
mod tests;
