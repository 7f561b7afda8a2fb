//! Why a connection ended or never came about, and why a listener could not be made.

use crate::codec::CodecError;
use std::{io, time::Duration};

/// The end of one connection, or of one attempt to connect.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error("cannot connect")]
    Connect(#[source] io::Error),
    #[error("the connection broke")]
    Io(#[source] io::Error),
    #[error("the peer closed the connection")]
    Closed,
    #[error("the handshake was not done within {0:?}")]
    HandshakeTimeout(Duration),
    #[error("the peer broke the protocol")]
    Protocol(#[from] CodecError),
    #[error("the peer is a {theirs} socket, which does not talk to {ours}")]
    SocketType { ours: &'static str, theirs: &'static str },
    #[error("the peer refused us: {0}")]
    Refused(String),
    #[error("the peer sent a message before it was ready")]
    NotReady,
    #[error("the peer subscribed to more than {0} prefixes")]
    TooManySubscriptions(usize),
    #[error("the peer was silent for {0:?} and did not answer")]
    Silent(Duration),
    #[error("the owner asked for a new connection")]
    Reset,
}

/// Why a listener could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    #[error("cannot listen on {endpoint}")]
    Io { endpoint: String, source: io::Error },
    #[error("cannot listen on {endpoint}: another process serves it")]
    InUse { endpoint: String },
    #[error("cannot listen on {endpoint}: the path exists and is not a socket")]
    NotASocket { endpoint: String },
}
