//! Scenarios: a few lines of what happens, and the trace of what the engine wants.
#![allow(clippy::float_cmp, reason = "whole lots")]

use crate::*;
use domain::{
    ContractData, Direction, Exchange, GatewayInfo, GatewayState, Language, Offset, OrderData, OrderRequest, OrderType,
    Product, Status, Text, TickData,
};
use expect_test::expect;
use proptest::prelude::*;
use std::sync::Arc;

fn engine() -> Engine {
    Engine::new(Config {
        gateways: vec![Arc::new(GatewayInfo {
            name: Text::new("SIM"),
            state: Some(GatewayState::Up),
            reason: None,
            exchanges: Vec::new(),
            form: Vec::new(),
        })],
        session: Text::new("s1"),
        language: Language::En,
        zone: Text::new("Asia/Shanghai"),
        trading_state: domain::TradingState::Active,
    })
}

fn request(volume: f64) -> OrderRequest {
    OrderRequest {
        forms: domain::NumberForms::default(),
        symbol: Text::new("rb2601"),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume,
        price: 3500.0,
        offset: Offset::Open,
        reference: Text::new("me"),
    }
}

fn contract() -> Arc<ContractData> {
    Arc::new(ContractData::new("SIM", "rb2601", Exchange::SHFE, "rebar", Product::Futures))
}

fn command(number: u64, command: Command) -> Input {
    Input::Command { token: Token(number), command }
}

fn send(gateway: &str) -> Input {
    command(1, Command::SendOrder { request: request(2.0), gateway: Text::new(gateway) })
}

fn trace(effects: &[Effect]) -> String {
    let line = |effect: &Effect| match effect {
        Effect::Publish(Event::Order(o)) => {
            format!("publish order {} {} {}/{} ref={}", o.vt_orderid, o.status.name(), o.traded, o.volume, o.reference)
        }
        Effect::Publish(Event::Log(l)) => format!("publish log {}: {}", l.gateway_name, l.msg),
        Effect::Publish(event) => format!("publish {} {:?}", event.kind().topic(), event.subject()),
        Effect::KeepTradingState(state) => format!("keep {}", state.name()),
        Effect::Venue { gateway, command } => format!("venue {gateway} {}", brief(command)),
        Effect::Reply { token, answer } => format!("reply {} {answer:?}", token.0),
    };
    effects.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn brief(command: &VenueCommand) -> String {
    match command {
        VenueCommand::SendOrder { orderid, request } => {
            format!("send {orderid} {} @ {}", request.volume, request.price)
        }
        VenueCommand::CancelOrder(request) => format!("cancel {}", request.orderid),
        other => format!("{other:?}"),
    }
}

fn run(engine: &mut Engine, inputs: Vec<Input>) -> String {
    let mut effects = Vec::new();
    for input in inputs {
        engine.turn(1_767_576_600_000_000, input, &mut effects);
    }
    trace(&effects)
}

fn report(status: Status, traded: f64) -> Input {
    let mut order = request(2.0).to_order("s1_1", "SIM");
    order.status = status;
    order.traded = traded;
    order.reference = Text::default();
    Input::Order(Arc::new(order))
}

#[test]
fn an_order_is_published_then_sent_then_answered_and_its_reference_stays() {
    let mut engine = engine();
    let seen = run(
        &mut engine,
        vec![Input::Contract(contract()), send("SIM"), report(Status::NotTraded, 0.0), report(Status::AllTraded, 2.0)],
    );
    expect![[r#"
        publish eContract. None
        publish order SIM.s1_1 SUBMITTING 0/2 ref=me
        venue SIM send s1_1 2 @ 3500
        reply 1 Order(Some(VtOrderId("SIM.s1_1")))
        publish order SIM.s1_1 NOTTRADED 0/2 ref=me
        publish order SIM.s1_1 ALLTRADED 2/2 ref=me"#]]
    .assert_eq(&seen);
    assert_eq!(engine.oms().active_count(), 0);
}

#[test]
fn a_gateway_that_does_not_exist_is_answered_with_nothing_and_a_log_line() {
    expect![[r#"
        publish log MainEngine: Gateway not found: CTP
        reply 1 Order(None)"#]]
    .assert_eq(&run(&mut engine(), vec![send("CTP")]));
}

#[test]
fn late_and_contradicting_reports_change_nothing() {
    let mut engine = engine();
    run(&mut engine, vec![send("SIM"), report(Status::PartTraded, 1.0)]);
    assert_eq!(run(&mut engine, vec![report(Status::NotTraded, 0.0), report(Status::PartTraded, 0.5)]), "");
    run(&mut engine, vec![report(Status::Cancelled, 1.0)]);
    expect!["publish log SIM: Order SIM.s1_1 has ended, ignored report REJECTED"]
        .assert_eq(&run(&mut engine, vec![report(Status::Rejected, 1.0)]));
    assert_eq!(engine.oms().orders.get("SIM.s1_1").map(|o| (o.status, o.traded)), Some((Status::Cancelled, 1.0)));
}

#[test]
fn a_fill_that_is_replayed_counts_once() {
    let mut engine = engine();
    let order = request(2.0).to_order("s1_1", "SIM");
    let trade = Arc::new(domain::TradeData {
        gateway_name: order.gateway_name,
        symbol: order.symbol,
        exchange: order.exchange,
        orderid: order.orderid,
        tradeid: Text::new("7"),
        direction: order.direction,
        offset: order.offset,
        price: 3500.0,
        volume: 2.0,
        datetime: None,
        vt_symbol: order.vt_symbol,
        vt_orderid: order.vt_orderid,
        vt_tradeid: domain::VtTradeId::new("SIM", "7"),
        forms: domain::NumberForms::default(),
        attributes: domain::Attributes::default(),
    });
    let inputs = vec![Input::Contract(contract()), Input::Trade(Arc::clone(&trade)), Input::Trade(Arc::clone(&trade))];
    run(&mut engine, inputs);
    let holding = engine.oms().converter("SIM").and_then(|c| c.holding(&trade.vt_symbol)).map(|h| h.long.pos());
    assert_eq!(holding, Some(2.0));
}

/// Cancels every order that it sees come to rest.
struct Nervous;

impl Handler for Nervous {
    fn on_event(&mut self, context: &mut Context<'_>, event: &Event) {
        if let Event::Order(order) = event
            && order.status == Status::NotTraded
        {
            context
                .commands
                .push(Command::CancelOrder { request: order.cancel_request(), gateway: order.gateway_name.clone() });
        }
    }
}

#[test]
fn a_handler_sees_the_books_and_its_commands_are_part_of_the_turn() {
    let mut engine = engine();
    engine.register(&[Filter::Kind(Kind::Order)], Box::new(Nervous));
    let seen = run(&mut engine, vec![send("SIM"), report(Status::NotTraded, 0.0)]);
    expect![[r#"
        publish order SIM.s1_1 SUBMITTING 0/2 ref=me
        venue SIM send s1_1 2 @ 3500
        reply 1 Order(Some(VtOrderId("SIM.s1_1")))
        publish order SIM.s1_1 NOTTRADED 0/2 ref=me
        venue SIM cancel s1_1"#]]
    .assert_eq(&seen);
}

/// Counts what it hears.
struct Counter(Arc<std::sync::atomic::AtomicUsize>);

impl Handler for Counter {
    fn on_event(&mut self, _: &mut Context<'_>, _: &Event) {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }
}

#[test]
fn a_handler_of_one_instrument_hears_of_that_one() {
    let mut engine = engine();
    let heard = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    engine.register(&[Filter::Subject(Kind::Tick, Text::new("a.SHFE"))], Box::new(Counter(Arc::clone(&heard))));
    let tick = |symbol: &str| Input::Tick(Arc::new(TickData::new("SIM", symbol, Exchange::SHFE, None)));
    run(&mut engine, vec![tick("a"), tick("b"), tick("a"), Input::Timer]);
    assert_eq!(heard.load(std::sync::atomic::Ordering::Relaxed), 2);
}

proptest! {
    #[test]
    fn whatever_venues_report_the_books_stay_legal(reports in prop::collection::vec((0u8..4, prop::sample::select(Status::ALL), 0u8..5), 0..60)) {
        let mut engine = engine();
        let mut effects = Vec::new();
        let mut last: std::collections::HashMap<u8, OrderData> = std::collections::HashMap::new();
        for (id, status, traded) in reports {
            let mut order = request(4.0).to_order(&id.to_string(), "SIM");
            order.status = status;
            order.traded = traded.into();
            let key = order.vt_orderid.clone();
            engine.turn(0, Input::Order(Arc::new(order)), &mut effects);
            let now = engine.oms().orders.get(&key).expect("was reported");
            if let Some(before) = last.get(&id) {
                prop_assert!(now.traded >= before.traded);
                prop_assert!(before.is_active() || !now.is_active());
            }
            last.insert(id, OrderData::clone(now));
        }
        prop_assert_eq!(engine.oms().active_count(), last.values().filter(|o| o.is_active()).count());
    }
}
