//! The generated market: prices, books and volumes as a function of seed, instrument and moment.
//!
//! The same moment always gives the same price, in ticks and in bars alike, so history fits the live market and a
//! restart goes on where it would have been. What is kept per instrument is only the running day: its high, low,
//! volume and turnover. Contracts of one product share a path, shares and index futures lean on a common one, and
//! options are valued on their future.

mod history;
mod noise;
mod pricing;
mod shape;

pub(crate) use history::Bar;

use super::Snapshot;
use crate::instruments::{Instrument, Ix, Ticks, day_of, end_of_day};
use domain::OptionType;
use noise::{hash, lattice, path, seed_of, unit};

const DAY_US: i64 = 86_400_000_000;
const YEAR_US: f64 = 365.0 * DAY_US as f64;
const MINUTE_US: i64 = 60_000_000;
/// Futures further out cost more by this part a year.
const CARRY: f64 = 0.012;

/// A market that makes itself.
pub(crate) struct Generator {
    seed: u64,
    market: u64,
    tracks: Vec<Track>,
    days: Vec<Option<Day>>,
}

/// What an instrument's price is computed from.
#[derive(Clone)]
struct Track {
    own: u64,
    basis: u64,
    book: u64,
    underlying: Option<Ix>,
}

/// Running figures of an instrument's day.
#[derive(Clone, Copy)]
struct Day {
    number: i64,
    minute: i64,
    volume: f64,
    turnover: f64,
    open: Ticks,
    high: Ticks,
    low: Ticks,
    pre_close: Ticks,
    limits: (Ticks, Ticks),
    seen_volume: f64,
}

impl Generator {
    /// A market of that seed without instruments yet.
    pub(crate) fn new(seed: u64) -> Generator {
        Generator { seed, market: seed_of(seed, "stock market"), tracks: Vec::new(), days: Vec::new() }
    }

    /// Learns of instruments that were added to the list.
    pub(crate) fn extend(&mut self, instruments: &[Instrument]) {
        for instrument in instruments.iter().skip(self.tracks.len()) {
            let underlying = instrument.option.as_ref().and_then(|terms| {
                instruments.iter().position(|i| i.symbol == terms.underlying && i.exchange == instrument.exchange)
            });
            self.tracks.push(Track {
                own: seed_of(self.seed, &instrument.path),
                basis: seed_of(hash(self.seed, 1), &instrument.symbol),
                book: seed_of(hash(self.seed, 2), &instrument.symbol),
                underlying,
            });
            self.days.push(None);
        }
    }

    /// The market of one instrument at that moment. Moments must not go back within one instrument's day, or its
    /// volume would; a clock that was set back starts the day's figures anew.
    pub(crate) fn snapshot(&mut self, instruments: &[Instrument], ix: Ix, at_us: i64) -> Snapshot {
        let instrument = &instruments[ix];
        let number = day_of(at_us);
        let mut day = match self.days[ix].take() {
            Some(day) if day.number == number && day.minute <= at_us.div_euclid(MINUTE_US) => day,
            _ => self.begin_day(instruments, ix, at_us),
        };
        self.advance(instruments, ix, &mut day, at_us);
        let middle = self.middle(instruments, ix, at_us, day.limits);
        let slot = at_us.div_euclid(100_000) as u64;
        let book = shape::book(instrument, self.tracks[ix].book, middle, day.limits, slot);
        let last = shape::last(&book, middle, hash(self.tracks[ix].book, slot));
        day.high = day.high.max(last);
        day.low = day.low.min(last);
        let (volume, turnover) = self.flow(instrument, ix, &day, at_us, last);
        let fresh = (volume - day.seen_volume).max(0.0);
        day.seen_volume = volume.max(day.seen_volume);
        self.days[ix] = Some(day);
        Snapshot {
            at_us,
            book,
            last,
            last_volume: instrument.steps(fresh),
            volume: day.seen_volume,
            turnover,
            open_interest: self.open_interest(instrument, ix, at_us),
            open: day.open,
            high: day.high,
            low: day.low,
            pre_close: day.pre_close,
            limit_up: day.limits.1,
            limit_down: day.limits.0,
        }
    }

    /// The price at that moment in ticks, not limited and not rounded.
    fn price(&self, instruments: &[Instrument], ix: Ix, at_us: i64) -> f64 {
        let (instrument, track) = (&instruments[ix], &self.tracks[ix]);
        let Some(terms) = &instrument.option else { return self.plain_price(instrument, track, at_us) };
        let forward = match track.underlying {
            Some(under) => self.plain_price(&instruments[under], &self.tracks[under], at_us),
            None => terms.strike,
        };
        let years = instrument.expiry_us.map_or(0.0, |end| (end - at_us) as f64 / YEAR_US);
        let moneyness = (terms.strike / forward).ln();
        let yearly = instrument.walk.daily * 15.6 * (1.05 + 0.05 * lattice(track.own, at_us, DAY_US / 8));
        let smile = yearly * (1.0 - 0.6 * moneyness + 3.0 * moneyness * moneyness).clamp(0.5, 3.0);
        pricing::black76(forward, terms.strike, years, smile, terms.right == OptionType::Call)
    }

    fn plain_price(&self, instrument: &Instrument, track: &Track, at_us: i64) -> f64 {
        let walk = &instrument.walk;
        let mut deviations = (1.0 - walk.beta * walk.beta).sqrt() * path(track.own, at_us);
        if walk.beta > 0.0 {
            deviations += walk.beta * path(self.market, at_us);
        }
        let Some(expiry) = instrument.expiry_us else { return walk.price * (deviations * walk.daily).exp() };
        let carry = CARRY * (expiry - at_us) as f64 / YEAR_US;
        let basis = 0.08 * lattice(track.basis, at_us, DAY_US) + 0.03 * lattice(track.basis, at_us, MINUTE_US);
        walk.price * ((deviations + basis) * walk.daily + carry).exp()
    }

    /// The price in ticks within the day's limits.
    fn middle(&self, instruments: &[Instrument], ix: Ix, at_us: i64, limits: (Ticks, Ticks)) -> f64 {
        let ticks = self.price(instruments, ix, at_us) / instruments[ix].pricetick;
        let (down, up) = limits;
        if up == 0 { ticks.max(1.0) } else { ticks.clamp(down as f64, up as f64) }
    }

    fn limits(&self, instruments: &[Instrument], ix: Ix, pre_close: Ticks, start_us: i64) -> (Ticks, Ticks) {
        let instrument = &instruments[ix];
        if instrument.limit <= 0.0 {
            return (0, 0);
        }
        // An option may move as far as its underlying may.
        let distance = match self.tracks[ix].underlying {
            Some(under) => self.price(instruments, under, start_us) * instrument.limit / instrument.pricetick,
            None => pre_close as f64 * instrument.limit,
        };
        let down = (pre_close as f64 - distance + 1e-6).ceil() as Ticks;
        (down.max(1), (pre_close as f64 + distance + 1e-6).floor() as Ticks)
    }

    fn begin_day(&self, instruments: &[Instrument], ix: Ix, at_us: i64) -> Day {
        let number = day_of(at_us);
        let start_us = end_of_day(number - 1);
        let pre_close = (self.price(instruments, ix, start_us) / instruments[ix].pricetick).round().max(1.0) as Ticks;
        Day {
            number,
            minute: start_us.div_euclid(MINUTE_US),
            volume: 0.0,
            turnover: 0.0,
            open: pre_close,
            high: pre_close,
            low: pre_close,
            pre_close,
            limits: self.limits(instruments, ix, pre_close, start_us),
            seen_volume: 0.0,
        }
    }

    /// Adds the minutes that have gone by since the day was last looked at.
    fn advance(&self, instruments: &[Instrument], ix: Ix, day: &mut Day, at_us: i64) {
        let instrument = &instruments[ix];
        let minute = at_us.div_euclid(MINUTE_US);
        while day.minute < minute {
            let middle = self.middle(instruments, ix, day.minute * MINUTE_US + MINUTE_US / 2, day.limits);
            let ticks = middle.round() as Ticks;
            let volume = self.minute_volume(instrument, ix, day.minute);
            day.volume += volume;
            day.turnover += volume * instrument.price(ticks) * instrument.size;
            day.high = day.high.max(ticks);
            day.low = day.low.min(ticks);
            day.minute += 1;
        }
    }

    fn flow(&self, instrument: &Instrument, ix: Ix, day: &Day, at_us: i64, last: Ticks) -> (f64, f64) {
        let part = at_us.rem_euclid(MINUTE_US) as f64 / MINUTE_US as f64;
        let running = self.minute_volume(instrument, ix, day.minute) * part;
        let whole = instrument.volume(((day.volume + running) / instrument.volume_step).floor() as i64);
        (whole, day.turnover + running * instrument.price(last) * instrument.size)
    }

    /// Volume of one minute, in units of volume: quiet and busy half hours, and single bursts.
    fn minute_volume(&self, instrument: &Instrument, ix: Ix, minute: i64) -> f64 {
        let seed = self.tracks[ix].book;
        let tide = 1.0 + 0.6 * lattice(hash(seed, 7), minute, 30);
        let burst = unit(hash(seed, 8), minute as u64);
        let volume = instrument.walk.turnover / 1440.0 * tide * (0.25 + 2.25 * burst * burst);
        (volume / instrument.volume_step).round() * instrument.volume_step
    }

    fn open_interest(&self, instrument: &Instrument, ix: Ix, at_us: i64) -> f64 {
        if instrument.expiry_us.is_none() {
            return 0.0;
        }
        let tide = 1.0 + 0.1 * lattice(hash(self.tracks[ix].book, 9), at_us, 5 * DAY_US);
        (instrument.walk.turnover * 1.3 * tide).round()
    }
}

#[cfg(test)]
mod tests;
