//! What the web process asks of the trading process: the port between `rest` and the link.
//!
//! Always true: a command ends in one of three ways, done, certainly not done, or unknown, and nobody behind
//! this port sends it twice.

use crate::replica::Link;
use domain::{
    BarData, ContractData, GatewayInfo, HistoryRequest, Language, OrderData, OrderRequest, QuoteData, QuoteRequest,
    Text, TradingState, Value,
};
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// What is known about a trading process and the way to it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LinkReport {
    /// Its name in our configuration.
    pub name: Text,
    /// Which of VeighNa's RPC dialects it speaks, or `bridge`; empty while unknown.
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
    /// Changes when another run of the trading process answers; absent where it does not tell.
    pub epoch: Option<Text>,
    /// Time from the last question that measured it to its answer, in microseconds.
    pub round_trip_us: Option<u64>,
    /// How far its clock is ahead of ours, in microseconds.
    pub clock_ahead_us: Option<i64>,
    /// Whether no order reaches a real market; absent where neither a configuration nor it itself says so.
    pub simulated: Option<bool>,
}

/// Commands that `work` gives on this thread leave together when it is over, where the way to their trading process can
/// do that.
pub fn together<R>(work: impl FnOnce() -> R) -> R {
    bridge::together(work)
}

/// What a trading process can do beyond what every VeighNa can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Capabilities {
    /// Two-sided quotes.
    pub quotes: bool,
    /// Bars from its venues.
    pub history: bool,
    /// Tells its gateways with their state.
    pub gateways: bool,
    /// Gateways log in and out on command.
    pub connect: bool,
    /// A simulated exchange's day is settled on command.
    pub settle: bool,
    /// Tells its log lines.
    pub logs: bool,
    /// Enforces the trading state itself.
    pub trading_state: bool,
}

impl Capabilities {
    /// The names of those that are there, as the API tells them.
    pub fn names(self) -> Vec<&'static str> {
        let all = [
            (self.quotes, "quotes"),
            (self.history, "history"),
            (self.gateways, "gateways"),
            (self.connect, "connect"),
            (self.settle, "settle"),
            (self.logs, "logs"),
            (self.trading_state, "trading_state"),
        ];
        all.into_iter().filter_map(|(is_there, name)| is_there.then_some(name)).collect()
    }
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

    /// What it can do; changes when another program answers at its address.
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    /// Sends a two-sided quote. Its `vt_quoteid`, or an empty text where the trading process refused it.
    fn send_quote(&self, _: QuoteRequest, _gateway: Text) -> BoxFuture<'_, Result<Text, CommandError>> {
        unsupported("quotes")
    }

    /// Cancels a quote.
    fn cancel_quote(&self, _: Arc<QuoteData>) -> BoxFuture<'_, Result<(), CommandError>> {
        unsupported("quotes")
    }

    /// Bars from a gateway, in time order.
    fn query_history(&self, _: HistoryRequest, _gateway: Text) -> BoxFuture<'_, Result<Vec<BarData>, CommandError>> {
        unsupported("history")
    }

    /// Its gateways, secrets left out.
    fn gateways(&self) -> BoxFuture<'_, Result<Vec<GatewayInfo>, CommandError>> {
        unsupported("the list of gateways")
    }

    /// Logs a gateway in; fields that are left out keep what was used last.
    fn connect_gateway(&self, _name: Text, _: Vec<(Text, Value)>) -> BoxFuture<'_, Result<(), CommandError>> {
        unsupported("connecting a gateway")
    }

    /// Logs a gateway out.
    fn disconnect_gateway(&self, _name: Text) -> BoxFuture<'_, Result<(), CommandError>> {
        unsupported("disconnecting a gateway")
    }

    /// Settles the running day of a simulated exchange.
    fn settle_gateway(&self, _name: Text) -> BoxFuture<'_, Result<(), CommandError>> {
        unsupported("settling an exchange")
    }

    /// Makes it enforce a trading state; durable when this returns.
    fn set_trading_state(&self, _: TradingState) -> BoxFuture<'_, Result<(), CommandError>> {
        unsupported("trading states")
    }

    /// All orders as the trading process itself has them at this moment.
    fn fetch_orders(&self) -> BoxFuture<'_, Result<Vec<OrderData>, CommandError>>;

    /// Returns when every order id that this user was given stands in the replica, or after a bounded wait.
    fn settled(&self, user: &str) -> BoxFuture<'_, ()>;
}

fn unsupported<T: Send + 'static>(what: &'static str) -> BoxFuture<'static, Result<T, CommandError>> {
    Box::pin(std::future::ready(Err(CommandError::Unsupported(format!("this trading process does not offer {what}")))))
}
