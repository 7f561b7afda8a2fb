//! Events as VeighNa emits them: each thing once for its kind and once for its instrument, order or account.

use domain::{
    AccountData, ContractData, GatewayInfo, LogData, OrderData, PositionData, QuoteData, Text, TickData, TradeData,
    TradingState,
};
use std::sync::Arc;

/// Kind of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A market moved.
    Tick,
    /// A fill.
    Trade,
    /// An order's state.
    Order,
    /// A position.
    Position,
    /// An account.
    Account,
    /// A quote's state.
    Quote,
    /// An instrument.
    Contract,
    /// A log line.
    Log,
    /// A second has passed.
    Timer,
    /// A gateway's session (not of VeighNa's kinds).
    Gateway,
    /// What new orders may do (not of VeighNa's kinds).
    TradingState,
}

impl Kind {
    /// Number of kinds.
    pub const COUNT: usize = 11;

    /// VeighNa's event type: `eTick.`, `eLog`, …
    pub const fn topic(self) -> &'static str {
        match self {
            Kind::Tick => "eTick.",
            Kind::Trade => "eTrade.",
            Kind::Order => "eOrder.",
            Kind::Position => "ePosition.",
            Kind::Account => "eAccount.",
            Kind::Quote => "eQuote.",
            Kind::Contract => "eContract.",
            Kind::Log => "eLog",
            Kind::Timer => "eTimer",
            Kind::Gateway => "eGateway.",
            Kind::TradingState => "eTradingState",
        }
    }
}

/// Something that everybody may know.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A market moved.
    Tick(Arc<TickData>),
    /// A fill.
    Trade(Arc<TradeData>),
    /// An order's state.
    Order(Arc<OrderData>),
    /// A position.
    Position(Arc<PositionData>),
    /// An account.
    Account(Arc<AccountData>),
    /// A quote's state.
    Quote(Arc<QuoteData>),
    /// An instrument.
    Contract(Arc<ContractData>),
    /// A log line.
    Log(Arc<LogData>),
    /// A second has passed.
    Timer,
    /// A gateway's session.
    Gateway(Arc<GatewayInfo>),
    /// What new orders may do.
    TradingState(TradingState),
}

impl Event {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Event::Tick(_) => Kind::Tick,
            Event::Trade(_) => Kind::Trade,
            Event::Order(_) => Kind::Order,
            Event::Position(_) => Kind::Position,
            Event::Account(_) => Kind::Account,
            Event::Quote(_) => Kind::Quote,
            Event::Contract(_) => Kind::Contract,
            Event::Log(_) => Kind::Log,
            Event::Timer => Kind::Timer,
            Event::Gateway(_) => Kind::Gateway,
            Event::TradingState(_) => Kind::TradingState,
        }
    }

    /// What stands behind the dot of VeighNa's second, specific type; kinds that have none answer `None`.
    pub fn subject(&self) -> Option<&Text> {
        match self {
            Event::Tick(tick) => Some(&tick.vt_symbol.0),
            Event::Trade(trade) => Some(&trade.vt_symbol.0),
            Event::Order(order) => Some(&order.vt_orderid.0),
            Event::Position(position) => Some(&position.vt_symbol.0),
            Event::Account(account) => Some(&account.vt_accountid.0),
            Event::Quote(quote) => Some(&quote.vt_symbol.0),
            Event::Gateway(gateway) => Some(&gateway.name),
            Event::Contract(_) | Event::Log(_) | Event::Timer | Event::TradingState(_) => None,
        }
    }
}
