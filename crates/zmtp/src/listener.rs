//! A listening socket, TCP or Unix.
//!
//! A Unix socket's file is removed when its listener goes, and a file left behind by a process that was killed
//! is replaced; a file that another process still serves is not.

use crate::{
    BindError, Endpoint,
    stream::{self, ReadHalf, WriteHalf},
};
use std::{
    fs, io,
    net::{IpAddr, SocketAddr},
    os::unix::fs::{FileTypeExt, MetadataExt},
    path::{Path, PathBuf},
};
use tokio::net::{TcpListener, UnixListener, UnixStream};

pub(crate) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, SocketFile),
}

/// Removes the file, unless another listener has taken its place.
pub(crate) struct SocketFile {
    path: PathBuf,
    inode: u64,
}

impl Listener {
    /// Needs a Tokio runtime.
    pub(crate) async fn bind(endpoint: &Endpoint) -> Result<Self, BindError> {
        let wrap = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => BindError::InUse { endpoint: endpoint.to_string() },
            io::ErrorKind::AlreadyExists => BindError::NotASocket { endpoint: endpoint.to_string() },
            _ => BindError::Io { endpoint: endpoint.to_string(), source },
        };
        match endpoint {
            Endpoint::Tcp { host, port } => {
                let host = if host == "*" { "0.0.0.0" } else { host };
                Ok(Self::Tcp(TcpListener::bind((host, *port)).await.map_err(wrap)?))
            }
            Endpoint::Ipc(path) => bind_unix(path).await.map_err(wrap),
        }
    }

    /// Where it listens, with the port that the system chose.
    pub(crate) fn endpoint(&self) -> io::Result<Endpoint> {
        Ok(match self {
            Self::Tcp(listener) => {
                let address = listener.local_addr()?;
                Endpoint::Tcp { host: address.ip().to_string(), port: address.port() }
            }
            Self::Unix(_, file) => Endpoint::Ipc(file.path.clone()),
        })
    }

    pub(crate) fn local_addr(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(listener) => listener.local_addr().ok(),
            Self::Unix(..) => None,
        }
    }

    /// Cancel-safe.
    pub(crate) async fn accept(&self) -> io::Result<(Accepted, Option<IpAddr>)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, address) = listener.accept().await?;
                Ok((Accepted::Tcp(stream), Some(address.ip())))
            }
            Self::Unix(listener, _) => Ok((Accepted::Unix(listener.accept().await?.0), None)),
        }
    }
}

/// A connection that has not been looked at yet.
pub(crate) enum Accepted {
    Tcp(tokio::net::TcpStream),
    Unix(UnixStream),
}

impl Accepted {
    pub(crate) fn halves(self) -> io::Result<(ReadHalf, WriteHalf)> {
        match self {
            Self::Tcp(stream) => stream::from_tcp(stream),
            Self::Unix(stream) => Ok(stream::from_unix(stream)),
        }
    }
}

async fn bind_unix(path: &Path) -> io::Result<Listener> {
    if let Ok(found) = fs::symlink_metadata(path) {
        if !found.file_type().is_socket() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        match UnixStream::connect(path).await {
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path)?,
            _ => return Err(io::ErrorKind::AddrInUse.into()),
        }
    }
    let listener = UnixListener::bind(path)?;
    let inode = fs::symlink_metadata(path)?.ino();
    Ok(Listener::Unix(listener, SocketFile { path: path.into(), inode }))
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if fs::symlink_metadata(&self.path).is_ok_and(|found| found.ino() == self.inode) {
            // It may be gone already; nobody is left to tell.
            let _ = fs::remove_file(&self.path);
        }
    }
}
