//! Calls: pipelined, each with its own deadline, each ending in exactly one of answered, certainly not sent, unknown.
//!
//! A REP socket echoes the frames before the empty delimiter, so each request carries a number and its answer brings
//! it back. An answer whose caller has gone is dropped by that number: it can never be taken for another one.

use crate::decode::{Answer, DecodeError, decode_reply};
use crate::encode::{Argument, EnumForm, Fragments, encode_call};
use crate::limits::{DECODE_INLINE_BYTES, IN_FLIGHT_MAX, LATE_FORGOTTEN};
use bytes::Bytes;
use pickle::Node;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};
use zmtp::{DealerEvent, DealerHandle, DealerReceiver, LinkState, Message};

/// How a call ended without a value.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CallError {
    /// It certainly did not reach the trading process; calling again is safe.
    #[error("not sent: {0}")]
    NotSent(String),
    /// It may have been carried out or may still be; nobody knows.
    #[error("outcome unknown: {0}")]
    Unknown(String),
    /// The trading process's function failed; the end of its traceback.
    #[error("the trading process refused: {0}")]
    Failed(String),
    /// It was answered with something that could not be understood.
    #[error("unreadable answer: {0}")]
    Unreadable(#[from] DecodeError),
    /// The trading process has no such function.
    #[error("the trading process has no function {0}")]
    Missing(&'static str),
}

/// Carries calls to one trading process; cheap to clone.
#[derive(Clone)]
pub struct Caller {
    handle: DealerHandle,
    shared: Arc<Shared>,
    /// Rows of lists that could not be understood.
    pub(super) skipped: Arc<AtomicU64>,
}

/// Moves the bytes of calls; its owner runs it until it is dropped.
pub struct ClientDriver {
    receiver: DealerReceiver,
    shared: Arc<Shared>,
}

struct Shared {
    next: AtomicU64,
    waiting: Mutex<HashMap<u64, Waiting>>,
    /// Sent, given up by their callers, and still with the peer as far as we know.
    late: Mutex<HashMap<u64, Instant>>,
    fragments: Fragments,
}

struct Waiting {
    since: Instant,
    done: oneshot::Sender<Result<Bytes, CallError>>,
}

pub(super) fn new(handle: DealerHandle, receiver: DealerReceiver) -> (Caller, ClientDriver) {
    let shared = Arc::new(Shared {
        next: AtomicU64::new(1),
        waiting: Mutex::default(),
        late: Mutex::default(),
        fragments: Fragments::new(EnumForm::Name),
    });
    (Caller { handle, shared: Arc::clone(&shared), skipped: Arc::default() }, ClientDriver { receiver, shared })
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn late(&self) -> MutexGuard<'_, HashMap<u64, Instant>> {
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        late.retain(|_, since| since.elapsed() < LATE_FORGOTTEN);
        late
    }

    fn end(&self, id: u64, result: Result<Bytes, CallError>) {
        self.late().remove(&id);
        // The caller may have given up just now; then nobody wants the answer.
        if let Some(waiting) = self.waiting().remove(&id) {
            let _ = waiting.done.send(result);
        }
    }
}

/// Takes a call out of the books when its future ends or is dropped.
struct Ticket<'a> {
    shared: &'a Shared,
    id: u64,
    is_sent: bool,
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let given_up = self.shared.waiting().remove(&self.id);
        if let Some(waiting) = given_up.filter(|_| self.is_sent) {
            self.shared.late().insert(self.id, waiting.since);
        }
    }
}

impl Caller {
    /// Whether there is a connection for calls.
    pub fn state(&self) -> LinkState {
        self.handle.state()
    }

    /// The connection's state, to be waited on.
    pub fn watch(&self) -> watch::Receiver<LinkState> {
        self.handle.watch()
    }

    /// Ends the connection and makes a new one, for a peer that is connected but does not answer.
    pub fn reset(&self) {
        self.handle.reset();
    }

    /// For how long the oldest call has been without its answer, whether its caller still waits or has given up.
    pub fn oldest_waiting(&self) -> Option<Duration> {
        let waiting = self.shared.waiting().values().map(|waiting| waiting.since.elapsed()).max();
        waiting.max(self.shared.late().values().map(Instant::elapsed).max())
    }

    /// Calls a function and reads the value that it answers.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        name: &'static str,
        arguments: &[Argument<'_>],
        deadline: Duration,
        read: impl FnOnce(Node<'_>) -> Result<T, DecodeError> + Send + 'static,
    ) -> Result<T, CallError> {
        let body = encode_call(&self.shared.fragments, name, arguments);
        let reply = self.exchange(Bytes::from(body), deadline).await?;
        let answer = if reply.len() <= DECODE_INLINE_BYTES {
            decode_reply(&reply, read)?
        } else {
            let task = tokio::task::spawn_blocking(move || decode_reply(&reply, read));
            task.await.map_err(|e| CallError::Unreadable(DecodeError { what: name.into(), why: e.to_string() }))??
        };
        match answer {
            Answer::Value(value) => Ok(value),
            Answer::Failed(text) if is_missing(&text, name) => Err(CallError::Missing(name)),
            Answer::Failed(text) => Err(CallError::Failed(text)),
        }
    }

    async fn exchange(&self, body: Bytes, deadline: Duration) -> Result<Bytes, CallError> {
        let id = self.shared.next.fetch_add(1, Ordering::Relaxed);
        let (done, answered) = oneshot::channel();
        {
            let mut waiting = self.shared.waiting();
            if waiting.len() + self.shared.late().len() >= IN_FLIGHT_MAX {
                return Err(CallError::NotSent("too many requests are waiting for the trading process".into()));
            }
            waiting.insert(id, Waiting { since: Instant::now(), done });
        }
        let mut ticket = Ticket { shared: &self.shared, id, is_sent: false };
        let request = Message::from([Bytes::copy_from_slice(&id.to_be_bytes()), Bytes::new(), body]);
        self.handle.try_send(&request).map_err(|e| CallError::NotSent(e.to_string()))?;
        ticket.is_sent = true;
        match tokio::time::timeout(deadline, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(CallError::Unknown("the connection was closed".into())),
            Err(_) => Err(CallError::Unknown(format!("no answer within {} s", deadline.as_secs_f32()))),
        }
    }
}

/// VeighNa's server looks functions up in a dictionary: an unknown one ends in `KeyError: 'name'`.
fn is_missing(traceback: &str, name: &str) -> bool {
    traceback.rsplit('\n').next().is_some_and(|last| last == format!("KeyError: '{name}'"))
}

impl ClientDriver {
    /// Runs for ever; dropping the future closes the connection.
    pub async fn run(mut self) {
        loop {
            match self.receiver.next().await {
                DealerEvent::Connected => {}
                DealerEvent::Message(message) => self.answered(&message),
                DealerEvent::Oversized { head, bytes } => {
                    let why = format!("the answer has {bytes} bytes");
                    if let Some(id) = number(&head) {
                        self.shared.end(id, Err(CallError::Unreadable(DecodeError { what: "reply".into(), why })));
                    }
                }
                DealerEvent::Lost { reason, unsent } => self.lost(&reason.to_string(), &unsent),
            }
        }
    }

    fn answered(&self, message: &Message) {
        if let ([_, empty, body], Some(id)) = (message.parts(), number(message))
            && empty.is_empty()
        {
            self.shared.end(id, Ok(body.clone()));
        }
    }

    /// What the kernel had not taken whole was certainly not received; of the rest nobody knows.
    fn lost(&self, reason: &str, unsent: &[Message]) {
        for id in unsent.iter().filter_map(number) {
            self.shared.end(id, Err(CallError::NotSent(format!("the connection was lost: {reason}"))));
        }
        self.shared.late().clear();
        let rest: Vec<u64> = self.shared.waiting().keys().copied().collect();
        for id in rest {
            self.shared.end(id, Err(CallError::Unknown(format!("the connection was lost: {reason}"))));
        }
    }
}

fn number(message: &Message) -> Option<u64> {
    let id = message.parts().first()?;
    Some(u64::from_be_bytes(id.as_ref().try_into().ok()?))
}
