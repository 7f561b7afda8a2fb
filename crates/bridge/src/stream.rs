//! A connection of any kind as one type, and the steps of a handshake on it.

use crate::codec::{LineTooLong, Lines, write_line};
use crate::limits::READ_BYTES;
use crate::plain::{Plain, Socket};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

/// What reads and writes.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A connection.
pub(crate) enum Stream {
    /// TCP or a Unix socket.
    Plain(Plain),
    /// Under TLS.
    Tls(Box<dyn Duplex>),
}

impl Stream {
    /// The socket, where what is written to it is what the other side reads.
    pub(crate) fn socket(&self) -> Option<Arc<Socket>> {
        match self {
            Stream::Plain(plain) => Some(plain.socket()),
            Stream::Tls(_) => None,
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(plain) => Pin::new(plain).poll_read(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(plain) => Pin::new(plain).poll_write(cx, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(plain) => Pin::new(plain).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(plain) => Pin::new(plain).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// Why a handshake ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HandshakeError {
    #[error("{0}")]
    Io(#[from] io::Error),
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
pub(crate) async fn send(stream: &mut (impl AsyncWrite + Unpin), message: &impl Serialize) -> io::Result<()> {
    let mut line = Vec::new();
    write_line(&mut line, message);
    stream.write_all(&line).await?;
    stream.flush().await
}
