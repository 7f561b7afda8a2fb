//! The local copy of what the trading process knows. Pure: everything that happens to it is an [`Input`].
//!
//! `GET`s read it, so that they never cost the trading process anything. It is filled by the one recovery path
//! (subscribe, snapshot, the events in between, live) and only while it is [`Link::Live`] is it the truth.

mod table;

pub use table::{CHUNK_ROWS, Chunk, Table};

use domain::{
    AccountData, ContractData, OrderData, PositionData, TickData, TradeData, VtAccountId, VtOrderId, VtPositionId,
    VtSymbol, VtTradeId,
};

/// How far the copy can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Link {
    /// No contact yet.
    #[default]
    Connecting,
    /// Contact; the snapshot is on its way.
    Syncing,
    /// The copy follows the trading process.
    Live,
    /// Contact was lost; the copy is as it was then.
    Stale,
}

/// The copy.
#[derive(Debug, Default)]
pub struct Replica {
    /// How far it can be trusted.
    pub link: Link,
    /// Newest tick of each instrument.
    pub ticks: Table<VtSymbol, TickData>,
    /// Orders.
    pub orders: Table<VtOrderId, OrderData>,
    /// Fills; a fill with oneself has one trade id on two orders.
    pub trades: Table<(VtTradeId, VtOrderId), TradeData>,
    /// Positions.
    pub positions: Table<VtPositionId, PositionData>,
    /// Accounts.
    pub accounts: Table<VtAccountId, AccountData>,
    /// Contracts.
    pub contracts: Table<VtSymbol, ContractData>,
}
