//! `/healthz`, `/readyz`, `/metrics`: how it stands with us and with the trading process.

use super::routes::Handler;
use super::{errors, user};
use crate::app::App;
use crate::command::LinkReport;
use crate::desk::Desk;
use crate::http::{Reply, json, text};
use crate::prometheus::{head, label, line};
use crate::replica::{Link, Replica, Table};
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
    write_links(&mut out, app);
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

/// A figure of a link, where there is one.
type OfLink = (&'static str, &'static str, &'static str, fn(&LinkReport) -> Option<u64>);

const OF_LINKS: [OfLink; 4] = [
    ("webtrader_link_live", "gauge", "Whether the replica follows the trading process.", |report| {
        Some(u64::from(report.link == Link::Live))
    }),
    (
        "webtrader_missed_facts_total",
        "counter",
        "Facts that comparing with the trading process found to be missed.",
        |report| Some(report.missed),
    ),
    ("webtrader_skipped_events_total", "counter", "Events that could not be understood.", |report| {
        Some(report.skipped)
    }),
    ("webtrader_event_age_milliseconds", "gauge", "Age of the newest event.", |report| report.event_age_ms),
];

/// A table of a replica and its rows.
type OfReplica = (&'static str, fn(&Replica) -> (usize, u64));

const TABLES: [OfReplica; 7] = [
    ("tick", |replica| room(&replica.ticks)),
    ("order", |replica| room(&replica.orders)),
    ("trade", |replica| room(&replica.trades)),
    ("position", |replica| room(&replica.positions)),
    ("account", |replica| room(&replica.accounts)),
    ("contract", |replica| room(&replica.contracts)),
    ("quote", |replica| room(&replica.quotes)),
];

fn room<K: std::hash::Hash + Eq, T>(table: &Table<K, T>) -> (usize, u64) {
    (table.len(), table.left_out())
}

/// Each figure with a line for each trading process, because one that is away must not hide behind another one.
fn write_links(out: &mut String, app: &App) {
    for (name, kind, help, figure) in OF_LINKS {
        head(out, name, kind, help);
        for desk in &app.desks {
            if let Some(value) = figure(&desk.trader.state()) {
                line(out, format!("{name}{{trader=\"{}\"}}", label(&desk.name)), value);
            }
        }
    }
    let rows: Vec<(String, usize, u64)> = app.desks.iter().flat_map(|desk| rows_of(desk)).collect();
    head(out, "webtrader_rows", "gauge", "Rows of the replica.");
    rows.iter().for_each(|(labels, rows, _)| line(out, format!("webtrader_rows{labels}"), *rows as u64));
    head(out, "webtrader_rows_left_out_total", "counter", "Rows that the replica had no room for.");
    rows.iter().for_each(|(labels, _, left)| line(out, format!("webtrader_rows_left_out_total{labels}"), *left));
}

/// Labels, rows, and rows that found no room, of each table.
fn rows_of(desk: &Desk) -> Vec<(String, usize, u64)> {
    let (name, replica) = (label(&desk.name), desk.replica.read());
    let row = |(table, room): &OfReplica| {
        let (rows, left_out) = room(&replica);
        (format!("{{trader=\"{name}\",table=\"{table}\"}}"), rows, left_out)
    };
    TABLES.iter().map(row).collect()
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
