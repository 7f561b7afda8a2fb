//! The web process as a process: its memory and its start.

use super::Bench;
use crate::duel::interleave;
use crate::http::load::{self, Load};
use crate::http::request;
use crate::meter;
use crate::sides::Side;
use crate::table::{Better, Line, Target};
use anyhow::{Context, Result};
use std::time::{Duration, Instant};

/// Memory that has not fallen for this long is at rest.
const REST: Duration = Duration::from_secs(2);
/// Longest that is waited for it.
const REST_MOST: Duration = Duration::from_secs(10);
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// Idle in front of an almost empty VeighNa, and at its highest after a load of large lists.
pub(crate) fn memory(bench: &Bench) -> Result<Vec<Line>> {
    let small = bench.places.veighna(0, 0)?;
    let idle = interleave(1, |side| {
        let web = bench.places.web(side, &small)?;
        web.wait_for(&web.token()?, "/account", 1)?;
        at_rest(web.child.pid()).map(|(now, _)| now)
    })?;
    let large = bench.places.veighna(20_000, 0)?;
    let loaded = interleave(1, |side| {
        let web = bench.places.web(side, &large)?;
        let token = web.token()?;
        web.wait_for(&token, "/contract", 20_000)?;
        let contract = request("GET", "/contract", &token, "", "");
        load::run(&Load::new(web.address, &contract, 16, bench.options.time(3.0)))
            .with_context(|| web.child.end_of_log())?;
        at_rest(web.child.pid())
    })?;
    Ok(vec![
        Line::new("resident memory, idle", "MB", Better::Less)
            .both(idle.medians(|mb| *mb))
            .target(Target::AtMost(20.0))
            .note("one user has logged in; read when it has stopped falling"),
        Line::new("resident memory at its highest, 20,000 contracts, 16 connections", "MB", Better::Less)
            .both(loaded.medians(|(_, highest)| *highest))
            .target(Target::AtMost(80.0)),
        Line::new("resident memory after that", "MB", Better::Less).both(loaded.medians(|(now, _)| *now)),
    ])
}

/// Memory now and at its highest, when it has not fallen for a while: an allocator gives back a little later.
fn at_rest(pid: u32) -> Result<(f64, f64)> {
    let end = Instant::now() + REST_MOST;
    let (mut least, mut since) = (meter::memory_mb(pid)?.0, Instant::now());
    while since.elapsed() < REST && Instant::now() < end {
        std::thread::sleep(LOOK);
        let now = meter::memory_mb(pid)?.0;
        if now < least {
            (least, since) = (now, Instant::now());
        }
    }
    meter::memory_mb(pid)
}

/// From the start of the process to the answer to its first request.
pub(crate) fn start(bench: &Bench) -> Result<Vec<Line>> {
    let trader = bench.places.veighna(0, 0)?;
    // Once unmeasured: the first start of a program reads it from the disk.
    for side in [Side::Incumbent, Side::Ours] {
        bench.places.web(side, &trader)?;
    }
    let rounds = 2 * bench.options.rounds + 1;
    let duel = interleave(rounds, |side| Ok(bench.places.web(side, &trader)?.start.as_secs_f64() * 1e3))?;
    Ok(vec![
        Line::new("start of the web process to its first answer", "ms", Better::Less)
            .both(duel.medians(|ms| *ms))
            .target(Target::AtMost(100.0)),
    ])
}
