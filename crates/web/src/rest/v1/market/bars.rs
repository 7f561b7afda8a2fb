//! Bars of an instrument: what is in a database, what the trading process has, and the live end, as one row.
//!
//! ```text
//! our own database ────────┐
//! trading process's history ┼─► join ─► aggregate ─► those wanted
//! minutes of live ticks ────┘
//! ```
//!
//! Bars of the asked length are taken as they are where a source has them; what no source has is made of minutes. Always
//! true: the answer is in time order, each bar once, told by the venue's clock; only its last one may be unfinished.

use super::find;
use crate::command::CommandError;
use crate::history_file::HistoryFile;
use crate::rest::v1::lists::link;
use crate::rest::v1::params::Params;
use crate::rest::v1::routes::Outcome;
use crate::rest::v1::{Code, Problem, V1};
use domain::bars::{Period, TradingDays, aggregate, in_zone, join, zone_of};
use domain::{BarData, ContractData, DateTime, HistoryRequest, Interval, Text, Zone};
use std::sync::Arc;

/// Bars of one answer at most: a year of minutes of a market that is open 9 hours a day is 130,000.
pub(super) const BARS_MAX: i64 = 200_000;
/// The night that opens a trading day may be this long before its date.
const NIGHT_DAYS_US: i64 = 4 * DAY_US;
const DAY_US: i64 = 86_400_000_000;

/// Answers the operation.
pub(super) async fn bars(cx: V1, params: Params) -> Outcome {
    link(&cx.desk, false)?;
    let contract = find(&cx, &params)?;
    let wanted = Wanted::read(&cx, &params, &contract)?;
    let sources = Sources::ask(&cx, &contract, &wanted).await?;
    let made = tokio::task::spawn_blocking(move || wanted.answer(sources)).await;
    Ok(made.map_err(|error| Problem::new(Code::Internal, error.to_string()))??.into())
}

/// What was asked for.
struct Wanted {
    symbol: Text,
    exchange: domain::Exchange,
    period: Period,
    start: DateTime,
    end: Option<DateTime>,
    limit: usize,
    /// The venue's clock.
    zone: Text,
}

impl Wanted {
    fn read(cx: &V1, params: &Params, contract: &ContractData) -> Result<Wanted, Problem> {
        let zone = clock_of(cx, contract);
        let time = |name| params.time(name).map(|at| on_clock(&at, &zone));
        let start = time("start").ok_or_else(|| Problem::field("start", "is required"))?;
        let end = time("end");
        if end.as_ref().is_some_and(|end| end.unix_micros() < start.unix_micros()) {
            return Err(Problem::field("end", "is before start"));
        }
        let period = params.text("interval").and_then(Period::from_name);
        Ok(Wanted {
            symbol: contract.symbol.clone(),
            exchange: contract.exchange,
            period: period.ok_or_else(|| Problem::field("interval", "is none of those offered"))?,
            start,
            end,
            limit: params.size("limit").unwrap_or(BARS_MAX as usize),
            zone,
        })
    }

    /// From when on sources are asked, so that the first bar is whole.
    fn from(&self) -> DateTime {
        let begin = self.period.begin(&self.start);
        match self.period.minutes() {
            Some(_) => begin,
            None => later(&begin, -NIGHT_DAYS_US, &self.zone),
        }
    }

    /// Until when, so that the last bar is whole; `None` for all there is.
    fn until(&self) -> Option<DateTime> {
        let begin = self.period.begin(self.end.as_ref()?);
        let length_us = match (self.period, self.period.minutes()) {
            (_, Some(minutes)) => i64::from(minutes) * 60_000_000,
            (Period::Week, None) => 7 * DAY_US,
            (_, None) => DAY_US,
        };
        Some(later(&begin, length_us - 1, &self.zone))
    }

    /// The length that sources have themselves, where that is not a minute; weeks are made of days.
    fn native(&self) -> Option<Interval> {
        match self.period {
            Period::H1 => Some(Interval::Hour),
            Period::Day | Period::Week => Some(Interval::Daily),
            Period::M1 | Period::M5 | Period::M15 | Period::M30 => None,
        }
    }

    fn answer(&self, sources: Sources) -> Result<serde_json::Value, Problem> {
        let refusal = sources.refusal.clone();
        let mut bars = self.make(sources);
        bars.retain(|bar| self.is_within(&bar.datetime));
        let surplus = bars.len().saturating_sub(self.limit);
        bars.drain(..surplus);
        if let (true, Some(why)) = (bars.is_empty(), refusal) {
            return Err(CommandError::Refused(why).into());
        }
        serde_json::to_value(bars).map_err(|error| Problem::new(Code::Internal, error.to_string()))
    }

    fn make(&self, sources: Sources) -> Vec<BarData> {
        let Sources { own, native, minutes, live, .. } = sources;
        let load = |interval| match &own {
            Some(file) => file.load(&self.symbol, self.exchange, interval, (&self.from(), self.until().as_ref())),
            None => Vec::new(),
        };
        let minutes = self.joined(vec![load(Interval::Minute), minutes, live], Period::M1);
        let Some(interval) = self.native() else { return aggregate(&minutes, self.period, &TradingDays::default()) };
        let period = if interval == Interval::Hour { Period::H1 } else { Period::Day };
        let mut ready = self.joined(vec![load(interval), native], period);
        ready.iter_mut().for_each(|bar| bar.interval = Some(interval));
        let days = TradingDays::of(self.exchange, &minutes, if period == Period::Day { &ready } else { &[] });
        let made = aggregate(&minutes, period, &days);
        let bars = join(vec![ready, made], period);
        if self.period == Period::Week { aggregate(&bars, Period::Week, &TradingDays::default()) } else { bars }
    }

    fn joined(&self, mut sources: Vec<Vec<BarData>>, period: Period) -> Vec<BarData> {
        sources.iter_mut().for_each(|bars| in_zone(bars, &self.zone));
        join(sources, period)
    }

    /// Days and weeks go by their dates: a day that the start lies in is wanted whole.
    fn is_within(&self, at: &DateTime) -> bool {
        let place = |at: &DateTime| match self.period.minutes() {
            Some(_) => at.unix_micros(),
            None => self.period.key(at),
        };
        place(at) >= place(&self.start) && self.end.as_ref().is_none_or(|end| place(at) <= place(end))
    }
}

/// What there is to make bars of.
struct Sources {
    own: Option<Arc<HistoryFile>>,
    /// Of the trading process, in the length asked for.
    native: Vec<BarData>,
    /// Minutes of the trading process, where its bars of that length do not do.
    minutes: Vec<BarData>,
    live: Vec<BarData>,
    /// Why the trading process has none.
    refusal: Option<String>,
}

impl Sources {
    async fn ask(cx: &V1, contract: &ContractData, wanted: &Wanted) -> Result<Sources, Problem> {
        let live = cx.desk.replica.read().bars.of(contract.vt_symbol.as_str());
        let own = cx.app.history.clone();
        let mut sources = Sources { own, native: Vec::new(), minutes: Vec::new(), live, refusal: None };
        if !cx.desk.trader.capabilities().history {
            return Ok(sources);
        }
        if let Some(interval) = wanted.native() {
            sources.native = sources.trader(cx, contract, wanted, interval).await?;
        }
        if sources.native.is_empty() {
            sources.minutes = sources.trader(cx, contract, wanted, Interval::Minute).await?;
        }
        Ok(sources)
    }

    /// Bars of the trading process; none where it says that it has none, which is told if nobody else has any.
    async fn trader(
        &mut self,
        cx: &V1,
        contract: &ContractData,
        wanted: &Wanted,
        interval: Interval,
    ) -> Result<Vec<BarData>, Problem> {
        let request = HistoryRequest {
            symbol: contract.symbol.clone(),
            exchange: contract.exchange,
            start: wanted.from(),
            end: wanted.until(),
            interval: Some(interval),
        };
        match cx.desk.trader.query_history(request, contract.gateway_name.clone()).await {
            Ok(bars) => Ok(bars),
            Err(CommandError::Refused(why)) => {
                self.refusal = Some(why);
                Ok(Vec::new())
            }
            Err(CommandError::Unsupported(_)) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The clock of the contract's venue: its exchange's, else that of its ticks.
fn clock_of(cx: &V1, contract: &ContractData) -> Text {
    if let Some(zone) = zone_of(contract.exchange) {
        return Text::const_new(zone);
    }
    let tick = cx.desk.replica.read().ticks.get(&contract.vt_symbol).cloned();
    match tick.as_ref().and_then(|tick| Some(&tick.datetime.as_ref()?.zone)) {
        Some(Zone::Named { name, .. }) => name.clone(),
        // The names of the database have the sign the other way round.
        Some(Zone::Fixed { offset }) if *offset != 0 && offset % 3600 == 0 => {
            compact_str::format_compact!("Etc/GMT{:+}", -offset / 3600)
        }
        _ => Text::const_new("UTC"),
    }
}

/// A moment on the venue's clock; one without a zone was read off it.
fn on_clock(at: &DateTime, zone: &str) -> DateTime {
    let there = match at.offset() {
        Some(_) => DateTime::from_unix_micros(at.unix_micros(), zone),
        None => DateTime::in_zone(at.civil, at.fold, zone),
    };
    there.unwrap_or_else(|| at.clone())
}

fn later(at: &DateTime, us: i64, zone: &str) -> DateTime {
    DateTime::from_unix_micros(at.unix_micros() + us, zone).unwrap_or_else(|| at.clone())
}
