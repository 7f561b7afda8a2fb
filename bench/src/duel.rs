//! Interleaved rounds: the incumbent, we, the incumbent, we, …; whatever else the machine does meets both.

use crate::sides::Side;
use crate::stats::median;
use anyhow::Result;

/// What each side reached in each round.
pub(crate) struct Duel<T> {
    incumbent: Vec<T>,
    ours: Vec<T>,
}

/// Measures both sides by turns.
pub(crate) fn interleave<T>(rounds: usize, mut measure: impl FnMut(Side) -> Result<T>) -> Result<Duel<T>> {
    let mut duel = Duel { incumbent: Vec::new(), ours: Vec::new() };
    for _ in 0..rounds {
        duel.incumbent.push(measure(Side::Incumbent)?);
        duel.ours.push(measure(Side::Ours)?);
    }
    Ok(duel)
}

impl<T> Duel<T> {
    /// The medians of a figure: the incumbent's, ours.
    pub(crate) fn medians(&self, figure: impl Fn(&T) -> f64) -> (f64, f64) {
        (median(self.incumbent.iter().map(&figure)), median(self.ours.iter().map(&figure)))
    }
}
