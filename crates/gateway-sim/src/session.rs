//! One login: the exchange, the market that drives it, and what was asked for.
//!
//! A command becomes inputs of the exchange; its outputs become reports and, where they must outlive the process,
//! changes for the store. Time decides only when the market is looked at next.

mod history;
mod journal;
mod market;
mod start;

use crate::exchange::{Exchange, Input, Output};
use crate::gateway::Reporter;
use crate::instruments::{Ix, day_of, end_of_day, listing};
use crate::limits::PROFIT_INTERVAL_US;
use crate::store::Changes;
use crate::translate::Voice;
use crate::words::{Refusal, Words};
use ::gateway::{Command, LinkState, Now, Report, Sink};
use domain::{SubscribeRequest, Text, VtSymbol};
use market::Source;

/// A login.
pub(crate) struct Session {
    voice: Voice,
    zone: Text,
    exchange: Exchange,
    source: Source,
    /// Whether an instrument's ticks are reported.
    subscribed: Vec<bool>,
    profit_due_us: u64,
    /// Trading day after whose end the next settlement is due; none while recordings decide.
    settles_after: Option<i64>,
    /// Whether the account was there before.
    continued: bool,
    outputs: Vec<Output>,
}

impl Session {
    pub(crate) fn command(&mut self, now: Now, command: Command, changes: &mut Changes, out: &mut dyn Sink) {
        match command {
            Command::Subscribe(request) => self.subscribe(now, &request, changes, out),
            Command::SendOrder { orderid, request } => {
                self.engage(now, &request.vt_symbol(), changes, out);
                self.step(now, Input::Order(orderid, request), changes, out);
            }
            Command::CancelOrder(request) => self.step(now, Input::Cancel(request.orderid), changes, out),
            Command::SendQuote { quoteid, request } => {
                self.engage(now, &VtSymbol::new(&request.symbol, request.exchange), changes, out);
                self.step(now, Input::Quote(quoteid, request), changes, out);
            }
            Command::CancelQuote(request) => self.step(now, Input::CancelQuote(request.orderid), changes, out),
            Command::QueryHistory { token, request } => {
                let bars = self.history(now, &request).map_err(|words| words.get(self.voice.language).to_owned());
                out.report(Report::History { token, bars });
            }
            Command::Settle => self.settle_now(now, changes, out),
            Command::Connect(_) | Command::Close => {}
        }
    }

    pub(crate) fn subscribe(
        &mut self,
        now: Now,
        request: &SubscribeRequest,
        changes: &mut Changes,
        out: &mut dyn Sink,
    ) {
        let vt_symbol = request.vt_symbol();
        let Some(ix) = self.exchange.find(&vt_symbol) else {
            let why = Refusal::UnknownContract(vt_symbol.0).words();
            let words = Words::new(format!("行情订阅失败：{}", why.zh), format!("cannot subscribe: {}", why.en));
            return self.log(now, 30, &words, out);
        };
        self.subscribed.resize(self.exchange.instruments().len(), false);
        if std::mem::replace(&mut self.subscribed[ix], true) {
            return;
        }
        let runs = self.exchange.has_market(ix);
        self.watch(now, ix, changes, out);
        if runs {
            self.tell(now, Output::Tick(ix), out);
        }
    }

    /// Lets the market of that instrument run, so that an order finds a book and a position a price.
    fn engage(&mut self, now: Now, vt_symbol: &VtSymbol, changes: &mut Changes, out: &mut dyn Sink) {
        if let Some(ix) = self.exchange.find(vt_symbol) {
            self.watch(now, ix, changes, out);
        }
    }

    fn watch(&mut self, now: Now, ix: Ix, changes: &mut Changes, out: &mut dyn Sink) {
        let under = self.exchange.underlying(ix);
        for ix in under.into_iter().chain([ix]) {
            if let Some(snapshot) = self.source.watch(self.exchange.instruments(), ix, now) {
                self.step(now, Input::Market(ix, Box::new(snapshot)), changes, out);
            }
        }
    }

    pub(crate) fn wake(&mut self, now: Now, changes: &mut Changes, out: &mut dyn Sink) -> Option<u64> {
        if self.settles_after.is_some_and(|day| day_of(now.unix_us) > day) {
            self.end_day(now, changes, out);
        }
        self.let_market_run(now, changes, out);
        if now.monotonic_us >= self.profit_due_us {
            self.profit_due_us = now.monotonic_us + PROFIT_INTERVAL_US;
            self.step(now, Input::Profit, changes, out);
        }
        let settlement = self.settles_after.map(|day| {
            let left = (end_of_day(day) - now.unix_us).max(0) as u64;
            now.monotonic_us + left
        });
        [self.source.due(), Some(self.profit_due_us), settlement].into_iter().flatten().min()
    }

    /// Settles now instead of at the day's end: marks to market, cancels what is at work, makes today's positions
    /// yesterday's. The trading day keeps its number if it is not over yet.
    fn settle_now(&mut self, now: Now, changes: &mut Changes, out: &mut dyn Sink) {
        self.step(now, Input::Settle(day_of(now.unix_us).max(self.exchange.day())), changes, out);
    }

    fn let_market_run(&mut self, now: Now, changes: &mut Changes, out: &mut dyn Sink) {
        let mut played = Vec::new();
        self.source.run(self.exchange.instruments(), now, &mut played);
        for event in played {
            match event {
                market::Played::Snapshot(ix, snapshot) => {
                    self.step(now, Input::Market(ix, snapshot), changes, out);
                }
                market::Played::DayEnds => self.settle_now(now, changes, out),
                market::Played::Says(words) => self.log(now, 20, &words, out),
            }
        }
    }

    /// The day is over: prices of its last moment, settlement, contracts that ended, contracts that are new.
    fn end_day(&mut self, now: Now, changes: &mut Changes, out: &mut dyn Sink) {
        let moment = end_of_day(day_of(now.unix_us) - 1) - 1;
        let began = end_of_day(self.exchange.day() - 1);
        for ix in self.exchange.engaged() {
            let expiry = self.exchange.instruments()[ix].expiry_us.unwrap_or(i64::MAX);
            // One that ended before this day began was held from a recording: its last price stands.
            if expiry <= began {
                continue;
            }
            if let Some(snapshot) = self.source.at(self.exchange.instruments(), ix, moment.min(expiry - 1)) {
                self.step(now, Input::Market(ix, Box::new(snapshot)), changes, out);
            }
        }
        self.settle_now(now, changes, out);
        if self.settles_after.is_none() {
            return;
        }
        self.settles_after = Some(day_of(now.unix_us));
        self.expire_ended(now, changes, out);
        for ix in self.exchange.list(listing(now.unix_us)) {
            out.report(Report::Contract(Box::new(self.voice.contract(&self.exchange.instruments()[ix]))));
        }
        self.source.extend(self.exchange.instruments());
    }

    /// Closes the contracts whose last day is over. A recording's contracts live on.
    fn expire_ended(&mut self, now: Now, changes: &mut Changes, out: &mut dyn Sink) {
        if self.settles_after.is_none() {
            return;
        }
        for ix in self.exchange.ended(now.unix_us) {
            self.step(now, Input::Expire(ix), changes, out);
        }
    }

    /// Lets one thing happen and tells what came of it.
    fn step(&mut self, now: Now, input: Input, changes: &mut Changes, out: &mut dyn Sink) {
        let mut outputs = std::mem::take(&mut self.outputs);
        self.exchange.step(now.unix_us, input, &mut outputs);
        for output in outputs.drain(..) {
            self.note(&output, changes);
            self.tell(now, output, out);
        }
        self.outputs = outputs;
    }

    fn tell(&self, now: Now, output: Output, out: &mut dyn Sink) {
        let instruments = self.exchange.instruments();
        match output {
            Output::Tick(ix) => {
                if self.subscribed.get(ix) == Some(&true) {
                    let tick = self.voice.tick(&instruments[ix], self.exchange.snapshot(ix), now.unix_us);
                    out.report(Report::Tick(Box::new(tick)));
                }
            }
            Output::Order(order) => {
                out.report(Report::Order(Box::new(self.voice.order(&order, &instruments[order.instrument]))));
            }
            Output::Refused(refused) => out.report(Report::Order(Box::new(self.voice.refused(&refused)))),
            Output::Trade(fill) => {
                out.report(Report::Trade(Box::new(self.voice.trade(&fill, &instruments[fill.instrument]))));
            }
            Output::Position(ix, direction, _) => {
                out.report(Report::Position(Box::new(self.voice.position(&self.exchange, ix, direction))));
            }
            Output::Account(currency, _) => {
                out.report(Report::Account(Box::new(self.voice.account(&self.exchange, currency))));
            }
            Output::Quote(quote) => out.report(Report::Quote(Box::new(self.voice.quote(&quote)))),
            Output::Note(note) => self.log(now, note.level(), &note.words(), out),
        }
    }

    fn log(&self, now: Now, level: i32, words: &Words, out: &mut dyn Sink) {
        Reporter { voice: &self.voice, zone: &self.zone, now, out }.log(level, words);
    }

    /// What an instrument last traded at.
    #[cfg(test)]
    pub(crate) fn last_of(&self, symbol: &str, exchange: domain::Exchange) -> Option<f64> {
        let ix = self.exchange.find(&VtSymbol::new(symbol, exchange))?;
        self.exchange.has_market(ix).then(|| self.exchange.instruments()[ix].price(self.exchange.snapshot(ix).last))
    }

    /// Says that all is told.
    pub(crate) fn announce(&self, now: Now, out: &mut dyn Sink) {
        let count = self.exchange.instruments().len();
        let words = Words::new(format!("合约信息查询成功，共{count}个合约"), format!("{count} contracts received"));
        self.log(now, 20, &words, out);
        if self.continued {
            let words = Words::new(
                "沿用数据库中的账户，初始资金设置不再生效",
                "the account in the database goes on; the form's initial balances are for a new one",
            );
            self.log(now, 20, &words, out);
        }
        self.log(now, 20, &Words::new("模拟交易所连接成功", "connected to the simulated exchange"), out);
        out.report(Report::Link(LinkState::Up));
    }
}
