//! Two-sided quotes: a bid and an ask order under one id. Each leg trades for itself; the quote tells their sum.

use super::order::leg_id;
use super::{Exchange, Order, Output, Quote};
use crate::words::{Note, Refusal};
use domain::{Direction, OrderRequest, OrderType, QuoteRequest, QuoteSide, Status, Text, VtSymbol};

impl Exchange {
    pub(super) fn take_quote(&mut self, now_us: i64, id: Text, request: QuoteRequest, out: &mut Vec<Output>) {
        let sides = [(Direction::Long, request.bid), (Direction::Short, request.ask)];
        // A side without volume is left out; anything else is for the checks of an order to judge.
        let asked = |side: &QuoteSide| side.volume.is_nan() || side.volume.abs() > 0.0;
        let leg = |side: QuoteSide| if asked(&side) { Status::Submitting } else { Status::AllTraded };
        let quote = Quote {
            id: id.clone(),
            request: request.clone(),
            at_us: now_us,
            status: Status::Submitting,
            legs: [(leg(request.bid), 0), (leg(request.ask), 0)],
        };
        if !asked(&request.bid) && !asked(&request.ask) {
            let refusal = Refusal::VolumeNotPositive(0.0);
            out.push(Output::Note(Note::Refused(id, VtSymbol::new(&request.symbol, request.exchange).0, refusal)));
            return out.push(Output::Quote(Box::new(Quote { status: Status::Rejected, ..quote })));
        }
        self.quotes.insert(id.clone(), quote);
        for (index, (direction, side)) in sides.into_iter().enumerate().filter(|(_, (_, side))| asked(side)) {
            let order = OrderRequest {
                forms: domain::NumberForms::default(),
                symbol: request.symbol.clone(),
                exchange: request.exchange,
                direction,
                order_type: OrderType::Limit,
                volume: side.volume,
                price: side.price,
                offset: side.offset,
                reference: request.reference.clone(),
            };
            let leg = leg_id(&id, index);
            if let Err(refusal) = self.try_order(now_us, &leg, &order, Some(id.clone()), out) {
                self.refuse(now_us, leg, &order, refusal, out);
                self.leg_is(&id, index, (Status::Rejected, 0), out);
            }
        }
    }

    pub(super) fn cancel_quote(&mut self, id: &Text, out: &mut Vec<Output>) {
        let Some(quote) = self.quotes.get(id) else {
            out.push(Output::Note(Note::NothingToCancel(id.clone())));
            return;
        };
        for leg in quote.leg_ids() {
            if self.working.contains_key(&leg) {
                self.cancel(&leg, out);
            }
        }
    }

    /// An order of a quote has changed.
    pub(crate) fn leg_changed(&mut self, order: &Order, out: &mut Vec<Output>) {
        let Some(id) = order.quote.clone() else { return };
        let index = usize::from(order.direction == Direction::Short);
        self.leg_is(&id, index, (order.status, order.traded), out);
    }

    fn leg_is(&mut self, id: &Text, index: usize, state: (Status, i64), out: &mut Vec<Output>) {
        let Some(quote) = self.quotes.get_mut(id) else { return };
        quote.legs[index] = state;
        quote.status = quote.status_of_legs();
        out.push(Output::Quote(Box::new(quote.clone())));
        if !quote.status.is_active() {
            self.quotes.remove(id);
        }
    }
}
