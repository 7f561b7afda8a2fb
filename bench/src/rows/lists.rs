//! `GET`s of lists: latency on one connection, rate on 16, compressed, not modified, and what they cost the trading
//! process. Both web processes stand in front of the same VeighNa; only one is asked at a time.

use super::Bench;
use crate::duel::{Duel, interleave};
use crate::http::load::{self, Load, Outcome};
use crate::http::{self, request};
use crate::meter;
use crate::sides::{Side, Trader, Web};
use crate::table::{Better, Line, Target};
use anyhow::{Context, Result};
use serde_json::json;
use std::net::SocketAddr;
use std::time::Duration;

const CONTRACTS: u32 = 20_000;
const ORDERS: u32 = 5_000;
/// Connections of "at 16 connections".
const MANY: usize = 16;

/// One web process, logged in, with the list that is asked for.
struct Asked {
    web: Web,
    request: Vec<u8>,
    token: String,
    bytes: usize,
}

/// Both web processes in front of one VeighNa.
struct Pair {
    trader: Trader,
    incumbent: Asked,
    ours: Asked,
}

/// A measured load with the processor time that the web process took.
struct Cost {
    outcome: Outcome,
    cpu_seconds: f64,
}

impl Cost {
    fn cpu_us(&self) -> f64 {
        self.cpu_seconds / self.outcome.done as f64 * 1e6
    }
}

/// `GET /contract`.
pub(crate) fn contract(bench: &Bench) -> Result<Vec<Line>> {
    let pair = Pair::start(bench, CONTRACTS, 0, "/contract", CONTRACTS as usize)?;
    let single = pair.measure(bench, 1, bench.options.time(2.5))?;
    let many = pair.measure(bench, MANY, bench.options.time(2.5))?;
    let (one, sixteen) = (ceiling(bench, pair.ours.bytes, 1)?, ceiling(bench, pair.ours.bytes, MANY)?);
    let p50 = |cost: &Cost| cost.outcome.latencies.clone().percentile_ms(0.5);
    let mut lines = vec![
        Line::new("`GET /contract`, 20,000 contracts, p50", "ms", Better::Less)
            .both(single.medians(p50))
            .ceiling(one.latencies.clone().percentile_ms(0.5))
            .target(Target::AtMost(4.0))
            .note(format!("body of {:.2} MB", pair.ours.bytes as f64 / 1e6)),
        Line::new("`GET /contract`, 16 connections", "1/s", Better::More)
            .both(many.medians(|cost| cost.outcome.rate()))
            .ceiling(sixteen.rate())
            .target(Target::Times(100.0)),
        cpu_line("`GET /contract`", &many),
    ];
    lines.extend(variants(bench, "`GET /contract`", &pair)?);
    Ok(lines)
}

/// `GET /order`.
pub(crate) fn order(bench: &Bench) -> Result<Vec<Line>> {
    let pair = Pair::start(bench, 0, ORDERS, "/order", ORDERS as usize)?;
    let many = pair.measure(bench, MANY, bench.options.time(2.0))?;
    let single = pair.measure(bench, 1, bench.options.time(2.0))?;
    let ceiling = ceiling(bench, pair.ours.bytes, MANY)?;
    let p50 = |cost: &Cost| cost.outcome.latencies.clone().percentile_ms(0.5);
    let mut lines = vec![
        Line::new("`GET /order`, 5,000 orders, 16 connections", "1/s", Better::More)
            .both(many.medians(|cost| cost.outcome.rate()))
            .ceiling(ceiling.rate())
            .target(Target::Times(100.0))
            .note(format!("body of {:.2} MB", pair.ours.bytes as f64 / 1e6)),
        Line::new("`GET /order`, 1 connection, p50", "ms", Better::Less).both(single.medians(p50)),
        cpu_line("`GET /order`", &many),
    ];
    lines.extend(variants(bench, "`GET /order`", &pair)?);
    Ok(lines)
}

/// `GET /account`.
pub(crate) fn account(bench: &Bench) -> Result<Vec<Line>> {
    let pair = Pair::start(bench, 0, 0, "/account", 1)?;
    let many = pair.measure(bench, MANY, bench.options.time(2.0))?;
    let ceiling = ceiling(bench, pair.ours.bytes, MANY)?;
    let p99 = |cost: &Cost| cost.outcome.latencies.clone().percentile_ms(0.99);
    Ok(vec![
        Line::new("`GET /account`, 16 connections", "1/s", Better::More)
            .both(many.medians(|cost| cost.outcome.rate()))
            .ceiling(ceiling.rate())
            .target(Target::Times(15.0)),
        Line::new("`GET /account`, 16 connections, p99", "ms", Better::Less)
            .both(many.medians(p99))
            .ceiling(ceiling.latencies.clone().percentile_ms(0.99))
            .target(Target::AtMost(3.0)),
        cpu_line("`GET /account`", &many),
    ])
}

/// What `GET /contract` costs the trading process: its processor time, and the calls that reach it.
pub(crate) fn cost(bench: &Bench) -> Result<Vec<Line>> {
    let mut pair = Pair::start(bench, CONTRACTS, 0, "/contract", CONTRACTS as usize)?;
    // Our replica looks at the small tables now and then; it stands still until that is not counted as a GET's cost.
    let duel = interleave(bench.options.rounds, |side| pair.cost_of(side, bench.options.time(1.5)))?;
    Ok(vec![
        Line::new("one `GET /contract` in the trading process, CPU", "ms", Better::Less)
            .both(duel.medians(|(cpu, _)| *cpu))
            .target(Target::AtMost(0.01))
            .note("what the process does without any GET is subtracted"),
        Line::new("calls to the trading process for one `GET /contract`", "", Better::Less)
            .both(duel.medians(|(_, calls)| *calls))
            .target(Target::AtMost(0.0)),
    ])
}

impl Pair {
    fn start(bench: &Bench, contracts: u32, orders: u32, path: &str, rows: usize) -> Result<Pair> {
        let trader = bench.places.veighna(contracts, orders)?;
        let incumbent = Asked::start(bench, Side::Incumbent, &trader, path, rows)?;
        let ours = Asked::start(bench, Side::Ours, &trader, path, rows)?;
        Ok(Pair { trader, incumbent, ours })
    }

    fn side(&self, side: Side) -> &Asked {
        match side {
            Side::Incumbent => &self.incumbent,
            Side::Ours => &self.ours,
        }
    }

    fn measure(&self, bench: &Bench, connections: usize, time: Duration) -> Result<Duel<Cost>> {
        interleave(bench.options.rounds, |side| {
            let asked = self.side(side);
            measured(&asked.web, &Load::new(asked.web.address, &asked.request, connections, time))
        })
    }

    /// Processor milliseconds and calls in the trading process for one `GET`.
    fn cost_of(&mut self, side: Side, time: Duration) -> Result<(f64, f64)> {
        let idle_begun = meter::cpu_seconds(self.trader.child.pid())?;
        std::thread::sleep(time);
        let idle = meter::cpu_seconds(self.trader.child.pid())? - idle_begun;
        self.trader.child.ask(&json!({"cmd": "rpc_calls"}))?;
        let before = meter::cpu_seconds(self.trader.child.pid())?;
        let asked = self.side(side);
        let outcome = load::run(&Load::new(asked.web.address, &asked.request, 1, time))?;
        let cpu = meter::cpu_seconds(self.trader.child.pid())? - before;
        let calls = self.trader.child.ask(&json!({"cmd": "rpc_calls"}))?;
        let calls = calls["get_all_contracts"].as_f64().unwrap_or(0.0);
        let idle = idle * outcome.seconds / time.as_secs_f64();
        Ok(((cpu - idle).max(0.0) / outcome.done as f64 * 1e3, calls / outcome.done as f64))
    }
}

impl Asked {
    fn start(bench: &Bench, side: Side, trader: &Trader, path: &str, rows: usize) -> Result<Asked> {
        let web = bench.places.web(side, trader)?;
        let token = web.token()?;
        let bytes = web.wait_for(&token, path, rows)?.len();
        let request = request("GET", path, &token, "", "");
        Ok(Asked { web, request, token, bytes })
    }
}

/// Ours compressed and with an entity tag; the incumbent has neither.
fn variants(bench: &Bench, name: &str, pair: &Pair) -> Result<Vec<Line>> {
    let asked = &pair.ours;
    let path = std::str::from_utf8(&asked.request)?.split(' ').nth(1).context("a request has a path")?.to_owned();
    let mut lines = Vec::new();
    for coding in ["gzip", "br"] {
        let request = request("GET", &path, &asked.token, &format!("Accept-Encoding: {coding}\r\n"), "");
        let answer = http::succeed(asked.web.address, &request)?;
        let load = Load::new(asked.web.address, &request, MANY, bench.options.time(0.7));
        let cost = measured(&asked.web, &load)?;
        let given = answer.header("content-encoding").unwrap_or("not compressed").to_owned();
        lines.push(
            Line::new(format!("{name}, asked for {coding}, 16 connections"), "1/s", Better::More)
                .ours(cost.outcome.rate())
                .note(format!("{given}, {:.0} kB", answer.body.len() as f64 / 1e3)),
        );
    }
    let answer = http::succeed(asked.web.address, &asked.request)?;
    if let Some(tag) = answer.header("etag") {
        let request = request("GET", &path, &asked.token, &format!("If-None-Match: {tag}\r\n"), "");
        let mut load = Load::new(asked.web.address, &request, MANY, bench.options.time(0.7));
        load.status = 304;
        let cost = measured(&asked.web, &load)?;
        lines.push(
            Line::new(format!("{name}, not modified (ETag), 16 connections"), "1/s", Better::More)
                .ours(cost.outcome.rate())
                .note(format!("{:.1} µs of CPU each", cost.cpu_us())),
        );
    }
    Ok(lines)
}

fn measured(web: &Web, load: &Load<'_>) -> Result<Cost> {
    let before = meter::cpu_seconds(web.child.pid())?;
    let outcome = load::run(load).with_context(|| web.child.end_of_log())?;
    Ok(Cost { cpu_seconds: meter::cpu_seconds(web.child.pid())? - before, outcome })
}

fn cpu_line(name: &str, duel: &Duel<Cost>) -> Line {
    Line::new(format!("{name}, CPU of the web process for each"), "µs", Better::Less).both(duel.medians(Cost::cpu_us))
}

/// The same load against a bare program that answers as many bytes.
fn ceiling(bench: &Bench, bytes: usize, connections: usize) -> Result<Outcome> {
    let (_bare, address): (_, SocketAddr) = bench.places.bare(&["bare-http".to_owned(), bytes.to_string()])?;
    load::run(&Load::new(address, &request("GET", "/", "", "", ""), connections, bench.options.time(1.0)))
}
