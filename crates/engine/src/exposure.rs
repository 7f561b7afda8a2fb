//! How far a net position may still be reduced: what is held for certain, less what already works on it.
//!
//! Order reports, fills and positions of one event come in any order, each venue its own. So the position is reckoned
//! beside the venue's from what orders have done, which is the larger of what their reports and their fills say; what
//! nobody has told yet belongs to an order that is still counted as working. Where others trade on the account too, the
//! venue's word is taken once nothing of ours has traded for [`LAG_US`]; until then the smaller of both counts.
//!
//! Always true: what is told here is never more than what may safely be closed; it may be less for a while, and then an
//! order is refused that would have been right.

use crate::place::signed;
use domain::{Direction, OrderData, Text, VtOrderId, VtSymbol};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// This long after a fill the venue's position has it in it: venues that have to be asked are asked every few seconds.
const LAG_US: i64 = 10_000_000;

/// An instrument at one gateway.
type Place = (Text, VtSymbol);

/// What orders have done.
#[derive(Debug, Default)]
pub(crate) struct Exposure {
    /// Volume of the fills of each order.
    filled: FxHashMap<VtOrderId, f64>,
    reckonings: FxHashMap<Place, Reckoning>,
}

/// One place's net position, reckoned.
#[derive(Clone, Copy, Debug)]
struct Reckoning {
    net: f64,
    moved_us: i64,
}

impl Exposure {
    /// An order's report is about to be taken; `told` is the position as the venue told it last.
    pub(crate) fn on_order(&mut self, now_us: i64, known: &OrderData, traded: f64, told: impl FnOnce() -> f64) {
        let before = self.done(known);
        self.moved(now_us, known, traded - before, told);
    }

    /// A fill that is new. Before the first report of its order it is part of what the venue tells at the login.
    pub(crate) fn on_fill(
        &mut self,
        now_us: i64,
        (id, volume): (&VtOrderId, f64),
        order: Option<&OrderData>,
        told: impl FnOnce() -> f64,
    ) {
        let before = order.map(|order| self.done(order));
        *self.filled.entry(id.clone()).or_insert(0.0) += volume;
        if let Some((order, before)) = order.zip(before) {
            self.moved(now_us, order, self.done(order) - before, told);
        }
    }

    fn moved(&mut self, now_us: i64, order: &OrderData, volume: f64, told: impl FnOnce() -> f64) {
        let Some(direction) = order.direction.filter(|_| volume > 0.0) else { return };
        let place = (order.gateway_name.clone(), order.vt_symbol.clone());
        let told = told();
        let before = self.reckonings.get(&place).map_or(told, |reckoning| reckoning.at(now_us, told));
        let net = before + signed(direction, volume);
        self.reckonings.insert(place, Reckoning { net, moved_us: now_us });
    }

    /// The venue has told a position that makes the whole `told`. `quiet`: nothing of this place can trade.
    pub(crate) fn on_position(
        &mut self,
        now_us: i64,
        (gateway, vt_symbol): (&Text, &VtSymbol),
        told: impl FnOnce() -> f64,
        quiet: impl FnOnce() -> bool,
    ) {
        let reckoning = self.reckonings.entry((gateway.clone(), vt_symbol.clone()));
        // The first one may hold a fill that nobody has told yet.
        reckoning.or_insert_with(|| Reckoning { net: if quiet() { told() } else { 0.0 }, moved_us: now_us });
    }

    /// Net position that is there for certain in the direction in which it is the smaller.
    pub(crate) fn held(&self, now_us: i64, gateway: &Text, vt_symbol: &VtSymbol, told: f64) -> (f64, f64) {
        let place = (gateway.clone(), vt_symbol.clone());
        let reckoned = self.reckonings.get(&place).map_or(told, |reckoning| reckoning.at(now_us, told));
        (told.min(reckoned), told.max(reckoned))
    }

    /// Volume that orders of that direction may still trade.
    pub(crate) fn working<'a>(&self, direction: Direction, orders: impl Iterator<Item = &'a Arc<OrderData>>) -> f64 {
        let counts = |order: &&Arc<OrderData>| order.direction.is_none_or(|of| of == direction);
        orders.filter(counts).map(|order| (order.volume - self.done(order)).max(0.0)).sum()
    }

    fn done(&self, order: &OrderData) -> f64 {
        self.filled.get(&order.vt_orderid).map_or(order.traded, |filled| filled.max(order.traded))
    }
}

impl Reckoning {
    fn at(self, now_us: i64, told: f64) -> f64 {
        if now_us - self.moved_us < LAG_US { self.net } else { told }
    }
}
