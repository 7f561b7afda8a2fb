//! What of the exchange's outputs must be durable.

use super::Session;
use crate::exchange::{Order, Output, SavedPosition};
use crate::instruments::{Currency, Ix};
use crate::store::{Changes, OrderAside};
use domain::Direction;

impl Session {
    /// Notes a change for the next commit.
    pub(super) fn note(&self, output: &Output, changes: &mut Changes) {
        changes.day = self.exchange.day();
        changes.next_trade = self.exchange.next_trade();
        let instruments = self.exchange.instruments();
        match output {
            Output::Order(order) => {
                changes.order(self.voice.order(order, &instruments[order.instrument]), aside(order));
            }
            Output::Refused(refused) => {
                let aside = OrderAside { at_us: refused.at_us, ..OrderAside::default() };
                changes.order(self.voice.refused(refused), aside);
            }
            Output::Trade(fill) => {
                changes.trades.push((self.voice.trade(fill, &instruments[fill.instrument]), fill.at_us));
            }
            Output::Position(ix, direction, true) => self.note_position(*ix, *direction, changes),
            Output::Account(_, true) => self.note_money(changes),
            Output::Quote(quote) => changes.quotes.push((self.voice.quote(quote), quote.at_us)),
            Output::Tick(_) | Output::Position(_, _, false) | Output::Account(_, false) | Output::Note(_) => {}
        }
    }

    pub(super) fn note_money(&self, changes: &mut Changes) {
        changes.day = self.exchange.day();
        changes.next_trade = self.exchange.next_trade();
        changes.money = Some(Currency::ALL.map(|currency| {
            let account = self.exchange.account(currency);
            (account.deposit, account.realised, account.commission)
        }));
    }

    fn note_position(&self, ix: Ix, direction: Direction, changes: &mut Changes) {
        let sides: &[Direction] = match direction {
            Direction::Long => &[Direction::Long],
            Direction::Short => &[Direction::Short],
            Direction::Net => &[Direction::Long, Direction::Short],
        };
        let instrument = &self.exchange.instruments()[ix];
        for direction in sides.iter().copied() {
            let side = self.exchange.position(ix).side(direction);
            let row = SavedPosition {
                vt_symbol: instrument.vt_symbol.clone(),
                direction,
                yd: (side.yd.volume, side.yd.cost),
                td: (side.td.volume, side.td.cost),
                mark: instrument.price(self.exchange.snapshot(ix).mark()),
            };
            changes.positions.insert((instrument.vt_symbol.clone(), direction), row);
        }
    }
}

fn aside(order: &Order) -> OrderAside {
    OrderAside {
        seq: order.seq,
        at_us: order.at_us,
        quote: order.quote.clone(),
        frozen_yd: order.frozen_yd,
        frozen_td: order.frozen_td,
        fee_due: order.fee_due,
        fee_paid: order.fee_paid,
    }
}
