//! What happens in a trading process, as far as the copy keeps it.

use domain::{AccountData, ContractData, OrderData, PositionData, TickData, TradeData};
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
            PeerEvent::Quote(_) | PeerEvent::Log(_) | PeerEvent::Heartbeat(_) | PeerEvent::Other(_) => None,
        }
    }

    /// Whether the classic stream has it.
    pub fn is_told(&self) -> bool {
        !matches!(self, Fact::Contract(_))
    }
}
