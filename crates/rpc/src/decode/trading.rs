//! Orders, trades, positions, accounts, quotes and log lines.

use super::DecodeError;
use super::fields::{FromNode, Order, keep, number, state};
use super::scalar::{optional_enum, optional_time, text, wire_enum};
use crate::names::Class;
use crate::shape::{ACCOUNT, LOG, ORDER, POSITION, QUOTE, TRADE};
use domain::{
    AccountData, Attributes, Direction, Exchange, LogData, NumberForms, Offset, OrderData, OrderType, PositionData,
    QuoteData, QuoteSide, Status, Text, TradeData, VtAccountId, VtOrderId, VtPositionId, VtQuoteId, VtSymbol,
    VtTradeId,
};
use pickle::Node;

/// Goes over the attributes of an object: known ones to `field`, others to the attributes.
fn each(
    node: Node<'_>,
    (class, name, names): (Class, &str, &[&'static str]),
    mut field: impl FnMut(usize, Node<'_>) -> Result<(), DecodeError>,
) -> Result<Attributes, DecodeError> {
    let mut order = Order::new(names);
    let mut attributes = Attributes::default();
    for (key, value) in state(node, class, name)? {
        match key.str_bytes().and_then(|key| order.find(key)) {
            Some(at) => field(at, value).map_err(|e| e.in_field(name, names[at]))?,
            None => keep(&mut attributes, key, value)?,
        }
    }
    Ok(attributes)
}

impl FromNode for OrderData {
    fn from_node(node: Node<'_>) -> Result<Self, DecodeError> {
        let mut o = OrderData {
            gateway_name: Text::default(),
            symbol: Text::default(),
            exchange: Exchange::LOCAL,
            orderid: Text::default(),
            order_type: OrderType::Limit,
            direction: None,
            offset: Offset::None,
            price: 0.0,
            volume: 0.0,
            traded: 0.0,
            status: Status::Submitting,
            datetime: None,
            reference: Text::default(),
            vt_symbol: VtSymbol::default(),
            vt_orderid: VtOrderId::default(),
            forms: NumberForms::default(),
            attributes: Attributes::default(),
        };
        o.attributes = each(node, (Class::Order, "OrderData", &ORDER), |at, value| {
            match at {
                0 => o.gateway_name = text(value)?,
                1 => o.symbol = text(value)?,
                2 => o.exchange = wire_enum(value)?,
                3 => o.orderid = text(value)?,
                4 => o.order_type = wire_enum(value)?,
                5 => o.direction = optional_enum(value)?,
                6 => o.offset = optional_enum(value)?.unwrap_or(Offset::None),
                7 => o.price = number(value, &mut o.forms, 0)?,
                8 => o.volume = number(value, &mut o.forms, 1)?,
                9 => o.traded = number(value, &mut o.forms, 2)?,
                10 => o.status = wire_enum(value)?,
                11 => o.datetime = optional_time(value)?,
                12 => o.reference = text(value)?,
                13 => o.vt_symbol = VtSymbol(text(value)?),
                _ => o.vt_orderid = VtOrderId(text(value)?),
            }
            Ok(())
        })?;
        if o.vt_orderid.as_str().is_empty() {
            o.vt_orderid = VtOrderId::new(&o.gateway_name, &o.orderid);
        }
        if o.vt_symbol.as_str().is_empty() {
            o.vt_symbol = VtSymbol::new(&o.symbol, o.exchange);
        }
        Ok(o)
    }
}

impl FromNode for TradeData {
    fn from_node(node: Node<'_>) -> Result<Self, DecodeError> {
        let mut t = TradeData {
            gateway_name: Text::default(),
            symbol: Text::default(),
            exchange: Exchange::LOCAL,
            orderid: Text::default(),
            tradeid: Text::default(),
            direction: None,
            offset: Offset::None,
            price: 0.0,
            volume: 0.0,
            datetime: None,
            vt_symbol: VtSymbol::default(),
            vt_orderid: VtOrderId::default(),
            vt_tradeid: VtTradeId::default(),
            forms: NumberForms::default(),
            attributes: Attributes::default(),
        };
        t.attributes = each(node, (Class::Trade, "TradeData", &TRADE), |at, value| {
            match at {
                0 => t.gateway_name = text(value)?,
                1 => t.symbol = text(value)?,
                2 => t.exchange = wire_enum(value)?,
                3 => t.orderid = text(value)?,
                4 => t.tradeid = text(value)?,
                5 => t.direction = optional_enum(value)?,
                6 => t.offset = optional_enum(value)?.unwrap_or(Offset::None),
                7 => t.price = number(value, &mut t.forms, 0)?,
                8 => t.volume = number(value, &mut t.forms, 1)?,
                9 => t.datetime = optional_time(value)?,
                10 => t.vt_symbol = VtSymbol(text(value)?),
                11 => t.vt_orderid = VtOrderId(text(value)?),
                _ => t.vt_tradeid = VtTradeId(text(value)?),
            }
            Ok(())
        })?;
        if t.vt_tradeid.as_str().is_empty() {
            t.vt_tradeid = VtTradeId::new(&t.gateway_name, &t.tradeid);
        }
        if t.vt_orderid.as_str().is_empty() {
            t.vt_orderid = VtOrderId::new(&t.gateway_name, &t.orderid);
        }
        Ok(t)
    }
}

impl FromNode for PositionData {
    fn from_node(node: Node<'_>) -> Result<Self, DecodeError> {
        let mut p = PositionData {
            gateway_name: Text::default(),
            symbol: Text::default(),
            exchange: Exchange::LOCAL,
            direction: Direction::Net,
            volume: 0.0,
            frozen: 0.0,
            price: 0.0,
            pnl: 0.0,
            yd_volume: 0.0,
            vt_symbol: VtSymbol::default(),
            vt_positionid: VtPositionId::default(),
            forms: NumberForms::default(),
            attributes: Attributes::default(),
        };
        p.attributes = each(node, (Class::Position, "PositionData", &POSITION), |at, value| {
            match at {
                0 => p.gateway_name = text(value)?,
                1 => p.symbol = text(value)?,
                2 => p.exchange = wire_enum(value)?,
                3 => p.direction = wire_enum(value)?,
                4 => p.volume = number(value, &mut p.forms, 0)?,
                5 => p.frozen = number(value, &mut p.forms, 1)?,
                6 => p.price = number(value, &mut p.forms, 2)?,
                7 => p.pnl = number(value, &mut p.forms, 3)?,
                8 => p.yd_volume = number(value, &mut p.forms, 4)?,
                9 => p.vt_symbol = VtSymbol(text(value)?),
                _ => p.vt_positionid = VtPositionId(text(value)?),
            }
            Ok(())
        })?;
        Ok(p)
    }
}

impl FromNode for AccountData {
    fn from_node(node: Node<'_>) -> Result<Self, DecodeError> {
        let mut a = AccountData {
            gateway_name: Text::default(),
            accountid: Text::default(),
            balance: 0.0,
            frozen: 0.0,
            available: 0.0,
            vt_accountid: VtAccountId::default(),
            forms: NumberForms::default(),
            attributes: Attributes::default(),
        };
        a.attributes = each(node, (Class::Account, "AccountData", &ACCOUNT), |at, value| {
            match at {
                0 => a.gateway_name = text(value)?,
                1 => a.accountid = text(value)?,
                2 => a.balance = number(value, &mut a.forms, 0)?,
                3 => a.frozen = number(value, &mut a.forms, 1)?,
                4 => a.available = number(value, &mut a.forms, 2)?,
                _ => a.vt_accountid = VtAccountId(text(value)?),
            }
            Ok(())
        })?;
        Ok(a)
    }
}

impl FromNode for QuoteData {
    fn from_node(node: Node<'_>) -> Result<Self, DecodeError> {
        let side = QuoteSide { price: 0.0, volume: 0.0, offset: Offset::None };
        let mut q = QuoteData {
            gateway_name: Text::default(),
            symbol: Text::default(),
            exchange: Exchange::LOCAL,
            quoteid: Text::default(),
            bid: side,
            ask: side,
            status: Status::Submitting,
            datetime: None,
            reference: Text::default(),
            vt_symbol: VtSymbol::default(),
            vt_quoteid: VtQuoteId::default(),
            forms: NumberForms::default(),
            attributes: Attributes::default(),
        };
        q.attributes = each(node, (Class::Quote, "QuoteData", &QUOTE), |at, value| {
            match at {
                0 => q.gateway_name = text(value)?,
                1 => q.symbol = text(value)?,
                2 => q.exchange = wire_enum(value)?,
                3 => q.quoteid = text(value)?,
                4 => q.bid.price = number(value, &mut q.forms, 0)?,
                5 => q.bid.volume = number(value, &mut q.forms, 1)?,
                6 => q.ask.price = number(value, &mut q.forms, 2)?,
                7 => q.ask.volume = number(value, &mut q.forms, 3)?,
                8 => q.bid.offset = optional_enum(value)?.unwrap_or(Offset::None),
                9 => q.ask.offset = optional_enum(value)?.unwrap_or(Offset::None),
                10 => q.status = wire_enum(value)?,
                11 => q.datetime = optional_time(value)?,
                12 => q.reference = text(value)?,
                13 => q.vt_symbol = VtSymbol(text(value)?),
                _ => q.vt_quoteid = VtQuoteId(text(value)?),
            }
            Ok(())
        })?;
        Ok(q)
    }
}

impl FromNode for LogData {
    fn from_node(node: Node<'_>) -> Result<Self, DecodeError> {
        let mut line = LogData { gateway_name: Text::default(), msg: String::new(), level: 20, time: None };
        each(node, (Class::Log, "LogData", &LOG), |at, value| {
            match at {
                0 => line.gateway_name = text(value)?,
                1 => line.msg = text(value)?.into_string(),
                2 => line.level = value.as_i64().and_then(|level| i32::try_from(level).ok()).unwrap_or(20),
                _ => line.time = optional_time(value)?,
            }
            Ok(())
        })?;
        Ok(line)
    }
}
