//! One turn of the engine: the books first, then the handlers, then the world.
//!
//! A handler therefore always reads what it is told. Commands that handlers ask for are carried out within the
//! same turn, up to [`COMMANDS_PER_TURN`], so that two handlers that answer each other cannot stop the process.

use crate::bus::Bus;
use crate::{Answer, Command, Context, Effect, Event, Filter, Handler, Input, Oms, Token, VenueCommand};
use domain::status::Step;
use domain::{DateTime, GatewayInfo, Language, LogData, OrderData, QuoteData, Text, TradingState};
use std::sync::Arc;

/// Commands that handlers may cause within one turn; more are dropped with a log line. A strategy that wants
/// thousands of orders out of one tick is a bug, and the venue would think so too.
const COMMANDS_PER_TURN: usize = 10_000;

/// What the engine has to know before it starts.
#[derive(Clone, Debug)]
pub struct Config {
    /// Gateways that exist; a command for another one is refused.
    pub gateways: Vec<Arc<GatewayInfo>>,
    /// Stands before the counter in order ids; new at each start, so that ids are unique over restarts.
    pub session: Text,
    /// Language of log texts.
    pub language: Language,
    /// Zone of log times.
    pub zone: Text,
    /// What new orders may do at the start: what was kept last.
    pub trading_state: TradingState,
}

/// Level of Python's `logging.INFO`.
const INFO: i32 = 20;

/// The engine.
pub struct Engine {
    config: Config,
    oms: Oms,
    bus: Bus,
    last_id: u64,
    wishes: Vec<Command>,
    gateways: Vec<Arc<GatewayInfo>>,
    trading_state: TradingState,
}

impl Engine {
    /// An engine with empty books.
    pub fn new(config: Config) -> Engine {
        let gateways = config.gateways.clone();
        let trading_state = config.trading_state;
        let (oms, bus) = (Oms::default(), Bus::default());
        Engine { config, oms, bus, last_id: 0, wishes: Vec::new(), gateways, trading_state }
    }

    /// The books.
    pub fn oms(&self) -> &Oms {
        &self.oms
    }

    /// What new orders may do.
    pub fn trading_state(&self) -> TradingState {
        self.trading_state
    }

    /// The gateways, in the order of the configuration.
    pub fn gateways(&self) -> &[Arc<GatewayInfo>] {
        &self.gateways
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
                if self.oms.on_trade(now_us, &trade) {
                    self.emit(now_us, Event::Trade(trade), effects);
                }
            }
            Input::Position(position) => {
                self.oms.on_position(now_us, &position);
                self.emit(now_us, Event::Position(position), effects);
            }
            Input::Account(account) => {
                self.oms.accounts.put(&account.vt_accountid, Arc::clone(&account));
                self.emit(now_us, Event::Account(account), effects);
            }
            Input::Quote(quote) => self.on_quote(now_us, quote, effects),
            Input::Gateway(gateway) => self.on_gateway(now_us, gateway, effects),
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

    pub(crate) fn on_order(&mut self, now_us: i64, report: &Arc<OrderData>, effects: &mut Vec<Effect>) {
        match self.oms.on_order(now_us, report) {
            Ok(order) => self.emit(now_us, Event::Order(order), effects),
            Err(Step::Refused) => {
                let text = match self.config.language {
                    Language::Zh => format!("委托{}已结束，忽略状态更新：{}", report.vt_orderid, report.status.name()),
                    Language::En => {
                        format!("Order {} has ended, ignored report {}", report.vt_orderid, report.status.name())
                    }
                };
                self.log(now_us, &report.gateway_name, INFO, text, effects);
            }
            Err(Step::Stale | Step::Apply) => {}
        }
    }

    pub(crate) fn on_quote(&mut self, now_us: i64, quote: Arc<QuoteData>, effects: &mut Vec<Effect>) {
        self.oms.quotes.put(&quote.vt_quoteid, Arc::clone(&quote));
        self.emit(now_us, Event::Quote(quote), effects);
    }

    fn on_gateway(&mut self, now_us: i64, gateway: Arc<GatewayInfo>, effects: &mut Vec<Effect>) {
        let Some(slot) = self.gateways.iter_mut().find(|known| known.name == gateway.name) else { return };
        if *slot != gateway {
            slot.clone_from(&gateway);
            self.emit(now_us, Event::Gateway(gateway), effects);
        }
    }

    /// Another state is kept first, then everybody is told, then whoever asked for it.
    fn set_trading_state(&mut self, now_us: i64, state: TradingState, effects: &mut Vec<Effect>) {
        if state == self.trading_state {
            return;
        }
        self.trading_state = state;
        effects.push(Effect::KeepTradingState(state));
        self.emit(now_us, Event::TradingState(state), effects);
        let text = match self.config.language {
            Language::Zh => format!("交易状态改为{}（{}）", state.value(Language::Zh), state.name()),
            Language::En => format!("the trading state is {} now", state.name()),
        };
        self.log(now_us, &Text::const_new("MainEngine"), INFO, text, effects);
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
            Command::SetTradingState(state) => self.set_trading_state(now_us, state, effects),
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

    fn pass_on(&mut self, now_us: i64, gateway: Text, command: VenueCommand, effects: &mut Vec<Effect>) {
        if self.has_gateway(now_us, &gateway, effects) {
            effects.push(Effect::Venue { gateway, command });
        }
    }

    pub(crate) fn has_gateway(&mut self, now_us: i64, gateway: &Text, effects: &mut Vec<Effect>) -> bool {
        let known = self.gateways.iter().any(|known| known.name == *gateway);
        if !known {
            let text = match self.config.language {
                Language::Zh => format!("找不到底层接口：{gateway}"),
                Language::En => format!("Gateway not found: {gateway}"),
            };
            self.log(now_us, &Text::const_new("MainEngine"), INFO, text, effects);
        }
        known
    }

    fn emit(&mut self, now_us: i64, event: Event, effects: &mut Vec<Effect>) {
        let mut context = Context { now_us, oms: &self.oms, commands: &mut self.wishes };
        self.bus.dispatch(&mut context, &event);
        effects.push(Effect::Publish(event));
    }

    pub(crate) fn log(&mut self, now_us: i64, source: &Text, level: i32, msg: String, effects: &mut Vec<Effect>) {
        let time = DateTime::from_unix_micros(now_us, &self.config.zone).map(|at| DateTime::naive(at.civil));
        let line = LogData { gateway_name: source.clone(), msg, level, time };
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
                    self.log(now_us, &Text::const_new("Engine"), INFO, text.to_owned(), effects);
                    self.wishes.clear();
                    return;
                }
                self.command(now_us, None, command, effects);
            }
        }
    }

    pub(crate) fn language(&self) -> Language {
        self.config.language
    }

    pub(crate) fn zone(&self) -> &str {
        &self.config.zone
    }

    /// Session and counter, without a dot, because VeighNa splits ids at dots.
    pub(crate) fn next_id(&mut self) -> Text {
        self.last_id += 1;
        compact_str::format_compact!("{}_{}", self.config.session, self.last_id)
    }
}
