//! DEALER: sends requests to one peer and receives its replies, as many in flight as there are.
//!
//! Two halves. [`DealerHandle`] is cloneable, sends from any thread and writes to the socket at once where that
//! needs no waiting. [`DealerReceiver`] is owned by one task, whose calls of [`DealerReceiver::next`] connect, read
//! and write the rest: no task of our own stands between the socket and its owner. Keep calling it.
//!
//! Always true: a message is accepted only while a connection is up, and goes out on that connection or never.
//! [`DealerEvent::Lost`] gives back each accepted message that the kernel had not taken whole: those the peer has
//! certainly not received. Of the others, the outcome is unknown.

use crate::{
    Endpoint, Limits, LinkError, LinkState, Message,
    codec::{Decoder, Encoded, FrameLimits, Item, command::SocketType, encode},
    connection::{Connection, Incoming},
    link::Link,
    outbox::{Outbox, PushError, lock},
};
use bytes::BytesMut;
use std::sync::{Arc, Mutex};
use tokio::sync::{Notify, watch};

/// Makes the two halves; see the module.
pub struct Dealer;

/// Why a message was not accepted. Either way it was certainly not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    #[error("not connected")]
    NotConnected,
    #[error("too much is waiting to be sent already")]
    Full,
}

/// What [`DealerReceiver::next`] brings.
#[derive(Debug)]
pub enum DealerEvent {
    /// Messages are accepted from now on.
    Connected,
    Message(Message),
    /// A message above the bounds was discarded. `head`: its parts before the one that was too much (an answer's
    /// envelope, for one). `bytes`: how much was read of it.
    Oversized {
        head: Message,
        bytes: u64,
    },
    /// The connection ended. `unsent`: accepted, and certainly not received by the peer, in order of sending.
    Lost {
        reason: Arc<LinkError>,
        unsent: Vec<Message>,
    },
}

/// The sending half.
#[derive(Clone)]
pub struct DealerHandle {
    shared: Arc<Shared>,
    state: watch::Receiver<LinkState>,
}

/// The receiving half, which also keeps the connection.
pub struct DealerReceiver {
    link: Link,
    shared: Arc<Shared>,
    announced: bool,
}

#[derive(Default)]
struct Shared {
    outbox: Mutex<Option<Arc<Outbox>>>,
    reset: Notify,
}

impl Dealer {
    /// Starts to connect at the first call of [`DealerReceiver::next`], which needs a Tokio runtime; this does not.
    pub fn connect(endpoint: Endpoint, limits: Limits) -> (DealerHandle, DealerReceiver) {
        let link = Link::new(endpoint, SocketType::Dealer, Vec::new(), limits);
        let shared = Arc::new(Shared::default());
        let handle = DealerHandle { shared: shared.clone(), state: link.watch() };
        (handle, DealerReceiver { link, shared, announced: false })
    }
}

impl DealerHandle {
    /// Sends, or refuses at once; never waits and never keeps a message for a later connection.
    /// `Ok` means accepted: whether the peer gets it, only its reply tells.
    pub fn try_send(&self, message: &Message) -> Result<(), SendError> {
        let outbox = lock(&self.shared.outbox).clone().ok_or(SendError::NotConnected)?;
        outbox.push_now(encode(message)).map_err(|error| match error {
            PushError::Closed => SendError::NotConnected,
            PushError::Full => SendError::Full,
        })
    }

    /// The state at this moment.
    pub fn state(&self) -> LinkState {
        self.state.borrow().clone()
    }

    /// A view of the state that can be waited on.
    pub fn watch(&self) -> watch::Receiver<LinkState> {
        self.state.clone()
    }

    /// Ends the connection, if there is one, and makes a new one: for an owner that knows better than the
    /// transport that its peer is gone. Refuses messages from now until then.
    pub fn reset(&self) {
        if lock(&self.shared.outbox).take().is_some() {
            self.shared.reset.notify_one();
        }
    }
}

impl DealerReceiver {
    /// Waits for something to tell; connects and reconnects on the way. Cancel-safe: a cancelled call loses nothing.
    pub async fn next(&mut self) -> DealerEvent {
        if !self.announced {
            self.link.establish().await;
            return self.announce();
        }
        let Some(connection) = self.link.connection() else { return self.lose(LinkError::Closed) };
        match receive(connection, &self.shared).await {
            Ok(Received::Message(message)) => DealerEvent::Message(message),
            Ok(Received::Oversized { head, bytes }) => DealerEvent::Oversized { head, bytes },
            Err(error) => self.lose(error),
        }
    }

    fn announce(&mut self) -> DealerEvent {
        if let Some(connection) = self.link.connection() {
            *lock(&self.shared.outbox) = Some(connection.outbox.clone());
        }
        self.announced = true;
        self.link.announce();
        DealerEvent::Connected
    }

    fn lose(&mut self, error: LinkError) -> DealerEvent {
        self.announced = false;
        let unsent = self.close();
        DealerEvent::Lost { reason: self.link.lose(error), unsent }
    }

    fn close(&mut self) -> Vec<Message> {
        lock(&self.shared.outbox).take();
        let unsent = self.link.connection().map(|connection| connection.outbox.close()).unwrap_or_default();
        unsent.iter().filter_map(decode).collect()
    }
}

impl Drop for DealerReceiver {
    /// Nobody reads or writes from now on, so nothing may be accepted either.
    fn drop(&mut self) {
        self.close();
    }
}

enum Received {
    Message(Message),
    Oversized { head: Message, bytes: u64 },
}

async fn receive(connection: &mut Connection, shared: &Shared) -> Result<Received, LinkError> {
    loop {
        match connection.decode()? {
            Some(Incoming::Message(message)) => return Ok(Received::Message(message)),
            Some(Incoming::Oversized { head, bytes }) => return Ok(Received::Oversized { head, bytes }),
            Some(Incoming::Pong | Incoming::Subscribe(_) | Incoming::Cancel(_)) => {}
            None => tokio::select! {
                biased;
                filled = connection.fill() => filled?,
                () = shared.reset.notified() => {
                    // Otherwise it was meant for a connection that has ended already.
                    if lock(&shared.outbox).is_none() {
                        return Err(LinkError::Reset);
                    }
                }
            },
        }
    }
}

/// The message that was encoded; `None` for a PING or PONG, which nobody asked for.
fn decode(encoded: &Encoded) -> Option<Message> {
    let any = FrameLimits {
        frame_bytes: u64::MAX,
        parts: usize::MAX,
        message_bytes: u64::MAX,
        skip_bytes: 0,
        command_bytes: u64::MAX,
        copy_below: 0,
    };
    let mut bytes = BytesMut::with_capacity(encoded.len());
    encoded.blocks().iter().for_each(|block| bytes.extend_from_slice(block));
    match Decoder::new(any).decode(&mut bytes) {
        Ok(Some(Item::Message(message))) => Some(message),
        _ => None,
    }
}
