//! What happens in a trading process, as far as the copy keeps it.

use domain::{
    AccountData, ContractData, GatewayInfo, LogData, OrderData, PositionData, QuoteData, TickData, TradeData,
    TradingState,
};
use rpc::PeerEvent;
use std::sync::Arc;

/// One row that is new or has changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
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
    /// An instrument.
    Contract(Arc<ContractData>),
    /// A two-sided quote.
    Quote(Arc<QuoteData>),
    /// A line of the log.
    Log(Arc<LogData>),
    /// A gateway's session.
    Gateway(Arc<GatewayInfo>),
    /// What new orders may do.
    TradingState(TradingState),
}

impl Fact {
    /// The fact in an event; `None` for what the copy does not keep.
    pub fn of(event: PeerEvent) -> Option<Fact> {
        match event {
            PeerEvent::Tick(row) => Some(Fact::Tick(Arc::from(row))),
            PeerEvent::Trade(row) => Some(Fact::Trade(Arc::from(row))),
            PeerEvent::Order(row) => Some(Fact::Order(Arc::from(row))),
            PeerEvent::Position(row) => Some(Fact::Position(Arc::from(row))),
            PeerEvent::Account(row) => Some(Fact::Account(Arc::from(row))),
            PeerEvent::Contract(row) => Some(Fact::Contract(Arc::from(row))),
            PeerEvent::Quote(row) => Some(Fact::Quote(Arc::from(row))),
            PeerEvent::Log(row) => Some(Fact::Log(Arc::from(row))),
            PeerEvent::Heartbeat(_) | PeerEvent::Other(_) => None,
        }
    }

    /// Whether the classic stream has it: VeighNa's own has these five topics.
    pub fn is_classic(&self) -> bool {
        match self {
            Fact::Tick(_) | Fact::Trade(_) | Fact::Order(_) | Fact::Position(_) | Fact::Account(_) => true,
            Fact::Contract(_) | Fact::Quote(_) | Fact::Log(_) | Fact::Gateway(_) | Fact::TradingState(_) => false,
        }
    }
}
