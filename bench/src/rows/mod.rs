//! The rows of the table: each is a function that starts what it needs, measures, and ends it.

mod full;
mod library;
mod lists;
mod live;
mod login;
mod orders;
mod process;

use crate::options::Options;
use crate::sides::Places;
use crate::table::Line;
use anyhow::Result;

/// What every row gets.
pub(crate) struct Bench {
    pub(crate) options: Options,
    pub(crate) places: Places,
}

/// A row: its name for `--only`, what it measures, how.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) measure: fn(&Bench) -> Result<Vec<Line>>,
}

/// All rows in the order of the table.
pub(crate) const ROWS: &[Row] = &[
    Row { name: "contract", what: "GET /contract with 20,000 contracts", measure: lists::contract },
    Row { name: "order", what: "GET /order with 5,000 orders", measure: lists::order },
    Row { name: "account", what: "GET /account", measure: lists::account },
    Row { name: "cost", what: "what GETs cost the trading process", measure: lists::cost },
    Row { name: "post-veighna", what: "POST /order on VeighNa, 1 connection", measure: orders::on_veighna },
    Row { name: "post-ours", what: "POST /order on our trading process, 16 connections", measure: orders::on_ours },
    Row { name: "v1-orders", what: "POST /api/v1/orders, each intent on disk", measure: full::orders },
    Row { name: "v1-unchanged", what: "lists of the full API that have not changed", measure: full::unchanged },
    Row { name: "v1-sync", what: "the replica's way back after a cut", measure: full::sync },
    Row { name: "stream", what: "the full stream, 1,000 readers, a tenth stalled, 10,000 idle", measure: full::stream },
    Row { name: "frames", what: "frames of the classic WebSocket beside a bare writer", measure: full::frames },
    Row { name: "ws-1", what: "classic WebSocket, 1 reader", measure: live::one },
    Row { name: "ws-100", what: "classic WebSocket, 100 readers", measure: live::hundred },
    Row { name: "reader", what: "reading one of VeighNa's ticks", measure: library::reader },
    Row { name: "engine", what: "event engine and order management", measure: library::engine },
    Row { name: "login", what: "login", measure: login::login },
    Row { name: "memory", what: "resident memory of the web process", measure: process::memory },
    Row { name: "start", what: "start of the web process", measure: process::start },
];
