//! The full API: orders with their intents on disk, lists that have not changed, the replica's way back, and what the
//! two streams cost beside a program that does nothing but write.

use super::Bench;
use super::orders::{Placed, cpu_lines, placed, resting, resting_price};
use crate::duel::interleave;
use crate::http::load::{self, Load, Outcome};
use crate::http::{once, request, succeed};
use crate::sides::{Side, Web};
use crate::stats::{Latencies, median};
use crate::table::{Better, Line, Target};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fs::OpenOptions;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

const MANY: usize = 16;
/// Orders whose timeline is looked at for the stages.
const STAGED: usize = 100;
/// Bytes that a fsync of the disk is measured with: about what an order writes to the journal of intents.
const PAGES: usize = 2 * 4096;

/// Orders through our web process and our trading process, which speak over the bridge.
pub(crate) fn orders(bench: &Bench) -> Result<Vec<Line>> {
    let mut veighna = bench.places.veighna(0, 0)?;
    let incumbent = bench.places.web(Side::Incumbent, &veighna)?;
    let trader = bench.places.our_trader()?;
    let ours = bench.places.bridged(&trader)?;
    let (token, price) = resting_price(&ours)?;
    let body = json!({
        "vt_symbol": price.0, "direction": "LONG", "type": "LIMIT", "volume": 1, "price": price.1, "offset": "OPEN",
    });
    let order = request("POST", "/api/v1/orders", &token, "Content-Type: application/json\r\n", &body.to_string());
    let theirs = resting(&incumbent.token()?);
    let (_bare, bare) = bench.places.bare(&["bare-order".to_owned(), ".".to_owned()])?;
    let (mut alone, mut least, mut synced) = (Vec::new(), Vec::new(), Latencies::default());
    for _ in 0..bench.options.rounds {
        fsync(&bench.places.fresh("disk"), &mut synced)?;
        alone.push(run(&ours, &order, 1, 201, bench.options.count(1_500))?);
        least.push(place(bare, &order, 1, 201, bench.options.count(1_500))?);
    }
    let stages = stages(&ours, &token)?;
    let duel = interleave(bench.options.rounds, |side| {
        veighna.child.ask(&json!({"cmd": "cancel_all"}))?;
        match side {
            Side::Incumbent => {
                placed(&incumbent, &veighna, &load(incumbent.address, &theirs, MANY, 200, bench.options.count(900)))
            }
            Side::Ours => placed(&ours, &trader, &load(ours.address, &order, MANY, 201, bench.options.count(12_000))),
        }
    })?;
    let (disk50, disk99) = (synced.percentile_ms(0.5), synced.percentile_ms(0.99));
    let of =
        |all: &[Outcome], share: f64| median(all.iter().map(|outcome| outcome.latencies.clone().percentile_ms(share)));
    let percentile = |share: f64| move |placed: &Placed| placed.outcome.latencies.clone().percentile_ms(share);
    let mut lines = vec![
        Line::new("`POST /api/v1/orders` on our trader, 1 connection, p50", "ms", Better::Less)
            .ours(of(&alone, 0.5))
            .ceiling(of(&least, 0.5))
            .target(Target::AtMost(0.25 + disk50))
            .note(format!(
                "ceiling: bare programs that write, sync, commit and answer; target: one fsync of this disk, \
                 {disk50:.3} ms, and 0.25 ms"
            )),
        Line::new("… p99", "ms", Better::Less)
            .ours(of(&alone, 0.99))
            .ceiling(of(&least, 0.99))
            .target(Target::AtMost(1.0 + disk99))
            .note(stages),
        Line::new("… 16 connections, each intent on disk", "1/s", Better::More)
            .both(duel.medians(|placed| placed.outcome.rate()))
            .target(Target::Times(20.0))
            .note("incumbent: on VeighNa, nothing on disk"),
        Line::new("… 16 connections, p99", "ms", Better::Less).both(duel.medians(percentile(0.99))),
    ];
    lines.extend(cpu_lines(&duel));
    Ok(lines)
}

fn run(web: &Web, request: &[u8], connections: usize, status: u16, most: u64) -> Result<Outcome> {
    place(web.address, request, connections, status, most).with_context(|| web.child.end_of_log())
}

fn place(address: SocketAddr, request: &[u8], connections: usize, status: u16, most: u64) -> Result<Outcome> {
    load::run(&load(address, request, connections, status, most))
}

fn load(address: SocketAddr, request: &[u8], connections: usize, status: u16, most: u64) -> Load<'_> {
    let mut load = Load::new(address, request, connections, Duration::from_secs(10));
    (load.most, load.status) = (most, status);
    load
}

/// Medians of the newest orders' stages, in words.
fn stages(web: &Web, token: &str) -> Result<String> {
    let list = succeed(web.address, &request("GET", &format!("/api/v1/orders?limit={STAGED}"), token, "", ""))?;
    let list: Value = serde_json::from_slice(&list.body)?;
    let mut timelines = Vec::new();
    for order in list["data"].as_array().context("no list of orders")? {
        let id = order["vt_orderid"].as_str().context("no vt_orderid")?;
        let one = succeed(web.address, &request("GET", &format!("/api/v1/orders/{id}"), token, "", ""))?;
        timelines.push(serde_json::from_slice::<Value>(&one.body)?["timeline"].take());
    }
    let at = |stage: &str| median(timelines.iter().filter_map(|timeline| timeline[stage].as_f64()));
    let named = ["checked_us", "recorded_us", "sent_us", "answered_us", "first_event_us"];
    let texts: Vec<String> =
        named.iter().map(|name| format!("{} {:.0}", name.trim_end_matches("_us"), at(name))).collect();
    Ok(format!("µs from receipt, medians: {}", texts.join(", ")))
}

/// One write of what an order writes, and an fsync, over and over.
fn fsync(folder: &Path, latencies: &mut Latencies) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = OpenOptions::new().create(true).append(true).open(folder.join("probe"))?;
    for _ in 0..500 {
        let begun = Instant::now();
        file.write_all(&[0; PAGES])?;
        file.sync_data()?;
        latencies.add(begun.elapsed());
    }
    Ok(())
}

/// Lists of which the client has the newest version already.
pub(crate) fn unchanged(bench: &Bench) -> Result<Vec<Line>> {
    let veighna = bench.places.veighna(20_000, 5_000)?;
    let web = bench.places.web(Side::Ours, &veighna)?;
    let token = web.token()?;
    web.wait_for(&token, "/contract", 20_000)?;
    let mut lines = Vec::new();
    for path in ["/api/v1/orders", "/api/v1/contracts"] {
        let answer = succeed(web.address, &request("GET", path, &token, "", ""))?;
        let etag = answer.header("etag").with_context(|| format!("{path} has no ETag"))?;
        let again = request("GET", path, &token, &format!("If-None-Match: {etag}\r\n"), "");
        anyhow::ensure!(once(web.address, &again)?.status == 304, "{path} does not know its own ETag");
        let rates = (0..bench.options.rounds).map(|_| {
            let mut load = Load::new(web.address, &again, MANY, bench.options.time(2.0));
            load.status = 304;
            Ok(load::run(&load)?.rate())
        });
        let rates = rates.collect::<Result<Vec<f64>>>()?;
        lines.push(
            Line::new(format!("`GET {path}`, not modified, 16 connections"), "1/s", Better::More)
                .ours(median(rates))
                .ceiling(bare(bench)?)
                .target(Target::AtLeast(50_000.0)),
        );
    }
    Ok(lines)
}

/// Requests a second that a bare program answers with a few bytes.
fn bare(bench: &Bench) -> Result<f64> {
    let (_bare, address) = bench.places.bare(&["bare-http".to_owned(), "0".to_owned()])?;
    let request = request("GET", "/", "", "", "");
    let rates = (0..bench.options.rounds)
        .map(|_| Ok(load::run(&Load::new(address, &request, MANY, bench.options.time(1.0)))?.rate()));
    Ok(median(rates.collect::<Result<Vec<f64>>>()?))
}

/// From contact to a replica that follows, with everything that a large VeighNa holds.
pub(crate) fn sync(bench: &Bench) -> Result<Vec<Line>> {
    let veighna = bench.places.veighna(20_000, 5_000)?;
    let mut took = Vec::new();
    for _ in 0..bench.options.rounds {
        let web = bench.places.web(Side::Ours, &veighna)?;
        web.wait_for(&web.token()?, "/contract", 20_000)?;
        let log = web.child.log()?;
        let at = |state: &str| -> Result<f64> {
            let line = log.lines().find(|line| line.contains("the link") && line.contains(&format!("to={state}")));
            let text = line.and_then(|line| line.split(' ').next()).context("the log tells the link's states")?;
            seconds_of_day(text).with_context(|| format!("{text} is no time"))
        };
        took.push((at("Live")? - at("Syncing")?).rem_euclid(86_400.0) * 1e3);
    }
    Ok(vec![
        Line::new("replica catching up, 20,000 contracts and 5,000 orders", "ms", Better::Less)
            .ours(median(took))
            .target(Target::AtMost(200.0))
            .note("with VeighNa's own time to pickle them"),
    ])
}

/// Of `2026-11-22T20:40:18.251998Z`, perhaps between marks of colour.
fn seconds_of_day(text: &str) -> Option<f64> {
    let (_, time) = text.split_once('T')?;
    let end = time.find('Z')?;
    let parts: Vec<f64> = time[..end].split(':').map_while(|part| part.parse().ok()).collect();
    let [hours, minutes, seconds] = parts[..] else { return None };
    Some(hours * 3600.0 + minutes * 60.0 + seconds)
}

/// What a frame of the classic stream costs beside a bare writer of the same frames.
pub(crate) fn frames(bench: &Bench) -> Result<Vec<Line>> {
    let figures = bench.places.example("web", "classic_fanout", Path::new("run"))?;
    let line = |pace: &str, what: &str| -> Result<Line> {
        let figure = |side: &str| figures[pace][side].as_f64().with_context(|| format!("no {side} of {pace}"));
        let (ours, bare) = (figure("ours")?, figure("bare")?);
        Ok(Line::new(
            format!("classic `/ws/`, 100 readers, {what}: frames for each second of CPU"),
            "1/s",
            Better::More,
        )
        .ours(ours)
        .ceiling(bare)
        .target(Target::AtLeast(0.7 * bare))
        .note(format!("{:.0} % of the bare writer", 100.0 * ours / bare)))
    };
    Ok(vec![line("singly", "one by one")?, line("bursts", "in bursts of 50")?])
}

/// The full stream to many readers of all instruments, each conflated at 100 ms; and what readers cost that hear nothing.
pub(crate) fn stream(bench: &Bench) -> Result<Vec<Line>> {
    let run = |arguments: &str| bench.places.example("web", "stream_fanout", Path::new(arguments));
    let number = |figures: &Value, name: &str| -> Result<f64> {
        figures.pointer(name).and_then(Value::as_f64).with_context(|| format!("no {name} in {figures}"))
    };
    let (all, stalled, idle) = (run("1000,5,packed,0")?, run("1000,5,packed,10")?, run("10000,5,idle,0")?);
    let p99 = number(&all, "/readers/age_p99_ms")?;
    Ok(vec![
        Line::new(
            "`/api/v1/stream`, 1,000 readers of 500 instruments at 100 ms, 5,000 ticks/s: p99 of a tick's age",
            "ms",
            Better::Less,
        )
        .ours(p99)
        .target(Target::AtMost(120.0))
        .note(format!(
            "frames of the slowest and the fastest reader: {} and {}",
            all["readers"]["frames_least"], all["readers"]["frames_most"]
        )),
        Line::new("… CPU of the server", "cores", Better::Less)
            .ours(number(&all, "/core")?)
            .target(Target::AtMost(1.0)),
        Line::new("… p99 with a tenth of the readers stalled", "ms", Better::Less)
            .ours(number(&stalled, "/readers/age_p99_ms")?)
            .target(Target::AtMost(1.2 * p99)),
        Line::new("`/api/v1/stream`, 10,000 idle readers: memory of each", "kB", Better::Less)
            .ours(number(&idle, "/kilobytes_each")?)
            .target(Target::AtMost(20.0)),
    ])
}
