//! Our own resting orders of one side of one instrument: best price first, then first come.

use crate::instruments::Ticks;
use domain::Text;

/// Sorted by urgency; the key of a buy is its negated price, so that the smallest key is the best.
#[derive(Debug, Default)]
pub(crate) struct Resting {
    rows: Vec<(Ticks, u64, Text)>,
}

impl Resting {
    pub(crate) fn insert(&mut self, key: Ticks, seq: u64, id: Text) {
        let place = self.rows.partition_point(|row| (row.0, row.1) < (key, seq));
        self.rows.insert(place, (key, seq, id));
    }

    pub(crate) fn remove(&mut self, key: Ticks, seq: u64) {
        if let Ok(place) = self.rows.binary_search_by(|row| (row.0, row.1).cmp(&(key, seq))) {
            self.rows.remove(place);
        }
    }

    /// Ids of the orders whose key is at most that one, most urgent first.
    pub(crate) fn up_to(&self, key: Ticks) -> Vec<Text> {
        self.rows.iter().take_while(|row| row.0 <= key).map(|row| row.2.clone()).collect()
    }
}
