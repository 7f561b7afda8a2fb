//! Ends of days and of contracts.

use super::{Exchange, Fill, Order, Output};
use crate::instruments::{Currency, Ix, civil};
use crate::ledger::Take;
use crate::words::Note;
use domain::{Direction, Offset, Status, Text};

impl Exchange {
    /// Marks to market at the newest prices, makes today's positions yesterday's, cancels what is at work.
    pub(super) fn settle(&mut self, day: i64, out: &mut Vec<Output>) {
        let cancelled = self.cancel_all(|_| true, out);
        let mut gain = 0.0;
        for ix in 0..self.instruments.len() {
            if self.ledger.position(ix).is_flat() {
                continue;
            }
            let mark = self.mark(ix);
            // A position that never had a price in this run keeps its cost: there is nothing to mark it to.
            if mark > 0 {
                gain += self.ledger.settle(&self.instruments[ix], ix, mark);
                self.value(ix);
            }
            self.tell_held(ix, out);
        }
        self.ledger.add_up(&self.instruments);
        out.extend(Currency::ALL.map(|currency| Output::Account(currency, true)));
        let (year, month, date) = civil(self.day);
        self.day = day;
        out.push(Output::Note(Note::Settled(format!("{year:04}-{month:02}-{date:02}"), gain, cancelled)));
    }

    fn tell_held(&self, ix: Ix, out: &mut Vec<Output>) {
        if self.instruments[ix].nets() {
            return self.tell_position(ix, Direction::Net, out);
        }
        for direction in [Direction::Long, Direction::Short] {
            if self.ledger.position(ix).side(direction).volume() > 0 {
                self.tell_position(ix, direction, out);
            }
        }
    }

    /// Settles the position of an ended contract in cash at its last price; nobody can trade it any more.
    pub(super) fn expire(&mut self, now_us: i64, ix: Ix, out: &mut Vec<Output>) {
        if self.floors[ix].expired {
            return;
        }
        self.cancel_all(|order| order.instrument == ix, out);
        self.floors[ix].expired = true;
        if self.ledger.position(ix).is_flat() {
            return;
        }
        let instrument = self.instruments[ix].clone();
        let price = self.mark(ix);
        for held in [Direction::Long, Direction::Short] {
            let side = *self.ledger.position(ix).side(held);
            let take = Take::Close { yd: side.yd.volume, td: side.td.volume };
            if side.volume() == 0 {
                continue;
            }
            self.ledger.fill(&instrument, ix, held.opposite(), take, (price, side.volume()));
            out.push(Output::Trade(Box::new(Fill {
                id: self.next_trade,
                order: Text::from(format!("expiry-{}", instrument.symbol)),
                instrument: ix,
                direction: held.opposite(),
                offset: Offset::Close,
                price,
                volume: side.volume(),
                at_us: now_us,
            })));
            self.next_trade += 1;
            self.value(ix);
            self.tell_position(ix, held, out);
        }
        out.push(Output::Account(instrument.currency, true));
        out.push(Output::Note(Note::Expired(instrument.vt_symbol.0.clone(), instrument.price(price))));
    }

    fn cancel_all(&mut self, which: impl Fn(&Order) -> bool, out: &mut Vec<Output>) -> usize {
        let mut orders: Vec<(u64, Text)> =
            self.working.values().filter(|order| which(order)).map(|order| (order.seq, order.id.clone())).collect();
        orders.sort_unstable();
        for (_, id) in &orders {
            if let Some(order) = self.working.remove(id) {
                self.withdraw(order, Status::Cancelled, out);
            }
        }
        orders.len()
    }
}
