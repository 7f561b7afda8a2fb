//! What outlives a restart, and how the exchange takes it up again.

use super::{Effect, Exchange, Order, Quote};
use crate::instruments::{Ix, Steps};
use crate::ledger::{Account, Bucket};
use crate::matching::key;
use domain::{Direction, VtSymbol};

/// The durable state, as the store keeps it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Saved {
    /// Trading day that was running.
    pub day: i64,
    /// Number of the next fill.
    pub next_trade: u64,
    /// Deposit, realised profit and commission of each account, in the order of `Currency::ALL`.
    pub money: [(f64, f64, f64); 3],
    /// Positions.
    pub positions: Vec<SavedPosition>,
    /// Orders at work; their instruments are places in the exchange that takes them up.
    pub orders: Vec<Order>,
    /// Quotes at work.
    pub quotes: Vec<Quote>,
}

/// One side of a position.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedPosition {
    /// Instrument.
    pub vt_symbol: VtSymbol,
    /// Long or short.
    pub direction: Direction,
    /// Earlier days' volume and cost.
    pub yd: (Steps, f64),
    /// Today's volume and cost.
    pub td: (Steps, f64),
    /// Price at which it was last valued.
    pub mark: f64,
}

impl Exchange {
    /// Takes up saved state; every instrument in it must be listed already.
    pub fn restore(&mut self, saved: Saved) {
        self.day = saved.day;
        self.next_trade = saved.next_trade.max(1);
        for (account, money) in crate::instruments::Currency::ALL.into_iter().zip(saved.money) {
            *self.ledger.account_mut(account) =
                Account { realised: money.1, commission: money.2, ..Account::new(money.0) };
        }
        for row in saved.positions {
            let Some(ix) = self.find(&row.vt_symbol) else { continue };
            self.restore_position(ix, &row);
        }
        self.quotes.extend(saved.quotes.into_iter().map(|quote| (quote.id.clone(), quote)));
        let mut orders = saved.orders;
        orders.sort_by_key(|order| order.seq);
        for order in orders {
            self.restore_order(order);
        }
    }

    fn restore_position(&mut self, ix: Ix, row: &SavedPosition) {
        let side = self.ledger.position_mut(ix).side_mut(row.direction);
        side.yd = Bucket { volume: row.yd.0, cost: row.yd.1 };
        side.td = Bucket { volume: row.td.0, cost: row.td.1 };
        let floor = &mut self.floors[ix];
        if !floor.open {
            floor.snapshot.pre_close = self.instruments[ix].ticks(row.mark);
        }
        self.value(ix);
    }

    fn restore_order(&mut self, mut order: Order) {
        order.seq = self.next_seq;
        self.next_seq += 1;
        let (ix, direction) = (order.instrument, order.direction);
        if self.waits(&order) {
            self.floors[ix].stops.push(order.id.clone());
            self.working.insert(order.id.clone(), order);
            return;
        }
        if order.effect == Effect::Open {
            let instrument = &self.instruments[ix];
            let limit = instrument.price(order.price);
            order.unit_margin = crate::ledger::unit_margin(instrument, direction, limit, self.under_price(ix));
        }
        order.frozen = 0.0;
        self.freeze_position(&order, 1);
        self.queue(ix, direction).insert(key(direction, order.price), order.seq, order.id.clone());
        self.keep(order);
    }
}
