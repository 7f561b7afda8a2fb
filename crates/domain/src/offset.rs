//! What one contract's position allows, and the split of an order into today's and yesterday's closes.
//!
//! Follows VeighNa's `PositionHolding` and `OffsetConverter`, its test vectors included. It is for contracts that
//! do not net; strategies use it, and closing a position from the screen does. Plain manual orders are not
//! converted: there the user picks the offset.
//!
//! Always true: `pos = td + yd` on each side, and no part is frozen beyond what is held.

use crate::{Direction, Exchange, Offset, OrderData, OrderRequest, PositionData, TradeData, VtOrderId, VtSymbol};
use std::collections::HashMap;

/// One side of a contract's position, volumes in lots.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Side {
    /// From earlier days.
    pub yd: f64,
    /// From today.
    pub td: f64,
    /// Bound by closing orders, of the earlier days' part.
    pub yd_frozen: f64,
    /// Bound by closing orders, of today's part.
    pub td_frozen: f64,
}

/// How an order is to be converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Only what SHFE and INE demand.
    Plain,
    /// Lock rather than close today's position (no close-today commission).
    Lock,
    /// Close what there is, open the rest, whatever the offset asked for.
    Net,
}

/// The position of one contract at one gateway, with the orders that are at work on it.
#[derive(Clone, Debug)]
pub struct Holding {
    exchange: Exchange,
    /// Bought positions.
    pub long: Side,
    /// Sold positions.
    pub short: Side,
    /// Closing orders that may still trade; opening ones bind nothing, and there may be thousands of them.
    closing: HashMap<VtOrderId, OrderData>,
}

impl Side {
    /// Volume held.
    pub fn pos(&self) -> f64 {
        self.yd + self.td
    }

    /// Volume bound by closing orders.
    pub fn frozen(&self) -> f64 {
        self.yd_frozen + self.td_frozen
    }

    /// Volume that can be closed.
    pub fn available(&self) -> f64 {
        self.pos() - self.frozen()
    }

    fn td_available(&self) -> f64 {
        self.td - self.td_frozen
    }

    fn yd_available(&self) -> f64 {
        self.yd - self.yd_frozen
    }

    fn cap_frozen(&mut self) {
        self.td_frozen = self.td_frozen.min(self.td);
        self.yd_frozen = self.yd_frozen.min(self.yd);
    }
}

impl Holding {
    /// An empty holding of a contract of that exchange.
    pub fn new(exchange: Exchange) -> Holding {
        Holding { exchange, long: Side::default(), short: Side::default(), closing: HashMap::new() }
    }

    /// The side that an order of this direction closes.
    pub fn opposite(&self, direction: Direction) -> &Side {
        if direction == Direction::Long { &self.short } else { &self.long }
    }

    /// Takes the venue's own figures.
    pub fn on_position(&mut self, position: &PositionData) {
        let side = if position.direction == Direction::Long { &mut self.long } else { &mut self.short };
        side.yd = position.yd_volume;
        side.td = position.volume - position.yd_volume;
        self.refreeze();
    }

    /// Takes an order's state; a request that was just sent is told as its SUBMITTING order, so that a second
    /// one cannot use the same volume before the venue answers.
    pub fn on_order(&mut self, order: &OrderData) {
        let closes = !matches!(order.offset, Offset::Open | Offset::None);
        if closes && order.is_active() {
            self.closing.insert(order.vt_orderid.clone(), order.clone());
        } else {
            self.closing.remove(&order.vt_orderid);
        }
        self.refreeze();
    }

    /// Takes a fill.
    pub fn on_trade(&mut self, trade: &TradeData) {
        let Some(direction) = trade.direction else { return };
        let closes_yesterday_first = self.exchange.splits_today();
        let (own, other) = match direction {
            Direction::Long => (&mut self.long, &mut self.short),
            Direction::Short | Direction::Net => (&mut self.short, &mut self.long),
        };
        match trade.offset {
            Offset::Open => own.td += trade.volume,
            Offset::CloseToday => other.td -= trade.volume,
            Offset::CloseYesterday => other.yd -= trade.volume,
            Offset::Close if closes_yesterday_first => other.yd -= trade.volume,
            Offset::Close => {
                other.td -= trade.volume;
                if other.td < 0.0 {
                    other.yd += other.td;
                    other.td = 0.0;
                }
            }
            Offset::None => {}
        }
        self.long.cap_frozen();
        self.short.cap_frozen();
    }

    /// The orders to send in place of the request; none where SHFE or INE would refuse for want of position.
    pub fn convert(&self, request: &OrderRequest, mode: Mode) -> Vec<OrderRequest> {
        let parts = match mode {
            Mode::Lock => self.lock(request),
            Mode::Net => self.net(request),
            Mode::Plain if self.exchange.splits_today() => self.split_today(request),
            Mode::Plain => return vec![request.clone()],
        };
        parts
            .into_iter()
            .filter(|(_, volume)| *volume > 0.0)
            .map(|(offset, volume)| OrderRequest { offset, volume, ..request.clone() })
            .collect()
    }

    fn lock(&self, request: &OrderRequest) -> Vec<(Offset, f64)> {
        let side = self.opposite(request.direction);
        if side.td > 0.0 && !self.exchange.splits_today() {
            return vec![(Offset::Open, request.volume)];
        }
        let closing = request.volume.min(side.yd_available());
        let offset = if self.exchange.splits_today() { Offset::CloseYesterday } else { Offset::Close };
        vec![(offset, closing), (Offset::Open, request.volume - closing.max(0.0))]
    }

    fn net(&self, request: &OrderRequest) -> Vec<(Offset, f64)> {
        let side = self.opposite(request.direction);
        if !self.exchange.splits_today() {
            let closing = request.volume.min(side.available()).max(0.0);
            return vec![(Offset::Close, closing), (Offset::Open, request.volume - closing)];
        }
        let today = request.volume.min(side.td_available()).max(0.0);
        let yesterday = (request.volume - today).min(side.yd_available()).max(0.0);
        let rest = request.volume - today - yesterday;
        vec![(Offset::CloseToday, today), (Offset::CloseYesterday, yesterday), (Offset::Open, rest)]
    }

    fn split_today(&self, request: &OrderRequest) -> Vec<(Offset, f64)> {
        if request.offset == Offset::Open {
            return vec![(Offset::Open, request.volume)];
        }
        let side = self.opposite(request.direction);
        if request.volume > side.available() {
            return Vec::new();
        }
        let today = request.volume.min(side.td_available()).max(0.0);
        vec![(Offset::CloseToday, today), (Offset::CloseYesterday, request.volume - today)]
    }

    fn refreeze(&mut self) {
        for side in [&mut self.long, &mut self.short] {
            side.td_frozen = 0.0;
            side.yd_frozen = 0.0;
        }
        for order in self.closing.values() {
            let rest = order.remaining();
            let side = match order.direction {
                Some(Direction::Long) => &mut self.short,
                Some(Direction::Short) => &mut self.long,
                Some(Direction::Net) | None => continue,
            };
            match order.offset {
                Offset::CloseToday => side.td_frozen += rest,
                Offset::CloseYesterday => side.yd_frozen += rest,
                Offset::Close => {
                    side.td_frozen += rest;
                    if side.td_frozen > side.td {
                        side.yd_frozen += side.td_frozen - side.td;
                        side.td_frozen = side.td;
                    }
                }
                Offset::Open | Offset::None => {}
            }
        }
        self.long.cap_frozen();
        self.short.cap_frozen();
    }
}

/// The holdings of one gateway.
#[derive(Clone, Debug, Default)]
pub struct Converter {
    holdings: HashMap<VtSymbol, Holding>,
    netting: HashMap<VtSymbol, bool>,
}

impl Converter {
    /// Learns of a contract; only one that is known and does not net is converted.
    pub fn on_contract(&mut self, vt_symbol: &VtSymbol, net_position: bool) {
        self.netting.insert(vt_symbol.clone(), net_position);
    }

    /// Whether that contract's positions net, where the contract is known.
    pub fn nets(&self, vt_symbol: &VtSymbol) -> Option<bool> {
        self.netting.get(vt_symbol).copied()
    }

    /// Takes the venue's own figures.
    pub fn on_position(&mut self, position: &PositionData) {
        if let Some(holding) = self.holding_mut(&position.vt_symbol, position.exchange) {
            holding.on_position(position);
        }
    }

    /// Takes an order's state.
    pub fn on_order(&mut self, order: &OrderData) {
        if let Some(holding) = self.holding_mut(&order.vt_symbol, order.exchange) {
            holding.on_order(order);
        }
    }

    /// Takes a fill.
    pub fn on_trade(&mut self, trade: &TradeData) {
        if let Some(holding) = self.holding_mut(&trade.vt_symbol, trade.exchange) {
            holding.on_trade(trade);
        }
    }

    /// The orders to send in place of the request.
    pub fn convert(&self, request: &OrderRequest, mode: Mode) -> Vec<OrderRequest> {
        let vt_symbol = request.vt_symbol();
        if self.netting.get(&vt_symbol) != Some(&false) {
            return vec![request.clone()];
        }
        match self.holdings.get(&vt_symbol) {
            Some(holding) => holding.convert(request, mode),
            None => Holding::new(request.exchange).convert(request, mode),
        }
    }

    /// The holding of one contract, where there is one.
    pub fn holding(&self, vt_symbol: &VtSymbol) -> Option<&Holding> {
        self.holdings.get(vt_symbol)
    }

    fn holding_mut(&mut self, vt_symbol: &VtSymbol, exchange: Exchange) -> Option<&mut Holding> {
        if self.netting.get(vt_symbol) != Some(&false) {
            return None;
        }
        Some(self.holdings.entry(vt_symbol.clone()).or_insert_with(|| Holding::new(exchange)))
    }
}

#[cfg(test)]
mod tests;
