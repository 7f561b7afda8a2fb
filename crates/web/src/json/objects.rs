//! The six objects of the classic surface, each in the order of VeighNa's dataclass and its derived ids.

use super::row::{Row, key};
use domain::{
    AccountData, ContractData, Direction, Language, OptionType, OrderData, PositionData, TickData, TradeData,
};

pub(super) fn tick<const SPACED: bool>(out: &mut Vec<u8>, tick: &TickData, _: Language) {
    let mut row = Row::<SPACED>::of_gateway(out, &tick.gateway_name);
    row.text(&key!("symbol"), &tick.symbol);
    row.text(&key!("exchange"), tick.exchange.value());
    row.time(&key!("datetime"), tick.datetime.as_ref());
    row.text(&key!("name"), &tick.name);
    row.tick_numbers(tick);
    row.time(&key!("localtime"), tick.localtime.as_ref());
    row.text(&key!("vt_symbol"), tick.vt_symbol.as_str());
    row.end(&tick.attributes);
}

pub(super) fn order<const SPACED: bool>(out: &mut Vec<u8>, order: &OrderData, language: Language) {
    let mut row = Row::<SPACED>::of_gateway(out, &order.gateway_name);
    row.text(&key!("symbol"), &order.symbol);
    row.text(&key!("exchange"), order.exchange.value());
    row.text(&key!("orderid"), &order.orderid);
    row.text(&key!("type"), order.order_type.value(language));
    row.optional_text(&key!("direction"), side(order.direction, language));
    row.text(&key!("offset"), order.offset.value(language));
    row.number(&key!("price"), order.price, order.forms, 0);
    row.number(&key!("volume"), order.volume, order.forms, 1);
    row.number(&key!("traded"), order.traded, order.forms, 2);
    row.text(&key!("status"), order.status.value(language));
    row.time(&key!("datetime"), order.datetime.as_ref());
    row.text(&key!("reference"), &order.reference);
    row.text(&key!("vt_symbol"), order.vt_symbol.as_str());
    row.text(&key!("vt_orderid"), order.vt_orderid.as_str());
    row.end(&order.attributes);
}

pub(super) fn trade<const SPACED: bool>(out: &mut Vec<u8>, trade: &TradeData, language: Language) {
    let mut row = Row::<SPACED>::of_gateway(out, &trade.gateway_name);
    row.text(&key!("symbol"), &trade.symbol);
    row.text(&key!("exchange"), trade.exchange.value());
    row.text(&key!("orderid"), &trade.orderid);
    row.text(&key!("tradeid"), &trade.tradeid);
    row.optional_text(&key!("direction"), side(trade.direction, language));
    row.text(&key!("offset"), trade.offset.value(language));
    row.number(&key!("price"), trade.price, trade.forms, 0);
    row.number(&key!("volume"), trade.volume, trade.forms, 1);
    row.time(&key!("datetime"), trade.datetime.as_ref());
    row.text(&key!("vt_symbol"), trade.vt_symbol.as_str());
    row.text(&key!("vt_orderid"), trade.vt_orderid.as_str());
    row.text(&key!("vt_tradeid"), trade.vt_tradeid.as_str());
    row.end(&trade.attributes);
}

pub(super) fn position<const SPACED: bool>(out: &mut Vec<u8>, position: &PositionData, language: Language) {
    let mut row = Row::<SPACED>::of_gateway(out, &position.gateway_name);
    row.text(&key!("symbol"), &position.symbol);
    row.text(&key!("exchange"), position.exchange.value());
    row.text(&key!("direction"), position.direction.value(language));
    row.number(&key!("volume"), position.volume, position.forms, 0);
    row.number(&key!("frozen"), position.frozen, position.forms, 1);
    row.number(&key!("price"), position.price, position.forms, 2);
    row.number(&key!("pnl"), position.pnl, position.forms, 3);
    row.number(&key!("yd_volume"), position.yd_volume, position.forms, 4);
    row.text(&key!("vt_symbol"), position.vt_symbol.as_str());
    row.text(&key!("vt_positionid"), position.vt_positionid.as_str());
    row.end(&position.attributes);
}

pub(super) fn account<const SPACED: bool>(out: &mut Vec<u8>, account: &AccountData, _: Language) {
    let mut row = Row::<SPACED>::of_gateway(out, &account.gateway_name);
    row.text(&key!("accountid"), &account.accountid);
    row.number(&key!("balance"), account.balance, account.forms, 0);
    row.number(&key!("frozen"), account.frozen, account.forms, 1);
    row.number(&key!("available"), account.available, account.forms, 2);
    row.text(&key!("vt_accountid"), account.vt_accountid.as_str());
    row.end(&account.attributes);
}

pub(super) fn contract<const SPACED: bool>(out: &mut Vec<u8>, contract: &ContractData, language: Language) {
    let right = contract.option_type.map(|right: OptionType| right.value(language));
    let mut row = Row::<SPACED>::of_gateway(out, &contract.gateway_name);
    row.text(&key!("symbol"), &contract.symbol);
    row.text(&key!("exchange"), contract.exchange.value());
    row.text(&key!("name"), &contract.name);
    row.text(&key!("product"), contract.product.value(language));
    row.number(&key!("size"), contract.size, contract.forms, 0);
    row.number(&key!("pricetick"), contract.pricetick, contract.forms, 1);
    row.number(&key!("min_volume"), contract.min_volume, contract.forms, 2);
    row.optional_number(&key!("max_volume"), contract.max_volume, contract.forms, 3);
    row.flag(&key!("stop_supported"), contract.stop_supported);
    row.flag(&key!("net_position"), contract.net_position);
    row.flag(&key!("history_data"), contract.history_data);
    row.optional_number(&key!("option_strike"), contract.option_strike, contract.forms, 4);
    row.optional_text(&key!("option_underlying"), contract.option_underlying.as_deref());
    row.optional_text(&key!("option_type"), right);
    row.time(&key!("option_listed"), contract.option_listed.as_ref());
    row.time(&key!("option_expiry"), contract.option_expiry.as_ref());
    row.optional_text(&key!("option_portfolio"), contract.option_portfolio.as_deref());
    row.optional_text(&key!("option_index"), contract.option_index.as_deref());
    row.text(&key!("vt_symbol"), contract.vt_symbol.as_str());
    row.end(&contract.attributes);
}

fn side(direction: Option<Direction>, language: Language) -> Option<&'static str> {
    direction.map(|direction| direction.value(language))
}
