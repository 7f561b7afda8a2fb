//! Percentiles of one run and medians over rounds. Pure.

use std::time::Duration;

/// How long each operation of a run took.
#[derive(Clone, Debug, Default)]
pub(crate) struct Latencies {
    nanoseconds: Vec<u64>,
    sorted: bool,
}

impl Latencies {
    pub(crate) fn add(&mut self, took: Duration) {
        self.nanoseconds.push(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
        self.sorted = false;
    }

    /// Milliseconds below which `share` (0 to 1) of the operations stayed; `NAN` if there were none.
    pub(crate) fn percentile_ms(&mut self, share: f64) -> f64 {
        if !self.sorted {
            self.nanoseconds.sort_unstable();
            self.sorted = true;
        }
        let Some(last) = self.nanoseconds.len().checked_sub(1) else { return f64::NAN };
        let at = (share * last as f64).round() as usize;
        self.nanoseconds[at.min(last)] as f64 / 1e6
    }
}

/// The middle value; of an even number the lower one of the two in the middle. `NAN` of nothing.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.len().checked_sub(1).map_or(f64::NAN, |last| values[last / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let mut latencies = Latencies::default();
        (1..=100).rev().for_each(|ms| latencies.add(Duration::from_millis(ms)));
        let shares = [0.0, 0.5, 0.99, 1.0].map(|share| latencies.percentile_ms(share));
        assert_eq!(shares.map(|ms| ms as u64), [1, 51, 99, 100]);
        assert!(Latencies::default().percentile_ms(0.5).is_nan());
    }

    #[test]
    fn the_median_is_one_of_the_rounds() {
        assert_eq!(median([3.0, 1.0, 2.0]).to_bits(), 2.0_f64.to_bits());
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]).to_bits(), 2.0_f64.to_bits());
        assert!(median([]).is_nan());
    }
}
