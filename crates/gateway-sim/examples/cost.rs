//! What an order, a tick and a commit cost, on this machine: `cargo run --release -p gateway-sim --example cost`.

use domain::{CancelRequest, Direction, Exchange, Offset, OrderRequest, OrderType, SubscribeRequest};
use gateway::{Command, Gateway, Now, Report, Settings};
use gateway_sim::{SimConfig, SimGateway};
use std::time::Instant;

const START_US: i64 = 1_795_399_200_000_000;
const ROUNDS: u64 = 20_000;

fn now(us: u64) -> Now {
    Now { unix_us: START_US + us as i64, monotonic_us: us }
}

fn request(order_type: OrderType, price: f64, number: u64) -> OrderRequest {
    let closes = number.is_multiple_of(2) && order_type == OrderType::Market;
    OrderRequest {
        forms: domain::NumberForms::default(),
        symbol: "rb2701".into(),
        exchange: Exchange::SHFE,
        direction: if closes { Direction::Short } else { Direction::Long },
        order_type,
        volume: 1.0,
        price,
        offset: if closes { Offset::CloseToday } else { Offset::Open },
        reference: "cost".into(),
    }
}

fn main() {
    let path = std::env::temp_dir().join(format!("gateway-sim-cost-{}.db", std::process::id()));
    let config = SimConfig { database: Some(path.clone()), ..SimConfig::default() };
    let mut gateway = SimGateway::open(config).expect("a new database");
    let mut out: Vec<Report> = Vec::new();
    gateway.command(now(0), Command::Connect(Settings::default()), &mut out);
    gateway.commit().expect("room");
    let contracts: Vec<_> = out
        .iter()
        .filter_map(|report| match report {
            Report::Contract(contract) => Some((contract.symbol.clone(), contract.exchange)),
            _ => None,
        })
        .collect();
    out.clear();

    let mut number = 0;
    let mut run = |name: &str, batch: u64, price: f64, order_type: OrderType, gateway: &mut SimGateway| {
        let (mut matching, mut commits) = (0, 0);
        let mut out = Vec::new();
        for _ in 0..ROUNDS / batch {
            let start = Instant::now();
            for _ in 0..batch {
                number += 1;
                let orderid = number.to_string();
                let request = request(order_type, price, number);
                gateway.command(now(number), Command::SendOrder { orderid: orderid.clone().into(), request }, &mut out);
                if order_type == OrderType::Limit {
                    let cancel =
                        CancelRequest { orderid: orderid.into(), symbol: "rb2701".into(), exchange: Exchange::SHFE };
                    gateway.command(now(number), Command::CancelOrder(cancel), &mut out);
                }
            }
            matching += start.elapsed().as_nanos();
            let start = Instant::now();
            gateway.commit().expect("room");
            commits += start.elapsed().as_nanos();
            out.clear();
        }
        let each = |nanos: u128| nanos as f64 / ROUNDS as f64 / 1000.0;
        println!("{name:<44} {:6.2} us an order, commit {:6.2} us an order", each(matching), each(commits));
    };
    run("limit order and its cancel, 1 to a commit", 1, 3100.0, OrderType::Limit, &mut gateway);
    run("limit order and its cancel, 64 to a commit", 64, 3100.0, OrderType::Limit, &mut gateway);
    run("market order that fills, 64 to a commit", 64, 0.0, OrderType::Market, &mut gateway);

    for (symbol, exchange) in contracts.iter().take(60) {
        let request = SubscribeRequest { symbol: symbol.clone(), exchange: *exchange };
        gateway.command(now(1_000_000), Command::Subscribe(request), &mut out);
    }
    out.clear();
    let start = Instant::now();
    let mut us = 2_000_000;
    let end = us + 60_000_000;
    while us < end {
        us = gateway.wake(now(us), &mut out).expect("something is always due").max(us + 1);
    }
    let ticks = out.iter().filter(|report| matches!(report, Report::Tick(_))).count();
    let spent = start.elapsed();
    println!(
        "60 instruments for a minute: {ticks} ticks, {:.2} us each, {spent:?} in all",
        spent.as_micros() as f64 / ticks as f64
    );
    drop(gateway);
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
    }
}
