//! Login: one alone, and many at once while somebody else reads his account.

use super::Bench;
use crate::duel::interleave;
use crate::http::load::{self, Load, Outcome};
use crate::http::{login as form, request};
use crate::meter;
use crate::sides::{PASSWORD, Side, USER};
use crate::table::{Better, Line, Target};
use anyhow::{Context, Result, anyhow};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Logins at once. The incumbent gets fewer: each takes it a third of a second, and everything else waits.
const OURS: usize = 100;
const INCUMBENT: usize = 16;

struct Logins {
    alone: Outcome,
    alone_cpu_ms: f64,
    at_once: Outcome,
    /// `GET /account` while the logins ran.
    account: Outcome,
}

/// Both sides with the user of `web_trader_setting.json`.
pub(crate) fn login(bench: &Bench) -> Result<Vec<Line>> {
    let trader = bench.places.veighna(0, 0)?;
    let webs = [bench.places.web(Side::Incumbent, &trader)?, bench.places.web(Side::Ours, &trader)?];
    let duel = interleave(bench.options.rounds, |side| {
        let web = &webs[side as usize];
        let account = request("GET", "/account", &web.token()?, "", "");
        web.wait_for(&web.token()?, "/account", 1)?;
        let logins = form(USER, PASSWORD);
        let before = meter::cpu_seconds(web.child.pid())?;
        let mut alone = Load::new(web.address, &logins, 1, Duration::from_secs(5));
        alone.most = 6;
        let alone = load::run(&alone).with_context(|| web.child.end_of_log())?;
        let alone_cpu_ms = (meter::cpu_seconds(web.child.pid())? - before) / alone.done as f64 * 1e3;
        let many = if side == Side::Ours { OURS } else { INCUMBENT };
        let (at_once, account) = both(&logins, many, &account, web.address)?;
        Ok(Logins { alone, alone_cpu_ms, at_once, account })
    })?;
    Ok(vec![
        Line::new("login alone, p50", "ms", Better::Less)
            .both(duel.medians(|logins| logins.alone.latencies.clone().percentile_ms(0.5)))
            .target(Target::AtMost(60.0)),
        Line::new("login, CPU of the web process", "ms", Better::Less).both(duel.medians(|logins| logins.alone_cpu_ms)),
        Line::new("many logins at once", "1/s", Better::More)
            .both(duel.medians(|logins| logins.at_once.rate()))
            .note(format!("{OURS} at once, {INCUMBENT} for the incumbent")),
        Line::new("`GET /account` meanwhile, p99", "ms", Better::Less)
            .both(duel.medians(|logins| logins.account.latencies.clone().percentile_ms(0.99)))
            .target(Target::AtMost(20.0)),
    ])
}

/// `many` logins at once, and one connection that reads the account until they are through.
fn both(logins: &[u8], many: usize, account: &[u8], address: std::net::SocketAddr) -> Result<(Outcome, Outcome)> {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut load = Load::new(address, account, 1, Duration::from_secs(60));
            load.stop = Some(&done);
            load::run(&load)
        });
        let mut load = Load::new(address, logins, many, Duration::from_secs(60));
        (load.most, load.skip_first) = (many as u64, false);
        let at_once = load::run(&load);
        done.store(true, Ordering::Relaxed);
        let account = reader.join().map_err(|_| anyhow!("the reader's thread panicked"))?;
        Ok((at_once?, account?))
    })
}
