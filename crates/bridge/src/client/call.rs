//! Requests: concurrent, each with its own deadline, each ending in exactly one of answered, certainly not sent,
//! unknown. An answer that comes after its deadline is dropped by its number.
//!
//! Whoever asks also writes, where the connection takes it at once: no task has to be woken for it. What does not fit
//! waits for the connection's own task.

use crate::codec::write_line;
use crate::limits::{PENDING_MAX, REPLY_BYTES};
use crate::message::{Code, Hello, Refusal, RequestOut};
use crate::plain::Socket;
use crate::together::{self, Writes};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};

/// How a request ended without a good answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CallError {
    /// It certainly was not carried out; asking again is safe.
    #[error("not sent: {0}")]
    NotSent(String),
    /// It may have been carried out or may still be; nobody knows.
    #[error("outcome unknown: {0}")]
    Unknown(String),
    /// The trading process said no; what its code means stands with [`Code`].
    #[error("{}: {}", .0.code.word(), .0.message)]
    Refused(Refusal),
    /// It was carried out, and answered with something that could not be understood.
    #[error("unreadable answer: {0}")]
    Unreadable(String),
}

/// How the connection is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Health {
    /// Who answered; absent while there is no connection.
    pub hello: Option<Arc<Hello>>,
    /// Round trip of the last ping.
    pub round_trip: Option<Duration>,
    /// How far the trading process's clock is ahead of ours, in microseconds, as of the last ping.
    pub clock_ahead_us: Option<i64>,
}

/// Carries requests to one trading process; cheap to clone.
#[derive(Clone)]
pub struct Caller {
    books: Arc<Books>,
}

/// Data of an answer, in as many parts as it came.
pub(super) type Parts = Vec<Box<RawValue>>;

/// Requests that wait to be written or to be answered.
#[derive(Default)]
pub(super) struct Books {
    state: Mutex<State>,
    /// There is something to write, or the connection is to be ended.
    pub(super) wake: Notify,
    /// Rows that could not be read.
    skipped: AtomicU64,
}

#[derive(Default)]
struct State {
    health: Health,
    reset: bool,
    next: u64,
    lines: VecDeque<(u64, Vec<u8>)>,
    /// The end of a line whose begin was written, and its request.
    rest: Option<(u64, Vec<u8>)>,
    /// The connection's task is writing.
    is_writing: bool,
    /// Where anybody may write meanwhile.
    socket: Option<Arc<Socket>>,
    waiting: HashMap<u64, Waiting>,
}

struct Waiting {
    /// Whether the operating system has taken its last byte.
    is_sent: bool,
    parts: Parts,
    bytes: usize,
    done: oneshot::Sender<Result<Parts, CallError>>,
}

impl Books {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn skipped(&self) -> &AtomicU64 {
        &self.skipped
    }

    /// A connection began; requests may leave.
    pub(super) fn connected(&self, hello: Arc<Hello>, socket: Option<Arc<Socket>>) {
        let mut state = self.lock();
        state.health = Health { hello: Some(hello), ..Health::default() };
        (state.reset, state.is_writing, state.socket) = (false, false, socket);
    }

    /// A connection ended: what was not written whole was certainly not received; of the rest nobody knows.
    pub(super) fn lost(&self, reason: &str) {
        let mut state = self.lock();
        state.health = Health::default();
        state.lines.clear();
        (state.rest, state.socket) = (None, None);
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        for waiting in waiting.into_values() {
            let why = format!("the connection was lost: {reason}");
            let error = if waiting.is_sent { CallError::Unknown(why) } else { CallError::NotSent(why) };
            let _ = waiting.done.send(Err(error));
        }
    }

    /// Gives up this connection at the next opportunity.
    fn reset(&self) {
        self.lock().reset = true;
        self.wake.notify_one();
    }

    pub(super) fn is_reset(&self) -> bool {
        self.lock().reset
    }

    /// Takes the lines that wait: their bytes, and where each ends. Until it is called again nobody else writes, unless
    /// there were none.
    pub(super) fn take(&self, buffer: &mut Vec<u8>, ends: &mut VecDeque<(u64, usize)>) {
        let mut state = self.lock();
        let rest = state.rest.take();
        for (id, line) in rest.into_iter().chain(state.lines.drain(..)) {
            buffer.extend_from_slice(&line);
            ends.push_back((id, buffer.len()));
        }
        state.is_writing = !buffer.is_empty();
    }

    /// The last byte of a request was taken.
    pub(super) fn sent(&self, id: u64) {
        if let Some(waiting) = self.lock().waiting.get_mut(&id) {
            waiting.is_sent = true;
        }
    }

    /// A part of an answer came.
    pub(super) fn answered(&self, id: u64, part: Result<Box<RawValue>, Refusal>, is_last: bool) {
        let mut state = self.lock();
        // Whoever asked has given up by now.
        let Some(waiting) = state.waiting.get_mut(&id) else { return };
        let result = match part {
            Ok(part) => {
                waiting.bytes += part.get().len();
                waiting.parts.push(part);
                match waiting.bytes {
                    0..=REPLY_BYTES if !is_last => return,
                    0..=REPLY_BYTES => Ok(std::mem::take(&mut waiting.parts)),
                    _ => Err(CallError::Unreadable(format!("the answer has more than {REPLY_BYTES} bytes"))),
                }
            }
            Err(refusal) => Err(CallError::Refused(refusal)),
        };
        if let Some(waiting) = state.waiting.remove(&id) {
            let _ = waiting.done.send(result);
        }
    }

    pub(super) fn measured(&self, round_trip: Duration, clock_ahead_us: i64) {
        let mut state = self.lock();
        state.health.round_trip = Some(round_trip);
        state.health.clock_ahead_us = Some(clock_ahead_us);
    }

    /// Enters a request, if there is a connection and room; it leaves when it is written.
    fn enter(
        &self,
        method: &str,
        params: &impl Serialize,
        deadline: Duration,
    ) -> Result<(u64, oneshot::Receiver<Result<Parts, CallError>>), CallError> {
        let (done, answered) = oneshot::channel();
        let deadline_ms = u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX);
        let mut line = Vec::with_capacity(256);
        let mut state = self.lock();
        if state.health.hello.is_none() || state.reset {
            return Err(CallError::NotSent("the trading process is away".into()));
        }
        if state.waiting.len() >= PENDING_MAX {
            return Err(CallError::NotSent("too many requests wait for the trading process".into()));
        }
        state.next += 1;
        let id = state.next;
        write_line(&mut line, &RequestOut { id, method, params, deadline_ms });
        state.lines.push_back((id, line));
        state.waiting.insert(id, Waiting { is_sent: false, parts: Vec::new(), bytes: 0, done });
        Ok((id, answered))
    }

    /// Forgets a request; whether it can certainly not have been received.
    fn give_up(&self, id: u64) -> bool {
        let mut state = self.lock();
        state.waiting.remove(&id);
        let queued = state.lines.iter().position(|(queued, _)| *queued == id);
        queued.is_some_and(|at| state.lines.remove(at).is_some())
    }
}

impl Writes for Books {
    fn write(&self) {
        let mut state = self.lock();
        if !state.is_writing && state.rest.is_none() && !state.reset {
            state.write();
        }
        let is_done = state.rest.is_none() && state.lines.is_empty();
        drop(state);
        if !is_done {
            self.wake.notify_one();
        }
    }
}

impl State {
    fn write(&mut self) {
        let Some(socket) = &self.socket else { return };
        if self.lines.len() > 1 {
            let all: Vec<u8> = self.lines.iter().flat_map(|(_, line)| line).copied().collect();
            let taken = socket.try_write(&all);
            return self.written(taken.unwrap_or(0));
        }
        // A connection that is broken is its task's business: it hears of it, too.
        let taken = self.lines.front().map_or(Ok(0), |(_, line)| socket.try_write(line));
        self.written(taken.unwrap_or(0));
    }

    /// So many bytes of the lines were taken.
    fn written(&mut self, mut bytes: usize) {
        while let Some((id, mut line)) = self.lines.pop_front_if(|_| bytes > 0) {
            if bytes < line.len() {
                line.drain(..bytes);
                self.rest = Some((id, line));
                return;
            }
            bytes -= line.len();
            if let Some(waiting) = self.waiting.get_mut(&id) {
                waiting.is_sent = true;
            }
        }
    }
}

/// Takes a request out of the books when its future ends or is dropped.
struct Ticket<'a>(&'a Books, u64);

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.0.give_up(self.1);
    }
}

impl Caller {
    pub(super) fn new(books: Arc<Books>) -> Caller {
        Caller { books }
    }

    /// How the connection is.
    pub fn health(&self) -> Health {
        self.books.lock().health.clone()
    }

    /// Rows and facts that could not be read, so far; the log names them.
    pub fn skipped(&self) -> u64 {
        self.books.skipped.load(Ordering::Relaxed)
    }

    /// Ends the connection and makes a new one.
    pub fn reset(&self) {
        self.books.reset();
    }

    /// Asks, and waits for the answer or the deadline.
    pub(super) async fn ask(
        &self,
        method: &str,
        params: &impl Serialize,
        deadline: Duration,
    ) -> Result<Parts, CallError> {
        let (id, answered) = self.books.enter(method, params, deadline)?;
        together::write(&self.books);
        let _ticket = Ticket(&self.books, id);
        match tokio::time::timeout(deadline, answered).await {
            Ok(Ok(result)) => result.map_err(read_code),
            Ok(Err(_)) => Err(CallError::Unknown("the connection was closed".into())),
            Err(_) if self.books.give_up(id) => Err(CallError::NotSent("it could not be written in time".into())),
            Err(_) => Err(CallError::Unknown(format!("no answer within {} s", deadline.as_secs_f32()))),
        }
    }

    pub(super) fn books(&self) -> &Books {
        &self.books
    }

    pub(super) fn share(&self) -> Arc<Books> {
        Arc::clone(&self.books)
    }
}

/// Some refusals say how far the request came.
fn read_code(error: CallError) -> CallError {
    match error {
        CallError::Refused(Refusal { code: Code::Busy | Code::Late, message }) => CallError::NotSent(message),
        CallError::Refused(Refusal { code: Code::Unknown | Code::Failed, message }) => CallError::Unknown(message),
        other => other,
    }
}
