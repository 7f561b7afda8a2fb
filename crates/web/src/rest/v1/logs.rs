//! The trading process's log.

use super::V1;
use super::params::{Kind, Params, query};
use super::routes::{Answer, Handler, Outcome, Route};
use crate::limits;
use hyper::StatusCode;
use serde_json::{Value, json};

/// Python's levels.
const LEVELS: &[&str] = &["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];
/// Lines of one answer where nobody says.
const USUAL: usize = 1000;

/// The operations.
pub(super) const ROUTES: &[Route] =
    &[Route::new("GET", "/logs", "logs.list", Handler::Call(|cx, params| Box::pin(list(cx, params))))
        .told(
            "logs",
            "Log",
            "Newest lines that fit, oldest first. `last` is the number of the newest line there is: as `since` of the \
             next request it gives what came after.",
        )
        .params(&[
            query("level", Kind::OneOf(LEVELS), "Lines of this level and above."),
            query("source", Kind::Text(64), "Gateway or engine that wrote it (`gateway_name`)."),
            query("since", Kind::Int(0, i64::MAX), "Number of the last line that is known already."),
            query("limit", Kind::Int(1, limits::PAGE_ROWS), "Lines at most; 1,000 where left out."),
        ])
        .answers(StatusCode::OK, Answer::One("Logs"))];

async fn list(cx: V1, params: Params) -> Outcome {
    let least = params.text("level").map_or(i32::MIN, level);
    let since = params.int("since").and_then(|since| u64::try_from(since).ok()).unwrap_or(0);
    let source = params.text("source");
    let replica = cx.desk.replica.read();
    let fitting = replica
        .logs
        .after(since)
        .rev()
        .filter(|(_, row)| row.level >= least && source.is_none_or(|source| source == row.gateway_name));
    let newest: Vec<_> =
        fitting.take(params.size("limit").unwrap_or(USUAL)).map(|(number, row)| (number, row.clone())).collect();
    let last = replica.logs.last();
    drop(replica);
    let lines = newest.into_iter().rev().map(|(number, row)| {
        let mut line = super::market::row(&*row);
        line["number"] = number.into();
        line
    });
    let lines: Vec<Value> = lines.collect();
    Ok(json!({ "trader": cx.desk.name, "last": last, "data": lines }).into())
}

fn level(name: &str) -> i32 {
    match name {
        "INFO" => 20,
        "WARNING" => 30,
        "ERROR" => 40,
        "CRITICAL" => 50,
        _ => 10,
    }
}
