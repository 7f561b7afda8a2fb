//! What a connection is sent next, chosen when the batch before is out.
//!
//! Order: the close frame alone; else pong and ping, replies, facts and snapshots, ticks, the heartbeat. Always true:
//! a heartbeat's number is one up to which this reader has had all that it wanted.

use super::Channel;
use super::hub::Core;
use super::limits::{BATCH, RETRY_AFTER_MS, WRITE_SLICES};
use super::message::{Deflater, Message};
use super::session::{Session, State, Step};
use super::snapshots::{self, Snapshots};
use super::stats::Ending;
use super::text;
use crate::live::frame::{self, Opcode, code};
use bytes::Bytes;
use fanout::{Next, Tag};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use tokio::time::Instant;

impl Session {
    /// Puts the next frames into `out`; false if there are none.
    pub(super) fn fill(&mut self, now: Instant) -> bool {
        if self.ending().is_none() {
            self.fill_control(now);
            self.fill_replies();
        }
        if matches!(self.state, State::Open) {
            self.fill_facts();
            self.fill_ticks();
            self.fill_heartbeat(now);
        }
        // Also where one of the above has just closed: behind what it had begun.
        if self.out.is_empty()
            && let State::Closing { frame, .. } = &mut self.state
        {
            let frame = std::mem::take(frame);
            self.out.extend([Bytes::from(frame)]);
        }
        !self.out.is_empty()
    }

    /// Takes up what others have done for this connection: calls and a snapshot.
    pub(super) fn poll_work(&mut self, cx: &mut Context<'_>) -> bool {
        let mut moved = false;
        while let Some((id, outcome)) = self.calls.poll(cx) {
            if self.ending().is_none() {
                self.replies.push_back(Arc::new(text::reply(&id, &outcome)));
            }
            moved = true;
        }
        if let Step::Taking(taking) = &mut self.snapshot
            && let Poll::Ready(taken) = taking.as_mut().poll(cx)
        {
            self.snapshot = Step::None;
            match taken {
                Some(taken) if self.facts.hold(taken.tag, taken.seq) => self.snapshot = Step::Rows(taken),
                // Of no use any more; `fill` asks again if another is needed.
                Some(_) => {}
                // An empty list would be a lie.
                None => self.close(code::TRY_AGAIN_LATER, "a snapshot failed", Ending::Refused),
            }
            moved = true;
        }
        moved
    }

    /// Closes because the server does; each client is asked to come back at another moment.
    pub(super) fn go_away(&mut self) {
        let (least, spread) = RETRY_AFTER_MS;
        let retry = least + self.conn.id.wrapping_mul(7_919) % spread;
        let reason = format!("{{\"reason\":\"going_away\",\"retry_after_ms\":{retry}}}");
        self.close(code::GOING_AWAY, &reason, Ending::Shutdown);
    }

    fn fill_control(&mut self, now: Instant) {
        let mut bytes = Vec::new();
        if let Some(ping) = self.pong.take() {
            frame::control(Opcode::Pong, ping.bytes(), &mut bytes);
        }
        if self.clock.ping_is_due(&self.core.options, now) {
            frame::control(Opcode::Ping, b"", &mut bytes);
        }
        self.out.extend([Bytes::from(bytes)]);
    }

    fn fill_replies(&mut self) {
        let count = self.replies.len().min(WRITE_SLICES);
        for reply in self.replies.drain(..count) {
            let packed = deflater(&self.core, self.conn.packed);
            self.out.extend([reply.frame(packed)]);
        }
        if self.replies.is_empty() && self.replies.capacity() > 0 {
            self.replies = Default::default();
        }
    }

    /// Facts, and the snapshots that are owed, up to one batch.
    fn fill_facts(&mut self) {
        loop {
            if self.facts.cursor() == self.core.head() && self.facts.is_settled() {
                return;
            }
            let mut messages: Vec<Arc<Message>> = Vec::new();
            let next = self.facts.gather(&self.core.ring(), BATCH, |_, message| messages.push(Arc::clone(message)));
            let packed = deflater(&self.core, self.conn.packed);
            self.out.extend(messages.iter().map(|message| message.frame(packed)));
            self.conn.cursor.store(self.facts.cursor(), Ordering::Relaxed);
            match next {
                Next::UpToDate | Next::Full => return,
                Next::Needs(tag) => {
                    if !self.begin_snapshot(tag) {
                        return;
                    }
                }
                Next::Snapshot(tag) => self.push_snapshot(tag),
                Next::Reset { desk, seq } => {
                    let desk = &self.core.desks[usize::from(desk)];
                    self.out.extend([text::reset(desk, seq).frame(None)]);
                }
                Next::Cut => return self.close(code::SLOW_CONSUMER, "slow_consumer", Ending::Slow),
            }
        }
    }

    /// True if it is there at once.
    fn begin_snapshot(&mut self, tag: Tag) -> bool {
        if matches!(self.snapshot, Step::Taking(_)) {
            return false;
        }
        if Channel::of(tag.channel) == Channel::Trader {
            let (seq, message) = self.core.trader_message(usize::from(tag.desk));
            self.snapshot = Step::Trader(message, tag);
            return self.facts.hold(tag, seq);
        }
        let source = Arc::clone(&self.ports.source);
        let taking = Snapshots::take(Arc::clone(&self.core), source, tag, self.facts.cursor(), self.conn.packed);
        self.snapshot = Step::Taking(Box::pin(taking));
        // To be polled for the first time, by `poll_work` behind this.
        false
    }

    fn push_snapshot(&mut self, tag: Tag) {
        let packed = deflater(&self.core, self.conn.packed);
        match std::mem::replace(&mut self.snapshot, Step::None) {
            Step::Rows(taken) => {
                debug_assert_eq!(taken.tag, tag);
                taken.body.frame(snapshots::start(&self.core, &taken), packed, &mut self.out);
            }
            Step::Trader(message, of) => {
                debug_assert_eq!(of, tag);
                self.out.extend([message.frame(packed)]);
            }
            Step::None | Step::Taking(_) => debug_assert!(false, "the reader holds a snapshot that is not there"),
        }
    }

    fn fill_ticks(&mut self) {
        let Some(part) = &mut self.ticks else { return };
        let (messages, conflated) = part.take(&self.core);
        self.conn.conflated.fetch_add(conflated, Ordering::Relaxed);
        self.core.counters.conflated.fetch_add(conflated, Ordering::Relaxed);
        let packed = deflater(&self.core, self.conn.packed);
        self.out.extend(messages.iter().map(|message| message.frame(packed)));
    }

    fn fill_heartbeat(&mut self, now: Instant) {
        if now < self.clock.heartbeat_at {
            return;
        }
        self.clock.heartbeat_at = now + self.core.options.heartbeat;
        if !self.is_still_logged_in() {
            return self.end_session();
        }
        self.out.extend([text::heartbeat(self.facts.cursor()).frame(None)]);
    }

    /// Ends where somebody has ended the session, without waiting for a heartbeat.
    pub(super) fn settle_doubt(&mut self) {
        if self.conn.doubted.swap(false, Ordering::SeqCst) && !self.is_still_logged_in() {
            self.end_session();
        }
    }

    fn end_session(&mut self) {
        self.close(code::SESSION_ENDED, "session_ended", Ending::SessionEnded);
    }

    fn is_still_logged_in(&self) -> bool {
        self.login.as_ref().is_some_and(|login| self.ports.sessions.stands(&login.session))
    }
}

fn deflater(core: &Core, packed: bool) -> Option<&Deflater> {
    packed.then_some(&core.deflater)
}
