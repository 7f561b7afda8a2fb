//! Crashes and days: whatever was committed is there again, and a day that ended meanwhile is settled.

use super::*;
use proptest::prelude::*;

const DAY: u64 = 86_400_000_000;

/// The whole state as a login tells it: contracts, logs and market left out.
fn state(reports: &[Report]) -> Vec<String> {
    let mut lines: Vec<String> = reports
        .iter()
        .filter_map(|report| match report {
            Report::Order(o) => {
                Some(format!("{} {} {}/{} {:?}", o.vt_orderid, o.status.name(), o.traded, o.volume, o.attributes))
            }
            Report::Trade(t) => Some(format!("{} {} {} {}", t.vt_tradeid, t.orderid, t.price, t.volume)),
            Report::Position(p) => Some(format!(
                "{} {} {} {} {:.4} {:.2}",
                p.vt_positionid, p.volume, p.yd_volume, p.frozen, p.price, p.pnl
            )),
            Report::Account(a) => Some(format!("{} {:.2} {:.2}", a.accountid, a.balance, a.available)),
            Report::Quote(q) => Some(format!("{} {}", q.vt_quoteid, q.status.name())),
            _ => None,
        })
        .collect();
    lines.sort();
    lines
}

fn limit(
    symbol: &str,
    exchange: Exchange,
    direction: Direction,
    offset: Offset,
    price: f64,
    volume: f64,
) -> OrderRequest {
    let order_type = OrderType::Limit;
    OrderRequest { order_type, price, volume, ..request(symbol, exchange, direction, offset) }
}

fn last_price(gateway: &mut SimGateway, now: Now, symbol: &str, exchange: Exchange) -> f64 {
    let mut out = Vec::new();
    gateway.command(now, Command::Subscribe(SubscribeRequest { symbol: symbol.into(), exchange }), &mut out);
    out.iter()
        .find_map(|report| match report {
            Report::Tick(tick) => Some(tick.last_price),
            _ => None,
        })
        .expect("a first subscription is answered by a tick")
}

#[test]
fn the_day_that_ended_while_nobody_was_here_is_settled_at_the_login() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("sim.db");
    let mut gateway = open(Some(&path));
    connect(&mut gateway, at(0));
    let price = last_price(&mut gateway, at(0), "rb2701", Exchange::SHFE);
    send(&mut gateway, at(1), "1", request("rb2701", Exchange::SHFE, Direction::Long, Offset::Open));
    send(&mut gateway, at(2), "2", limit("rb2701", Exchange::SHFE, Direction::Long, Offset::Open, price - 60.0, 2.0));
    drop(gateway);

    let mut gateway = open(Some(&path));
    let told = connect(&mut gateway, at(DAY));
    let kinds = kinds(&told);
    let place =
        |kind: &str| kinds.iter().position(|known| known == kind).unwrap_or_else(|| panic!("{kind} in {kinds:?}"));
    assert!(place("contract") < place("order CANCELLED"), "a contract is known before its orders are told");
    let settled = kinds.iter().find(|kind| kind.contains("settled")).expect("a line about the settlement");
    assert!(settled.contains("1 open orders cancelled"), "{settled}");
    let position = told.iter().rev().find_map(|report| match report {
        Report::Position(position) => Some(position.clone()),
        _ => None,
    });
    let position = position.expect("the position is told");
    assert_eq!((position.volume, position.yd_volume), (1.0, 1.0));
    // Yesterday's orders and trades are not today's.
    assert!(!kinds.iter().any(|kind| kind == "order ALLTRADED" || kind == "trade"), "{kinds:?}");
    let close = request("rb2701", Exchange::SHFE, Direction::Short, Offset::Close);
    assert!(super::kinds(&send(&mut gateway, at(DAY + 1), "3", close)).contains(&"position 0".to_owned()));
}

#[test]
fn a_day_that_ends_while_we_run_is_settled_on_time_and_only_once() {
    let mut gateway = open(None);
    connect(&mut gateway, at(0));
    send(&mut gateway, at(1), "1", request("rb2701", Exchange::SHFE, Direction::Long, Offset::Open));
    // 02:00 UTC is seven hours before the end of the day, 17:00 in Beijing.
    let end = 7 * 3_600_000_000;
    let mut settled = Vec::new();
    for moment in [end - 1_000_000, end - 1, end, end + 500_000, end + 3_600_000_000] {
        let mut out = Vec::new();
        let due = gateway.wake(at(moment), &mut out).expect("something is always due");
        assert!(due <= end.max(moment + 1_100_000), "asked to be woken in time");
        settled.extend(out.iter().filter(|r| kind(r).contains("settled")).map(|_| moment));
    }
    assert_eq!(settled, [end]);
    let mut out = Vec::new();
    gateway.command(at(end + 4_000_000_000), Command::Settle, &mut out);
    assert!(kinds(&out).iter().any(|kind| kind.contains("2026-11-24 settled")), "{:?}", kinds(&out));
}

#[test]
fn a_position_in_a_contract_that_ended_meanwhile_is_settled_in_cash() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("sim.db");
    let mut gateway = open(Some(&path));
    connect(&mut gateway, at(0));
    send(&mut gateway, at(1), "1", request("IF2612", Exchange::CFFEX, Direction::Long, Offset::Open));
    drop(gateway);
    let mut gateway = open(Some(&path));
    let kinds = kinds(&connect(&mut gateway, at(60 * DAY)));
    assert!(kinds.iter().any(|kind| kind.contains("IF2612.CFFEX has expired")), "{kinds:?}");
    assert!(kinds.contains(&"position 0".to_owned()) && kinds.contains(&"link Up".to_owned()));
    let mut out = Vec::new();
    gateway.command(
        at(60 * DAY),
        Command::Subscribe(SubscribeRequest { symbol: "IF2703".into(), exchange: Exchange::CFFEX }),
        &mut out,
    );
    assert_eq!(super::kinds(&out), ["tick"]);
}

#[test]
fn quotes_and_stops_go_on_after_a_crash() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("sim.db");
    let mut gateway = open(Some(&path));
    connect(&mut gateway, at(0));
    let price = last_price(&mut gateway, at(0), "rb2701", Exchange::SHFE);
    let side = |price: f64| domain::QuoteSide { price, volume: 1.0, offset: Offset::Open };
    let quote = domain::QuoteRequest {
        symbol: "rb2701".into(),
        exchange: Exchange::SHFE,
        bid: side(price - 80.0),
        ask: side(price + 80.0),
        reference: "maker".into(),
    };
    gateway.command(at(1), Command::SendQuote { quoteid: "q1".into(), request: quote }, &mut Vec::new());
    let mut stop = limit("rb2701", Exchange::SHFE, Direction::Long, Offset::Open, price + 90.0, 1.0);
    stop.order_type = OrderType::Stop;
    send(&mut gateway, at(2), "stop", stop);
    drop(gateway);
    let mut gateway = open(Some(&path));
    let told = kinds(&connect(&mut gateway, at(3)));
    assert!(told.contains(&"quote NOTTRADED".to_owned()), "{told:?}");
    let mut out = Vec::new();
    let cancel = |id: &str| CancelRequest { orderid: id.into(), symbol: "rb2701".into(), exchange: Exchange::SHFE };
    gateway.command(at(4), Command::CancelQuote(cancel("q1")), &mut out);
    gateway.command(at(5), Command::CancelOrder(cancel("stop")), &mut out);
    let told: Vec<String> = out.iter().map(kind).filter(|kind| kind != "account").collect();
    assert_eq!(told, ["order CANCELLED", "quote NOTTRADED", "order CANCELLED", "quote CANCELLED", "order CANCELLED"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Random trading, then a crash: what the login tells is what was told last before it.
    #[test]
    fn a_crash_changes_nothing(moves in proptest::collection::vec((0..4usize, any::<bool>(), 0..4u8, any::<bool>(), 1..4u8), 1..25)) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("sim.db");
        let mut gateway = open(Some(&path));
        let mut told = connect(&mut gateway, at(0));
        let places = [
            ("rb2701", Exchange::SHFE, 1.0, 1.0),
            ("IF2612", Exchange::CFFEX, 0.2, 1.0),
            ("600036", Exchange::SSE, 0.01, 100.0),
            ("BTCUSDT", Exchange::GLOBAL, 0.1, 0.001),
        ];
        let mut now = 0;
        for (number, (which, buys, offset, rests, lots)) in moves.into_iter().enumerate() {
            let (symbol, exchange, tick, lot) = places[which];
            now += 700_000;
            gateway.wake(at(now), &mut told);
            let offset = [Offset::Open, Offset::Open, Offset::CloseToday, Offset::Close][usize::from(offset)];
            let direction = if buys { Direction::Long } else { Direction::Short };
            let price = gateway.session.as_ref().and_then(|s| s.last_of(symbol, exchange)).unwrap_or(100.0);
            // Far enough from the market not to trade within this test.
            let away = price * if buys { 0.97 } else { 1.03 };
            let price = domain::price::round_to(away, tick);
            let mut order = limit(symbol, exchange, direction, offset, price, f64::from(lots) * lot);
            if !rests {
                order.order_type = OrderType::Market;
            }
            told.extend(send(&mut gateway, at(now), &format!("o{number}"), order));
        }
        now += 2_000_000;
        gateway.wake(at(now), &mut told);
        gateway.commit().expect("the database works");
        let before = newest(&told);
        drop(gateway);
        let mut gateway = open(Some(&path));
        prop_assert_eq!(newest(&connect(&mut gateway, at(now))), before);
    }
}

/// The newest line about each thing; positions that are flat are not told again.
fn newest(reports: &[Report]) -> std::collections::BTreeMap<String, String> {
    let mut lines = std::collections::BTreeMap::new();
    for report in reports {
        for line in state(std::slice::from_ref(report)) {
            let key = line.split(' ').next().expect("a line has a key").to_owned();
            lines.insert(key, line);
        }
        if let Report::Position(position) = report
            && position.volume.abs() < 1e-9
        {
            lines.remove(position.vt_positionid.as_str());
        }
    }
    lines
}
