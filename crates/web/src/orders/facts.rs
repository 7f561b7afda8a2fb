//! What the rules need to know of a desk, taken from its copy in one look.

use super::trading_states::Exposure;
use crate::replica::{Link, Replica};
use domain::offset::{Holding, Side};
use domain::{ContractData, Direction, Offset, OrderRequest, PositionData, TickData, VtSymbol};
use std::sync::Arc;

/// What is known about the contract that an order is for.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// Whether the copy follows.
    pub link: Link,
    /// The contract.
    pub contract: Option<Arc<ContractData>>,
    /// Its newest tick.
    pub tick: Option<Arc<TickData>>,
    /// What can be closed; `None` where the order opens, or the contract's positions net.
    pub closable: Option<Closable>,
    /// For the trading state REDUCING.
    pub exposure: Exposure,
}

/// Volume that can be closed, in lots.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Closable {
    /// Of today's position.
    pub today: f64,
    /// Of earlier days' positions.
    pub yesterday: f64,
}

impl Closable {
    /// What of it an order with this offset can close: SHFE and INE tell today's from earlier days', and their plain
    /// CLOSE means the earlier days'.
    pub(super) fn with(&self, offset: Offset, splits_today: bool) -> f64 {
        match offset {
            Offset::CloseToday if splits_today => self.today,
            Offset::Close | Offset::CloseYesterday if splits_today => self.yesterday,
            Offset::Open | Offset::None | Offset::Close | Offset::CloseToday | Offset::CloseYesterday => {
                self.today + self.yesterday
            }
        }
    }
}

impl From<&Side> for Closable {
    fn from(side: &Side) -> Closable {
        Closable { today: (side.td - side.td_frozen).max(0.0), yesterday: (side.yd - side.yd_frozen).max(0.0) }
    }
}

impl Facts {
    /// Looks. `gateway`: where the user named one. `is_reducing`: whether the exposure is wanted, which costs a walk
    /// over all orders.
    pub(super) fn of(replica: &Replica, request: &OrderRequest, gateway: Option<&str>, is_reducing: bool) -> Facts {
        let vt_symbol = request.vt_symbol();
        let contract = replica.contracts.get(&vt_symbol).cloned();
        let gateway = gateway.or(contract.as_ref().map(|contract| contract.gateway_name.as_str())).unwrap_or("");
        let nets = contract.as_ref().map(|contract| contract.net_position);
        let closes = request.offset.closes() && nets == Some(false);
        let closable =
            closes.then(|| Closable::from(holding(replica, &vt_symbol, gateway).opposite(request.direction)));
        let exposure = if is_reducing {
            exposure(replica, request, &vt_symbol, gateway, nets)
        } else {
            Exposure { nets, ..Exposure::default() }
        };
        Facts { link: replica.link, tick: replica.ticks.get(&vt_symbol).cloned(), contract, closable, exposure }
    }
}

/// The position of one contract at one gateway, with the orders at work on it.
pub(super) fn holding(replica: &Replica, vt_symbol: &VtSymbol, gateway: &str) -> Holding {
    let exchange = vt_symbol.split().map_or(domain::Exchange::LOCAL, |(_, exchange)| exchange);
    let mut holding = Holding::new(exchange);
    for position in positions(replica, vt_symbol, gateway) {
        holding.on_position(position);
    }
    let is_at_work = |order: &&Arc<domain::OrderData>| {
        order.is_active() && order.offset.closes() && order.vt_symbol == *vt_symbol && order.gateway_name == gateway
    };
    for order in replica.orders.rows().filter(is_at_work) {
        holding.on_order(order);
    }
    holding
}

fn positions<'a>(
    replica: &'a Replica,
    vt_symbol: &'a VtSymbol,
    gateway: &'a str,
) -> impl Iterator<Item = &'a Arc<PositionData>> {
    replica.positions.rows().filter(move |row| row.vt_symbol == *vt_symbol && row.gateway_name == gateway)
}

/// The whole volume of a working order counts, traded or not: its fills may or may not be in the position yet.
fn exposure(
    replica: &Replica,
    request: &OrderRequest,
    vt_symbol: &VtSymbol,
    gateway: &str,
    nets: Option<bool>,
) -> Exposure {
    let signed = |row: &Arc<PositionData>| if row.direction == Direction::Short { -row.volume } else { row.volume };
    let net: f64 = positions(replica, vt_symbol, gateway).map(signed).sum();
    let counts = |order: &&Arc<domain::OrderData>| {
        order.is_active()
            && order.vt_symbol == *vt_symbol
            && order.gateway_name == gateway
            && order.direction.is_none_or(|direction| direction == request.direction)
    };
    let working = replica.orders.rows().filter(counts).map(|order| order.volume).sum();
    let held = if request.direction == Direction::Short { net } else { -net };
    Exposure { nets, held, working }
}
