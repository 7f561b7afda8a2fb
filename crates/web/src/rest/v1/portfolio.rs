//! Trades, positions, accounts.

use super::lists::{CURSOR, Filter, LIMIT, Listing, STALE, Slot, canonical};
use super::params::{Kind, Param, Params, query};
use super::routes::{Answer, Handler, Route};
use crate::http::Coding;
use domain::{AccountData, PositionData, TradeData, VtAccountId, VtOrderId, VtPositionId, VtTradeId};
use hyper::StatusCode;

/// Picks the rows of one instrument.
pub(super) const OF_SYMBOL: Param = query("vt_symbol", Kind::Text(64), "Instrument, `symbol.exchange`.");
/// Picks the rows of one gateway.
pub(super) const OF_GATEWAY: Param = query("gateway", Kind::Text(64), "Gateway that it came from.");

const TRADES: &Listing<(VtTradeId, VtOrderId), TradeData> = &Listing {
    slot: Slot::Trades,
    pick: |replica| &replica.trades,
    id: |row| format!("{} {}", row.vt_tradeid, row.vt_orderid),
    select: |params| {
        let (gateway, order) =
            (params.text("gateway").map(str::to_owned), params.text("vt_orderid").map(str::to_owned));
        let vt_symbol = params.text("vt_symbol").map(str::to_owned);
        let filter: Filter<TradeData> = Box::new(move |row| {
            fits(vt_symbol.as_deref(), row.vt_symbol.as_str())
                && fits(gateway.as_deref(), &row.gateway_name)
                && fits(order.as_deref(), row.vt_orderid.as_str())
        });
        has_any(params, &["vt_symbol", "gateway", "vt_orderid"]).then_some(filter)
    },
    write: canonical,
    settles: false,
    coding: Coding::Gzip,
};

const POSITIONS: &Listing<VtPositionId, PositionData> = &Listing {
    slot: Slot::Positions,
    pick: |replica| &replica.positions,
    id: |row| row.vt_positionid.to_string(),
    select: |params| {
        let (vt_symbol, gateway) =
            (params.text("vt_symbol").map(str::to_owned), params.text("gateway").map(str::to_owned));
        let filter: Filter<PositionData> = Box::new(move |row| {
            fits(vt_symbol.as_deref(), row.vt_symbol.as_str()) && fits(gateway.as_deref(), &row.gateway_name)
        });
        has_any(params, &["vt_symbol", "gateway"]).then_some(filter)
    },
    write: canonical,
    settles: false,
    coding: Coding::Gzip,
};

const ACCOUNTS: &Listing<VtAccountId, AccountData> = &Listing {
    slot: Slot::Accounts,
    pick: |replica| &replica.accounts,
    id: |row| row.vt_accountid.to_string(),
    select: |params| {
        let gateway = params.text("gateway").map(str::to_owned);
        let filter: Filter<AccountData> = Box::new(move |row| fits(gateway.as_deref(), &row.gateway_name));
        has_any(params, &["gateway"]).then_some(filter)
    },
    write: canonical,
    settles: false,
    coding: Coding::Gzip,
};

/// The operations.
pub(super) const ROUTES: &[Route] = &[
    Route::new("GET", "/trades", "trades.list", Handler::List(TRADES))
        .told("portfolio", "Trades", "Fills of this session, oldest first.")
        .params(&[
            OF_SYMBOL,
            OF_GATEWAY,
            query("vt_orderid", Kind::Text(128), "Order that was filled."),
            LIMIT,
            CURSOR,
            STALE,
        ])
        .answers(StatusCode::OK, Answer::Page("Trade")),
    Route::new("GET", "/positions", "positions.list", Handler::List(POSITIONS))
        .told("portfolio", "Positions", "")
        .params(&[OF_SYMBOL, OF_GATEWAY, LIMIT, CURSOR, STALE])
        .answers(StatusCode::OK, Answer::Page("Position")),
    Route::new("GET", "/accounts", "accounts.list", Handler::List(ACCOUNTS))
        .told("portfolio", "Accounts", "")
        .params(&[OF_GATEWAY, LIMIT, CURSOR, STALE])
        .answers(StatusCode::OK, Answer::Page("Account")),
];

/// Whether a row has what is wanted, if anything is.
pub(super) fn fits(wanted: Option<&str>, has: &str) -> bool {
    wanted.is_none_or(|wanted| wanted == has)
}

/// Whether any of these parameters is there.
pub(super) fn has_any(params: &Params, names: &[&str]) -> bool {
    names.iter().any(|name| params.has(name))
}
