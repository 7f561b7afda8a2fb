//! What the stream asks of the rest of the web process.

use super::Channel;
use super::bar::LineName;
use crate::auth::{Auth, Session};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::watch;

/// The rows of one channel of one desk at one moment.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// The ring's head at that moment.
    pub seq: u64,
    /// Rows as canonical JSON, separated by commas within a piece; no piece is empty or begins or ends with a comma.
    pub pieces: Vec<Bytes>,
}

/// Where snapshots come from: the replicas.
pub trait Source: Send + Sync + 'static {
    /// Reads `StreamHub::head` and the rows while the desk's replica cannot change, so that the snapshot is exact at
    /// that number. Called on a thread that may wait. `Channel::Trader` is never asked for.
    fn snapshot(&self, desk: usize, channel: Channel) -> Snapshot;
}

/// Where calls go: the same functions as REST.
pub trait Calls: Send + Sync + 'static {
    /// Does what `method` says, or gives a problem (RFC 9457) as JSON. Runs to its end even if the caller leaves.
    fn call(&self, user: &str, method: &str, params: Value) -> BoxFuture<'static, Result<Value, Value>>;
}

/// Where bars are made: of the lines that somebody watches.
pub trait Bars: Send + Sync + 'static {
    /// Somebody watches this line of a desk: once for each that does. False where there is no room for another line.
    fn watch(&self, desk: usize, line: &LineName) -> bool;

    /// One of those who watched it does so no more.
    fn release(&self, desk: usize, line: &LineName);

    /// How many lines are watched.
    fn lines(&self) -> usize;
}

/// Makes none: for a hub whose owner tells bars by itself, or has none.
impl Bars for () {
    fn watch(&self, _: usize, _: &LineName) -> bool {
        true
    }

    fn release(&self, _: usize, _: &LineName) {}

    fn lines(&self) -> usize {
        0
    }
}

/// Who is behind a token, and for how long.
pub trait Sessions: Send + Sync + 'static {
    /// The session of a token, while it is good.
    fn session_of(&self, token: &[u8]) -> Option<Session>;

    /// Whether a session goes on.
    fn stands(&self, session: &Session) -> bool;

    /// Changes whenever a session may have ended before its time.
    fn endings(&self) -> watch::Receiver<u64>;
}

impl Sessions for Auth {
    fn session_of(&self, token: &[u8]) -> Option<Session> {
        Auth::session_of(self, token)
    }

    fn stands(&self, session: &Session) -> bool {
        self.hears(session)
    }

    fn endings(&self) -> watch::Receiver<u64> {
        Auth::endings(self)
    }
}

/// All of them, handed to [`StreamHub::serve`](super::StreamHub::serve) once they exist.
#[derive(Clone)]
pub struct Ports {
    pub source: Arc<dyn Source>,
    pub calls: Arc<dyn Calls>,
    pub bars: Arc<dyn Bars>,
    pub sessions: Arc<dyn Sessions>,
}

/// A login that was found in the request's headers.
#[derive(Debug, Clone)]
pub struct Login {
    /// Asked about for as long as the connection lasts.
    pub session: Session,
    /// From a cookie, which a browser sends along whatever page asks: then the page's origin has to be ours.
    pub by_cookie: bool,
}
