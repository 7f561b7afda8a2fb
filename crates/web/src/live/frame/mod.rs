//! RFC 6455 on the server's side: headers of the frames that go out, and a parser of those that come in.
//!
//! How data passes: `text_header`, `control` and `close` write unmasked frames; bytes of a client go
//! into [`Decoder::next`] in pieces of any size and come out as [`Event`]s. Always true: nothing a
//! client sends makes it panic or keep more than one message of the limit plus one control frame; after
//! a [`Violation`] or a close it takes nothing more. Pure: no I/O.
//!
//! Strict where the RFC says MUST (masking, minimal lengths, reserved bits, UTF-8), because a peer that
//! breaks those is either hostile or not a WebSocket client. Binary messages are refused: both streams
//! of this server are JSON text.

mod decoder;
mod encode;
mod utf8;

#[cfg(test)]
mod tests;

pub use decoder::{Control, Decoder, Event, Keep};
pub use encode::{Header, close, control, text_header};

/// Close codes of RFC 6455 section 7.4.1, and ours from 4000 on.
pub mod code {
    /// The purpose is fulfilled.
    pub const NORMAL: u16 = 1000;
    /// The server shuts down.
    pub const GOING_AWAY: u16 = 1001;
    /// The client broke RFC 6455.
    pub const PROTOCOL: u16 = 1002;
    /// A binary message.
    pub const UNSUPPORTED: u16 = 1003;
    /// Text that is not UTF-8.
    pub const NOT_UTF8: u16 = 1007;
    /// A message over the limit.
    pub const TOO_BIG: u16 = 1009;
    /// The server cannot take this connection now.
    pub const TRY_AGAIN_LATER: u16 = 1013;
    /// No token, or none that is valid.
    pub const NOT_LOGGED_IN: u16 = 4401;
    /// Logged in, but this is not for that user or that page.
    pub const NOT_ALLOWED: u16 = 4403;
    /// The reader fell so far behind that facts it had not read are gone.
    pub const SLOW_CONSUMER: u16 = 4408;
    /// The login has ended.
    pub const SESSION_ENDED: u16 = 4409;
}

/// Opcodes of RFC 6455 section 5.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opcode {
    Text = 1,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

/// How a client broke the protocol; `Display` is the reason of the close frame (at most 123 bytes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// A rule of RFC 6455, named.
    #[error("{0}")]
    Protocol(&'static str),
    /// A binary message.
    #[error("only text messages are taken")]
    Binary,
    /// A text message or a close reason that is not UTF-8.
    #[error("text is not UTF-8")]
    NotUtf8,
    /// A message, all its fragments together, over the limit in bytes.
    #[error("message is longer than {limit} bytes")]
    TooBig { limit: usize },
}

impl Violation {
    /// The close code to answer with.
    #[must_use]
    pub fn code(&self) -> u16 {
        match self {
            Self::Protocol(_) => code::PROTOCOL,
            Self::Binary => code::UNSUPPORTED,
            Self::NotUtf8 => code::NOT_UTF8,
            Self::TooBig { .. } => code::TOO_BIG,
        }
    }
}
