//! What an order must be before the book is looked at: known, well formed, on tick, within limits, with an effect.

use crate::exchange::{Effect, Exchange, Order};
use crate::instruments::{Instrument, Ix, Steps, Style, Ticks};
use crate::ledger::{Position, Side};
use crate::limits;
use crate::words::Refusal;
use domain::{Direction, Offset, OrderRequest, OrderType, Status, Text, price};

impl Exchange {
    /// Makes an order of a request, or says why not. Nothing is frozen yet.
    pub(super) fn admit(&self, now_us: i64, id: &Text, request: &OrderRequest) -> Result<Order, Refusal> {
        if self.working.contains_key(id) {
            return Err(Refusal::DuplicateId);
        }
        if self.working.len() >= limits::ACTIVE_ORDERS {
            return Err(Refusal::TooManyOrders(limits::ACTIVE_ORDERS));
        }
        if matches!(request.order_type, OrderType::Rfq | OrderType::Etf) {
            return Err(Refusal::OrderType(request.order_type));
        }
        let vt_symbol = request.vt_symbol();
        let ix = self.find(&vt_symbol).ok_or_else(|| Refusal::UnknownContract(vt_symbol.0.clone()))?;
        let instrument = &self.instruments[ix];
        if self.floors[ix].expired {
            return Err(Refusal::Expired);
        }
        if request.direction == Direction::Net {
            return Err(Refusal::Direction);
        }
        let effect = effect(instrument, request.direction, request.offset)?;
        let volume = volume(instrument, self.position(ix), request, effect)?;
        let price = self.price(ix, request)?;
        if !self.floors[ix].open {
            return Err(Refusal::NoMarket);
        }
        Ok(Order {
            id: id.clone(),
            instrument: ix,
            direction: request.direction,
            kind: request.order_type,
            offset: request.offset,
            effect,
            price,
            volume,
            traded: 0,
            status: Status::NotTraded,
            at_us: now_us,
            reference: request.reference.clone(),
            refusal: None,
            quote: None,
            seq: self.next_seq,
            frozen_yd: 0,
            frozen_td: 0,
            frozen: 0.0,
            unit_margin: 0.0,
            fee_due: 0.0,
            fee_paid: 0.0,
        })
    }

    fn price(&self, ix: Ix, request: &OrderRequest) -> Result<Ticks, Refusal> {
        let instrument = &self.instruments[ix];
        if request.order_type == OrderType::Market {
            return Ok(0);
        }
        if !request.price.is_finite() {
            return Err(Refusal::PriceNotANumber);
        }
        if request.price <= 0.0 {
            return Err(Refusal::PriceNotPositive(request.price));
        }
        let snapshot = &self.floors[ix].snapshot;
        // The limit is checked on the double: a price beyond what fits into ticks must not pass as something else.
        if snapshot.limit_up > 0 && request.price > instrument.price(snapshot.limit_up) + instrument.pricetick / 2.0 {
            return Err(Refusal::PriceAboveLimit(instrument.price(snapshot.limit_up)));
        }
        if request.price > instrument.pricetick * limits::ORDER_STEPS as f64 {
            return Err(Refusal::PriceAboveLimit(instrument.pricetick * limits::ORDER_STEPS as f64));
        }
        if !price::on_step(request.price, instrument.pricetick) {
            return Err(Refusal::PriceTick(instrument.pricetick));
        }
        let ticks = instrument.ticks(request.price);
        if ticks < snapshot.limit_down {
            return Err(Refusal::PriceBelowLimit(instrument.price(snapshot.limit_down)));
        }
        Ok(ticks)
    }
}

/// What the order does. Venues that net ignore the offset.
fn effect(instrument: &Instrument, direction: Direction, offset: Offset) -> Result<Effect, Refusal> {
    match (instrument.style, offset) {
        (Style::Netting, _) => Ok(Effect::Net),
        (Style::Cash { .. }, _) if direction == Direction::Long => Ok(Effect::Open),
        (Style::Cash { .. }, _) => Ok(Effect::Close),
        (Style::Hedged, Offset::None) => Err(Refusal::OffsetMissing),
        (Style::Hedged, Offset::Open) => Ok(Effect::Open),
        (Style::Hedged, Offset::Close | Offset::CloseToday | Offset::CloseYesterday) => Ok(Effect::Close),
    }
}

fn volume(
    instrument: &Instrument,
    position: &Position,
    request: &OrderRequest,
    effect: Effect,
) -> Result<Steps, Refusal> {
    if !request.volume.is_finite() {
        return Err(Refusal::VolumeNotANumber);
    }
    if request.volume <= 0.0 {
        return Err(Refusal::VolumeNotPositive(request.volume));
    }
    // Compared as doubles: 1e300 must not become the largest integer.
    let most = instrument.volume(instrument.max_volume.min(limits::ORDER_STEPS));
    if request.volume > most + instrument.volume_step / 2.0 {
        return Err(Refusal::VolumeMax(most));
    }
    if !price::on_step(request.volume, instrument.volume_step) {
        return Err(Refusal::VolumeStep(instrument.volume_step));
    }
    let steps = instrument.steps(request.volume);
    let whole_rest = effect == Effect::Close && steps == sellable(instrument, &position.long);
    if steps == 0 || (steps % instrument.lot != 0 && !whole_rest) {
        return Err(Refusal::VolumeLot(instrument.volume(instrument.lot)));
    }
    Ok(steps)
}

fn sellable(instrument: &Instrument, side: &Side) -> Steps {
    match instrument.style {
        Style::Cash { next_day: true } => side.yd.volume - side.yd_frozen,
        _ => side.volume() - side.frozen(),
    }
}

/// Which parts of the side a closing order takes: earlier days', today's. Follows the exchanges: on SHFE and INE
/// CLOSE means yesterday's, elsewhere today's goes first (as VeighNa's converter counts), shares by their rule.
pub(super) fn parts(instrument: &Instrument, side: &Side, order: &Order) -> Result<(Steps, Steps), Refusal> {
    let yd = side.yd.volume - side.yd_frozen;
    let td = side.td.volume - side.td_frozen;
    let wanted = order.rest();
    let numbers = |there| (instrument.volume(wanted), instrument.volume(there));
    let (today_only, yesterday_only) = match (instrument.style, order.offset) {
        (Style::Cash { next_day }, _) => (false, next_day),
        (_, Offset::CloseToday) => (true, false),
        (_, Offset::CloseYesterday) => (false, true),
        (_, Offset::Close) => (false, instrument.exchange.splits_today()),
        (_, Offset::None | Offset::Open) => (false, false),
    };
    if today_only {
        let (needed, there) = numbers(td);
        return if wanted <= td { Ok((0, wanted)) } else { Err(Refusal::PositionToday(needed, there)) };
    }
    if yesterday_only {
        let (needed, there) = numbers(yd);
        if wanted <= yd {
            return Ok((wanted, 0));
        }
        let held_back = matches!(instrument.style, Style::Cash { .. }) && wanted <= yd + td;
        return Err(match instrument.style {
            Style::Cash { .. } if held_back => Refusal::NextDay(needed, there),
            Style::Cash { .. } => Refusal::Position(needed, there),
            Style::Hedged | Style::Netting => Refusal::PositionYesterday(needed, there),
        });
    }
    if wanted > yd + td {
        let (needed, there) = numbers(yd + td);
        return Err(Refusal::Position(needed, there));
    }
    let today_first = instrument.style == Style::Hedged;
    let from_td = if today_first { wanted.min(td) } else { wanted - wanted.min(yd) };
    Ok((wanted - from_td, from_td))
}
