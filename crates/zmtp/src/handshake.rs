//! From a connected socket to a peer that is known to speak ZMTP 3 and to have a type that we talk to.
//!
//! greeting ↔ greeting, then READY ↔ READY; both ends do the same. Reads in small steps, so that a stranger
//! who says nothing, or garbage, costs next to nothing. The caller bounds the time.

use crate::{
    LinkError,
    codec::{
        CodecError, Decoder, FrameLimits, Item,
        command::{self, Command, SocketType},
        greeting::{GREETING_BYTES, greeting, read_greeting},
    },
    stream::{ReadHalf, WriteHalf},
};
use bytes::{Buf, BytesMut};
use tokio::io::AsyncReadExt;

/// Space for one read; a greeting and a READY have about 110 bytes.
const STEP: usize = 512;

/// What the handshake found out.
pub(crate) struct Peer {
    /// Minor version: 1 or more takes SUBSCRIBE as a command and answers PING.
    pub(crate) minor: u8,
    /// What was read beyond the handshake: it belongs to the traffic.
    pub(crate) inbox: BytesMut,
}

/// Runs the handshake as a socket of type `role`.
pub(crate) async fn handshake(
    read: &mut ReadHalf,
    write: &WriteHalf,
    role: SocketType,
    limits: FrameLimits,
) -> Result<Peer, LinkError> {
    let mut inbox = BytesMut::new();
    write.write_all(&greeting()).await.map_err(LinkError::Io)?;
    let minor = loop {
        if let Some(minor) = read_greeting(&inbox)? {
            break minor;
        }
        read_step(read, &mut inbox).await?;
    };
    inbox.advance(GREETING_BYTES);
    write.write_all(&command::ready(role)).await.map_err(LinkError::Io)?;
    let socket_type = loop {
        match first_item(&mut inbox, limits)? {
            Some(socket_type) => break socket_type,
            None => read_step(read, &mut inbox).await?,
        }
    };
    if !role.talks_to(socket_type) {
        // Best effort: the peer may want to log why it is not wanted.
        let _ = write.write_all(&command::error("Invalid socket type")).await;
        return Err(LinkError::SocketType { ours: role.name(), theirs: socket_type.name() });
    }
    Ok(Peer { minor, inbox })
}

async fn read_step(read: &mut ReadHalf, inbox: &mut BytesMut) -> Result<(), LinkError> {
    inbox.reserve(STEP);
    match read.read_buf(inbox).await {
        Ok(0) => Err(LinkError::Closed),
        Ok(_) => Ok(()),
        Err(error) => Err(LinkError::Io(error)),
    }
}

/// The socket type of READY, which must come first.
fn first_item(inbox: &mut BytesMut, limits: FrameLimits) -> Result<Option<SocketType>, LinkError> {
    // No message may come before READY: the first header already shows one.
    let none = FrameLimits { parts: 0, skip_bytes: 0, ..limits };
    match Decoder::new(none).decode(inbox) {
        Ok(Some(Item::Command(body))) => match Command::read(&body)? {
            Command::Ready(socket_type) => Ok(Some(socket_type)),
            Command::Error(reason) => Err(LinkError::Refused(reason)),
            _ => Err(CodecError::Command("the first one is neither READY nor ERROR").into()),
        },
        Ok(None) => Ok(None),
        Ok(Some(_)) | Err(CodecError::TooManyParts { .. }) => Err(LinkError::NotReady),
        Err(error) => Err(error.into()),
    }
}
