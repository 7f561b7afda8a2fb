//! The text form of a value, as `contract/pickle/make.py` defines it, and what both test files share.

// Each test file compiles this module for itself and uses what it needs.
#![allow(dead_code, unreachable_pub)]

use std::path::PathBuf;

use pickle::{AllowList, GETATTR, Kind, NUMPY, Node, PLAIN};

/// `contract/pickle` of the workspace.
pub fn contract() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contract/pickle")
}

/// Everything that the samples name.
pub fn allow() -> AllowList {
    let objects = [
        "TickData",
        "BarData",
        "OrderData",
        "TradeData",
        "PositionData",
        "AccountData",
        "LogData",
        "ContractData",
        "QuoteData",
        "OrderRequest",
    ];
    let enums = ["Direction", "Offset", "Status", "Product", "OrderType", "OptionType", "Exchange", "Interval"];
    let mut globals = [PLAIN, GETATTR, NUMPY].concat();
    globals.extend(objects.map(|name| ("vnpy.trader.object", name)));
    globals.extend(enums.map(|name| ("vnpy.trader.constant", name)));
    globals.extend(["datetime", "date", "time", "timedelta", "timezone"].map(|name| ("datetime", name)));
    globals.extend(["OrderedDict", "defaultdict", "deque"].map(|name| ("collections", name)));
    globals.extend(["int", "len", "list"].map(|name| ("builtins", name)));
    globals.extend(["int", "len", "list"].map(|name| ("__builtin__", name)));
    globals.extend([
        ("vnpy.event.engine", "Event"),
        ("vnpy_app.base", "Keyword"),
        ("zoneinfo", "ZoneInfo"),
        ("pytz", "_p"),
        ("pytz", "_UTC"),
    ]);
    AllowList::new(&globals)
}

/// The text form. Recursive: for values that a test made.
pub fn canon(node: Node<'_>) -> String {
    match node.kind() {
        Kind::None => "None".into(),
        Kind::Bool(true) => "True".into(),
        Kind::Bool(false) => "False".into(),
        Kind::Int(value) => format!("i{value}"),
        Kind::BigInt(bytes) => format!("i{}", decimal(bytes)),
        Kind::Float(value) => format!("f{:016x}", value.to_bits()),
        Kind::Str(text) => text_form(text),
        Kind::Bytes(bytes) => hex("b", bytes),
        Kind::List(items) => wrap("[", items.map(canon).collect(), "]"),
        Kind::Tuple(items) => wrap("(", items.map(canon).collect(), ")"),
        Kind::Set(items) => set_form("set", items),
        Kind::FrozenSet(items) => set_form("frozenset", items),
        Kind::Dict(pairs) => {
            wrap("{", pairs.map(|(key, value)| format!("{}:{}", canon(key), canon(value))).collect(), "}")
        }
        Kind::Global { module, name } => {
            let module = module.replace("__builtin__", "builtins").replace("copy_reg", "copyreg");
            format!("<{module}.{name}>")
        }
        Kind::Call { .. } | Kind::Object { .. } => construction(node),
    }
}

fn construction(node: Node<'_>) -> String {
    if let Some(bytes) = node.bytes_like() {
        return hex("b", &bytes);
    }
    if let Some((callable, mut args)) = node.call() {
        for kind in ["set", "frozenset"] {
            if callable.is_global(&["builtins", "__builtin__"], kind) {
                return set_form(kind, args.next().and_then(Node::items).expect("a list of members"));
            }
        }
    }
    let mut made = match node.instance() {
        Some(object) => {
            let kwargs = node.kwargs().map(canon).unwrap_or_default();
            format!("new {}{}{kwargs}", canon(object.class).trim_matches(['<', '>']), canon(object.args))
        }
        None => match node.kind() {
            Kind::Call { callable, args, .. } => {
                let name = canon(callable);
                let name = name.strip_prefix('<').and_then(|name| name.strip_suffix('>')).unwrap_or(&name);
                format!("{name}{}", canon(args))
            }
            other => panic!("not a construction: {other:?}"),
        },
    };
    if let Some(state) = node.state() {
        made += &format!("={}", canon(state));
    }
    if let Some(items) = node.appended() {
        made += &wrap("+[", items.map(canon).collect(), "]");
    }
    if let Some(pairs) = node.assigned() {
        made += &wrap("+{", pairs.map(|(key, value)| format!("{}:{}", canon(key), canon(value))).collect(), "}");
    }
    made
}

fn set_form(kind: &str, items: pickle::Items<'_>) -> String {
    let mut members: Vec<String> = items.map(canon).collect();
    members.sort();
    wrap(&format!("{kind}["), members, "]")
}

fn wrap(open: &str, parts: Vec<String>, close: &str) -> String {
    format!("{open}{}{close}", parts.join(","))
}

pub fn hex(prefix: &str, bytes: &[u8]) -> String {
    bytes.iter().fold(prefix.into(), |text, byte| text + &format!("{byte:02x}"))
}

fn text_form(text: &str) -> String {
    let letters = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\u{{{:x}}}", u32::from(c)),
        ' '..='~' => c.to_string(),
        _ => format!("\\u{{{:x}}}", u32::from(c)),
    });
    format!("s\"{}\"", letters.collect::<String>())
}

/// Two's complement, low byte first, in decimal.
fn decimal(bytes: &[u8]) -> String {
    let negative = bytes.last().is_some_and(|last| last & 0x80 != 0);
    let mut carry = negative;
    let mut magnitude: Vec<u8> = bytes.to_vec();
    if negative {
        for byte in &mut magnitude {
            (*byte, carry) = (!*byte).overflowing_add(u8::from(carry));
        }
    }
    let mut digits = Vec::new();
    while magnitude.iter().any(|byte| *byte != 0) {
        let mut rest = 0_u16;
        for byte in magnitude.iter_mut().rev() {
            rest = rest << 8 | u16::from(*byte);
            *byte = (rest / 10) as u8;
            rest %= 10;
        }
        digits.push(char::from(b'0' + rest as u8));
    }
    if negative {
        digits.push('-');
    }
    digits.iter().rev().collect()
}
