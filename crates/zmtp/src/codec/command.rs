//! Commands: READY and ERROR of the handshake, PING and PONG, SUBSCRIBE and CANCEL.
//!
//! A command's body is the length of its name, the name, and data. What we do not know is [`Command::Unknown`]
//! and is to be ignored, as the RFC asks.

use super::{CodecError, frame::put_header};
use bytes::{BufMut, Bytes, BytesMut};

/// Longest context of a PING, by RFC 37.
const PING_CONTEXT: usize = 16;

/// A ZeroMQ socket type, as it is announced in READY.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SocketType {
    Req,
    Rep,
    Dealer,
    Router,
    Pub,
    Sub,
    XPub,
    XSub,
    /// PUSH, PULL, PAIR and what else there may be; talks to none of our roles.
    Other,
}

/// What a command says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Ready(SocketType),
    Error(String),
    Ping { context: Bytes },
    Pong { context: Bytes },
    Subscribe(Bytes),
    Cancel(Bytes),
    Unknown,
}

impl SocketType {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Req => "REQ",
            Self::Rep => "REP",
            Self::Dealer => "DEALER",
            Self::Router => "ROUTER",
            Self::Pub => "PUB",
            Self::Sub => "SUB",
            Self::XPub => "XPUB",
            Self::XSub => "XSUB",
            Self::Other => "other",
        }
    }

    /// Whether a peer of type `peer` may talk to us, by RFC 28 and RFC 29.
    pub fn talks_to(self, peer: SocketType) -> bool {
        use SocketType::{Dealer, Pub, Rep, Req, Router, Sub, XPub, XSub};
        matches!(
            (self, peer),
            (Dealer, Router | Rep | Dealer) | (Router, Dealer | Req | Router) | (Sub, Pub | XPub) | (Pub, Sub | XSub)
        )
    }

    fn from_name(name: &[u8]) -> Self {
        const KNOWN: [SocketType; 8] = {
            use SocketType::{Dealer, Pub, Rep, Req, Router, Sub, XPub, XSub};
            [Req, Rep, Dealer, Router, Pub, Sub, XPub, XSub]
        };
        KNOWN.into_iter().find(|known| known.name().as_bytes() == name).unwrap_or(Self::Other)
    }
}

impl Command {
    /// Reads the body of a command frame.
    pub fn read(body: &Bytes) -> Result<Self, CodecError> {
        let (&length, _) = body.split_first().ok_or(CodecError::Command("it is empty"))?;
        let end = 1 + usize::from(length);
        let name = body.get(1..end).ok_or(CodecError::Command("its name is cut off"))?;
        let data = body.slice(end..);
        Ok(match name {
            b"READY" => Self::Ready(read_ready(&data)?),
            b"ERROR" => Self::Error(read_error(&data)?),
            b"PING" => Self::Ping { context: read_ping(&data)? },
            b"PONG" => Self::Pong { context: data },
            b"SUBSCRIBE" => Self::Subscribe(data),
            b"CANCEL" => Self::Cancel(data),
            _ => Self::Unknown,
        })
    }
}

/// READY frame of our role. DEALER and ROUTER announce an empty identity, as libzmq does.
pub fn ready(role: SocketType) -> Bytes {
    let mut data = BytesMut::new();
    put_property(&mut data, "Socket-Type", role.name());
    if matches!(role, SocketType::Dealer | SocketType::Router) {
        put_property(&mut data, "Identity", "");
    }
    command("READY", &data)
}

/// ERROR frame; `reason` is cut at 255 bytes.
pub fn error(reason: &str) -> Bytes {
    let reason = &reason.as_bytes()[..reason.len().min(255)];
    let mut data = BytesMut::with_capacity(1 + reason.len());
    data.put_u8(reason.len() as u8);
    data.put_slice(reason);
    command("ERROR", &data)
}

/// PING frame with a time-to-live of 0 (the peer need not watch us) and a context that comes back in the PONG.
pub fn ping(context: &[u8]) -> Bytes {
    let mut data = BytesMut::new();
    data.put_u16(0);
    data.put_slice(&context[..context.len().min(PING_CONTEXT)]);
    command("PING", &data)
}

/// PONG frame for a PING's context.
pub fn pong(context: &[u8]) -> Bytes {
    command("PONG", context)
}

/// SUBSCRIBE frame (ZMTP 3.1).
pub fn subscribe(prefix: &[u8]) -> Bytes {
    command("SUBSCRIBE", prefix)
}

/// CANCEL frame (ZMTP 3.1).
pub fn cancel(prefix: &[u8]) -> Bytes {
    command("CANCEL", prefix)
}

fn command(name: &str, data: &[u8]) -> Bytes {
    let size = 1 + name.len() + data.len();
    let mut out = BytesMut::with_capacity(size + super::frame::HEADER_MAX);
    put_header(&mut out, size, false, true);
    out.put_u8(name.len() as u8);
    out.put_slice(name.as_bytes());
    out.put_slice(data);
    out.freeze()
}

fn put_property(out: &mut BytesMut, name: &str, value: &str) {
    out.put_u8(name.len() as u8);
    out.put_slice(name.as_bytes());
    out.put_u32(value.len() as u32);
    out.put_slice(value.as_bytes());
}

/// The properties of READY: all of them must be well formed, one of them names the socket type.
fn read_ready(data: &[u8]) -> Result<SocketType, CodecError> {
    const CUT: CodecError = CodecError::Command("a property of READY is cut off");
    let mut rest = data;
    let mut found = None;
    while let Some((&length, after)) = rest.split_first() {
        let (name, after) = after.split_at_checked(usize::from(length)).ok_or(CUT)?;
        let (size, after) = after.split_first_chunk::<4>().ok_or(CUT)?;
        let (value, after) = after.split_at_checked(u32::from_be_bytes(*size) as usize).ok_or(CUT)?;
        if name.eq_ignore_ascii_case(b"Socket-Type") {
            found = Some(SocketType::from_name(value));
        }
        rest = after;
    }
    found.ok_or(CodecError::Command("READY names no socket type"))
}

fn read_error(data: &[u8]) -> Result<String, CodecError> {
    let (&length, reason) = data.split_first().ok_or(CodecError::Command("ERROR has no reason"))?;
    let reason = reason.get(..usize::from(length)).ok_or(CodecError::Command("the reason of ERROR is cut off"))?;
    Ok(String::from_utf8_lossy(reason).into_owned())
}

fn read_ping(data: &Bytes) -> Result<Bytes, CodecError> {
    if data.len() < 2 {
        return Err(CodecError::Command("PING has no time-to-live"));
    }
    Ok(data.slice(2..data.len().min(2 + PING_CONTEXT)))
}
