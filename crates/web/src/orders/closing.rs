//! The orders that close a position, with the offsets that its exchange wants. Pure.

use super::facts::{Closable, holding};
use crate::replica::Replica;
use domain::offset::Mode;
use domain::{Direction, NumberForms, Offset, OrderRequest, OrderType, PositionData, Text};

/// How a position is to be closed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CloseWish {
    /// How much, in lots; all that can be closed where absent.
    pub volume: Option<f64>,
    /// LIMIT where absent.
    pub order_type: Option<OrderType>,
    /// The best price of the other side where absent.
    pub price: Option<f64>,
    /// The user's own reference.
    pub reference: Text,
}

/// Why there is nothing to send.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CloseError {
    /// No such position.
    #[error("there is no position {0}")]
    NoPosition(String),
    /// Nothing is held, or all of it is bound by orders.
    #[error("of {held} held, {available} can be closed")]
    NotEnough {
        /// Volume held.
        held: f64,
        /// Volume that no order has bound yet.
        available: f64,
    },
    /// No price was given, and the market shows none.
    #[error("the market shows no price to close at; give one")]
    NoPrice,
}

/// The orders that close a position: one, or two where SHFE or INE tell today's from earlier days'.
///
/// # Errors
/// There is nothing to send, and why.
pub(super) fn plan(
    replica: &Replica,
    vt_positionid: &str,
    wish: &CloseWish,
) -> Result<(Text, Vec<OrderRequest>), CloseError> {
    let position = replica.positions.get(vt_positionid);
    let position = position.ok_or_else(|| CloseError::NoPosition(vt_positionid.into()))?;
    let direction = closing_direction(position);
    let (held, available) = volumes(replica, position, direction);
    let volume = wish.volume.unwrap_or(available);
    if !(volume > 0.0 && volume <= available * (1.0 + 1e-12)) {
        return Err(CloseError::NotEnough { held, available });
    }
    let order_type = wish.order_type.unwrap_or(OrderType::Limit);
    let price = match (wish.price, order_type) {
        (Some(price), _) => price,
        (None, OrderType::Market) => 0.0,
        (None, _) => best_price(replica, position, direction).ok_or(CloseError::NoPrice)?,
    };
    let request = OrderRequest {
        symbol: position.symbol.clone(),
        exchange: position.exchange,
        direction,
        order_type,
        volume,
        price,
        offset: Offset::Close,
        reference: wish.reference.clone(),
        forms: NumberForms::default(),
    };
    let nets = replica.contracts.get(&position.vt_symbol).is_some_and(|contract| contract.net_position);
    let requests = if nets || position.direction == Direction::Net {
        vec![request]
    } else {
        holding(replica, &position.vt_symbol, &position.gateway_name).convert(&request, Mode::Plain)
    };
    if requests.is_empty() {
        return Err(CloseError::NotEnough { held, available });
    }
    Ok((position.gateway_name.clone(), requests))
}

fn closing_direction(position: &PositionData) -> Direction {
    match position.direction {
        Direction::Long => Direction::Short,
        Direction::Short => Direction::Long,
        Direction::Net if position.volume < 0.0 => Direction::Long,
        Direction::Net => Direction::Short,
    }
}

/// Volume held and volume that no closing order has bound yet.
fn volumes(replica: &Replica, position: &PositionData, direction: Direction) -> (f64, f64) {
    if position.direction == Direction::Net {
        let is_at_work = |order: &&std::sync::Arc<domain::OrderData>| {
            order.is_active()
                && order.vt_symbol == position.vt_symbol
                && order.gateway_name == position.gateway_name
                && order.direction == Some(direction)
        };
        let working: f64 = replica.orders.rows().filter(is_at_work).map(|order| order.remaining()).sum();
        let held = position.volume.abs();
        return (held, (held - working).max(0.0));
    }
    let holding = holding(replica, &position.vt_symbol, &position.gateway_name);
    let closable = Closable::from(holding.opposite(direction));
    (position.volume, closable.today + closable.yesterday)
}

fn best_price(replica: &Replica, position: &PositionData, direction: Direction) -> Option<f64> {
    let tick = replica.ticks.get(&position.vt_symbol)?;
    let level = if direction == Direction::Short { tick.bids[0] } else { tick.asks[0] };
    let is_shown = level.price.is_finite() && level.price.abs() > 0.0 && level.price.abs() < 1e300;
    is_shown.then_some(level.price)
}

#[cfg(test)]
mod tests;
