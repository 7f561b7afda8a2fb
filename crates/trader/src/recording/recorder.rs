//! The recorder's thread: ticks from the lane, bars of them, both into the database.
//!
//! Always true: what could not be written waits and is tried again, as long as there is room; failing is told once, and
//! then once a minute, and that it works again, too.

use super::book::Book;
use super::{Shelf, Tell, kept};
use crate::clock::Clock;
use crate::limits::{LANE_LOOK, TOLD_AGAIN, UNWRITTEN_TICKS, WRITE_AGAIN, WRITE_BARS, WRITE_EVERY};
use domain::{Language, TickData};
use history::HistoryError;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The thread's own.
pub(super) struct Recorder {
    shelf: Shelf,
    state: Option<PathBuf>,
    clock: Clock,
    language: Language,
    tell: Tell,
    book: Book,
    /// Ticks that are not written yet.
    ticks: VecDeque<Arc<TickData>>,
    /// When to write next.
    write_at: Instant,
    /// Since when it fails, and when that was told last.
    failing: Option<(Instant, Instant)>,
    /// Whether ticks were merged at the last look.
    is_merging: bool,
}

impl Recorder {
    pub(super) fn new(shelf: Shelf, state: Option<PathBuf>, clock: Clock, language: Language, tell: Tell) -> Recorder {
        let book = Book::new(shelf.recording.clone());
        let write_at = Instant::now() + WRITE_EVERY;
        let ticks = VecDeque::new();
        Recorder { shelf, state, clock, language, tell, book, ticks, write_at, failing: None, is_merging: false }
    }

    pub(super) fn run(mut self) {
        self.shelf.minutes().resume(kept::take(self.state.as_ref()));
        let mut came = Vec::new();
        loop {
            self.shelf.lane.wait(LANE_LOOK);
            let (merged, is_closed) = self.shelf.lane.take(&mut came);
            self.tell_merged(merged);
            self.take_in(&came);
            self.shelf.lane.taken_in();
            if is_closed {
                return self.finish();
            }
            if Instant::now() >= self.write_at {
                let done = self.write();
                self.write_at = Instant::now() + if done { WRITE_EVERY } else { WRITE_AGAIN };
            }
        }
    }

    fn take_in(&mut self, came: &[Arc<TickData>]) {
        let record = self.shelf.recording.record;
        if record.bars() {
            let now_us = self.clock.now().monotonic_us;
            let mut minutes = self.shelf.minutes();
            came.iter().for_each(|tick| minutes.push(tick, now_us));
            minutes.settle(now_us);
        }
        if record.ticks() {
            self.ticks.extend(came.iter().cloned());
            let surplus = self.ticks.len().saturating_sub(UNWRITTEN_TICKS);
            self.ticks.drain(..surplus);
            self.tell_dropped(surplus as u64, "ticks", "个行情");
        }
    }

    /// What is left, and the running minutes as they stand.
    fn finish(mut self) {
        // The engine has ended: nobody else reads what it is told.
        self.tell =
            Box::new(|level, text| if level >= 40 { tracing::error!("{text}") } else { tracing::info!("{text}") });
        let running = self.shelf.minutes().stop();
        if self.write() {
            kept::keep(self.state.as_ref(), &running);
        } else {
            let bars = self.shelf.minutes().waiting();
            tracing::error!(bars, ticks = self.ticks.len(), "the last of the recording could not be written");
        }
    }

    /// Writes all that waits; whether that went well.
    fn write(&mut self) -> bool {
        let result = self.write_bars().and_then(|()| self.write_ticks());
        let dropped = self.shelf.minutes().take_dropped();
        self.tell_dropped(dropped, "bars", "根K线");
        match result {
            Ok(()) => self.tell_working(),
            Err(ref error) => self.tell_failing(error),
        }
        result.is_ok()
    }

    fn write_bars(&mut self) -> Result<(), HistoryError> {
        loop {
            // The lock is not held while the disk is at work: whoever asks for bars does not wait for it.
            let batch = self.shelf.minutes().batch(WRITE_BARS);
            if batch.is_empty() {
                return Ok(());
            }
            self.book.bars(&batch)?;
            self.shelf.minutes().written(batch.len());
        }
    }

    fn write_ticks(&mut self) -> Result<(), HistoryError> {
        while !self.ticks.is_empty() {
            let count = self.ticks.len().min(WRITE_BARS);
            self.book.ticks(&self.ticks.make_contiguous()[..count])?;
            self.ticks.drain(..count);
        }
        Ok(())
    }

    fn tell_failing(&mut self, error: &HistoryError) {
        let now = Instant::now();
        let since = match self.failing {
            Some((_, told)) if now.duration_since(told) < TOLD_AGAIN => return,
            Some((since, _)) => since,
            None => now,
        };
        self.failing = Some((since, now));
        let file = self.shelf.recording.database.display();
        let (bars, ticks) = (self.shelf.minutes().waiting(), self.ticks.len());
        let text = match self.language {
            Language::Zh => {
                format!("行情记录无法写入{file}：{error}；{bars}根K线、{ticks}笔行情等待写入，交易不受影响")
            }
            Language::En => {
                format!(
                    "recording cannot write to {file}: {error}; {bars} bars and {ticks} ticks wait, trading goes on"
                )
            }
        };
        (self.tell)(40, text);
    }

    fn tell_working(&mut self) {
        let Some((since, _)) = self.failing.take() else { return };
        let seconds = since.elapsed().max(Duration::from_secs(1)).as_secs();
        let text = match self.language {
            Language::Zh => format!("行情记录恢复写入，中断{seconds}秒，期间的K线已补写"),
            Language::En => format!("recording writes again after {seconds} s; what had waited is written"),
        };
        (self.tell)(20, text);
    }

    fn tell_dropped(&self, count: u64, en: &str, zh: &str) {
        if count > 0 {
            let text = match self.language {
                Language::Zh => format!("行情记录等待写入过多，丢弃最早的{count}{zh}"),
                Language::En => format!("too much waits to be recorded: the oldest {count} {en} were dropped"),
            };
            (self.tell)(40, text);
        }
    }

    /// Once per spell: the lane was too full for some time.
    fn tell_merged(&mut self, merged: u64) {
        if merged > 0 && !self.is_merging {
            let text = match self.language {
                Language::Zh => "行情记录跟不上行情，暂时只取各合约最新一笔",
                Language::En => "recording is behind: of each instrument only the newest tick is taken for a while",
            };
            (self.tell)(30, text.to_owned());
        }
        self.is_merging = merged > 0;
    }
}
