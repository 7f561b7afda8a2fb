//! Contracts, ticks, subscriptions, bars.

mod bars;

use super::lists::{CURSOR, Filter, LIMIT, Listing, STALE, Slot, canonical, link};
use super::params::{Kind, Param, Params, path, query};
use super::routes::{Answer, Handler, Outcome, Route};
use super::{Code, Problem, V1};
use crate::auth::Role;
use crate::http::Coding;
use bars::{BARS_MAX, bars};
use domain::{ContractData, Exchange, Product, TickData, VtSymbol};
use hyper::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

/// `symbol.exchange` in the path.
const VT_SYMBOL: Param = path("vt_symbol", "Instrument, `symbol.exchange`, such as `rb2610.SHFE`.");
/// Names of [`Product`].
pub(super) const PRODUCTS: &[&str] = &[
    "EQUITY", "FUTURES", "OPTION", "INDEX", "FOREX", "SPOT", "ETF", "BOND", "WARRANT", "SPREAD", "FUND", "CFD", "SWAP",
];
/// Names of [`domain::bars::Period`].
const INTERVALS: &[&str] = &["1m", "5m", "15m", "30m", "1h", "d", "w"];

const CONTRACTS: &Listing<VtSymbol, ContractData> = &Listing {
    slot: Slot::Contracts,
    pick: |replica| &replica.contracts,
    id: |row| row.vt_symbol.to_string(),
    select: select_contracts,
    write: canonical,
    settles: false,
    coding: Coding::Brotli,
};

const TICKS: &Listing<VtSymbol, TickData> = &Listing {
    slot: Slot::Ticks,
    pick: |replica| &replica.ticks,
    id: |row| row.vt_symbol.to_string(),
    select: select_ticks,
    write: canonical,
    settles: false,
    coding: Coding::Gzip,
};

/// The operations.
pub(super) const ROUTES: &[Route] = &[
    Route::new("GET", "/contracts", "contracts.list", Handler::List(CONTRACTS))
        .told("market", "Contracts", "All that the trading process knows, or those that fit every parameter.")
        .params(&[
            query("q", Kind::Text(64), "Part of symbol or name; upper and lower case are the same."),
            query("exchange", Kind::Text(15), "Member name of the exchange, such as `SHFE`."),
            query("product", Kind::OneOf(PRODUCTS), "Kind of instrument."),
            query("gateway", Kind::Text(64), "Gateway that trades it."),
            LIMIT,
            CURSOR,
            STALE,
        ])
        .answers(StatusCode::OK, Answer::Page("Contract")),
    Route::new("GET", "/contracts/{vt_symbol}", "contracts.get", Handler::Call(|cx, p| Box::pin(contract(cx, p))))
        .told("market", "One contract", "")
        .params(&[VT_SYMBOL, STALE])
        .errors(&[Code::ContractNotFound, Code::TraderAway])
        .answers(StatusCode::OK, Answer::One("Contract")),
    Route::new("GET", "/ticks", "ticks.list", Handler::List(TICKS))
        .told("market", "Newest ticks", "The newest of each instrument that somebody subscribed to.")
        .params(&[
            query("vt_symbol", Kind::Texts(500), "Instruments, separated by commas; over the stream an array."),
            LIMIT,
            CURSOR,
            STALE,
        ])
        .answers(StatusCode::OK, Answer::Page("Tick")),
    Route::new("GET", "/ticks/{vt_symbol}", "ticks.get", Handler::Call(|cx, p| Box::pin(tick(cx, p))))
        .told("market", "The newest tick of an instrument", "")
        .params(&[VT_SYMBOL, STALE])
        .errors(&[Code::TickNotFound, Code::ContractNotFound, Code::TraderAway])
        .answers(StatusCode::OK, Answer::One("Tick")),
    Route::new(
        "PUT",
        "/subscriptions/{vt_symbol}",
        "subscriptions.put",
        Handler::Call(|cx, p| Box::pin(subscribe(cx, p))),
    )
    .told("market", "Subscribe", "Asks the trading process for an instrument's ticks; again is no error.")
    .params(&[VT_SYMBOL])
    .errors(COMMAND_ERRORS)
    .needs(Role::Viewer)
    .answers(StatusCode::OK, Answer::One("Subscription")),
    Route::new(
        "DELETE",
        "/subscriptions/{vt_symbol}",
        "subscriptions.delete",
        Handler::Call(|cx, p| Box::pin(unsubscribe(cx, p))),
    )
    .told(
        "market",
        "Forget a subscription",
        "Ends nothing in the trading process: VeighNa and its gateways have no way to unsubscribe, so its ticks go \
             on; `unsubscribed` says so. To be spared them, leave the channel of the stream.",
    )
    .params(&[VT_SYMBOL])
    .errors(&[Code::ContractNotFound, Code::TraderAway])
    .needs(Role::Viewer)
    .answers(StatusCode::OK, Answer::One("Subscription")),
    Route::new("GET", "/bars", "bars.list", Handler::Call(|cx, p| Box::pin(bars(cx, p))))
        .told(
            "market",
            "Bars",
            "In time order, each once: from the database that is configured, from the trading process where it has the \
             capability `history`, and of the ticks that came by; without the first two only of those. Of two bars of one \
             time that of the earlier source is told. What no source has in that length is made of minutes: windows of \
             the clock, days and weeks of trading days. Dated on the venue's clock at the begin, days at midnight, weeks \
             at their Monday's. The last bar may be unfinished. A moment without offset counts as the venue's own clock.",
        )
        .params(&[
            query("vt_symbol", Kind::Text(64), "Instrument, `symbol.exchange`.").required(),
            query("interval", Kind::OneOf(INTERVALS), "Length of a bar: minutes, an hour, a trading day, a week.")
                .required(),
            query("start", Kind::Time, "Begin of the first bar; of days and weeks that which it lies in.").required(),
            query("end", Kind::Time, "Begin of the last bar; now where left out."),
            query("limit", Kind::Int(1, BARS_MAX), "Bars at most; the newest ones come."),
        ])
        .errors(&[Code::ContractNotFound, Code::TraderAway, Code::NotSent, Code::Refused, Code::OutcomeUnknown])
        .answers(StatusCode::OK, Answer::Many("Bar")),
];

/// What a command to the trading process about a contract can end in.
pub(super) const COMMAND_ERRORS: &[Code] =
    &[Code::ContractNotFound, Code::TraderAway, Code::NotSent, Code::Refused, Code::Unsupported, Code::OutcomeUnknown];

async fn contract(cx: V1, params: Params) -> Outcome {
    link(&cx.desk, params.flag("stale"))?;
    Ok(row(&*find(&cx, &params)?).into())
}

async fn tick(cx: V1, params: Params) -> Outcome {
    link(&cx.desk, params.flag("stale"))?;
    let vt_symbol = params.text("vt_symbol").unwrap_or("");
    let tick = cx.desk.replica.read().ticks.get(vt_symbol).cloned();
    match tick {
        Some(tick) => Ok(row(&*tick).into()),
        None => {
            find(&cx, &params)?;
            Err(Problem::new(Code::TickNotFound, format!("{vt_symbol} has no tick; subscribe to it")))
        }
    }
}

async fn subscribe(cx: V1, params: Params) -> Outcome {
    link(&cx.desk, false)?;
    let contract = find(&cx, &params)?;
    cx.desk.trader.subscribe(Arc::clone(&contract)).await?;
    Ok(json!({ "vt_symbol": contract.vt_symbol, "subscribed": true, "unsubscribed": false }).into())
}

async fn unsubscribe(cx: V1, params: Params) -> Outcome {
    link(&cx.desk, false)?;
    let contract = find(&cx, &params)?;
    // No dialect can; what the web process would forget is the reader's own affair on the stream.
    Ok(json!({ "vt_symbol": contract.vt_symbol, "subscribed": true, "unsubscribed": false }).into())
}

/// The contract that `vt_symbol` names.
pub(super) fn find(cx: &V1, params: &Params) -> Result<Arc<ContractData>, Problem> {
    let vt_symbol = params.text("vt_symbol").unwrap_or("");
    cx.desk.contract(vt_symbol).ok_or_else(|| {
        Problem::new(Code::ContractNotFound, format!("找不到合约{vt_symbol}: there is no contract {vt_symbol}"))
            .with("vt_symbol", vt_symbol)
    })
}

/// A row in canonical JSON.
pub(super) fn row<T: serde::Serialize>(row: &T) -> Value {
    serde_json::to_value(row).expect("a row has text keys and no cycles")
}

fn select_contracts(params: &Params) -> Option<Filter<ContractData>> {
    let text = |name| params.text(name).map(str::to_owned);
    let (part, exchange, gateway) = (text("q").map(|part| part.to_lowercase()), text("exchange"), text("gateway"));
    let product = params.member("product", Product::from_name);
    if part.is_none() && exchange.is_none() && gateway.is_none() && product.is_none() {
        return None;
    }
    let exchange = exchange.map(|name| Exchange::from_name(&name));
    Some(Box::new(move |row| {
        exchange.is_none_or(|exchange| exchange == Some(row.exchange))
            && product.is_none_or(|product| row.product == product)
            && gateway.as_ref().is_none_or(|gateway| *gateway == row.gateway_name)
            && part.as_ref().is_none_or(|part| has_part(&row.symbol, part) || has_part(&row.name, part))
    }))
}

fn has_part(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(part)
}

fn select_ticks(params: &Params) -> Option<Filter<TickData>> {
    let wanted: Vec<String> = params.texts("vt_symbol").into_iter().map(str::to_owned).collect();
    if wanted.is_empty() {
        return None;
    }
    Some(Box::new(move |row| wanted.iter().any(|vt_symbol| vt_symbol == row.vt_symbol.as_str())))
}
