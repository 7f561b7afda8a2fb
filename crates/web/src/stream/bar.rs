//! Bar lines: the bars of one instrument in one length, as compact arrays.
//!
//! How data passes: whoever makes bars puts what has changed of a line onto the board; each finished bar keeps the
//! version at which it finished. A frame from one version to another has the bars that finished in between, and then the
//! running one. Pure. Always true: a reader whose places follow each other gets each finished bar once and in order,
//! while the line still has it; a bar is encoded at most once, when the first reader is to get it.

use super::limits::FINISHED_BARS;
use super::tick::{push_moment, push_number};
use crate::json::push_string;
use domain::bars::Period;
use domain::{BarData, Text};
use std::sync::{Arc, OnceLock};

/// Names of an array's values.
const FIELDS: [&str; 11] = [
    "vt_symbol",
    "interval",
    "datetime",
    "open_price",
    "high_price",
    "low_price",
    "close_price",
    "volume",
    "turnover",
    "open_interest",
    "finished",
];

/// Names of an array's values.
pub fn fields() -> impl Iterator<Item = &'static str> {
    FIELDS.into_iter()
}

/// Which bars: an instrument and a length.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LineName {
    pub vt_symbol: Text,
    pub period: Period,
}

impl LineName {
    /// As it stands in a channel, `rb2601.SHFE:1m`.
    #[must_use]
    pub fn text(&self) -> Text {
        compact_str::format_compact!("{}:{}", self.vt_symbol, self.period.name())
    }
}

/// What is new of a line.
#[derive(Debug, Clone, Default)]
pub struct BarNews {
    /// Bars that have finished since it was told last, in time order.
    pub finished: Vec<BarData>,
    /// The running one, where there is one.
    pub running: Option<BarData>,
}

/// A line as it stands on the board.
#[derive(Debug, Default)]
pub(super) struct BarLine {
    name: Text,
    /// In time order; shared from state to state, since it changes once per bar.
    finished: Arc<Vec<Finished>>,
    running: Option<Bar>,
}

#[derive(Debug, Clone)]
struct Finished {
    version: u64,
    bar: Arc<Bar>,
}

/// A bar, and its text once somebody needed it.
#[derive(Debug)]
struct Bar {
    vt_symbol: Text,
    period: Period,
    data: BarData,
    is_finished: bool,
    text: OnceLock<Box<[u8]>>,
}

/// What a frame covers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// Its reader has seen all up to this; 0: nothing, so that of what is finished the newest is enough.
    pub(super) from: u64,
    /// Where its reader stands afterwards.
    pub(super) to: u64,
}

impl BarLine {
    /// A line of which nothing is known, so that nothing of it is sent.
    pub(super) fn empty(name: &LineName) -> BarLine {
        BarLine { name: name.text(), ..BarLine::default() }
    }

    /// The line as it is at this version.
    pub(super) fn next(&self, name: &LineName, version: u64, news: BarNews) -> BarLine {
        let bar = |data, is_finished| Bar {
            vt_symbol: name.vt_symbol.clone(),
            period: name.period,
            data,
            is_finished,
            text: OnceLock::new(),
        };
        let mut finished = Arc::clone(&self.finished);
        if !news.finished.is_empty() {
            let new = news.finished.into_iter().map(|data| Finished { version, bar: Arc::new(bar(data, true)) });
            let all: Vec<Finished> = self.finished.iter().cloned().chain(new).collect();
            finished = Arc::new(all[all.len().saturating_sub(FINISHED_BARS)..].to_vec());
        }
        BarLine { name: self.name.clone(), finished, running: news.running.map(|data| bar(data, false)) }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The texts of a frame's bars. What has come after the frame's end is left to the next frame, the running bar, too,
    /// where a bar before it would come later than it.
    pub(super) fn texts<'a>(&'a self, span: Span, texts: &mut Vec<&'a [u8]>) {
        let until = self.finished.partition_point(|bar| bar.version <= span.to);
        let since = match span.from {
            0 => until.saturating_sub(1),
            from => self.finished.partition_point(|bar| bar.version <= from),
        };
        texts.extend(self.finished[since.min(until)..until].iter().map(|finished| finished.bar.text()));
        if until == self.finished.len() {
            texts.extend(self.running.iter().map(Bar::text));
        }
    }
}

impl Bar {
    fn text(&self) -> &[u8] {
        self.text.get_or_init(|| {
            let mut out = Vec::with_capacity(160);
            self.push(&mut out);
            out.into_boxed_slice()
        })
    }

    fn push(&self, out: &mut Vec<u8>) {
        let data = &self.data;
        out.push(b'[');
        push_string(out, &self.vt_symbol);
        out.push(b',');
        push_string(out, self.period.name());
        out.push(b',');
        push_moment(out, &data.datetime);
        let prices = [data.open_price, data.high_price, data.low_price, data.close_price];
        for value in prices.into_iter().chain([data.volume, data.turnover, data.open_interest]) {
            out.push(b',');
            push_number(out, value);
        }
        out.extend_from_slice(if self.is_finished { b",true]" } else { b",false]" });
    }
}
