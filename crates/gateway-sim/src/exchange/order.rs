//! Orders, fills and quotes as the exchange keeps them, in ticks and steps.

use crate::instruments::{Ix, Steps, Ticks};
use crate::words::Refusal;
use domain::{Direction, Offset, OrderRequest, OrderType, QuoteRequest, Status, Text};

/// What an order does to the position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Opens.
    Open,
    /// Closes the other side.
    Close,
    /// Whatever the position makes of it.
    Net,
}

/// An order that was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Id within the gateway.
    pub id: Text,
    /// Instrument.
    pub instrument: Ix,
    /// Side.
    pub direction: Direction,
    /// How it is to be filled.
    pub kind: OrderType,
    /// As it was sent.
    pub offset: Offset,
    /// What it does to the position.
    pub effect: Effect,
    /// Limit or trigger price; 0 for a market order.
    pub price: Ticks,
    /// Ordered.
    pub volume: Steps,
    /// Traded so far.
    pub traded: Steps,
    /// Where it stands.
    pub status: Status,
    /// When it was taken, microseconds since 1970 UTC.
    pub at_us: i64,
    /// Who sent it.
    pub reference: Text,
    /// Why it was refused after it had been taken (a stop order without means when triggered).
    pub refusal: Option<Refusal>,
    /// Quote that it is a leg of.
    pub quote: Option<Text>,
    /// Order of arrival.
    pub seq: u64,
    /// Volume frozen of the earlier days' part of the other side.
    pub frozen_yd: Steps,
    /// Volume frozen of today's part of the other side.
    pub frozen_td: Steps,
    /// Money frozen.
    pub frozen: f64,
    /// Margin that one unit of the resting rest will bind.
    pub(crate) unit_margin: f64,
    /// Commission by the rates, before the least one is applied.
    pub fee_due: f64,
    /// Commission charged.
    pub fee_paid: f64,
}

impl Order {
    /// Volume that may still trade.
    pub fn rest(&self) -> Steps {
        self.volume - self.traded
    }
}

/// A fill.
#[derive(Clone, Debug, PartialEq)]
pub struct Fill {
    /// Id.
    pub id: u64,
    /// Order that was filled.
    pub order: Text,
    /// Instrument.
    pub instrument: Ix,
    /// Side.
    pub direction: Direction,
    /// As the order had it.
    pub offset: Offset,
    /// Price.
    pub price: Ticks,
    /// Volume.
    pub volume: Steps,
    /// When, microseconds since 1970 UTC.
    pub at_us: i64,
}

/// An order that was not taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Id within the gateway.
    pub id: Text,
    /// As it was sent.
    pub request: OrderRequest,
    /// Why not.
    pub refusal: Refusal,
    /// When, microseconds since 1970 UTC.
    pub at_us: i64,
}

/// A two-sided quote; its legs are orders of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// Id within the gateway.
    pub id: Text,
    /// As it was sent.
    pub request: QuoteRequest,
    /// When it was taken, microseconds since 1970 UTC.
    pub at_us: i64,
    /// Where it stands.
    pub status: Status,
    /// Status and traded volume of the bid's and the ask's order.
    pub legs: [(Status, Steps); 2],
}

impl Quote {
    /// Ids of the bid's and the ask's order.
    pub fn leg_ids(&self) -> [Text; 2] {
        [leg_id(&self.id, 0), leg_id(&self.id, 1)]
    }

    /// The status that the legs make together.
    pub(crate) fn status_of_legs(&self) -> Status {
        let [bid, ask] = self.legs;
        let any = |status: Status| bid.0 == status || ask.0 == status;
        let both = |status: Status| bid.0 == status && ask.0 == status;
        let traded = bid.1 + ask.1 > 0;
        if both(Status::AllTraded) {
            Status::AllTraded
        } else if bid.0.is_active() || ask.0.is_active() {
            if traded { Status::PartTraded } else { Status::NotTraded }
        } else if both(Status::Rejected) || (any(Status::Rejected) && !traded) {
            Status::Rejected
        } else {
            Status::Cancelled
        }
    }
}

/// Id of a quote's bid (0) or ask (1) order.
pub(crate) fn leg_id(quote: &str, leg: usize) -> Text {
    Text::from(format!("{quote}{}", ["B", "A"][leg]))
}
