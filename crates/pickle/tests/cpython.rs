//! CPython is the judge: what its pickler writes is read here, what is written here its unpickler
//! reads. Both sides put the value into the same text form (`contract/pickle/make.py`).
//!
//! Needs a `python3` of 3.8 or later on the PATH; without one the tests say so and pass.

mod canon;

use std::io::Write;
use std::process::{Command, Stdio};

use pickle::{Fragment, Limits, Loader, Protocol, Writer};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// Values of the data model, as `rpc` writes them.
#[derive(Debug, Clone)]
enum Model {
    None,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Str(String),
    Bytes(Vec<u8>),
    Exchange(&'static str),
    Time([u8; 10]),
    List(Vec<Model>),
    Tuple(Vec<Model>),
    Dict(Vec<(String, Model)>),
    Tick(Vec<(String, Model)>),
    /// Twice the same key fragment, memoised.
    Once(i64),
}

/// Runs `tests/oracle.py`; its lines, or nothing where there is no Python to run it.
fn oracle(arguments: &[&str], input: &str) -> Option<Vec<String>> {
    let check = ["-c", "import sys; sys.exit(sys.version_info < (3, 8))"];
    if !Command::new("python3").args(check).status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: no python3 of 3.8 or later on the PATH");
        return None;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle.py");
    let mut python = Command::new("python3")
        .arg(script)
        .arg(canon::contract())
        .args(arguments)
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 has just been run");
    let mut stdin = python.stdin.take().expect("it is piped");
    let input = input.to_owned();
    let feeder = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = python.wait_with_output().expect("it runs to its end");
    feeder.join().expect("it does not panic").expect("the oracle reads everything");
    assert!(output.status.success(), "the oracle failed");
    let text = String::from_utf8(output.stdout).expect("the text form is ASCII");
    Some(text.lines().map(Into::into).collect())
}

#[test]
fn what_cpython_writes_is_read() {
    let Some(lines) = oracle(&["write", "1", "300"], "") else { return };
    let mut loader = Loader::new(canon::allow(), Limits::default());
    for line in &lines {
        let [protocol, pickle, expected] = line.splitn(3, '\t').collect::<Vec<_>>().try_into().expect("three columns");
        let bytes = unhex(pickle);
        let tree = loader.load(&bytes).unwrap_or_else(|error| panic!("protocol {protocol}: {error}: {pickle}"));
        assert_eq!(canon::canon(tree.root()), expected, "protocol {protocol}");
    }
    assert_eq!(lines.len(), 300 * 6);
}

#[test]
fn what_is_written_cpython_reads() {
    let (mut runner, values) = (TestRunner::deterministic(), model());
    let mut pickles = String::new();
    let mut expected = Vec::new();
    let mut loader = Loader::new(canon::allow(), Limits::default());
    for _ in 0..300 {
        let value = values.new_tree(&mut runner).expect("nothing is filtered").current();
        for protocol in [Protocol::Two, Protocol::Four] {
            let mut writer = Writer::new(protocol);
            write(&mut writer, &value);
            let bytes = writer.finish();
            pickles += &canon::hex("", &bytes);
            pickles.push('\n');
            expected.push(canon::canon(loader.load(&bytes).expect("own bytes are read").root()));
        }
        let [.., two, four] = &expected[..] else { unreachable!("two were pushed") };
        assert_eq!(two, four, "both protocols say the same");
    }
    let Some(read) = oracle(&["read"], &pickles) else { return };
    assert_eq!(read.len(), expected.len());
    for (read, expected) in read.iter().zip(&expected) {
        assert_eq!(read, expected);
    }
}

fn model() -> impl Strategy<Value = Model> {
    let time = (1_u8..=39, 0_u8..=255, 1_u8..=12, 1_u8..=28, 0_u8..24, 0_u8..60, 0_u8..60, 0_u8..15, any::<[u8; 2]>())
        .prop_map(|(y, ear, month, day, h, m, s, us, [u, v])| {
            Model::Time([y % 39, ear.max(1), month, day, h, m, s, us, u, v])
        });
    let leaf = prop_oneof![
        Just(Model::None),
        any::<bool>().prop_map(Model::Bool),
        prop_oneof![any::<i64>(), -300..70_000_i64].prop_map(Model::Int),
        any::<u64>().prop_map(Model::Uint),
        any::<f64>().prop_map(Model::Float),
        "(?s).{0,30}".prop_map(Model::Str),
        "[a-z汉]{250,300}".prop_map(Model::Str),
        prop::collection::vec(any::<u8>(), 0..300).prop_map(Model::Bytes),
        prop::sample::select(&["SHFE", "CFFEX", "SSE"][..]).prop_map(Model::Exchange),
        time,
        any::<i64>().prop_map(Model::Once),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        // Python keeps one of two equal keys, and an object without attributes has no state.
        let pairs = |least| {
            let map = prop::collection::btree_map("[a-z_]{1,12}", inner.clone(), least..8);
            map.prop_map(|map| map.into_iter().collect::<Vec<_>>())
        };
        let (dict, tick) = (pairs(0).prop_map(Model::Dict), pairs(1).prop_map(Model::Tick));
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Model::List),
            prop::collection::vec(inner, 0..8).prop_map(Model::Tuple),
            dict,
            tick,
        ]
    })
}

fn write(writer: &mut Writer, value: &Model) {
    match value {
        Model::None => writer.none(),
        Model::Bool(value) => writer.bool(*value),
        Model::Int(value) => writer.int(*value),
        Model::Uint(value) => writer.uint(*value),
        Model::Float(value) => writer.float(*value),
        Model::Str(text) => writer.str(text),
        Model::Bytes(bytes) => writer.bytes(bytes),
        Model::Exchange(name) => writer.attribute("vnpy.trader.constant", "Exchange", name),
        Model::Time(bytes) => {
            writer.global("datetime", "datetime");
            writer.bytes(bytes);
            writer.tuple1();
            writer.reduce();
        }
        Model::List(items) => {
            writer.begin_list();
            items.iter().for_each(|item| write(writer, item));
            writer.end_list();
        }
        Model::Tuple(items) => write_tuple(writer, items),
        Model::Dict(pairs) => {
            writer.begin_dict();
            write_pairs(writer, pairs);
            writer.end_dict();
        }
        Model::Tick(pairs) => {
            writer.global("vnpy.trader.object", "TickData");
            writer.begin_object();
            write_pairs(writer, pairs);
            writer.end_object();
        }
        Model::Once(value) => {
            let fragment = Fragment::new(writer.protocol(), |writer| writer.str("again"));
            writer.once(3, &fragment);
            writer.int(*value);
            writer.once(3, &fragment);
            writer.tuple3();
        }
    }
}

fn write_tuple(writer: &mut Writer, items: &[Model]) {
    match items {
        [] => writer.empty_tuple(),
        [one] => {
            write(writer, one);
            writer.tuple1();
        }
        [one, two] => {
            write(writer, one);
            write(writer, two);
            writer.tuple2();
        }
        many => {
            writer.begin_tuple();
            many.iter().for_each(|item| write(writer, item));
            writer.end_tuple();
        }
    }
}

fn write_pairs(writer: &mut Writer, pairs: &[(String, Model)]) {
    for (key, value) in pairs {
        writer.str(key);
        write(writer, value);
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |c: u8| char::from(c).to_digit(16).expect("hex") as u8;
    text.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}
