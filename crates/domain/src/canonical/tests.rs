//! What is written is what the API promises, and comes back.

use super::*;
use crate::{Direction, Language, Offset, OrderType, Product, Status};
use serde_json::{from_str, from_value, json, to_string, to_value};

fn order() -> OrderData {
    let request = OrderRequest {
        symbol: "rb2605".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume: 2.0,
        price: 3500.5,
        offset: Offset::CloseToday,
        reference: "me".into(),
        forms: NumberForms::default(),
    };
    request.to_order("1", "SIM")
}

#[test]
fn an_order_is_written_with_names_and_read_back() {
    let mut order = order();
    order.datetime = DateTime::parse_rfc3339("2026-11-22T09:30:00.500000+08:00");
    let value = to_value(&order).expect("it can be written");
    assert_eq!(
        value,
        json!({
            "gateway_name": "SIM", "symbol": "rb2605", "exchange": "SHFE", "orderid": "1", "type": "LIMIT",
            "direction": "LONG", "offset": "CLOSETODAY", "price": 3500.5, "volume": 2.0, "traded": 0.0,
            "status": "SUBMITTING", "datetime": "2026-11-22T09:30:00.500000+08:00", "reference": "me",
            "vt_symbol": "rb2605.SHFE", "vt_orderid": "SIM.1"
        })
    );
    assert_eq!(from_value::<OrderData>(value).expect("it can be read"), order);
}

#[test]
fn unknown_numbers_are_null_and_stay_unknown() {
    let mut order = order();
    order.price = f64::MAX;
    order.traded = f64::NAN;
    order.forms.set_null(1);
    let text = to_string(&order).expect("it can be written");
    assert!(text.contains(r#""price":null,"volume":null,"traded":null"#), "{text}");
    let read: OrderData = from_str(&text).expect("it can be read");
    assert!(read.price.is_nan() && read.volume.is_nan() && read.traded.is_nan());
    assert_eq!(to_string(&read).expect("it can be written"), text);
}

#[test]
fn a_tick_keeps_its_five_levels_and_what_hangs_on_it() {
    let mut tick = TickData::new("SIM", "rb2605", Exchange::SHFE, DateTime::parse_rfc3339("2026-11-22T09:30:00Z"));
    for index in 0..TickData::NUMBERS.len() {
        tick.set_number(index, index as f64 + 0.5);
    }
    tick.attributes.push("note", Value::List(vec![Value::Int(1), Value::Text("二".into()), Value::None]));
    let value = to_value(&tick).expect("it can be written");
    assert_eq!(value["bid_price_1"], 11.5);
    assert_eq!(value["ask_volume_5"], 30.5);
    assert_eq!(value["extra"]["note"][1], "二");
    assert_eq!(from_value::<TickData>(value).expect("it can be read"), tick);
}

#[test]
fn every_other_class_comes_back() {
    let contract = ContractData::new("SIM", "rb2605", Exchange::SHFE, "螺纹钢", Product::Futures);
    let again: ContractData = from_value(to_value(&contract).expect("written")).expect("read");
    assert_eq!(again, contract);
    let vt_symbol = crate::VtSymbol::new("rb2605", Exchange::SHFE);
    let position = PositionData {
        gateway_name: "SIM".into(),
        symbol: "rb2605".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Short,
        volume: 3.0,
        frozen: 1.0,
        price: 3500.0,
        pnl: -12.5,
        yd_volume: 0.0,
        vt_positionid: crate::VtPositionId::new("SIM", &vt_symbol, Direction::Short, Language::Zh),
        vt_symbol: vt_symbol.clone(),
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    };
    assert_eq!(from_value::<PositionData>(to_value(&position).expect("written")).expect("read"), position);
    let side = QuoteSide { price: 1.0, volume: 2.0, offset: Offset::Open };
    let quote = QuoteData {
        gateway_name: "SIM".into(),
        symbol: "rb2605".into(),
        exchange: Exchange::SHFE,
        quoteid: "7".into(),
        bid: side,
        ask: QuoteSide { price: 3.0, ..side },
        status: Status::NotTraded,
        datetime: None,
        reference: Text::default(),
        vt_symbol,
        vt_quoteid: crate::VtQuoteId::new("SIM", "7"),
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    };
    let value = to_value(&quote).expect("written");
    assert_eq!((&value["bid_price"], &value["ask_price"]), (&json!(1.0), &json!(3.0)));
    assert_eq!(from_value::<QuoteData>(value).expect("read"), quote);
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let error = from_str::<SubscribeRequest>(r#"{"symbol":"x"}"#).expect_err("no exchange");
    assert!(error.to_string().contains("exchange"), "{error}");
    let error = from_str::<Direction>(r#""UP""#).expect_err("no side");
    assert!(error.to_string().contains("LONG, SHORT, NET"), "{error}");
}

#[test]
fn times_are_read_with_and_without_offset() {
    let cases = [
        ("2026-11-22T09:30:00", None),
        ("2026-11-22 09:30:00.5+08:00", Some(8 * 3600)),
        ("1900-01-01T00:00:00+08:05:43", Some(8 * 3600 + 5 * 60 + 43)),
        ("2026-11-22T09:30:00.123456789Z", Some(0)),
    ];
    for (text, offset) in cases {
        assert_eq!(DateTime::parse_rfc3339(text).expect(text).offset(), offset, "{text}");
    }
    for text in [
        "",
        "2026-11-22",
        "2026-13-22T09:30:00",
        "2026-11-22T09:30:00.+08:00",
        "2026-11-22T09:30:00+8",
        "２026-11-22T09:30:00",
    ] {
        assert!(DateTime::parse_rfc3339(text).is_none(), "{text}");
    }
}
