//! The stages of an order, in microseconds of a monotonic clock, and their histograms.
//!
//! A timeline lives as long as its intent does in memory, so the number of intents kept bounds them. Always true: a
//! stage keeps the moment at which it was first reached.

use crate::prometheus::{head, label, line};
use domain::Text;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const NONE: u64 = u64::MAX;

const NAME: &str = "webtrader_order_seconds";
const HELP: &str = "Time that orders take: check (rules), record (intent on disk), answer (sent to answered by the trading \
                    process), total (received to answered), first_event (sent to the first word of the trading process \
                    about the order), fill (received to wholly traded).";

/// What an order passes, in this order; an event may overtake the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// All rules were looked at.
    Checked,
    /// The intent is on disk.
    Recorded,
    /// Handed to the link.
    Sent,
    /// The trading process answered, or it is known that it will not.
    Answered,
    /// The trading process told of the order.
    FirstEvent,
    /// Wholly traded.
    Filled,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Stage; 6] =
        [Stage::Checked, Stage::Recorded, Stage::Sent, Stage::Answered, Stage::FirstEvent, Stage::Filled];

    /// The name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Checked => "checked",
            Stage::Recorded => "recorded",
            Stage::Sent => "sent",
            Stage::Answered => "answered",
            Stage::FirstEvent => "first_event",
            Stage::Filled => "filled",
        }
    }
}

/// When an order passed each stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeline {
    received: u64,
    after: [u64; 6],
}

impl Timeline {
    /// Nothing is known: an intent of an earlier run.
    pub const UNSEEN: Timeline = Timeline { received: NONE, after: [NONE; 6] };

    /// Begins when the request came in, in microseconds of any clock that never goes back.
    pub fn begin(received: u64) -> Timeline {
        Timeline { received, ..Timeline::UNSEEN }
    }

    /// Whether it was seen from its beginning.
    pub fn is_seen(&self) -> bool {
        self.received != NONE
    }

    /// Notes a stage at this time of the same clock. Its distance from the begin, if this is its first time.
    pub fn mark(&mut self, stage: Stage, now: u64) -> Option<u64> {
        let slot = &mut self.after[stage as usize];
        if !(self.received != NONE && *slot == NONE) {
            return None;
        }
        *slot = now.saturating_sub(self.received);
        Some(*slot)
    }

    /// Microseconds from the begin to a stage.
    pub fn after(&self, stage: Stage) -> Option<u64> {
        Some(self.after[stage as usize]).filter(|after| *after != NONE)
    }

    /// Microseconds between two stages, where both were reached in this order.
    pub fn between(&self, from: Stage, to: Stage) -> Option<u64> {
        self.after(to)?.checked_sub(self.after(from)?)
    }
}

/// Upper bounds of the buckets in microseconds: from what a check costs to what a fill takes.
const BOUNDS: [u64; 16] = [
    10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 250_000, 1_000_000, 10_000_000, 60_000_000,
];

#[derive(Debug, Default)]
struct Histogram {
    buckets: [AtomicU64; BOUNDS.len() + 1],
    sum: AtomicU64,
    max: AtomicU64,
    /// The bits of the shortest, turned over, so that the greatest of these is the shortest and nothing is 0.
    turned_min: AtomicU64,
}

/// How long a stage took, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Latency {
    /// Orders that have passed it.
    pub count: u64,
    /// Half of them took at most this, in whole microseconds; exact to a bucket of the histogram, and never outside of
    /// what was measured.
    pub p50: f64,
    /// 90 % of them.
    pub p90: f64,
    /// 99 % of them.
    pub p99: f64,
    /// The longest of them, exactly.
    pub max: u64,
}

impl Histogram {
    fn take(&self, micros: u64) {
        let bucket = BOUNDS.partition_point(|bound| *bound < micros);
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(micros, Ordering::Relaxed);
        self.max.fetch_max(micros, Ordering::Relaxed);
        self.turned_min.fetch_max(!micros, Ordering::Relaxed);
    }

    fn latency(&self) -> Latency {
        let buckets: Vec<u64> = self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed)).collect();
        let (count, max) = (buckets.iter().sum(), self.max.load(Ordering::Relaxed));
        let min = !self.turned_min.load(Ordering::Relaxed);
        let at = |part: f64| percentile(&buckets, part * count as f64, (min as f64, max as f64)).round();
        Latency { count, p50: at(0.5), p90: at(0.9), p99: at(0.99), max }
    }

    fn write(&self, out: &mut String, labels: &str) {
        let mut count = 0;
        for (index, bucket) in self.buckets.iter().enumerate() {
            count += bucket.load(Ordering::Relaxed);
            let bound = BOUNDS.get(index).map_or_else(|| "+Inf".to_owned(), |bound| seconds(*bound));
            line(out, format_args!("{NAME}_bucket{{{labels},le=\"{bound}\"}}"), count);
        }
        line(out, format_args!("{NAME}_sum{{{labels}}}"), seconds(self.sum.load(Ordering::Relaxed)));
        line(out, format_args!("{NAME}_count{{{labels}}}"), count);
    }
}

/// The value below which so many lie, if those of a bucket are spread evenly over the part of it in which any can be.
fn percentile(buckets: &[u64], wanted: f64, (min, max): (f64, f64)) -> f64 {
    let (mut below, mut low) = (0.0, 0.0_f64);
    for (index, bucket) in buckets.iter().enumerate() {
        let high = BOUNDS.get(index).map_or(max, |bound| (*bound as f64).min(max));
        if *bucket > 0 && below + *bucket as f64 >= wanted {
            let least = low.max(min);
            return least + (high - least).max(0.0) * (wanted - below) / *bucket as f64;
        }
        below += *bucket as f64;
        low = high;
    }
    if below > 0.0 { max } else { 0.0 }
}

/// How long orders take from stage to stage.
#[derive(Debug, Default)]
pub(super) struct Durations {
    check: Histogram,
    record: Histogram,
    answer: Histogram,
    total: Histogram,
    first_event: Histogram,
    fill: Histogram,
}

impl Durations {
    /// An order that was answered.
    pub(super) fn answered(&self, timeline: &Timeline) {
        let parts = [
            (&self.check, timeline.after(Stage::Checked)),
            (&self.record, timeline.between(Stage::Checked, Stage::Recorded)),
            (&self.answer, timeline.between(Stage::Sent, Stage::Answered)),
            (&self.total, timeline.after(Stage::Answered)),
        ];
        for (histogram, micros) in parts {
            if let Some(micros) = micros {
                histogram.take(micros);
            }
        }
    }

    /// An order of which the trading process told for the first time, or for the first time as wholly traded.
    pub(super) fn seen(&self, stage: Stage, timeline: &Timeline) {
        match stage {
            Stage::FirstEvent => {
                if let Some(micros) = timeline.between(Stage::Sent, Stage::FirstEvent) {
                    self.first_event.take(micros);
                }
            }
            Stage::Filled => {
                if let Some(micros) = timeline.after(Stage::Filled) {
                    self.fill.take(micros);
                }
            }
            Stage::Checked | Stage::Recorded | Stage::Sent | Stage::Answered => {}
        }
    }

    /// Each stage in figures.
    pub(super) fn latencies(&self) -> [(&'static str, Latency); 6] {
        self.stages().map(|(stage, histogram)| (stage, histogram.latency()))
    }

    fn stages(&self) -> [(&'static str, &Histogram); 6] {
        [
            ("check", &self.check),
            ("record", &self.record),
            ("answer", &self.answer),
            ("total", &self.total),
            ("first_event", &self.first_event),
            ("fill", &self.fill),
        ]
    }
}

/// The histograms of each desk as Prometheus reads them.
pub(super) fn write<'a>(out: &mut String, desks: impl IntoIterator<Item = (&'a Text, &'a Arc<Durations>)>) {
    head(out, NAME, "histogram", HELP);
    for (desk, durations) in desks {
        for (stage, histogram) in durations.stages() {
            histogram.write(out, &format!("trader=\"{}\",stage=\"{stage}\"", label(desk)));
        }
    }
}

/// Microseconds as seconds, exactly.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Durations, Latency, Stage, Timeline};
    use domain::Text;
    use std::sync::Arc;

    #[test]
    fn a_stage_keeps_its_first_moment() {
        let mut timeline = Timeline::begin(1_000);
        assert_eq!(timeline.mark(Stage::Checked, 1_010), Some(10));
        assert_eq!(timeline.mark(Stage::Checked, 9_999), None);
        assert_eq!(timeline.mark(Stage::Answered, 1_250), Some(250));
        assert_eq!(timeline.between(Stage::Checked, Stage::Answered), Some(240));
        assert_eq!(timeline.between(Stage::Answered, Stage::Checked), None);
        assert_eq!(timeline.after(Stage::Filled), None);
        assert_eq!(Timeline::UNSEEN.clone().mark(Stage::Filled, 5), None);
    }

    #[test]
    fn percentiles_lie_in_their_bucket_and_never_above_the_longest() {
        let durations = Durations::default();
        let answer = |micros: u64| {
            let mut timeline = Timeline::begin(0);
            timeline.mark(Stage::Answered, micros);
            durations.answered(&timeline);
        };
        assert_eq!(durations.latencies()[3].1, Latency::default());
        (0..98).for_each(|_| answer(300));
        answer(7_000);
        answer(90_000_000);
        let (stage, latency) = durations.latencies()[3];
        assert_eq!((stage, latency.count, latency.max), ("total", 100, 90_000_000));
        assert!(latency.p50 > 250.0 && latency.p90 <= 500.0 && latency.p50 < latency.p90, "{latency:?}");
        assert!(latency.p99 > 5_000.0 && latency.p99 <= 10_000.0, "{latency:?}");
        let one = Durations::default();
        let mut timeline = Timeline::begin(0);
        timeline.mark(Stage::Answered, 260);
        one.answered(&timeline);
        let latency = one.latencies()[3].1;
        assert_eq!((latency.p50, latency.p90, latency.p99, latency.max), (260.0, 260.0, 260.0, 260));
    }

    #[test]
    fn histograms_are_cumulative_and_in_seconds() {
        let durations = Durations::default();
        let mut timeline = Timeline::begin(0);
        timeline.mark(Stage::Checked, 10);
        timeline.mark(Stage::Recorded, 400);
        timeline.mark(Stage::Sent, 401);
        timeline.mark(Stage::Answered, 1_501);
        durations.answered(&timeline);
        let mut out = String::new();
        let (here, there) = (Text::new("a\"b"), Text::new("there"));
        super::write(&mut out, [(&here, &Arc::new(durations)), (&there, &Arc::default())]);
        assert_eq!(out.matches("# TYPE").count(), 1);
        for wanted in [
            "webtrader_order_seconds_bucket{trader=\"a\\\"b\",stage=\"check\",le=\"0.00001\"} 1\n",
            "webtrader_order_seconds_bucket{trader=\"a\\\"b\",stage=\"total\",le=\"0.001\"} 0\n",
            "webtrader_order_seconds_bucket{trader=\"a\\\"b\",stage=\"total\",le=\"0.0025\"} 1\n",
            "webtrader_order_seconds_bucket{trader=\"a\\\"b\",stage=\"total\",le=\"+Inf\"} 1\n",
            "webtrader_order_seconds_sum{trader=\"a\\\"b\",stage=\"answer\"} 0.0011\n",
            "webtrader_order_seconds_count{trader=\"a\\\"b\",stage=\"fill\"} 0\n",
            "webtrader_order_seconds_count{trader=\"there\",stage=\"total\"} 0\n",
        ] {
            assert!(out.contains(wanted), "{wanted}\n{out}");
        }
    }
}
