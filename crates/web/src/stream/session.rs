//! One connection, run by one task that reads and writes.
//!
//! Control flow: `poll` looks at the clock, writes what can be written (`fill` chooses what comes next when the last
//! batch is out), reads and obeys what the client said, and takes up calls and snapshots that are done, until nothing
//! moves. It is woken by its socket, its timer, its calls, a bell of facts or a flush of ticks.
//!
//! Always true: a frame is chosen only when it can be written, so a slow reader costs one batch; while replies or
//! calls pile up nothing is read; after a close frame nothing is sent, and the client has a little time to read it.

use super::calls::Running;
use super::clock::Clock;
use super::conn::Conn;
use super::held::HeldLines;
use super::hub::Core;
use super::limits::{CALLS, CLOSE_TIME, LINGER, READ_BYTES, REPLIES, UNSENT_BYTES};
use super::message::Message;
use super::out::{Out, Wrote};
use super::pace::Pace;
use super::part::Part;
use super::ports::{Login, Ports};
use super::snapshots::Taken;
use super::stats::Ending;
use crate::live::frame::{self, Control, Decoder, Event, Keep, code};
use crate::live::{ReadHalf, Transport, WriteHalf};
use bytes::{Buf, Bytes};
use fanout::{Reader, Tag};
use futures_util::future::BoxFuture;
use std::collections::VecDeque;
use std::mem::MaybeUninit;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use tokio::io::ReadBuf;
use tokio::time::Instant;

/// A connection after its handshake. The connection ends when this is dropped.
#[must_use = "the connection ends when this is dropped"]
pub struct Session {
    pub(super) core: Arc<Core>,
    pub(super) ports: Arc<Ports>,
    pub(super) conn: Arc<Conn>,
    /// Its place among the hub's readers.
    place: usize,
    read: ReadHalf,
    write: Option<WriteHalf>,
    decoder: Decoder,
    /// Read but not decoded yet: at most one piece of a read.
    input: Bytes,
    pub(super) out: Out,
    pub(super) state: State,
    pub(super) clock: Clock,
    pace: Pace,
    pub(super) login: Option<Login>,
    pub(super) facts: Reader,
    pub(super) snapshot: Step,
    pub(super) ticks: Option<Part>,
    /// Watched with the ticks.
    pub(super) lines: HeldLines,
    pub(super) replies: VecDeque<Arc<Message>>,
    pub(super) calls: Running,
    pub(super) pong: Option<Control>,
}

/// How far the connection is.
#[derive(Debug)]
pub(super) enum State {
    /// Not logged in yet.
    New,
    Open,
    /// The close frame waits or is being written.
    Closing {
        frame: Vec<u8>,
        ending: Ending,
    },
    /// It is out; the client may read it and close.
    Lingering(Ending),
}

/// The snapshot that comes next.
pub(super) enum Step {
    None,
    Taking(BoxFuture<'static, Option<Taken>>),
    Rows(Taken),
    Trader(Message, Tag),
}

/// What a connection begins with.
pub(super) struct Start {
    pub(super) core: Arc<Core>,
    pub(super) ports: Arc<Ports>,
    pub(super) conn: Arc<Conn>,
    pub(super) place: usize,
    pub(super) login: Option<Login>,
    /// The login came from another page: it may not be used.
    pub(super) foreign: bool,
}

impl Session {
    pub(super) fn new(start: Start, transport: Transport, early: Bytes) -> Session {
        let Start { core, ports, conn, place, login, foreign } = start;
        let (read, write) = transport.split();
        write.bound_unsent(UNSENT_BYTES);
        let now = Instant::now();
        let limit = core.options.max_message;
        let decoder =
            if conn.packed { Decoder::with_packed(Keep::Payload, limit) } else { Decoder::new(Keep::Payload, limit) };
        let mut session = Session {
            clock: Clock::new(&core.options, now),
            facts: Reader::new(core.head()),
            core,
            ports,
            conn,
            place,
            read,
            write: Some(write),
            decoder,
            input: early,
            out: Out::default(),
            state: State::New,
            pace: Pace::new(now),
            login: None,
            snapshot: Step::None,
            ticks: None,
            lines: HeldLines::default(),
            replies: VecDeque::new(),
            calls: Running::default(),
            pong: None,
        };
        match login {
            Some(_) if foreign => session.close(code::NOT_ALLOWED, "not_allowed: foreign origin", Ending::NotAllowed),
            Some(login) => session.enter(login),
            None => {}
        }
        session
    }

    /// Serves the connection until it is over; tells why it ended.
    pub async fn run(mut self) -> Ending {
        let ending = std::future::poll_fn(|cx| self.poll(cx)).await;
        self.core.counters.end(ending);
        ending
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Ending> {
        self.conn.waker.register(cx.waker());
        if self.core.closing.is_cancelled() {
            self.go_away();
        }
        self.settle_doubt();
        loop {
            let now = Instant::now();
            self.pace.refill(now);
            if let Some(ending) = self.expire(now) {
                return Poll::Ready(ending);
            }
            let mut moved = false;
            for step in [Self::poll_write, Self::poll_read] {
                match step(self, cx, now) {
                    Moved::Yes => moved = true,
                    Moved::No => {}
                    Moved::Over(ending) => return Poll::Ready(ending),
                }
            }
            moved |= self.poll_work(cx);
            moved |= self.clock.poll(cx, self.deadline());
            if !moved {
                self.conn.queued.store(self.out.bytes() as u64, Ordering::Relaxed);
                return Poll::Pending;
            }
        }
    }

    /// Writes until the socket is full or there is nothing to say.
    fn poll_write(&mut self, cx: &mut Context<'_>, now: Instant) -> Moved {
        let mut moved = Moved::No;
        loop {
            if self.out.is_empty() && !self.fill(now) {
                if let State::Closing { ending, .. } = self.state {
                    self.linger(ending, now, cx);
                }
                return moved;
            }
            let Some(write) = &mut self.write else { return moved };
            match self.out.write(write, cx) {
                Wrote::Some(bytes) => {
                    self.clock.blocked_since = None;
                    self.core.counters.write(bytes as u64);
                    self.conn.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
                    moved = Moved::Yes;
                }
                Wrote::Blocked => {
                    self.clock.blocked_since.get_or_insert(now);
                    return moved;
                }
                Wrote::Failed => return Moved::Over(self.ending().unwrap_or(Ending::Gone)),
            }
        }
    }

    /// Reads until there is nothing more, or no more may be taken now.
    fn poll_read(&mut self, cx: &mut Context<'_>, now: Instant) -> Moved {
        let mut moved = Moved::No;
        while self.may_read() {
            if self.input.has_remaining() {
                let input = std::mem::take(&mut self.input);
                let used = self.decode(&input);
                self.input = input.slice(used..);
                moved = Moved::Yes;
                continue;
            }
            let mut space = [MaybeUninit::uninit(); READ_BYTES];
            let mut space = ReadBuf::uninit(&mut space);
            match self.read.poll_read(cx, &mut space) {
                Poll::Pending => break,
                Poll::Ready(Ok(())) if !space.filled().is_empty() => {
                    let filled = space.filled();
                    self.clock.heard(now);
                    self.pace.read(filled.len());
                    let used = self.decode(filled);
                    self.input = Bytes::copy_from_slice(&filled[used..]);
                    moved = Moved::Yes;
                }
                Poll::Ready(_) => return Moved::Over(self.ending().unwrap_or(Ending::Gone)),
            }
        }
        moved
    }

    /// Takes the frames in `input` one by one; returns how much of it was used.
    fn decode(&mut self, input: &[u8]) -> usize {
        if self.ending().is_some() {
            return input.len();
        }
        let mut rest = input;
        while self.may_read() && self.ending().is_none() {
            let event = match self.decoder.next(&mut rest) {
                Ok(Some(event)) => event,
                Ok(None) => return input.len(),
                Err(violation) => {
                    self.close(violation.code(), &violation.to_string(), Ending::Refused);
                    return input.len();
                }
            };
            self.pace.frame();
            match event {
                Event::Text(text) => self.obey(&text),
                Event::Packed(payload) => self.unpack(&payload),
                Event::Ping(ping) => self.pong = Some(ping),
                Event::Pong(_) => {}
                Event::Close(code) => self.echo_close(code),
            }
        }
        input.len() - rest.len()
    }

    fn may_read(&self) -> bool {
        match self.state {
            // The client's own closing is still to be seen; what it says is thrown away, but not at any speed.
            State::Closing { .. } | State::Lingering(_) => self.pace.allows(),
            State::New | State::Open => self.replies.len() < REPLIES && self.calls.len() < CALLS && self.pace.allows(),
        }
    }

    /// Ends the connection with a close frame behind what was begun. The first ending counts.
    pub(super) fn close(&mut self, code: u16, reason: &str, ending: Ending) {
        let mut bytes = Vec::new();
        frame::close(code, reason, &mut bytes);
        self.close_with(bytes, ending);
    }

    fn close_with(&mut self, frame: Vec<u8>, ending: Ending) {
        if self.ending().is_none() {
            self.state = State::Closing { frame, ending };
            self.clock.over_at = Some(Instant::now() + CLOSE_TIME);
            self.replies.clear();
            self.snapshot = Step::None;
            self.leave_watch();
            self.conn.want(std::iter::empty());
        }
    }

    /// RFC 6455 5.5.1: a close is answered with the code that it had.
    fn echo_close(&mut self, code: Option<u16>) {
        let mut bytes = Vec::new();
        match code {
            Some(code) => frame::close(code, "", &mut bytes),
            None => frame::control(frame::Opcode::Close, &[], &mut bytes),
        }
        self.close_with(bytes, Ending::Closed);
    }

    /// All is said: our side of the connection closes, so that the client sees the end.
    fn linger(&mut self, ending: Ending, now: Instant, cx: &mut Context<'_>) {
        if let Some(write) = self.write.take() {
            write.finish(cx);
        }
        self.state = State::Lingering(ending);
        self.clock.over_at = Some(now + LINGER);
        self.clock.blocked_since = None;
    }

    /// Gives the connection up where its time is over.
    fn expire(&mut self, now: Instant) -> Option<Ending> {
        if self.clock.is_over(now) {
            self.abort();
            return Some(self.ending().unwrap_or(Ending::Gone));
        }
        if let Some(ending) = self.clock.given_up(now, &self.core.options).filter(|_| self.ending().is_none()) {
            self.abort();
            return Some(ending);
        }
        if matches!(self.state, State::New) && self.clock.auth_is_over(now) {
            self.close(code::NOT_LOGGED_IN, "not_logged_in: no login in time", Ending::NotLoggedIn);
        }
        None
    }

    fn abort(&mut self) {
        if let Some(write) = self.write.take() {
            write.abort();
        }
    }

    pub(super) fn ending(&self) -> Option<Ending> {
        match self.state {
            State::Closing { ending, .. } | State::Lingering(ending) => Some(ending),
            State::New | State::Open => None,
        }
    }

    fn deadline(&self) -> Instant {
        let reading = self.pace.resume_at();
        self.clock.deadline(&self.core.options, matches!(self.state, State::New), self.ending().is_some(), reading)
    }

    /// Watches nothing any more.
    fn leave_watch(&mut self) {
        self.ticks = None;
        self.lines.clear();
    }
}

/// What a step of `poll` came to.
enum Moved {
    Yes,
    No,
    Over(Ending),
}

impl Drop for Session {
    fn drop(&mut self) {
        self.leave_watch();
        self.core.forget(self.place);
    }
}
