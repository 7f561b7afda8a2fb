//! Orders, trades, positions, accounts, quotes and log lines (`vnpy.trader.object`).

use crate::{
    Attributes, CancelRequest, DateTime, Direction, Exchange, NumberForms, Offset, OrderType, Status, Text,
    VtAccountId, VtOrderId, VtPositionId, VtQuoteId, VtSymbol, VtTradeId,
};

/// An order as its venue last told it.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderData {
    /// Gateway that it was sent through.
    pub gateway_name: Text,
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
    /// Id within the gateway; never has a dot.
    pub orderid: Text,
    /// How it is to be filled.
    pub order_type: OrderType,
    /// Side.
    pub direction: Option<Direction>,
    /// Opens or closes.
    pub offset: Offset,
    /// Limit or trigger price; 0 for a market order.
    pub price: f64,
    /// Volume ordered, in lots or shares.
    pub volume: f64,
    /// Volume traded so far.
    pub traded: f64,
    /// Where it stands.
    pub status: Status,
    /// When the venue took it.
    pub datetime: Option<DateTime>,
    /// Who sent it; some gateways blank it in later updates.
    pub reference: Text,
    /// Instrument.
    pub vt_symbol: VtSymbol,
    /// Id over all gateways.
    pub vt_orderid: VtOrderId,
    /// How the numbers stood on the wire, in the order of [`OrderData::NUMBERS`].
    pub forms: NumberForms,
    /// What else was set on it.
    pub attributes: Attributes,
}

impl OrderData {
    /// The numeric fields in dataclass order; the index is the bit in [`OrderData::forms`].
    pub const NUMBERS: [&'static str; 3] = ["price", "volume", "traded"];

    /// Whether it may still trade.
    pub fn is_active(&self) -> bool {
        self.status.is_active()
    }

    /// Volume that may still trade.
    pub fn remaining(&self) -> f64 {
        self.volume - self.traded
    }

    /// The request that cancels it.
    pub fn cancel_request(&self) -> CancelRequest {
        CancelRequest { orderid: self.orderid.clone(), symbol: self.symbol.clone(), exchange: self.exchange }
    }
}

/// One fill of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct TradeData {
    /// Gateway that it came through.
    pub gateway_name: Text,
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
    /// Order that was filled.
    pub orderid: Text,
    /// Id of the fill; shared by both legs of a trade with oneself.
    pub tradeid: Text,
    /// Side.
    pub direction: Option<Direction>,
    /// Opened or closed.
    pub offset: Offset,
    /// Price.
    pub price: f64,
    /// Volume, in lots or shares.
    pub volume: f64,
    /// When it traded.
    pub datetime: Option<DateTime>,
    /// Instrument.
    pub vt_symbol: VtSymbol,
    /// Order over all gateways.
    pub vt_orderid: VtOrderId,
    /// Fill over all gateways.
    pub vt_tradeid: VtTradeId,
    /// How the numbers stood on the wire, in the order of [`TradeData::NUMBERS`].
    pub forms: NumberForms,
    /// What else was set on it.
    pub attributes: Attributes,
}

impl TradeData {
    /// The numeric fields in dataclass order; the index is the bit in [`TradeData::forms`].
    pub const NUMBERS: [&'static str; 2] = ["price", "volume"];
}

/// A position of one side of one instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct PositionData {
    /// Gateway whose account holds it.
    pub gateway_name: Text,
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
    /// Side.
    pub direction: Direction,
    /// Volume held; negative for a short net position.
    pub volume: f64,
    /// Volume bound by closing orders.
    pub frozen: f64,
    /// Average price.
    pub price: f64,
    /// Floating profit in currency.
    pub pnl: f64,
    /// Part of the volume that is from earlier days.
    pub yd_volume: f64,
    /// Instrument.
    pub vt_symbol: VtSymbol,
    /// Id; carries the side in the sender's language.
    pub vt_positionid: VtPositionId,
    /// How the numbers stood on the wire, in the order of [`PositionData::NUMBERS`].
    pub forms: NumberForms,
    /// What else was set on it.
    pub attributes: Attributes,
}

impl PositionData {
    /// The numeric fields in dataclass order; the index is the bit in [`PositionData::forms`].
    pub const NUMBERS: [&'static str; 5] = ["volume", "frozen", "price", "pnl", "yd_volume"];
}

/// Money of one account.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountData {
    /// Gateway that it is with.
    pub gateway_name: Text,
    /// Id with the broker.
    pub accountid: Text,
    /// Equity, in currency.
    pub balance: f64,
    /// Bound by orders (and, with many gateways, margin).
    pub frozen: f64,
    /// Free to use; balance less frozen unless the gateway says otherwise.
    pub available: f64,
    /// Id over all gateways.
    pub vt_accountid: VtAccountId,
    /// How the numbers stood on the wire, in the order of [`AccountData::NUMBERS`].
    pub forms: NumberForms,
    /// What else was set on it.
    pub attributes: Attributes,
}

impl AccountData {
    /// The numeric fields in order; the index is the bit in [`AccountData::forms`].
    pub const NUMBERS: [&'static str; 3] = ["balance", "frozen", "available"];
}

/// A two-sided quote of a market maker.
#[derive(Clone, Debug, PartialEq)]
pub struct QuoteData {
    /// Gateway that it was sent through.
    pub gateway_name: Text,
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
    /// Id within the gateway.
    pub quoteid: Text,
    /// Price and volume bid.
    pub bid: QuoteSide,
    /// Price and volume asked.
    pub ask: QuoteSide,
    /// Where it stands.
    pub status: Status,
    /// When the venue took it.
    pub datetime: Option<DateTime>,
    /// Who sent it.
    pub reference: Text,
    /// Instrument.
    pub vt_symbol: VtSymbol,
    /// Id over all gateways.
    pub vt_quoteid: VtQuoteId,
    /// How the numbers stood on the wire: bid price, bid volume, ask price, ask volume.
    pub forms: NumberForms,
    /// What else was set on it.
    pub attributes: Attributes,
}

/// One side of a quote.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuoteSide {
    /// Price.
    pub price: f64,
    /// Volume.
    pub volume: f64,
    /// Opens or closes.
    pub offset: Offset,
}

/// A line of the log, as VeighNa's `eLog` carries it.
#[derive(Clone, Debug, PartialEq)]
pub struct LogData {
    /// Gateway or engine that wrote it.
    pub gateway_name: Text,
    /// Text.
    pub msg: String,
    /// Python's logging level: 10 debug, 20 info, 30 warning, 40 error, 50 critical.
    pub level: i32,
    /// When it was written; naive local time in VeighNa.
    pub time: Option<DateTime>,
}
