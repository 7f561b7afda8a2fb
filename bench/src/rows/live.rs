//! The classic WebSocket on VeighNa: one reader at the highest rate that VeighNa's event thread publishes, and 100
//! readers, once at what they can take and once with a stalled one among them.
//!
//! Each measurement starts its own web process, and the other one does not run: on the same trading process it would
//! read the same flood.

use super::Bench;
use crate::duel::interleave;
use crate::meter;
use crate::sides::{Side, Trader, Web};
use crate::stats::median;
use crate::table::{Better, Line, Target};
use crate::ws::{self, Readers, Seen, Watch};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How long readers wait for more before they take it that nothing comes any more.
const SILENCE: Duration = Duration::from_secs(2);
/// Longest that readers may take to hear their first tick.
const WARM_UP: Duration = Duration::from_secs(20);

/// Ticks that the bare program writes at once: one by one it would measure how often a reader can be woken.
const BURST: usize = 50;

/// One run.
struct Ran {
    seen: Seen,
    /// Ticks a second that VeighNa published.
    published: f64,
    /// Processor microseconds of the web process for each message delivered.
    cpu_us: f64,
}

/// How a run is driven.
#[derive(Clone, Copy)]
struct Drive {
    readers: usize,
    stalled: usize,
    ticks: u64,
    /// Ticks a second; 0 is as fast as VeighNa's event thread can.
    rate: u64,
    /// Look at the latency of each so-and-so-many-th tick.
    every: u64,
}

/// One reader.
pub(crate) fn one(bench: &Bench) -> Result<Vec<Line>> {
    let mut trader = bench.places.veighna(0, 0)?;
    let flood = Drive { readers: 1, stalled: 0, ticks: bench.options.count(150_000), rate: 0, every: 1 };
    let paced = Drive { ticks: bench.options.count(24_000), rate: 8_000, ..flood };
    let floods = interleave(bench.options.rounds, |side| run(bench, &mut trader, side, flood))?;
    let steady = interleave(bench.options.rounds, |side| run(bench, &mut trader, side, paced))?;
    let p99 = |ran: &Ran| ran.seen.latencies.clone().percentile_ms(0.99);
    let lost = |ran: &Ran| ran.seen.lost as f64;
    Ok(vec![
        Line::new("classic `/ws/`, 1 reader, flood: published by VeighNa", "1/s", Better::More)
            .both(floods.medians(|ran| ran.published))
            .note("while that web process listened"),
        Line::new("… delivered", "1/s", Better::More)
            .both(floods.medians(|ran| ran.seen.rate()))
            .ceiling(bare(bench, 1, 500_000, BURST)?),
        Line::new(format!("… lost of {}", crate::table::shown(flood.ticks as f64)), "", Better::Less)
            .both(floods.medians(lost))
            .target(Target::AtMost(0.0)),
        Line::new("… p99 from publishing to the reader", "ms", Better::Less)
            .both(floods.medians(p99))
            .target(Target::AtMost(5.0)),
        Line::new("… CPU of the web process for each tick", "µs", Better::Less).both(floods.medians(|ran| ran.cpu_us)),
        Line::new("classic `/ws/`, 1 reader, 8,000 ticks/s, p99", "ms", Better::Less).both(steady.medians(p99)),
        Line::new("… lost", "", Better::Less).both(steady.medians(lost)),
    ])
}

/// A hundred readers.
pub(crate) fn hundred(bench: &Bench) -> Result<Vec<Line>> {
    let mut trader = bench.places.veighna(0, 0)?;
    let seconds = if bench.options.quick { 1 } else { 3 };
    let stalled = Drive { readers: 100, stalled: 1, ticks: 500 * seconds, rate: 500, every: 5 };
    let full = Drive { readers: 100, stalled: 0, ticks: 7_000 * seconds, rate: 7_000, every: 20 };
    let with_stalled = interleave(bench.options.rounds, |side| run(bench, &mut trader, side, stalled))?;
    let at_full = interleave(bench.options.rounds, |side| {
        // The incumbent needs a second for 500 of them; its rate does not depend on how many there are.
        let drive = if side == Side::Incumbent { Drive { ticks: full.ticks / 6, ..full } } else { full };
        run(bench, &mut trader, side, drive)
    })?;
    let p99 = |ran: &Ran| ran.seen.latencies.clone().percentile_ms(0.99);
    let rate = |ran: &Ran| ran.seen.rate();
    let lost = |ran: &Ran| ran.seen.lost as f64;
    Ok(vec![
        Line::new("classic `/ws/`, 100 readers, 7,000 ticks/s: messages delivered", "1/s", Better::More)
            .both(at_full.medians(rate))
            .ceiling(bare(bench, 100, 30_000, BURST)?)
            .target(Target::AtLeast(690_000.0))
            .note("the load is 700,000 a second"),
        Line::new("… lost", "", Better::Less).both(at_full.medians(lost)).target(Target::AtMost(0.0)),
        Line::new("… p99", "ms", Better::Less).both(at_full.medians(p99)),
        Line::new("… CPU of the web process for each message", "µs", Better::Less)
            .both(at_full.medians(|ran| ran.cpu_us)),
        Line::new("100 readers and a stalled one, 50,000 messages/s, p99", "ms", Better::Less)
            .both(with_stalled.medians(p99))
            .target(Target::AtMost(5.0)),
        Line::new("… lost", "", Better::Less).both(with_stalled.medians(lost)).target(Target::AtMost(0.0)),
        Line::new("… CPU of the web process for each message", "µs", Better::Less)
            .both(with_stalled.medians(|ran| ran.cpu_us)),
    ])
}

fn run(bench: &Bench, trader: &mut Trader, side: Side, drive: Drive) -> Result<Ran> {
    let web = bench.places.web(side, trader)?;
    let token = web.token()?;
    web.wait_for(&token, "/contract", 1)?;
    let mut readers = ws::connect(web.address, &token, drive.readers, drive.stalled)?;
    let newest = warm_up(trader, &web, &mut readers)?;
    let before = meter::cpu_seconds(web.child.pid())?;
    let command = json!({"cmd": "flood", "count": drive.ticks, "rate": drive.rate});
    let begun = Instant::now();
    trader.child.tell(&command)?;
    let watch = Watch {
        first: newest + 1,
        last: newest + drive.ticks,
        // All are put into VeighNa's queue before the first is published.
        silence: SILENCE + Duration::from_micros(drive.ticks * 40),
        deadline: Duration::from_secs(60),
        every: drive.every,
    };
    let seen = readers.watch(&watch)?;
    let cpu = meter::cpu_seconds(web.child.pid())? - before;
    let answer = trader.child.answer()?;
    if seen.ticks == 0 {
        bail!("no tick arrived\n{}", web.child.end_of_log());
    }
    let published = drive.ticks as f64 / seconds_of(&answer["result"]).unwrap_or(begun.elapsed().as_secs_f64());
    Ok(Ran { published, cpu_us: cpu / seen.ticks as f64 * 1e6, seen })
}

fn seconds_of(result: &Value) -> Option<f64> {
    result["seconds"].as_f64()
}

/// Single ticks until every reader has heard one; returns the newest tick's number.
fn warm_up(trader: &mut Trader, web: &Web, readers: &mut Readers) -> Result<u64> {
    let end = Instant::now() + WARM_UP;
    loop {
        let answer = trader.child.ask(&json!({"cmd": "ticks", "count": 1}))?;
        let last = answer["last"].as_u64().context("the trading process counts its ticks")?;
        let wait = Duration::from_millis(300);
        readers.watch(&Watch { first: last, last, silence: wait, deadline: wait, every: 1 })?;
        let awake = readers.awake(last - 1);
        if awake == readers.len() {
            return Ok(last);
        }
        if Instant::now() > end {
            bail!("{awake} of {} readers hear anything\n{}", readers.len(), web.child.end_of_log());
        }
    }
}

/// Messages a second that the same readers get from a bare program.
fn bare(bench: &Bench, readers: usize, frames: u64, burst: usize) -> Result<f64> {
    let frames = bench.options.count(frames);
    let arguments = ["bare-ws".to_owned(), readers.to_string(), frames.to_string(), burst.to_string()];
    let rates = (0..bench.options.rounds).map(|_| {
        let (_bare, address) = bench.places.bare(&arguments)?;
        let mut readers = ws::connect(address, "", readers, 0)?;
        // Every tick of the bare program has the same number, so this ends by silence.
        let half = Duration::from_millis(500);
        let watch = Watch { first: 1, last: u64::MAX, silence: half, deadline: Duration::from_secs(20), every: 1 };
        Ok(readers.watch(&watch)?.rate())
    });
    Ok(median(rates.collect::<Result<Vec<f64>>>()?))
}
