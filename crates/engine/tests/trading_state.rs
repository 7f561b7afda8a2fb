//! Trading states: what passes, what the refused order says, and that REDUCING never makes a position larger.
#![allow(clippy::float_cmp, reason = "whole lots")]

use domain::{
    CancelRequest, ContractData, Direction, Exchange, GatewayInfo, GatewayState, Language, NumberForms, Offset,
    OrderData, OrderRequest, OrderType, PositionData, Product, QuoteRequest, QuoteSide, Status, Text, TradeData,
    TradingState, VtOrderId, VtPositionId, VtSymbol, VtTradeId,
};
use engine::{Answer, Command, Config, Effect, Engine, Event, Input, Query, Token, VenueCommand};
use proptest::prelude::*;
use std::collections::VecDeque;
use std::sync::Arc;

const NETS: &str = "BTCUSDT";
const SPLITS: &str = "rb2601";

fn engine(trading_state: TradingState, language: Language) -> Engine {
    let mut engine = Engine::new(Config {
        gateways: vec![Arc::new(GatewayInfo {
            name: Text::new("SIM"),
            state: Some(GatewayState::Up),
            reason: None,
            exchanges: Vec::new(),
            form: Vec::new(),
        })],
        session: Text::new("s1"),
        language,
        zone: Text::new("Asia/Shanghai"),
        trading_state,
    });
    for (symbol, nets) in [(NETS, true), (SPLITS, false)] {
        let mut contract = ContractData::new("SIM", symbol, Exchange::SHFE, symbol, Product::Futures);
        contract.net_position = nets;
        turn(&mut engine, Input::Contract(Arc::new(contract)));
    }
    engine
}

fn turn(engine: &mut Engine, input: Input) -> Vec<Effect> {
    let mut effects = Vec::new();
    engine.turn(1_767_576_600_000_000, input, &mut effects);
    effects
}

fn ask(engine: &mut Engine, command: Command) -> Vec<Effect> {
    turn(engine, Input::Command { token: Token(1), command })
}

fn request(symbol: &str, direction: Direction, offset: Offset, volume: f64) -> OrderRequest {
    OrderRequest {
        forms: NumberForms::default(),
        symbol: Text::new(symbol),
        exchange: Exchange::SHFE,
        direction,
        order_type: OrderType::Limit,
        volume,
        price: 3500.0,
        offset,
        reference: Text::new("me"),
    }
}

fn send(engine: &mut Engine, request: OrderRequest) -> Vec<Effect> {
    ask(engine, Command::SendOrder { request, gateway: Text::new("SIM") })
}

fn reached_venue(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Venue { .. }))
}

fn position(symbol: &str, direction: Direction, volume: f64) -> Input {
    let vt_symbol = VtSymbol::new(symbol, Exchange::SHFE);
    Input::Position(Arc::new(PositionData {
        gateway_name: Text::new("SIM"),
        symbol: Text::new(symbol),
        exchange: Exchange::SHFE,
        direction,
        volume,
        frozen: 0.0,
        price: 3500.0,
        pnl: 0.0,
        yd_volume: 0.0,
        vt_positionid: VtPositionId::new("SIM", &vt_symbol, direction, Language::En),
        vt_symbol,
        forms: NumberForms::default(),
        attributes: domain::Attributes::default(),
    }))
}

fn cancel(orderid: &str) -> Command {
    let request = CancelRequest { orderid: Text::new(orderid), symbol: Text::new(SPLITS), exchange: Exchange::SHFE };
    Command::CancelOrder { request, gateway: Text::new("SIM") }
}

#[test]
fn a_refused_order_is_a_rejected_order_with_a_log_that_names_the_state() {
    for (language, line) in [
        (Language::Zh, "委托SIM.s1_1被拒绝：交易状态为停止（HALTED），只允许撤单"),
        (Language::En, "order SIM.s1_1 refused: the trading state is HALTED: only cancels pass"),
    ] {
        let mut engine = engine(TradingState::Halted, language);
        let effects = send(&mut engine, request(SPLITS, Direction::Long, Offset::Close, 1.0));
        let [Effect::Publish(Event::Order(order)), Effect::Publish(Event::Log(log)), Effect::Reply { answer, .. }] =
            effects.as_slice()
        else {
            panic!("{effects:?}")
        };
        assert_eq!(order.status, Status::Rejected);
        assert_eq!(*answer, Answer::Order(Some(order.vt_orderid.clone())));
        assert!(format!("{:?}", order.attributes).contains("TRADING_STATE"));
        assert_eq!(log.msg, line);
        assert!(reached_venue(&ask(&mut engine, cancel("s1_1"))));
    }
}

#[test]
fn reducing_goes_by_offset_where_sides_are_apart_and_by_volume_where_they_net() {
    let mut engine = engine(TradingState::Reducing, Language::En);
    turn(&mut engine, position(NETS, Direction::Net, -3.0));
    let verdicts: Vec<bool> = [
        request(SPLITS, Direction::Long, Offset::Open, 1.0),
        request(SPLITS, Direction::Short, Offset::Close, 1.0),
        request(SPLITS, Direction::Short, Offset::CloseToday, 1.0),
        request(SPLITS, Direction::Short, Offset::CloseYesterday, 1.0),
        request(SPLITS, Direction::Short, Offset::None, 1.0),
        request(SPLITS, Direction::Short, Offset::Close, f64::NAN),
        request(NETS, Direction::Short, Offset::Close, 1.0),
        request(NETS, Direction::Long, Offset::Open, 2.0),
        request(NETS, Direction::Long, Offset::Close, 2.0),
        request(NETS, Direction::Long, Offset::None, 1.0),
        request(NETS, Direction::Long, Offset::None, 1.0),
        request("unknown", Direction::Short, Offset::Close, 1.0),
    ]
    .into_iter()
    .map(|request| reached_venue(&send(&mut engine, request)))
    .collect();
    let (yes, no) = (true, false);
    assert_eq!(verdicts, [no, yes, yes, yes, no, no, no, yes, no, yes, no, no]);
}

#[test]
fn a_quote_passes_only_where_both_its_sides_close() {
    let mut engine = engine(TradingState::Reducing, Language::En);
    let mut passes = |symbol: &str, bid: Offset, ask_offset: Offset| {
        let side = |offset| QuoteSide { price: 3500.0, volume: 1.0, offset };
        let request = QuoteRequest {
            symbol: Text::new(symbol),
            exchange: Exchange::SHFE,
            bid: side(bid),
            ask: side(ask_offset),
            reference: Text::default(),
        };
        let effects = ask(&mut engine, Command::SendQuote { request, gateway: Text::new("SIM") });
        let rejected = |effect: &Effect| matches!(effect, Effect::Publish(Event::Quote(quote)) if quote.status == Status::Rejected);
        assert_eq!(effects.iter().any(rejected), !reached_venue(&effects));
        reached_venue(&effects)
    };
    assert!(!passes(SPLITS, Offset::Open, Offset::Close));
    assert!(passes(SPLITS, Offset::Close, Offset::Close));
    assert!(!passes(NETS, Offset::Close, Offset::Close));
}

#[test]
fn a_new_state_is_kept_then_told_then_answered_and_the_same_one_changes_nothing() {
    let mut engine = engine(TradingState::Active, Language::En);
    let effects = ask(&mut engine, Command::SetTradingState(TradingState::Reducing));
    let [Effect::KeepTradingState(kept), Effect::Publish(Event::TradingState(told)), log, Effect::Reply { answer, .. }] =
        effects.as_slice()
    else {
        panic!("{effects:?}")
    };
    assert_eq!((*kept, *told, answer), (TradingState::Reducing, TradingState::Reducing, &Answer::Done));
    assert!(matches!(log, Effect::Publish(Event::Log(_))));
    let again = ask(&mut engine, Command::SetTradingState(TradingState::Reducing));
    assert_eq!(again, vec![Effect::Reply { token: Token(1), answer: Answer::Done }]);
    let effects = ask(&mut engine, Command::Query(Query::Snapshot));
    let [Effect::Reply { answer: Answer::Snapshot(snapshot), .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((snapshot.trading_state, snapshot.contracts.len()), (TradingState::Reducing, 2));
}

/// A venue of one netting and one splitting contract, whose reports are late, each kind by itself.
#[derive(Default)]
struct Venue {
    net: f64,
    long: f64,
    short: f64,
    working: Vec<OrderData>,
    orders: VecDeque<OrderData>,
    fills: VecDeque<TradeData>,
    positions: VecDeque<Input>,
    fill_count: u32,
}

impl Venue {
    fn take(&mut self, effects: &[Effect]) -> usize {
        let mut cancels = 0;
        for effect in effects {
            match effect {
                // Where sides are apart a venue wants to know which one is meant.
                Effect::Venue { command: VenueCommand::SendOrder { orderid, request }, .. }
                    if request.symbol == NETS || request.offset != Offset::None =>
                {
                    self.working.push(request.to_order(orderid, "SIM"));
                }
                Effect::Venue { command: VenueCommand::CancelOrder(request), .. } => {
                    cancels += 1;
                    if let Some(at) = self.working.iter().position(|order| order.orderid == request.orderid) {
                        let mut order = self.working.remove(at);
                        order.status = Status::Cancelled;
                        self.orders.push_back(order);
                    }
                }
                _ => {}
            }
        }
        cancels
    }

    /// Fills up to that much of an order; a closing one no further than what is held.
    fn fill(&mut self, at: usize, volume: f64) {
        let Some(mut order) = (!self.working.is_empty()).then(|| self.working.remove(at % self.working.len())) else {
            return;
        };
        let buys = order.direction == Some(Direction::Long);
        let sign = if buys { 1.0 } else { -1.0 };
        let mut volume = volume.min(order.remaining());
        let told = if order.symbol == NETS {
            self.net += sign * volume;
            position(NETS, Direction::Net, self.net)
        } else if order.offset.closes() {
            let side = if buys { &mut self.short } else { &mut self.long };
            volume = volume.min(*side);
            *side -= volume;
            position(SPLITS, if buys { Direction::Short } else { Direction::Long }, *side)
        } else {
            let side = if buys { &mut self.long } else { &mut self.short };
            *side += volume;
            position(SPLITS, if buys { Direction::Long } else { Direction::Short }, *side)
        };
        if volume > 0.0 {
            order.traded += volume;
            order.status = if order.remaining() > 0.0 { Status::PartTraded } else { Status::AllTraded };
            self.fill_count += 1;
            self.fills.push_back(fill(&order, volume, self.fill_count));
            self.orders.push_back(order.clone());
            self.positions.push_back(told);
        }
        if order.is_active() {
            self.working.push(order);
        }
    }

    fn report(&mut self, kind: u8) -> Option<Input> {
        match kind % 3 {
            0 => self.orders.pop_front().map(|order| Input::Order(Arc::new(order))),
            1 => self.fills.pop_front().map(|fill| Input::Trade(Arc::new(fill))),
            _ => self.positions.pop_front(),
        }
    }

    fn sizes(&self) -> [f64; 3] {
        [self.net.abs(), self.long, self.short]
    }
}

fn fill(order: &OrderData, volume: f64, number: u32) -> TradeData {
    let tradeid = Text::from(number.to_string());
    TradeData {
        gateway_name: order.gateway_name.clone(),
        symbol: order.symbol.clone(),
        exchange: order.exchange,
        orderid: order.orderid.clone(),
        vt_tradeid: VtTradeId::new("SIM", &tradeid),
        tradeid,
        direction: order.direction,
        offset: order.offset,
        price: order.price,
        volume,
        datetime: None,
        vt_symbol: order.vt_symbol.clone(),
        vt_orderid: VtOrderId::new("SIM", &order.orderid),
        forms: NumberForms::default(),
        attributes: domain::Attributes::default(),
    }
}

#[derive(Clone, Debug)]
enum Step {
    Send(bool, bool, usize, u8),
    Cancel(u8),
    Fill(usize, u8),
    Report(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (any::<bool>(), any::<bool>(), 0usize..5, 1u8..6).prop_map(|(a, b, c, d)| Step::Send(a, b, c, d)),
        1 => (1u8..40).prop_map(Step::Cancel),
        4 => (0usize..8, 1u8..6).prop_map(|(at, volume)| Step::Fill(at, volume)),
        6 => (0u8..3).prop_map(Step::Report),
    ]
}

fn play(engine: &mut Engine, venue: &mut Venue, step: Step) -> Result<(), TestCaseError> {
    match step {
        Step::Send(nets, buys, offset, volume) => {
            let symbol = if nets { NETS } else { SPLITS };
            let direction = if buys { Direction::Long } else { Direction::Short };
            let effects = send(engine, request(symbol, direction, Offset::ALL[offset], volume.into()));
            venue.take(&effects);
        }
        Step::Cancel(number) => {
            let effects = ask(engine, cancel(&format!("s1_{number}")));
            prop_assert_eq!(venue.take(&effects), 1, "a cancel did not pass");
        }
        Step::Fill(at, volume) => venue.fill(at, volume.into()),
        Step::Report(kind) => {
            if let Some(report) = venue.report(kind) {
                turn(engine, report);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn in_reducing_no_position_grows_and_cancels_always_pass(
        before in prop::collection::vec(step(), 0..60),
        after in prop::collection::vec(step(), 1..120),
    ) {
        let mut engine = engine(TradingState::Active, Language::En);
        let mut venue = Venue::default();
        for step in before {
            play(&mut engine, &mut venue, step)?;
        }
        // What was sent before may still open; whoever wants it otherwise cancels it.
        let left: Vec<String> = venue.working.iter().map(|order| order.orderid.to_string()).collect();
        ask(&mut engine, Command::SetTradingState(TradingState::Reducing));
        for orderid in left {
            let effects = ask(&mut engine, cancel(&orderid));
            prop_assert_eq!(venue.take(&effects), 1);
        }
        let mut sizes = venue.sizes();
        let sign = venue.net.signum();
        for step in after {
            play(&mut engine, &mut venue, step)?;
            let now = venue.sizes();
            prop_assert!(now.iter().zip(sizes).all(|(now, before)| *now <= before), "{sizes:?} {now:?}");
            prop_assert!(venue.net == 0.0 || venue.net.signum() == sign, "the net position has changed sides");
            sizes = now;
        }
    }

    #[test]
    fn in_halted_nothing_but_cancels_reaches_a_venue(steps in prop::collection::vec(step(), 1..60)) {
        let mut engine = engine(TradingState::Halted, Language::Zh);
        let mut venue = Venue { net: 5.0, long: 5.0, short: 5.0, ..Venue::default() };
        turn(&mut engine, position(NETS, Direction::Net, 5.0));
        for step in steps {
            play(&mut engine, &mut venue, step)?;
            prop_assert!(venue.working.is_empty());
        }
    }
}
