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
    Route::new("GET", "/apps", "apps.list", Handler::Call(|cx, params| Box::pin(apps(cx, params))))
        .told("state", "Apps of a trading process", "Empty where it has none or does not tell.")
        .answers(StatusCode::OK, Answer::Many("App")),
];

async fn traders(cx: V1, _: Params) -> Outcome {
    Ok(cx.app.desks.iter().map(|desk| trader(desk)).collect::<Value>().into())
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
        "capabilities": desk.trader.capabilities().names(),
        "language": match report.language { domain::Language::Zh => "zh", domain::Language::En => "en" },
        "trading_state": desk.replica.read().trading_state,
    })
}
