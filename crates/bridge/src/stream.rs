//! A connection of any kind as one type, and the steps of a handshake on it.

use crate::codec::{LineTooLong, Lines, write_line};
use crate::limits::READ_BYTES;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// TCP, TLS or a Unix socket.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A connection.
pub(crate) type Stream = Box<dyn Duplex>;

/// Why a handshake ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HandshakeError {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("the other side closed the connection")]
    Closed,
    #[error(transparent)]
    TooLong(#[from] LineTooLong),
    #[error("not understood: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("{0}")]
    Refused(String),
    #[error("it took too long")]
    Timeout,
}

/// Waits for one line and reads it. What comes behind it stays in `lines`.
pub(crate) async fn receive<T: DeserializeOwned>(
    stream: &mut (impl AsyncRead + Unpin),
    lines: &mut Lines,
) -> Result<T, HandshakeError> {
    let mut chunk = vec![0; READ_BYTES.min(4096)];
    loop {
        if let Some(line) = lines.next_line()? {
            return Ok(serde_json::from_slice(line)?);
        }
        match stream.read(&mut chunk).await? {
            0 => return Err(HandshakeError::Closed),
            n => lines.push(&chunk[..n]),
        }
    }
}

/// Writes one line.
pub(crate) async fn send(stream: &mut (impl AsyncWrite + Unpin), message: &impl Serialize) -> std::io::Result<()> {
    let mut line = Vec::new();
    write_line(&mut line, message);
    stream.write_all(&line).await?;
    stream.flush().await
}
