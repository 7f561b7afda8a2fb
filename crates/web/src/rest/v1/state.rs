//! Traders, readers, apps: how it stands.

use super::routes::{Answer, Handler, Outcome, Route};
use super::{V1, params::Params};
use crate::desk::Desk;
use crate::rest::state::state_name;
use hyper::StatusCode;
use serde_json::{Value, json};

/// The operations.
pub(super) const ROUTES: &[Route] = &[
    Route::new("GET", "/traders", "traders.list", Handler::Call(|cx, params| Box::pin(traders(cx, params))))
        .told("state", "The trading processes", "Their names, what they can do, and how far our copy can be trusted.")
        .answers(StatusCode::OK, Answer::Many("Trader"))
        .of_all(),
    Route::new("GET", "/readers", "readers.list", Handler::Call(|cx, params| Box::pin(readers(cx, params))))
        .told("state", "Readers of the streams", "Who reads, how far each is behind, and what it was spared.")
        .answers(StatusCode::OK, Answer::Many("Reader"))
        .of_all(),
    Route::new("GET", "/apps", "apps.list", Handler::Call(|cx, params| Box::pin(apps(cx, params))))
        .told("state", "Apps of a trading process", "Empty where it has none or does not tell.")
        .answers(StatusCode::OK, Answer::Many("App")),
];

async fn traders(cx: V1, _: Params) -> Outcome {
    Ok(cx.app.desks.iter().map(|desk| trader(desk)).collect::<Value>().into())
}

async fn readers(cx: V1, _: Params) -> Outcome {
    let full = cx.app.stream.readers().into_iter().map(|reader| {
        let since = jiff::Timestamp::from_millisecond(reader.since_ms).ok();
        json!({
            "id": reader.id,
            "stream": "v1",
            "user": (!reader.user.is_empty()).then_some(&*reader.user),
            "remote": reader.remote.to_string(),
            "since": since.map(|since| since.to_string()),
            "lag": reader.lag,
            "queued_bytes": reader.queued,
            "conflated": reader.conflated,
            "bytes": reader.bytes,
            "interval_ms": reader.interval_ms,
            "compressed": reader.compressed,
        })
    });
    let classic = cx.app.hub.readers().into_iter().map(|reader| {
        json!({
            "id": reader.id,
            "stream": "classic",
            "user": null,
            "remote": null,
            "since": null,
            "lag": reader.lag,
            "queued_bytes": null,
            "conflated": reader.conflated,
            "bytes": null,
            "interval_ms": 0,
            "compressed": false,
        })
    });
    Ok(full.chain(classic).collect::<Value>().into())
}

async fn apps(_: V1, _: Params) -> Outcome {
    Ok(json!([]).into())
}

fn trader(desk: &Desk) -> Value {
    let report = desk.trader.state();
    let stale_since = report.stale_since_ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    json!({
        "name": desk.name,
        "dialect": report.dialect,
        "state": state_name(report.link),
        "stale_since": stale_since.map(|since| since.to_string()),
        "event_age_ms": report.event_age_ms,
        "epoch": report.epoch,
        "round_trip_ms": report.round_trip_us.map(|us| us as f64 / 1000.0),
        "clock_skew_ms": report.clock_ahead_us.map(|us| us as f64 / 1000.0),
        "capabilities": desk.trader.capabilities().names(),
        "language": match report.language { domain::Language::Zh => "zh", domain::Language::En => "en" },
        "trading_state": desk.replica.read().trading_state,
        "simulated": report.simulated,
    })
}
