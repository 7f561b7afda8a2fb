//! The bar lines that a connection watches, each held for as long.
//!
//! Always true: what was taken is given back when it is taken out or when the connection ends, whatever ends it.

use super::bar::LineName;
use super::ports::Bars;
use domain::Text;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// By desk and name.
#[derive(Default)]
pub(super) struct HeldLines(FxHashMap<(usize, Text), Held>);

/// One line, held.
struct Held {
    bars: Arc<dyn Bars>,
    desk: usize,
    line: LineName,
}

impl HeldLines {
    /// Takes what of these lines is not held yet; all of them, or none where there is no room for one.
    pub(super) fn take(&mut self, bars: &Arc<dyn Bars>, lines: &[(usize, LineName)]) -> bool {
        let mut new = FxHashMap::default();
        for (desk, line) in lines {
            let key = (*desk, line.text());
            if self.0.contains_key(&key) || new.contains_key(&key) {
                continue;
            }
            if !bars.watch(*desk, line) {
                return false;
            }
            new.insert(key, Held { bars: Arc::clone(bars), desk: *desk, line: line.clone() });
        }
        self.0.extend(new);
        true
    }

    /// Gives a line back, if it is held.
    pub(super) fn give_back(&mut self, desk: usize, line: &LineName) {
        self.0.remove(&(desk, line.text()));
    }

    pub(super) fn clear(&mut self) {
        self.0 = FxHashMap::default();
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.bars.release(self.desk, &self.line);
    }
}
