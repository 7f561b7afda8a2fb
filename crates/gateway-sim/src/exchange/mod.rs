//! The exchange itself: one door, [`Exchange::step`], through which everything happens to it.
//!
//! Pure: the moment comes in as an argument, prices come in as inputs, what it has to say goes out as outputs.
//! `matching` decides what trades, `ledger` what that costs; this module holds their state together.
//!
//! Always true after a step: what is frozen is the sum over the orders at work; what is held is the sum of the
//! fills; a fill took no more than the newest book had left.

mod day;
mod order;
mod quotes;
mod saved;

pub use order::{Effect, Fill, Order, Quote, Refused};
pub use saved::{Saved, SavedPosition};

use crate::instruments::{Currency, Instrument, Ix, Steps, Ticks};
use crate::ledger::{Account, Ledger, Position};
use crate::market::{Book, Snapshot};
use crate::matching::Resting;
use crate::words::Note;
use domain::{Direction, OrderRequest, QuoteRequest, Text, VtSymbol};
use rustc_hash::FxHashMap;

/// All that can happen to the exchange.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A new market state of one instrument.
    Market(Ix, Box<Snapshot>),
    /// A new order.
    Order(Text, OrderRequest),
    /// Cancels an order.
    Cancel(Text),
    /// A new quote.
    Quote(Text, QuoteRequest),
    /// Cancels what is left of a quote.
    CancelQuote(Text),
    /// Tells positions and accounts whose floating profit has changed.
    Profit,
    /// Ends a day and begins the one of this number.
    Settle(i64),
    /// Ends an instrument: its position is settled in cash at its last price.
    Expire(Ix),
}

/// All that the exchange says.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// An instrument's market has changed.
    Tick(Ix),
    /// An order's new state.
    Order(Box<Order>),
    /// An order was not taken.
    Refused(Box<Refused>),
    /// A fill.
    Trade(Box<Fill>),
    /// A position has changed; `true` if more than its valuation.
    Position(Ix, Direction, bool),
    /// An account has changed; `true` if more than its valuation.
    Account(Currency, bool),
    /// A quote's new state.
    Quote(Box<Quote>),
    /// A line for the log.
    Note(Note),
}

/// One instrument's place in the exchange.
#[derive(Debug, Default)]
pub(crate) struct Floor {
    pub(crate) snapshot: Snapshot,
    /// What is left of the newest book.
    pub(crate) book: Book,
    pub(crate) open: bool,
    pub(crate) expired: bool,
    pub(crate) bids: Resting,
    pub(crate) asks: Resting,
    pub(crate) stops: Vec<Text>,
    pub(crate) netting: Netting,
    pub(crate) underlying: Option<Ix>,
}

/// Orders at work on an instrument that nets: what they add up to, and what is frozen for them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Netting {
    pub(crate) buys: Steps,
    /// Ticks times steps, exact.
    pub(crate) buy_value: i128,
    pub(crate) sells: Steps,
    pub(crate) sell_value: i128,
    pub(crate) frozen: f64,
}

/// The exchange.
#[derive(Debug)]
pub struct Exchange {
    pub(crate) instruments: Vec<Instrument>,
    pub(crate) by_symbol: FxHashMap<VtSymbol, Ix>,
    pub(crate) floors: Vec<Floor>,
    pub(crate) working: FxHashMap<Text, Order>,
    pub(crate) quotes: FxHashMap<Text, Quote>,
    pub(crate) ledger: Ledger,
    pub(crate) day: i64,
    pub(crate) next_trade: u64,
    pub(crate) next_seq: u64,
}

impl Exchange {
    /// An exchange without instruments on that day; the deposits are in the order of [`Currency::ALL`].
    pub fn new(day: i64, deposits: [f64; 3]) -> Exchange {
        Exchange {
            instruments: Vec::new(),
            by_symbol: FxHashMap::default(),
            floors: Vec::new(),
            working: FxHashMap::default(),
            quotes: FxHashMap::default(),
            ledger: Ledger::new(deposits),
            day,
            next_trade: 1,
            next_seq: 1,
        }
    }

    /// Lists instruments that are not listed yet; returns the places of the new ones.
    pub fn list(&mut self, instruments: impl IntoIterator<Item = Instrument>) -> std::ops::Range<Ix> {
        let first = self.instruments.len();
        for instrument in instruments {
            if self.by_symbol.contains_key(&instrument.vt_symbol)
                || self.instruments.len() >= crate::limits::INSTRUMENTS
            {
                continue;
            }
            self.by_symbol.insert(instrument.vt_symbol.clone(), self.instruments.len());
            self.instruments.push(instrument);
            self.floors.push(Floor::default());
        }
        for ix in first..self.instruments.len() {
            self.floors[ix].underlying = self.underlying_of(ix);
        }
        self.ledger.extend(self.instruments.len());
        first..self.instruments.len()
    }

    /// Lets one thing happen.
    pub fn step(&mut self, now_us: i64, input: Input, out: &mut Vec<Output>) {
        match input {
            Input::Market(ix, snapshot) => self.market_moves(now_us, ix, *snapshot, out),
            Input::Order(id, request) => self.take_order(now_us, id, &request, out),
            Input::Cancel(id) => self.cancel(&id, out),
            Input::Quote(id, request) => self.take_quote(now_us, id, request, out),
            Input::CancelQuote(id) => self.cancel_quote(&id, out),
            Input::Profit => self.tell_profit(out),
            Input::Settle(day) => self.settle(day, out),
            Input::Expire(ix) => self.expire(now_us, ix, out),
        }
    }

    /// The listed instruments.
    pub fn instruments(&self) -> &[Instrument] {
        &self.instruments
    }

    /// The place of an instrument.
    pub fn find(&self, vt_symbol: &VtSymbol) -> Option<Ix> {
        self.by_symbol.get(vt_symbol).copied()
    }

    /// An instrument's newest market.
    pub fn snapshot(&self, ix: Ix) -> &Snapshot {
        &self.floors[ix].snapshot
    }

    /// What is left of an instrument's newest book.
    pub fn book(&self, ix: Ix) -> &Book {
        &self.floors[ix].book
    }

    /// Whether an instrument has had a price.
    pub fn has_market(&self, ix: Ix) -> bool {
        self.floors[ix].open
    }

    /// A position.
    pub fn position(&self, ix: Ix) -> &Position {
        self.ledger.position(ix)
    }

    /// An account.
    pub fn account(&self, currency: Currency) -> &Account {
        self.ledger.account(currency)
    }

    /// Orders at work, in no order.
    pub fn working(&self) -> impl Iterator<Item = &Order> {
        self.working.values()
    }

    /// Money frozen for orders of netting instruments, which are frozen for together.
    #[cfg(test)]
    pub(crate) fn netting_frozen(&self) -> f64 {
        self.floors.iter().map(|floor| floor.netting.frozen).sum()
    }

    /// Number of the running trading day.
    pub fn day(&self) -> i64 {
        self.day
    }

    /// Number that the next fill gets.
    pub fn next_trade(&self) -> u64 {
        self.next_trade
    }

    /// What an option is on.
    pub fn underlying(&self, ix: Ix) -> Option<Ix> {
        self.floors[ix].underlying
    }

    /// Instruments whose last trading day is over and that are not closed yet.
    pub fn ended(&self, now_us: i64) -> Vec<Ix> {
        let over = |ix: &Ix| self.instruments[*ix].expiry_us.is_some_and(|end| end <= now_us);
        (0..self.instruments.len()).filter(over).filter(|ix| !self.floors[*ix].expired).collect()
    }

    /// Instruments that must have a market whoever watches: those with a position or an order, and what their
    /// options are on.
    pub fn engaged(&self) -> Vec<Ix> {
        let mut all: Vec<Ix> = (0..self.instruments.len()).filter(|ix| !self.ledger.position(*ix).is_flat()).collect();
        all.extend(self.working.values().map(|order| order.instrument));
        let under: Vec<Ix> = all.iter().filter_map(|ix| self.floors[*ix].underlying).collect();
        all.extend(under);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// What an option's underlying trades at; its strike while that is unknown, 0 where there is no underlying.
    pub(crate) fn under_price(&self, ix: Ix) -> f64 {
        let known = self.floors[ix].underlying.filter(|under| self.floors[*under].open);
        match known {
            Some(under) => self.instruments[under].price(self.floors[under].snapshot.mark()),
            None => self.instruments[ix].option.as_ref().map_or(0.0, |terms| terms.strike),
        }
    }

    pub(crate) fn mark(&self, ix: Ix) -> Ticks {
        self.floors[ix].snapshot.mark()
    }

    /// Values one position at the newest price.
    pub(crate) fn value(&mut self, ix: Ix) {
        let (mark, under) = (self.mark(ix), self.under_price(ix));
        self.ledger.value(&self.instruments[ix], ix, mark, under);
    }

    /// Tells one side of a position, or its net.
    pub(crate) fn tell_position(&self, ix: Ix, direction: Direction, out: &mut Vec<Output>) {
        let direction = if self.instruments[ix].nets() { Direction::Net } else { direction };
        out.push(Output::Position(ix, direction, true));
    }

    fn tell_profit(&mut self, out: &mut Vec<Output>) {
        let mut touched = [false; 3];
        for ix in 0..self.instruments.len() {
            let nets = self.instruments[ix].nets();
            let position = self.ledger.position_mut(ix);
            if !std::mem::take(&mut position.stale) {
                continue;
            }
            touched[self.instruments[ix].currency as usize] = true;
            if nets {
                out.push(Output::Position(ix, Direction::Net, false));
                continue;
            }
            for (side, direction) in [(position.long, Direction::Long), (position.short, Direction::Short)] {
                if side.volume() > 0 {
                    out.push(Output::Position(ix, direction, false));
                }
            }
        }
        for currency in Currency::ALL.into_iter().filter(|currency| touched[*currency as usize]) {
            out.push(Output::Account(currency, false));
        }
    }

    fn underlying_of(&self, ix: Ix) -> Option<Ix> {
        let instrument = &self.instruments[ix];
        let terms = instrument.option.as_ref()?;
        self.find(&VtSymbol::new(&terms.underlying, instrument.exchange))
    }
}

#[cfg(test)]
mod tests;
