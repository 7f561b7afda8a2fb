//! Everything that can happen to the engine.

use domain::{
    AccountData, BarData, CancelRequest, ContractData, GatewayInfo, HistoryRequest, LogData, OrderData, OrderRequest,
    PositionData, QuoteData, QuoteRequest, SubscribeRequest, Text, TickData, TradeData, TradingState,
};
use std::sync::Arc;

/// Tells the answers to commands apart; chosen by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token(pub u64);

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A gateway told of an instrument.
    Contract(Arc<ContractData>),
    /// A market moved.
    Tick(Arc<TickData>),
    /// A venue told of an order.
    Order(Arc<OrderData>),
    /// A venue told of a fill.
    Trade(Arc<TradeData>),
    /// A venue told of a position.
    Position(Arc<PositionData>),
    /// A venue told of an account.
    Account(Arc<AccountData>),
    /// A venue told of a quote.
    Quote(Arc<QuoteData>),
    /// Somebody has a line for the log.
    Log(Arc<LogData>),
    /// A venue answered a history query.
    History {
        /// Of the command.
        token: Token,
        /// Bars, or why there are none.
        bars: Result<Vec<BarData>, String>,
    },
    /// A gateway's session is another one now, or its form.
    Gateway(Arc<GatewayInfo>),
    /// Another second has passed.
    Timer,
    /// Somebody asks for something.
    Command {
        /// Comes back in the answer.
        token: Token,
        /// What is asked.
        command: Command,
    },
}

/// What can be asked of the engine.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Ticks of an instrument.
    Subscribe {
        /// Which.
        request: SubscribeRequest,
        /// Through which gateway.
        gateway: Text,
    },
    /// A new order.
    SendOrder {
        /// The order.
        request: OrderRequest,
        /// Through which gateway.
        gateway: Text,
    },
    /// The end of an order.
    CancelOrder {
        /// Which.
        request: CancelRequest,
        /// Through which gateway.
        gateway: Text,
    },
    /// A new two-sided quote.
    SendQuote {
        /// The quote.
        request: QuoteRequest,
        /// Through which gateway.
        gateway: Text,
    },
    /// The end of a quote.
    CancelQuote {
        /// Which; `orderid` is the quote's id.
        request: CancelRequest,
        /// Through which gateway.
        gateway: Text,
    },
    /// Bars from a venue.
    QueryHistory {
        /// Which.
        request: HistoryRequest,
        /// Through which gateway.
        gateway: Text,
    },
    /// What new orders may do from now on. Cancels always pass.
    SetTradingState(TradingState),
    /// A look into the books.
    Query(Query),
}

/// A look into the books; ids are VeighNa's `vt_…` ids.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// Newest tick of an instrument.
    Tick(Text),
    /// An order.
    Order(Text),
    /// A fill.
    Trade(Text),
    /// A position.
    Position(Text),
    /// An account.
    Account(Text),
    /// A contract.
    Contract(Text),
    /// All newest ticks.
    Ticks,
    /// All orders.
    Orders,
    /// All orders that may still trade.
    ActiveOrders,
    /// All fills.
    Trades,
    /// All positions.
    Positions,
    /// All accounts.
    Accounts,
    /// All contracts.
    Contracts,
    /// A two-sided quote.
    Quote(Text),
    /// All two-sided quotes.
    Quotes,
    /// All gateways.
    Gateways,
    /// What new orders may do.
    TradingState,
    /// Everything, of one moment.
    Snapshot,
}
