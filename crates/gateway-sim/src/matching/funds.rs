//! Money and position that an order needs, and their freezing.
//!
//! An order that opens must find margin and commission for all its volume: for what trades at once at those prices
//! (and for the loss against the last price that such a fill shows at once), for the rest at its limit. A closing
//! order needs position instead. On a netting instrument what counts is how far all orders of one side together go
//! beyond the position that they would close.

use super::book::Plan;
use super::checks::parts;
use crate::exchange::{Effect, Exchange, Netting, Order};
use crate::instruments::{Instrument, Ix, Steps, Ticks};
use crate::ledger::{Take, unit_margin};
use crate::words::Refusal;
use domain::{Direction, OrderType};

impl Exchange {
    /// Whether the account can carry the order; notes in it what is to be frozen.
    pub(super) fn afford(&self, order: &mut Order, plan: &Plan) -> Result<(), Refusal> {
        let instrument = &self.instruments[order.instrument];
        match order.effect {
            Effect::Close => {
                let side = self.position(order.instrument).side(order.direction.opposite());
                (order.frozen_yd, order.frozen_td) = parts(instrument, side, order)?;
                Ok(())
            }
            Effect::Open => {
                let limit = instrument.price(order.price);
                let under = self.under_price(order.instrument);
                order.unit_margin = unit_margin(instrument, order.direction, limit, under);
                self.enough(order, self.need_to_open(order, plan))
            }
            Effect::Net => {
                order.unit_margin = 0.0;
                match self.need_to_net(order, plan) {
                    Some(need) => self.enough(order, need),
                    None => Ok(()),
                }
            }
        }
    }

    fn enough(&self, order: &Order, need: f64) -> Result<(), Refusal> {
        let currency = self.instruments[order.instrument].currency;
        let available = self.account(currency).available();
        // Half a cent: sums of doubles must not refuse an order that fits exactly.
        if need <= available + 0.005_f64.min(available.abs() * 1e-9) {
            Ok(())
        } else {
            Err(Refusal::Funds(need, available, currency))
        }
    }

    fn need_to_open(&self, order: &Order, plan: &Plan) -> f64 {
        let instrument = &self.instruments[order.instrument];
        let under = self.under_price(order.instrument);
        let mut need = 0.0;
        let mut fees = order.fee_due;
        for row in plan.fills() {
            let (price, units) = (instrument.price(row.price), instrument.volume(row.volume));
            need += unit_margin(instrument, order.direction, price, under) * units;
            need += self.shown_loss(order, row.price) * units;
            fees += instrument.fees.open.of(instrument, price, units);
        }
        let rest = order.rest() - plan.volume();
        if order.kind == OrderType::Limit && rest > 0 {
            let units = instrument.volume(rest);
            need += order.unit_margin * units;
            fees += instrument.fees.open.of(instrument, instrument.price(order.price), units);
        }
        let nothing = plan.volume() == 0 && order.kind != OrderType::Limit;
        if nothing { 0.0 } else { need + fees.max(instrument.fees.least) - order.fee_paid }
    }

    /// What a unit filled at that price loses at once against the price at which positions are valued. Where a
    /// position is paid in full, the price paid covers that.
    fn shown_loss(&self, order: &Order, price: Ticks) -> f64 {
        let instrument = &self.instruments[order.instrument];
        if instrument.paid() && order.direction == Direction::Long {
            return 0.0;
        }
        let gap = instrument.price(price) - instrument.price(self.mark(order.instrument));
        let loss = if order.direction == Direction::Long { gap } else { -gap };
        loss.max(0.0) * instrument.size
    }

    /// Needed beyond what is frozen already; nothing if the order only reduces.
    fn need_to_net(&self, order: &Order, plan: &Plan) -> Option<f64> {
        let ix = order.instrument;
        let instrument = &self.instruments[ix];
        let rests = order.kind == OrderType::Limit;
        let volume = if rests { order.rest() } else { plan.volume() };
        let limit = if rests { order.price } else { 0 };
        let price = plan.fills().iter().map(|row| row.price).fold(limit, Ticks::max);
        let now = self.floors[ix].netting;
        let mut then = now;
        then.add(order.direction, volume, price);
        let position = self.position(ix);
        let other = position.side(order.direction.opposite()).volume();
        let grows = then.beyond(order.direction, other) > now.beyond(order.direction, other);
        if !grows {
            return None;
        }
        let loss: f64 =
            plan.fills().iter().map(|row| self.shown_loss(order, row.price) * instrument.volume(row.volume)).sum();
        let sides = (position.long.volume(), position.short.volume());
        Some(then.amount(instrument, sides) - now.amount(instrument, sides) + loss)
    }

    /// Money that the resting rest of an order binds.
    pub(super) fn amount_to_freeze(&self, order: &Order) -> f64 {
        if order.effect != Effect::Open || self.waits(order) || order.rest() == 0 {
            return 0.0;
        }
        let instrument = &self.instruments[order.instrument];
        let units = instrument.volume(order.rest());
        let fees = order.fee_due + instrument.fees.open.of(instrument, instrument.price(order.price), units);
        order.unit_margin * units + fees.max(instrument.fees.least) - order.fee_paid
    }

    pub(super) fn freeze_money(&mut self, order: &mut Order, amount: f64) {
        let account = self.ledger.account_mut(self.instruments[order.instrument].currency);
        account.frozen += amount - order.frozen;
        order.frozen = amount;
        if amount.abs() < 1e-9 {
            account.tidy();
        }
    }

    /// Freezes (1) or frees (-1) the position that a closing order is for.
    pub(crate) fn freeze_position(&mut self, order: &Order, sign: Steps) {
        if order.effect == Effect::Close {
            let side = self.ledger.position_mut(order.instrument).side_mut(order.direction.opposite());
            side.yd_frozen += sign * order.frozen_yd;
            side.td_frozen += sign * order.frozen_td;
        }
    }

    /// Counts a resting order of a netting instrument in (1) or out (-1).
    pub(crate) fn net_orders(&mut self, order: &Order, sign: Steps) {
        if order.effect == Effect::Net && !self.waits(order) {
            self.floors[order.instrument].netting.add(order.direction, sign * order.rest(), order.price);
            self.refreeze_netting(order.instrument);
        }
    }

    pub(super) fn refreeze_netting(&mut self, ix: Ix) {
        let position = self.ledger.position(ix);
        let sides = (position.long.volume(), position.short.volume());
        let instrument = &self.instruments[ix];
        let netting = &mut self.floors[ix].netting;
        let amount = netting.amount(instrument, sides);
        let account = self.ledger.account_mut(instrument.currency);
        account.frozen += amount - netting.frozen;
        netting.frozen = amount;
        account.tidy();
    }
}

impl Netting {
    fn add(&mut self, direction: Direction, volume: Steps, price: Ticks) {
        let (sum, value) = match direction {
            Direction::Long => (&mut self.buys, &mut self.buy_value),
            Direction::Short | Direction::Net => (&mut self.sells, &mut self.sell_value),
        };
        *sum += volume;
        *value += i128::from(volume) * i128::from(price);
    }

    /// How far the orders of a side go beyond the position that they would close.
    fn beyond(&self, direction: Direction, other: Steps) -> Steps {
        let sum = if direction == Direction::Long { self.buys } else { self.sells };
        (sum - other).max(0)
    }

    fn amount(&self, instrument: &Instrument, sides: (Steps, Steps)) -> f64 {
        let side = |sum: Steps, value: i128, beyond: Steps| {
            if sum == 0 {
                return 0.0;
            }
            let turnover = value as f64 * instrument.pricetick * instrument.volume_step;
            let average = turnover / instrument.volume(sum);
            let fee = instrument.fees.open.of(instrument, average, instrument.volume(sum));
            turnover * (beyond as f64 / sum as f64) * instrument.size * instrument.margin_rate + fee
        };
        side(self.buys, self.buy_value, self.beyond(Direction::Long, sides.1))
            + side(self.sells, self.sell_value, self.beyond(Direction::Short, sides.0))
    }
}

/// Commission of one fill.
pub(super) fn fee(instrument: &Instrument, order: &Order, take: Take, at: (Ticks, Steps)) -> f64 {
    let price = instrument.price(at.0);
    let part = |fee: crate::instruments::Fee, steps: Steps| fee.of(instrument, price, instrument.volume(steps));
    match take {
        Take::Open => part(instrument.fees.open, at.1),
        Take::Close { yd, td } => part(instrument.fees.close, yd) + part(instrument.fees.close_today, td),
        Take::Net if order.direction == Direction::Long => part(instrument.fees.open, at.1),
        Take::Net => part(instrument.fees.close, at.1),
    }
}
