//! Tables as CSV (RFC 4180), for spreadsheets.
//!
//! Always true: a text that a spreadsheet would run as a formula begins with an apostrophe; numbers stay numbers; the
//! first line names the columns, which are the members of the row's schema.

use super::lists::link;
use super::params::{Kind, Param, Params, Place};
use super::routes::{Answer, Handler, Route};
use super::schemas;
use super::{Code, Http, Problem};
use crate::http::{Reply, json as reply_of, with_header};
use crate::replica::Replica;
use hyper::StatusCode;
use hyper::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use serde_json::Value;
use std::sync::Arc;

const TABLES: &[&str] = &["contracts", "ticks", "orders", "trades", "positions", "accounts", "quotes", "logs"];

/// The operations.
pub(super) const ROUTES: &[Route] =
    &[Route::new("GET", "/export/{table}.csv", "export.table", Handler::Http(|http, p| Box::pin(table(http, p))))
        .told(
            "portfolio",
            "A table as CSV",
            "RFC 4180 in UTF-8 with a header line. Texts that a spreadsheet would take for a formula begin with `'`.",
        )
        .params(&[Param {
            name: "table",
            place: Place::Path,
            kind: Kind::OneOf(TABLES),
            required: true,
            help: "Which table.",
        }])
        .errors(&[Code::TraderAway])
        .answers(StatusCode::OK, Answer::Text("text/csv"))];

async fn table(http: Http, params: Params) -> Result<Reply, Problem> {
    link(&http.cx.desk, false)?;
    let name = TABLES.iter().find(|table| params.text("table") == Some(table)).copied().unwrap_or("trades");
    if name == "orders" {
        http.cx.desk.trader.settled(&http.cx.user).await;
    }
    let (desk, orders) = (Arc::clone(&http.cx.desk), Arc::clone(&http.cx.app.orders));
    let writing = tokio::task::spawn_blocking(move || {
        let columns = schemas::columns(schema_of(name));
        if name == "orders" {
            // As the lists have them: the user's own reference and id.
            let rows: Vec<_> = desk.replica.read().orders.rows().cloned().collect();
            return write(columns, rows.iter().map(|order| super::market::row(&orders.row(&desk.name, order))));
        }
        let rows = rows(&desk.replica.read(), name);
        write(columns, rows.into_iter().map(|row| row()))
    });
    let body = writing.await.map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
    let reply = reply_of(StatusCode::OK, body);
    let reply = with_header(reply, CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    Ok(with_header(reply, CONTENT_DISPOSITION, HeaderValue::try_from(disposition).expect("ASCII")))
}

fn schema_of(table: &str) -> &'static str {
    match table {
        "contracts" => "Contract",
        "ticks" => "Tick",
        "orders" => "Order",
        "trades" => "Trade",
        "positions" => "Position",
        "accounts" => "Account",
        "quotes" => "Quote",
        _ => "LogLine",
    }
}

/// The rows, writing nothing yet: only pointers are taken while the lock is held.
fn rows(replica: &Replica, table: &str) -> Vec<Box<dyn Fn() -> Value + Send>> {
    fn later<T: serde::Serialize + Send + Sync + 'static>(row: &Arc<T>) -> Box<dyn Fn() -> Value + Send> {
        let row = Arc::clone(row);
        Box::new(move || super::market::row(&*row))
    }
    match table {
        "contracts" => replica.contracts.rows().map(later).collect(),
        "ticks" => replica.ticks.rows().map(later).collect(),
        "trades" => replica.trades.rows().map(later).collect(),
        "positions" => replica.positions.rows().map(later).collect(),
        "accounts" => replica.accounts.rows().map(later).collect(),
        "quotes" => replica.quotes.rows().map(later).collect(),
        _ => replica.logs.after(0).map(|(_, row)| later(row)).collect(),
    }
}

fn write(columns: Vec<&str>, rows: impl Iterator<Item = Value>) -> Vec<u8> {
    let mut out = columns.join(",");
    out.push_str("\r\n");
    for row in rows {
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            push_cell(&mut out, &row[*column]);
        }
        out.push_str("\r\n");
    }
    out.into_bytes()
}

fn push_cell(out: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::String(text) => push_text(out, text),
        Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_string()),
        Value::Array(_) | Value::Object(_) => push_text(out, &value.to_string()),
    }
}

fn push_text(out: &mut String, text: &str) {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let is_quoted = is_formula || text.contains([',', '"', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ');
    if !is_quoted {
        return out.push_str(text);
    }
    out.push('"');
    if is_formula {
        out.push('\'');
    }
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
mod tests;
