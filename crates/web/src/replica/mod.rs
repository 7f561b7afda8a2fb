//! The local copy of what the trading process knows. Pure: everything that happens to it is an [`Input`].
//!
//! `GET`s read it, so that they never cost the trading process anything. It is filled by the one recovery path:
//! [`Input::Subscribed`], events (kept aside), [`Input::Snapshot`], the events kept aside, then live. Lost contact
//! starts it over; nothing is patched.
//!
//! Always true: no reader sees half a snapshot; while syncing for the second time readers see the old state, marked
//! as such; an order's reference stays, even where a gateway blanks it in later updates.

mod bars;
mod check;
mod fact;
mod logs;
mod sync;
mod table;

pub use bars::{LiveBars, Newest};
pub use check::Findings;
pub use fact::Fact;
pub use logs::{LOGS_MAX, Logs};
pub use sync::{EVENTS_ASIDE_MAX, Snapshot};
pub use table::{CHUNK_ROWS, Chunk, Table};

use domain::{
    AccountData, ContractData, GatewayInfo, OrderData, PositionData, QuoteData, Text, TickData, TradeData,
    TradingState, VtAccountId, VtOrderId, VtPositionId, VtQuoteId, VtSymbol, VtTradeId,
};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

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
    /// Minutes made of them.
    pub bars: LiveBars,
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
    /// Two-sided quotes.
    pub quotes: Table<VtQuoteId, QuoteData>,
    /// Gateways, where the trading process tells them.
    pub gateways: Table<Text, GatewayInfo>,
    /// Newest lines of the log.
    pub logs: Logs,
    /// What new orders may do, where the trading process itself enforces it.
    pub trading_state: Option<TradingState>,
    aside: sync::Aside,
    suspects: check::Suspects,
}

/// What can happen to the copy.
#[derive(Debug)]
pub enum Input {
    /// Events arrive from now on; a snapshot is being taken.
    Subscribed,
    /// Something happened in the trading process.
    Fact(Fact),
    /// What the trading process held at one moment after `Subscribed`.
    Snapshot(Box<Snapshot>),
    /// What the trading process holds of what is small; compared, not believed at once.
    Check(Findings),
    /// Contact was lost.
    Lost,
}

/// What the copy asks for.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Readers are to be told this.
    Tell(Fact),
    /// Everything was read anew: what readers were told before does not lead to what is here now.
    Reset,
    /// Something was missed: start over with `Subscribed` and a snapshot.
    Resync {
        /// Facts known to have been missed; there may be more.
        missed: u64,
    },
}

impl Replica {
    /// The one door.
    pub fn apply(&mut self, input: Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Subscribed => {
                self.aside = sync::Aside::default();
                self.aside.open();
                self.link = match self.link {
                    Link::Connecting | Link::Syncing | Link::Stale => Link::Syncing,
                    // A refresh: the copy goes on following meanwhile.
                    Link::Live => Link::Live,
                };
            }
            Input::Fact(fact) => self.on_fact(fact, effects),
            Input::Snapshot(snapshot) => {
                self.on_snapshot(*snapshot);
                effects.push(Effect::Reset);
            }
            Input::Check(findings) => self.on_check(findings, effects),
            Input::Lost => {
                self.link = match self.link {
                    Link::Connecting => Link::Connecting,
                    Link::Syncing | Link::Live | Link::Stale => Link::Stale,
                };
                self.aside = sync::Aside::default();
                self.suspects.clear();
                self.bars.interrupt();
            }
        }
    }

    fn on_fact(&mut self, fact: Fact, effects: &mut Vec<Effect>) {
        let fact = self.with_reference(fact);
        if self.aside.is_open() {
            if self.aside.push(fact.clone()).is_err() {
                effects.push(Effect::Resync { missed: 0 });
            }
            // A copy that is refreshed while it is live goes on following.
            if self.link == Link::Live {
                self.put(fact.clone());
            }
        } else if self.link == Link::Live {
            self.put(fact.clone());
        }
        effects.push(Effect::Tell(fact));
    }

    fn put(&mut self, fact: Fact) {
        match fact {
            Fact::Tick(row) => {
                self.bars.push(&row);
                self.ticks.insert(row.vt_symbol.clone(), row);
            }
            Fact::Order(row) => self.orders.insert(row.vt_orderid.clone(), row),
            Fact::Trade(row) => self.trades.insert((row.vt_tradeid.clone(), row.vt_orderid.clone()), row),
            Fact::Position(row) => self.positions.insert(row.vt_positionid.clone(), row),
            Fact::Account(row) => self.accounts.insert(row.vt_accountid.clone(), row),
            Fact::Contract(row) => self.contracts.insert(row.vt_symbol.clone(), row),
            Fact::Quote(row) => self.quotes.insert(row.vt_quoteid.clone(), row),
            Fact::Log(row) => self.logs.push(row),
            Fact::Gateway(row) => self.gateways.insert(row.name.clone(), row),
            Fact::TradingState(state) => self.trading_state = Some(state),
        }
    }

    /// VeighNa's CTP gateway sends the reference once and blanks it in every later update.
    fn with_reference(&self, fact: Fact) -> Fact {
        let Fact::Order(order) = &fact else { return fact };
        if !order.reference.is_empty() {
            return fact;
        }
        let known = self.aside.order(&order.vt_orderid).or_else(|| self.orders.get(&order.vt_orderid));
        match known {
            Some(known) if !known.reference.is_empty() => {
                let mut patched = OrderData::clone(order);
                patched.reference = known.reference.clone();
                Fact::Order(Arc::new(patched))
            }
            _ => fact,
        }
    }
}

/// The copy as it is shared between its one writer and all requests.
#[derive(Debug, Default)]
pub struct Shared(RwLock<Replica>);

impl Shared {
    /// Reads. Keep it short: the writer waits.
    pub fn read(&self) -> RwLockReadGuard<'_, Replica> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes.
    pub fn write(&self) -> RwLockWriteGuard<'_, Replica> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
