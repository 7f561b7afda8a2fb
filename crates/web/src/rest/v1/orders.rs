//! Orders: placing, checking, cancelling, looking.
//!
//! What is decided is decided in `crate::orders`; here parameters become orders, and outcomes become answers
//! (`orders/answers`). The stream's calls come the same way.

mod answers;
mod schemas;

pub(super) use schemas::SCHEMAS;

use super::lists::{CURSOR, Filter as RowFilter, LIMIT, Listing, STALE, Slot, link};
use super::params::{Kind, Param, Params, field, path, query};
use super::portfolio::{OF_GATEWAY, OF_SYMBOL, has_any};
use super::quotes::OFFSETS;
use super::routes::{Answer, Done, Handler, Limit, Outcome, Route};
use super::schemas::ORDER_TYPES;
use super::{Code, Problem, V1};
use crate::http::Coding;
use crate::orders::limits::{BATCH_MAX, ID_LENGTH, REFERENCE_MAX};
use crate::orders::{CloseWish, Filter, NewOrder, NewOrderOptions, Rule};
use crate::rest::tables::RowWriter;
use answers::{checked, journal, outcome, part, placed_all};
use domain::{
    Direction, NumberForms, Offset, OrderData, OrderRequest, OrderType, Text, TradingState, VtOrderId, VtSymbol,
};
use hyper::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;

const SIDES: &[&str] = &["LONG", "SHORT"];
const ID: Param = field(
    "client_order_id",
    Kind::Text(ID_LENGTH),
    "Your own id of this order (or header `Idempotency-Key`): A-Z a-z 0-9 . _ : -. The same id and content once more \
     gets the first outcome and sends nothing. Without it an id is made, and a retry is a new order.",
);
const OVERRIDE: Param = field(
    "override",
    Kind::Texts(8),
    "Codes of rules that shall not refuse; only of those whose weight is `overridable`.",
);
const STRICT: Param = field("strict", Kind::Flag, "Whether rules that only warn refuse, too.");
const REFERENCE: Param = query("reference", Kind::Text(REFERENCE_MAX), "The reference that was given with the order.");
const ACTIVE: Param = query("active", Kind::Flag, "Those that may still trade, or those that may not.");
const VT_ORDERID: Param = path("vt_orderid", "Order, `gateway.orderid`.");

const ORDER: &[Param] = &[
    field("vt_symbol", Kind::Text(64), "Instrument, `symbol.exchange`.").required(),
    field("direction", Kind::OneOf(SIDES), "Side.").required(),
    field("type", Kind::OneOf(ORDER_TYPES), "How it is to be filled.").required(),
    field("volume", Kind::Number, "Volume in lots or shares.").required(),
    field("price", Kind::Number, "Limit or trigger price, in the unit of prices; 0 where left out."),
    field("offset", Kind::OneOf(OFFSETS), "Opens or closes; `NONE` where left out."),
    field("reference", Kind::Loose(REFERENCE_MAX), "Who sends it. Its first 26 bytes travel with the order."),
    field("gateway", Kind::Text(64), "Through which gateway; that of the contract where left out."),
    ID,
    OVERRIDE,
    STRICT,
];
const PLACE_ERRORS: &[Code] = &[
    Code::ContractNotFound,
    Code::IdConflict,
    Code::Acknowledged,
    Code::RuleBroken,
    Code::Refused,
    Code::Unsupported,
    Code::NotSent,
    Code::OutcomeUnknown,
];
const CANCEL_ERRORS: &[Code] =
    &[Code::OrderNotFound, Code::NotSent, Code::Refused, Code::Unsupported, Code::OutcomeUnknown];

const ORDERS: &Listing<VtOrderId, OrderData> = &Listing {
    slot: Slot::Orders,
    pick: |replica| &replica.orders,
    id: |row| row.vt_orderid.to_string(),
    select: |params| {
        let filter = filter(params);
        let rows: RowFilter<OrderData> = Box::new(move |row| filter.takes(row));
        has_any(params, &["active", "vt_symbol", "reference", "gateway"]).then_some(rows)
    },
    write,
    settles: true,
    coding: Coding::Gzip,
};

/// The operations.
pub(super) const ROUTES: &[Route] = &[
    Route::new("GET", "/orders", "orders.list", Handler::List(ORDERS))
        .told("orders", "Orders", "Of this session, oldest first; what you have just sent is among them.")
        .params(&[ACTIVE, OF_SYMBOL, REFERENCE, OF_GATEWAY, LIMIT, CURSOR, STALE])
        .answers(StatusCode::OK, Answer::Page("Order")),
    Route::new("POST", "/orders", "orders.place", Handler::Call(|cx, p| Box::pin(place(cx, p))))
        .told(
            "orders",
            "Place an order",
            "201: an order is there. 422: it was not sent, or the trading process took no order of it. 503: certainly not \
             sent; try again with the same id. 504 with state `UNKNOWN`: it may have been done; never try again with \
             another id. See docs/orders.md.",
        )
        .params(ORDER)
        .errors(PLACE_ERRORS)
        .limited(Limit::Orders)
        .answers(StatusCode::CREATED, Answer::One("OrderPlaced")),
    Route::new("POST", "/orders/check", "orders.check", Handler::Call(|cx, p| Box::pin(check(cx, p))))
        .told("orders", "Check an order", "Every rule with the order's number and its limit. Nothing is sent or kept.")
        .params(ORDER)
        .errors(&[Code::ContractNotFound])
        .answers(StatusCode::OK, Answer::One("OrderCheck")),
    Route::new("POST", "/orders/batch", "orders.batch", Handler::Call(|cx, p| Box::pin(batch(cx, p))))
        .told("orders", "Place several orders", "They leave in this order; each has its own outcome.")
        .params(&[field("orders", Kind::Objects(BATCH_MAX, ORDER), "The orders.").required()])
        .errors(&[Code::ContractNotFound])
        .limited(Limit::Orders)
        .answers(StatusCode::OK, Answer::One("OrderResults")),
    Route::new("DELETE", "/orders", "orders.cancel_all", Handler::Call(|cx, p| Box::pin(cancel_all(cx, p))))
        .told("orders", "Cancel all that match", "All active orders of the trading process where no filter is given.")
        .params(&[OF_SYMBOL, REFERENCE, OF_GATEWAY])
        .errors(&[Code::NotSent])
        .limited(Limit::Orders)
        .answers(StatusCode::OK, Answer::One("CancelResults")),
    Route::new("GET", "/orders/unknown", "orders.unknown", Handler::Call(|cx, p| Box::pin(unknown(cx, p))))
        .told("orders", "Orders of unknown outcome", "Of all users, oldest first, until they are resolved or acknowledged.")
        .params(&[query("trader", Kind::Text(64), "Only of this trading process.")])
        .of_all()
        .answers(StatusCode::OK, Answer::Many("UnknownOrder")),
    Route::new(
        "POST",
        "/orders/unknown/{client_order_id}/acknowledge",
        "orders.acknowledge",
        Handler::Call(|cx, p| Box::pin(acknowledge(cx, p))),
    )
    .told(
        "orders",
        "Acknowledge an order of unknown outcome",
        "Says that a person has looked with the venue and dealt with it. Nothing is sent.",
    )
    .params(&[
        path("client_order_id", "Id of the order."),
        field("user", Kind::Text(256), "Whose order it is; your own where left out."),
    ])
    .errors(&[Code::OrderNotFound, Code::NotSent])
    .answers(StatusCode::OK, Answer::One("OrderIntent")),
    Route::new("GET", "/orders/{vt_orderid}", "orders.get", Handler::Call(|cx, p| Box::pin(get(cx, p))))
        .told("orders", "One order", "With its timeline, where it came through this web process since its start.")
        .params(&[VT_ORDERID, STALE])
        .errors(&[Code::OrderNotFound, Code::TraderAway])
        .answers(StatusCode::OK, Answer::One("OrderDetail")),
    Route::new("DELETE", "/orders/{vt_orderid}", "orders.cancel", Handler::Call(|cx, p| Box::pin(cancel(cx, p))))
        .told("orders", "Cancel an order", "The trading process was told; the order's own status says when it is done.")
        .params(&[VT_ORDERID])
        .errors(CANCEL_ERRORS)
        .limited(Limit::Orders)
        .answers(StatusCode::ACCEPTED, Answer::One("OrderCancel")),
    Route::new(
        "POST",
        "/positions/{vt_positionid}/close",
        "positions.close",
        Handler::Call(|cx, p| Box::pin(close(cx, p))),
    )
    .told(
        "orders",
        "Close a position",
        "With the offsets that its exchange wants: on SHFE and INE one order for today's position and one for earlier \
         days'; their ids are `client_order_id/1` and `/2`.",
    )
    .params(&[
        path("vt_positionid", "Position, `gateway.vt_symbol.direction`."),
        field("volume", Kind::Positive, "How much, in lots or shares; all that no order has bound where left out."),
        field("type", Kind::OneOf(ORDER_TYPES), "How it is to be filled; `LIMIT` where left out."),
        field("price", Kind::Number, "Price; the best one of the other side of the book where left out."),
        field("reference", Kind::Loose(REFERENCE_MAX), "Who sends it."),
        ID,
        OVERRIDE,
        STRICT,
    ])
    .errors(&[Code::PositionNotFound, Code::IdConflict, Code::RuleBroken, Code::NotSent])
    .limited(Limit::Orders)
    .answers(StatusCode::OK, Answer::One("OrderResults")),
    Route::new("GET", "/trading-state", "trading_state.get", Handler::Call(|cx, p| Box::pin(trading_state(cx, p))))
        .told("safety", "Trading states", "What new orders may do, and who enforces it. Cancels always pass.")
        .of_all()
        .answers(StatusCode::OK, Answer::One("TradingStates")),
    Route::new("PUT", "/trading-state", "trading_state.set", Handler::Call(|cx, p| Box::pin(set_trading_state(cx, p))))
        .told(
            "safety",
            "Set a trading state",
            "For all trading processes, or for the one that `trader` names; the tightest of both counts. It is kept over \
             a restart.",
        )
        .params(&[
            field("state", Kind::OneOf(super::schemas::TRADING_STATES), "The state.").required(),
            field("trader", Kind::Text(64), "The trading process; all where left out."),
        ])
        .errors(&[Code::TraderNotFound, Code::NotSent])
        .of_all()
        .answers(StatusCode::OK, Answer::One("TradingStates")),
];

fn write(cx: &V1) -> RowWriter<OrderData> {
    let (orders, desk) = (Arc::clone(&cx.app.orders), cx.desk.name.clone());
    Arc::new(move |row: &OrderData, out: &mut Vec<u8>| {
        serde_json::to_writer(out, &orders.row(&desk, row)).expect("writing to memory does not fail");
    })
}

fn filter(params: &Params) -> Filter {
    let text = |name| params.text(name).map(Text::new);
    Filter {
        active: params.switch("active"),
        vt_symbol: text("vt_symbol"),
        reference: text("reference"),
        gateway: text("gateway"),
    }
}

/// The order in checked parameters.
fn order(params: &Params, received: Instant) -> Result<NewOrder, Problem> {
    let vt_symbol = VtSymbol::from(params.text("vt_symbol").unwrap_or(""));
    let (symbol, exchange) =
        vt_symbol.split().ok_or_else(|| Problem::new(Code::ContractNotFound, "vt_symbol must be symbol.exchange"))?;
    let request = OrderRequest {
        symbol: symbol.into(),
        exchange,
        direction: params.member("direction", Direction::from_name).unwrap_or(Direction::Net),
        order_type: params.member("type", OrderType::from_name).unwrap_or(OrderType::Limit),
        volume: params.number("volume").unwrap_or(f64::NAN),
        price: params.number("price").unwrap_or(0.0),
        offset: params.member("offset", Offset::from_name).unwrap_or(Offset::None),
        reference: params.text("reference").unwrap_or("").into(),
        forms: NumberForms::default(),
    };
    Ok(NewOrder {
        client_order_id: params.text("client_order_id").map(Text::new),
        gateway: params.text("gateway").map(Text::new),
        overruled: overruled(params)?,
        is_strict: params.flag("strict"),
        received,
        ..NewOrder::new(request)
    })
}

fn overruled(params: &Params) -> Result<Vec<Rule>, Problem> {
    let rule = |code: &str| Rule::from_code(code).ok_or_else(|| Problem::field("override", "names no rule"));
    params.texts("override").into_iter().map(rule).collect()
}

async fn place(cx: V1, params: Params) -> Outcome {
    let order = order(&params, Instant::now())?;
    let placed = cx.app.orders.place(&cx.desk, &cx.user, order).await;
    outcome(placed).map(Done::from)
}

async fn check(cx: V1, params: Params) -> Outcome {
    let order = order(&params, Instant::now())?;
    let verdicts = cx.app.orders.check(&cx.desk, &order.request, order.gateway.as_deref());
    Ok(checked(&verdicts, &order).into())
}

async fn batch(cx: V1, params: Params) -> Outcome {
    let received = Instant::now();
    let orders = params.objects("orders").iter().map(|one| order(one, received)).collect::<Result<Vec<_>, _>>()?;
    let placed = cx.app.orders.place_all(&cx.desk, &cx.user, orders).await;
    Ok(placed_all(placed).into())
}

async fn cancel(cx: V1, params: Params) -> Outcome {
    let vt_orderid = params.text("vt_orderid").unwrap_or("");
    match cx.app.orders.cancel(&cx.desk, &cx.user, vt_orderid).await {
        Ok(()) => Ok(json!({ "vt_orderid": vt_orderid }).into()),
        Err(Some(error)) => Err(error.into()),
        Err(None) => Err(no_order(vt_orderid)),
    }
}

async fn cancel_all(cx: V1, params: Params) -> Outcome {
    let done = cx.app.orders.cancel_all(&cx.desk, &cx.user, &filter(&params)).await?;
    let results = done.into_iter().map(|one| {
        let error = one.cancelled.err().map(|error| Problem::from(error).value(None));
        json!({ "vt_orderid": one.vt_orderid, "ok": error.is_none(), "error": error })
    });
    Ok(json!({ "trader": cx.desk.name, "results": results.collect::<Value>() }).into())
}

async fn get(cx: V1, params: Params) -> Outcome {
    link(&cx.desk, params.flag("stale"))?;
    cx.desk.trader.settled(&cx.user).await;
    let vt_orderid = params.text("vt_orderid").unwrap_or("");
    let order = cx.desk.replica.read().orders.get(vt_orderid).cloned().ok_or_else(|| no_order(vt_orderid))?;
    let intent = cx.app.orders.intent_of(&cx.desk.name, &order);
    Ok(json!({
        "trader": cx.desk.name,
        "order": cx.app.orders.row(&cx.desk.name, &order),
        "intent": intent.as_ref().map(answers::intent),
        "timeline": intent.as_ref().and_then(answers::timeline),
    })
    .into())
}

async fn unknown(cx: V1, params: Params) -> Outcome {
    let wanted = params.text("trader");
    let all = cx.app.orders.unknown().into_iter();
    let all = all.filter(|intent| wanted.is_none_or(|wanted| intent.key.desk == wanted));
    let rows = all.map(|intent| {
        let desk = cx.app.desk(Some(&intent.key.desk));
        let alike = desk.map(|desk| cx.app.orders.lookalikes(&desk.replica.read(), &intent, 5)).unwrap_or_default();
        let mut row = answers::intent(&intent);
        row["lookalikes"] = json!(alike);
        row
    });
    Ok(rows.collect::<Value>().into())
}

async fn acknowledge(cx: V1, params: Params) -> Outcome {
    let id = params.text("client_order_id").unwrap_or("");
    let owner = params.text("user").unwrap_or(&cx.user);
    let done = cx.app.orders.acknowledge(owner, &cx.desk.name, id, &cx.user).await.map_err(|error| journal(&error))?;
    let none = || Problem::new(Code::OrderNotFound, format!("{owner} has no order {id} of unknown outcome"));
    Ok(answers::intent(&done.ok_or_else(none)?).into())
}

async fn close(cx: V1, params: Params) -> Outcome {
    let received = Instant::now();
    let wish = CloseWish {
        volume: params.number("volume"),
        order_type: params.member("type", OrderType::from_name),
        price: params.number("price"),
        reference: params.text("reference").unwrap_or("").into(),
    };
    let options = NewOrderOptions { overruled: overruled(&params)?, is_strict: params.flag("strict"), received };
    let (orders, id) = (&cx.app.orders, params.text("client_order_id").map(Text::new));
    let vt_positionid = params.text("vt_positionid").unwrap_or("");
    let placed = orders.close_position(&cx.desk, &cx.user, vt_positionid, id, &wish, options).await;
    placed.map(|placed| placed_all(placed).into()).map_err(part)
}

async fn trading_state(cx: V1, _: Params) -> Outcome {
    Ok(states(&cx).into())
}

async fn set_trading_state(cx: V1, params: Params) -> Outcome {
    let state = params.member("state", TradingState::from_name).unwrap_or(TradingState::Halted);
    let trader = params.text("trader");
    if let Some(name) = trader
        && cx.app.desk(Some(name)).is_none()
    {
        return Err(Problem::new(Code::TraderNotFound, format!("no trading process {name:?} is configured")));
    }
    let set = cx.app.orders.set_trading_state(&cx.app.desks, trader, state, &cx.user).await;
    let untold = set.map_err(|error| journal(&error))?;
    let mut states = states(&cx);
    states["untold"] =
        untold.iter().map(|(name, error)| json!({ "trader": name, "reason": error.to_string() })).collect();
    Ok(states.into())
}

fn states(cx: &V1) -> Value {
    let traders = cx.app.desks.iter().map(|desk| {
        let report = cx.app.orders.trading_state(desk);
        json!({
            "trader": report.trader,
            "state": report.state,
            "set": report.for_desk,
            "of_trader": report.of_trader,
            "enforced_by": report.enforced_by.name(),
        })
    });
    let for_all = cx.app.orders.trading_state(cx.app.first()).for_all;
    json!({ "state": for_all, "traders": traders.collect::<Value>(), "untold": [] })
}

fn no_order(vt_orderid: &str) -> Problem {
    Problem::new(Code::OrderNotFound, format!("找不到委托{vt_orderid}: there is no order {vt_orderid}"))
}
