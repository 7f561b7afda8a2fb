//! Answers questions for bars: the database, what is not written yet, and what the gateway answered, as one row.
//!
//! What was recorded comes before what a gateway tells, because it is what was seen here. Hours and days are taken as
//! they are where the database or the gateway has them; what is missing is made of the recorded minutes.

use super::{Question, Shelf};
use domain::bars::{Period, TradingDays, aggregate, in_zone, join, zone_of};
use domain::{BarData, Civil, DateTime, HistoryRequest, Interval, Zone};
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
    let zone = zone_of(request.exchange).or_else(|| named(told.first()?));
    let span = Span::of(request, zone);
    let mut bars = made(shelf, request, period, zone, &span, told);
    bars.retain(|bar| span.has(&bar.datetime, period));
    match why {
        Some(why) if bars.is_empty() => Err(why),
        _ => Ok(bars),
    }
}

fn made(
    shelf: &Shelf,
    request: &HistoryRequest,
    period: Period,
    zone: Option<&'static str>,
    span: &Span,
    told: Vec<BarData>,
) -> Vec<BarData> {
    let one_clock = |mut sources: Vec<Vec<BarData>>| {
        if let Some(zone) = zone {
            sources.iter_mut().for_each(|bars| in_zone(bars, zone));
        }
        sources
    };
    // Asked before the database: what is written in between is then in both, and not in neither.
    let (mut better, mut worse) = shelf.minutes().of(&request.symbol, request.exchange);
    for bars in [&mut better, &mut worse] {
        bars.retain(|bar| span.has_minute(&bar.datetime));
    }
    let stored = load(shelf, request, Interval::Minute, span);
    if period == Period::M1 {
        return join(one_clock(vec![better, stored, worse, told]), period);
    }
    let minutes = join(one_clock(vec![better, stored, worse]), Period::M1);
    let interval = request.interval.unwrap_or(Interval::Minute);
    let mut native = join(one_clock(vec![load(shelf, request, interval, span), told]), period);
    native.iter_mut().for_each(|bar| bar.interval = Some(interval));
    let days = TradingDays::of(request.exchange, &minutes, if period == Period::Day { &native } else { &[] });
    let made = aggregate(&minutes, period, &days);
    join(vec![native, made], period)
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

/// Zones that a gateway's bars come in are few; those of our own gateways are here.
fn named(bar: &BarData) -> Option<&'static str> {
    match &bar.datetime.zone {
        Zone::Named { name, .. } => ["UTC", "Asia/Shanghai"].into_iter().find(|zone| zone == name),
        Zone::Naive | Zone::Fixed { .. } => None,
    }
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
