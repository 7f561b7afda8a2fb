//! Measures the REST side alone: a filled replica behind the real server, an own client beside it.
//!
//! `cargo run --release -p web --example rest_load [v1]`; with `v1` only the lists of the full API. Client and server share the machine, so the
//! figures are lower bounds; the CPU time per request is the one to compare.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

#[path = "../tests/rest/support.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the tests")]
mod support;

use domain::{ContractData, DateTime, Exchange, Language, Product, TickData};
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use web::json::{RestRow, write_ws_tick};

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if std::env::args().nth(1).as_deref() == Some("v1") {
        return runtime.block_on(full());
    }
    encode();
    runtime.block_on(serve());
    runtime.block_on(full());
}

/// Lists of the full API: unchanged ones by their ETag, and whole ones.
async fn full() {
    let server = Arc::new(Server::start().await);
    fill(&server);
    for path in ["/api/v1/orders", "/api/v1/contracts", "/api/v1/contracts?exchange=DCE&limit=100"] {
        let tag = server.get(path).await.header("etag").unwrap().to_owned();
        for connections in [1, 16] {
            load(&server, path, &format!("If-None-Match: {tag}\r\n"), connections, Duration::from_secs(3)).await;
        }
        load(&server, path, "Accept-Encoding: br\r\n", 16, Duration::from_secs(3)).await;
    }
    server.shutdown.cancel();
    server.ended().await;
}

fn tick(number: usize) -> TickData {
    let at = DateTime::from_unix_micros(1_767_576_600_500_000 + number as i64 * 500_000, "Asia/Shanghai");
    let mut tick = TickData::new("CTP", &format!("rb{number:04}"), Exchange::SHFE, at.clone());
    tick.name = "螺纹钢2610".into();
    tick.localtime = at;
    for field in 0..31 {
        tick.set_number(field, [3602.0, 1234567.0, 3603.4, 0.0, 12.0][field % 5]);
    }
    tick
}

fn encode() {
    let ticks: Vec<TickData> = (0..500).map(tick).collect();
    let mut out = Vec::with_capacity(4096);
    for (name, write) in [
        ("WebSocket", write_ws_tick as fn(&mut Vec<u8>, &TickData, Language)),
        ("REST", |out, tick, language| tick.write_rest(out, language)),
    ] {
        let begin = cpu_seconds();
        for round in 0..400_000 {
            out.clear();
            write(&mut out, std::hint::black_box(&ticks[round % 500]), Language::Zh);
            std::hint::black_box(&out);
        }
        println!("{name} tick: {:.0} ns of CPU, {} bytes", (cpu_seconds() - begin) * 1e9 / 400_000.0, out.len());
    }
}

async fn serve() {
    let server = Arc::new(Server::start().await);
    fill(&server);
    let cpu = cpu_seconds();
    for _ in 0..20 {
        assert_eq!(server.login("vnpy", "vnpy").await.status, 200);
    }
    println!("one login: {:.1} ms of CPU", (cpu_seconds() - cpu) * 50.0);
    for (path, extra, seconds) in [
        ("/healthz", "", 2),
        ("/account", "", 3),
        ("/tick", "", 3),
        ("/order", "", 3),
        ("/contract", "", 3),
        ("/contract", "Accept-Encoding: gzip\r\n", 3),
        ("/contract", "Accept-Encoding: br\r\n", 3),
    ] {
        for connections in [1, 16] {
            load(&server, path, extra, connections, Duration::from_secs(seconds)).await;
        }
    }
    churn(&server).await;
    logins(&server).await;
    server.shutdown.cancel();
    server.ended().await;
}

fn fill(server: &Server) {
    let mut replica = server.replica.write();
    for number in 0..20_000 {
        let contract = ContractData::new(
            "CTP",
            &format!("t{number:05}"),
            Exchange::DCE,
            &format!("合约{number:05}"),
            Product::Futures,
        );
        replica.contracts.insert(contract.vt_symbol.clone(), Arc::new(contract));
    }
    for number in 0..500 {
        let tick = tick(number);
        replica.ticks.insert(tick.vt_symbol.clone(), Arc::new(tick));
    }
    for number in 0..5000 {
        let order = support::order("rb2610").to_order(&number.to_string(), "CTP");
        replica.orders.insert(order.vt_orderid.clone(), Arc::new(order));
    }
    replica.accounts.replace(std::iter::empty());
    let row = support::account("1", 1e6);
    replica.accounts.insert(row.vt_accountid.clone(), Arc::new(row));
}

async fn load(server: &Arc<Server>, path: &str, extra: &str, connections: usize, time: Duration) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n{extra}\r\n", server.token);
    let (begin, cpu, address) = (Instant::now(), cpu_seconds(), server.address);
    // A runtime of its own: in the server's, a long write would keep the reader from being woken.
    let clients = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let all = (0..connections).map(|_| client(address, request.clone(), begin + time));
        runtime.block_on(futures_util::future::join_all(all))
    };
    let mut latencies = Vec::new();
    let mut bytes = 0;
    for (some, size) in tokio::task::spawn_blocking(clients).await.unwrap() {
        latencies.extend(some);
        bytes = size;
    }
    latencies.sort();
    let at = |part: f64| latencies[((latencies.len() - 1) as f64 * part) as usize];
    println!(
        "GET {path} {} x{connections}: {:.0}/s, p50 {:?}, p99 {:?}, {bytes} bytes, {:.1} µs CPU each (client too)",
        extra.trim(),
        latencies.len() as f64 / begin.elapsed().as_secs_f64(),
        at(0.5),
        at(0.99),
        (cpu_seconds() - cpu) * 1e6 / latencies.len() as f64,
    );
}

async fn client(address: std::net::SocketAddr, request: String, end: Instant) -> (Vec<Duration>, usize) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let (mut latencies, mut buffer, mut total) = (Vec::new(), vec![0; 1 << 20], 0);
    while Instant::now() < end {
        let begin = Instant::now();
        stream.write_all(request.as_bytes()).await.unwrap();
        total = answer(&mut stream, &mut buffer).await;
        latencies.push(begin.elapsed());
    }
    (latencies, total)
}

async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> usize {
    let mut got = 0;
    loop {
        got += stream.read(&mut buffer[got..]).await.unwrap();
        let Some(end) = buffer[..got].windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end]).unwrap();
        // An answer that nothing has changed has no body and says no length.
        let length = head.split("content-length: ").nth(1).map_or("0", |rest| rest.split("\r\n").next().unwrap());
        let length: usize = length.parse().unwrap();
        let mut left = length + end + 4 - got;
        while left > 0 {
            left -= stream.read(buffer).await.unwrap();
        }
        return length;
    }
}

async fn churn(server: &Arc<Server>) {
    let writer = Arc::clone(server);
    let stop = Instant::now() + Duration::from_millis(3200);
    let task = tokio::task::spawn_blocking(move || {
        let mut number = 0usize;
        while Instant::now() < stop {
            for _ in 0..10 {
                number += 1;
                let order = support::order("rb2610").to_order(&(number * 7 % 5000).to_string(), "CTP");
                writer.replica.write().orders.insert(order.vt_orderid.clone(), Arc::new(order));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        number
    });
    println!("with 10,000 order changes a second:");
    load(server, "/order", "", 4, Duration::from_secs(3)).await;
    println!("{} changes", task.await.unwrap());
}

async fn logins(server: &Arc<Server>) {
    let begin = Instant::now();
    let logins: Vec<_> = (0..100)
        .map(|_| {
            let server = Arc::clone(server);
            tokio::spawn(async move { server.login("vnpy", "vnpy").await.status })
        })
        .collect();
    load(server, "/account", "", 4, Duration::from_millis(1500)).await;
    for login in logins {
        assert_eq!(login.await.unwrap(), 200);
    }
    println!("100 logins took {:?}", begin.elapsed());
}

/// User and system time of this process so far.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}
