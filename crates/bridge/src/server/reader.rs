//! What one connection has to write: facts in order, answers, newest ticks. Filled by the pump, the owner and the
//! connection's reading half; emptied by its writing half.
//!
//! Always true: nobody who fills it waits. Facts are bounded in bytes and the reader is cut beyond that; answers are
//! bounded because reading requests stops while many wait; ticks by the number of instruments.

use super::ticks::{Lane, Quote};
use crate::limits::{BACKLOG_BYTES, PENDING_MAX, WRITE_BYTES};
use crate::message::{Answer, Parts, Refusal, Subscription, write_refusal};
use crate::plain::Socket;
use crate::together::{self, Writes};
use bytes::Bytes;
use domain::Text;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::time::Instant;

/// An answer that waits to be written.
#[derive(Debug)]
pub(super) enum Out {
    /// From the owner.
    Answer(u64, Answer),
    /// From the owner, or because it could not get there.
    Refusal(u64, Refusal),
    /// A line of the connection's own.
    Line(Vec<u8>),
}

impl Out {
    /// Whether it is one short line, which anybody may encode.
    fn is_short(&self) -> bool {
        match self {
            Out::Answer(_, answer) => matches!(answer, Answer::Done | Answer::Order(_) | Answer::Quote(_)),
            Out::Refusal(..) | Out::Line(_) => true,
        }
    }

    /// Appends it, if it is short.
    fn write(self, out: &mut Vec<u8>) {
        match self {
            Out::Answer(id, answer) => drop(Parts::of(answer, &Text::default()).write(out, id)),
            Out::Refusal(id, refusal) => write_refusal(out, id, &refusal),
            Out::Line(line) => out.extend_from_slice(&line),
        }
    }
}

/// Why a connection is ended from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    SlowReader,
    Overflow,
    Malformed(String),
    Silent,
    GoingAway,
}

impl Cut {
    pub(super) fn word(&self) -> &'static str {
        match self {
            Cut::SlowReader | Cut::Overflow => "slow_consumer",
            Cut::Malformed(_) => "malformed",
            Cut::Silent => "silent",
            Cut::GoingAway => "going_away",
        }
    }
}

/// How a reader's wish for ticks has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interest {
    Begun,
    Ceased,
    Same,
}

impl Interest {
    fn between(before: bool, after: bool) -> Interest {
        match (before, after) {
            (false, true) => Interest::Begun,
            (true, false) => Interest::Ceased,
            (true, true) | (false, false) => Interest::Same,
        }
    }
}

/// One connection.
#[derive(Debug, Default)]
pub(super) struct Reader {
    state: Mutex<State>,
    /// There is something to write.
    pub(super) wake: Notify,
    /// It is ended from here, even if the writing half waits for the peer.
    pub(super) ended: Notify,
    /// Answers were taken, so requests may be read again.
    pub(super) room: Notify,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    cut: Option<Cut>,
    facts: VecDeque<Bytes>,
    fact_bytes: usize,
    /// Where whoever answers may write, while the writing half does not.
    socket: Option<Arc<Socket>>,
    replies: VecDeque<Out>,
    /// The end of lines whose begin was written.
    rest: Vec<u8>,
    /// The writing half is at work.
    is_writing: bool,
    /// Requests that the owner has not answered.
    pending: usize,
    lane: Lane,
}

/// What the writing half takes at once.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) cut: Option<Cut>,
    /// Before all else.
    pub(super) rest: Vec<u8>,
    pub(super) facts: Vec<Bytes>,
    pub(super) replies: Vec<Out>,
    pub(super) ticks: Vec<Arc<Quote>>,
    /// When ticks that wait are due.
    pub(super) ticks_due: Option<Instant>,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.cut.is_none()
            && self.rest.is_empty()
            && self.facts.is_empty()
            && self.replies.is_empty()
            && self.ticks.is_empty()
    }
}

impl State {
    /// Short answers, as far as the socket takes them.
    fn write(&mut self) {
        let is_free = !self.is_writing && self.rest.is_empty() && self.cut.is_none();
        let Some(socket) = &self.socket else { return };
        if !is_free || !self.replies.iter().all(Out::is_short) {
            return;
        }
        let mut lines = Vec::with_capacity(256);
        self.replies.drain(..).for_each(|out| out.write(&mut lines));
        // A connection that is broken is the writing half's business.
        let taken = socket.try_write(&lines).unwrap_or(0);
        self.rest = lines.split_off(taken);
    }
}

impl Writes for Reader {
    fn write(&self) {
        let mut state = self.lock();
        state.write();
        let is_done = state.replies.is_empty() && state.rest.is_empty();
        drop(state);
        if !is_done {
            self.wake.notify_one();
        }
    }
}

impl Reader {
    /// Of a connection; `socket` where its lines may be written by anybody.
    pub(super) fn new(socket: Option<Arc<Socket>>) -> Reader {
        Reader { state: Mutex::new(State { socket, ..State::default() }), ..Reader::default() }
    }

    /// Adds lines of facts.
    pub(super) fn facts(&self, lines: Bytes) {
        let mut state = self.lock();
        if state.closed || state.cut.is_some() {
            return;
        }
        state.fact_bytes += lines.len();
        if state.fact_bytes > BACKLOG_BYTES {
            state.cut = Some(Cut::SlowReader);
            state.facts.clear();
            self.ended.notify_one();
        } else {
            state.facts.push_back(lines);
        }
        drop(state);
        self.wake.notify_one();
    }

    /// Adds an answer, and writes it where that needs no waiting.
    pub(super) fn reply(self: &Arc<Self>, out: Out) {
        let mut state = self.lock();
        if state.closed {
            return;
        }
        if !matches!(out, Out::Line(_)) {
            state.pending = state.pending.saturating_sub(1);
        }
        state.replies.push_back(out);
        drop(state);
        together::write(self);
    }

    /// Counts a request; `false` if there are too many.
    pub(super) fn begin_request(&self) -> bool {
        let mut state = self.lock();
        state.pending += 1;
        state.pending <= PENDING_MAX
    }

    /// Whether so many answers wait that no further requests should be read.
    pub(super) fn is_full(&self) -> bool {
        self.lock().replies.len() >= PENDING_MAX
    }

    /// Offers ticks with the numbers of their instruments; how many replaced older ones.
    pub(super) fn ticks(&self, quotes: &[(usize, Arc<Quote>)]) -> u64 {
        let mut state = self.lock();
        if state.lane.is_empty() || state.closed {
            return 0;
        }
        let had_changed = state.lane.has_changed();
        let merged = quotes.iter().filter(|(number, quote)| state.lane.offer(*number, quote)).count();
        let is_news = !had_changed && state.lane.has_changed();
        drop(state);
        if is_news {
            self.wake.notify_one();
        }
        merged as u64
    }

    /// Changes which ticks it gets.
    pub(super) fn subscribe(&self, subscription: &Subscription) -> Result<Interest, String> {
        let lane = &mut self.lock().lane;
        let before = !lane.is_empty();
        lane.subscribe(&subscription.patterns, subscription.interval_ms)?;
        Ok(Interest::between(before, !lane.is_empty()))
    }

    pub(super) fn unsubscribe(&self, subscription: &Subscription) -> Interest {
        let lane = &mut self.lock().lane;
        let before = !lane.is_empty();
        lane.unsubscribe(&subscription.patterns);
        Interest::between(before, !lane.is_empty())
    }

    /// The interval at which it wants ticks, if it wants any.
    pub(super) fn interval(&self) -> Option<std::time::Duration> {
        let state = self.lock();
        (!state.closed && !state.lane.is_empty()).then(|| state.lane.interval())
    }

    /// Ends it, unless it has an end already.
    pub(super) fn cut(&self, cut: Cut) {
        self.lock().cut.get_or_insert(cut);
        self.wake.notify_one();
        self.ended.notify_one();
    }

    /// Why it is ended, if it is.
    pub(super) fn end(&self) -> Option<Cut> {
        self.lock().cut.clone()
    }

    /// Nothing is kept for it any more.
    pub(super) fn close(&self) -> Interest {
        let before = std::mem::replace(&mut *self.lock(), State { closed: true, ..State::default() });
        Interest::between(!before.lane.is_empty(), false)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Takes what is to be written now. Ticks come along if they are due, that is an interval after `last_ticks`.
    /// Nobody else writes until it is called again, unless there was nothing; `has_more`: the writing half has something.
    pub(super) fn take(&self, last_ticks: Option<Instant>, now: Instant, has_more: bool) -> Batch {
        let mut state = self.lock();
        let mut batch = Batch {
            cut: state.cut.clone(),
            rest: std::mem::take(&mut state.rest),
            replies: state.replies.drain(..).collect(),
            ..Batch::default()
        };
        let mut bytes = 0;
        while bytes < WRITE_BYTES
            && let Some(lines) = state.facts.pop_front()
        {
            bytes += lines.len();
            batch.facts.push(lines);
        }
        state.fact_bytes -= bytes.min(state.fact_bytes);
        if state.lane.has_changed() {
            let due = last_ticks.map_or(now, |last| last + state.lane.interval());
            match due <= now {
                true => state.lane.take(&mut batch.ticks),
                false => batch.ticks_due = Some(due),
            }
        }
        state.is_writing = has_more || !batch.is_empty();
        drop(state);
        if !batch.replies.is_empty() {
            self.room.notify_one();
        }
        batch
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
