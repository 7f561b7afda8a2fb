//! The tape, told by a clock that runs at a multiple of the recorded speed.

use super::{Frame, Tape};
use crate::instruments::{Ix, end_of_day};
use crate::limits::{HISTORY_BARS, REPLAY_FRAMES_AT_ONCE};
use crate::market::Snapshot;
use crate::market::generator::Bar;
use domain::Interval;

const MINUTE_US: i64 = 60_000_000;

/// What the tape tells.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    /// A state of the instrument at that place of the exchange.
    Frame(Ix, Box<Snapshot>),
    /// A trading day is over.
    DayEnds,
    /// All was told, and now it begins again.
    Again,
    /// All was told.
    Ended,
}

/// A tape that is being played.
#[derive(Debug)]
pub(crate) struct Player {
    frames: Vec<Frame>,
    /// When each frame is told, in recorded microseconds from the beginning, long silences shortened.
    times: Vec<i64>,
    next: usize,
    started_us: u64,
    speed: f64,
    again: bool,
    ended: bool,
    day: Option<i64>,
}

impl Player {
    /// Starts a tape now. `places` are the exchange's places of the tape's instruments.
    pub(crate) fn start(tape: Tape, places: &[Ix], speed: f64, again: bool, monotonic_us: u64) -> Player {
        let mut frames = tape.frames;
        let mut times = Vec::with_capacity(frames.len());
        let mut time = 0;
        let mut before: Option<i64> = None;
        for frame in &mut frames {
            frame.ix = places[frame.ix];
            let at_us = frame.snapshot.at_us;
            time += before.map_or(0, |before| (at_us - before).min(tape.longest_gap_us));
            before = Some(at_us);
            times.push(time);
        }
        Player { frames, times, next: 0, started_us: monotonic_us, speed, again, ended: false, day: None }
    }

    /// Tells what is due; a bounded part of it if that is much, and then [`Player::due`] is at once.
    pub(crate) fn run(&mut self, monotonic_us: u64, events: &mut Vec<Event>) {
        let clock = monotonic_us.saturating_sub(self.started_us) as f64 * self.speed;
        let last = (self.next + REPLAY_FRAMES_AT_ONCE).min(self.frames.len());
        while self.next < last && self.times[self.next] as f64 <= clock {
            let frame = &self.frames[self.next];
            if self.day.is_some_and(|day| frame.day > day) {
                events.push(Event::DayEnds);
            }
            self.day = Some(self.day.map_or(frame.day, |day| day.max(frame.day)));
            events.push(Event::Frame(frame.ix, Box::new(frame.snapshot)));
            self.next += 1;
        }
        if self.next == self.frames.len() && !self.ended {
            self.finish(monotonic_us, events);
        }
    }

    fn finish(&mut self, monotonic_us: u64, events: &mut Vec<Event>) {
        if !self.again {
            self.ended = true;
            events.push(Event::Ended);
            return;
        }
        events.push(Event::DayEnds);
        events.push(Event::Again);
        self.next = 0;
        self.day = None;
        self.started_us = monotonic_us;
    }

    /// When the next frame is due, in monotonic microseconds.
    pub(crate) fn due(&self) -> Option<u64> {
        if self.ended {
            return None;
        }
        let time = *self.times.get(self.next)? as f64;
        Some(self.started_us + (time / self.speed).ceil() as u64)
    }

    /// Bars of what was told so far; states in which nothing was traded make none, except for quotes without
    /// volumes. At most the newest [`HISTORY_BARS`].
    pub(crate) fn bars(&self, ix: Ix, interval: Interval, span: (i64, i64)) -> Vec<Bar> {
        let mut bars: Vec<Bar> = Vec::new();
        let mut before: Option<&Frame> = None;
        for frame in self.frames[..self.next].iter().filter(|frame| frame.ix == ix) {
            let same_day = before.filter(|before| before.day == frame.day);
            let sum = |value: fn(&Snapshot) -> f64| {
                let known = same_day.map_or(0.0, |before| value(&before.snapshot));
                (value(&frame.snapshot) - known).max(0.0)
            };
            let (volume, turnover) = (sum(|s| s.volume), sum(|s| s.turnover));
            before = Some(frame);
            let start_us = bar_start(interval, frame);
            let traded = volume > 0.0 || frame.snapshot.volume <= 0.0;
            if !traded || frame.snapshot.last == 0 || start_us < span.0 || start_us > span.1 {
                continue;
            }
            let price = frame.snapshot.last as f64;
            match bars.last_mut().filter(|bar| bar.start_us == start_us) {
                Some(bar) => {
                    bar.high = bar.high.max(price);
                    bar.low = bar.low.min(price);
                    bar.close = price;
                    bar.volume += volume;
                    bar.turnover += turnover;
                    bar.open_interest = frame.snapshot.open_interest;
                }
                None => bars.push(Bar {
                    start_us,
                    open: price,
                    high: price,
                    low: price,
                    close: price,
                    volume,
                    turnover,
                    open_interest: frame.snapshot.open_interest,
                }),
            }
        }
        bars.split_off(bars.len().saturating_sub(HISTORY_BARS))
    }
}

/// The beginning of the bar that a frame belongs to.
fn bar_start(interval: Interval, frame: &Frame) -> i64 {
    let at_us = frame.snapshot.at_us;
    match interval {
        Interval::Minute | Interval::Tick => at_us.div_euclid(MINUTE_US) * MINUTE_US,
        Interval::Hour => at_us.div_euclid(60 * MINUTE_US) * 60 * MINUTE_US,
        // Dated by the recording's own trading day; the moment is where `day_of` finds that day again.
        Interval::Daily | Interval::Weekly => end_of_day(frame.day - 1),
    }
}
