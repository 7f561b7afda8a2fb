//! Reading everything back after a restart. A value that cannot be what it should be is damage, and told as such.

use super::{OrderAside, Store, StoreError};
use crate::exchange::SavedPosition;
use crate::instruments::{Currency, zone_of};
use crate::limits::RESTORED_ROWS;
use compact_str::format_compact;
use domain::{
    Attributes, DateTime, Direction, Exchange, NumberForms, Offset, OrderData, OrderType, QuoteData, QuoteSide, Status,
    Text, TradeData, Value, VtOrderId, VtQuoteId, VtSymbol, VtTradeId,
};
use rusqlite::{Row, params};

/// All that is needed to go on.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    pub(crate) day: i64,
    pub(crate) next_trade: u64,
    pub(crate) money: [(f64, f64, f64); 3],
    pub(crate) positions: Vec<SavedPosition>,
    /// Orders at work, and the finished ones of the day; in the order of their arrival.
    pub(crate) orders: Vec<(OrderData, OrderAside)>,
    pub(crate) trades: Vec<TradeData>,
    pub(crate) quotes: Vec<QuoteData>,
}

impl Store {
    /// What was committed; `None` if nothing ever was.
    pub(crate) fn load(&self, gateway: &str) -> Result<Option<Stored>, StoreError> {
        let meta = |key: &str| {
            let mut read = self.connection.prepare("SELECT value FROM meta WHERE key = ?1")?;
            read.query_map([key], |row| row.get::<_, i64>(0))?.next().transpose()
        };
        let Some(day) = meta("day").map_err(|e| self.error(e))? else { return Ok(None) };
        let next_trade = meta("next_trade").map_err(|e| self.error(e))?.unwrap_or(1) as u64;
        Ok(Some(Stored {
            day,
            next_trade,
            money: self.money()?,
            positions: self.rows("SELECT * FROM positions ORDER BY symbol, direction", None, position)?,
            orders: self.orders(day, gateway)?,
            trades: self.trades(day, gateway)?,
            quotes: self.rows("SELECT * FROM quotes WHERE day = ?1 ORDER BY at_us, quoteid", Some(day), |row| {
                quote(row, gateway)
            })?,
        }))
    }

    fn money(&self) -> Result<[(f64, f64, f64); 3], StoreError> {
        let mut money = [(0.0, 0.0, 0.0); 3];
        let rows = self.rows("SELECT * FROM accounts", None, |row| {
            let currency: String = row.get(0)?;
            Ok(Currency::from_code(&currency).map(|currency| (currency, (row.get(1), row.get(2), row.get(3)))))
        })?;
        for (currency, sums) in rows {
            let sum = |value: rusqlite::Result<f64>| value.map_err(|e| self.error(e));
            money[currency as usize] = (sum(sums.0)?, sum(sums.1)?, sum(sums.2)?);
        }
        Ok(money)
    }

    fn orders(&self, day: i64, gateway: &str) -> Result<Vec<(OrderData, OrderAside)>, StoreError> {
        let newest = format!(
            "SELECT * FROM (SELECT * FROM orders WHERE day = ?1 ORDER BY at_us DESC, seq DESC LIMIT {RESTORED_ROWS}) \
             UNION SELECT * FROM orders WHERE status IN ('SUBMITTING', 'NOTTRADED', 'PARTTRADED') ORDER BY at_us, seq"
        );
        self.rows(&newest, Some(day), |row| order(row, gateway))
    }

    fn trades(&self, day: i64, gateway: &str) -> Result<Vec<TradeData>, StoreError> {
        let newest = format!("SELECT * FROM trades WHERE day = ?1 ORDER BY tradeid DESC LIMIT {RESTORED_ROWS}");
        let mut trades = self.rows(&newest, Some(day), |row| trade(row, gateway))?;
        trades.reverse();
        Ok(trades)
    }

    /// All rows of a query; `None` from the reader means that the row makes no sense.
    fn rows<T>(
        &self,
        sql: &str,
        day: Option<i64>,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<Option<T>>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.connection.prepare(sql).map_err(|e| self.error(e))?;
        let found = match day {
            Some(day) => statement.query(params![day]),
            None => statement.query([]),
        };
        let mut found = found.map_err(|e| self.error(e))?;
        let mut all = Vec::new();
        loop {
            let row = match found.next() {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(all),
                Err(error) => return Err(self.error(error)),
            };
            match read(row) {
                Ok(Some(value)) => all.push(value),
                Ok(None) => return Err(self.corrupt(format!("a row of \"{sql}\" has no meaning"))),
                Err(error) => return Err(self.corrupt(error.to_string())),
            }
        }
    }
}

fn text(row: &Row<'_>, column: &str) -> rusqlite::Result<Text> {
    row.get::<_, String>(column).map(Text::from)
}

fn place(row: &Row<'_>) -> rusqlite::Result<Option<(Text, Exchange)>> {
    Ok(Exchange::from_name(&text(row, "exchange")?)
        .zip(Some(text(row, "symbol")?))
        .map(|(exchange, symbol)| (symbol, exchange)))
}

fn position(row: &Row<'_>) -> rusqlite::Result<Option<SavedPosition>> {
    let (Some((symbol, exchange)), Some(direction)) = (place(row)?, Direction::from_name(&text(row, "direction")?))
    else {
        return Ok(None);
    };
    let yd = (row.get("yd")?, row.get("yd_cost")?);
    let td = (row.get("td")?, row.get("td_cost")?);
    if yd.0 < 0 || td.0 < 0 {
        return Ok(None);
    }
    let vt_symbol = VtSymbol::new(&symbol, exchange);
    Ok(Some(SavedPosition { vt_symbol, direction, yd, td, mark: row.get("mark")? }))
}

fn order(row: &Row<'_>, gateway: &str) -> rusqlite::Result<Option<(OrderData, OrderAside)>> {
    let known = (
        place(row)?,
        OrderType::from_name(&text(row, "type")?),
        Offset::from_name(&text(row, "offset")?),
        Status::from_name(&text(row, "status")?),
    );
    let (Some((symbol, exchange)), Some(order_type), Some(offset), Some(status)) = known else { return Ok(None) };
    let (orderid, at_us) = (text(row, "orderid")?, row.get("at_us")?);
    let data = OrderData {
        gateway_name: Text::new(gateway),
        vt_symbol: VtSymbol::new(&symbol, exchange),
        vt_orderid: VtOrderId::new(gateway, &orderid),
        symbol,
        exchange,
        orderid,
        order_type,
        direction: Direction::from_name(&text(row, "direction")?),
        offset,
        price: row.get("price")?,
        volume: row.get("volume")?,
        traded: row.get("traded")?,
        status,
        datetime: DateTime::from_unix_micros(at_us, zone_of(exchange)),
        reference: text(row, "reference")?,
        forms: NumberForms::default(),
        attributes: reason(row)?,
    };
    let aside = OrderAside {
        seq: row.get::<_, i64>("seq")? as u64,
        at_us,
        quote: row.get::<_, Option<String>>("quote")?.map(Text::from),
        frozen_yd: row.get("frozen_yd")?,
        frozen_td: row.get("frozen_td")?,
        fee_due: row.get("fee_due")?,
        fee_paid: row.get("fee_paid")?,
    };
    Ok(Some((data, aside)))
}

fn reason(row: &Row<'_>) -> rusqlite::Result<Attributes> {
    let mut attributes = Attributes::default();
    let mut extra = Vec::new();
    for column in ["reason_zh", "reason_en", "code"] {
        if let Some(found) = row.get::<_, Option<String>>(column)? {
            extra.push((Text::new(column), Value::Text(Text::from(found))));
        }
    }
    if !extra.is_empty() {
        attributes.push("extra", Value::Map(extra));
    }
    Ok(attributes)
}

fn trade(row: &Row<'_>, gateway: &str) -> rusqlite::Result<Option<TradeData>> {
    let (Some((symbol, exchange)), Some(offset)) = (place(row)?, Offset::from_name(&text(row, "offset")?)) else {
        return Ok(None);
    };
    let tradeid = format_compact!("{}", row.get::<_, i64>("tradeid")?);
    let orderid = text(row, "orderid")?;
    Ok(Some(TradeData {
        gateway_name: Text::new(gateway),
        vt_symbol: VtSymbol::new(&symbol, exchange),
        vt_orderid: VtOrderId::new(gateway, &orderid),
        vt_tradeid: VtTradeId::new(gateway, &tradeid),
        symbol,
        exchange,
        orderid,
        tradeid,
        direction: Direction::from_name(&text(row, "direction")?),
        offset,
        price: row.get("price")?,
        volume: row.get("volume")?,
        datetime: DateTime::from_unix_micros(row.get("at_us")?, zone_of(exchange)),
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    }))
}

fn quote(row: &Row<'_>, gateway: &str) -> rusqlite::Result<Option<QuoteData>> {
    let side = |name: &str| -> rusqlite::Result<Option<QuoteSide>> {
        let offset = Offset::from_name(&text(row, &format!("{name}_offset"))?);
        let (price, volume) = (row.get(&*format!("{name}_price"))?, row.get(&*format!("{name}_volume"))?);
        Ok(offset.map(|offset| QuoteSide { price, volume, offset }))
    };
    let known = (place(row)?, side("bid")?, side("ask")?, Status::from_name(&text(row, "status")?));
    let (Some((symbol, exchange)), Some(bid), Some(ask), Some(status)) = known else { return Ok(None) };
    let quoteid = text(row, "quoteid")?;
    Ok(Some(QuoteData {
        gateway_name: Text::new(gateway),
        vt_symbol: VtSymbol::new(&symbol, exchange),
        vt_quoteid: VtQuoteId::new(gateway, &quoteid),
        symbol,
        exchange,
        quoteid,
        bid,
        ask,
        status,
        datetime: DateTime::from_unix_micros(row.get("at_us")?, zone_of(exchange)),
        reference: text(row, "reference")?,
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    }))
}
