//! How long a tick takes: `cargo run --release -p pickle --example bench_tick`, and behind
//! `--` words that a measurement's name must contain.
//!
//! CPU time of this thread (Linux; the system counts it in steps of milliseconds, so it is taken
//! over all rounds) and the median and fastest of 301 short rounds by wall clock, in nanoseconds.

use std::fs;
use std::hint::black_box;
use std::time::Instant;

use pickle::{AllowList, Fragment, GETATTR, Limits, Loader, Node, Protocol, Writer, load};

const TICK: &[u8] = include_bytes!("../../../contract/pickle/tick.p4.pickle");
const ORDER: &[u8] = include_bytes!("../../../contract/pickle/order.p4.pickle");
const CONTRACTS: usize = 20_000;

fn main() {
    let mut globals = GETATTR.to_vec();
    globals.extend([
        ("vnpy.trader.object", "TickData"),
        ("vnpy.trader.object", "OrderData"),
        ("vnpy.trader.object", "ContractData"),
        ("vnpy.trader.constant", "Exchange"),
        ("vnpy.trader.constant", "OrderType"),
        ("vnpy.trader.constant", "Direction"),
        ("vnpy.trader.constant", "Offset"),
        ("vnpy.trader.constant", "Status"),
        ("datetime", "datetime"),
        ("zoneinfo", "ZoneInfo"),
    ]);
    let allow = AllowList::new(&globals);
    let limits = Limits::default();
    let mut loader = Loader::new(allow.clone(), limits);

    measure("tick: load, reused loader", 2_000, || {
        black_box(loader.load(black_box(TICK)).expect("golden").size());
    });
    measure("tick: load, fresh tree", 2_000, || {
        black_box(load(black_box(TICK), &allow, &limits).expect("golden").size());
    });
    measure("tick: load and read every field", 2_000, || {
        let tree = loader.load(black_box(TICK)).expect("golden");
        black_box(read_tick(tree.root()).expect("golden"));
    });
    measure("order: load, reused loader", 2_000, || {
        black_box(loader.load(black_box(ORDER)).expect("golden").size());
    });

    let frame = Keys::new();
    let mut writer = Writer::protocol4();
    measure("tick: write", 2_000, || {
        black_box(write_tick(&mut writer, &frame));
    });
    println!("  {} bytes as read, {} as written", TICK.len(), write_tick(&mut writer, &frame));
    let contracts = write_contracts();
    measure("20,000 contracts: load, reused loader", 1, || {
        black_box(loader.load(black_box(&contracts)).expect("own bytes").size());
    });
    println!("  {} bytes", contracts.len());
}

/// What a consumer does: every field by its key, numbers as doubles.
fn read_tick<'t>(root: Node<'t>) -> Option<([f64; 32], [Option<Node<'t>>; 8])> {
    let object = root.items()?.nth(1)?.instance()?;
    let (mut numbers, mut others) = ([0.0; 32], [None; 8]);
    let (mut number, mut other) = (0, 0);
    for (key, value) in object.state?.pairs()? {
        match key.str_bytes()? {
            b"symbol" | b"exchange" | b"datetime" | b"name" | b"gateway_name" | b"vt_symbol" | b"localtime" => {
                others[other] = Some(value);
                other += 1;
            }
            b"volume" | b"turnover" | b"open_interest" | b"last_price" | b"last_volume" | b"limit_up"
            | b"limit_down" | b"open_price" | b"high_price" | b"low_price" | b"pre_close" | b"bid_price_1"
            | b"bid_price_2" | b"bid_price_3" | b"bid_price_4" | b"bid_price_5" | b"ask_price_1" | b"ask_price_2"
            | b"ask_price_3" | b"ask_price_4" | b"ask_price_5" | b"bid_volume_1" | b"bid_volume_2"
            | b"bid_volume_3" | b"bid_volume_4" | b"bid_volume_5" | b"ask_volume_1" | b"ask_volume_2"
            | b"ask_volume_3" | b"ask_volume_4" | b"ask_volume_5" => {
                numbers[number] = value.as_f64()?;
                number += 1;
            }
            _ => return None,
        }
    }
    Some((numbers, others))
}

struct Keys {
    head: Fragment,
    zone: Fragment,
    numbers: Vec<Fragment>,
}

impl Keys {
    fn new() -> Self {
        let head = Fragment::new(Protocol::Four, |w| {
            w.begin_list();
            w.str("eTick.");
            w.global("vnpy.trader.object", "TickData");
            w.begin_object();
            w.str("exchange");
            w.attribute("vnpy.trader.constant", "Exchange", "SHFE");
            w.str("datetime");
            w.global("datetime", "datetime");
        });
        let zone = Fragment::new(Protocol::Four, |w| {
            w.attribute("zoneinfo", "ZoneInfo", "_unpickle");
            w.str("Asia/Shanghai");
            w.int(1);
            w.tuple2();
            w.reduce();
        });
        let levels = ["bid_price", "ask_price", "bid_volume", "ask_volume"];
        let levels = levels.iter().flat_map(|name| (1..6).map(move |level| format!("{name}_{level}")));
        let plain = ["volume", "turnover", "open_interest", "last_price", "last_volume", "limit_up", "limit_down"];
        let more = ["open_price", "high_price", "low_price", "pre_close"];
        let names = plain.iter().chain(&more).map(ToString::to_string).chain(levels);
        let numbers = names.map(|name| Fragment::new(Protocol::Four, |w| w.str(&name))).collect();
        Self { head, zone, numbers }
    }
}

fn write_tick(writer: &mut Writer, keys: &Keys) -> usize {
    writer.clear();
    writer.raw(&keys.head);
    writer.bytes(&[7, 234, 1, 5, 9, 30, 0, 7, 161, 32]);
    writer.raw(&keys.zone);
    writer.tuple2();
    writer.reduce();
    for (key, value) in
        [("symbol", "rb2610"), ("name", "螺纹钢2610"), ("gateway_name", "CTP"), ("vt_symbol", "rb2610.SHFE")]
    {
        writer.str(key);
        writer.str(value);
    }
    for (index, key) in keys.numbers.iter().enumerate() {
        writer.raw(key);
        writer.float(3720.0 + index as f64);
    }
    writer.end_object();
    writer.end_list();
    black_box(writer.end()).len()
}

fn write_contracts() -> Vec<u8> {
    let key = |name: &str| Fragment::new(Protocol::Four, |w| w.str(name));
    let class = Fragment::new(Protocol::Four, |w| w.global("vnpy.trader.object", "ContractData"));
    let exchange = Fragment::new(Protocol::Four, |w| w.attribute("vnpy.trader.constant", "Exchange", "SHFE"));
    let keys = ["size", "pricetick", "min_volume", "max_volume", "stop_supported", "option_strike"].map(key);
    let texts = ["symbol", "name", "gateway_name", "vt_symbol"].map(key);
    let mut w = Writer::protocol4();
    w.begin_list();
    for number in 0..CONTRACTS {
        w.once(0, &class);
        w.begin_object();
        w.once(1, &texts[0]);
        w.once(2, &exchange);
        for (slot, key) in texts.iter().enumerate() {
            w.once(3 + slot, key);
            w.str(&format!("rb{number}"));
        }
        for (slot, key) in keys.iter().enumerate() {
            w.once(7 + slot, key);
            w.int(number as i64);
        }
        w.end_object();
    }
    w.end_list();
    w.finish()
}

fn measure(what: &str, repeats: u32, mut run: impl FnMut()) {
    if std::env::args().skip(1).any(|wanted| !what.contains(&wanted)) {
        return;
    }
    const ROUNDS: u32 = 301;
    let before = cpu_ns();
    let mut rounds: Vec<u128> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            for _ in 0..repeats {
                run();
            }
            started.elapsed().as_nanos() / u128::from(repeats)
        })
        .collect();
    let cpu = before.zip(cpu_ns()).map(|(before, after)| (after - before) / u64::from(ROUNDS * repeats));
    let cpu = cpu.map_or("?".into(), |cpu| cpu.to_string());
    rounds.sort_unstable();
    println!("{what:<40} cpu {cpu:>9}   wall: median {:>9}, fastest {:>9}", rounds[150], rounds[0]);
}

/// CPU time of this thread so far, where the system tells.
fn cpu_ns() -> Option<u64> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok()
}
