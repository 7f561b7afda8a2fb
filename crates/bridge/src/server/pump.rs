//! The task between the owner and the readers: encodes each fact once, hands ticks on at the shortest interval that a
//! reader wants, says with each heartbeat how far the facts are.

use super::publisher::{Shared, Taken};
use super::reader::{Cut, Reader};
use super::ticks::{Quote, Waiting};
use crate::codec::write_line;
use crate::limits::{HEARTBEAT, INTERVAL_MIN};
use crate::message::{Fact, kinds, write_fact};
use bytes::Bytes;
use domain::VtSymbol;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use tokio_util::sync::CancellationToken;

/// Facts that are encoded before other tasks have their turn: 1 ms.
const CHUNK: usize = 512;

struct Pump {
    shared: Arc<Shared>,
    readers: Vec<Arc<Reader>>,
    /// A number for each instrument that ever ticked here.
    numbers: FxHashMap<VtSymbol, usize>,
    spare: Waiting,
    quotes: Vec<(usize, Arc<Quote>)>,
}

/// Runs until `stop`.
pub(super) async fn run(shared: Arc<Shared>, stop: CancellationToken) {
    let mut pump = Pump {
        shared: Arc::clone(&shared),
        readers: Vec::new(),
        numbers: FxHashMap::default(),
        spare: Waiting::default(),
        quotes: Vec::new(),
    };
    let mut heartbeats = interval(HEARTBEAT);
    heartbeats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last_ticks = Instant::now();
    loop {
        let next_ticks = pump.shortest_interval().map(|interval| last_ticks + interval);
        let (mut beat, mut ticks) = (false, false);
        tokio::select! {
            () = stop.cancelled() => return,
            () = shared.wake.notified() => {}
            _ = heartbeats.tick() => beat = true,
            () = sleep_until(next_ticks.unwrap_or(last_ticks)), if next_ticks.is_some() => ticks = true,
        }
        pump.facts(beat).await;
        if ticks {
            last_ticks = Instant::now();
            pump.ticks();
        }
    }
}

impl Pump {
    /// How often ticks are handed on, if any reader wants them.
    fn shortest_interval(&mut self) -> Option<std::time::Duration> {
        self.readers.retain(|reader| !reader.is_closed());
        let shortest = self.readers.iter().filter_map(|reader| reader.interval()).min();
        if shortest.is_none() {
            // What came after the last reader had left.
            self.shared.ticks().swap(&mut self.spare);
            self.spare.clear();
        }
        // Half of a reader's interval, so that a tick waits for one interval and a half at most.
        shortest.map(|interval| (interval / 2).max(INTERVAL_MIN))
    }

    async fn facts(&mut self, beat: bool) {
        let Taken { seq, facts, joining, overflowed } = self.shared.take(!self.readers.is_empty());
        if overflowed {
            for reader in self.readers.drain(..).chain(joining.into_iter().map(|joining| joining.reader)) {
                self.shared.counts.cut.fetch_add(1, Ordering::Relaxed);
                reader.cut(Cut::Overflow);
            }
            return;
        }
        let before = seq - facts.len() as u64;
        let mut joining = joining;
        let mut number = before;
        for chunk in facts.chunks(CHUNK) {
            let first = number + 1;
            number += chunk.len() as u64;
            self.join(&mut joining, first - 1);
            self.send(chunk, first, &joining);
            self.join(&mut joining, number);
            if facts.len() > CHUNK {
                tokio::task::yield_now().await;
            }
        }
        self.join(&mut joining, u64::MAX);
        if beat {
            let mut line = Vec::new();
            write_line(&mut line, &heartbeat(seq));
            self.tell(&Bytes::from(line));
        }
    }

    /// Those whose first fact is behind this number are readers like all others from now on.
    fn join(&mut self, joining: &mut Vec<super::publisher::Joining>, up_to: u64) {
        for joined in joining.extract_if(.., |joining| joining.after <= up_to) {
            self.readers.push(joined.reader);
        }
    }

    /// Encodes a chunk once. Who joins in the middle of it gets the rest.
    fn send(&mut self, chunk: &[Fact], first: u64, joining: &[super::publisher::Joining]) {
        let (mut lines, mut ends) = (Vec::new(), Vec::with_capacity(chunk.len()));
        for (fact, seq) in chunk.iter().zip(first..) {
            write_fact(&mut lines, seq, fact);
            ends.push(lines.len());
        }
        let lines = Bytes::from(lines);
        self.tell(&lines);
        for joined in joining {
            let newest_known = joined.after.checked_sub(first).and_then(|index| ends.get(index as usize));
            if let Some(end) = newest_known {
                joined.reader.facts(lines.slice(*end..));
            }
        }
    }

    fn tell(&self, lines: &Bytes) {
        for reader in &self.readers {
            reader.facts(lines.clone());
        }
    }

    fn ticks(&mut self) {
        self.shared.ticks().swap(&mut self.spare);
        for tick in self.spare.drain() {
            let next = self.numbers.len();
            let number = match self.numbers.get(&tick.vt_symbol) {
                Some(number) => *number,
                None => *self.numbers.entry(tick.vt_symbol.clone()).or_insert(next),
            };
            self.quotes.push((number, Quote::new(tick)));
        }
        if !self.quotes.is_empty() {
            let merged: u64 = self.readers.iter().map(|reader| reader.ticks(&self.quotes)).sum();
            self.shared.counts.conflated.fetch_add(merged, Ordering::Relaxed);
            self.quotes.clear();
        }
    }
}

fn heartbeat(seq: u64) -> impl serde::Serialize {
    #[derive(serde::Serialize)]
    struct Heartbeat {
        #[serde(rename = "type")]
        line: &'static str,
        seq: u64,
        time_us: i64,
    }
    Heartbeat { line: kinds::HEARTBEAT, seq, time_us: super::connection::now_us() }
}
