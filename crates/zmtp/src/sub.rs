//! SUB: receives what a publisher sends, from a subscription on.
//!
//! One task owns it and reads inline: the kernel's buffer is the only queue, so a burst costs one wake-up, and
//! an owner that is slow is the publisher's to judge. Messages share the read buffer: take what you need and
//! clear the batch before the next call (the buffer is then used again); keep one only through
//! [`Message::detach`].

use crate::{
    Endpoint, Limits, LinkError, LinkState, Message, codec::command::SocketType, connection::Incoming, link::Link,
};
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::watch;

/// What [`Sub::next`] brings.
#[derive(Debug)]
pub enum SubEvent {
    /// Connected and subscribed; the publisher is known to have read the subscriptions if it speaks ZMTP 3.1.
    Connected,
    /// The batch holds at least one message.
    Messages,
    /// A message above the bounds was discarded; `bytes` of it were read. Nothing else was lost.
    Oversized { bytes: u64 },
    /// The connection ended; what the publisher sends from here to the next `Connected` is missed.
    Lost(Arc<LinkError>),
}

/// A subscriber that finds its publisher again by itself.
pub struct Sub {
    link: Link,
    announced: bool,
    /// Met while a batch was being filled; told at the next call.
    pending: Option<Pending>,
}

enum Pending {
    Oversized { bytes: u64 },
    Lost(LinkError),
}

impl Sub {
    /// Starts to connect at the first call of [`Sub::next`], which needs a Tokio runtime; this does not.
    /// `prefixes`: which messages to receive, by how their first part begins; `[b""]` is all of them.
    pub fn connect(endpoint: Endpoint, prefixes: &[impl AsRef<[u8]>], limits: Limits) -> Self {
        let prefixes = prefixes.iter().map(|prefix| Bytes::copy_from_slice(prefix.as_ref())).collect();
        Self { link: Link::new(endpoint, SocketType::Sub, prefixes, limits), announced: false, pending: None }
    }

    /// A view of the state that can be watched from elsewhere.
    pub fn watch(&self) -> watch::Receiver<LinkState> {
        self.link.watch()
    }

    /// Drops the connection, if there is one, and connects anew; the next event is `Lost`.
    pub fn reset(&mut self) {
        if self.announced {
            self.pending = Some(Pending::Lost(LinkError::Reset));
        }
    }

    /// Clears `batch`, waits for something to tell, and fills it with all that has arrived, up to
    /// [`Limits::batch_messages`]. Connects and reconnects on the way. Cancel-safe: a cancelled call loses nothing.
    pub async fn next(&mut self, batch: &mut Vec<Message>) -> SubEvent {
        batch.clear();
        if let Some(pending) = self.pending.take() {
            return self.tell(pending);
        }
        if !self.announced {
            self.link.establish().await;
            self.announced = true;
            self.link.announce();
            return SubEvent::Connected;
        }
        loop {
            if let Err(event) = self.decode(batch) {
                if batch.is_empty() {
                    return self.tell(event);
                }
                self.pending = Some(event);
            }
            if !batch.is_empty() {
                return SubEvent::Messages;
            }
            let Some(connection) = self.link.connection() else {
                return self.tell(Pending::Lost(LinkError::Closed));
            };
            if let Err(error) = connection.fill().await {
                return self.tell(Pending::Lost(error));
            }
        }
    }

    fn decode(&mut self, batch: &mut Vec<Message>) -> Result<(), Pending> {
        let limit = self.link.limits().batch_messages.max(1);
        let Some(connection) = self.link.connection() else { return Ok(()) };
        while batch.len() < limit {
            match connection.decode().map_err(Pending::Lost)? {
                None => break,
                Some(Incoming::Message(message)) => batch.push(message),
                Some(Incoming::Oversized { bytes, .. }) => return Err(Pending::Oversized { bytes }),
                Some(Incoming::Subscribe(_) | Incoming::Cancel(_) | Incoming::Pong) => {}
            }
        }
        Ok(())
    }

    fn tell(&mut self, pending: Pending) -> SubEvent {
        match pending {
            Pending::Oversized { bytes } => SubEvent::Oversized { bytes },
            Pending::Lost(error) => {
                self.announced = false;
                SubEvent::Lost(self.link.lose(error))
            }
        }
    }
}
