//! The web process about itself: its version, and how long orders take through it.

use super::V1;
use super::params::Params;
use super::routes::{Answer, Handler, Outcome, Route};
use super::schemas::{Schema, Type};
use crate::orders::Latency;
use hyper::StatusCode;
use serde_json::{Value, json};

/// The operations.
pub(super) const ROUTES: &[Route] = &[
    Route::new("GET", "/about", "about.get", Handler::Call(|cx, p| Box::pin(about(cx, p))))
        .told("state", "This server", "Its version, and since when it runs.")
        .answers(StatusCode::OK, Answer::One("About"))
        .of_all(),
    Route::new("GET", "/latencies", "latencies.list", Handler::Call(|cx, p| Box::pin(latencies(cx, p))))
        .told(
            "state",
            "How long orders take",
            "Stage by stage, of orders to that trading process since this server started. Percentiles are read from \
             histograms and lie within one of their buckets; the maximum is exact.",
        )
        .answers(StatusCode::OK, Answer::Many("Latency")),
];

const STAGES: &[&str] = &["check", "record", "answer", "total", "first_event", "fill"];

/// What comes back.
pub(super) const SCHEMAS: &[Schema] = &[
    (
        "About",
        "The web process.",
        &[
            ("program", Type::Text, "Its name."),
            ("version", Type::Text, "Its version."),
            ("licence", Type::Text, "Its licence, an SPDX expression."),
            ("started_at", Type::Time, "When it started, UTC."),
            ("uptime_s", Type::Int, "Seconds since then."),
        ],
    ),
    (
        "Latency",
        "How long a stage takes.",
        &[
            (
                "stage",
                Type::OneOf(STAGES),
                "`check`: rules; `record`: the intent on disk; `answer`: sent to answered by the trading process; \
                 `total`: received to answered; `first_event`: sent to the first word about the order; `fill`: received \
                 to wholly traded.",
            ),
            ("count", Type::Int, "Orders that have passed it."),
            ("p50_ms", Type::Number, "Half of them took at most this, in milliseconds; `null` where there is none."),
            ("p90_ms", Type::Number, "90 % of them, in milliseconds."),
            ("p99_ms", Type::Number, "99 % of them, in milliseconds."),
            ("max_ms", Type::Number, "The longest, in milliseconds."),
        ],
    ),
];

async fn about(cx: V1, _: Params) -> Outcome {
    let (started_ms, now_ms) = (cx.app.started_ms, (cx.app.clock)());
    Ok(json!({
        "program": "webtrader",
        "version": env!("CARGO_PKG_VERSION"),
        "licence": env!("CARGO_PKG_LICENSE"),
        "started_at": jiff::Timestamp::from_millisecond(started_ms).ok().map(|at| at.to_string()),
        "uptime_s": (now_ms - started_ms).max(0) / 1000,
    })
    .into())
}

async fn latencies(cx: V1, _: Params) -> Outcome {
    let rows = cx.app.orders.latencies(&cx.desk.name).into_iter().map(|(stage, latency)| row(stage, latency));
    Ok(rows.collect::<Value>().into())
}

fn row(stage: &str, latency: Latency) -> Value {
    let ms = |micros: f64| (latency.count > 0).then_some(micros / 1000.0);
    json!({
        "stage": stage,
        "count": latency.count,
        "p50_ms": ms(latency.p50),
        "p90_ms": ms(latency.p90),
        "p99_ms": ms(latency.p99),
        "max_ms": ms(latency.max as f64),
    })
}
