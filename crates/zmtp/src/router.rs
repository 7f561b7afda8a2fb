//! ROUTER: takes requests from many peers and answers each by its number.
//!
//! Each peer's task reads into one bounded queue, the owner takes from it with [`Router::next`]. If it is full, the
//! peers' tasks wait and the kernel holds the peers back. Replies are written at once by whoever sends them; a
//! peer that does not take its replies is not read from.
//! Envelopes are left as they are: a REQ peer's message begins with an empty part, and so must its reply.

use crate::{
    BindError, Endpoint, Limits, LinkError, Message,
    codec::{command::SocketType, encode},
    connection::{Connection, Incoming},
    outbox::{Outbox, PushError, lock},
    server::{Serve, Server, ServerStats},
};
use std::{
    collections::HashMap,
    fmt,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Names one connection of one peer; never used again for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerId(u64);

/// Why a reply was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    #[error("the peer is not connected any more")]
    Gone,
    #[error("too much is waiting to be sent to the peer already")]
    Full,
}

/// A bound ROUTER socket; dropping it ends all its connections.
pub struct Router {
    server: Server,
    incoming: mpsc::Receiver<(PeerId, Message)>,
    replies: RouterReplies,
}

/// Sends replies; cloneable, usable from any thread.
#[derive(Clone)]
pub struct RouterReplies {
    peers: Arc<Mutex<HashMap<PeerId, Arc<Outbox>>>>,
}

impl Router {
    /// Listens. Needs a Tokio runtime. `stop` ends it, and so does dropping the result.
    pub async fn bind(endpoint: &Endpoint, limits: Limits, stop: &CancellationToken) -> Result<Self, BindError> {
        let (outgoing, incoming) = mpsc::channel(limits.receive_queue_messages.max(1));
        let replies = RouterReplies { peers: Arc::default() };
        let role = Role {
            peers: replies.clone(),
            outgoing,
            reply_backlog_bytes: limits.reply_backlog_bytes,
            last: AtomicU64::new(0),
        };
        let server = Server::bind(endpoint, limits, Arc::new(role), stop).await?;
        Ok(Self { server, incoming, replies })
    }

    /// Where it listens, with the port that the system chose.
    pub fn endpoint(&self) -> &Endpoint {
        self.server.endpoint()
    }

    /// The address, for TCP.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.server.local_addr()
    }

    /// The next message of any peer; `None` once the server has stopped. Cancel-safe.
    pub async fn next(&mut self) -> Option<(PeerId, Message)> {
        self.incoming.recv().await
    }

    /// The sending side.
    pub fn replies(&self) -> RouterReplies {
        self.replies.clone()
    }

    /// Connections and refusals so far.
    pub fn stats(&self) -> ServerStats {
        self.server.stats()
    }

    /// Ends all connections and waits for their tasks.
    pub async fn shutdown(self) {
        self.server.shutdown().await;
    }
}

impl RouterReplies {
    /// Sends to one peer, or refuses at once; never waits. Replies to one peer go out in the order of the calls.
    pub fn send_to(&self, peer: PeerId, message: &Message) -> Result<(), ReplyError> {
        let outbox = lock(&self.peers).get(&peer).cloned().ok_or(ReplyError::Gone)?;
        outbox.push_now(encode(message)).map_err(|error| match error {
            PushError::Closed => ReplyError::Gone,
            PushError::Full => ReplyError::Full,
        })
    }

    /// Peers at this moment, handshake done.
    pub fn peers(&self) -> usize {
        lock(&self.peers).len()
    }
}

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "peer {}", self.0)
    }
}

struct Role {
    peers: RouterReplies,
    outgoing: mpsc::Sender<(PeerId, Message)>,
    reply_backlog_bytes: usize,
    last: AtomicU64,
}

impl Serve for Role {
    const ROLE: SocketType = SocketType::Router;

    async fn serve(&self, mut connection: Connection) -> LinkError {
        let id = PeerId(self.last.fetch_add(1, Relaxed) + 1);
        lock(&self.peers.peers).insert(id, connection.outbox.clone());
        let _listed = Listed { id, peers: &self.peers };
        loop {
            match connection.decode() {
                Err(error) => return error,
                Ok(Some(Incoming::Message(message))) => {
                    if let Err(error) = self.hand_over(&connection.outbox, id, message).await {
                        return error;
                    }
                }
                Ok(Some(_)) => {}
                Ok(None) => {
                    if let Err(error) = connection.fill().await {
                        return error;
                    }
                }
            }
        }
    }
}

impl Role {
    /// Waits until the peer has taken enough of its replies, then for a place in the queue, and goes on writing
    /// replies meanwhile.
    async fn hand_over(&self, outbox: &Outbox, id: PeerId, message: Message) -> Result<(), LinkError> {
        outbox.drain(self.reply_backlog_bytes).await.map_err(LinkError::Io)?;
        tokio::select! {
            biased;
            sent = self.outgoing.send((id, message)) => sent.map_err(|_| LinkError::Closed),
            error = outbox.drive() => Err(LinkError::Io(error)),
        }
    }
}

/// Takes the peer off the list however its task ends.
struct Listed<'a> {
    id: PeerId,
    peers: &'a RouterReplies,
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        if let Some(outbox) = lock(&self.peers.peers).remove(&self.id) {
            outbox.close();
        }
    }
}
