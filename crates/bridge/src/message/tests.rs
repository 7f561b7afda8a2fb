//! The golden messages of `contract/bridge/`: what we write is what stands there, and what stands there can be read.

use super::*;
use crate::codec::write_line;
use crate::proof::{Challenge, Channel, Fingerprint, Role};
use domain::*;
use expect_test::expect_file;
use serde_json::value::RawValue;
use std::sync::Arc;

fn at() -> Option<DateTime> {
    DateTime::parse_rfc3339("2026-11-23T09:30:00.500000+08:00")
}

fn order_request() -> OrderRequest {
    OrderRequest {
        symbol: "rb2605".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume: 2.0,
        price: 3500.5,
        offset: Offset::CloseToday,
        reference: "手动#K7Q2".into(),
        forms: NumberForms::default(),
    }
}

fn order() -> OrderData {
    OrderData { datetime: at(), status: Status::PartTraded, traded: 1.0, ..order_request().to_order("1", "SIM") }
}

fn trade() -> TradeData {
    TradeData {
        gateway_name: "SIM".into(),
        symbol: "rb2605".into(),
        exchange: Exchange::SHFE,
        orderid: "1".into(),
        tradeid: "7".into(),
        direction: Some(Direction::Long),
        offset: Offset::CloseToday,
        price: 3500.0,
        volume: 1.0,
        datetime: at(),
        vt_symbol: "rb2605.SHFE".into(),
        vt_orderid: "SIM.1".into(),
        vt_tradeid: "SIM.7".into(),
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    }
}

fn position() -> PositionData {
    PositionData {
        gateway_name: "SIM".into(),
        symbol: "rb2605".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Short,
        volume: 3.0,
        frozen: 1.0,
        price: 3510.0,
        pnl: f64::NAN,
        yd_volume: 2.0,
        vt_symbol: "rb2605.SHFE".into(),
        vt_positionid: "SIM.rb2605.SHFE.空".into(),
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    }
}

fn account() -> AccountData {
    AccountData {
        gateway_name: "SIM".into(),
        accountid: "1".into(),
        balance: 1_000_000.0,
        frozen: 3500.0,
        available: 996_500.0,
        vt_accountid: "SIM.1".into(),
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    }
}

fn quote_request() -> QuoteRequest {
    let bid = QuoteSide { price: 3499.0, volume: 1.0, offset: Offset::Open };
    let ask = QuoteSide { price: 3501.0, volume: 1.0, offset: Offset::Close };
    QuoteRequest { symbol: "rb2605".into(), exchange: Exchange::SHFE, bid, ask, reference: "mm".into() }
}

fn quote() -> QuoteData {
    let QuoteRequest { symbol, exchange, bid, ask, reference } = quote_request();
    QuoteData {
        gateway_name: "SIM".into(),
        symbol,
        exchange,
        quoteid: "9".into(),
        bid,
        ask,
        status: Status::NotTraded,
        datetime: at(),
        reference,
        vt_symbol: "rb2605.SHFE".into(),
        vt_quoteid: "SIM.9".into(),
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    }
}

fn tick() -> TickData {
    let mut tick = TickData::new("SIM", "rb2605", Exchange::SHFE, at());
    tick.name = "螺纹钢2605".into();
    for (index, _) in TickData::NUMBERS.iter().enumerate() {
        tick.set_number(index, index as f64 + 0.25);
    }
    tick.limit_up = f64::MAX;
    tick
}

fn gateway() -> GatewayInfo {
    let field = |name: &str, kind, default| FormField {
        name: name.into(),
        help: String::new(),
        kind,
        choices: Vec::new(),
        default,
    };
    GatewayInfo {
        name: "CTP".into(),
        state: Some(GatewayState::Down),
        reason: Some("logged out".into()),
        exchanges: vec![Exchange::SHFE, Exchange::CFFEX],
        form: vec![
            field("用户名", FieldKind::Text, Value::Text("".into())),
            field("密码", FieldKind::Secret, Value::None),
        ],
    }
}

fn facts() -> Vec<Fact> {
    let log = LogData {
        gateway_name: "SIM".into(),
        msg: "行 1\nline 2".into(),
        level: 20,
        time: DateTime::parse_rfc3339("2026-11-23T09:30:00"),
    };
    let app = Value::Map(vec![("name".into(), Value::Text("atr".into())), ("trading".into(), Value::Bool(true))]);
    vec![
        Fact::Contract(Arc::new(ContractData::new("SIM", "rb2605", Exchange::SHFE, "螺纹钢2605", Product::Futures))),
        Fact::Order(Arc::new(order())),
        Fact::Trade(Arc::new(trade())),
        Fact::Position(Arc::new(position())),
        Fact::Account(Arc::new(account())),
        Fact::Quote(Arc::new(quote())),
        Fact::Log(Arc::new(log)),
        Fact::Gateway(Arc::new(gateway())),
        Fact::TradingState(TradingState::Reducing),
        Fact::Other { kind: "cta.strategy".into(), data: Arc::new(app) },
    ]
}

#[test]
fn facts_are_written_as_in_the_contract_and_read_back() {
    let mut text = Vec::new();
    for (fact, seq) in facts().iter().zip(1201..) {
        write_fact(&mut text, seq, fact);
    }
    let text = String::from_utf8(text).expect("JSON is UTF-8");
    expect_file!["../../../../contract/bridge/facts.jsonl"].assert_eq(&text);
    for (line, seq) in text.lines().zip(1201..) {
        let inbound: Inbound<'_> = serde_json::from_str(line).expect(line);
        assert_eq!((&*inbound.line, inbound.seq), (kinds::FACT, seq));
        let fact = Fact::read(&inbound.kind, inbound.data.expect("data")).expect(line);
        let mut again = Vec::new();
        write_fact(&mut again, seq, &fact);
        assert_eq!(String::from_utf8(again).expect("UTF-8").trim_end(), line);
    }
}

/// A request as the contract has it, and how it is understood; `None` for what the connection answers itself.
fn requests() -> Vec<(String, Option<Call>)> {
    let mut all = Vec::new();
    let cancel = CancelRequest { orderid: "1".into(), symbol: "rb2605".into(), exchange: Exchange::SHFE };
    let subscribe = SubscribeRequest { symbol: "rb2605".into(), exchange: Exchange::SHFE };
    let history = HistoryRequest {
        symbol: "rb2605".into(),
        exchange: Exchange::SHFE,
        start: at().expect("a time"),
        end: None,
        interval: Some(Interval::Minute),
    };
    let sim = || Text::new("SIM");
    let setting = vec![("用户名".into(), Value::Text("1".into()))];
    let empty = || serde_json::json!({});
    let with = |request: serde_json::Value| serde_json::json!({ "gateway_name": "SIM", "request": request });
    let json = |value: &dyn Fn() -> serde_json::Result<serde_json::Value>| value().expect("JSON");
    let mut add = |method: &str, params: serde_json::Value, call: Option<Call>| {
        let mut line = Vec::new();
        let id = all.len() as u64 + 1;
        write_line(&mut line, &RequestOut { id, method, params, deadline_ms: 5000 });
        all.push((String::from_utf8(line).expect("UTF-8"), call));
    };
    add("ping", empty(), None);
    add("subscribe", serde_json::json!({ "patterns": ["rb2605.SHFE", "*.CFFEX"], "interval_ms": 100 }), None);
    add("unsubscribe", serde_json::json!({ "patterns": ["*.CFFEX"] }), None);
    add("snapshot", empty(), Some(Call::Snapshot));
    let value = json(&|| serde_json::to_value(order_request()));
    add("send_order", with(value), Some(Call::SendOrder(order_request(), sim())));
    let value = json(&|| serde_json::to_value(&cancel));
    add("cancel_order", with(value.clone()), Some(Call::CancelOrder(cancel.clone(), sim())));
    let quote = json(&|| serde_json::to_value(quote_request()));
    add("send_quote", with(quote), Some(Call::SendQuote(quote_request(), sim())));
    add("cancel_quote", with(value), Some(Call::CancelQuote(cancel, sim())));
    let value = json(&|| serde_json::to_value(&subscribe));
    add("subscribe_venue", with(value), Some(Call::SubscribeVenue(subscribe, sim())));
    let value = json(&|| serde_json::to_value(&history));
    add("query_history", with(value), Some(Call::QueryHistory(history, sim())));
    add("orders", serde_json::json!({ "active": true }), Some(Call::Orders { active: true }));
    add("gateways", empty(), Some(Call::Gateways));
    let params = serde_json::json!({ "gateway_name": "SIM", "setting": { "用户名": "1" } });
    add("connect_gateway", params, Some(Call::ConnectGateway(sim(), setting)));
    let params = serde_json::json!({ "gateway_name": "SIM" });
    add("disconnect_gateway", params, Some(Call::DisconnectGateway(sim())));
    add("logs", serde_json::json!({ "limit": 100 }), Some(Call::Logs { limit: 100 }));
    add("exchanges", empty(), Some(Call::Exchanges));
    add("trading_state", empty(), Some(Call::TradingState));
    let params = serde_json::json!({ "state": "HALTED" });
    add("set_trading_state", params, Some(Call::SetTradingState(TradingState::Halted)));
    add("apps", empty(), Some(Call::Apps));
    let params = serde_json::json!({ "gateway_name": "SIM" });
    add("settle_gateway", params, Some(Call::SettleGateway(sim())));
    all
}

#[test]
fn requests_are_understood_as_the_contract_says() {
    let text: String = requests().iter().map(|(line, _)| line.as_str()).collect();
    expect_file!["../../../../contract/bridge/requests.jsonl"].assert_eq(&text);
    for (line, call) in requests() {
        let read: RequestLine<'_> = serde_json::from_str(&line).expect(&line);
        assert_eq!(Call::read(&read), call.ok_or(CallError::Own), "{line}");
    }
}

#[test]
fn requests_that_make_no_sense_are_refused_by_code() {
    for (line, code) in [
        (r#"{"id":1,"method":"fly"}"#, Code::Unsupported),
        (r#"{"id":1,"method":"send_order","params":{}}"#, Code::Malformed),
        (
            r#"{"id":1,"method":"send_order","params":{"gateway_name":"SIM","request":{"symbol":"x","exchange":"NOWHERE"}}}"#,
            Code::Malformed,
        ),
        (r#"{"id":1,"method":"logs","params":{"limit":-1}}"#, Code::Malformed),
        (r#"{"id":1,"method":"connect_gateway","params":{"gateway_name":"SIM","setting":[1]}}"#, Code::Malformed),
    ] {
        let read: RequestLine<'_> = serde_json::from_str(line).expect(line);
        let Err(CallError::Refused(refusal)) = Call::read(&read) else { panic!("{line}") };
        assert_eq!(refusal.code, code, "{line}");
    }
    let later = r#"{"id":1,"method":"logs","priority":"high","params":{"limit":2,"colour":"red"}}"#;
    let read: RequestLine<'_> = serde_json::from_str(later).expect("members of a later version are skipped");
    assert_eq!(Call::read(&read), Ok(Call::Logs { limit: 2 }));
}

fn lines_of(answer: Answer, id: u64, text: &mut Vec<u8>) {
    let mut parts = Parts::of(answer, &"1f2e3d4c5b6a7988".into());
    while !parts.write(text, id) {}
}

#[test]
fn answers_are_written_as_in_the_contract() {
    let snapshot = Snapshot {
        seq: 1203,
        contracts: vec![Arc::new(ContractData::new("SIM", "rb2605", Exchange::SHFE, "螺纹钢2605", Product::Futures))],
        orders: vec![Arc::new(order())],
        ticks: vec![Arc::new(tick())],
        gateways: vec![Arc::new(gateway())],
        trading_state: Some(TradingState::Active),
        ..Snapshot::default()
    };
    let bar = BarData {
        gateway_name: "SIM".into(),
        symbol: "rb2605".into(),
        exchange: Exchange::SHFE,
        datetime: at().expect("a time"),
        interval: Some(Interval::Minute),
        volume: 10.0,
        turnover: 350_000.0,
        open_interest: 5.0,
        open_price: 3500.0,
        high_price: 3502.0,
        low_price: 3499.0,
        close_price: 3501.0,
    };
    let app = AppInfo { name: "CtaStrategy".into(), title: "CTA策略".into(), methods: vec!["cta.strategies".into()] };
    let mut text = Vec::new();
    write_data(&mut text, 1, &PingAnswer { seq: 1203, time_us: 1_795_397_400_500_000 });
    lines_of(Answer::Done, 2, &mut text);
    lines_of(Answer::Snapshot(Box::new(snapshot)), 4, &mut text);
    lines_of(Answer::Order("SIM.1".into()), 5, &mut text);
    lines_of(Answer::Quote("SIM.9".into()), 7, &mut text);
    lines_of(Answer::Bars(vec![bar]), 10, &mut text);
    lines_of(Answer::Orders(vec![Arc::new(order())]), 11, &mut text);
    lines_of(Answer::Gateways(vec![Arc::new(gateway())]), 12, &mut text);
    lines_of(Answer::Exchanges(vec![Exchange::SHFE]), 16, &mut text);
    lines_of(Answer::TradingState(TradingState::Active), 17, &mut text);
    lines_of(Answer::Apps(vec![app]), 19, &mut text);
    write_refusal(&mut text, 5, &Refusal { code: Code::Refused, message: "volume 0".into() });
    write_line(&mut text, &serde_json::json!({ "type": "ticks", "data": [tick()] }));
    write_line(
        &mut text,
        &serde_json::json!({ "type": "heartbeat", "seq": 1203, "time_us": 1_795_397_400_500_000_i64 }),
    );
    write_line(
        &mut text,
        &serde_json::json!({ "type": "bye", "reason": "slow_consumer", "message": "facts were not taken fast enough" }),
    );
    let text = String::from_utf8(text).expect("JSON is UTF-8");
    expect_file!["../../../../contract/bridge/answers.jsonl"].assert_eq(&text);
    for line in text.lines() {
        serde_json::from_str::<Inbound<'_>>(line).expect(line);
    }
}

#[test]
fn a_long_list_comes_in_parts_of_bounded_size() {
    let orders: Vec<Arc<OrderData>> = (0..5000).map(|_| Arc::new(order())).collect();
    let mut text = Vec::new();
    lines_of(Answer::Orders(orders), 1, &mut text);
    let (mut rows, mut more) = (0, Vec::new());
    for line in std::str::from_utf8(&text).expect("UTF-8").lines() {
        assert!(line.len() < crate::limits::PART_BYTES + 1024, "a part has {} bytes", line.len());
        let inbound: Inbound<'_> = serde_json::from_str(line).expect("a reply");
        let data: serde_json::Value = serde_json::from_str(inbound.data.expect("data").get()).expect("rows");
        rows += data["rows"].as_array().map_or(0, Vec::len);
        more.push(inbound.more);
    }
    assert_eq!(rows, 5000);
    assert!(more.len() > 10 && more.iter().rev().skip(1).all(|more| *more) && !more[more.len() - 1]);
}

#[test]
fn the_handshake_is_as_in_the_contract() {
    let challenge = Challenge {
        client_nonce: "000102030405060708090a0b0c0d0e0f".into(),
        server_nonce: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff".into(),
        channel: Channel::Tcp,
    };
    let secret = b"0123456789abcdef0123456789abcdef";
    let about = About {
        trader: "sim".into(),
        program: "webtrader 0.1.0".into(),
        capabilities: vec!["quotes".into(), "history".into(), "gateways".into()],
        language: Language::Zh,
        simulated: Some(true),
    };
    let hello = Hello {
        about,
        epoch: "1f2e3d4c5b6a7988".into(),
        seq: 1200,
        heartbeat_ms: 2000,
        time_us: 1_795_397_400_500_000,
    };
    let mut text = Vec::new();
    write_line(
        &mut text,
        &ClientHello {
            kind: kinds::HELLO.into(),
            protocol: "webtrader-bridge".into(),
            versions: vec![1],
            nonce: challenge.client_nonce.clone(),
            client: "webtrader 0.1.0".into(),
        },
    );
    write_line(
        &mut text,
        &ServerHello {
            kind: kinds::HELLO.into(),
            protocol: "webtrader-bridge".into(),
            version: 1,
            nonce: challenge.server_nonce.clone(),
            auth: "hmac-sha256".into(),
        },
    );
    write_line(&mut text, &Proof { kind: kinds::PROOF.into(), mac: challenge.prove(secret, Role::Client) });
    write_line(
        &mut text,
        &Welcome { kind: kinds::WELCOME.into(), mac: challenge.prove(secret, Role::Server), hello: hello.clone() },
    );
    let text = String::from_utf8(text).expect("UTF-8");
    expect_file!["../../../../contract/bridge/handshake.jsonl"].assert_eq(&text);
    let last: Welcome = serde_json::from_str(text.lines().last().expect("four lines")).expect("a welcome");
    assert_eq!(last.hello, hello);
    let tls = Challenge { channel: Channel::Tls(Fingerprint([0xab; 32])), ..challenge };
    let proofs = serde_json::json!([
        { "channel": "tcp", "client": Challenge { channel: Channel::Tcp, ..tls.clone() }.prove(secret, Role::Client) },
        { "channel": "unix", "client": Challenge { channel: Channel::Unix, ..tls.clone() }.prove(secret, Role::Client) },
        { "channel": format!("tls {}", Fingerprint([0xab; 32])), "client": tls.prove(secret, Role::Client) },
    ]);
    let text = serde_json::to_string_pretty(&proofs).expect("JSON") + "\n";
    expect_file!["../../../../contract/bridge/proofs.json"].assert_eq(&text);
}

#[test]
fn a_code_of_a_later_version_promises_nothing() {
    let refusal: Refusal = serde_json::from_str(r#"{"code":"on_strike"}"#).expect("a refusal");
    assert_eq!(refusal.code, Code::Failed);
    let null: &RawValue = RawValue::NULL;
    assert!(Fact::read("order", null).is_err());
}

/// Whatever line either side takes: an error or a value, never a panic.
fn take_anything(line: &[u8]) {
    if let Ok(request) = serde_json::from_slice::<RequestLine<'_>>(line) {
        let _ = Call::read(&request);
        let _ = params::<Subscription>(&request);
    }
    if let Ok(inbound) = serde_json::from_slice::<Inbound<'_>>(line)
        && let Some(data) = inbound.data
    {
        let _ = Fact::read(&inbound.kind, data);
    }
    let _ = serde_json::from_slice::<ClientHello>(line);
    let _ = serde_json::from_slice::<ServerHello>(line);
    let _ = serde_json::from_slice::<Welcome>(line);
}

fn golden_lines() -> Vec<Vec<u8>> {
    let files = [
        include_str!("../../../../contract/bridge/requests.jsonl"),
        include_str!("../../../../contract/bridge/facts.jsonl"),
        include_str!("../../../../contract/bridge/answers.jsonl"),
        include_str!("../../../../contract/bridge/handshake.jsonl"),
    ];
    files.iter().flat_map(|file| file.lines()).map(|line| line.as_bytes().to_vec()).collect()
}

proptest::proptest! {
    #[test]
    fn damaged_messages_are_errors(
        which in 0usize..1000,
        damage in proptest::collection::vec((0usize..1000, proptest::prelude::any::<u8>()), 0..6),
        cut in 0usize..2000,
        swap in 0usize..1000,
    ) {
        let lines = golden_lines();
        let mut line = lines[which % lines.len()].clone();
        for (at, byte) in damage {
            let at = at % line.len();
            line[at] = byte;
        }
        take_anything(&line);
        take_anything(&line[..cut.min(line.len())]);
        // Two messages that have nothing to do with each other, put together.
        let other = &lines[swap % lines.len()];
        line.truncate(cut.min(line.len()));
        line.extend_from_slice(&other[swap.min(other.len())..]);
        take_anything(&line);
    }

    #[test]
    fn any_bytes_are_errors(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        take_anything(&bytes);
    }
}
