//! Where bars come from, and how several sources are made one row: for an answer of REST and for the begin of a line.
//!
//! ```text
//! our own database ────────┐
//! trading process's history ┼─► Rows ─► join ─► aggregate ─► Made
//! minutes of live ticks ────┘
//! ```
//!
//! Bars of the asked length are taken as they are where a source has them; what no source has is made of minutes. Always
//! true: the row is in time order, each bar once, told by the venue's clock; only its last one may be unfinished.

use crate::command::CommandError;
use crate::desk::Desk;
use crate::history_file::HistoryFile;
use domain::bars::{Period, TradingDays, aggregate, in_zone, join, zone_of};
use domain::{BarData, DateTime, Exchange, HistoryRequest, Interval, Text, VtSymbol, Zone};
use std::sync::Arc;

/// The night that opens a trading day may be this long before its date.
const NIGHT_DAYS_US: i64 = 4 * DAY_US;
const DAY_US: i64 = 86_400_000_000;

/// What is wanted of an instrument.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) vt_symbol: VtSymbol,
    pub(crate) symbol: Text,
    pub(crate) exchange: Exchange,
    pub(crate) gateway: Text,
    pub(crate) period: Period,
    /// Of the first bar; on the venue's clock, as `end`.
    pub(crate) start: DateTime,
    pub(crate) end: Option<DateTime>,
    /// The venue's clock.
    pub(crate) zone: Text,
}

impl Wanted {
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
        Some(later(&begin, length_us(self.period) - 1, &self.zone))
    }

    /// Days and weeks go by their dates: a day that the start lies in is wanted whole.
    pub(crate) fn is_within(&self, at: &DateTime) -> bool {
        let place = |at: &DateTime| match self.period.minutes() {
            Some(_) => at.unix_micros(),
            None => self.period.key(at),
        };
        place(at) >= place(&self.start) && self.end.as_ref().is_none_or(|end| place(at) <= place(end))
    }

    /// One row of all that there is. `apart`: begin of a minute (microseconds since 1970 UTC) that tells of a trading
    /// day and is in no bar.
    pub(crate) fn make(&self, rows: Rows, apart: Option<i64>) -> Made {
        let Rows { minutes, native, live } = rows;
        let mut minutes = self.joined(minutes.into_iter().chain([live]).collect(), Period::M1);
        let without = |minutes: &mut Vec<BarData>| minutes.retain(|bar| apart != Some(bar.datetime.unix_micros()));
        let Some(interval) = native_of(self.period) else {
            without(&mut minutes);
            let days = TradingDays::default();
            return Made { bars: aggregate(&minutes, self.period, &days), days, ready: None };
        };
        let period = if interval == Interval::Hour { Period::H1 } else { Period::Day };
        let mut ready = self.joined(native.into(), period);
        ready.iter_mut().for_each(|bar| bar.interval = Some(interval));
        let days = TradingDays::of(self.exchange, &minutes, if period == Period::Day { &ready } else { &[] });
        without(&mut minutes);
        let newest = ready.last().map(|bar| bar.datetime.clone());
        let made = aggregate(&minutes, period, &days);
        let mut bars = join(vec![ready, made], period);
        if self.period == Period::Week {
            bars = aggregate(&bars, Period::Week, &TradingDays::default());
        }
        Made { bars, days, ready: newest }
    }

    fn joined(&self, mut sources: Vec<Vec<BarData>>, period: Period) -> Vec<BarData> {
        sources.iter_mut().for_each(|bars| in_zone(bars, &self.zone));
        join(sources, period)
    }
}

/// One row.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) bars: Vec<BarData>,
    /// The trading days that the bars show.
    pub(crate) days: TradingDays,
    /// The newest hour or day that a source has as such.
    pub(crate) ready: Option<DateTime>,
}

/// What there is to make bars of, the more trusted source first.
pub(crate) struct Rows {
    minutes: [Vec<BarData>; 2],
    /// In the length that sources have themselves.
    native: [Vec<BarData>; 2],
    live: Vec<BarData>,
}

impl Rows {
    /// Leaves out minutes behind that one (microseconds since 1970 UTC).
    pub(crate) fn end_with(&mut self, minute_us: i64) {
        for bars in self.minutes.iter_mut().chain([&mut self.live]) {
            bars.retain(|bar| bar.datetime.unix_micros() <= minute_us);
        }
    }

    /// Whether anybody but the live ticks has this minute.
    pub(crate) fn has_minute(&self, minute_us: i64) -> bool {
        self.minutes.iter().flatten().any(|bar| bar.datetime.unix_micros() == minute_us)
    }
}

/// What the trading process and its ticks have; the database is still to be read.
pub(crate) struct Sources {
    own: Option<Arc<HistoryFile>>,
    /// Of the trading process, in the length asked for.
    native: Vec<BarData>,
    /// Minutes of the trading process, where its bars of that length do not do.
    minutes: Vec<BarData>,
    live: Vec<BarData>,
    /// Why the trading process has none.
    pub(crate) refusal: Option<String>,
}

impl Sources {
    /// Asks the trading process.
    ///
    /// # Errors
    /// It could not be asked, or did not answer.
    pub(crate) async fn ask(
        desk: &Desk,
        own: Option<Arc<HistoryFile>>,
        wanted: &Wanted,
    ) -> Result<Sources, CommandError> {
        let live = desk.replica.read().bars.of(wanted.vt_symbol.as_str());
        let mut sources = Sources { own, native: Vec::new(), minutes: Vec::new(), live, refusal: None };
        if !desk.trader.capabilities().history {
            return Ok(sources);
        }
        if let Some(interval) = native_of(wanted.period) {
            sources.native = sources.trader(desk, wanted, interval).await?;
        }
        if sources.native.is_empty() {
            sources.minutes = sources.trader(desk, wanted, Interval::Minute).await?;
        }
        Ok(sources)
    }

    #[cfg(test)]
    pub(super) fn of_live(live: Vec<BarData>) -> Sources {
        Sources { own: None, native: Vec::new(), minutes: Vec::new(), live, refusal: None }
    }

    /// Bars of the trading process; none where it says that it has none, which is told if nobody else has any.
    async fn trader(&mut self, desk: &Desk, wanted: &Wanted, interval: Interval) -> Result<Vec<BarData>, CommandError> {
        let request = HistoryRequest {
            symbol: wanted.symbol.clone(),
            exchange: wanted.exchange,
            start: wanted.from(),
            end: wanted.until(),
            interval: Some(interval),
        };
        match desk.trader.query_history(request, wanted.gateway.clone()).await {
            Ok(bars) => Ok(bars),
            Err(CommandError::Refused(why)) => {
                self.refusal = Some(why);
                Ok(Vec::new())
            }
            Err(CommandError::Unsupported(_)) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Reads the database, too. Blocks: only for threads that may.
    pub(crate) fn load(self, wanted: &Wanted) -> Rows {
        let load = |interval| match &self.own {
            Some(file) => {
                file.load(&wanted.symbol, wanted.exchange, interval, (&wanted.from(), wanted.until().as_ref()))
            }
            None => Vec::new(),
        };
        let native = native_of(wanted.period).map(load).unwrap_or_default();
        Rows { minutes: [load(Interval::Minute), self.minutes], native: [native, self.native], live: self.live }
    }
}

/// The length that sources have themselves, where that is not a minute; weeks are made of days.
pub(crate) fn native_of(period: Period) -> Option<Interval> {
    match period {
        Period::H1 => Some(Interval::Hour),
        Period::Day | Period::Week => Some(Interval::Daily),
        Period::M1 | Period::M5 | Period::M15 | Period::M30 => None,
    }
}

/// How long a bar is, by the clock.
pub(crate) fn length_us(period: Period) -> i64 {
    match (period, period.minutes()) {
        (_, Some(minutes)) => i64::from(minutes) * 60_000_000,
        (Period::Week, None) => 7 * DAY_US,
        (_, None) => DAY_US,
    }
}

/// The clock of an instrument's venue: its exchange's, else that of its ticks.
pub(crate) fn clock_of(desk: &Desk, vt_symbol: &VtSymbol, exchange: Exchange) -> Text {
    if let Some(zone) = zone_of(exchange) {
        return Text::const_new(zone);
    }
    let tick = desk.replica.read().ticks.get(vt_symbol).cloned();
    match tick.as_ref().and_then(|tick| Some(&tick.datetime.as_ref()?.zone)) {
        Some(Zone::Named { name, .. }) => name.clone(),
        // The names of the database have the sign the other way round.
        Some(Zone::Fixed { offset }) if *offset != 0 && offset % 3600 == 0 => {
            compact_str::format_compact!("Etc/GMT{:+}", -offset / 3600)
        }
        _ => Text::const_new("UTC"),
    }
}

/// A moment so much later, on that clock.
pub(crate) fn later(at: &DateTime, us: i64, zone: &str) -> DateTime {
    DateTime::from_unix_micros(at.unix_micros() + us, zone).unwrap_or_else(|| at.clone())
}
