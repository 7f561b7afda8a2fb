//! Answers questions for bars: the database, what is not written yet, and what the gateway answered, as one row.
//!
//! What was recorded comes before what a gateway tells, because it is what was seen here. Hours and days are taken as
//! they are where the database or the gateway has them; what is missing is made of the recorded minutes.

use super::{Question, Shelf};
use crate::limits::LANE_LOOK;
use domain::bars::{Period, TradingDays, aggregate, in_zone, join, zone_of};
use domain::{BarData, Civil, DateTime, Exchange, HistoryRequest, Interval, Text, Zone};
use history::{Database, HistoryError};

/// Answers until the questions are closed: the history's thread.
pub(super) fn run(shelf: &Shelf) {
    while let Some(Question { reply, request, gateway }) = shelf.questions.next() {
        match answer(shelf, &request, gateway) {
            Ok(bars) => reply.answer(bridge::Answer::Bars(bars)),
            Err(why) => reply.refuse(bridge::Code::Refused, why),
        }
    }
}

/// The bars, or why the gateway has none if nobody else has any.
fn answer(
    shelf: &Shelf,
    request: &HistoryRequest,
    gateway: Result<Vec<BarData>, String>,
) -> Result<Vec<BarData>, String> {
    let (told, why) = match gateway {
        Ok(bars) => (bars, None),
        Err(why) => (Vec::new(), Some(why)),
    };
    let Some(period) = period_of(request.interval) else { return why.map_or(Ok(told), Err) };
    // What ticked before the question is in the answer.
    if shelf.recording.record.bars() {
        shelf.lane.hurry(LANE_LOOK);
    }
    // Asked before the database: what is written in between is then in both, and not in neither.
    let (better, worse) = shelf.minutes().of(&request.symbol, request.exchange);
    let zone = clock_of(request.exchange, [&told, &better, &worse]);
    let span = Span::of(request, zone.as_deref());
    let stored = |interval| load(shelf, request, interval, &span);
    let sources = Sources { better, stored: stored(Interval::Minute), worse, told };
    let mut bars = match period {
        Period::M1 => sources.minutes(&span, zone.as_deref()),
        _ => sources.longer(period, stored(request.interval.unwrap_or(Interval::Minute)), &span, zone.as_deref()),
    };
    bars.retain(|bar| span.has(&bar.datetime, period));
    match why {
        Some(why) if bars.is_empty() => Err(why),
        _ => Ok(bars),
    }
}

/// Minutes of three kinds, and what the gateway told in the length that was asked for.
struct Sources {
    /// Not written, and more than what is stored.
    better: Vec<BarData>,
    stored: Vec<BarData>,
    /// Not written, and perhaps less than what is stored.
    worse: Vec<BarData>,
    told: Vec<BarData>,
}

impl Sources {
    fn minutes(self, span: &Span, zone: Option<&str>) -> Vec<BarData> {
        let within = |mut bars: Vec<BarData>| {
            bars.retain(|bar| span.has_minute(&bar.datetime));
            bars
        };
        let sources = vec![within(self.better), self.stored, within(self.worse), self.told];
        join(on_clock(sources, zone), Period::M1)
    }

    fn longer(mut self, period: Period, stored: Vec<BarData>, span: &Span, zone: Option<&str>) -> Vec<BarData> {
        let mut ready = join(on_clock(vec![stored, std::mem::take(&mut self.told)], zone), period);
        ready.iter_mut().for_each(|bar| bar.interval = period.interval());
        let minutes = self.minutes(span, zone);
        let exchange = minutes.first().or(ready.first()).map(|bar| bar.exchange);
        let daily = if period == Period::Day { ready.as_slice() } else { &[] };
        let days = exchange.map_or_else(TradingDays::default, |exchange| TradingDays::of(exchange, &minutes, daily));
        let made = aggregate(&minutes, period, &days);
        join(vec![ready, made], period)
    }
}

fn on_clock(mut sources: Vec<Vec<BarData>>, zone: Option<&str>) -> Vec<Vec<BarData>> {
    if let Some(zone) = zone {
        sources.iter_mut().for_each(|bars| in_zone(bars, zone));
    }
    sources
}

fn load(shelf: &Shelf, request: &HistoryRequest, interval: Interval, span: &Span) -> Vec<BarData> {
    let read = || {
        let database = Database::open_existing(&shelf.recording.database, &shelf.recording.zone)?;
        database.load_bars(&request.symbol, request.exchange, interval, &span.from, &span.until)
    };
    match read() {
        Ok(bars) => bars,
        // Nothing was recorded yet.
        Err(HistoryError::Missing { .. }) => Vec::new(),
        Err(error) => {
            tracing::error!(database = %shelf.recording.database.display(), %error, "recorded bars could not be read");
            Vec::new()
        }
    }
}

fn period_of(interval: Option<Interval>) -> Option<Period> {
    match interval {
        Some(Interval::Minute) | None => Some(Period::M1),
        Some(Interval::Hour) => Some(Period::H1),
        Some(Interval::Daily) => Some(Period::Day),
        Some(Interval::Weekly) => Some(Period::Week),
        Some(Interval::Tick) => None,
    }
}

/// The clock of the venue: its exchange's, else that by which bars of it are told.
fn clock_of(exchange: Exchange, told: [&Vec<BarData>; 3]) -> Option<Text> {
    let named = |bar: &BarData| match &bar.datetime.zone {
        Zone::Named { name, .. } => Some(name.clone()),
        Zone::Naive | Zone::Fixed { .. } => None,
    };
    zone_of(exchange).map(Text::const_new).or_else(|| told.into_iter().flatten().find_map(named))
}

/// The time asked for.
struct Span {
    from: DateTime,
    until: DateTime,
}

impl Span {
    /// A moment without a zone is read off the venue's clock.
    fn of(request: &HistoryRequest, zone: Option<&str>) -> Span {
        let on_clock = |at: &DateTime| match (at.offset(), zone) {
            (None, Some(zone)) => DateTime::in_zone(at.civil, at.fold, zone).unwrap_or_else(|| at.clone()),
            _ => at.clone(),
        };
        let last = Civil { year: 9999, month: 12, day: 31, hour: 23, minute: 59, second: 59, micro: 0 };
        let until = request.end.as_ref().map_or_else(|| DateTime::naive(last), on_clock);
        Span { from: on_clock(&request.start), until }
    }

    fn has_minute(&self, at: &DateTime) -> bool {
        let us = at.unix_micros();
        us >= self.from.unix_micros() && us <= self.until.unix_micros()
    }

    /// Days and weeks are told by their dates.
    fn has(&self, at: &DateTime, period: Period) -> bool {
        match period.minutes() {
            Some(_) => self.has_minute(at),
            None => period.key(at) >= period.key(&self.from) && period.key(at) <= period.key(&self.until),
        }
    }
}
