//! Golden texts as VeighNa's own web process wrote them, and Python itself as the judge of floats.

use super::*;
use crate::json::time::push_time;
use domain::{Attributes, Civil, DateTime, Exchange, Level, Value};
use proptest::prelude::*;
use std::io::Write;
use std::process::{Command, Stdio};

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn floats_as_the_incumbent_wrote_them() {
    let cases = [
        (0.0, "0.0", "0.0"),
        (-0.0, "-0.0", "-0.0"),
        (1.0, "1.0", "1.0"),
        (0.1 + 0.2, "0.30000000000000004", "0.30000000000000004"),
        (1.0 / 3.0, "0.3333333333333333", "0.3333333333333333"),
        (3600.5, "3600.5", "3600.5"),
        (1e-4, "0.0001", "0.0001"),
        (1e-5, "0.00001", "1e-05"),
        (-5e-5, "-0.00005", "-5e-05"),
        (1.5e-5, "0.000015", "1.5e-05"),
        (1e-6, "1e-6", "1e-06"),
        (1.25e-7, "1.25e-7", "1.25e-07"),
        (5e-324, "5e-324", "5e-324"),
        (1e15, "1000000000000000.0", "1000000000000000.0"),
        (123456789012345680.0, "1.2345678901234568e+17", "1.2345678901234568e+17"),
        (9007199254740992.0, "9007199254740992.0", "9007199254740992.0"),
        (1e16, "1e+16", "1e+16"),
        (1.5e22, "1.5e+22", "1.5e+22"),
        (1e300, "1e+300", "1e+300"),
        (f64::NAN, "null", "null"),
        (f64::NEG_INFINITY, "null", "null"),
        (f64::MAX, "null", "null"),
        (-1.797e308, "null", "null"),
    ];
    for (value, rest, python) in cases {
        assert_eq!(text(|out| push_rest_float(out, value)), rest);
        assert_eq!(text(|out| push_python_float(out, value)), python);
    }
}

#[test]
fn ints_have_no_point_however_large() {
    let int = |value: f64| text(|out| super::float::push_int(out, value));
    assert_eq!(int(-0.0), "0");
    assert_eq!(int(-17.0), "-17");
    assert_eq!(int(9223372036854775808.0), "9223372036854775808");
    assert_eq!(int(-1180591620717411303424.0), "-1180591620717411303424");
    assert_eq!(int(f64::INFINITY), "null");
}

#[test]
fn strings_are_raw_but_for_what_json_forbids() {
    let quoted = text(|out| push_string(out, "螺\u{7f}\u{2028}\"\\/\u{8}\u{c}\n\r\t\0\u{1f}"));
    assert_eq!(quoted, "\"螺\u{7f}\u{2028}\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\"");
}

#[test]
fn a_tick_as_recorded() {
    let at = Civil::new((2026, 1, 5), (9, 30, 2), 0).unwrap();
    let mut tick = TickData::new("SIM", "rb2610", Exchange::SHFE, DateTime::in_zone(at, false, "Asia/Shanghai"));
    tick.name = "螺纹钢2610".into();
    tick.volume = 3.0;
    tick.turnover = 108000.0;
    tick.last_price = 3603.0;
    for field in [0, 4, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30] {
        tick.forms.set_int(field);
    }
    tick.bids[0] = Level { price: 3602.0, volume: 10.0 };
    tick.attributes.push("extra", Value::Map(vec![("a".into(), Value::List(vec![Value::Int(1), Value::Float(1e-5)]))]));
    assert_eq!(
        text(|out| write_ws_tick(out, &tick, Language::Zh)),
        concat!(
            r#"{"topic": "eTick.", "data": {"gateway_name": "SIM", "symbol": "rb2610", "exchange": "SHFE", "#,
            r#""datetime": "2026-01-05 09:30:02+08:00", "name": "螺纹钢2610", "volume": 3, "turnover": 108000.0, "#,
            r#""open_interest": 0.0, "last_price": 3603.0, "last_volume": 0, "limit_up": 0.0, "limit_down": 0.0, "#,
            r#""open_price": 0.0, "high_price": 0.0, "low_price": 0.0, "pre_close": 0.0, "bid_price_1": 3602.0, "#,
            r#""bid_price_2": 0.0, "bid_price_3": 0.0, "bid_price_4": 0.0, "bid_price_5": 0.0, "ask_price_1": 0.0, "#,
            r#""ask_price_2": 0.0, "ask_price_3": 0.0, "ask_price_4": 0.0, "ask_price_5": 0.0, "bid_volume_1": 10, "#,
            r#""bid_volume_2": 0, "bid_volume_3": 0, "bid_volume_4": 0, "bid_volume_5": 0, "ask_volume_1": 0, "#,
            r#""ask_volume_2": 0, "ask_volume_3": 0, "ask_volume_4": 0, "ask_volume_5": 0, "localtime": null, "#,
            r#""vt_symbol": "rb2610.SHFE", "extra": {"a": [1, 1e-05]}}}"#
        )
    );
    let mut large = tick.clone();
    large.turnover = 1180591620717411303424.0;
    large.forms.set_int(1);
    large.forms.set_null(10);
    let large = text(|out| large.write_rest(out, Language::Zh));
    assert!(large.contains(r#","volume":3,"turnover":1180591620717411303424,"open_interest":0.0,"#), "{large}");
    assert!(large.contains(r#","low_price":0.0,"pre_close":null,"bid_price_1":3602.0"#), "{large}");
    let rest = text(|out| tick.write_rest(out, Language::Zh));
    assert!(rest.starts_with(r#"{"gateway_name":"SIM","symbol":"rb2610","exchange":"SHFE","datetime":"#), "{rest}");
    assert!(rest.ends_with(r#""localtime":null,"vt_symbol":"rb2610.SHFE","extra":{"a":[1,0.00001]}}"#), "{rest}");
}

#[test]
fn a_contract_and_an_account_as_recorded() {
    let mut contract = ContractData::new("SIM", "rb2610", Exchange::SHFE, "螺纹钢2610", domain::Product::Futures);
    contract.size = 10.0;
    contract.pricetick = 1.0;
    contract.max_volume = Some(500.0);
    contract.history_data = true;
    (0..4).for_each(|field| contract.forms.set_int(field));
    assert_eq!(
        text(|out| contract.write_rest(out, Language::Zh)),
        concat!(
            r#"{"gateway_name":"SIM","symbol":"rb2610","exchange":"SHFE","name":"螺纹钢2610","product":"期货","size":10,"#,
            r#""pricetick":1,"min_volume":1,"max_volume":500,"stop_supported":false,"net_position":false,"history_data":true,"#,
            r#""option_strike":null,"option_underlying":null,"option_type":null,"option_listed":null,"option_expiry":null,"#,
            r#""option_portfolio":null,"option_index":null,"vt_symbol":"rb2610.SHFE"}"#
        )
    );
    let account = AccountData {
        gateway_name: "SIM".into(),
        accountid: "深圳 1".into(),
        balance: 1e16,
        frozen: -0.0,
        available: 5e-5,
        vt_accountid: domain::VtAccountId::new("SIM", "深圳 1"),
        forms: domain::NumberForms::default(),
        attributes: Attributes::default(),
    };
    assert_eq!(
        text(|out| write_ws_account(out, &account, Language::En)),
        r#"{"topic": "eAccount.", "data": {"gateway_name": "SIM", "accountid": "深圳 1", "balance": 1e+16, "frozen": -0.0, "available": 5e-05, "vt_accountid": "SIM.深圳 1"}}"#
    );
}

proptest! {
    #[test]
    fn plain_and_general_layout_agree(tens in -10_000_000_000i64..10_000_000_000, bits in any::<u64>()) {
        for value in [tens as f64 / 1e4, tens as f64 / 1e5, tens as f64, f64::from_bits(bits)] {
            let ours = text(|out| push_rest_float(out, value));
            if value.abs() < 1.797e308 {
                prop_assert_eq!(ours, zmij::Buffer::new().format_finite(value).to_owned());
            }
        }
    }

    #[test]
    fn times_read_as_display(seconds in -62_000_000_000i64..200_000_000_000, micro in 0i64..1_000_000, offset in -86_000i32..86_000) {
        let zoned = DateTime::from_unix_micros(seconds * 1_000_000 + micro, "America/New_York");
        let fixed = zoned.clone().map(|time| DateTime::fixed(time.civil, offset));
        for time in [zoned, fixed].into_iter().flatten() {
            prop_assert_eq!(text(|out| push_time(out, &time)), time.to_string());
        }
    }
}

#[test]
fn python_writes_the_same_floats() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut values: Vec<f64> = (-330..310).map(|power| 10f64.powi(power) * 1.25).collect();
    for _ in 0..20_000 {
        let bits = any::<u64>().new_tree(&mut runner).unwrap();
        values.push(f64::from_bits(proptest::strategy::ValueTree::current(&bits)));
    }
    values.extend((0..20_000).map(|n| f64::from(n) * 0.000_7 - 3.0));
    values.retain(|value| value.abs() < 1.797e308);
    let Some(lines) = python_reprs(&values) else {
        println!("skipped: no python3 to compare with");
        return;
    };
    for (value, line) in values.iter().zip(lines.lines()) {
        assert_eq!(text(|out| push_python_float(out, *value)), line);
    }
}

fn python_reprs(values: &[f64]) -> Option<String> {
    let script = "import sys,struct\nfor l in sys.stdin: print(repr(struct.unpack('<d',struct.pack('<Q',int(l)))[0]))";
    let mut child =
        Command::new("python3").args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    let mut input = child.stdin.take()?;
    let lines: String = values.iter().map(|value| format!("{}\n", value.to_bits())).collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().ok()?;
    writer.join().ok()?.ok()?;
    String::from_utf8(output.stdout).ok()
}
