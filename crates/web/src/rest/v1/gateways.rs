//! Gateways: what they are, and logging them in and out.

use super::lists::link;
use super::params::{Kind, Params, field, path};
use super::routes::{Answer, Handler, Limit, Outcome, Route};
use super::{Code, Problem, V1};
use domain::{Text, Value as Plain};
use hyper::StatusCode;
use serde_json::{Value, json};

const COMMAND_ERRORS: &[Code] =
    &[Code::GatewayNotFound, Code::TraderAway, Code::NotSent, Code::Refused, Code::Unsupported, Code::OutcomeUnknown];

/// The operations.
pub(super) const ROUTES: &[Route] = &[
    Route::new("GET", "/gateways", "gateways.list", Handler::Call(|cx, p| Box::pin(list(cx, p))))
        .told(
            "gateways",
            "Gateways",
            "Their state and login forms, secrets left out. A trading process without the capability `gateways` does \
             not tell; then they are those that its contracts and accounts name, with a state of `null`.",
        )
        .errors(&[Code::TraderAway, Code::NotSent, Code::Refused, Code::OutcomeUnknown])
        .answers(StatusCode::OK, Answer::Many("Gateway")),
    Route::new("POST", "/gateways/{name}/connect", "gateways.connect", Handler::Call(|cx, p| Box::pin(connect(cx, p))))
        .told("gateways", "Log a gateway in", "Only where the trading process has the capability `connect`.")
        .params(&[
            path("name", "The gateway."),
            field("settings", Kind::Object, "Fields of its form; those that are left out keep what was used last."),
        ])
        .errors(COMMAND_ERRORS)
        .limited(Limit::Orders)
        .answers(StatusCode::ACCEPTED, Answer::One("GatewayCommand")),
    Route::new(
        "POST",
        "/gateways/{name}/disconnect",
        "gateways.disconnect",
        Handler::Call(|cx, p| Box::pin(disconnect(cx, p))),
    )
    .told("gateways", "Log a gateway out", "Only where the trading process has the capability `connect`.")
    .params(&[path("name", "The gateway.")])
    .errors(COMMAND_ERRORS)
    .limited(Limit::Orders)
    .answers(StatusCode::ACCEPTED, Answer::One("GatewayCommand")),
];

async fn list(cx: V1, _: Params) -> Outcome {
    link(&cx.desk, false)?;
    if cx.desk.trader.capabilities().gateways {
        let gateways = cx.desk.trader.gateways().await.map_err(|error| match error {
            // Between the look and the question another program answered.
            crate::command::CommandError::Unsupported(text) => Problem::new(Code::Refused, text),
            other => other.into(),
        })?;
        return Ok(gateways.iter().map(super::market::row).collect::<Value>().into());
    }
    Ok(named(&cx).into_iter().map(unknown).collect::<Value>().into())
}

async fn connect(cx: V1, params: Params) -> Outcome {
    let name = known(&cx, &params)?;
    let settings = params.object("settings").into_iter().flatten();
    let settings = settings.map(|(name, value)| {
        let plain = serde_json::from_value::<Plain>(value.clone());
        plain.map(|plain| (Text::new(name), plain)).map_err(|error| Problem::field("settings", error.to_string()))
    });
    let settings = settings.collect::<Result<Vec<_>, Problem>>()?;
    cx.desk.trader.connect_gateway(name.clone(), settings).await?;
    Ok(json!({ "name": name }).into())
}

async fn disconnect(cx: V1, params: Params) -> Outcome {
    let name = known(&cx, &params)?;
    cx.desk.trader.disconnect_gateway(name.clone()).await?;
    Ok(json!({ "name": name }).into())
}

/// The gateway of the path, of a trading process that can be told.
fn known(cx: &V1, params: &Params) -> Result<Text, Problem> {
    link(&cx.desk, false)?;
    let name = params.text("name").unwrap_or("");
    if !cx.desk.trader.capabilities().connect {
        return Err(Problem::new(Code::Unsupported, format!("{} connects its gateways itself", cx.desk.name)));
    }
    let tells = !cx.desk.replica.read().gateways.is_empty();
    let is_there = cx.desk.replica.read().gateways.get(name).is_some();
    if tells && !is_there {
        return Err(Problem::new(Code::GatewayNotFound, format!("there is no gateway {name}")));
    }
    Ok(Text::new(name))
}

/// Gateways as the rows name them, in the order in which they appear.
fn named(cx: &V1) -> Vec<Text> {
    let replica = cx.desk.replica.read();
    let of_accounts = replica.accounts.rows().map(|row| &row.gateway_name);
    let of_contracts = replica.contracts.rows().map(|row| &row.gateway_name);
    let mut names: Vec<Text> = Vec::new();
    for name in of_accounts.chain(of_contracts).filter(|name| !name.is_empty()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

fn unknown(name: Text) -> Value {
    json!({ "name": name, "state": null, "reason": null, "exchanges": [], "form": [] })
}
