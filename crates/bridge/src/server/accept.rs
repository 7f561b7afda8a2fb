//! Listening, and one task for each connection.

use super::connection;
use super::handshake::{Gate, admit, bye};
use super::request::Request;
use super::{BindError, ServerConfig};
use crate::address::Address;
use crate::codec::Lines;
use crate::limits::{CONNECTIONS_MAX, HANDSHAKE, HANDSHAKES_MAX, HELLO_BYTES, REQUEST_BYTES};
use crate::plain::Plain;
use crate::proof::{Channel, Fingerprint};
use crate::stream::{HandshakeError, Stream, send};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// A pause after an error of `accept`, so that a lack of file descriptors does not make it spin.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// Lines of the log about connections that were turned away.
const TOLD_EVERY: Duration = Duration::from_secs(1);

/// A bound socket.
pub(super) enum Listener {
    Tcp(TcpListener),
    Tls(TcpListener, TlsAcceptor, Fingerprint),
    Unix(OwnSocket),
}

/// A Unix socket with its file.
pub(super) struct OwnSocket {
    listener: UnixListener,
    _file: SocketFile,
}

/// Takes the socket's file away in the end.
struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A connection whose TLS has not begun.
enum Raw {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Listener {
    pub(super) fn is_tls(&self) -> bool {
        matches!(self, Listener::Tls(..))
    }

    async fn accept(&self) -> io::Result<Raw> {
        match self {
            Listener::Tcp(listener) | Listener::Tls(listener, ..) => {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Ok(Raw::Tcp(stream))
            }
            Listener::Unix(socket) => Ok(Raw::Unix(socket.listener.accept().await?.0)),
        }
    }
}

/// Binds, if that is safe.
pub(super) async fn listen(config: &ServerConfig) -> Result<(Listener, Address), BindError> {
    let text = config.address.to_string();
    let failed = |source| BindError::Listen { address: text.clone(), source };
    match &config.address {
        Address::Unix(path) => {
            if config.secret.is_none() && !is_private(path).map_err(failed)? {
                return Err(BindError::OpenFolder(text));
            }
            let listener = bind_unix(path).await.map_err(failed)?;
            let socket = OwnSocket { listener, _file: SocketFile(path.clone()) };
            Ok((Listener::Unix(socket), config.address.clone()))
        }
        Address::Tcp { .. } | Address::Tls { .. } if config.secret.is_none() => Err(BindError::NoSecret(text)),
        Address::Tcp { host, port } => {
            let listener = TcpListener::bind((host.as_str(), *port)).await.map_err(failed)?;
            let port = listener.local_addr().map_err(failed)?.port();
            Ok((Listener::Tcp(listener), Address::Tcp { host: host.clone(), port }))
        }
        Address::Tls { host, port } => {
            let certificate = config.certificate.as_ref().ok_or_else(|| BindError::NoCertificate(text.clone()))?;
            let acceptor = crate::tls::acceptor(certificate).map_err(|e| BindError::Certificate(e.to_string()))?;
            let any = if host == "*" { "0.0.0.0" } else { host };
            let listener = TcpListener::bind((any, *port)).await.map_err(failed)?;
            let port = listener.local_addr().map_err(failed)?.port();
            let listener = Listener::Tls(listener, acceptor, certificate.fingerprint());
            Ok((listener, Address::Tls { host: host.clone(), port }))
        }
    }
}

/// Whether only we can reach what lies in this file's folder.
fn is_private(path: &Path) -> io::Result<bool> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(std::fs::metadata(folder)?.mode() & 0o077 == 0)
}

/// A socket's file that nobody listens on is left over from a process that was killed.
async fn bind_unix(path: &Path) -> io::Result<UnixListener> {
    if UnixStream::connect(path).await.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused) {
        std::fs::remove_file(path)?;
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// What each connection's task gets.
struct Door {
    gate: Gate,
    tls: Option<(TlsAcceptor, Fingerprint)>,
    requests: mpsc::Sender<Request>,
    admitted: Semaphore,
    /// When the log last had a line about somebody who was turned away.
    told: Mutex<Option<Instant>>,
    stop: CancellationToken,
}

/// Accepts until `stop`, then waits for all connections.
pub(super) async fn run(listener: Listener, gate: Gate, requests: mpsc::Sender<Request>, stop: CancellationToken) {
    let tls = match &listener {
        Listener::Tls(_, acceptor, fingerprint) => Some((acceptor.clone(), *fingerprint)),
        Listener::Tcp(_) | Listener::Unix(_) => None,
    };
    let door = Arc::new(Door {
        gate,
        tls,
        requests,
        admitted: Semaphore::new(CONNECTIONS_MAX),
        told: Mutex::default(),
        stop: stop.clone(),
    });
    let handshakes = Arc::new(Semaphore::new(HANDSHAKES_MAX));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok(raw) => {
                // None left: the connection is closed at once, and those in the handshake end within its time.
                let Ok(permit) = Arc::clone(&handshakes).try_acquire_owned() else { continue };
                let door = Arc::clone(&door);
                connections.spawn(async move { door.serve(raw, permit).await });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection to the bridge could not be accepted");
                tokio::time::sleep(ACCEPT_RETRY).await;
            }
        }
    }
    while connections.join_next().await.is_some() {}
}

impl Door {
    async fn serve(&self, raw: Raw, handshake: tokio::sync::OwnedSemaphorePermit) {
        let counts = &self.gate.shared.counts;
        let mut lines = Lines::new(HELLO_BYTES);
        let admitted = tokio::select! {
            () = self.stop.cancelled() => return,
            admitted = timeout(HANDSHAKE, self.admit(raw, &mut lines)) => admitted,
        };
        let admitted = match admitted.unwrap_or(Err(HandshakeError::Timeout)) {
            Ok(admitted) => admitted,
            Err(error) => return self.rejected(&error),
        };
        drop(handshake);
        let (mut stream, reader) = admitted;
        lines.set_limit(REQUEST_BYTES);
        if let Ok(_place) = self.admitted.try_acquire() {
            counts.connections.fetch_add(1, Ordering::Relaxed);
            let requests = connection::Requests { reader: &reader, shared: &self.gate.shared, owner: &self.requests };
            connection::run(stream, lines, requests, &self.stop).await;
            counts.connections.fetch_sub(1, Ordering::Relaxed);
        } else {
            let full = bye("full", format!("there are {CONNECTIONS_MAX} connections already"));
            let _ = timeout(HANDSHAKE, send(&mut stream, &full)).await;
        }
        self.gate.shared.tick_reader(reader.close());
        self.gate.shared.wake.notify_one();
    }

    async fn admit(&self, raw: Raw, lines: &mut Lines) -> Result<(Stream, Arc<super::reader::Reader>), HandshakeError> {
        let (mut stream, channel): (Stream, Channel) = match (raw, &self.tls) {
            (Raw::Unix(stream), _) => (Stream::Plain(Plain::unix(stream)?), Channel::Unix),
            (Raw::Tcp(stream), None) => (Stream::Plain(Plain::tcp(stream)?), Channel::Tcp),
            (Raw::Tcp(stream), Some((acceptor, fingerprint))) => {
                (Stream::Tls(Box::new(acceptor.accept(stream).await?)), Channel::Tls(*fingerprint))
            }
        };
        let reader = admit(&self.gate, &mut stream, lines, channel).await?;
        Ok((stream, reader))
    }

    fn rejected(&self, error: &HandshakeError) {
        let before = self.gate.shared.counts.rejected.fetch_add(1, Ordering::Relaxed);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever knocks without end must not fill the log.
        if told.is_none_or(|told| told.elapsed() >= TOLD_EVERY) {
            *told = Some(Instant::now());
            tracing::warn!(%error, in_all = before + 1, "a connection to the bridge was turned away");
        }
    }
}
