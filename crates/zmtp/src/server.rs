//! The listening side of ROUTER and PUB: accepts, keeps the caps, shakes hands, runs one task per peer.
//!
//! All tasks belong to one [`Server`] and end when it is dropped or when its token fires; [`Server::shutdown`]
//! waits for them. What a peer does wrong ends that peer's task only, and is counted.

use crate::{
    BindError, Endpoint, Limits, LinkError,
    codec::command::SocketType,
    connection::Connection,
    gate::{Gate, Pass},
    link::chain,
    listener::{Accepted, Listener},
};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

/// After a failed accept (out of file descriptors, mostly): time for connections to end.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Counts since the server was bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ServerStats {
    /// Connections at this moment, those in the handshake included.
    pub connections: usize,
    /// Connections that were let in.
    pub accepted: u64,
    /// Connections that were closed at once because of a cap.
    pub refused: u64,
    /// Connections that never became a peer: garbage, wrong socket type, silence.
    pub handshakes_failed: u64,
    /// Peers that were cut because they broke the protocol or a bound.
    pub cut: u64,
}

/// What a role does with one peer, until it goes.
pub(crate) trait Serve: Send + Sync + 'static {
    const ROLE: SocketType;
    fn serve(&self, connection: Connection) -> impl Future<Output = LinkError> + Send;
}

pub(crate) struct Server {
    endpoint: Endpoint,
    local_addr: Option<SocketAddr>,
    gate: Arc<Gate>,
    counters: Arc<Counters>,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Counters {
    accepted: AtomicU64,
    refused: AtomicU64,
    handshakes_failed: AtomicU64,
    cut: AtomicU64,
}

impl Server {
    pub(crate) async fn bind<S: Serve>(
        endpoint: &Endpoint,
        limits: Limits,
        role: Arc<S>,
        stop: &CancellationToken,
    ) -> Result<Self, BindError> {
        let listener = Listener::bind(endpoint).await?;
        let bound = listener.endpoint().map_err(|source| BindError::Io { endpoint: endpoint.to_string(), source })?;
        let local_addr = listener.local_addr();
        let gate = Gate::new(limits.connections_total, limits.connections_per_address);
        let counters = Arc::<Counters>::default();
        let stop = stop.child_token();
        let accepting = Accepting { limits, role, gate: gate.clone(), counters: counters.clone(), stop: stop.clone() };
        let task = tokio::spawn(accepting.run(listener));
        Ok(Self { endpoint: bound, local_addr, gate, counters, stop, task: Some(task) })
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(crate) fn local_addr(&self) -> Option<SocketAddr> {
        self.local_addr
    }

    pub(crate) fn stats(&self) -> ServerStats {
        ServerStats {
            connections: self.gate.total(),
            accepted: self.counters.accepted.load(Relaxed),
            refused: self.counters.refused.load(Relaxed),
            handshakes_failed: self.counters.handshakes_failed.load(Relaxed),
            cut: self.counters.cut.load(Relaxed),
        }
    }

    /// Ends all tasks and waits for them.
    pub(crate) async fn shutdown(mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            // A panic of the task has been reported by the panic hook.
            let _ = task.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

struct Accepting<S> {
    limits: Limits,
    role: Arc<S>,
    gate: Arc<Gate>,
    counters: Arc<Counters>,
    stop: CancellationToken,
}

impl<S: Serve> Accepting<S> {
    async fn run(self, listener: Listener) {
        let this = Arc::new(self);
        let mut peers = JoinSet::new();
        loop {
            tokio::select! {
                biased;
                () = this.stop.cancelled() => break,
                Some(_) = peers.join_next() => {}
                accepted = listener.accept() => match accepted {
                    Ok((stream, address)) => match this.gate.enter(address) {
                        Some(pass) => {
                            this.counters.accepted.fetch_add(1, Relaxed);
                            peers.spawn(this.clone().peer(stream, pass));
                        }
                        None => {
                            this.counters.refused.fetch_add(1, Relaxed);
                            tracing::debug!(?address, "refused: too many connections");
                        }
                    },
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept connections for a moment");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
            }
        }
        drop(listener);
        while peers.join_next().await.is_some() {}
    }

    async fn peer(self: Arc<Self>, stream: Accepted, pass: Pass) {
        let living = async {
            let opened = match stream.halves() {
                Ok(halves) => Connection::open(halves, S::ROLE, &self.limits).await,
                Err(error) => Err(LinkError::Io(error)),
            };
            match opened {
                Ok(connection) => (true, self.role.serve(connection).await),
                Err(error) => (false, error),
            }
        };
        let (was_peer, reason) = tokio::select! {
            biased;
            () = self.stop.cancelled() => return,
            ended = living => ended,
        };
        let counter = match &reason {
            _ if !was_peer => Some(&self.counters.handshakes_failed),
            LinkError::Closed | LinkError::Io(_) | LinkError::Refused(_) => None,
            _ => Some(&self.counters.cut),
        };
        if let Some(counter) = counter {
            counter.fetch_add(1, Relaxed);
        }
        drop(pass);
        tracing::debug!(role = S::ROLE.name(), was_peer, reason = chain(&reason), "a connection ended");
    }
}
