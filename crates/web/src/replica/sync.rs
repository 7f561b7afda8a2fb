//! The snapshot, and the events that arrive while it is taken.

use super::{Fact, Link, Replica};
use domain::status::{self, Step};
use domain::{
    AccountData, ContractData, GatewayInfo, LogData, OrderData, PositionData, QuoteData, TickData, TradeData,
    TradingState, VtOrderId, VtSymbol,
};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::Arc;

/// Facts kept aside while a snapshot is taken; more mean that the snapshot takes too long, and it is begun again.
/// Ticks are merged per instrument and need no bound of their own.
pub const EVENTS_ASIDE_MAX: usize = 200_000;

/// What a trading process held.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// Contracts.
    pub contracts: Vec<ContractData>,
    /// Accounts.
    pub accounts: Vec<AccountData>,
    /// Positions.
    pub positions: Vec<PositionData>,
    /// Orders.
    pub orders: Vec<OrderData>,
    /// Fills.
    pub trades: Vec<TradeData>,
    /// Newest ticks.
    pub ticks: Vec<Box<TickData>>,
    /// Two-sided quotes; `None` where the trading process cannot list them: those that were told are kept then.
    pub quotes: Option<Vec<QuoteData>>,
    /// Gateways, where the trading process tells them.
    pub gateways: Vec<GatewayInfo>,
    /// Its backlog of log lines, oldest first, where it tells one.
    pub logs: Vec<Arc<LogData>>,
    /// What new orders may do, where it enforces that.
    pub trading_state: Option<TradingState>,
}

/// Events kept aside.
#[derive(Debug, Default)]
pub(super) struct Aside {
    open: bool,
    facts: VecDeque<Fact>,
    ticks: FxHashMap<VtSymbol, Arc<TickData>>,
    orders: FxHashMap<VtOrderId, Arc<OrderData>>,
}

impl Aside {
    pub(super) fn open(&mut self) {
        self.open = true;
    }

    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    pub(super) fn order(&self, id: &VtOrderId) -> Option<&Arc<OrderData>> {
        self.orders.get(id)
    }

    pub(super) fn push(&mut self, fact: Fact) -> Result<(), ()> {
        match fact {
            Fact::Tick(tick) => {
                self.ticks.insert(tick.vt_symbol.clone(), tick);
                return Ok(());
            }
            Fact::Order(ref order) => {
                self.orders.insert(order.vt_orderid.clone(), Arc::clone(order));
            }
            Fact::Trade(_)
            | Fact::Position(_)
            | Fact::Account(_)
            | Fact::Contract(_)
            | Fact::Quote(_)
            | Fact::Log(_)
            | Fact::Gateway(_)
            | Fact::TradingState(_) => {}
        }
        if self.facts.len() >= EVENTS_ASIDE_MAX {
            return Err(());
        }
        self.facts.push_back(fact);
        Ok(())
    }
}

impl Replica {
    pub(super) fn on_snapshot(&mut self, snapshot: Snapshot) {
        let references: FxHashMap<VtOrderId, Arc<OrderData>> = self
            .orders
            .rows()
            .filter(|o| !o.reference.is_empty())
            .map(|o| (o.vt_orderid.clone(), Arc::clone(o)))
            .collect();
        let Snapshot { contracts, accounts, positions, orders, trades, ticks, quotes, gateways, logs, trading_state } =
            snapshot;
        if let Some(quotes) = quotes {
            self.quotes.replace(quotes.into_iter().map(|row| (row.vt_quoteid.clone(), Arc::new(row))));
        }
        self.gateways.replace(gateways.into_iter().map(|row| (row.name.clone(), Arc::new(row))));
        self.logs.take_over(logs);
        self.trading_state = trading_state;
        self.contracts.replace(contracts.into_iter().map(|row| (row.vt_symbol.clone(), Arc::new(row))));
        self.accounts.replace(accounts.into_iter().map(|row| (row.vt_accountid.clone(), Arc::new(row))));
        self.positions.replace(positions.into_iter().map(|row| (row.vt_positionid.clone(), Arc::new(row))));
        self.trades
            .replace(trades.into_iter().map(|row| ((row.vt_tradeid.clone(), row.vt_orderid.clone()), Arc::new(row))));
        ticks.iter().for_each(|row| self.bars.push(row));
        self.ticks.replace(ticks.into_iter().map(|row| (row.vt_symbol.clone(), Arc::from(row))));
        self.orders.replace(orders.into_iter().map(|mut row| {
            if row.reference.is_empty()
                && let Some(known) = references.get(&row.vt_orderid)
            {
                row.reference = known.reference.clone();
            }
            (row.vt_orderid.clone(), Arc::new(row))
        }));
        let Aside { facts, ticks, .. } = std::mem::take(&mut self.aside);
        for fact in facts.into_iter().chain(ticks.into_values().map(Fact::Tick)) {
            if self.is_news(&fact) {
                let fact = self.with_reference(fact);
                self.put(fact);
            }
        }
        self.bars.mark();
        self.suspects.clear();
        self.link = Link::Live;
    }

    /// Whether a fact that came while the snapshot was taken tells more than the snapshot does. The snapshot may
    /// hold later states; what led to them is still among the facts, so nothing is lost by dropping earlier ones.
    fn is_news(&self, fact: &Fact) -> bool {
        match fact {
            Fact::Order(order) => self.orders.get(&order.vt_orderid).is_none_or(|known| {
                status::step(known.status, order.status) == Step::Apply && order.traded >= known.traded
            }),
            Fact::Tick(tick) => {
                self.ticks.get(&tick.vt_symbol).is_none_or(|known| match (&known.datetime, &tick.datetime) {
                    (Some(known), Some(new)) => new.unix_micros() >= known.unix_micros(),
                    (None, _) | (_, None) => true,
                })
            }
            Fact::Quote(quote) => self
                .quotes
                .get(&quote.vt_quoteid)
                .is_none_or(|known| status::step(known.status, quote.status) == Step::Apply),
            Fact::Trade(_)
            | Fact::Position(_)
            | Fact::Account(_)
            | Fact::Contract(_)
            | Fact::Log(_)
            | Fact::Gateway(_)
            | Fact::TradingState(_) => true,
        }
    }
}
