//! Two-sided quotes of a market maker.

use super::lists::{CURSOR, Filter, LIMIT, Listing, STALE, Slot, canonical, link};
use super::market::{COMMAND_ERRORS, find};
use super::params::{Kind, Params, field, path, query};
use super::portfolio::{OF_GATEWAY, OF_SYMBOL, fits, has_any};
use super::routes::{Answer, Handler, Limit, Outcome, Route};
use super::{Code, Problem, V1};
use crate::http::Coding;
use domain::{Offset, QuoteData, QuoteRequest, QuoteSide, VtQuoteId};
use hyper::StatusCode;
use serde_json::json;

/// Names of [`Offset`].
pub(super) const OFFSETS: &[&str] = &["NONE", "OPEN", "CLOSE", "CLOSETODAY", "CLOSEYESTERDAY"];

const QUOTES: &Listing<VtQuoteId, QuoteData> = &Listing {
    slot: Slot::Quotes,
    pick: |replica| &replica.quotes,
    id: |row| row.vt_quoteid.to_string(),
    select: |params| {
        let (vt_symbol, gateway) =
            (params.text("vt_symbol").map(str::to_owned), params.text("gateway").map(str::to_owned));
        let active = params.switch("active");
        let filter: Filter<QuoteData> = Box::new(move |row| {
            fits(vt_symbol.as_deref(), row.vt_symbol.as_str())
                && fits(gateway.as_deref(), &row.gateway_name)
                && active.is_none_or(|active| row.status.is_active() == active)
        });
        has_any(params, &["vt_symbol", "gateway", "active"]).then_some(filter)
    },
    write: canonical,
    settles: false,
    coding: Coding::Gzip,
};

/// The operations.
pub(super) const ROUTES: &[Route] = &[
    Route::new("GET", "/quotes", "quotes.list", Handler::List(QUOTES))
        .told("quotes", "Quotes", "")
        .params(&[
            OF_SYMBOL,
            OF_GATEWAY,
            query("active", Kind::Flag, "Those that may still trade, or those that may not."),
            LIMIT,
            CURSOR,
            STALE,
        ])
        .answers(StatusCode::OK, Answer::Page("Quote")),
    Route::new("POST", "/quotes", "quotes.place", Handler::Call(|cx, p| Box::pin(place(cx, p))))
        .told("quotes", "Quote", "Sends a bid and an ask; only where the trading process has the capability `quotes`.")
        .params(&[
            field("vt_symbol", Kind::Text(64), "Instrument, `symbol.exchange`.").required(),
            field("bid_price", Kind::Number, "What is bid, per unit of the contract.").required(),
            field("bid_volume", Kind::Positive, "How much of it, in lots or shares.").required(),
            field("ask_price", Kind::Number, "What is asked, per unit of the contract.").required(),
            field("ask_volume", Kind::Positive, "How much of it, in lots or shares.").required(),
            field("bid_offset", Kind::OneOf(OFFSETS), "Whether the bid opens or closes; `NONE` where left out."),
            field("ask_offset", Kind::OneOf(OFFSETS), "Whether the ask opens or closes; `NONE` where left out."),
            field("reference", Kind::Loose(64), "Who sends it."),
        ])
        .errors(COMMAND_ERRORS)
        .limited(Limit::Orders)
        .answers(StatusCode::CREATED, Answer::One("QuotePlaced")),
    Route::new("DELETE", "/quotes/{vt_quoteid}", "quotes.cancel", Handler::Call(|cx, p| Box::pin(cancel(cx, p))))
        .told("quotes", "Cancel a quote", "The trading process was told; the quote's own status says when it is done.")
        .params(&[path("vt_quoteid", "Quote, `gateway.quoteid`.")])
        .errors(&[
            Code::QuoteNotFound,
            Code::TraderAway,
            Code::NotSent,
            Code::Refused,
            Code::Unsupported,
            Code::OutcomeUnknown,
        ])
        .limited(Limit::Orders)
        .answers(StatusCode::ACCEPTED, Answer::One("QuoteCancel")),
];

async fn place(cx: V1, params: Params) -> Outcome {
    link(&cx.desk, false)?;
    let contract = find(&cx, &params)?;
    if !cx.desk.trader.capabilities().quotes {
        return Err(Problem::new(
            Code::Unsupported,
            format!(
                "{} takes no quotes: the RPC of VeighNa has no function for them, and only a trading process of ours with the \
             capability `quotes` does",
                cx.desk.name
            ),
        ));
    }
    let side = |price: &str, volume: &str, offset: &str| QuoteSide {
        price: params.number(price).unwrap_or(f64::NAN),
        volume: params.number(volume).unwrap_or(f64::NAN),
        offset: params.member(offset, Offset::from_name).unwrap_or(Offset::None),
    };
    let request = QuoteRequest {
        symbol: contract.symbol.clone(),
        exchange: contract.exchange,
        bid: side("bid_price", "bid_volume", "bid_offset"),
        ask: side("ask_price", "ask_volume", "ask_offset"),
        reference: params.text("reference").unwrap_or("").into(),
    };
    let vt_quoteid = cx.desk.trader.send_quote(request, contract.gateway_name.clone()).await?;
    if vt_quoteid.is_empty() {
        return Err(Problem::new(Code::Refused, "the trading process gave no id; its log says why"));
    }
    Ok(json!({ "vt_quoteid": vt_quoteid }).into())
}

async fn cancel(cx: V1, params: Params) -> Outcome {
    link(&cx.desk, false)?;
    let vt_quoteid = params.text("vt_quoteid").unwrap_or("");
    let quote = cx.desk.replica.read().quotes.get(vt_quoteid).cloned();
    let quote = quote.ok_or_else(|| Problem::new(Code::QuoteNotFound, format!("there is no quote {vt_quoteid}")))?;
    cx.desk.trader.cancel_quote(quote).await?;
    Ok(json!({ "vt_quoteid": vt_quoteid }).into())
}
