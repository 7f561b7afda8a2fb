//! Which market drives the exchange, and when it is looked at next.

use crate::instruments::{Instrument, Ix};
use crate::market::Snapshot;
use crate::market::generator::{Bar, Generator};
use crate::market::replay::{Event, Player};
use crate::words::Words;
use ::gateway::Now;
use domain::Interval;

/// What a market brought.
pub(super) enum Played {
    /// A new state of one instrument.
    Snapshot(Ix, Box<Snapshot>),
    /// The recording's trading day is over.
    DayEnds,
    /// Something to tell.
    Says(Words),
}

/// A market.
pub(super) enum Source {
    /// Made from a seed.
    Generated(Clockwork),
    /// Played from recordings.
    Replay(Player),
}

/// A generated market with the instruments that run.
pub(super) struct Clockwork {
    generator: Generator,
    period_us: u64,
    /// Instruments that run, and when each is due.
    running: Vec<(Ix, u64)>,
}

impl Source {
    pub(super) fn generated(seed: u64, rate: f64) -> Source {
        let period_us = (1_000_000.0 / rate).max(1.0) as u64;
        Source::Generated(Clockwork { generator: Generator::new(seed), period_us, running: Vec::new() })
    }

    pub(super) fn extend(&mut self, instruments: &[Instrument]) {
        match self {
            Source::Generated(clockwork) => clockwork.generator.extend(instruments),
            Source::Replay(_) => {}
        }
    }

    /// Lets an instrument run from now on; its first state if it did not run before.
    pub(super) fn watch(&mut self, instruments: &[Instrument], ix: Ix, now: Now) -> Option<Snapshot> {
        match self {
            Source::Generated(clockwork) => {
                if clockwork.running.iter().any(|(running, _)| *running == ix) {
                    return None;
                }
                // Instruments are due at different moments, so that the work is spread.
                let phase = (ix as u64).wrapping_mul(0x9E37_79B9) % clockwork.period_us;
                clockwork.running.push((ix, now.monotonic_us + 1 + phase));
                Some(clockwork.generator.snapshot(instruments, ix, now.unix_us))
            }
            Source::Replay(_) => None,
        }
    }

    /// The market at an earlier moment; none where it cannot be known.
    pub(super) fn at(&mut self, instruments: &[Instrument], ix: Ix, unix_us: i64) -> Option<Snapshot> {
        match self {
            Source::Generated(clockwork) => Some(clockwork.generator.snapshot(instruments, ix, unix_us)),
            Source::Replay(_) => None,
        }
    }

    /// What has happened up to now. After a pause only the newest state is told.
    pub(super) fn run(&mut self, instruments: &[Instrument], now: Now, played: &mut Vec<Played>) {
        match self {
            Source::Generated(clockwork) => clockwork.run(instruments, now, played),
            Source::Replay(player) => {
                let mut events = Vec::new();
                player.run(now.monotonic_us, &mut events);
                played.extend(events.into_iter().map(Played::from));
            }
        }
    }

    /// When to look again, in monotonic microseconds.
    pub(super) fn due(&self) -> Option<u64> {
        match self {
            Source::Generated(clockwork) => clockwork.running.iter().map(|(_, due)| *due).min(),
            Source::Replay(player) => player.due(),
        }
    }

    pub(super) fn bars(&self, all: &[Instrument], ix: Ix, interval: Interval, span: (i64, i64), now: Now) -> Vec<Bar> {
        match self {
            Source::Generated(clockwork) => clockwork.generator.bars(all, ix, interval, span, now.unix_us),
            Source::Replay(player) => {
                let mut bars = player.bars(ix, interval, span);
                for bar in &mut bars {
                    for ticks in [&mut bar.open, &mut bar.high, &mut bar.low, &mut bar.close] {
                        *ticks = all[ix].price(*ticks as i64);
                    }
                }
                bars
            }
        }
    }
}

impl From<Event> for Played {
    fn from(event: Event) -> Played {
        match event {
            Event::Frame(ix, snapshot) => Played::Snapshot(ix, snapshot),
            Event::DayEnds => Played::DayEnds,
            Event::Again => Played::Says(Words::new("录制行情从头播放", "the recording begins again")),
            Event::Ended => Played::Says(Words::new("录制行情播放完毕", "the recording has ended")),
        }
    }
}

impl Clockwork {
    fn run(&mut self, instruments: &[Instrument], now: Now, played: &mut Vec<Played>) {
        for (ix, due) in &mut self.running {
            if *due > now.monotonic_us {
                continue;
            }
            *due = (*due + self.period_us).max(now.monotonic_us + 1);
            let snapshot = self.generator.snapshot(instruments, *ix, now.unix_us);
            played.push(Played::Snapshot(*ix, Box::new(snapshot)));
        }
    }
}
