//! Writing the changes, in one transaction.

use super::{Changes, OrderAside};
use crate::exchange::SavedPosition;
use crate::instruments::{Currency, day_of};
use crate::limits::DAYS_KEPT;
use domain::{OrderData, QuoteData, TradeData, Value};
use rusqlite::{Connection, Result, params};

pub(super) fn changes(connection: &mut Connection, changes: &Changes) -> Result<()> {
    let written = in_transaction(connection, changes);
    if written.is_err() && !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    written
}

fn in_transaction(connection: &Connection, changes: &Changes) -> Result<()> {
    connection.prepare_cached("BEGIN")?.execute([])?;
    meta(connection, changes)?;
    if let Some(money) = &changes.money {
        let mut write = connection.prepare_cached("INSERT OR REPLACE INTO accounts VALUES (?1, ?2, ?3, ?4)")?;
        for (currency, (deposit, realised, commission)) in Currency::ALL.into_iter().zip(money) {
            write.execute(params![currency.code(), deposit, realised, commission])?;
        }
    }
    for (order, aside) in &changes.orders {
        write_order(connection, order, aside)?;
    }
    for (trade, at_us) in &changes.trades {
        write_trade(connection, trade, *at_us)?;
    }
    for position in changes.positions.values() {
        write_position(connection, position)?;
    }
    for (quote, at_us) in &changes.quotes {
        write_quote(connection, quote, *at_us)?;
    }
    connection.prepare_cached("COMMIT")?.execute([]).map(drop)
}

/// The running day and the next fill's number, where they have changed: most commits then leave their page alone. On
/// a new day, what is too old goes.
fn meta(connection: &Connection, changes: &Changes) -> Result<()> {
    set(connection, "next_trade", changes.next_trade as i64)?;
    if set(connection, "day", changes.day)? {
        for table in ["orders", "trades", "quotes"] {
            connection.execute(&format!("DELETE FROM {table} WHERE day < ?1"), [changes.day - DAYS_KEPT])?;
        }
    }
    Ok(())
}

/// Whether the value was another one, or none.
fn set(connection: &Connection, key: &str, value: i64) -> Result<bool> {
    let known: Option<i64> = connection
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_map([key], |row| row.get(0))?
        .next()
        .transpose()?;
    if known == Some(value) {
        return Ok(false);
    }
    connection.prepare_cached("INSERT OR REPLACE INTO meta VALUES (?1, ?2)")?.execute(params![key, value])?;
    Ok(true)
}

fn write_order(connection: &Connection, order: &OrderData, aside: &OrderAside) -> Result<()> {
    let mut write = connection.prepare_cached(
        "INSERT INTO orders VALUES \
         (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22) \
         ON CONFLICT (orderid) DO UPDATE SET traded = ?12, status = ?13, code = ?15, reason_zh = ?16, \
         reason_en = ?17, frozen_yd = ?19, frozen_td = ?20, fee_due = ?21, fee_paid = ?22",
    )?;
    write.execute(params![
        order.orderid.as_str(),
        day_of(aside.at_us),
        aside.seq as i64,
        aside.at_us,
        order.symbol.as_str(),
        order.exchange.name(),
        order.order_type.name(),
        order.direction.map_or("", |direction| direction.name()),
        order.offset.name(),
        order.price,
        order.volume,
        order.traded,
        order.status.name(),
        order.reference.as_str(),
        reason(order, "code"),
        reason(order, "reason_zh"),
        reason(order, "reason_en"),
        aside.quote.as_deref(),
        aside.frozen_yd,
        aside.frozen_td,
        aside.fee_due,
        aside.fee_paid,
    ])?;
    Ok(())
}

fn reason<'a>(order: &'a OrderData, key: &str) -> Option<&'a str> {
    let extra = order.attributes.iter().find(|(name, _)| *name == "extra")?.1;
    let Value::Map(rows) = extra else { return None };
    match &rows.iter().find(|(name, _)| name == key)?.1 {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    }
}

fn write_trade(connection: &Connection, trade: &TradeData, at_us: i64) -> Result<()> {
    let mut write = connection.prepare_cached("INSERT INTO trades VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)")?;
    write.execute(params![
        trade.tradeid.parse::<i64>().unwrap_or_default(),
        day_of(at_us),
        at_us,
        trade.orderid.as_str(),
        trade.symbol.as_str(),
        trade.exchange.name(),
        trade.direction.map_or("", |direction| direction.name()),
        trade.offset.name(),
        trade.price,
        trade.volume,
    ])?;
    Ok(())
}

fn write_position(connection: &Connection, position: &SavedPosition) -> Result<()> {
    let Some((symbol, exchange)) = position.vt_symbol.split() else { return Ok(()) };
    let key = params![symbol, exchange.name(), position.direction.name()];
    if position.yd.0 + position.td.0 == 0 {
        let delete = "DELETE FROM positions WHERE symbol = ?1 AND exchange = ?2 AND direction = ?3";
        connection.prepare_cached(delete)?.execute(key)?;
        return Ok(());
    }
    let mut write = connection.prepare_cached("INSERT OR REPLACE INTO positions VALUES (?1,?2,?3,?4,?5,?6,?7,?8)")?;
    write.execute(params![
        symbol,
        exchange.name(),
        position.direction.name(),
        position.yd.0,
        position.yd.1,
        position.td.0,
        position.td.1,
        position.mark,
    ])?;
    Ok(())
}

fn write_quote(connection: &Connection, quote: &QuoteData, at_us: i64) -> Result<()> {
    let mut write = connection
        .prepare_cached("INSERT OR REPLACE INTO quotes VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)")?;
    write.execute(params![
        quote.quoteid.as_str(),
        day_of(at_us),
        at_us,
        quote.symbol.as_str(),
        quote.exchange.name(),
        quote.bid.price,
        quote.bid.volume,
        quote.bid.offset.name(),
        quote.ask.price,
        quote.ask.volume,
        quote.ask.offset.name(),
        quote.status.name(),
        quote.reference.as_str(),
    ])?;
    Ok(())
}
