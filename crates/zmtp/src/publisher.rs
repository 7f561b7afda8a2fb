//! PUB: sends each message to the subscribers that asked for it.
//!
//! [`PublisherHandle::send`] encodes a message once and puts the shared bytes into the queue of each subscriber
//! whose prefix matches; the subscriber's task writes what has gathered since its last turn in one system call.
//! If a queue is full, the new message is lost for that subscriber alone, and counted: a publisher never waits.

use crate::{
    BindError, Endpoint, Limits, LinkError, Message,
    codec::{command::SocketType, encode},
    connection::{Connection, Incoming},
    outbox::Outbox,
    server::{Serve, Server, ServerStats},
};
use bytes::Bytes;
use std::{
    net::SocketAddr,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};
use tokio_util::sync::CancellationToken;

/// A bound PUB socket; dropping it ends all its connections.
pub struct Publisher {
    server: Server,
    handle: PublisherHandle,
}

/// The sending side; cloneable, usable from any thread, with or without a runtime.
#[derive(Clone)]
pub struct PublisherHandle {
    audience: Arc<Audience>,
}

/// Counts since the publisher was bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PubStats {
    /// Subscribers at this moment, handshake done.
    pub subscribers: usize,
    /// Messages put into a subscriber's queue, each subscriber counted.
    pub queued: u64,
    /// Messages that a subscriber lost because its queue was full, each subscriber counted.
    pub dropped: u64,
}

#[derive(Default)]
struct Audience {
    subscribers: RwLock<Vec<Arc<Subscriber>>>,
    queued: AtomicU64,
    dropped: AtomicU64,
}

struct Subscriber {
    outbox: Arc<Outbox>,
    prefixes: RwLock<Vec<Bytes>>,
}

impl Publisher {
    /// Listens. Needs a Tokio runtime. `stop` ends it, and so does dropping the result.
    pub async fn bind(endpoint: &Endpoint, limits: Limits, stop: &CancellationToken) -> Result<Self, BindError> {
        let audience = Arc::<Audience>::default();
        let role = Role { audience: audience.clone(), subscriptions: limits.subscriptions };
        let server = Server::bind(endpoint, limits, Arc::new(role), stop).await?;
        Ok(Self { server, handle: PublisherHandle { audience } })
    }

    /// Where it listens, with the port that the system chose.
    pub fn endpoint(&self) -> &Endpoint {
        self.server.endpoint()
    }

    /// The address, for TCP.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.server.local_addr()
    }

    /// The sending side, for other threads.
    pub fn handle(&self) -> PublisherHandle {
        self.handle.clone()
    }

    /// See [`PublisherHandle::send`].
    pub fn send(&self, message: &Message) {
        self.handle.send(message);
    }

    /// Messages and subscribers so far.
    pub fn stats(&self) -> PubStats {
        self.handle.stats()
    }

    /// Connections and refusals so far.
    pub fn server_stats(&self) -> ServerStats {
        self.server.stats()
    }

    /// Hands to the kernel what it takes at once, ends all connections and waits for their tasks.
    pub async fn shutdown(self) {
        self.server.shutdown().await;
    }
}

impl PublisherHandle {
    /// Sends to each subscriber with a prefix of the first part. Never waits; costs next to nothing without subscribers.
    pub fn send(&self, message: &Message) {
        let Some(topic) = message.parts().first() else { return };
        let mut encoded = None;
        for subscriber in self.audience.read().iter().filter(|subscriber| subscriber.wants(topic)) {
            let entry = encoded.get_or_insert_with(|| encode(message)).clone();
            let counter = match subscriber.outbox.push(entry) {
                Ok(()) => &self.audience.queued,
                Err(_) => &self.audience.dropped,
            };
            counter.fetch_add(1, Relaxed);
        }
    }

    /// Whether anyone would get a message with this first part: spares the making of it.
    pub fn is_wanted(&self, topic: &[u8]) -> bool {
        self.audience.read().iter().any(|subscriber| subscriber.wants(topic))
    }

    /// Messages and subscribers so far.
    pub fn stats(&self) -> PubStats {
        PubStats {
            subscribers: self.audience.read().len(),
            queued: self.audience.queued.load(Relaxed),
            dropped: self.audience.dropped.load(Relaxed),
        }
    }
}

impl Audience {
    fn read(&self) -> RwLockReadGuard<'_, Vec<Arc<Subscriber>>> {
        self.subscribers.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Vec<Arc<Subscriber>>> {
        self.subscribers.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber {
    fn wants(&self, topic: &[u8]) -> bool {
        let prefixes = self.prefixes.read().unwrap_or_else(PoisonError::into_inner);
        prefixes.iter().any(|prefix| topic.starts_with(prefix))
    }

    /// A prefix counts once, however often it is asked for, as in libzmq.
    fn subscribe(&self, prefix: Bytes, limit: usize) -> Result<(), LinkError> {
        let mut prefixes = self.prefixes.write().unwrap_or_else(PoisonError::into_inner);
        if prefixes.contains(&prefix) {
            return Ok(());
        }
        if prefixes.len() >= limit {
            return Err(LinkError::TooManySubscriptions(limit));
        }
        prefixes.push(prefix);
        Ok(())
    }

    fn cancel(&self, prefix: &Bytes) {
        self.prefixes.write().unwrap_or_else(PoisonError::into_inner).retain(|known| known != prefix);
    }
}

struct Role {
    audience: Arc<Audience>,
    subscriptions: usize,
}

impl Serve for Role {
    const ROLE: SocketType = SocketType::Pub;

    async fn serve(&self, mut connection: Connection) -> LinkError {
        let subscriber = Arc::new(Subscriber { outbox: connection.outbox.clone(), prefixes: RwLock::default() });
        self.audience.write().push(subscriber.clone());
        let listed = Listed { audience: &self.audience, subscriber };
        loop {
            let handled = match connection.decode() {
                Ok(Some(incoming)) => self.handle(&listed.subscriber, incoming),
                Ok(None) => connection.fill().await,
                Err(error) => Err(error),
            };
            if let Err(error) = handled {
                return error;
            }
        }
    }
}

impl Role {
    /// Subscriptions come as commands (ZMTP 3.1) or as messages of 1 or 0 and the prefix (3.0).
    fn handle(&self, subscriber: &Subscriber, incoming: Incoming) -> Result<(), LinkError> {
        match incoming {
            Incoming::Subscribe(prefix) => return subscriber.subscribe(prefix, self.subscriptions),
            Incoming::Cancel(prefix) => subscriber.cancel(&prefix),
            Incoming::Message(message) => match message.parts() {
                [body] if body.first() == Some(&1) => return subscriber.subscribe(body.slice(1..), self.subscriptions),
                [body] if body.first() == Some(&0) => subscriber.cancel(&body.slice(1..)),
                _ => {}
            },
            Incoming::Oversized { .. } | Incoming::Pong => {}
        }
        Ok(())
    }
}

/// Takes the subscriber off the list however its task ends.
struct Listed<'a> {
    audience: &'a Audience,
    subscriber: Arc<Subscriber>,
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        self.audience.write().retain(|other| !Arc::ptr_eq(other, &self.subscriber));
        self.subscriber.outbox.flush_once();
        self.subscriber.outbox.close();
    }
}
