//! `/healthz`, `/readyz`, `/metrics`: how it stands with us and with the trading process.

use super::metrics::{head, line};
use super::routes::Handler;
use super::{errors, user};
use crate::app::App;
use crate::command::LinkReport;
use crate::http::{Reply, json, text};
use crate::replica::Link;
use hyper::{HeaderMap, StatusCode};
use std::net::IpAddr;

/// The process lives.
pub(super) fn health() -> Reply {
    json(StatusCode::OK, r#"{"status":"ok"}"#)
}

/// Lists and orders are served: the trading process is there.
pub(super) fn ready(app: &App) -> Reply {
    match app.first().trader.state().link {
        Link::Live => json(StatusCode::OK, r#"{"status":"ready"}"#),
        Link::Connecting | Link::Syncing | Link::Stale => errors::away(),
    }
}

/// Figures for Prometheus, for scrapers on this machine and for users.
pub(super) fn metrics(app: &App, headers: &HeaderMap, peer: IpAddr) -> Result<Reply, Reply> {
    if !peer.is_loopback() {
        user(app, headers, Handler::Metrics)?;
    }
    let mut out = String::new();
    app.metrics.write(&mut out);
    write_link(&mut out, &app.first().trader.state());
    write_replica(&mut out, app);
    write_streams(&mut out, app);
    app.orders.write_metrics(&mut out);
    Ok(text(StatusCode::OK, out.into_bytes()))
}

/// A link's state as the API names it.
pub(super) fn state_name(link: Link) -> &'static str {
    match link {
        Link::Connecting => "connecting",
        Link::Syncing => "syncing",
        Link::Live => "live",
        Link::Stale => "stale",
    }
}

fn write_link(out: &mut String, report: &LinkReport) {
    head(out, "webtrader_link_live", "gauge", "Whether the replica follows the trading process.");
    line(out, "webtrader_link_live", u64::from(report.link == Link::Live));
    head(
        out,
        "webtrader_missed_facts_total",
        "counter",
        "Facts that comparing with the trading process found to be missed.",
    );
    line(out, "webtrader_missed_facts_total", report.missed);
    head(out, "webtrader_skipped_events_total", "counter", "Events that could not be understood.");
    line(out, "webtrader_skipped_events_total", report.skipped);
    if let Some(age) = report.event_age_ms {
        head(out, "webtrader_event_age_milliseconds", "gauge", "Age of the newest event.");
        line(out, "webtrader_event_age_milliseconds", age);
    }
}

fn write_replica(out: &mut String, app: &App) {
    let replica = app.first().replica.read();
    let tables = [
        ("tick", replica.ticks.len()),
        ("order", replica.orders.len()),
        ("trade", replica.trades.len()),
        ("position", replica.positions.len()),
        ("account", replica.accounts.len()),
        ("contract", replica.contracts.len()),
    ];
    drop(replica);
    head(out, "webtrader_rows", "gauge", "Rows of the replica.");
    for (table, rows) in tables {
        line(out, &format!("webtrader_rows{{table=\"{table}\"}}"), rows as u64);
    }
}

fn write_streams(out: &mut String, app: &App) {
    let stats = app.hub.stats();
    head(out, "webtrader_stream_readers", "gauge", "WebSocket readers, and those that do not keep up.");
    line(out, "webtrader_stream_readers", stats.readers as u64);
    line(out, "webtrader_stream_readers_behind", stats.apart as u64);
    head(out, "webtrader_stream_frames_total", "counter", "Frames written to WebSocket readers.");
    line(out, "webtrader_stream_frames_total", stats.frames);
    head(
        out,
        "webtrader_stream_conflated_total",
        "counter",
        "Ticks that a slow reader did not get because a newer one was there.",
    );
    line(out, "webtrader_stream_conflated_total", stats.conflated);
    app.stream.write_metrics(out);
}
