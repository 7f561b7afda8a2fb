//! What the web process asks of the trading process: the port between `rest` and the link.
//!
//! Always true: a command ends in one of three ways, done, certainly not done, or unknown, and nobody behind
//! this port sends it twice.

use crate::replica::Link;
use domain::{ContractData, Language, OrderData, OrderRequest, Text};
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// What is known about a trading process and the way to it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LinkReport {
    /// Its name in our configuration.
    pub name: Text,
    /// Which of VeighNa's RPC dialects it speaks; empty while unknown.
    pub dialect: Text,
    /// How far the replica can be trusted.
    pub link: Link,
    /// Since when contact is lost, in milliseconds since 1970 UTC.
    pub stale_since_ms: Option<i64>,
    /// Age of the newest event in milliseconds.
    pub event_age_ms: Option<u64>,
    /// Language of its enum values.
    pub language: Language,
    /// Facts that comparing has found to be missed, so far.
    pub missed: u64,
    /// Events that could not be understood, so far.
    pub skipped: u64,
}

/// Why a command did not end well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// It never left: no harm in sending it again.
    #[error("not sent: {0}")]
    NotSent(String),
    /// It left and no answer came: it may have been done.
    #[error("outcome unknown: {0}")]
    Unknown(String),
    /// The trading process answered with an error of its own.
    #[error("refused: {0}")]
    Refused(String),
    /// This trading process or its version cannot do it.
    #[error("not supported: {0}")]
    Unsupported(String),
}

/// One trading process.
pub trait Trader: Send + Sync {
    /// How it stands with it.
    fn state(&self) -> LinkReport;

    /// Language of its enum values; asked with every request, so worth a short way.
    fn language(&self) -> Language {
        self.state().language
    }

    /// Asks for an instrument's ticks.
    fn subscribe(&self, contract: Arc<ContractData>) -> BoxFuture<'_, Result<(), CommandError>>;

    /// Sends an order for a user. Its `vt_orderid`, or an empty text where the trading process refused it.
    fn send_order(&self, request: OrderRequest, gateway: Text, user: &str)
    -> BoxFuture<'_, Result<Text, CommandError>>;

    /// Cancels an order.
    fn cancel_order(&self, order: Arc<OrderData>) -> BoxFuture<'_, Result<(), CommandError>>;

    /// Returns when every order id that this user was given stands in the replica, or after a bounded wait.
    fn settled(&self, user: &str) -> BoxFuture<'_, ()>;
}
