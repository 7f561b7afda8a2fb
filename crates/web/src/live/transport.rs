//! The socket under a stream: a plain TCP connection where it is one (no lock between the halves, and
//! it can be reset), else whatever hyper was given (TLS, a test's pipe).
//!
//! Always true: the two halves are polled by two tasks; dropping both closes the socket.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// Any other two-way byte stream.
pub trait Duplex: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> Duplex for T {}

/// A connection after the opening handshake.
pub enum Transport {
    /// Plain TCP.
    Tcp(TcpStream),
    /// Anything else, behind a lock that the two halves share.
    Other(Box<dyn Duplex>),
}

impl Transport {
    /// Takes an upgraded connection apart: the transport, and what the client sent right behind its
    /// handshake. It is plain TCP where hyper was served a `TokioIo<TcpStream>`.
    #[must_use]
    pub fn of_upgraded(upgraded: Upgraded) -> (Self, Bytes) {
        match upgraded.downcast::<TokioIo<TcpStream>>() {
            Ok(parts) => (Self::Tcp(parts.io.into_inner()), parts.read_buf),
            Err(upgraded) => (Self::Other(Box::new(TokioIo::new(upgraded))), Bytes::new()),
        }
    }

    pub(crate) fn split(self) -> (ReadHalf, WriteHalf) {
        match self {
            Self::Tcp(stream) => {
                // A tick must not wait for the acknowledgement of the one before; a failure shows at
                // the first write.
                let _ = stream.set_nodelay(true);
                let (read, write) = stream.into_split();
                (ReadHalf::Tcp(read), WriteHalf::Tcp(write))
            }
            Self::Other(stream) => {
                let (read, write) = tokio::io::split(stream);
                (ReadHalf::Other(read), WriteHalf::Other(write))
            }
        }
    }
}

pub(crate) enum ReadHalf {
    Tcp(OwnedReadHalf),
    Other(tokio::io::ReadHalf<Box<dyn Duplex>>),
}

impl ReadHalf {
    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>, space: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(half) => Pin::new(half).poll_read(cx, space),
            Self::Other(half) => Pin::new(half).poll_read(cx, space),
        }
    }
}

pub(crate) enum WriteHalf {
    Tcp(OwnedWriteHalf),
    Other(tokio::io::WriteHalf<Box<dyn Duplex>>),
}

impl WriteHalf {
    /// One write of the slices, with the cheaper system call where there is one slice.
    pub(crate) fn poll_write(&mut self, cx: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        match (self, slices) {
            (Self::Tcp(half), [slice]) => Pin::new(half).poll_write(cx, slice),
            (Self::Tcp(half), _) => Pin::new(half).poll_write_vectored(cx, slices),
            (Self::Other(half), [slice]) => Pin::new(half).poll_write(cx, slice),
            (Self::Other(half), _) => Pin::new(half).poll_write_vectored(cx, slices),
        }
    }

    /// Hands out what the layers below may still hold. Called once, after the last byte.
    pub(crate) fn finish(mut self, cx: &mut Context<'_>) {
        // Pending is fine: a TLS closing note that does not fit any more is not worth a wait.
        let _ = match &mut self {
            Self::Tcp(half) => Pin::new(half).poll_shutdown(cx),
            Self::Other(half) => Pin::new(half).poll_shutdown(cx),
        };
    }

    /// Bounds what the kernel takes and has not sent yet; a failure leaves its own bound.
    pub(crate) fn bound_unsent(&self, bytes: u32) {
        #[cfg(target_os = "linux")]
        if let Self::Tcp(half) = self {
            let _ = socket2::SockRef::from(half.as_ref()).set_tcp_notsent_lowat(bytes);
        }
        #[cfg(not(target_os = "linux"))]
        let _ = bytes;
    }

    /// Gives a connection up without sending what the kernel still holds: it would keep megabytes for
    /// minutes for a peer that reads nothing.
    pub(crate) fn abort(self) {
        if let Self::Tcp(half) = self {
            let _ = socket2::SockRef::from(half.as_ref()).set_linger(Some(Duration::ZERO));
            half.forget();
        }
    }
}
