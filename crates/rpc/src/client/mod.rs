//! The client: calls VeighNa's functions and hears its events.
//!
//! [`connect`] makes three parts. [`Caller`] is cloneable and carries calls; [`ClientDriver`] is run by its owner and
//! moves the bytes of calls; [`Subscriber`] is owned by the one task that applies the events.

mod call;
mod functions;
mod subscriber;

pub use call::{CallError, Caller, ClientDriver};
pub use subscriber::{Received, Subscriber};

use zmtp::{Dealer, Endpoint, Limits, Sub};

/// Where a trading process is.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// Its REP address.
    pub request: Endpoint,
    /// Its PUB address.
    pub publish: Endpoint,
}

/// Makes the parts; they connect once they are run, and again whenever the connection is lost.
pub fn connect(config: &ClientConfig) -> (Caller, ClientDriver, Subscriber) {
    let (handle, receiver) = Dealer::connect(config.request.clone(), Limits::dealer());
    let (caller, driver) = call::new(handle, receiver);
    // The topic is inside the pickle up to VeighNa 4.4, so only the empty prefix works everywhere.
    let sub = Sub::connect(config.publish.clone(), &[b""], Limits::sub());
    (caller, driver, Subscriber::new(sub))
}
