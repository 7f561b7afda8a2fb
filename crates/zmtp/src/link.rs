//! The connecting side of SUB and DEALER: one connection at a time, made again whenever it is lost.
//!
//! waiting → dialling → up → (lost) → waiting. The phase is kept between calls, so a caller that cancels
//! [`Link::establish`] over and over, to look at its clock, still gets connected.

use crate::{
    Endpoint, Limits, LinkError, backoff,
    codec::{
        Encoded,
        command::{self, SocketType},
        encode,
    },
    connection::{Connection, Incoming},
    stream,
};
use bytes::{BufMut, Bytes, BytesMut};
use std::{pin::Pin, sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, Sleep, sleep, timeout},
};

/// A connection that lived shorter than this counts as a failed attempt: a peer that accepts and hangs up at
/// once must not be dialled at full speed.
const SETTLED: Duration = Duration::from_secs(1);
/// A publisher that does not answer the PING behind our subscriptions within this time is taken as it is.
const BARRIER: Duration = Duration::from_secs(1);

/// Whether a client has its peer.
#[derive(Debug, Clone)]
pub enum LinkState {
    /// Not connected. `failures`: attempts in a row that came to nothing. `reason`: why the last connection
    /// or attempt ended; `None` before the first.
    Connecting { failures: u32, reason: Option<Arc<LinkError>> },
    /// Connected, the handshake done.
    Connected,
}

impl LinkState {
    /// True while messages can be sent.
    pub fn is_connected(&self) -> bool {
        matches!(self, Self::Connected)
    }
}

pub(crate) struct Link {
    target: Arc<Target>,
    phase: Phase,
    failures: u32,
    up_since: Option<Instant>,
    state: watch::Sender<LinkState>,
}

struct Target {
    endpoint: Endpoint,
    role: SocketType,
    prefixes: Vec<Bytes>,
    limits: Limits,
}

type Dialling = Pin<Box<dyn Future<Output = Result<Connection, LinkError>> + Send>>;

enum Phase {
    /// Nothing done yet: a link may be made outside of a runtime.
    Idle,
    Waiting(Pin<Box<Sleep>>),
    Dialling(Dialling),
    Up(Box<Connection>),
}

impl Link {
    pub(crate) fn new(endpoint: Endpoint, role: SocketType, prefixes: Vec<Bytes>, limits: Limits) -> Self {
        Self {
            target: Arc::new(Target { endpoint, role, prefixes, limits }),
            phase: Phase::Idle,
            failures: 0,
            up_since: None,
            state: watch::Sender::new(LinkState::Connecting { failures: 0, reason: None }),
        }
    }

    pub(crate) fn watch(&self) -> watch::Receiver<LinkState> {
        self.state.subscribe()
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.target.limits
    }

    pub(crate) fn connection(&mut self) -> Option<&mut Connection> {
        match &mut self.phase {
            Phase::Up(connection) => Some(connection),
            _ => None,
        }
    }

    /// Waits until there is a connection. Cancel-safe.
    pub(crate) async fn establish(&mut self) {
        loop {
            match &mut self.phase {
                Phase::Up(_) => return,
                Phase::Idle => self.phase = Phase::Dialling(Box::pin(dial(self.target.clone()))),
                Phase::Waiting(timer) => {
                    timer.as_mut().await;
                    self.phase = Phase::Dialling(Box::pin(dial(self.target.clone())));
                }
                Phase::Dialling(dialling) => match dialling.as_mut().await {
                    Ok(connection) => {
                        self.phase = Phase::Up(Box::new(connection));
                        self.up_since = Some(Instant::now());
                        tracing::debug!(endpoint = %self.target.endpoint, role = self.target.role.name(), "connected");
                    }
                    Err(error) => self.retry_later(Arc::new(error)),
                },
            }
        }
    }

    /// Tells the watchers that the connection may be used.
    pub(crate) fn announce(&self) {
        self.state.send_replace(LinkState::Connected);
    }

    /// Gives the connection up and starts over.
    pub(crate) fn lose(&mut self, reason: LinkError) -> Arc<LinkError> {
        if self.up_since.take().is_some_and(|since| since.elapsed() >= SETTLED) {
            self.failures = 0;
        }
        let reason = Arc::new(reason);
        self.retry_later(reason.clone());
        reason
    }

    fn retry_later(&mut self, reason: Arc<LinkError>) {
        let endpoint = &self.target.endpoint;
        tracing::debug!(%endpoint, role = self.target.role.name(), failures = self.failures, reason = chain(&*reason), "not connected");
        self.phase = Phase::Waiting(Box::pin(sleep(backoff::delay(self.failures, random()))));
        self.failures = self.failures.saturating_add(1);
        self.state.send_replace(LinkState::Connecting { failures: self.failures, reason: Some(reason) });
    }
}

/// One attempt, all of it within the time for the handshake (and, for SUB, the barrier's).
async fn dial(target: Arc<Target>) -> Result<Connection, LinkError> {
    let Target { endpoint, role, prefixes, limits } = &*target;
    let opening = async {
        let halves = stream::connect(endpoint).await.map_err(LinkError::Connect)?;
        Connection::open(halves, *role, limits).await
    };
    let opened = timeout(limits.handshake, opening).await;
    let mut connection = opened.map_err(|_| LinkError::HandshakeTimeout(limits.handshake))??;
    connection.watch_pulse(limits);
    if *role == SocketType::Sub {
        subscribe(&mut connection, prefixes)?;
        if connection.minor >= 1 {
            // Silence is the pulse's business, not the barrier's.
            timeout(BARRIER, barrier(&mut connection)).await.unwrap_or(Ok(()))?;
        }
    }
    Ok(connection)
}

/// As a command from ZMTP 3.1 on, before that as a message of 1 and the prefix.
fn subscribe(connection: &mut Connection, prefixes: &[Bytes]) -> Result<(), LinkError> {
    let mut bytes = BytesMut::new();
    for prefix in prefixes {
        if connection.minor >= 1 {
            bytes.extend_from_slice(&command::subscribe(prefix));
        } else {
            let mut body = BytesMut::with_capacity(1 + prefix.len());
            body.put_u8(1);
            body.put_slice(prefix);
            encode(&body.freeze().into()).blocks().iter().for_each(|block| bytes.extend_from_slice(block));
        }
    }
    if connection.minor >= 1 {
        bytes.extend_from_slice(&command::ping(b"subscribed"));
    }
    connection.outbox.push_now(Encoded::from(bytes.freeze())).map_err(|_| LinkError::Closed)
}

/// Waits for the PONG behind the subscriptions, or a message, which proves as much. So a snapshot that is asked
/// for after "connected" is not older than the first event (as far as the publisher applies things in order).
async fn barrier(connection: &mut Connection) -> Result<(), LinkError> {
    loop {
        match connection.decode()? {
            None => connection.fill().await?,
            Some(Incoming::Pong) => return Ok(()),
            Some(message @ (Incoming::Message(_) | Incoming::Oversized { .. })) => {
                connection.put_back(message);
                return Ok(());
            }
            Some(Incoming::Subscribe(_) | Incoming::Cancel(_)) => {}
        }
    }
}

/// From 0 to 1. Without a source of randomness clients only lose their jitter.
fn random() -> f64 {
    getrandom::u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
}

/// An error with all its causes, for a log line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
