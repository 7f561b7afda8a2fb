//! The login: from what is stored to an exchange that goes on, and everything told once.

use super::Session;
use super::market::Source;
use crate::exchange::{Exchange, Order, Quote, Saved};
use crate::gateway::SimConfig;
use crate::instruments::{Currency, Instrument, day_of, derive, listing};
use crate::market::replay::{Player, Tape};
use crate::settings::{Mode, Wanted};
use crate::store::{Changes, OrderAside, Store, StoreError, Stored};
use crate::translate::{Voice, effect_of};
use crate::words::Words;
use ::gateway::{Now, Report, Sink};
use domain::{Direction, OrderData, QuoteData, QuoteRequest, Status, VtSymbol};

impl Session {
    /// Lists the instruments and takes up what was stored; an account that never was is opened.
    pub(crate) fn open(
        config: &SimConfig,
        wanted: Wanted,
        now: Now,
        stored: Option<Stored>,
        changes: &mut Changes,
    ) -> Result<Session, Words> {
        let voice = Voice { name: config.name.clone(), language: wanted.language };
        let mut exchange = Exchange::new(day_of(now.unix_us), wanted.deposits);
        let source = match wanted.mode {
            Mode::Generated => {
                exchange.list(listing(now.unix_us));
                Source::generated(wanted.seed, wanted.rate)
            }
            Mode::Replay => {
                let mut tape = Tape::read(&wanted.recordings, now.unix_us).map_err(|fault| fault.words())?;
                exchange.list(std::mem::take(&mut tape.instruments));
                let places: Vec<usize> = (0..exchange.instruments().len()).collect();
                Source::Replay(Player::start(tape, &places, wanted.speed, wanted.again, now.monotonic_us))
            }
        };
        // While a recording is played, its own days decide.
        let settles_after = (wanted.mode == Mode::Generated).then(|| exchange.day());
        let mut session = Session {
            voice,
            zone: config.zone.clone(),
            exchange,
            source,
            subscribed: Vec::new(),
            profit_due_us: now.monotonic_us,
            settles_after,
            continued: false,
            outputs: Vec::new(),
        };
        match stored {
            Some(stored) => {
                session.take_up(now, stored)?;
                session.continued = true;
            }
            None => session.note_money(changes),
        }
        session.source.extend(session.exchange.instruments());
        Ok(session)
    }

    fn take_up(&mut self, now: Now, stored: Stored) -> Result<(), Words> {
        let Stored { day, next_trade, money, positions, orders, quotes, .. } = stored;
        for position in &positions {
            self.list_again(now, &position.vt_symbol)?;
        }
        let mut working = Vec::new();
        for (data, aside) in orders.into_iter().filter(|(data, _)| data.is_active()) {
            self.list_again(now, &data.vt_symbol)?;
            working.extend(self.order_again(&data, aside));
        }
        let quotes = quotes.into_iter().filter(|quote| quote.status.is_active());
        let quotes = quotes.map(|quote| quote_again(quote, &working)).collect();
        self.settles_after = self.settles_after.map(|_| day);
        self.exchange.restore(Saved { day, next_trade, money, positions, orders: working, quotes });
        Ok(())
    }

    /// An instrument that has left the list still exists while somebody holds it.
    fn list_again(&mut self, now: Now, vt_symbol: &VtSymbol) -> Result<(), Words> {
        if self.exchange.find(vt_symbol).is_some() {
            return Ok(());
        }
        let rebuilt: Option<Instrument> =
            vt_symbol.split().and_then(|(symbol, exchange)| derive(symbol, exchange, now.unix_us));
        let Some(instrument) = rebuilt else {
            return Err(Words::new(
                format!("数据库中有未知合约{vt_symbol}的持仓或委托"),
                format!("the database holds a position or an order of {vt_symbol}, which is unknown here"),
            ));
        };
        self.exchange.list([instrument]);
        Ok(())
    }

    fn order_again(&self, data: &OrderData, aside: OrderAside) -> Option<Order> {
        let ix = self.exchange.find(&data.vt_symbol)?;
        let instrument = &self.exchange.instruments()[ix];
        let direction = data.direction?;
        Some(Order {
            id: data.orderid.clone(),
            instrument: ix,
            direction,
            kind: data.order_type,
            offset: data.offset,
            effect: effect_of(instrument, direction, data.offset),
            price: instrument.ticks(data.price),
            volume: instrument.steps(data.volume),
            traded: instrument.steps(data.traded),
            status: data.status,
            at_us: aside.at_us,
            reference: data.reference.clone(),
            refusal: None,
            quote: aside.quote,
            seq: aside.seq,
            frozen_yd: aside.frozen_yd,
            frozen_td: aside.frozen_td,
            frozen: 0.0,
            unit_margin: 0.0,
            fee_due: aside.fee_due,
            fee_paid: aside.fee_paid,
        })
    }

    /// Tells everything once, and settles what became due while nobody was here.
    pub(crate) fn introduce(
        &mut self,
        now: Now,
        store: &mut Store,
        changes: &mut Changes,
        out: &mut dyn Sink,
    ) -> Result<(), Words> {
        for instrument in self.exchange.instruments() {
            out.report(Report::Contract(Box::new(self.voice.contract(instrument))));
        }
        if day_of(now.unix_us) > self.exchange.day() {
            self.end_day(now, changes, out);
        }
        self.expire_ended(now, changes, out);
        for ix in self.exchange.engaged() {
            self.watch(now, ix, changes, out);
        }
        for currency in Currency::ALL {
            out.report(Report::Account(Box::new(self.voice.account(&self.exchange, currency))));
        }
        for ix in self.exchange.engaged() {
            self.tell_sides(ix, out);
        }
        let failed = |error: StoreError| Words::new(error.whole(), error.whole());
        store.commit(changes).map_err(failed)?;
        let stored = store.load(&self.voice.name).map_err(failed)?;
        for (order, _) in stored.as_ref().map_or(&[][..], |stored| &stored.orders) {
            out.report(Report::Order(Box::new(order.clone())));
        }
        let (trades, quotes) = stored.map_or((Vec::new(), Vec::new()), |stored| (stored.trades, stored.quotes));
        trades.into_iter().for_each(|trade| out.report(Report::Trade(Box::new(trade))));
        quotes.into_iter().for_each(|quote| out.report(Report::Quote(Box::new(quote))));
        Ok(())
    }

    fn tell_sides(&self, ix: usize, out: &mut dyn Sink) {
        let position = self.exchange.position(ix);
        if self.exchange.instruments()[ix].nets() {
            if !position.is_flat() {
                out.report(Report::Position(Box::new(self.voice.position(&self.exchange, ix, Direction::Net))));
            }
            return;
        }
        for direction in [Direction::Long, Direction::Short] {
            if position.side(direction).volume() > 0 {
                out.report(Report::Position(Box::new(self.voice.position(&self.exchange, ix, direction))));
            }
        }
    }
}

/// A quote as it was, its legs as their orders stand; a leg that is not at work any more has ended.
fn quote_again(data: QuoteData, working: &[Order]) -> Quote {
    let mut quote = Quote {
        id: data.quoteid.clone(),
        request: QuoteRequest {
            symbol: data.symbol,
            exchange: data.exchange,
            bid: data.bid,
            ask: data.ask,
            reference: data.reference,
        },
        at_us: data.datetime.map_or(0, |at| at.unix_micros()),
        status: data.status,
        legs: [(Status::AllTraded, 0); 2],
    };
    for (leg, id) in quote.leg_ids().into_iter().enumerate() {
        if let Some(order) = working.iter().find(|order| order.id == id) {
            quote.legs[leg] = (order.status, order.traded);
        }
    }
    quote
}
