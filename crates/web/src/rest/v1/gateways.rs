//! Gateways: what they are, and logging them in and out.

use super::lists::link;
use super::params::{Kind, Params, field, path};
use super::routes::{Answer, Handler, Limit, Outcome, Route};
use super::{Code, Problem, V1};
use crate::auth::Role;
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
    Route::new("POST", "/gateways/{name}/settle", "gateways.settle", Handler::Call(|cx, p| Box::pin(settle(cx, p))))
        .told(
            "gateways",
            "Settle a simulated exchange",
            "Ends its running day now: profit and loss are marked to market, working orders are cancelled, today's \
             positions become yesterday's. Only where the trading process has the capability `settle`, and only of a \
             gateway that is a simulated exchange (`refused`): a real market settles by itself.",
        )
        .params(&[path("name", "The gateway.")])
        .errors(COMMAND_ERRORS)
        .needs(Role::Admin)
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
    connects(&cx)?;
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
    connects(&cx)?;
    let name = known(&cx, &params)?;
    cx.desk.trader.disconnect_gateway(name.clone()).await?;
    Ok(json!({ "name": name }).into())
}

async fn settle(cx: V1, params: Params) -> Outcome {
    link(&cx.desk, false)?;
    if !cx.desk.trader.capabilities().settle {
        return Err(Problem::new(Code::Unsupported, format!("{} has no simulated exchange of ours", cx.desk.name)));
    }
    let name = known(&cx, &params)?;
    cx.desk.trader.settle_gateway(name.clone()).await?;
    Ok(json!({ "name": name }).into())
}

/// Of a trading process whose gateways log in and out on command.
fn connects(cx: &V1) -> Result<(), Problem> {
    link(&cx.desk, false)?;
    if cx.desk.trader.capabilities().connect {
        return Ok(());
    }
    Err(Problem::new(Code::Unsupported, format!("{} connects its gateways itself", cx.desk.name)))
}

/// The gateway of the path.
fn known(cx: &V1, params: &Params) -> Result<Text, Problem> {
    let name = params.text("name").unwrap_or("");
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
