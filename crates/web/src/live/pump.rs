//! The writing side: one task per shard owns the writers of all its readers.
//!
//! A task per reader would cost a wake-up per reader and message, as much as the write itself. So the
//! pump keeps the readers that have seen everything in one group (`followers`, all at the place `group`),
//! gathers a burst once, and writes it to each in a plain loop. Whoever cannot take all of it leaves the
//! group with a cursor of its own and is not looked at again until its own socket rings; then it is
//! visited (`visit`), gathers for itself, and joins the group again when it stands there.
//!
//! How data passes: the hub appends to the log and rings; `turn` collects the mail, passes one batch to
//! the group, visits some of those that rang. Always true: each follower's cursor equals `group`; a
//! writer that is blocked or idle costs nothing per batch; the log is locked for a gather only, never
//! over a write; a turn is bounded, and other tasks run between turns.

use std::collections::VecDeque;
use std::io::IoSlice;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fanout::{Batch, Cursor, Gathered, Log};
use slab::Slab;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::conn::{Arrival, Bell, CloseOrder, FOLLOWING, Mail, Manner};
use super::frame::code;
use super::limits::{
    BATCH_BYTES, BEAT_RANGE, BEATS_PER_TIMEOUT, Options, ROUNDS_PER_VISIT, VISITS_PER_TURN, WRITES_PER_SLICE,
};
use super::stats::{Counters, Ending};
use super::writer::{Push, Writer};

pub(super) struct Pump {
    log: Arc<Mutex<Log>>,
    bell: Arc<Bell>,
    counters: Arc<Counters>,
    beats: Beats,
    beat: u32,
    writers: Slab<Writer>,
    followers: Vec<usize>,
    group: Cursor,
    ready: VecDeque<usize>,
    mail: Mail,
    batch: Batch,
}

/// The time-outs, in beats.
#[derive(Debug, Clone, Copy)]
struct Beats {
    period: Duration,
    ping_interval: u32,
    ping_timeout: u32,
    stall: u32,
}

impl Pump {
    pub(super) fn new(log: Arc<Mutex<Log>>, bell: Arc<Bell>, counters: Arc<Counters>, options: &Options) -> Self {
        let group = lock(&log).cursor();
        bell.group.store(group.next(), Ordering::Relaxed);
        Self {
            log,
            bell,
            counters,
            beats: Beats::of(options),
            beat: 0,
            writers: Slab::new(),
            followers: Vec::new(),
            group,
            ready: VecDeque::new(),
            mail: Mail::default(),
            batch: Batch::new(),
        }
    }

    /// Serves until `shutdown`, then closes every connection with 1001.
    pub(super) async fn run(mut self, shutdown: CancellationToken) {
        let mut beats = tokio::time::interval(self.beats.period);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let bell = Arc::clone(&self.bell);
        loop {
            tokio::select! {
                () = bell.rung() => {}
                _ = beats.tick() => self.sweep(),
                () = shutdown.cancelled() => break,
            }
            if self.turn().await {
                bell.ring();
                tokio::task::yield_now().await;
            }
        }
        self.shut_down();
    }

    /// Everybody once, boundedly. True if there is more to do.
    async fn turn(&mut self) -> bool {
        self.collect();
        let more = self.pass().await;
        for _ in 0..self.ready.len().min(VISITS_PER_TURN) {
            if let Some(slot) = self.ready.pop_front() {
                self.visit(slot);
            }
        }
        more || !self.ready.is_empty()
    }

    fn collect(&mut self) {
        let mut mail = std::mem::take(&mut self.mail);
        self.bell.collect(&mut mail);
        for arrival in mail.arrivals.drain(..) {
            self.admit(arrival);
        }
        for conn in mail.ready.drain(..) {
            conn.answer_ring();
            self.ready.extend(conn.slot());
        }
        self.mail = mail;
    }

    fn admit(&mut self, arrival: Arrival) {
        let Arrival { conn, io, cursor } = arrival;
        let slot = self.writers.insert(Writer::new(io, Arc::clone(&conn), cursor, self.beat));
        conn.set_slot(slot);
        self.ready.push_back(slot);
    }

    /// Gives the group its next batch. True if there is more than one batch.
    async fn pass(&mut self) -> bool {
        if self.followers.is_empty() {
            self.group = lock(&self.log).cursor();
            self.bell.group.store(self.group.next(), Ordering::Relaxed);
            return false;
        }
        let mut batch = std::mem::take(&mut self.batch);
        let gathered = lock(&self.log).gather(&self.group, BATCH_BYTES, &mut batch);
        if let Gathered::Cut { .. } = gathered {
            // This task did not run for so long that facts are gone: each finds out for itself.
            self.disband();
            self.group = lock(&self.log).cursor();
        } else {
            self.pass_batch(&batch).await;
            batch.settle(&mut self.group, batch.bytes());
        }
        self.bell.group.store(self.group.next(), Ordering::Relaxed);
        // An idle pump must not hold on to memory of the log.
        batch.clear();
        self.batch = batch;
        gathered == Gathered::More
    }

    async fn pass_batch(&mut self, batch: &Batch) {
        if batch.is_empty() {
            for slot in &self.followers {
                batch.settle(&mut self.writers[*slot].cursor, 0);
            }
            return;
        }
        let slices: Vec<IoSlice<'_>> = batch.slices().iter().map(|slice| IoSlice::new(slice)).collect();
        let (mut frames, writes) = (0, self.followers.len() as u64);
        // From the end, so that one that leaves is replaced by one that was already served.
        for index in (0..self.followers.len()).rev() {
            let slot = self.followers[index];
            let (push, written) = self.writers[slot].write(batch, &slices, self.beat);
            frames += written;
            if push != Push::All {
                self.fall_behind(slot, push);
            }
            if index % WRITES_PER_SLICE == WRITES_PER_SLICE - 1 {
                tokio::task::yield_now().await;
            }
        }
        self.counters.count_writes(writes, frames);
    }

    fn fall_behind(&mut self, slot: usize, push: Push) {
        self.leave_group(slot);
        match push {
            Push::All | Push::Blocked => {}
            Push::Part => self.ready.push_back(slot),
            Push::Failed => self.remove(slot, Manner::Abort, Ending::Gone),
        }
    }

    /// Serves one writer that rang: its control frames, then entries of the log up to the group's place.
    fn visit(&mut self, slot: usize) {
        let Some(writer) = self.writers.get_mut(slot) else { return };
        let orders = writer.conn.take_orders();
        if orders.reader_left {
            return self.remove(slot, Manner::Abort, Ending::Gone);
        }
        if let Some(ping) = orders.pong {
            writer.owe_pong(ping);
        }
        if let Some(order) = orders.close {
            writer.queue_close(&order);
        }
        self.advance(slot);
    }

    /// Writes what can be written now; leaves the writer in the group, in `ready`, blocked, or removed.
    fn advance(&mut self, slot: usize) {
        self.leave_group(slot);
        for _ in 0..ROUNDS_PER_VISIT {
            let Some(writer) = self.writers.get_mut(slot) else { return };
            match writer.flush(self.beat) {
                Push::All if writer.is_closing() => return self.remove(slot, Manner::Linger, Ending::Gone),
                Push::All if writer.cursor.next() == self.group.next() => return self.join_group(slot),
                // Just arrived, while the group has more than one batch to go.
                Push::All if writer.cursor.next() > self.group.next() => break,
                Push::All => {}
                Push::Failed => return self.remove(slot, Manner::Abort, Ending::Gone),
                Push::Part | Push::Blocked => return,
            }
            match self.write_next(slot) {
                Push::All | Push::Part => {}
                Push::Failed => return self.remove(slot, Manner::Abort, Ending::Gone),
                Push::Blocked => return,
            }
        }
        self.ready.push_back(slot);
    }

    /// One gather and one write for a writer that stands before the group.
    fn write_next(&mut self, slot: usize) -> Push {
        let writer = &mut self.writers[slot];
        let batch = &mut self.batch;
        let gathered = lock(&self.log).gather_until(&writer.cursor, self.group.next(), BATCH_BYTES, batch);
        if let Gathered::Cut { next, floor } = gathered {
            let reason = format!("slow consumer: at {next}, facts are kept from {floor} on").into();
            writer.queue_close(&CloseOrder { code: Some(code::SLOW_CONSUMER), reason, ending: Ending::Cut });
            return Push::Part;
        }
        let (push, frames) = if batch.is_empty() {
            batch.settle(&mut writer.cursor, 0);
            (Push::All, 0)
        } else {
            let slices: Vec<IoSlice<'_>> = batch.slices().iter().map(|slice| IoSlice::new(slice)).collect();
            writer.write(batch, &slices, self.beat)
        };
        self.counters.count_writes(1, frames);
        batch.clear();
        writer.conn.place.store(writer.cursor.next(), Ordering::Relaxed);
        writer.conn.conflated.store(writer.cursor.conflated(), Ordering::Relaxed);
        push
    }

    fn join_group(&mut self, slot: usize) {
        let writer = &mut self.writers[slot];
        writer.following = Some(self.followers.len());
        writer.conn.place.store(FOLLOWING, Ordering::Relaxed);
        self.followers.push(slot);
    }

    fn leave_group(&mut self, slot: usize) {
        let writer = &mut self.writers[slot];
        let Some(index) = writer.following.take() else { return };
        writer.conn.place.store(writer.cursor.next(), Ordering::Relaxed);
        self.followers.swap_remove(index);
        if let Some(moved) = self.followers.get(index) {
            self.writers[*moved].following = Some(index);
        }
    }

    fn disband(&mut self) {
        while let Some(slot) = self.followers.last().copied() {
            self.leave_group(slot);
            self.ready.push_back(slot);
        }
    }

    /// `ending` counts only where nobody has told another one before.
    fn remove(&mut self, slot: usize, manner: Manner, ending: Ending) {
        self.leave_group(slot);
        let writer = self.writers.remove(slot);
        writer.conn.end(ending);
        self.counters.conflated.fetch_add(writer.cursor.conflated(), Ordering::Relaxed);
        writer.conn.conflated.store(0, Ordering::Relaxed);
        self.bell.readers.fetch_sub(1, Ordering::Relaxed);
        writer.leave(manner);
    }

    /// The time-outs, once per beat: who is stalled, who is dead, who is to be pinged.
    fn sweep(&mut self) {
        self.beat = self.beat.wrapping_add(1);
        for slot in 0..self.writers.capacity() {
            let (Some(writer), beat) = (self.writers.get_mut(slot), self.beat) else { continue };
            if writer.conn.take_heard() {
                writer.pulse.unanswered_since = None;
            }
            let over = |since: Option<u32>, limit| since.is_some_and(|since| beat.wrapping_sub(since) >= limit);
            if over(writer.pulse.blocked_since, self.beats.stall) {
                // It took nothing for the whole time-out, so it would not take a close frame either.
                self.remove(slot, Manner::Abort, Ending::Stalled);
            } else if writer.pulse.blocked_since.is_some() {
                // The ping may still wait behind what could not be written.
                writer.pulse.unanswered_since = writer.pulse.unanswered_since.map(|_| beat);
            } else if over(writer.pulse.unanswered_since, self.beats.ping_timeout) {
                self.remove(slot, Manner::Abort, Ending::Dead);
            } else if over(Some(writer.pulse.pinged), self.beats.ping_interval) {
                writer.queue_ping(beat);
                self.advance(slot);
            }
        }
    }

    fn shut_down(mut self) {
        let left = self.bell.close();
        for arrival in left.arrivals {
            self.admit(arrival);
        }
        for slot in 0..self.writers.capacity() {
            let Some(writer) = self.writers.get_mut(slot) else { continue };
            let reason = "server is going away".into();
            writer.queue_close(&CloseOrder { code: Some(code::GOING_AWAY), reason, ending: Ending::Shutdown });
            self.advance(slot);
            if self.writers.contains(slot) {
                self.remove(slot, Manner::Abort, Ending::Shutdown);
            }
        }
    }
}

impl Beats {
    fn of(options: &Options) -> Self {
        let shortest = options.ping_interval.min(options.ping_timeout).min(options.stall_timeout);
        let period = (shortest / BEATS_PER_TIMEOUT).clamp(BEAT_RANGE.0, BEAT_RANGE.1);
        let beats =
            |time: Duration| u32::try_from(time.as_nanos().div_ceil(period.as_nanos())).unwrap_or(u32::MAX).max(1);
        Self {
            period,
            ping_interval: beats(options.ping_interval),
            ping_timeout: beats(options.ping_timeout),
            stall: beats(options.stall_timeout),
        }
    }
}

/// The log is consistent between calls, so a panic elsewhere while it was locked changes nothing.
pub(super) fn lock(log: &Mutex<Log>) -> MutexGuard<'_, Log> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}
