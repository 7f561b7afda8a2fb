//! One turn of the engine: the books first, then the handlers, then the world.
//!
//! A handler therefore always reads what it is told. Commands that handlers ask for are carried out within the
//! same turn, up to [`COMMANDS_PER_TURN`], so that two handlers that answer each other cannot stop the process.

use crate::bus::Bus;
use crate::{Answer, Command, Context, Effect, Event, Filter, Handler, Input, Oms, Query, Token, VenueCommand};
use domain::status::Step;
use domain::{DateTime, Language, LogData, OrderData, OrderRequest, QuoteRequest, Text, VtOrderId, VtQuoteId};
use std::sync::Arc;

/// Commands that handlers may cause within one turn; more are dropped with a log line. A strategy that wants
/// thousands of orders out of one tick is a bug, and the venue would think so too.
const COMMANDS_PER_TURN: usize = 10_000;

/// What the engine has to know before it starts.
#[derive(Clone, Debug)]
pub struct Config {
    /// Gateways that exist; a command for another one is refused.
    pub gateways: Vec<Text>,
    /// Stands before the counter in order ids; new at each start, so that ids are unique over restarts.
    pub session: Text,
    /// Language of log texts.
    pub language: Language,
    /// Zone of log times.
    pub zone: Text,
}

/// The engine.
pub struct Engine {
    config: Config,
    oms: Oms,
    bus: Bus,
    last_id: u64,
    wishes: Vec<Command>,
}

impl Engine {
    /// An engine with empty books.
    pub fn new(config: Config) -> Engine {
        Engine { config, oms: Oms::default(), bus: Bus::default(), last_id: 0, wishes: Vec::new() }
    }

    /// The books.
    pub fn oms(&self) -> &Oms {
        &self.oms
    }

    /// Hangs a handler on the bus.
    pub fn register(&mut self, filters: &[Filter], handler: Box<dyn Handler>) {
        self.bus.register(filters, handler);
    }

    /// The one door: takes what happened at that moment (microseconds since 1970 UTC), adds what is to be done.
    pub fn turn(&mut self, now_us: i64, input: Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Tick(tick) => {
                self.oms.ticks.put(&tick.vt_symbol, Arc::clone(&tick));
                self.emit(now_us, Event::Tick(tick), effects);
            }
            Input::Order(report) => self.on_order(now_us, &report, effects),
            Input::Trade(trade) => {
                if self.oms.on_trade(&trade) {
                    self.emit(now_us, Event::Trade(trade), effects);
                }
            }
            Input::Position(position) => {
                self.oms.on_position(&position);
                self.emit(now_us, Event::Position(position), effects);
            }
            Input::Account(account) => {
                self.oms.accounts.put(&account.vt_accountid, Arc::clone(&account));
                self.emit(now_us, Event::Account(account), effects);
            }
            Input::Quote(quote) => {
                self.oms.quotes.put(&quote.vt_quoteid, Arc::clone(&quote));
                self.emit(now_us, Event::Quote(quote), effects);
            }
            Input::Contract(contract) => {
                self.oms.on_contract(&contract);
                self.emit(now_us, Event::Contract(contract), effects);
            }
            Input::Log(line) => self.emit(now_us, Event::Log(line), effects),
            Input::Timer => self.emit(now_us, Event::Timer, effects),
            Input::History { token, bars } => effects.push(Effect::Reply { token, answer: Answer::Bars(bars) }),
            Input::Command { token, command } => {
                if let Some(answer) = self.command(now_us, Some(token), command, effects) {
                    effects.push(Effect::Reply { token, answer });
                }
            }
        }
        self.grant_wishes(now_us, effects);
    }

    fn on_order(&mut self, now_us: i64, report: &Arc<OrderData>, effects: &mut Vec<Effect>) {
        match self.oms.on_order(report) {
            Ok(order) => self.emit(now_us, Event::Order(order), effects),
            Err(Step::Refused) => {
                let text = match self.config.language {
                    Language::Zh => format!("委托{}已结束，忽略状态更新：{}", report.vt_orderid, report.status.name()),
                    Language::En => {
                        format!("Order {} has ended, ignored report {}", report.vt_orderid, report.status.name())
                    }
                };
                self.log(now_us, &report.gateway_name, text, effects);
            }
            Err(Step::Stale | Step::Apply) => {}
        }
    }

    /// Carries out a command; `None` where the answer comes later.
    fn command(
        &mut self,
        now_us: i64,
        token: Option<Token>,
        command: Command,
        effects: &mut Vec<Effect>,
    ) -> Option<Answer> {
        match command {
            Command::Query(query) => return Some(self.query(&query)),
            Command::SendOrder { request, gateway } => {
                let id = self.send_order(now_us, request, &gateway, effects);
                return Some(Answer::Order(id));
            }
            Command::SendQuote { request, gateway } => {
                return Some(Answer::Quote(self.send_quote(now_us, request, &gateway, effects)));
            }
            Command::QueryHistory { request, gateway } => {
                let Some(token) = token else { return Some(Answer::Bars(Ok(Vec::new()))) };
                if !self.has_gateway(now_us, &gateway, effects) {
                    return Some(Answer::Bars(Ok(Vec::new())));
                }
                effects.push(Effect::Venue { gateway, command: VenueCommand::QueryHistory { token, request } });
                return None;
            }
            Command::Subscribe { request, gateway } => {
                self.pass_on(now_us, gateway, VenueCommand::Subscribe(request), effects);
            }
            Command::CancelOrder { request, gateway } => {
                self.pass_on(now_us, gateway, VenueCommand::CancelOrder(request), effects);
            }
            Command::CancelQuote { request, gateway } => {
                self.pass_on(now_us, gateway, VenueCommand::CancelQuote(request), effects);
            }
        }
        Some(Answer::Done)
    }

    fn send_order(
        &mut self,
        now_us: i64,
        request: OrderRequest,
        gateway: &Text,
        effects: &mut Vec<Effect>,
    ) -> Option<VtOrderId> {
        if !self.has_gateway(now_us, gateway, effects) {
            return None;
        }
        let orderid = self.next_id();
        let order = Arc::new(request.to_order(&orderid, gateway));
        let vt_orderid = order.vt_orderid.clone();
        self.on_order(now_us, &order, effects);
        effects.push(Effect::Venue { gateway: gateway.clone(), command: VenueCommand::SendOrder { orderid, request } });
        Some(vt_orderid)
    }

    fn send_quote(
        &mut self,
        now_us: i64,
        request: QuoteRequest,
        gateway: &Text,
        effects: &mut Vec<Effect>,
    ) -> Option<VtQuoteId> {
        if !self.has_gateway(now_us, gateway, effects) {
            return None;
        }
        let quoteid = self.next_id();
        let id = VtQuoteId::new(gateway, &quoteid);
        effects.push(Effect::Venue { gateway: gateway.clone(), command: VenueCommand::SendQuote { quoteid, request } });
        Some(id)
    }

    fn pass_on(&mut self, now_us: i64, gateway: Text, command: VenueCommand, effects: &mut Vec<Effect>) {
        if self.has_gateway(now_us, &gateway, effects) {
            effects.push(Effect::Venue { gateway, command });
        }
    }

    fn has_gateway(&mut self, now_us: i64, gateway: &Text, effects: &mut Vec<Effect>) -> bool {
        let known = self.config.gateways.contains(gateway);
        if !known {
            let text = match self.config.language {
                Language::Zh => format!("找不到底层接口：{gateway}"),
                Language::En => format!("Gateway not found: {gateway}"),
            };
            self.log(now_us, &Text::const_new("MainEngine"), text, effects);
        }
        known
    }

    fn query(&self, query: &Query) -> Answer {
        let oms = &self.oms;
        match query {
            Query::Tick(id) => Answer::Tick(oms.ticks.get(id.as_str()).cloned()),
            Query::Order(id) => Answer::OrderData(oms.orders.get(id.as_str()).cloned()),
            Query::Trade(id) => {
                Answer::Trade(oms.trades.rows().iter().find(|trade| trade.vt_tradeid.as_str() == id).cloned())
            }
            Query::Position(id) => Answer::Position(oms.positions.get(id.as_str()).cloned()),
            Query::Account(id) => Answer::Account(oms.accounts.get(id.as_str()).cloned()),
            Query::Contract(id) => Answer::Contract(oms.contracts.get(id.as_str()).cloned()),
            Query::Ticks => Answer::Ticks(oms.ticks.rows().to_vec()),
            Query::Orders => Answer::Orders(oms.orders.rows().to_vec()),
            Query::ActiveOrders => Answer::Orders(oms.active_orders()),
            Query::Trades => Answer::Trades(oms.trades.rows().to_vec()),
            Query::Positions => Answer::Positions(oms.positions.rows().to_vec()),
            Query::Accounts => Answer::Accounts(oms.accounts.rows().to_vec()),
            Query::Contracts => Answer::Contracts(oms.contracts.rows().to_vec()),
        }
    }

    fn emit(&mut self, now_us: i64, event: Event, effects: &mut Vec<Effect>) {
        let mut context = Context { now_us, oms: &self.oms, commands: &mut self.wishes };
        self.bus.dispatch(&mut context, &event);
        effects.push(Effect::Publish(event));
    }

    fn log(&mut self, now_us: i64, source: &Text, msg: String, effects: &mut Vec<Effect>) {
        let time = DateTime::from_unix_micros(now_us, &self.config.zone).map(|at| DateTime::naive(at.civil));
        let line = LogData { gateway_name: source.clone(), msg, level: 20, time };
        self.emit(now_us, Event::Log(Arc::new(line)), effects);
    }

    fn grant_wishes(&mut self, now_us: i64, effects: &mut Vec<Effect>) {
        let mut granted = 0;
        while !self.wishes.is_empty() {
            for command in std::mem::take(&mut self.wishes) {
                granted += 1;
                if granted > COMMANDS_PER_TURN {
                    self.wishes.clear();
                    let text = "handlers asked for more commands than one turn may have; the rest was dropped";
                    self.log(now_us, &Text::const_new("Engine"), text.to_owned(), effects);
                    self.wishes.clear();
                    return;
                }
                self.command(now_us, None, command, effects);
            }
        }
    }

    /// Session and counter, without a dot, because VeighNa splits ids at dots.
    fn next_id(&mut self) -> Text {
        self.last_id += 1;
        compact_str::format_compact!("{}_{}", self.config.session, self.last_id)
    }
}
