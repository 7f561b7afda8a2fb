//! The bars that are being made, and those that are not written yet. Pure; times come in as arguments.
//!
//! A bar is handed over by the first tick of a later minute; where none comes, at the end of a session, it is by the
//! clock, [`SETTLE_US`] after its minute is over as the ticks' own clock goes (a replay's is not ours). If a tick of that
//! minute still comes, the bar is handed over again, whole, and replaces the first.
//!
//! Always true: a minute is among the unwritten at most once; the first bar of an instrument after a start, which may
//! lack its beginning, replaces nothing that is in the database.

use crate::limits::{SETTLE_US, UNWRITTEN_BARS};
use domain::bars::BarGenerator;
use domain::{BarData, Exchange, TickData, VtSymbol};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// Bars of every instrument that ticks.
#[derive(Debug, Default)]
pub(crate) struct Minutes {
    instruments: FxHashMap<VtSymbol, Instrument>,
    unwritten: VecDeque<Unwritten>,
    dropped: u64,
}

/// A bar on its way to the database.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unwritten {
    pub(crate) bar: BarData,
    pub(crate) place: Place,
}

/// What a bar may find at its place in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Perhaps a whole bar, which stays: this one may lack its beginning.
    Perhaps,
    /// Nothing.
    Empty,
    /// Perhaps this bar as it was earlier, which gives way.
    Own,
}

#[derive(Debug)]
struct Instrument {
    generator: BarGenerator,
    /// Time of the newest tick, microseconds since 1970 UTC, and when it came on the clock that only goes forward.
    tick_us: i64,
    came_us: u64,
    /// Whether no bar was handed over since the start.
    is_first: bool,
    /// Begin of the newest bar that was handed over.
    newest_us: Option<i64>,
}

impl Minutes {
    /// Goes on with running bars that were kept at a stop.
    pub(crate) fn resume(&mut self, kept: Vec<BarGenerator>) {
        for generator in kept {
            let Some(bar) = generator.running() else { continue };
            let newest_us = Some(bar.datetime.unix_micros());
            let instrument = Instrument { newest_us, ..Instrument::new(generator.clone().resume()) };
            self.instruments.insert(bar.vt_symbol(), instrument);
        }
    }

    /// Takes a tick in that came at that moment.
    pub(crate) fn push(&mut self, tick: &TickData, came_us: u64) {
        let instrument = match self.instruments.get_mut(&tick.vt_symbol) {
            Some(instrument) => instrument,
            None => {
                let new = Instrument::new(BarGenerator::default());
                self.instruments.entry(tick.vt_symbol.clone()).or_insert(new)
            }
        };
        if let Some(at) = &tick.datetime {
            (instrument.tick_us, instrument.came_us) = (at.unix_micros(), came_us);
        }
        if let Some(bar) = instrument.generator.push(tick) {
            let unwritten = instrument.hand_over(bar);
            add(&mut self.unwritten, &mut self.dropped, unwritten);
        }
    }

    /// Takes the bars whose minutes are over for long enough.
    pub(crate) fn settle(&mut self, now_us: u64) {
        for instrument in self.instruments.values_mut() {
            let silent_us = i64::try_from(now_us.saturating_sub(instrument.came_us)).unwrap_or(i64::MAX / 2);
            let bar = instrument.generator.flush(instrument.tick_us.saturating_add(silent_us - SETTLE_US));
            if let Some(bar) = bar {
                let unwritten = instrument.hand_over(bar);
                add(&mut self.unwritten, &mut self.dropped, unwritten);
            }
        }
    }

    /// Takes all running bars as they stand; what is needed to go on with them.
    pub(crate) fn stop(&mut self) -> Vec<BarGenerator> {
        let mut kept = Vec::new();
        for instrument in self.instruments.values_mut() {
            let generator = instrument.generator.clone();
            if let Some(bar) = instrument.generator.finish() {
                let unwritten = instrument.hand_over(bar);
                add(&mut self.unwritten, &mut self.dropped, unwritten);
                kept.push(generator);
            }
        }
        kept
    }

    /// The oldest unwritten bars, at most that many.
    pub(crate) fn batch(&self, most: usize) -> Vec<Unwritten> {
        self.unwritten.iter().take(most).cloned().collect()
    }

    /// The oldest ones were written.
    pub(crate) fn written(&mut self, count: usize) {
        self.unwritten.drain(..count.min(self.unwritten.len()));
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.unwritten.len()
    }

    /// Bars that were dropped since the last time, because too many waited.
    pub(crate) fn take_dropped(&mut self) -> u64 {
        std::mem::take(&mut self.dropped)
    }

    /// What is not in the database of an instrument, the running bar included: bars that the database gives way to, and
    /// those that give way to it.
    pub(crate) fn of(&self, symbol: &str, exchange: Exchange) -> (Vec<BarData>, Vec<BarData>) {
        let (mut better, mut worse) = (Vec::new(), Vec::new());
        let waiting = self.unwritten.iter().filter(|one| one.bar.symbol == symbol && one.bar.exchange == exchange);
        let running = self.instruments.get(&VtSymbol::new(symbol, exchange)).and_then(|instrument| {
            let bar = instrument.generator.running().filter(|_| instrument.generator.is_waiting())?;
            Some(Unwritten { bar: bar.clone(), place: instrument.place(bar) })
        });
        for one in running.into_iter().chain(waiting.cloned()) {
            if one.place == Place::Perhaps { worse.push(one.bar) } else { better.push(one.bar) }
        }
        (better, worse)
    }
}

impl Instrument {
    fn new(generator: BarGenerator) -> Instrument {
        Instrument { generator, tick_us: 0, came_us: 0, is_first: true, newest_us: None }
    }

    fn place(&self, bar: &BarData) -> Place {
        let begin = bar.datetime.unix_micros();
        match self.newest_us {
            Some(newest) if newest == begin => Place::Own,
            _ if self.is_first => Place::Perhaps,
            Some(newest) if newest > begin => Place::Own,
            _ => Place::Empty,
        }
    }

    fn hand_over(&mut self, bar: BarData) -> Unwritten {
        let place = self.place(&bar);
        let begin = bar.datetime.unix_micros();
        self.is_first = false;
        self.newest_us = Some(self.newest_us.map_or(begin, |newest| newest.max(begin)));
        Unwritten { bar, place }
    }
}

/// Adds a bar; one of the same minute that still waits gives way to it.
fn add(unwritten: &mut VecDeque<Unwritten>, dropped: &mut u64, mut one: Unwritten) {
    let is_same = |other: &Unwritten| {
        other.bar.datetime == one.bar.datetime
            && other.bar.symbol == one.bar.symbol
            && other.bar.exchange == one.bar.exchange
    };
    // Only such a bar can be there already, and then it was added lately.
    let earlier = if one.place == Place::Own { unwritten.iter().rposition(is_same) } else { None };
    if let Some(earlier) = earlier {
        one.place = unwritten[earlier].place;
        unwritten[earlier] = one;
        return;
    }
    if unwritten.len() >= UNWRITTEN_BARS {
        unwritten.pop_front();
        *dropped += 1;
    }
    unwritten.push_back(one);
}
