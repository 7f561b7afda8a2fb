//! The order book of record: the last state of everything, the active orders, and what positions allow.
//!
//! As VeighNa's `OmsEngine`, with two differences that keep money right: an order follows the transition table
//! of [`domain::status`], and its `reference` and time stay when a later report leaves them out.

use crate::Book;
use crate::exposure::Exposure;
use crate::place::signed;
use domain::offset::Converter;
use domain::reducing::judged_by_net;
use domain::status::{self, Step};
use domain::{
    AccountData, ContractData, Direction, Offset, OrderData, PositionData, QuoteData, Text, TickData, TradeData,
    VtAccountId, VtOrderId, VtPositionId, VtQuoteId, VtSymbol, VtTradeId,
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The books.
#[derive(Debug, Default)]
pub struct Oms {
    /// Newest tick of each instrument.
    pub ticks: Book<VtSymbol, TickData>,
    /// Orders.
    pub orders: Book<VtOrderId, OrderData>,
    /// Fills; one trade id stands on two orders when an account trades with itself.
    pub trades: Book<(VtTradeId, VtOrderId), TradeData>,
    /// Positions.
    pub positions: Book<VtPositionId, PositionData>,
    /// Accounts.
    pub accounts: Book<VtAccountId, AccountData>,
    /// Contracts.
    pub contracts: Book<VtSymbol, ContractData>,
    /// Two-sided quotes.
    pub quotes: Book<VtQuoteId, QuoteData>,
    active: FxHashMap<VtOrderId, Arc<OrderData>>,
    converters: FxHashMap<Text, Converter>,
    exposure: Exposure,
}

impl Oms {
    /// Takes a contract. The gateway's offset converter exists from its first contract on.
    pub(crate) fn on_contract(&mut self, contract: &Arc<ContractData>) {
        let converter = self.converters.entry(contract.gateway_name.clone()).or_default();
        converter.on_contract(&contract.vt_symbol, contract.net_position);
        self.contracts.put(&contract.vt_symbol, Arc::clone(contract));
    }

    /// Takes an order's report; answers the order as it now stands, or the step that forbids it.
    pub(crate) fn on_order(&mut self, now_us: i64, report: &Arc<OrderData>) -> Result<Arc<OrderData>, Step> {
        let order = match self.orders.get(&report.vt_orderid) {
            None => Arc::clone(report),
            Some(known) => {
                let order = merge(known, report)?;
                if order.traded > known.traded && self.counts_net(&known.gateway_name, &known.vt_symbol, known.offset) {
                    let told = || net(&self.positions, &known.gateway_name, &known.vt_symbol);
                    self.exposure.on_order(now_us, known, order.traded, told);
                }
                order
            }
        };
        if order.is_active() {
            self.active.insert(order.vt_orderid.clone(), Arc::clone(&order));
        } else {
            self.active.remove(&order.vt_orderid);
        }
        if let Some(converter) = self.converters.get_mut(&order.gateway_name) {
            converter.on_order(&order);
        }
        self.orders.put(&order.vt_orderid, Arc::clone(&order));
        Ok(order)
    }

    /// Takes a fill; answers whether it is new. A venue that replays its day must not count twice.
    pub(crate) fn on_trade(&mut self, now_us: i64, trade: &Arc<TradeData>) -> bool {
        let key = (trade.vt_tradeid.clone(), trade.vt_orderid.clone());
        let is_new = self.trades.get(&key).is_none();
        if is_new && let Some(converter) = self.converters.get_mut(&trade.gateway_name) {
            converter.on_trade(trade);
        }
        if is_new && self.counts_net(&trade.gateway_name, &trade.vt_symbol, trade.offset) {
            let order = self.orders.get(&trade.vt_orderid).map(Arc::as_ref);
            let told = || net(&self.positions, &trade.gateway_name, &trade.vt_symbol);
            self.exposure.on_fill(now_us, (&trade.vt_orderid, trade.volume), order, told);
        }
        self.trades.put(&key, Arc::clone(trade));
        is_new
    }

    /// Takes a position.
    pub(crate) fn on_position(&mut self, now_us: i64, position: &Arc<PositionData>) {
        if let Some(converter) = self.converters.get_mut(&position.gateway_name) {
            converter.on_position(position);
        }
        self.positions.put(&position.vt_positionid, Arc::clone(position));
        let (gateway, vt_symbol) = (&position.gateway_name, &position.vt_symbol);
        let told = || net(&self.positions, gateway, vt_symbol);
        let here = |order: &Arc<OrderData>| order.gateway_name == *gateway && order.vt_symbol == *vt_symbol;
        let quiet = || !self.active.values().any(here);
        self.exposure.on_position(now_us, (gateway, vt_symbol), told, quiet);
    }

    /// Orders that may still trade, in the order in which they were first seen.
    pub fn active_orders(&self) -> Vec<Arc<OrderData>> {
        let mut orders: Vec<_> = self.orders.rows().iter().filter(|order| order.is_active()).cloned().collect();
        debug_assert_eq!(orders.len(), self.active.len());
        orders.shrink_to_fit();
        orders
    }

    /// Number of orders that may still trade.
    pub fn active_count(&self) -> usize {
        self.active.len()
    }

    /// Whether that contract's positions net at that gateway, where it has told of the contract.
    pub fn nets(&self, gateway: &str, vt_symbol: &VtSymbol) -> Option<bool> {
        self.converters.get(gateway).and_then(|converter| converter.nets(vt_symbol))
    }

    /// Volume of a net position that an order of that direction would reduce, as far as it is certain.
    pub(crate) fn reducible(&self, now_us: i64, gateway: &Text, vt_symbol: &VtSymbol, direction: Direction) -> f64 {
        let told = net(&self.positions, gateway, vt_symbol);
        let (least, most) = self.exposure.held(now_us, gateway, vt_symbol, told);
        if direction == Direction::Long { -most } else { least }
    }

    /// Volume that what works in that direction may still trade.
    pub(crate) fn working(&self, gateway: &Text, vt_symbol: &VtSymbol, direction: Direction) -> f64 {
        let here = |order: &&Arc<OrderData>| order.gateway_name == *gateway && order.vt_symbol == *vt_symbol;
        let orders = self.exposure.working(direction, self.active.values().filter(here));
        let at_work = |quote: &&Arc<QuoteData>| {
            quote.status.is_active() && quote.gateway_name == *gateway && quote.vt_symbol == *vt_symbol
        };
        let side = |quote: &Arc<QuoteData>| match direction {
            Direction::Long => quote.bid.volume,
            Direction::Short | Direction::Net => quote.ask.volume,
        };
        orders + self.quotes.rows().iter().filter(at_work).map(side).sum::<f64>()
    }

    fn counts_net(&self, gateway: &str, vt_symbol: &VtSymbol, offset: Offset) -> bool {
        judged_by_net(self.nets(gateway, vt_symbol), offset)
    }

    /// The offset converter of a gateway, once it has told of a contract.
    pub fn converter(&self, gateway: &str) -> Option<&Converter> {
        self.converters.get(gateway)
    }
}

fn net(positions: &Book<VtPositionId, PositionData>, gateway: &str, vt_symbol: &VtSymbol) -> f64 {
    let of_place = |row: &&Arc<PositionData>| row.gateway_name == gateway && row.vt_symbol == *vt_symbol;
    positions.rows().iter().filter(of_place).map(|row| signed(row.direction, row.volume)).sum()
}

fn merge(known: &Arc<OrderData>, report: &Arc<OrderData>) -> Result<Arc<OrderData>, Step> {
    match status::step(known.status, report.status) {
        Step::Apply if report.traded < known.traded => return Err(Step::Stale),
        Step::Apply => {}
        verdict @ (Step::Stale | Step::Refused) => return Err(verdict),
    }
    let blank_reference = report.reference.is_empty() && !known.reference.is_empty();
    let blank_time = report.datetime.is_none() && known.datetime.is_some();
    if !blank_reference && !blank_time {
        return Ok(Arc::clone(report));
    }
    let mut order = OrderData::clone(report);
    if blank_reference {
        order.reference = known.reference.clone();
    }
    if blank_time {
        order.datetime = known.datetime.clone();
    }
    Ok(Arc::new(order))
}
