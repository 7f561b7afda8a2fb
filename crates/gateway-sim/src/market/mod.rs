//! Where prices come from: a generated market or recordings that are played again.
//!
//! Both make [`Snapshot`]s, in ticks and steps of their instrument; the exchange matches against the newest one
//! and knows nothing of its origin. Pure: the moment comes in as an argument, randomness from a seed.

pub(crate) mod generator;
pub(crate) mod replay;

use crate::instruments::{Steps, Ticks};
use domain::DEPTH;

/// One level of one side of the book; a volume of 0 means that there is no such level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Price.
    pub price: Ticks,
    /// Volume.
    pub volume: Steps,
}

/// The visible book, best first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Buyers.
    pub bids: [Row; DEPTH],
    /// Sellers.
    pub asks: [Row; DEPTH],
}

/// State of one instrument's market. Volume and turnover are those of the day so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The market's own time, microseconds since 1970 UTC.
    pub at_us: i64,
    /// The visible book.
    pub book: Book,
    /// Last price; 0 if nothing traded yet.
    pub last: Ticks,
    /// Volume of the last trade.
    pub last_volume: Steps,
    /// Volume of the day, in lots, shares or coins.
    pub volume: f64,
    /// Turnover of the day, in currency.
    pub turnover: f64,
    /// Open interest, in lots.
    pub open_interest: f64,
    /// First price of the day.
    pub open: Ticks,
    /// Highest price of the day.
    pub high: Ticks,
    /// Lowest price of the day.
    pub low: Ticks,
    /// Close of the day before.
    pub pre_close: Ticks,
    /// Highest price allowed; 0 for no limit.
    pub limit_up: Ticks,
    /// Lowest price allowed; 0 for no limit.
    pub limit_down: Ticks,
}

impl Book {
    /// Best bid, if there is one.
    pub fn bid(&self) -> Option<Ticks> {
        (self.bids[0].volume > 0).then_some(self.bids[0].price)
    }

    /// Best offer, if there is one.
    pub fn ask(&self) -> Option<Ticks> {
        (self.asks[0].volume > 0).then_some(self.asks[0].price)
    }
}

impl Snapshot {
    /// The price at which positions are valued: the last one, else the middle of the book, else the day before's.
    pub fn mark(&self) -> Ticks {
        if self.last > 0 {
            return self.last;
        }
        match (self.book.bid(), self.book.ask()) {
            (Some(bid), Some(ask)) => (bid + ask) / 2,
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => self.pre_close,
        }
    }
}
