//! A TCP or Unix socket without TLS, which any thread may write to as well.
//!
//! It is registered for reading alone. On a Unix socket every read of the peer is news for whoever waits for room to
//! write, so a registration for both wakes a thread for each line that was sent; room is waited for only while there is
//! none.
//!
//! Always true: the socket does not block; a write takes what fits and says how much that was.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};

/// The socket itself, for whoever writes to it without waiting.
#[derive(Debug)]
pub(crate) enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// The socket as a task reads and writes it.
#[derive(Debug)]
pub(crate) struct Plain {
    readable: AsyncFd<Arc<Socket>>,
    /// While there is no room to write: the same socket under another number, as one number is registered once.
    writable: Option<AsyncFd<Socket>>,
}

impl Socket {
    /// Writes what fits.
    ///
    /// # Errors
    /// `WouldBlock` where nothing fits; else the connection is broken.
    pub(crate) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            let written = match self {
                Socket::Tcp(stream) => (&*stream).write(bytes),
                Socket::Unix(stream) => (&*stream).write(bytes),
            };
            match written {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                written => return written,
            }
        }
    }

    fn try_read(&self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Socket::Tcp(stream) => (&*stream).read(into),
            Socket::Unix(stream) => (&*stream).read(into),
        }
    }

    fn again(&self) -> io::Result<Socket> {
        Ok(match self {
            Socket::Tcp(stream) => Socket::Tcp(stream.try_clone()?),
            Socket::Unix(stream) => Socket::Unix(stream.try_clone()?),
        })
    }

    fn end_writing(&self) -> io::Result<()> {
        match self {
            Socket::Tcp(stream) => stream.shutdown(std::net::Shutdown::Write),
            Socket::Unix(stream) => stream.shutdown(std::net::Shutdown::Write),
        }
    }
}

impl AsRawFd for Socket {
    fn as_raw_fd(&self) -> RawFd {
        match self {
            Socket::Tcp(stream) => stream.as_raw_fd(),
            Socket::Unix(stream) => stream.as_raw_fd(),
        }
    }
}

impl Plain {
    /// Of a TCP connection.
    ///
    /// # Errors
    /// It cannot be registered.
    pub(crate) fn tcp(stream: tokio::net::TcpStream) -> io::Result<Plain> {
        Plain::new(Socket::Tcp(stream.into_std()?))
    }

    /// Of a Unix connection.
    ///
    /// # Errors
    /// It cannot be registered.
    pub(crate) fn unix(stream: tokio::net::UnixStream) -> io::Result<Plain> {
        Plain::new(Socket::Unix(stream.into_std()?))
    }

    fn new(socket: Socket) -> io::Result<Plain> {
        Ok(Plain { readable: register(Arc::new(socket), Interest::READABLE)?, writable: None })
    }

    /// The socket, for writes of other threads.
    pub(crate) fn socket(&self) -> Arc<Socket> {
        Arc::clone(self.readable.get_ref())
    }
}

/// In the newer way it would be for us to promise that a socket keeps its number, which ours does: it owns it.
#[allow(deprecated, reason = "the newer way is unsafe, which is forbidden here")]
fn register<T: AsRawFd>(socket: T, interest: Interest) -> io::Result<AsyncFd<T>> {
    AsyncFd::with_interest(socket, interest)
}

impl AsyncRead for Plain {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let plain = self.get_mut();
        loop {
            let mut guard = ready!(plain.readable.poll_read_ready(cx))?;
            let into = buf.initialize_unfilled();
            let room = into.len();
            match guard.try_io(|socket| socket.get_ref().try_read(into)) {
                Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(Ok(read)) => {
                    // Less than what fits: it is empty now, and what comes later is news.
                    if read > 0 && read < room {
                        guard.clear_ready();
                    }
                    buf.advance(read);
                    return Poll::Ready(Ok(()));
                }
                Ok(Err(error)) => return Poll::Ready(Err(error)),
                Err(_would_block) => {}
            }
        }
    }
}

impl AsyncWrite for Plain {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let plain = self.get_mut();
        loop {
            match plain.readable.get_ref().try_write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => {
                    plain.writable = None;
                    return Poll::Ready(written);
                }
            }
            if plain.writable.is_none() {
                let again = plain.readable.get_ref().again()?;
                plain.writable = Some(register(again, Interest::WRITABLE)?);
            }
            let Some(writable) = &plain.writable else { continue };
            ready!(writable.poll_write_ready(cx))?.clear_ready();
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.readable.get_ref().end_writing())
    }
}
