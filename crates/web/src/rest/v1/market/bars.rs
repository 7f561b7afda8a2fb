//! Bars of an instrument: the question and its answer. What there is comes from `crate::bars`.

use super::find;
use crate::bars::{Sources, Wanted, clock_of};
use crate::command::CommandError;
use crate::rest::v1::lists::link;
use crate::rest::v1::params::Params;
use crate::rest::v1::routes::Outcome;
use crate::rest::v1::{Code, Problem, V1};
use domain::bars::Period;
use domain::{ContractData, DateTime};

/// Bars of one answer at most: a year of minutes of a market that is open 9 hours a day is 130,000.
pub(super) const BARS_MAX: i64 = 200_000;

/// Answers the operation.
pub(super) async fn bars(cx: V1, params: Params) -> Outcome {
    link(&cx.desk, false)?;
    let contract = find(&cx, &params)?;
    let wanted = read(&cx, &params, &contract)?;
    let limit = params.size("limit").unwrap_or(BARS_MAX as usize);
    let sources = Sources::ask(&cx.desk, cx.app.history.clone(), &wanted).await?;
    let made = tokio::task::spawn_blocking(move || answer(&wanted, sources, limit)).await;
    Ok(made.map_err(|error| Problem::new(Code::Internal, error.to_string()))??.into())
}

fn read(cx: &V1, params: &Params, contract: &ContractData) -> Result<Wanted, Problem> {
    let zone = clock_of(&cx.desk, &contract.vt_symbol, contract.exchange);
    let time = |name| params.time(name).map(|at| on_clock(&at, &zone));
    let start = time("start").ok_or_else(|| Problem::field("start", "is required"))?;
    let end = time("end");
    if end.as_ref().is_some_and(|end| end.unix_micros() < start.unix_micros()) {
        return Err(Problem::field("end", "is before start"));
    }
    let period = params.text("interval").and_then(Period::from_name);
    Ok(Wanted {
        vt_symbol: contract.vt_symbol.clone(),
        symbol: contract.symbol.clone(),
        exchange: contract.exchange,
        gateway: contract.gateway_name.clone(),
        period: period.ok_or_else(|| Problem::field("interval", "is none of those offered"))?,
        start,
        end,
        zone,
    })
}

fn answer(wanted: &Wanted, sources: Sources, limit: usize) -> Result<serde_json::Value, Problem> {
    let refusal = sources.refusal.clone();
    let mut bars = wanted.make(sources.load(wanted), None).bars;
    bars.retain(|bar| wanted.is_within(&bar.datetime));
    let surplus = bars.len().saturating_sub(limit);
    bars.drain(..surplus);
    if let (true, Some(why)) = (bars.is_empty(), refusal) {
        return Err(CommandError::Refused(why).into());
    }
    serde_json::to_value(bars).map_err(|error| Problem::new(Code::Internal, error.to_string()))
}

/// A moment on the venue's clock; one without a zone was read off it.
fn on_clock(at: &DateTime, zone: &str) -> DateTime {
    let there = match at.offset() {
        Some(_) => DateTime::from_unix_micros(at.unix_micros(), zone),
        None => DateTime::in_zone(at.civil, at.fold, zone),
    };
    there.unwrap_or_else(|| at.clone())
}
