//! A peer after the handshake: bytes in, messages out, PINGs answered, silence noticed.
//!
//! The owner alternates [`Connection::decode`] (what has already arrived) and [`Connection::fill`] (wait for
//! more); nothing is queued in between, so while the owner is busy the kernel holds the peer back.

use crate::{
    Limits, LinkError, Message,
    codec::{
        Decoder, Encoded, Item,
        command::{self, Command, SocketType},
    },
    handshake::{Peer, handshake},
    outbox::Outbox,
    stream::{ReadHalf, WriteHalf},
};
use bytes::{Bytes, BytesMut};
use std::{pin::Pin, sync::Arc, time::Duration};
use tokio::{
    io::AsyncReadExt,
    time::{Instant, Sleep, sleep, timeout},
};

pub(crate) struct Connection {
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) minor: u8,
    read: ReadHalf,
    inbox: BytesMut,
    decoder: Decoder,
    read_bytes: usize,
    pulse: Option<Pulse>,
    /// Decoded ahead of the owner; comes first.
    early: Option<Incoming>,
}

/// What concerns the owner of a connection. PING and PONG do not.
pub(crate) enum Incoming {
    Message(Message),
    Oversized { head: Message, bytes: u64 },
    Subscribe(Bytes),
    Cancel(Bytes),
    Pong,
}

/// Asks a silent peer for a sign of life.
struct Pulse {
    timer: Pin<Box<Sleep>>,
    every: Duration,
    dead_after: Duration,
    heard: bool,
    silent: u32,
}

impl Connection {
    /// Shakes hands within `limits.handshake`.
    pub(crate) async fn open(
        halves: (ReadHalf, WriteHalf),
        role: SocketType,
        limits: &Limits,
    ) -> Result<Self, LinkError> {
        let (mut read, write) = halves;
        let Peer { minor, inbox } = timeout(limits.handshake, handshake(&mut read, &write, role, limits.frames()))
            .await
            .map_err(|_| LinkError::HandshakeTimeout(limits.handshake))??;
        Ok(Self {
            outbox: Arc::new(Outbox::new(write, limits)),
            minor,
            read,
            inbox,
            decoder: Decoder::new(limits.frames()),
            read_bytes: limits.read_bytes,
            pulse: None,
            early: None,
        })
    }

    /// From now on a peer that is silent for too long is asked, and then given up. Needs ZMTP 3.1.
    pub(crate) fn watch_pulse(&mut self, limits: &Limits) {
        if self.minor >= 1 {
            self.pulse = Some(Pulse {
                timer: Box::pin(sleep(limits.ping_after)),
                every: limits.ping_after,
                dead_after: limits.dead_after,
                heard: true,
                silent: 0,
            });
        }
    }

    /// The next thing among the bytes that have arrived; `None`: [`Connection::fill`] is needed.
    pub(crate) fn decode(&mut self) -> Result<Option<Incoming>, LinkError> {
        if let Some(early) = self.early.take() {
            return Ok(Some(early));
        }
        loop {
            let incoming = match self.decoder.decode(&mut self.inbox)? {
                None => return Ok(None),
                Some(Item::Message(message)) => Incoming::Message(message),
                Some(Item::Oversized { head, bytes }) => Incoming::Oversized { head, bytes },
                Some(Item::Command(body)) => match self.command(&body)? {
                    Some(incoming) => incoming,
                    None => continue,
                },
            };
            return Ok(Some(incoming));
        }
    }

    /// Puts `incoming` back, to be the next answer of [`Connection::decode`].
    pub(crate) fn put_back(&mut self, incoming: Incoming) {
        self.early = Some(incoming);
    }

    /// Waits until more bytes have arrived, writing and watching meanwhile. Cancel-safe: no byte is lost.
    pub(crate) async fn fill(&mut self) -> Result<(), LinkError> {
        self.make_room();
        let Self { read, inbox, outbox, pulse, .. } = self;
        tokio::select! {
            biased;
            read = read.read_buf(inbox) => match read {
                Ok(0) => Err(LinkError::Closed),
                Ok(_) => {
                    if let Some(pulse) = pulse {
                        pulse.heard = true;
                    }
                    Ok(())
                }
                Err(error) => Err(LinkError::Io(error)),
            },
            error = outbox.drive() => Err(LinkError::Io(error)),
            error = watch(pulse, outbox) => Err(error),
        }
    }

    fn command(&mut self, body: &Bytes) -> Result<Option<Incoming>, LinkError> {
        Ok(match Command::read(body)? {
            Command::Ping { context } => {
                // A peer that asks faster than it reads gets fewer answers.
                let _ = self.outbox.push_now(Encoded::from(command::pong(&context)));
                None
            }
            Command::Pong { .. } => Some(Incoming::Pong),
            Command::Subscribe(prefix) => Some(Incoming::Subscribe(prefix)),
            Command::Cancel(prefix) => Some(Incoming::Cancel(prefix)),
            Command::Error(reason) => return Err(LinkError::Refused(reason)),
            Command::Ready(_) | Command::Unknown => None,
        })
    }

    /// Space for the next read: of fixed size while messages are small, doubling with what has arrived of a large one.
    fn make_room(&mut self) {
        let used = self.inbox.len();
        let spare = self.inbox.capacity() - used;
        if used == 0 && spare > 4 * self.read_bytes {
            // Left over from a large message.
            self.inbox = BytesMut::new();
        } else if spare >= (self.read_bytes / 4).max(used / 2) {
            return;
        }
        let wanted = self.read_bytes.saturating_sub(used).max(used).max(self.read_bytes / 2);
        self.inbox.reserve(wanted);
    }
}

async fn watch(pulse: &mut Option<Pulse>, outbox: &Outbox) -> LinkError {
    let Some(pulse) = pulse else { return std::future::pending().await };
    loop {
        pulse.timer.as_mut().await;
        pulse.timer.as_mut().reset(Instant::now() + pulse.every);
        pulse.silent = if pulse.heard { 0 } else { pulse.silent + 1 };
        pulse.heard = false;
        if pulse.silent > 0 && pulse.every * pulse.silent >= pulse.dead_after {
            return LinkError::Silent(pulse.dead_after);
        }
        if pulse.silent > 0 {
            let _ = outbox.push_now(Encoded::from(command::ping(b"")));
        }
    }
}
