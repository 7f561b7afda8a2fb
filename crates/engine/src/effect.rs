//! Everything that the engine can ask the world for.

use crate::{Event, Token};
use domain::{
    AccountData, BarData, CancelRequest, ContractData, GatewayInfo, HistoryRequest, OrderData, OrderRequest,
    PositionData, QuoteData, QuoteRequest, SubscribeRequest, Text, TickData, TradeData, TradingState, VtOrderId,
    VtQuoteId,
};
use std::sync::Arc;

/// One wish. The order within a turn matters and is to be kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Tell everybody.
    Publish(Event),
    /// Make this durable before anything that follows: it is what the next start begins with.
    KeepTradingState(TradingState),
    /// Tell a venue.
    Venue {
        /// Which gateway.
        gateway: Text,
        /// What.
        command: VenueCommand,
    },
    /// Answer a command.
    Reply {
        /// The command's token.
        token: Token,
        /// The answer.
        answer: Answer,
    },
}

/// What a venue is told.
#[derive(Clone, Debug, PartialEq)]
pub enum VenueCommand {
    /// Send ticks.
    Subscribe(SubscribeRequest),
    /// Take an order under this id.
    SendOrder {
        /// Id within the gateway.
        orderid: Text,
        /// The order.
        request: OrderRequest,
    },
    /// End an order.
    CancelOrder(CancelRequest),
    /// Take a quote under this id.
    SendQuote {
        /// Id within the gateway.
        quoteid: Text,
        /// The quote.
        request: QuoteRequest,
    },
    /// End a quote.
    CancelQuote(CancelRequest),
    /// Send bars.
    QueryHistory {
        /// Comes back with the bars.
        token: Token,
        /// Which.
        request: HistoryRequest,
    },
}

/// The answer to a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Passed on.
    Done,
    /// Passed on under this id; `None` where it was refused before sending (the log says why).
    Order(Option<VtOrderId>),
    /// Passed on under this id; `None` where it was refused before sending.
    Quote(Option<VtQuoteId>),
    /// Bars, or why there are none.
    Bars(Result<Vec<BarData>, String>),
    /// One or no tick.
    Tick(Option<Arc<TickData>>),
    /// One or no order.
    OrderData(Option<Arc<OrderData>>),
    /// One or no fill.
    Trade(Option<Arc<TradeData>>),
    /// One or no position.
    Position(Option<Arc<PositionData>>),
    /// One or no account.
    Account(Option<Arc<AccountData>>),
    /// One or no contract.
    Contract(Option<Arc<ContractData>>),
    /// Ticks.
    Ticks(Vec<Arc<TickData>>),
    /// Orders.
    Orders(Vec<Arc<OrderData>>),
    /// Fills.
    Trades(Vec<Arc<TradeData>>),
    /// Positions.
    Positions(Vec<Arc<PositionData>>),
    /// Accounts.
    Accounts(Vec<Arc<AccountData>>),
    /// Contracts.
    Contracts(Vec<Arc<ContractData>>),
    /// One or no two-sided quote.
    QuoteData(Option<Arc<QuoteData>>),
    /// Two-sided quotes.
    Quotes(Vec<Arc<QuoteData>>),
    /// Everything.
    Snapshot(Box<Snapshot>),
    /// Gateways.
    Gateways(Vec<Arc<GatewayInfo>>),
    /// What new orders may do.
    TradingState(TradingState),
    /// It could not be done whole, and what came of it.
    Failed(String),
}

/// All that the engine knows, as it stands between two turns. Rows are in the order in which they were first seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// What new orders may do.
    pub trading_state: TradingState,
    /// Gateways, in the order of the configuration.
    pub gateways: Vec<Arc<GatewayInfo>>,
    /// Contracts.
    pub contracts: Vec<Arc<ContractData>>,
    /// Accounts.
    pub accounts: Vec<Arc<AccountData>>,
    /// Positions.
    pub positions: Vec<Arc<PositionData>>,
    /// Orders.
    pub orders: Vec<Arc<OrderData>>,
    /// Fills.
    pub trades: Vec<Arc<TradeData>>,
    /// Two-sided quotes.
    pub quotes: Vec<Arc<QuoteData>>,
    /// Newest tick of each instrument.
    pub ticks: Vec<Arc<TickData>>,
}
