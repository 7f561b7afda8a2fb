//! Measures what `contract/bridge.md` says about JSON and MessagePack: `cargo run --release -p bridge --example bench_codec`.
//!
//! A tick and an order are written and read in three forms: the canonical JSON, the same members as MessagePack, and a
//! MessagePack array without names, which is the least that a binary form could cost.

use domain::{Direction, Exchange, NumberForms, Offset, OrderData, OrderRequest, OrderType, TickData};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: u32 = 50_000;

/// The tick as a bare row: no names, numbers in order.
#[derive(Serialize, Deserialize)]
struct TickRow {
    gateway_name: String,
    symbol: String,
    exchange: Exchange,
    datetime: Option<domain::DateTime>,
    name: String,
    numbers: [f64; 31],
    localtime: Option<domain::DateTime>,
    vt_symbol: String,
}

/// The order as a bare row.
#[derive(Serialize, Deserialize)]
struct OrderRow {
    gateway_name: String,
    symbol: String,
    exchange: Exchange,
    orderid: String,
    kind: OrderType,
    direction: Option<Direction>,
    offset: Offset,
    numbers: [f64; 3],
    status: domain::Status,
    datetime: Option<domain::DateTime>,
    reference: String,
    vt_symbol: String,
    vt_orderid: String,
}

fn main() {
    println!("{:<34} {:>7} {:>11} {:>11}", "", "bytes", "write ns", "read ns");
    let (tick, order) = (tick(), order());
    json("tick, JSON", &tick);
    packed("tick, MessagePack with names", &tick);
    row("tick, MessagePack without names", &tick_row(&tick));
    json("order, JSON", &order);
    packed("order, MessagePack with names", &order);
    row("order, MessagePack without names", &order_row(&order));
}

fn json<T: Serialize + DeserializeOwned>(name: &str, value: &T) {
    let bytes = serde_json::to_vec(value).expect("JSON");
    let mut out = Vec::with_capacity(bytes.len());
    let write = time(|| {
        out.clear();
        serde_json::to_writer(&mut out, black_box(value)).expect("JSON");
    });
    let read = time(|| drop(black_box(serde_json::from_slice::<T>(black_box(&bytes)).expect("read"))));
    print(name, bytes.len(), write, read);
}

fn packed<T: Serialize + DeserializeOwned>(name: &str, value: &T) {
    let bytes = rmp_serde::to_vec_named(value).expect("MessagePack");
    let mut out = Vec::with_capacity(bytes.len());
    let write = time(|| {
        out.clear();
        rmp_serde::encode::write_named(&mut out, black_box(value)).expect("MessagePack");
    });
    let read = time(|| drop(black_box(rmp_serde::from_slice::<T>(black_box(&bytes)).expect("read"))));
    print(name, bytes.len(), write, read);
}

fn row<T: Serialize + DeserializeOwned>(name: &str, value: &T) {
    let bytes = rmp_serde::to_vec(value).expect("MessagePack");
    let mut out = Vec::with_capacity(bytes.len());
    let write = time(|| {
        out.clear();
        rmp_serde::encode::write(&mut out, black_box(value)).expect("MessagePack");
    });
    let read = time(|| drop(black_box(rmp_serde::from_slice::<T>(black_box(&bytes)).expect("read"))));
    print(name, bytes.len(), write, read);
}

/// Nanoseconds of one call: the best of five runs, so that others on the machine count little.
fn time(mut call: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let begin = Instant::now();
        for _ in 0..ROUNDS {
            call();
        }
        best = best.min(begin.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS));
    }
    best
}

fn print(name: &str, bytes: usize, write: f64, read: f64) {
    println!("{name:<34} {bytes:>7} {write:>11.0} {read:>11.0}");
}

fn tick() -> TickData {
    let at = domain::DateTime::parse_rfc3339("2026-11-23T09:30:00.500000+08:00");
    let mut tick = TickData::new("SIM", "rb2605", Exchange::SHFE, at.clone());
    tick.localtime = at;
    tick.name = "螺纹钢2605".into();
    for (index, _) in TickData::NUMBERS.iter().enumerate() {
        // As they are: prices on a tick of 1 or 0.2, volumes whole.
        let value = if index < 21 { 3500.0 + index as f64 * 0.2 } else { (index * 37) as f64 };
        tick.set_number(index, value);
    }
    tick
}

fn order() -> OrderData {
    let request = OrderRequest {
        symbol: "rb2605".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume: 2.0,
        price: 3500.2,
        offset: Offset::Open,
        reference: "me#K7Q2ABCD".into(),
        forms: NumberForms::default(),
    };
    let datetime = domain::DateTime::parse_rfc3339("2026-11-23T09:30:00.500000+08:00");
    OrderData { datetime, ..request.to_order("261123093000000001", "SIM") }
}

fn tick_row(tick: &TickData) -> TickRow {
    TickRow {
        gateway_name: tick.gateway_name.to_string(),
        symbol: tick.symbol.to_string(),
        exchange: tick.exchange,
        datetime: tick.datetime.clone(),
        name: tick.name.to_string(),
        numbers: std::array::from_fn(|index| tick.number(index)),
        localtime: tick.localtime.clone(),
        vt_symbol: tick.vt_symbol.to_string(),
    }
}

fn order_row(order: &OrderData) -> OrderRow {
    OrderRow {
        gateway_name: order.gateway_name.to_string(),
        symbol: order.symbol.to_string(),
        exchange: order.exchange,
        orderid: order.orderid.to_string(),
        kind: order.order_type,
        direction: order.direction,
        offset: order.offset,
        numbers: [order.price, order.volume, order.traded],
        status: order.status,
        datetime: order.datetime.clone(),
        reference: order.reference.to_string(),
        vt_symbol: order.vt_symbol.to_string(),
        vt_orderid: order.vt_orderid.to_string(),
    }
}
