//! `POST /order`: on VeighNa beside VeighNa's own bare RPC call, and on our trading process at 16 connections beside
//! the incumbent on VeighNa.

use super::Bench;
use crate::duel::{Duel, interleave};
use crate::http::load::{self, Load, Outcome};
use crate::http::request;
use crate::meter;
use crate::sides::{Side, Trader, Web};
use crate::stats::median;
use crate::table::{Better, Line, Target};
use anyhow::{Context, Result};
use serde_json::{Value, json};

const MANY: usize = 16;
/// Orders of one round at one connection. Few, because they rest, and VeighNa walks through all that rest at every
/// order's event.
const ROUND: u64 = 600;

/// An order that rests: far below the market of VeighNa's test gateway.
pub(super) fn resting(token: &str) -> Vec<u8> {
    post(token, "rb2610", "SHFE", 3000.0)
}

fn post(token: &str, symbol: &str, exchange: &str, price: f64) -> Vec<u8> {
    let body = json!({
        "symbol": symbol, "exchange": exchange, "direction": "多", "type": "限价", "volume": 1, "price": price,
        "offset": "开", "reference": "bench",
    });
    request("POST", "/order", token, "Content-Type: application/json\r\n", &body.to_string())
}

/// One connection. One web process at a time, since each reads what the orders of the other cause; VeighNa's
/// `RpcClient` calls beside ours, so that both have one reader of events beside them.
pub(crate) fn on_veighna(bench: &Bench) -> Result<Vec<Line>> {
    let mut trader = bench.places.veighna(0, 0)?;
    let arguments = ["--req", &trader.req, "--sub", &trader.sub];
    let (mut bare, _) = bench.places.controlled("bare-call", "bench/veighna/bare_call.py", &arguments)?;
    let mut calls = Vec::new();
    let orders = bench.options.count(ROUND);
    let duel = interleave(bench.options.rounds, |side| {
        let web = bench.places.web(side, &trader)?;
        let token = web.token()?;
        web.wait_for(&token, "/contract", 1)?;
        trader.child.ask(&json!({"cmd": "cancel_all"}))?;
        if side == Side::Ours {
            let took = bare.ask(&json!({"cmd": "orders", "count": orders}))?;
            trader.child.ask(&json!({"cmd": "cancel_all"}))?;
            calls.push((took["p50"].as_f64().unwrap_or(f64::NAN), took["p99"].as_f64().unwrap_or(f64::NAN)));
        }
        let request = resting(&token);
        let mut load = Load::new(web.address, &request, 1, bench.options.time(4.0));
        load.most = orders;
        load::run(&load).with_context(|| web.child.end_of_log())
    })?;
    let bare50 = median(calls.iter().map(|(p50, _)| *p50));
    let bare99 = median(calls.iter().map(|(_, p99)| *p99));
    let percentile = |share: f64| move |outcome: &Outcome| outcome.latencies.clone().percentile_ms(share);
    Ok(vec![
        Line::new("`POST /order` on VeighNa, 1 connection, p50", "ms", Better::Less)
            .both(duel.medians(percentile(0.5)))
            .ceiling(bare50)
            .target(Target::AtMost(1.3 * bare50 + 0.1))
            .note("ceiling: VeighNa's own RpcClient calling send_order; target: 1.3 times that plus 0.1 ms"),
        Line::new("`POST /order` on VeighNa, 1 connection, p99", "ms", Better::Less)
            .both(duel.medians(percentile(0.99)))
            .ceiling(bare99),
    ])
}

/// 16 connections: the incumbent in front of VeighNa, we in front of our own trading process.
pub(crate) fn on_ours(bench: &Bench) -> Result<Vec<Line>> {
    let mut veighna = bench.places.veighna(0, 0)?;
    let incumbent = bench.places.web(Side::Incumbent, &veighna)?;
    let trader = bench.places.our_trader()?;
    let ours = bench.places.web(Side::Ours, &trader)?;
    let requests = [resting(&incumbent.token()?), resting_on_ours(&ours)?];
    let duel = interleave(bench.options.rounds, |side| {
        veighna.child.ask(&json!({"cmd": "cancel_all"}))?;
        let (web, trader) = match side {
            Side::Incumbent => (&incumbent, &veighna),
            Side::Ours => (&ours, &trader),
        };
        place(bench, web, trader, &requests[side as usize])
    })?;
    let percentile = |share: f64| move |placed: &Placed| placed.outcome.latencies.clone().percentile_ms(share);
    let mut lines = vec![
        Line::new("`POST /order` on our trader, 16 connections", "1/s", Better::More)
            .both(duel.medians(|placed| placed.outcome.rate()))
            .target(Target::Times(20.0))
            .note("incumbent: on VeighNa"),
        Line::new("`POST /order` on our trader, 16 connections, p50", "ms", Better::Less)
            .both(duel.medians(percentile(0.5))),
        Line::new("`POST /order` on our trader, 16 connections, p99", "ms", Better::Less)
            .both(duel.medians(percentile(0.99)))
            .target(Target::AtMost(5.0)),
    ];
    lines.extend(cpu_lines(&duel));
    Ok(lines)
}

/// What orders came to, and the processor time of both processes for each of them, in µs.
pub(super) struct Placed {
    pub(super) outcome: Outcome,
    pub(super) web_us: f64,
    pub(super) trader_us: f64,
}

fn place(bench: &Bench, web: &Web, trader: &Trader, request: &[u8]) -> Result<Placed> {
    let mut load = Load::new(web.address, request, MANY, bench.options.time(1.5));
    // So that the lists of later rounds are of the same order as those of the first.
    load.most = 30_000;
    placed(web, trader, &load)
}

pub(super) fn placed(web: &Web, trader: &Trader, load: &Load) -> Result<Placed> {
    let cpu = || -> Result<(f64, f64)> {
        Ok((meter::cpu_seconds(web.child.pid())?, meter::cpu_seconds(trader.child.pid())?))
    };
    let before = cpu()?;
    let outcome =
        load::run(load).with_context(|| format!("{}{}", web.child.end_of_log(), trader.child.end_of_log()))?;
    let after = cpu()?;
    let each = |seconds: f64| seconds / outcome.done as f64 * 1e6;
    Ok(Placed { web_us: each(after.0 - before.0), trader_us: each(after.1 - before.1), outcome })
}

/// Lines of the processor time for each order.
pub(super) fn cpu_lines(duel: &Duel<Placed>) -> [Line; 2] {
    [
        Line::new("… CPU of the web process for each order", "µs", Better::Less)
            .both(duel.medians(|placed| placed.web_us)),
        Line::new("… CPU of the trading process for each order", "µs", Better::Less)
            .both(duel.medians(|placed| placed.trader_us)),
    ]
}

/// A buy at the lowest price of the day, of an instrument that our simulated exchange has. It may fill some day, but
/// costs the most that an order costs until then: it rests in the book.
fn resting_on_ours(web: &Web) -> Result<Vec<u8>> {
    let (token, (vt_symbol, lowest)) = resting_price(web)?;
    let (symbol, exchange) = vt_symbol.rsplit_once('.').context("a vt_symbol has a dot")?;
    Ok(post(&token, symbol, exchange, lowest))
}

/// A token, and an instrument with the lowest price of its day.
pub(super) fn resting_price(web: &Web) -> Result<(String, (String, f64))> {
    let token = web.token()?;
    let contracts: Vec<Value> = serde_json::from_slice(&web.wait_for(&token, "/contract", 1)?)?;
    let future = contracts
        .iter()
        .find(|contract| contract["exchange"] == "SHFE" && contract["product"] == "期货")
        .context("no future of SHFE")?;
    let vt_symbol = future["vt_symbol"].as_str().context("no vt_symbol")?;
    let subscribe = request("POST", &format!("/tick/{vt_symbol}"), &token, "", "");
    crate::http::succeed(web.address, &subscribe)?;
    let ticks: Vec<Value> = serde_json::from_slice(&web.wait_for(&token, "/tick", 1)?)?;
    let tick = ticks.iter().find(|tick| tick["vt_symbol"] == vt_symbol).context("no tick")?;
    let lowest = tick["limit_down"].as_f64().context("no limit_down")?;
    Ok((token, (vt_symbol.to_owned(), lowest)))
}
