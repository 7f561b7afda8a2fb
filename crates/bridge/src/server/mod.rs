//! The trading process's end: [`Server`] takes requests for its owner, [`Publisher`] tells facts and ticks.
//!
//! ```text
//! accept ─► handshake ─► connection: requests ─► Server::next ─► owner ─► Reply ─► writer
//! owner ─► Publisher ─► pump (encodes once) ─► each reader's backlog ─► writer
//! ```
//!
//! Always true: no call of the owner waits for the network; a reader that does not read is cut, and costs the owner
//! nothing until then.

mod accept;
mod connection;
mod handshake;
mod publisher;
mod pump;
mod reader;
mod request;
mod ticks;
mod writer;

pub use publisher::{Publisher, Stats};
pub use request::{Reply, Request};

use crate::address::Address;
use crate::keys::{Certificate, KeyError, Secret, TOKEN_FILE};
use crate::limits::REQUESTS_WAITING;
use crate::message::{About, Code};
use crate::proof::Fingerprint;
use publisher::Shared;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What a server needs to know.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Where it listens.
    pub address: Address,
    /// What clients must know. May be absent only on a Unix socket in a folder that nobody else can enter.
    pub secret: Option<Secret>,
    /// For `tls://`.
    pub certificate: Option<Certificate>,
    /// What it tells of itself.
    pub about: About,
}

/// Why a server could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The socket could not be bound.
    #[error("cannot listen on {address}")]
    Listen {
        /// Where.
        address: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Anybody on the machine could give orders.
    #[error("{0} needs a secret: without one, any program of this machine could send orders")]
    NoSecret(String),
    /// The folder of the socket is open, and there is no secret.
    #[error("the folder of {0} can be entered by others: run chmod 700 on it, or give the bridge a secret")]
    OpenFolder(String),
    /// There is no certificate for `tls://`.
    #[error("{0} needs a certificate")]
    NoCertificate(String),
    /// The certificate cannot be used.
    #[error("the certificate cannot be used: {0}")]
    Certificate(String),
}

/// A listening bridge.
pub struct Server {
    requests: mpsc::Receiver<Request>,
    shared: Arc<Shared>,
    address: Address,
    fingerprint: Option<Fingerprint>,
    tasks: JoinSet<()>,
    stop: CancellationToken,
}

impl ServerConfig {
    /// With a secret, and a certificate where the address needs one, from the files of a state folder, which are made
    /// where they are not there.
    ///
    /// # Errors
    /// A file cannot be read or written, or others may read it.
    pub fn in_folder(address: Address, folder: &Path, about: About) -> Result<ServerConfig, KeyError> {
        let secret = Some(Secret::read_or_make(&folder.join(TOKEN_FILE))?);
        let certificate = match address {
            Address::Tls { .. } => Some(Certificate::read_or_make(folder)?),
            Address::Tcp { .. } | Address::Unix(_) => None,
        };
        Ok(ServerConfig { address, secret, certificate, about })
    }
}

impl Server {
    /// Listens until `stop` fires.
    ///
    /// # Errors
    /// The address cannot be bound, or would be open to strangers.
    pub async fn bind(config: ServerConfig, stop: &CancellationToken) -> Result<Server, BindError> {
        let stop = stop.child_token();
        let (listener, address) = accept::listen(&config).await?;
        let fingerprint = config.certificate.as_ref().filter(|_| listener.is_tls()).map(Certificate::fingerprint);
        let (sender, requests) = mpsc::channel(REQUESTS_WAITING);
        let shared = Arc::new(Shared::new(config.about));
        let mut tasks = JoinSet::new();
        tasks.spawn(pump::run(Arc::clone(&shared), stop.clone()));
        let gate = handshake::Gate { secret: config.secret, shared: Arc::clone(&shared) };
        tasks.spawn(accept::run(listener, gate, sender, stop.clone()));
        Ok(Server { requests, shared, address, fingerprint, tasks, stop })
    }

    /// Where it listens, with the real port.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// What clients must be told, where there is TLS.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.fingerprint
    }

    /// Tells facts and ticks; cheap to clone, may be called from any thread.
    pub fn publisher(&self) -> Publisher {
        Publisher::new(Arc::clone(&self.shared))
    }

    /// The next request whose deadline has not passed; `None` once the server was stopped. Cancel-safe.
    pub async fn next(&mut self) -> Option<Request> {
        loop {
            let request = tokio::select! {
                biased;
                () = self.stop.cancelled() => return None,
                request = self.requests.recv() => request?,
            };
            if request.deadline > Instant::now() {
                return Some(request);
            }
            request.reply.refuse(Code::Late, "the deadline had passed before the request was looked at");
        }
    }

    /// Ends all connections and waits until they are gone.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}
