//! The way to a trading process by its bridge: facts with numbers, so that nothing has to be compared, and every
//! command that it offers.
//!
//! ```text
//! bridge::Subscriber ─► task ─► Replica ─► effects ─► JSON once ─► Hub, Listener
//!                         ▲ snapshot (bridge::Caller)
//! rest ─► BridgeLink (the port `command::Trader`) ─► bridge::Caller
//! ```
//!
//! Always true: as for the stock link one task writes the replica, a fact is in the replica before a reader hears of
//! it, and while the link is not live no command leaves.

mod commands;
mod task;
#[cfg(test)]
mod tests;

pub use commands::BridgeLink;
pub use task::BridgeTask;

use super::writer::Writer;
use super::{Listener, State};
use crate::command::LinkReport;
use crate::live::Hub;
use crate::replica::Shared;
use bridge::{Address, AddressError, ClientConfig, FingerprintError, KeyError, Secret, TOKEN_FILE};
use domain::{Language, Text};
use std::path::Path;
use std::sync::Arc;

/// What is known about a trading process before it is contacted.
#[derive(Clone, Debug)]
pub struct BridgeConfig {
    /// Its name in our configuration.
    pub name: Text,
    /// Where it is, and how to know it.
    pub client: ClientConfig,
    /// Language of its texts; what it says itself where absent.
    pub language: Option<Language>,
    /// Whether no order reaches a real market; what it says itself where absent.
    pub simulated: Option<bool>,
}

/// Why a bridge cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BridgeError {
    /// Its address is none.
    #[error("bridge: {0}")]
    Address(#[from] AddressError),
    /// The file with the secret cannot be used.
    #[error("token_file: {}", with_source(.0))]
    Secret(#[source] KeyError),
    /// There is no secret, and anybody could answer at this address.
    #[error(
        "{address} needs the secret of the trading process: name its file as `token_file` (it makes {file} itself)"
    )]
    NoSecret {
        /// Where.
        address: String,
        /// How the trading process names the file.
        file: &'static str,
    },
    /// The fingerprint is none.
    #[error("fingerprint: {0}")]
    Fingerprint(#[from] FingerprintError),
    /// There is none.
    #[error("{0} needs `fingerprint`: the trading process tells it when it starts")]
    NoFingerprint(String),
}

fn with_source(error: &KeyError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// Where a bridge is, from the words of a configuration. Without `token_file` the state folder's own secret is used if
/// there is one, as it is where one machine runs both processes.
///
/// # Errors
/// Something is no address, no fingerprint or no secret, or is missing.
pub fn bridge_config(
    address: &str,
    token_file: Option<&Path>,
    fingerprint: Option<&str>,
    state: &Path,
) -> Result<ClientConfig, BridgeError> {
    let address: Address = address.parse()?;
    let ours = state.join(TOKEN_FILE);
    let file = token_file.or_else(|| ours.exists().then_some(ours.as_path()));
    let secret = file.map(Secret::read).transpose().map_err(BridgeError::Secret)?;
    if secret.is_none() && !matches!(address, Address::Unix(_)) {
        return Err(BridgeError::NoSecret { address: address.to_string(), file: TOKEN_FILE });
    }
    let fingerprint = fingerprint.map(str::parse).transpose()?;
    if fingerprint.is_none() && matches!(address, Address::Tls { .. }) {
        return Err(BridgeError::NoFingerprint(address.to_string()));
    }
    let client = Text::from(concat!("webtrader ", env!("CARGO_PKG_VERSION")));
    Ok(ClientConfig { address, secret, fingerprint, client })
}

/// Makes the link; its owner runs the task and hands the commands to `rest`. As [`super::link`].
pub fn bridge_link(
    config: BridgeConfig,
    replica: Arc<Shared>,
    hub: Option<Hub>,
    listener: Box<dyn Listener>,
) -> (Arc<BridgeLink>, BridgeTask) {
    let (caller, driver, subscriber) = bridge::connect(config.client);
    let report = LinkReport {
        name: config.name,
        dialect: "bridge".into(),
        language: config.language.unwrap_or_default(),
        simulated: config.simulated,
        ..LinkReport::default()
    };
    let state = Arc::new(State::new(report));
    let commands = BridgeLink::new(caller.clone(), Arc::clone(&state), Arc::clone(&replica));
    let task = BridgeTask::new(task::Parts {
        caller,
        driver: Some(driver),
        subscriber,
        writer: Writer::new(state, replica, hub, listener),
        fixed_language: config.language,
        fixed_simulated: config.simulated,
    });
    (Arc::new(commands), task)
}
