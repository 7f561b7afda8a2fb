//! Measures what the bridge costs its owner's thread, and the way of a request:
//! `cargo run --release -p bridge --example bench_publish`.
//!
//! A trading process and one client in one process, over a Unix socket. The owner's thread is a plain thread that tells
//! 500 instruments' ticks at 5,000 a second and in a row; then a client asks for orders one after another, and for a
//! snapshot of 20,000 contracts and 5,000 orders.

use bridge::{
    About, Address, Answer, Call, ClientConfig, Code, Fact, Publisher, Received, Server, ServerConfig, Snapshot,
};
use domain::{
    ContractData, Direction, Exchange, NumberForms, Offset, OrderData, OrderRequest, OrderType, Product, TickData,
};
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

const DEADLINE: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).expect("closed");
    let address = Address::Unix(folder.path().join("bridge.sock"));
    let stop = CancellationToken::new();
    let config = ServerConfig { address: address.clone(), secret: None, certificate: None, about: About::default() };
    let mut server = Server::bind(config, &stop).await.expect("bound");
    let publisher = server.publisher();
    let told = publisher.clone();
    let owner = tokio::spawn(async move {
        let snapshot = large();
        while let Some(request) = server.next().await {
            answer(request, &told, &snapshot);
        }
        server.shutdown().await;
    });
    tell("a tick, no client", &publisher, &[]).await;
    let (caller, driver, mut subscriber) =
        bridge::connect(ClientConfig { address, secret: None, fingerprint: None, client: "bench".into() });
    tokio::spawn(driver.run());
    let mut events = Vec::new();
    while !matches!(subscriber.next(&mut events).await, Received::Connected(_)) {}
    let heard = tokio::spawn(async move {
        let (mut events, mut number) = (Vec::new(), 0);
        while let Received::Events = subscriber.next(&mut events).await {
            number += events.len();
            events.clear();
        }
        number
    });
    tell("a tick, client without ticks", &publisher, &[]).await;
    caller.subscribe(vec!["*".into()], Some(Duration::from_millis(10)), DEADLINE).await.expect("subscribed");
    tell("a tick, client at 10 ms", &publisher, &[]).await;
    tell("a tick, 10 in a row", &publisher, &[10]).await;
    tell("a tick, 500 in a row", &publisher, &[500]).await;
    orders(&caller).await;
    for _ in 0..3 {
        let begin = Instant::now();
        let snapshot = caller.snapshot(DEADLINE).await.expect("taken");
        println!(
            "snapshot of {} contracts and {} orders: {:?}",
            snapshot.contracts.len(),
            snapshot.orders.len(),
            begin.elapsed()
        );
    }
    println!("{:?}", publisher.stats());
    stop.cancel();
    owner.await.expect("it ends");
    println!("events heard: {}", heard.await.expect("it ends"));
}

/// Tells ticks for two seconds from a plain thread, at 5,000 a second, and prints what one call costs.
async fn tell(name: &'static str, publisher: &Publisher, burst: &'static [usize]) {
    let publisher = publisher.clone();
    let task = tokio::task::spawn_blocking(move || {
        let ticks: Vec<Vec<Arc<TickData>>> =
            (0..4).map(|price| (0..500).map(|n| tick(n, f64::from(price))).collect()).collect();
        let burst = burst.first().copied().unwrap_or(1);
        let (mut nanos, begin) = (Vec::new(), Instant::now());
        let mut told = 0usize;
        while begin.elapsed() < Duration::from_secs(2) {
            let call = Instant::now();
            for _ in 0..burst {
                publisher.tick(&ticks[told / 500 % 4][told % 500]);
                told += 1;
            }
            nanos.push(call.elapsed().as_nanos() as f64 / burst as f64);
            let due = begin + Duration::from_micros(200) * u32::try_from(told).expect("few");
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        nanos.sort_by(f64::total_cmp);
        let at = |share: f64| nanos[((nanos.len() - 1) as f64 * share) as usize];
        println!("{name:<30} p50 {:>6.0} ns   p99 {:>6.0} ns   ({told} told)", at(0.5), at(0.99));
    });
    task.await.expect("it ends");
}

async fn orders(caller: &bridge::Caller) {
    let mut micros = Vec::new();
    for _ in 0..20_000 {
        let begin = Instant::now();
        caller.send_order(request(), "SIM".into(), DEADLINE).await.expect("sent");
        micros.push(begin.elapsed().as_secs_f64() * 1e6);
    }
    micros.sort_by(f64::total_cmp);
    println!("an order and its answer: p50 {:.0} µs, p99 {:.0} µs", micros[10_000], micros[19_800]);
    let begin = Instant::now();
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let caller = caller.clone();
            tokio::spawn(async move {
                for _ in 0..2_000 {
                    caller.send_order(request(), "SIM".into(), DEADLINE).await.expect("sent");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("it ends");
    }
    println!("orders of 16 callers: {:.0} a second", 32_000.0 / begin.elapsed().as_secs_f64());
}

fn answer(request: bridge::Request, publisher: &Publisher, snapshot: &Snapshot) {
    match request.call {
        Call::SendOrder(order, gateway) => {
            let order = order.to_order(&publisher.seq().to_string(), &gateway);
            request.reply.answer(Answer::Order(order.vt_orderid.clone()));
            publisher.fact(Fact::Order(Arc::new(order)));
        }
        Call::Snapshot => {
            let snapshot = Snapshot { seq: publisher.seq(), ..snapshot.clone() };
            request.reply.answer(Answer::Snapshot(Box::new(snapshot)));
        }
        _ => request.reply.refuse(Code::Unsupported, "not here"),
    }
}

fn request() -> OrderRequest {
    OrderRequest {
        symbol: "rb2605".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume: 1.0,
        price: 3500.0,
        offset: Offset::Open,
        reference: "bench".into(),
        forms: NumberForms::default(),
    }
}

fn tick(number: usize, price: f64) -> Arc<TickData> {
    let at = domain::DateTime::parse_rfc3339("2026-11-23T09:30:00.500000+08:00");
    let mut tick = TickData::new("SIM", &format!("x{number:04}"), Exchange::SHFE, at);
    tick.last_price = 3500.0 + price;
    Arc::new(tick)
}

fn large() -> Snapshot {
    let contract = |n| ContractData::new("SIM", &format!("x{n:05}"), Exchange::SHFE, "螺纹钢", Product::Futures);
    let order = |n: usize| -> OrderData { request().to_order(&n.to_string(), "SIM") };
    Snapshot {
        contracts: (0..20_000).map(|n| Arc::new(contract(n))).collect(),
        orders: (0..5_000).map(|n| Arc::new(order(n))).collect(),
        ..Snapshot::default()
    }
}
