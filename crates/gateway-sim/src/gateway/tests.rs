//! The port as the trading process drives it: login, ticks, an order, a crash, another login.

use super::*;
use ::gateway::FieldValue;
use domain::{CancelRequest, Direction, HistoryRequest, Interval, Offset, OrderRequest, OrderType, Status};
use std::path::Path;

/// 2026-11-23 02:00 UTC, a Monday morning in Shanghai.
const START_US: i64 = 1_795_399_200_000_000;

fn at(us: u64) -> Now {
    Now { unix_us: START_US + us as i64, monotonic_us: us }
}

fn open(path: Option<&Path>) -> SimGateway {
    let config = SimConfig { database: path.map(Path::to_owned), language: Language::En, ..SimConfig::default() };
    SimGateway::open(config).expect("a fresh or sound database")
}

fn connect(gateway: &mut SimGateway, now: Now) -> Vec<Report> {
    let mut out = Vec::new();
    gateway.command(now, Command::Connect(Settings::default()), &mut out);
    gateway.commit().expect("the database works");
    out
}

fn request(symbol: &str, exchange: Exchange, direction: Direction, offset: Offset) -> OrderRequest {
    OrderRequest {
        forms: domain::NumberForms::default(),
        symbol: symbol.into(),
        exchange,
        direction,
        order_type: OrderType::Market,
        volume: 1.0,
        price: 0.0,
        offset,
        reference: "test".into(),
    }
}

fn send(gateway: &mut SimGateway, now: Now, id: &str, request: OrderRequest) -> Vec<Report> {
    let mut out = Vec::new();
    gateway.command(now, Command::SendOrder { orderid: id.into(), request }, &mut out);
    gateway.commit().expect("the database works");
    out
}

fn kinds(reports: &[Report]) -> Vec<String> {
    let mut kinds: Vec<String> = reports.iter().map(kind).collect();
    kinds.dedup();
    kinds
}

fn kind(report: &Report) -> String {
    match report {
        Report::Contract(_) => "contract".to_owned(),
        Report::Tick(_) => "tick".to_owned(),
        Report::Order(order) => format!("order {}", order.status.name()),
        Report::Trade(_) => "trade".to_owned(),
        Report::Position(position) => format!("position {}", position.volume),
        Report::Account(_) => "account".to_owned(),
        Report::Quote(quote) => format!("quote {}", quote.status.name()),
        Report::Log(log) => format!("log {}", log.msg),
        Report::Link(state) => format!("link {state:?}"),
        Report::History { bars, .. } => format!("history {:?}", bars.as_ref().map(Vec::len)),
    }
}

#[test]
fn a_login_tells_contracts_then_state_then_up() {
    let mut gateway = open(None);
    let reports = connect(&mut gateway, at(0));
    let kinds = kinds(&reports);
    assert_eq!(kinds[0], "link Connecting");
    assert_eq!(&kinds[1..3], ["contract", "account"]);
    assert!(kinds[3].starts_with("log ") && kinds[3].ends_with("contracts received"));
    assert_eq!(&kinds[4..], ["log connected to the simulated exchange", "link Up"]);
    let accounts: Vec<_> = reports
        .iter()
        .filter_map(|report| match report {
            Report::Account(account) => Some((account.accountid.to_string(), account.available)),
            _ => None,
        })
        .collect();
    assert_eq!(format!("{accounts:?}"), r#"[("CNY", 1000000.0), ("USD", 100000.0), ("USDT", 100000.0)]"#);
}

#[test]
fn a_subscription_before_the_login_is_remembered_and_ticks_come_twice_a_second() {
    let mut gateway = open(None);
    let mut out = Vec::new();
    let wish = SubscribeRequest { symbol: "rb2701".into(), exchange: Exchange::SHFE };
    gateway.command(at(0), Command::Subscribe(wish), &mut out);
    assert!(out.is_empty());
    assert!(kinds(&connect(&mut gateway, at(0))).contains(&"tick".to_owned()));
    let mut now = 0;
    let mut ticks: Vec<Report> = Vec::new();
    while now < 10_000_000 {
        now = gateway.wake(at(now), &mut ticks).expect("a session always has something due").max(now + 1);
    }
    let ticks = ticks.iter().filter(|report| matches!(report, Report::Tick(_))).count();
    assert!((19..=21).contains(&ticks), "{ticks}");
}

#[test]
fn a_market_order_is_told_in_veighnas_order_and_outlives_a_crash() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("sim.db");
    let mut gateway = open(Some(&path));
    connect(&mut gateway, at(0));
    let buy = request("rb2701", Exchange::SHFE, Direction::Long, Offset::Open);
    let told = send(&mut gateway, at(1), "1", buy.clone());
    assert_eq!(kinds(&told), ["order NOTTRADED", "order ALLTRADED", "trade", "position 1", "account"]);
    let mut limit = buy;
    limit.order_type = OrderType::Limit;
    limit.price = match &told[2] {
        Report::Trade(trade) => trade.price - 50.0,
        other => panic!("the third report is the trade, not {other:?}"),
    };
    assert_eq!(kinds(&send(&mut gateway, at(2), "2", limit)), ["order NOTTRADED", "account"]);
    let before = account(&connect_again(&mut gateway));
    drop(gateway);

    let mut gateway = open(Some(&path));
    let told = connect(&mut gateway, at(3));
    let orders: Vec<String> = kinds(&told).into_iter().filter(|kind| !kind.starts_with("log")).collect();
    assert_eq!(
        &orders[1..],
        ["contract", "account", "position 1", "order ALLTRADED", "order NOTTRADED", "trade", "link Up"]
    );
    assert_eq!(account(&told), before);
    let mut out = Vec::new();
    let cancel = CancelRequest { orderid: "2".into(), symbol: "rb2701".into(), exchange: Exchange::SHFE };
    gateway.command(at(4), Command::CancelOrder(cancel), &mut out);
    assert_eq!(kinds(&out), ["order CANCELLED", "account"]);
    let close = request("rb2701", Exchange::SHFE, Direction::Short, Offset::CloseToday);
    let told = send(&mut gateway, at(5), "3", close);
    assert_eq!(kinds(&told)[1..], ["order ALLTRADED", "trade", "position 0", "account"]);
}

/// Logs out and in again at the same moment; what is told is the whole state.
fn connect_again(gateway: &mut SimGateway) -> Vec<Report> {
    gateway.command(at(3), Command::Close, &mut Vec::new());
    connect(gateway, at(3))
}

fn account(reports: &[Report]) -> (i64, i64) {
    let cents = |money: f64| (money * 100.0).round() as i64;
    reports
        .iter()
        .find_map(|report| match report {
            Report::Account(account) => Some((cents(account.balance), cents(account.available))),
            _ => None,
        })
        .expect("an account is told")
}

#[test]
fn refusals_carry_their_reason_and_offline_orders_are_refused() {
    let mut gateway = open(None);
    let order = request("rb2701", Exchange::SHFE, Direction::Short, Offset::Close);
    assert_eq!(kinds(&send(&mut gateway, at(0), "1", order.clone()))[1], "order REJECTED");
    connect(&mut gateway, at(0));
    let told = send(&mut gateway, at(1), "2", order);
    let Report::Order(rejected) = &told[1] else { panic!("{told:?}") };
    assert_eq!(rejected.status, Status::Rejected);
    let extra = format!("{:?}", rejected.attributes.iter().next());
    assert!(extra.contains("昨仓可平量不足") && extra.contains("POSITION_YESTERDAY"), "{extra}");
    assert!(kind(&told[0]).contains("not enough of yesterday's position"));
}

#[test]
fn history_is_served_and_bad_wishes_are_answered() {
    let mut gateway = open(None);
    connect(&mut gateway, at(0));
    let mut out = Vec::new();
    let start = DateTime::from_unix_micros(START_US - 3_600_000_000, "Asia/Shanghai").expect("a moment");
    for (token, interval, symbol) in
        [(1, Some(Interval::Minute), "rb2701"), (2, Some(Interval::Weekly), "rb2701"), (3, None, "nothing")]
    {
        let request = HistoryRequest {
            symbol: symbol.into(),
            exchange: Exchange::SHFE,
            start: start.clone(),
            end: None,
            interval,
        };
        gateway.command(at(0), Command::QueryHistory { token, request }, &mut out);
    }
    let answers: Vec<String> = out.iter().map(kind).collect();
    assert_eq!(answers[0], "history Ok(61)");
    assert!(
        answers[1].contains("no bars of interval") && answers[2].contains("no contract nothing.SHFE"),
        "{answers:?}"
    );
}

#[test]
fn a_bad_form_is_told_and_leaves_the_link_down() {
    let mut gateway = open(None);
    let mut form = Settings::defaults(&gateway.form());
    form.set("Ticks per second", FieldValue::Float(-1.0));
    let mut out = Vec::new();
    gateway.command(at(0), Command::Connect(form), &mut out);
    let kinds = kinds(&out);
    assert!(kinds[1].contains("\"Ticks per second\" must be between"), "{kinds:?}");
    assert!(kinds[2].starts_with("link Down"));
}

mod replay;
mod restart;

#[test]
fn it_passes_the_story_of_every_gateway() {
    let mut gateway = open(None);
    let mut request = request("BTCUSDT", Exchange::GLOBAL, Direction::Long, Offset::Open);
    request.order_type = OrderType::Limit;
    request.price = 1.0;
    ::gateway::conformance::story(
        &mut gateway,
        &Settings::default(),
        &request,
        &mut ::gateway::conformance::own_time(START_US),
    );
}

#[test]
fn a_form_takes_what_it_asks_for_and_says_what_not() {
    use domain::Value;
    let form = open(None).form();
    let used = Settings::defaults(&form);
    let set = |name: &str, value| used.with(&form, &[(Text::new(name), value)]);
    assert_eq!(set("Seed", Value::Int(7)).expect("a number").number("Seed"), Some(7.0));
    assert_eq!(set("Ticks per second", Value::Int(3)).expect("a number").number("Ticks per second"), Some(3.0));
    assert!(set("Seed", Value::Text("x".into())).is_err() && set("Market", Value::Text("real".into())).is_err());
    assert!(set("Colour", Value::Int(1)).is_err());
    let info = ::gateway::describe("SIM", &form, &set("Seed", Value::Int(7)).expect("a number"), &[], &LinkState::Up);
    let seed = info.form.iter().find(|field| field.name == "Seed").expect("is there");
    assert_eq!((seed.kind, &seed.default), (domain::FieldKind::Int, &Value::Int(7)));
}
