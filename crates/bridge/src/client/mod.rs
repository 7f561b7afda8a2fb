//! The web process's end. [`connect`] makes three parts: [`Caller`] is cloneable and carries requests; [`ClientDriver`]
//! is run by its owner and holds the connection; [`Subscriber`] is owned by the one task that applies what is told.
//!
//! Always true: nothing is queued while the trading process is away; a request ends as answered, certainly not sent, or
//! unknown; a missing number, a lost heartbeat or a subscriber that stands still ends the connection, and the
//! subscriber hears of it before it hears anything else.

mod call;
mod driver;
mod events;
mod functions;
mod handshake;
mod session;

pub use call::{CallError, Caller, Health};
pub use driver::ClientDriver;
pub use events::{Event, Received, Subscriber};

use crate::address::Address;
use crate::keys::Secret;
use crate::proof::Fingerprint;
use domain::Text;
use std::sync::Arc;

/// Where a trading process is, and how to know it.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// Its address.
    pub address: Address,
    /// What both know. May be absent only for a Unix socket.
    pub secret: Option<Secret>,
    /// Of its certificate, for `tls://`.
    pub fingerprint: Option<Fingerprint>,
    /// Who we are, for its log.
    pub client: Text,
}

/// Makes the parts; they connect once the driver is run, and again whenever the connection is lost.
pub fn connect(config: ClientConfig) -> (Caller, ClientDriver, Subscriber) {
    let books = Arc::new(call::Books::default());
    let inbox = Arc::new(events::Inbox::default());
    let driver = ClientDriver::new(config, Arc::clone(&books), Arc::clone(&inbox));
    (Caller::new(books), driver, Subscriber::new(inbox))
}
