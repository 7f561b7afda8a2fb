//! What is written is read back the same, in every dialect and form of enum members.

use super::*;
use crate::decode::{Answer, EventDecoder, FromNode, PeerEvent, decode_call, decode_reply};
use crate::dialect::{App, Dialect, Framing};
use domain::{
    AccountData, Attributes, Civil, ContractData, DateTime, Direction, Exchange, HistoryRequest, Language, Level,
    LogData, NumberForms, Offset, OptionType, OrderData, OrderRequest, OrderType, PositionData, Product, Status, Text,
    TickData, TradeData, Value, VtAccountId, VtPositionId, VtTradeId, Zone,
};
use pickle::{AllowList, Limits};
use proptest::prelude::*;

const DIALECTS: [(App, Framing); 4] = [
    (App::WebTrader, Framing::OneFrame),
    (App::WebTrader, Framing::TwoFrames),
    (App::RpcService, Framing::OneFrame),
    (App::RpcService, Framing::TwoFrames),
];

fn time() -> impl Strategy<Value = DateTime> {
    let zone = prop_oneof![
        Just(Zone::Naive),
        Just(Zone::Named { name: Text::new("Asia/Shanghai"), offset: 28_800 }),
        Just(Zone::Named { name: Text::new("UTC"), offset: 0 }),
        (-86_399i32..86_400).prop_map(|offset| Zone::Fixed { offset }),
    ];
    let clock = (1992i16..2100, 1u8..13, 1u8..29, 0u8..24, 0u8..60, 0u8..60, 0u32..1_000_000);
    (clock, any::<bool>(), zone).prop_map(|((y, mo, d, h, mi, s, us), fold, zone)| DateTime {
        civil: Civil::new((y, mo, d), (h, mi, s), us).expect("a moment"),
        fold,
        zone,
    })
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>().prop_filter("comparable", |n| !n.is_nan()),
        Just(0.0),
        Just(f64::MAX),
        (0..100_000i64).prop_map(|n| n as f64)
    ]
}

fn attributes() -> impl Strategy<Value = Attributes> {
    let leaf = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        ".{0,8}".prop_map(|t| Value::Text(Text::from(t))),
        time().prop_map(Value::Time),
    ];
    let value = leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::vec(("[a-z]{1,4}", inner), 0..4).prop_map(|entries| {
                Value::Map(
                    entries.into_iter().enumerate().map(|(n, (k, v))| (Text::from(format!("{k}{n}")), v)).collect(),
                )
            }),
        ]
    });
    prop::option::weighted(0.2, value).prop_map(|extra| {
        let mut attributes = Attributes::default();
        if let Some(extra) = extra {
            attributes.push("extra", extra);
        }
        attributes
    })
}

fn tick() -> impl Strategy<Value = TickData> {
    let numbers = prop::collection::vec((number(), 0u8..8), TickData::NUMBERS.len());
    let exchange = prop::sample::select(Exchange::known().chain(Exchange::from_name("OKX")).collect::<Vec<_>>());
    ("[A-Za-z0-9-]{1,30}", exchange, ".{0,20}", prop::option::of(time()), numbers, attributes()).prop_map(
        |(symbol, exchange, name, at, numbers, attributes)| {
            let mut tick = TickData::new("SIM", &symbol, exchange, at.clone());
            tick.name = Text::from(name);
            tick.localtime = at;
            tick.attributes = attributes;
            for (field, (value, form)) in numbers.into_iter().enumerate() {
                let whole = value.trunc().clamp(-1e15, 1e15);
                match form {
                    0 => tick.forms.set_null(field as u32),
                    1 => {
                        tick.forms.set_int(field as u32);
                        tick.set_number(field, whole);
                    }
                    _ => tick.set_number(field, value),
                }
            }
            tick
        },
    )
}

fn order() -> impl Strategy<Value = OrderData> {
    let pick = (
        prop::option::of(prop::sample::select(Direction::ALL)),
        prop::sample::select(Offset::ALL),
        prop::sample::select(OrderType::ALL),
        prop::sample::select(Status::ALL),
    );
    (pick, number(), number(), prop::option::of(time()), ".{0,9}", attributes()).prop_map(
        |((direction, offset, order_type, status), price, volume, datetime, reference, attributes)| {
            let request = OrderRequest {
                forms: domain::NumberForms::default(),
                symbol: Text::new("rb2601"),
                exchange: Exchange::SHFE,
                direction: Direction::Long,
                order_type,
                volume,
                price,
                offset,
                reference: Text::from(reference),
            };
            OrderData { direction, status, datetime, attributes, ..request.to_order("1_-2_3", "CTP") }
        },
    )
}

fn read_back(dialect: (App, Framing), values: Option<Language>, event: Outgoing<'_>) -> Vec<PeerEvent> {
    let dialect = Dialect { app: dialect.0, framing: dialect.1 };
    let mut messages = Vec::new();
    EventEncoder::new(dialect, values).encode(event, &mut messages);
    let mut decoder = EventDecoder::default();
    let read = |message| {
        let published = decoder.decode(message).expect("ours is readable");
        assert_eq!((published.framing, published.app), (dialect.framing, Some(dialect.app)));
        published.event
    };
    messages.iter().map(read).collect()
}

proptest! {
    #[test]
    fn ticks_and_orders_come_back_the_same(tick in tick(), order in order(), dialect in 0usize..4, values in prop::sample::select(vec![None, Some(Language::Zh), Some(Language::En)])) {
        let dialect = DIALECTS[dialect];
        let events = read_back(dialect, values, Outgoing::Tick(&tick));
        prop_assert_eq!(&events[0], &PeerEvent::Tick(Box::new(tick)));
        prop_assert_eq!(events.len(), if dialect.0 == App::RpcService { 2 } else { 1 });
        let events = read_back(dialect, values, Outgoing::Order(&order));
        prop_assert_eq!(&events[0], &PeerEvent::Order(Box::new(order)));
    }
}

fn option_contract() -> ContractData {
    let mut contract = ContractData::new("SIM", "IO2612-C-4000", Exchange::CFFEX, "沪深300股指期权", Product::Option);
    contract.size = 100.0;
    contract.forms.set_int(0);
    contract.max_volume = Some(20.0);
    contract.option_strike = Some(4000.0);
    contract.option_type = Some(OptionType::Call);
    contract.option_underlying = Some(Text::new("IF2612"));
    contract.option_expiry = Civil::new((2026, 12, 18), (0, 0, 0), 0).map(DateTime::naive);
    contract
}

#[test]
fn the_other_classes_come_back_the_same() {
    let order = OrderRequest {
        forms: domain::NumberForms::default(),
        symbol: Text::new("rb2601"),
        exchange: Exchange::SHFE,
        direction: Direction::Short,
        order_type: OrderType::Fak,
        volume: 1.0,
        price: 2.0,
        offset: Offset::CloseToday,
        reference: Text::default(),
    }
    .to_order("1", "SIM");
    let trade = TradeData {
        gateway_name: order.gateway_name.clone(),
        symbol: order.symbol.clone(),
        exchange: order.exchange,
        orderid: order.orderid.clone(),
        tradeid: Text::new("9"),
        direction: order.direction,
        offset: order.offset,
        price: 2.0,
        volume: 1.0,
        datetime: None,
        vt_symbol: order.vt_symbol.clone(),
        vt_orderid: order.vt_orderid.clone(),
        vt_tradeid: VtTradeId::new("SIM", "9"),
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    };
    let position = PositionData {
        gateway_name: order.gateway_name.clone(),
        symbol: order.symbol.clone(),
        exchange: order.exchange,
        direction: Direction::Net,
        volume: -1.0,
        frozen: 0.0,
        price: 2.5,
        pnl: f64::MAX,
        yd_volume: 0.0,
        vt_symbol: order.vt_symbol.clone(),
        vt_positionid: VtPositionId::new("SIM", &order.vt_symbol, Direction::Net, Language::En),
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    };
    let account = AccountData {
        gateway_name: order.gateway_name.clone(),
        accountid: Text::new("88"),
        balance: 1e6,
        frozen: 0.5,
        available: 9e5,
        vt_accountid: VtAccountId::new("SIM", "88"),
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    };
    let line = LogData { gateway_name: Text::new("SIM"), msg: "连接".into(), level: 40, time: None };
    let contract = option_contract();
    for dialect in &DIALECTS[2..] {
        for values in [None, Some(Language::Zh), Some(Language::En)] {
            let back = |event| read_back(*dialect, values, event).swap_remove(0);
            assert_eq!(back(Outgoing::Trade(&trade)), PeerEvent::Trade(Box::new(trade.clone())));
            assert_eq!(back(Outgoing::Position(&position)), PeerEvent::Position(Box::new(position.clone())));
            assert_eq!(back(Outgoing::Account(&account)), PeerEvent::Account(Box::new(account.clone())));
            assert_eq!(back(Outgoing::Contract(&contract)), PeerEvent::Contract(Box::new(contract.clone())));
            assert_eq!(back(Outgoing::Log(&line)), PeerEvent::Log(line.clone()));
        }
    }
    assert!(read_back(DIALECTS[0], None, Outgoing::Log(&line)).is_empty(), "WebTrader publishes no log");
}

#[test]
fn requests_are_readable_as_class_calls() {
    let fragments = Fragments::new(EnumForm::Name);
    let order = OrderRequest {
        forms: domain::NumberForms::default(),
        symbol: Text::new("rb2601"),
        exchange: Exchange::parse("EUX").expect("EUREX"),
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume: 1.0,
        price: 3500.0,
        offset: Offset::Open,
        reference: Text::new("网页"),
    };
    let body = encode_call(&fragments, "send_order", &[Argument::Order(&order), Argument::Text("CTP")]);
    let mut loader = crate::decode::loader();
    let tree = loader.load(&body).expect("ours is readable");
    let call = decode_call(tree.root()).expect("a call");
    assert_eq!(call.name, "send_order");
    assert_eq!(OrderRequest::from_node(call.argument(0, "req").expect("is there")), Ok(order));
    let at = Civil::new((2026, 1, 5), (9, 30, 0), 0).expect("a moment");
    let history = HistoryRequest {
        symbol: Text::new("rb2601"),
        exchange: Exchange::SHFE,
        start: DateTime::in_zone(at, false, "Asia/Shanghai").expect("a zone"),
        end: None,
        interval: Some(domain::Interval::Minute),
    };
    let body = encode_call(&fragments, "query_history", &[Argument::History(&history), Argument::Text("CTP")]);
    let tree = loader.load(&body).expect("ours is readable");
    let call = decode_call(tree.root()).expect("a call");
    assert_eq!(HistoryRequest::from_node(call.argument(0, "req").expect("is there")), Ok(history));
}

#[test]
fn answers_share_what_repeats_and_come_back() {
    let encoder = ReplyEncoder::new(None);
    let mut tick = TickData::new("SIM", "rb2601", Exchange::SHFE, None);
    tick.bids[4] = Level { price: 1.0, volume: 2.0 };
    let row = std::sync::Arc::new(tick.clone());
    let rows: Vec<_> = (0..50).map(|_| std::sync::Arc::clone(&row)).collect();
    let body = encoder.success(&ReplyValue::Ticks(&rows));
    assert!(body.len() < 50 * 500, "keys are written once: {} bytes", body.len());
    let read = |node: pickle::Node<'_>| node.items().expect("a list").map(Box::<TickData>::from_node).collect();
    let back: Answer<Vec<Box<TickData>>> = decode_reply(&body, read).expect("ours is readable");
    assert_eq!(back, Answer::Value(vec![Box::new(tick); 50]));
    let failure = decode_reply(&encoder.failure("KeyError: 'x'\n"), |_| Ok(())).expect("ours is readable");
    assert_eq!(failure, Answer::Failed("KeyError: 'x'".to_owned()));
}

#[test]
fn a_class_that_is_not_allowed_is_named() {
    let mut writer = pickle::Writer::protocol4();
    writer.global("os", "system");
    let body = writer.finish();
    let error =
        pickle::load(&body, &AllowList::new(&[]), &Limits::default()).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(error.contains("os") && error.contains("system"), "{error}");
}

#[test]
fn an_object_of_an_unknown_class_spoils_its_own_row_of_a_list() {
    let encoder = ReplyEncoder::new(None);
    let tick = TickData::new("SIM", "rb2601", Exchange::SHFE, None);
    let mut writer = pickle::Writer::protocol4();
    writer.begin_list();
    writer.bool(true);
    writer.begin_list();
    writer.global("os", "system");
    writer.str("true");
    writer.tuple1();
    writer.reduce();
    writer.global("my.gateway", "Odd");
    writer.begin_object();
    writer.str("a");
    writer.int(1);
    writer.end_object();
    writer.end_list();
    writer.end_list();
    let kinds = |node: pickle::Node<'_>| {
        node.items().map(|items| items.map(|row| Box::<TickData>::from_node(row).is_err()).collect::<Vec<_>>())
    };
    let read = |node: pickle::Node<'_>| Ok(kinds(node).unwrap_or_default());
    assert_eq!(decode_reply(&writer.finish(), read), Ok(Answer::Value(vec![true, true])));
    let fine = encoder.success(&ReplyValue::Ticks(&[std::sync::Arc::new(tick)]));
    assert_eq!(decode_reply(&fine, read), Ok(Answer::Value(vec![false])));
}
