//! Ticks on their way: the newest of each instrument, first from the owner to the pump, then for each reader.
//!
//! Always true: what is kept is bounded by the number of instruments; the last tick of an instrument always arrives.

use crate::limits::{INTERVAL, INTERVAL_MAX, INTERVAL_MIN, PATTERN_BYTES, PATTERNS_MAX, STARS_MAX, TICKS_WAITING};
use domain::{Text, TickData, VtSymbol};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Between the owner and the pump. The owner's part is one push: looking the instrument up is left to the pump, unless
/// that has not come for so long that what waits must be bounded.
#[derive(Debug, Default)]
pub(super) struct Ingress {
    waiting: Waiting,
    merged: u64,
}

/// Ticks in the order in which they were told.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    ticks: Vec<Arc<TickData>>,
    /// Newest of each instrument since `ticks` is full.
    newest: FxHashMap<VtSymbol, Arc<TickData>>,
}

impl Ingress {
    pub(super) fn put(&mut self, tick: &Arc<TickData>) {
        let Waiting { ticks, newest } = &mut self.waiting;
        if ticks.len() < TICKS_WAITING {
            ticks.push(Arc::clone(tick));
        } else if newest.insert(tick.vt_symbol.clone(), Arc::clone(tick)).is_some() {
            self.merged += 1;
        }
    }

    /// Gives what waits for an empty one; both keep their room.
    pub(super) fn swap(&mut self, emptied: &mut Waiting) {
        std::mem::swap(&mut self.waiting, emptied);
    }

    /// Ticks that a newer one replaced here.
    pub(super) fn merged(&self) -> u64 {
        self.merged
    }
}

impl Waiting {
    /// All, older ones of an instrument before newer ones.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = Arc<TickData>> {
        self.ticks.drain(..).chain(self.newest.drain().map(|(_, tick)| tick))
    }

    pub(super) fn clear(&mut self) {
        self.ticks.clear();
        self.newest.clear();
    }
}

/// A tick that is encoded when the first reader takes it, and then shared.
#[derive(Debug)]
pub(super) struct Quote {
    tick: Arc<TickData>,
    json: OnceLock<Box<[u8]>>,
}

impl Quote {
    pub(super) fn new(tick: Arc<TickData>) -> Arc<Quote> {
        Arc::new(Quote { tick, json: OnceLock::new() })
    }

    pub(super) fn json(&self) -> &[u8] {
        self.json.get_or_init(|| serde_json::to_vec(&self.tick).expect("a tick is JSON").into())
    }

    pub(super) fn vt_symbol(&self) -> &VtSymbol {
        &self.tick.vt_symbol
    }
}

/// What one reader wants and has not got yet.
#[derive(Debug)]
pub(super) struct Lane {
    exact: FxHashSet<Text>,
    stars: Vec<Text>,
    interval: Duration,
    /// Whether the instrument with this number is wanted, where that was asked already.
    wanted: Vec<Option<bool>>,
    newest: Vec<Option<Arc<Quote>>>,
    changed: Vec<usize>,
}

impl Default for Lane {
    fn default() -> Lane {
        Lane {
            exact: FxHashSet::default(),
            stars: Vec::new(),
            interval: INTERVAL,
            wanted: Vec::new(),
            newest: Vec::new(),
            changed: Vec::new(),
        }
    }
}

impl Lane {
    /// Adds patterns and sets the interval.
    ///
    /// # Errors
    /// Too many patterns, or one that is too long; then nothing has changed.
    pub(super) fn subscribe(&mut self, patterns: &[Text], interval_ms: Option<u64>) -> Result<(), String> {
        let (stars, exact): (Vec<&Text>, Vec<&Text>) = patterns.iter().partition(|pattern| pattern.contains('*'));
        if let Some(long) = patterns.iter().find(|pattern| pattern.len() > PATTERN_BYTES) {
            return Err(format!("the pattern {:.20}… has more than {PATTERN_BYTES} bytes", long.as_str()));
        }
        let new_stars = stars.iter().filter(|star| !self.stars.contains(star)).count();
        if self.exact.len() + exact.len() > PATTERNS_MAX || self.stars.len() + new_stars > STARS_MAX {
            return Err(format!("more than {PATTERNS_MAX} patterns, or {STARS_MAX} with a star"));
        }
        self.exact.extend(exact.into_iter().cloned());
        for star in stars {
            if !self.stars.contains(star) {
                self.stars.push(star.clone());
            }
        }
        if let Some(ms) = interval_ms {
            self.interval = Duration::from_millis(ms).clamp(INTERVAL_MIN, INTERVAL_MAX);
        }
        self.wanted.clear();
        Ok(())
    }

    /// Takes patterns away; no patterns at all means all of them.
    pub(super) fn unsubscribe(&mut self, patterns: &[Text]) {
        if patterns.is_empty() {
            *self = Lane { interval: self.interval, ..Lane::default() };
        }
        for pattern in patterns {
            self.exact.remove(pattern);
        }
        self.stars.retain(|star| !patterns.contains(star));
        self.wanted.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.stars.is_empty()
    }

    pub(super) fn interval(&self) -> Duration {
        self.interval
    }

    /// Whether ticks wait for this reader.
    pub(super) fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// A tick of the instrument with this number; whether it replaced one that the reader had not taken.
    pub(super) fn offer(&mut self, number: usize, quote: &Arc<Quote>) -> bool {
        if self.is_empty() || !self.wants(number, quote) {
            return false;
        }
        if self.newest.len() <= number {
            self.newest.resize(number + 1, None);
        }
        let merged = self.newest[number].replace(Arc::clone(quote)).is_some();
        if !merged {
            self.changed.push(number);
        }
        merged
    }

    /// What waits; nothing waits after that.
    pub(super) fn take(&mut self, into: &mut Vec<Arc<Quote>>) {
        let newest = &mut self.newest;
        into.extend(self.changed.drain(..).filter_map(|number| newest[number].take()));
    }

    fn wants(&mut self, number: usize, quote: &Quote) -> bool {
        if self.wanted.len() <= number {
            self.wanted.resize(number + 1, None);
        }
        if let Some(known) = self.wanted[number] {
            return known;
        }
        let name = quote.vt_symbol().as_str();
        let wanted = self.exact.contains(name) || self.stars.iter().any(|star| matches(star, name));
        self.wanted[number] = Some(wanted);
        wanted
    }
}

/// Whether a pattern fits, where `*` stands for any run of characters. Linear: no star is tried twice at one place.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests;
