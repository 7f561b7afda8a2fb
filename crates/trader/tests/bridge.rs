//! The trading process over its bridge: what a web process does with it, with the simulated exchange behind.

mod desk;

use bridge::{CallError, Code, Fact};
use desk::{Client, Desk, PATIENCE, order};
use domain::{
    Direction, Exchange, GatewayState, HistoryRequest, Interval, OrderType, QuoteRequest, QuoteSide, Status,
    SubscribeRequest, Text, TradingState, Value,
};

fn sim() -> Text {
    Text::new("SIM")
}

fn is_session(fact: &Fact, state: GatewayState) -> bool {
    matches!(fact, Fact::Gateway(gateway) if gateway.state == Some(state))
}

async fn up(desk: &Desk, folder: &std::path::Path) -> Client {
    let client = desk.client(folder).await;
    loop {
        let gateways = client.caller.gateways(PATIENCE).await.expect("gateways");
        if gateways[0].state == Some(GatewayState::Up) {
            return client;
        }
        tokio::task::yield_now().await;
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T, CallError>) -> Code {
    match result {
        Err(CallError::Refused(refusal)) => refusal.code,
        other => panic!("{other:?} is not refused"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_and_the_facts_after_it_are_the_whole_truth() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Desk::start(folder.path()).await;
    let mut client = up(&desk, folder.path()).await;
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(client.caller.send_order(order(), sim(), PATIENCE).await.expect("an id"));
    }
    let snapshot = client.snapshot().await;
    for _ in 0..20 {
        ids.push(client.caller.send_order(order(), sim(), PATIENCE).await.expect("an id"));
    }
    let last = client.snapshot().await;
    client.up_to(last.seq).await;
    let mut orders: Vec<_> = snapshot.orders.clone();
    let after = usize::try_from(snapshot.seq - client.begin).expect("the snapshot is later");
    for fact in &client.facts[after..usize::try_from(last.seq - client.begin).expect("later still")] {
        if let Fact::Order(row) = fact {
            match orders.iter_mut().find(|known| known.vt_orderid == row.vt_orderid) {
                Some(known) => known.clone_from(row),
                None => orders.push(row.clone()),
            }
        }
    }
    assert_eq!(orders, last.orders);
    assert!(ids.iter().all(|id| last.orders.iter().any(|order| order.vt_orderid == *id)));
    assert!(last.contracts.len() > 50 && last.accounts.len() == 3 && !last.logs.is_empty());
    assert_eq!((last.trading_state, last.gateways[0].name.as_str()), (Some(TradingState::Active), "SIM"));
    client.end().await;
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_a_web_process_asks_for_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Desk::start(folder.path()).await;
    let mut client = up(&desk, folder.path()).await;
    let caller = client.caller.clone();
    caller.subscribe(vec!["BTC*".into()], None, PATIENCE).await.expect("subscribed");
    let symbol = SubscribeRequest { symbol: "BTCUSDT".into(), exchange: Exchange::GLOBAL };
    caller.subscribe_venue(symbol, sim(), PATIENCE).await.expect("subscribed");
    client.until_tick().await;
    let id = caller.send_order(order(), sim(), PATIENCE).await.expect("an id");
    client.until("the resting order", |fact| matches!(fact, Fact::Order(o) if o.status == Status::NotTraded)).await;
    assert_eq!(caller.orders(true, PATIENCE).await.expect("orders").len(), 1);
    let resting = caller.orders(false, PATIENCE).await.expect("orders").remove(0);
    assert_eq!(resting.vt_orderid, id);
    caller.cancel_order(resting.cancel_request(), sim(), PATIENCE).await.expect("passed on");
    client.until("the cancel", |fact| matches!(fact, Fact::Order(o) if o.status == Status::Cancelled)).await;
    let side = |price, offset| QuoteSide { price, volume: 0.001, offset };
    let (bid, ask) = (side(1.0, domain::Offset::Open), side(1_000_000.0, domain::Offset::Open));
    let quote =
        QuoteRequest { symbol: "BTCUSDT".into(), exchange: Exchange::GLOBAL, bid, ask, reference: Text::default() };
    let quote = caller.send_quote(quote, sim(), PATIENCE).await.expect("an id");
    client.until("the quote", |fact| matches!(fact, Fact::Quote(q) if q.vt_quoteid == quote)).await;
    let start = domain::DateTime::parse_rfc3339("2026-11-20T09:30:00+08:00").expect("a time");
    let end = domain::DateTime::parse_rfc3339("2026-11-20T10:30:00+08:00");
    let (symbol, exchange, interval) = ("BTCUSDT".into(), Exchange::GLOBAL, Some(Interval::Minute));
    let history = HistoryRequest { symbol, exchange, start, end, interval };
    assert!(caller.query_history(history, sim(), PATIENCE).await.is_ok());
    assert!(caller.exchanges(PATIENCE).await.expect("exchanges").contains(&Exchange::SHFE));
    assert!(caller.logs(2, PATIENCE).await.expect("logs").len() == 2);
    assert!(caller.apps(PATIENCE).await.expect("apps").is_empty());
    caller.ping(PATIENCE).await.expect("it is there");
    assert_eq!(refused(caller.send_order(order(), "CTP".into(), PATIENCE).await), Code::NotFound);
    client.end().await;
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trading_state_is_enforced_told_and_kept_over_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Desk::start(folder.path()).await;
    let mut client = up(&desk, folder.path()).await;
    let resting = client.caller.send_order(order(), sim(), PATIENCE).await.expect("an id");
    client.caller.set_trading_state(TradingState::Halted, PATIENCE).await.expect("kept");
    let file = std::fs::read_to_string(folder.path().join("trading_state"));
    assert_eq!(file.expect("on disk when it is answered"), "HALTED\n");
    client.until("the state", |fact| *fact == Fact::TradingState(TradingState::Halted)).await;
    client.end().await;
    desk.stop().await;

    let desk = Desk::start(folder.path()).await;
    let mut client = up(&desk, folder.path()).await;
    assert_eq!(client.caller.trading_state(PATIENCE).await, Ok(TradingState::Halted));
    let id = client.caller.send_order(order(), sim(), PATIENCE).await.expect("a rejected order has an id too");
    client
        .until(
            "the rejection",
            |fact| matches!(fact, Fact::Order(o) if o.vt_orderid == id && o.status == Status::Rejected),
        )
        .await;
    client.until("why", |fact| matches!(fact, Fact::Log(line) if line.msg.contains("HALTED"))).await;
    let orders = client.caller.orders(true, PATIENCE).await.expect("orders");
    let cancel = orders.iter().find(|order| order.vt_orderid == resting).expect("it rests still").cancel_request();
    client.caller.cancel_order(cancel, sim(), PATIENCE).await.expect("cancels always pass");
    client.until("the cancel", |f| matches!(f, Fact::Order(o) if o.status == Status::Cancelled)).await;
    reducing(&mut client).await;
    client.end().await;
    desk.stop().await;
}

/// A net position may be closed, once, and not be turned round.
async fn reducing(client: &mut Client) {
    let send = async |client: &mut Client, direction, volume| {
        let mut request = order();
        (request.order_type, request.price, request.direction, request.volume) =
            (OrderType::Market, 0.0, direction, volume);
        let id = client.caller.send_order(request, sim(), PATIENCE).await.expect("an id");
        let ended = |fact: &Fact| matches!(fact, Fact::Order(o) if o.vt_orderid == id && !o.is_active());
        client.until("its end", ended).await;
        let status = |fact: &Fact| match fact {
            Fact::Order(o) if o.vt_orderid == id => Some(o.status),
            _ => None,
        };
        client.facts.iter().rev().find_map(status).expect("it was told")
    };
    client.caller.set_trading_state(TradingState::Active, PATIENCE).await.expect("kept");
    assert_eq!(send(client, Direction::Long, 0.003).await, Status::AllTraded);
    client.until("the position", |fact| matches!(fact, Fact::Position(p) if p.volume > 0.0)).await;
    client.caller.set_trading_state(TradingState::Reducing, PATIENCE).await.expect("kept");
    assert_eq!(send(client, Direction::Long, 0.001).await, Status::Rejected);
    assert_eq!(send(client, Direction::Short, 0.004).await, Status::Rejected);
    assert_eq!(send(client, Direction::Short, 0.001).await, Status::AllTraded);
    assert_eq!(send(client, Direction::Short, 0.002).await, Status::AllTraded);
    assert_eq!(send(client, Direction::Short, 0.001).await, Status::Rejected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_logs_out_and_in_on_command_and_says_where_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Desk::start(folder.path()).await;
    let mut client = up(&desk, folder.path()).await;
    let caller = client.caller.clone();
    let fields = vec![(Text::new("Seed"), Value::Text("seven".into()))];
    assert_eq!(refused(caller.connect_gateway(sim(), fields, PATIENCE).await), Code::Refused);
    assert_eq!(refused(caller.connect_gateway("CTP".into(), Vec::new(), PATIENCE).await), Code::NotFound);
    assert_eq!(refused(caller.disconnect_gateway("CTP".into(), PATIENCE).await), Code::NotFound);
    caller.disconnect_gateway(sim(), PATIENCE).await.expect("passed on");
    client.until("the logout", |fact| is_session(fact, GatewayState::Down)).await;
    let id = caller.send_order(order(), sim(), PATIENCE).await.expect("an id");
    let refusal = |fact: &Fact| matches!(fact, Fact::Order(o) if o.vt_orderid == id && o.status == Status::Rejected);
    client.until("the refusal", refusal).await;
    client.facts.iter().find(|fact| matches!(fact, Fact::Log(_))).expect("it says why");
    client.forget();
    let fields = vec![(Text::new("Seed"), Value::Int(7))];
    caller.connect_gateway(sim(), fields, PATIENCE).await.expect("passed on");
    client.until("the login", |fact| is_session(fact, GatewayState::Up)).await;
    let gateways = caller.gateways(PATIENCE).await.expect("gateways");
    let seed = gateways[0].form.iter().find(|field| field.name == "Seed").expect("a field");
    assert_eq!((gateways[0].state, &seed.default), (Some(GatewayState::Up), &Value::Int(7)));
    client.end().await;
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_simulated_exchange_is_settled_on_command_and_no_other_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let ctp = trader::RemoteOptions {
        name: "CTP".into(),
        request: "tcp://127.0.0.1:1".into(),
        publish: "tcp://127.0.0.1:2".into(),
        only: None,
    };
    let sim = trader::SimOptions::default().gateway(folder.path(), domain::Language::En, desk::ZONE).expect("sound");
    let desk =
        Desk::with(folder.path(), vec![sim, ctp.gateway(domain::Language::En, desk::ZONE)]).await.expect("starts");
    let mut client = up(&desk, folder.path()).await;
    let resting = client.caller.send_order(order(), self::sim(), PATIENCE).await.expect("an id");
    let rests =
        |fact: &Fact| matches!(fact, Fact::Order(o) if o.vt_orderid == resting && o.status == Status::NotTraded);
    client.until("the order at work", rests).await;
    client.caller.settle_gateway(self::sim(), PATIENCE).await.expect("passed on");
    let ended =
        |fact: &Fact| matches!(fact, Fact::Order(o) if o.vt_orderid == resting && o.status == Status::Cancelled);
    client.until("its end with the day", ended).await;
    client
        .until("what it says", |fact| matches!(fact, Fact::Log(line) if line.msg.contains("1 open orders cancelled")))
        .await;
    assert_eq!(refused(client.caller.settle_gateway("CTP".into(), PATIENCE).await), Code::Refused);
    assert_eq!(refused(client.caller.settle_gateway("nobody".into(), PATIENCE).await), Code::NotFound);
    client.end().await;
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_gateways_of_one_name_do_not_start_and_two_of_different_names_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let remote = |name: &str| {
        let (request, publish) = ("tcp://127.0.0.1:1", "tcp://127.0.0.1:1");
        let (request, publish) = (request.to_owned(), publish.to_owned());
        let options = trader::RemoteOptions { name: name.into(), request, publish, only: None };
        options.gateway(domain::Language::En, desk::ZONE)
    };
    let twice = Desk::with(folder.path(), vec![remote("CTP"), remote("CTP")]).await;
    assert!(matches!(twice.err(), Some(trader::TraderError::SameName(name)) if name == "CTP"));
    let desk = Desk::with(folder.path(), vec![remote("CTP"), remote("IB")]).await.expect("it starts");
    let client = desk.client(folder.path()).await;
    let gateways = client.caller.gateways(PATIENCE).await.expect("gateways");
    assert_eq!(gateways.iter().map(|gateway| gateway.name.as_str()).collect::<Vec<_>>(), ["CTP", "IB"]);
    assert!(gateways.iter().all(|gateway| gateway.state != Some(GatewayState::Up)));
    assert_eq!(gateways[0].form[0].default, Value::Text("tcp://127.0.0.1:1".into()));
    client.end().await;
    desk.stop().await;
}
