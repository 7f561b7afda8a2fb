//! What a bar line begins with: the bar that runs, those before it, as `GET /api/v1/bars` would answer.
//!
//! How data passes: the live minute is read, then the sources are asked, then the line begins while the replica cannot
//! change. Always true: what the live ticks have whole is left to them; only where a source knows more of the running bar
//! than the ticks ([`Borrowed`]) does it matter whether ticks came while it was asked.

use super::limits::BACK_US;
use super::line::{Since, on_clock};
use super::sources::{Made, Sources, Wanted, clock_of, later, length_us, native_of};
use crate::command::CommandError;
use crate::desk::Desk;
use crate::history_file::HistoryFile;
use crate::replica::Newest;
use crate::stream::LineName;
use domain::bars::{Period, window_of};
use domain::{BarData, DateTime, Text, VtSymbol};
use std::sync::Arc;

/// See the module.
#[derive(Debug)]
pub(super) struct Seed {
    pub(super) period: Period,
    pub(super) zone: Text,
    /// The live minute as the venue's clock shows it.
    pub(super) minute: DateTime,
    pub(super) made: Made,
    pub(super) borrowed: Borrowed,
    /// The live minute when the sources were asked.
    live: BarData,
}

/// What of the running bar is a source's, so that the live minute is in it already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Borrowed {
    Nothing,
    /// Its newest minute, of which the ticks began to come too late.
    Minute,
    /// All of it: an hour or a day that a source has as such.
    Bar,
}

/// How a seed stands to the live minute when a line is to begin with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Exact,
    /// Ticks came that a source may have told, too.
    Near,
    /// The minute is over.
    Late,
}

impl Seed {
    /// Asks the sources; `None` where the instrument has no tick yet.
    ///
    /// # Errors
    /// The trading process could not be asked, or did not answer.
    pub(super) async fn ask(
        desk: &Desk,
        own: Option<Arc<HistoryFile>>,
        name: &LineName,
        since: Option<Since>,
    ) -> Result<Option<Seed>, CommandError> {
        desk.require_live()?;
        let vt_symbol = VtSymbol(name.vt_symbol.clone());
        let (live, is_whole, earlier, contract) = {
            let replica = desk.replica.read();
            let Some(newest) = replica.bars.newest(&name.vt_symbol) else { return Ok(None) };
            let begin = name.period.begin(&newest.running.datetime).unix_micros();
            let contract = replica.contracts.get(&vt_symbol).cloned();
            (newest.running.clone(), newest.is_whole(), newest.last_until(begin), contract)
        };
        let zone = clock_of(desk, &vt_symbol, live.exchange);
        let minute = on_clock(&live, &zone);
        let wanted = Wanted {
            vt_symbol,
            symbol: live.symbol.clone(),
            exchange: live.exchange,
            gateway: contract.map_or_else(|| live.gateway_name.clone(), |contract| contract.gateway_name.clone()),
            period: name.period,
            start: start(name.period, &minute, &zone, since.map(|since| since.at).or(earlier)),
            end: None,
            zone,
        };
        let sources = Sources::ask(desk, own, &wanted).await?;
        let made = tokio::task::spawn_blocking(move || Seed::of(wanted, sources, minute, live, is_whole)).await;
        made.map(Some).map_err(|error| CommandError::NotSent(error.to_string()))
    }

    /// What the sources said. Blocks: only for threads that may.
    pub(super) fn of(wanted: Wanted, sources: Sources, minute: DateTime, live: BarData, is_whole: bool) -> Seed {
        let minute_us = minute.unix_micros();
        let mut rows = sources.load(&wanted);
        rows.end_with(minute_us);
        let is_known = !is_whole && rows.has_minute(minute_us);
        let mut made = wanted.make(rows, (!is_known).then_some(minute_us));
        made.bars.retain(|bar| wanted.is_within(&bar.datetime));
        let native = match native_of(wanted.period) {
            Some(domain::Interval::Hour) => Period::H1,
            _ => Period::Day,
        };
        let is_ready =
            made.ready.as_ref().is_some_and(|ready| native.key(ready) >= window_of(&minute, native, &made.days));
        let borrowed = match (is_ready, is_known) {
            (true, _) => Borrowed::Bar,
            (false, true) => Borrowed::Minute,
            (false, false) => Borrowed::Nothing,
        };
        Seed { period: wanted.period, zone: wanted.zone, minute, made, borrowed, live }
    }

    pub(super) fn fit(&self, now: Newest<'_>) -> Fit {
        if now.running.datetime.unix_micros() != self.live.datetime.unix_micros() {
            Fit::Late
        } else if self.borrowed != Borrowed::Nothing && *now.running != self.live {
            Fit::Near
        } else {
            Fit::Exact
        }
    }
}

/// From when on bars are wanted: that moment, but not from too long ago, and at least the bar before the running one.
fn start(period: Period, minute: &DateTime, zone: &str, since: Option<DateTime>) -> DateTime {
    let before = later(&period.begin(minute), -length_us(period), zone);
    let earliest = later(minute, -BACK_US.max(2 * length_us(period)), zone);
    let later_of = |one: DateTime, other| if one.unix_micros() < DateTime::unix_micros(&other) { other } else { one };
    match since.map(|since| later_of(since, earliest)) {
        Some(since) if since.unix_micros() < before.unix_micros() => period.begin(&since),
        _ => before,
    }
}
