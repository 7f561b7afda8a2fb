//! Ticks, contracts and bars.

use super::DecodeError;
use super::fields::{FromNode, Order, keep, number, state};
use super::scalar::{flag, optional_enum, optional_text, optional_time, text, time, wire_enum};
use crate::names::Class;
use crate::shape::{BAR, CONTRACT, TICK};
use domain::{Attributes, BarData, ContractData, Exchange, NumberForms, Product, Text, TickData, VtSymbol};
use pickle::Node;

const TICK_NUMBERS: std::ops::Range<usize> = 5..36;

impl FromNode for Box<TickData> {
    fn from_node(node: Node<'_>) -> Result<Self, DecodeError> {
        let mut tick = Box::new(TickData::blank());
        let mut order = Order::new(&TICK);
        for (key, value) in state(node, Class::Tick, "TickData")? {
            match key.str_bytes().and_then(|key| order.find(key)) {
                Some(at) => tick_field(&mut tick, at, value).map_err(|e| e.in_field("TickData", TICK[at]))?,
                None => keep(&mut tick.attributes, key, value)?,
            }
        }
        if tick.symbol.is_empty() {
            return Err(DecodeError::new("TickData.symbol", "is missing"));
        }
        if tick.vt_symbol.as_str().is_empty() {
            tick.vt_symbol = VtSymbol::new(&tick.symbol, tick.exchange);
        }
        Ok(tick)
    }
}

#[inline]
fn tick_field(tick: &mut TickData, at: usize, value: Node<'_>) -> Result<(), DecodeError> {
    if TICK_NUMBERS.contains(&at) {
        let field = at - TICK_NUMBERS.start;
        let value = number(value, &mut tick.forms, field)?;
        tick.set_number(field, value);
        return Ok(());
    }
    match at {
        0 => tick.gateway_name = text(value)?,
        1 => tick.symbol = text(value)?,
        2 => tick.exchange = wire_enum(value)?,
        3 => tick.datetime = optional_time(value)?,
        4 => tick.name = text(value)?,
        36 => tick.localtime = optional_time(value)?,
        _ => tick.vt_symbol = VtSymbol(text(value)?),
    }
    Ok(())
}

impl FromNode for ContractData {
    fn from_node(node: Node<'_>) -> Result<Self, DecodeError> {
        let mut contract = ContractData::new("", "", Exchange::LOCAL, "", Product::Futures);
        contract.vt_symbol = VtSymbol::default();
        let mut order = Order::new(&CONTRACT);
        for (key, value) in state(node, Class::Contract, "ContractData")? {
            match key.str_bytes().and_then(|key| order.find(key)) {
                Some(at) => {
                    contract_field(&mut contract, at, value).map_err(|e| e.in_field("ContractData", CONTRACT[at]))?
                }
                None => keep(&mut contract.attributes, key, value)?,
            }
        }
        if contract.vt_symbol.as_str().is_empty() {
            contract.vt_symbol = VtSymbol::new(&contract.symbol, contract.exchange);
        }
        Ok(contract)
    }
}

fn contract_field(contract: &mut ContractData, at: usize, value: Node<'_>) -> Result<(), DecodeError> {
    let forms = &mut contract.forms;
    match at {
        0 => contract.gateway_name = text(value)?,
        1 => contract.symbol = text(value)?,
        2 => contract.exchange = wire_enum(value)?,
        3 => contract.name = text(value)?,
        4 => contract.product = wire_enum(value)?,
        5 => contract.size = number(value, forms, 0)?,
        6 => contract.pricetick = number(value, forms, 1)?,
        7 => contract.min_volume = number(value, forms, 2)?,
        8 => contract.max_volume = optional_number(value, forms, 3)?,
        9 => contract.stop_supported = flag(value)?,
        10 => contract.net_position = flag(value)?,
        11 => contract.history_data = flag(value)?,
        12 => contract.option_strike = optional_number(value, forms, 4)?,
        13 => contract.option_underlying = optional_text(value)?,
        14 => contract.option_type = optional_enum(value)?,
        15 => contract.option_listed = optional_time(value)?,
        16 => contract.option_expiry = optional_time(value)?,
        17 => contract.option_portfolio = optional_text(value)?,
        18 => contract.option_index = optional_text(value)?,
        _ => contract.vt_symbol = VtSymbol(text(value)?),
    }
    Ok(())
}

fn optional_number(node: Node<'_>, forms: &mut NumberForms, field: usize) -> Result<Option<f64>, DecodeError> {
    if node.is_none() { Ok(None) } else { number(node, forms, field).map(Some) }
}

impl FromNode for BarData {
    fn from_node(node: Node<'_>) -> Result<Self, DecodeError> {
        let (mut gateway_name, mut symbol, mut exchange) = (Text::default(), Text::default(), Exchange::LOCAL);
        let (mut datetime, mut interval) = (None, None);
        let mut numbers = [0.0; 7];
        let mut order = Order::new(&BAR);
        let (mut forms, mut rest) = (NumberForms::default(), Attributes::default());
        for (key, value) in state(node, Class::Bar, "BarData")? {
            let Some(at) = key.str_bytes().and_then(|key| order.find(key)) else {
                keep(&mut rest, key, value)?;
                continue;
            };
            let field = match at {
                0 => text(value).map(|v| gateway_name = v),
                1 => text(value).map(|v| symbol = v),
                2 => wire_enum(value).map(|v| exchange = v),
                3 => time(value).map(|v| datetime = Some(v)),
                4 => optional_enum(value).map(|v| interval = v),
                5..=11 => number(value, &mut forms, at - 5).map(|v| numbers[at - 5] = v),
                _ => Ok(()),
            };
            field.map_err(|e| e.in_field("BarData", BAR[at]))?;
        }
        let datetime = datetime.ok_or_else(|| DecodeError::new("BarData.datetime", "is missing"))?;
        let [volume, turnover, open_interest, open_price, high_price, low_price, close_price] = numbers;
        Ok(BarData {
            gateway_name,
            symbol,
            exchange,
            datetime,
            interval,
            volume,
            turnover,
            open_interest,
            open_price,
            high_price,
            low_price,
            close_price,
        })
    }
}
