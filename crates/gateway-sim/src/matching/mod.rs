//! What trades: orders against the visible book, at once when they come and later when the market reaches them.
//!
//! An order is first judged whole (`checks`, `funds`), then takes what the book has up to its price, then rests or
//! ends by its kind. A resting order that the market reaches trades at its own price. Own orders never meet each
//! other: the book is the market's alone.

mod book;
mod checks;
mod funds;
mod resting;

pub(crate) use resting::Resting;

use crate::exchange::{Effect, Exchange, Fill, Order, Output, Refused};
use crate::instruments::{Ix, Steps, Style, Ticks};
use crate::ledger::Take;
use crate::market::{Row, Snapshot};
use crate::words::{Note, Refusal};
use book::{Plan, plan};
use domain::{DEPTH, Direction, OrderRequest, OrderType, Status, Text};

impl Exchange {
    pub(crate) fn take_order(&mut self, now_us: i64, id: Text, request: &OrderRequest, out: &mut Vec<Output>) {
        if let Err(refusal) = self.try_order(now_us, &id, request, None, out) {
            self.refuse(now_us, id, request, refusal, out);
        }
    }

    /// Takes an order, perhaps as the leg of a quote, or says why not.
    pub(crate) fn try_order(
        &mut self,
        now_us: i64,
        id: &Text,
        request: &OrderRequest,
        quote: Option<Text>,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let mut order = self.admit(now_us, id, request)?;
        order.quote = quote;
        if order.kind == OrderType::Stop {
            self.next_seq += 1;
            self.say(&order, out);
            self.floors[order.instrument].stops.push(order.id.clone());
            self.working.insert(order.id.clone(), order);
            return Ok(());
        }
        let plan = self.plan_for(&order);
        self.afford(&mut order, &plan)?;
        self.next_seq += 1;
        self.freeze_position(&order, 1);
        self.say(&order, out);
        self.run(now_us, order, &plan, out);
        Ok(())
    }

    pub(crate) fn refuse(
        &mut self,
        now_us: i64,
        id: Text,
        request: &OrderRequest,
        refusal: Refusal,
        out: &mut Vec<Output>,
    ) {
        out.push(Output::Note(Note::Refused(id.clone(), request.vt_symbol().0, refusal.clone())));
        // The order that has this id already must not look refused.
        if refusal != Refusal::DuplicateId {
            out.push(Output::Refused(Box::new(Refused { id, request: request.clone(), refusal, at_us: now_us })));
        }
    }

    pub(crate) fn cancel(&mut self, id: &Text, out: &mut Vec<Output>) {
        match self.working.remove(id) {
            Some(order) => self.withdraw(order, Status::Cancelled, out),
            None => out.push(Output::Note(Note::NothingToCancel(id.clone()))),
        }
    }

    /// Ends an order that was at work (and has been taken out of the list of those).
    pub(crate) fn withdraw(&mut self, order: Order, status: Status, out: &mut Vec<Output>) {
        let ix = order.instrument;
        if self.waits(&order) {
            self.floors[ix].stops.retain(|id| *id != order.id);
        } else {
            self.queue(ix, order.direction).remove(key(order.direction, order.price), order.seq);
            self.net_orders(&order, -1);
        }
        let closes = order.effect == Effect::Close && order.frozen_yd + order.frozen_td > 0;
        self.finish(order.clone(), status, out);
        self.tell_after(&order, closes, out);
    }

    pub(crate) fn market_moves(&mut self, now_us: i64, ix: Ix, snapshot: Snapshot, out: &mut Vec<Output>) {
        let floor = &mut self.floors[ix];
        floor.book = snapshot.book;
        floor.snapshot = snapshot;
        floor.open = true;
        out.push(Output::Tick(ix));
        if !self.ledger.position(ix).is_flat() {
            self.value(ix);
            self.ledger.position_mut(ix).stale = true;
        }
        // Resting orders were there first.
        self.fill_resting(now_us, ix, Direction::Long, out);
        self.fill_resting(now_us, ix, Direction::Short, out);
        self.trigger_stops(now_us, ix, out);
    }

    /// A buy stop is triggered when the best offer is at its price or above, a sell stop when the best bid is at
    /// or below; with nothing to trade against, it waits on (VeighNa's paper account has the same rule).
    fn trigger_stops(&mut self, now_us: i64, ix: Ix, out: &mut Vec<Output>) {
        if self.floors[ix].stops.is_empty() {
            return;
        }
        let (bid, ask) = (self.floors[ix].book.bid(), self.floors[ix].book.ask());
        for id in self.floors[ix].stops.clone() {
            let Some(order) = self.working.get(&id) else { continue };
            let reached = match order.direction {
                Direction::Long => ask.is_some_and(|ask| ask >= order.price),
                Direction::Short | Direction::Net => bid.is_some_and(|bid| bid <= order.price),
            };
            if reached {
                self.trigger(now_us, &id, out);
            }
        }
    }

    fn trigger(&mut self, now_us: i64, id: &Text, out: &mut Vec<Output>) {
        let Some(mut order) = self.working.remove(id) else { return };
        let ix = order.instrument;
        self.floors[ix].stops.retain(|waiting| waiting != id);
        out.push(Output::Note(Note::Triggered(id.clone(), self.instruments[ix].price(order.price))));
        let plan = self.plan_for(&order);
        match self.afford(&mut order, &plan) {
            Ok(()) => {
                self.freeze_position(&order, 1);
                self.run(now_us, order, &plan, out);
            }
            Err(refusal) => {
                let symbol = self.instruments[ix].vt_symbol.0.clone();
                out.push(Output::Note(Note::Refused(id.clone(), symbol, refusal.clone())));
                order.refusal = Some(refusal);
                self.finish(order, Status::Rejected, out);
            }
        }
    }

    fn fill_resting(&mut self, now_us: i64, ix: Ix, direction: Direction, out: &mut Vec<Output>) {
        let best = match direction {
            Direction::Long => self.floors[ix].book.ask(),
            Direction::Short | Direction::Net => self.floors[ix].book.bid(),
        };
        let Some(best) = best else { return };
        for id in self.queue(ix, direction).up_to(key(direction, best)) {
            let Some(mut order) = self.working.remove(&id) else { continue };
            let volume = self.plan_for(&order).volume();
            if volume == 0 {
                self.working.insert(id, order);
                break;
            }
            self.net_orders(&order, -1);
            let price = order.price;
            self.fill(now_us, &mut order, price, volume, out);
            let closes = order.effect == Effect::Close;
            if order.rest() == 0 {
                self.queue(ix, direction).remove(key(direction, order.price), order.seq);
                self.release(&mut order);
                self.tell_after(&order, true, out);
            } else {
                self.tell_after(&order, closes || volume > 0, out);
                self.keep(order);
            }
        }
    }

    /// Fills an order as planned, then lets it rest or ends it.
    fn run(&mut self, now_us: i64, mut order: Order, plan: &Plan, out: &mut Vec<Output>) {
        let closes = order.effect == Effect::Close;
        if order.kind == OrderType::Fok && plan.volume() < order.volume {
            let volume = |steps| self.instruments[order.instrument].volume(steps);
            out.push(Output::Note(Note::KilledShort(order.id.clone(), volume(order.volume), volume(plan.volume()))));
            self.finish(order.clone(), Status::Cancelled, out);
            self.tell_after(&order, closes, out);
            return;
        }
        for row in plan.fills() {
            self.fill(now_us, &mut order, row.price, row.volume, out);
        }
        let traded = order.traded > 0;
        if order.rest() == 0 {
            self.release(&mut order);
        } else if order.kind == OrderType::Limit {
            let (ix, direction) = (order.instrument, order.direction);
            self.queue(ix, direction).insert(key(direction, order.price), order.seq, order.id.clone());
            self.keep(order.clone());
        } else {
            let rest = self.instruments[order.instrument].volume(order.rest());
            out.push(Output::Note(Note::RestCancelled(order.id.clone(), rest)));
            self.finish(order.clone(), Status::Cancelled, out);
        }
        self.tell_after(&order, closes || traded, out);
    }

    /// Books one fill and tells it; the volume leaves the book.
    fn fill(&mut self, now_us: i64, order: &mut Order, price: Ticks, volume: Steps, out: &mut Vec<Output>) {
        let ix = order.instrument;
        let other = self.other_side(ix, order.direction);
        book::take(other, volume);
        let take = self.unfreeze_for(order, volume);
        let fee = funds::fee(&self.instruments[ix], order, take, (price, volume));
        order.fee_due += fee;
        let due = order.fee_due.max(self.instruments[ix].fees.least);
        let currency = self.instruments[ix].currency;
        self.ledger.charge(currency, due - order.fee_paid);
        order.fee_paid = due;
        self.ledger.fill(&self.instruments[ix], ix, order.direction, take, (price, volume));
        self.value(ix);
        order.traded += volume;
        order.status = if order.rest() == 0 { Status::AllTraded } else { Status::PartTraded };
        self.say(order, out);
        out.push(Output::Trade(Box::new(Fill {
            id: self.next_trade,
            order: order.id.clone(),
            instrument: ix,
            direction: order.direction,
            offset: order.offset,
            price,
            volume,
            at_us: now_us,
        })));
        self.next_trade += 1;
    }

    /// The part of the position that the next fill takes, no longer frozen.
    fn unfreeze_for(&mut self, order: &mut Order, volume: Steps) -> Take {
        let (ix, direction) = (order.instrument, order.direction);
        match order.effect {
            Effect::Open => Take::Open,
            Effect::Net => Take::Net,
            Effect::Close => {
                let today_first = self.instruments[ix].style == Style::Hedged;
                let td = if today_first { volume.min(order.frozen_td) } else { volume - volume.min(order.frozen_yd) };
                let yd = volume - td;
                order.frozen_td -= td;
                order.frozen_yd -= yd;
                let side = self.ledger.position_mut(ix).side_mut(direction.opposite());
                side.td_frozen -= td;
                side.yd_frozen -= yd;
                Take::Close { yd, td }
            }
        }
    }

    /// Ends an order that is on no list any more.
    fn finish(&mut self, mut order: Order, status: Status, out: &mut Vec<Output>) {
        self.release(&mut order);
        order.status = status;
        self.say(&order, out);
    }

    /// Puts a resting order (back) on the list of those at work and freezes for it.
    pub(crate) fn keep(&mut self, mut order: Order) {
        let amount = self.amount_to_freeze(&order);
        self.freeze_money(&mut order, amount);
        self.net_orders(&order, 1);
        self.working.insert(order.id.clone(), order);
    }

    fn release(&mut self, order: &mut Order) {
        self.freeze_money(order, 0.0);
        self.freeze_position(order, -1);
        order.frozen_yd = 0;
        order.frozen_td = 0;
        if order.effect == Effect::Net {
            self.refreeze_netting(order.instrument);
        }
    }

    /// Tells the order, and the quote that it belongs to.
    pub(crate) fn say(&mut self, order: &Order, out: &mut Vec<Output>) {
        out.push(Output::Order(Box::new(order.clone())));
        if order.quote.is_some() {
            self.leg_changed(order, out);
        }
    }

    fn tell_after(&mut self, order: &Order, position: bool, out: &mut Vec<Output>) {
        if position {
            let direction = if order.effect == Effect::Close { order.direction.opposite() } else { order.direction };
            self.tell_position(order.instrument, direction, out);
        }
        out.push(Output::Account(self.instruments[order.instrument].currency, true));
    }

    fn plan_for(&self, order: &Order) -> Plan {
        let other = match order.direction {
            Direction::Long => &self.floors[order.instrument].book.asks,
            Direction::Short | Direction::Net => &self.floors[order.instrument].book.bids,
        };
        let limit = match order.kind {
            OrderType::Market | OrderType::Stop => None,
            OrderType::Limit | OrderType::Fak | OrderType::Fok | OrderType::Rfq | OrderType::Etf => Some(order.price),
        };
        plan(other, order.direction, limit, order.rest())
    }

    fn other_side(&mut self, ix: Ix, direction: Direction) -> &mut [Row; DEPTH] {
        match direction {
            Direction::Long => &mut self.floors[ix].book.asks,
            Direction::Short | Direction::Net => &mut self.floors[ix].book.bids,
        }
    }

    pub(crate) fn queue(&mut self, ix: Ix, direction: Direction) -> &mut Resting {
        match direction {
            Direction::Long => &mut self.floors[ix].bids,
            Direction::Short | Direction::Net => &mut self.floors[ix].asks,
        }
    }

    /// Whether it is a stop order that has not been triggered: those at work with that kind.
    pub(crate) fn waits(&self, order: &Order) -> bool {
        order.kind == OrderType::Stop
    }
}

/// Urgency of a resting price: smaller is better.
pub(crate) fn key(direction: Direction, price: Ticks) -> Ticks {
    match direction {
        Direction::Long => -price,
        Direction::Short | Direction::Net => price,
    }
}
