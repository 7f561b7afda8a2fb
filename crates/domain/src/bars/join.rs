//! Several sources of bars of one length as one row.

use super::Period;
use crate::BarData;

/// Puts bars of one instrument and length into time order. Where two sources have the same one (the same minute,
/// hour, date or week), that of the earlier source stays: name the more trusted one first. The sources need no order of
/// their own.
pub fn join(sources: Vec<Vec<BarData>>, period: Period) -> Vec<BarData> {
    let mut filled = sources.into_iter().filter(|source| !source.is_empty());
    let Some(first) = filled.next() else { return Vec::new() };
    let mut keyed: Vec<(i64, BarData)> =
        first.into_iter().chain(filled.flatten()).map(|bar| (key(period, &bar), bar)).collect();
    // Stable: among equals the earlier source stays in front. Rows that are in order already are merged, not sorted.
    keyed.sort_by_key(|(key, _)| *key);
    keyed.dedup_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, bar)| bar).collect()
}

fn key(period: Period, bar: &BarData) -> i64 {
    period.key(&bar.datetime)
}
