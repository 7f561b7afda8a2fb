//! What a user asks of a gateway (`vnpy.trader.object`'s requests).

use crate::{
    Attributes, DateTime, Direction, Exchange, Interval, NumberForms, Offset, OrderData, OrderType, Status, Text,
    VtOrderId, VtSymbol,
};

/// Asks for an instrument's ticks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SubscribeRequest {
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
}

/// Sends an order.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderRequest {
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
    /// Side.
    pub direction: Direction,
    /// How it is to be filled.
    pub order_type: OrderType,
    /// Volume in lots or shares.
    pub volume: f64,
    /// Limit or trigger price; 0 for a market order.
    pub price: f64,
    /// Opens or closes.
    pub offset: Offset,
    /// Who sends it.
    pub reference: Text,
    /// How volume and price, in this order, stood on the wire: a price that was left out is VeighNa's int 0.
    pub forms: NumberForms,
}

/// Cancels an order or a quote.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CancelRequest {
    /// Id within the gateway.
    pub orderid: Text,
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
}

/// Asks for bars.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryRequest {
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
    /// Begin of the first bar wanted.
    pub start: DateTime,
    /// Begin of the last bar wanted; now where absent.
    pub end: Option<DateTime>,
    /// Length of the bars.
    pub interval: Option<Interval>,
}

/// Sends a two-sided quote.
#[derive(Clone, Debug, PartialEq)]
pub struct QuoteRequest {
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
    /// What is bid.
    pub bid: crate::QuoteSide,
    /// What is asked.
    pub ask: crate::QuoteSide,
    /// Who sends it.
    pub reference: Text,
}

impl SubscribeRequest {
    /// Instrument.
    pub fn vt_symbol(&self) -> VtSymbol {
        VtSymbol::new(&self.symbol, self.exchange)
    }
}

impl OrderRequest {
    /// Instrument.
    pub fn vt_symbol(&self) -> VtSymbol {
        VtSymbol::new(&self.symbol, self.exchange)
    }

    /// The order that this request becomes before its venue has answered (VeighNa's `create_order_data`).
    pub fn to_order(&self, orderid: &str, gateway_name: &str) -> OrderData {
        let mut forms = NumberForms::default();
        for (field, of_order) in [(0, 1), (1, 0)] {
            if self.forms.is_int(field) {
                forms.set_int(of_order);
            }
        }
        OrderData {
            gateway_name: Text::new(gateway_name),
            symbol: self.symbol.clone(),
            exchange: self.exchange,
            orderid: Text::new(orderid),
            order_type: self.order_type,
            direction: Some(self.direction),
            offset: self.offset,
            price: self.price,
            volume: self.volume,
            traded: 0.0,
            status: Status::Submitting,
            datetime: None,
            reference: self.reference.clone(),
            vt_symbol: self.vt_symbol(),
            vt_orderid: VtOrderId::new(gateway_name, orderid),
            forms,
            attributes: Attributes::default(),
        }
    }
}
