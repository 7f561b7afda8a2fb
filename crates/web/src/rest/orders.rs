//! `POST /order`, `DELETE /order/{vt_orderid}`, `POST /tick/{vt_symbol}`: what reaches the trading process.

use super::invalid::Errors;
use super::order_model::read_order;
use super::python_json::{Json, ParseError, parse};
use super::routes::Handler;
use super::{errors, user, whole_body};
use crate::app::App;
use crate::command::CommandError;
use crate::http::{Reply, detail, json, json_text};
use crate::limits;
use crate::replica::Link;
use domain::{ContractData, Exchange, Text, VtSymbol};
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::{HeaderMap, StatusCode};
use std::sync::Arc;

/// Sends an order. As upstream: a body that is no JSON is told before the login is looked at, wrong fields after.
pub(super) async fn send(app: &App, headers: &HeaderMap, body: Incoming) -> Result<Reply, Reply> {
    let body = whole_body(app, headers, body, limits::BODY_BYTES).await?;
    let body = read_json(headers, &body)?;
    let user = user(app, headers, Handler::SendOrder)?;
    let Some(body) = body else {
        let mut errors = Errors::default();
        errors.body("missing", "Field required", &Json::Null);
        return Err(errors.reply());
    };
    let knows = |symbol: &str, exchange: Exchange| contract(app, VtSymbol::new(symbol, exchange).as_str()).is_some();
    let request = read_order(&body, app.first().trader.language(), &knows).map_err(Errors::reply)?;
    require_live(app)?;
    let contract = contract(app, request.vt_symbol().as_str())
        .ok_or_else(|| errors::missing(&format!("找不到合约{} {}", request.symbol, request.exchange.value())))?;
    app.orders.admit(app.first(), &request).map_err(|refusal| errors::refused(&refusal))?;
    let sent = app.first().trader.send_order(request, contract.gateway_name.clone(), &user).await;
    let vt_orderid = match sent {
        // VeighNa answers what its own rules refuse with an empty id; a bridge says why, and so does the log.
        Err(CommandError::Refused(_)) if app.first().trader.state().dialect == "bridge" => Text::default(),
        sent => sent.map_err(|error| errors::command(&error))?,
    };
    Ok(json_text(StatusCode::OK, &vt_orderid))
}

/// Cancels an order; one that is finished already, too, as upstream.
pub(super) async fn cancel(app: &App, headers: &HeaderMap, vt_orderid: &str) -> Result<Reply, Reply> {
    let user = user(app, headers, Handler::CancelOrder)?;
    require_live(app)?;
    // An id that this user was just given may be on its way into the replica.
    app.first().trader.settled(&user).await;
    let order = app.first().replica.read().orders.get(vt_orderid).cloned();
    let order = order.ok_or_else(|| errors::missing(&format!("找不到委托{vt_orderid}")))?;
    app.first().trader.cancel_order(order).await.map_err(|error| errors::command(&error))?;
    Ok(json(StatusCode::OK, "null"))
}

/// Asks for an instrument's ticks.
pub(super) async fn subscribe(app: &App, headers: &HeaderMap, vt_symbol: &str) -> Result<Reply, Reply> {
    user(app, headers, Handler::Subscribe)?;
    require_live(app)?;
    let contract = contract(app, vt_symbol).ok_or_else(|| errors::missing(&format!("找不到合约{vt_symbol}")))?;
    app.first().trader.subscribe(contract).await.map_err(|error| errors::command(&error))?;
    Ok(json(StatusCode::OK, "null"))
}

fn contract(app: &App, vt_symbol: &str) -> Option<Arc<ContractData>> {
    app.first().replica.read().contracts.get(vt_symbol).cloned()
}

fn require_live(app: &App) -> Result<(), Reply> {
    if app.first().replica.read().link == Link::Live { Ok(()) } else { Err(errors::away()) }
}

/// The body as a value; of another content type it is one text, as FastAPI has it; `None` where it is empty.
fn read_json(headers: &HeaderMap, body: &[u8]) -> Result<Option<Json>, Reply> {
    if body.is_empty() {
        return Ok(None);
    }
    if !is_json(headers) {
        return Ok(Some(Json::text(String::from_utf8_lossy(body))));
    }
    parse(body).map(Some).map_err(|error| match error {
        ParseError::Unreadable => detail(StatusCode::BAD_REQUEST, "There was an error parsing the body"),
        ParseError::Invalid { message, position } => {
            let mut errors = Errors::default();
            errors.not_json(position, message);
            errors.reply()
        }
    })
}

/// `application/json` or `application/…+json`.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let kind = value.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let Some(subtype) = kind.strip_prefix("application/") else { return false };
    subtype == "json" || subtype.ends_with("+json")
}
