//! JSON as the classic surface has it, in its two accents.
//!
//! VeighNa's WebTrader writes REST answers with pydantic (compact, `0.00005`, `1e-6`) and WebSocket messages
//! with `json.dumps` (`", "` and `": "`, `5e-05`, `1e-06`). Scripts compare texts, so both are kept to the byte.
//! Always true: what is written is valid JSON in UTF-8; NaN, the infinities and the venues' "no price"
//! (`DBL_MAX`) become `null`; keys stand in dataclass order, then the derived ones, then what a gateway added.

mod float;
mod objects;
mod row;
mod run;
mod text;
mod time;

pub(crate) use float::push_int as push_whole;
pub use float::{push_python_float, push_rest_float};
pub use text::push_string;
pub(crate) use time::push_time;

use domain::{AccountData, ContractData, Language, OrderData, PositionData, TickData, TradeData};

/// A table's row as REST writes it.
pub trait RestRow {
    /// Appends the row as one compact JSON object.
    fn write_rest(&self, out: &mut Vec<u8>, language: Language);
}

macro_rules! rest_row {
    ($($data:ident $write:ident),+) => {
        $(impl RestRow for $data {
            fn write_rest(&self, out: &mut Vec<u8>, language: Language) {
                objects::$write::<false>(out, self, language);
            }
        })+
    };
}

rest_row!(TickData tick, OrderData order, TradeData trade, PositionData position, AccountData account, ContractData contract);

/// Appends the WebSocket message of a tick, about 950 bytes.
pub fn write_ws_tick(out: &mut Vec<u8>, tick: &TickData, language: Language) {
    out.reserve(1200);
    out.extend_from_slice(br#"{"topic": "eTick.", "data": "#);
    objects::tick::<true>(out, tick, language);
    out.push(b'}');
}

/// Appends the WebSocket message of an order.
pub fn write_ws_order(out: &mut Vec<u8>, order: &OrderData, language: Language) {
    out.extend_from_slice(br#"{"topic": "eOrder.", "data": "#);
    objects::order::<true>(out, order, language);
    out.push(b'}');
}

/// Appends the WebSocket message of a trade.
pub fn write_ws_trade(out: &mut Vec<u8>, trade: &TradeData, language: Language) {
    out.extend_from_slice(br#"{"topic": "eTrade.", "data": "#);
    objects::trade::<true>(out, trade, language);
    out.push(b'}');
}

/// Appends the WebSocket message of a position.
pub fn write_ws_position(out: &mut Vec<u8>, position: &PositionData, language: Language) {
    out.extend_from_slice(br#"{"topic": "ePosition.", "data": "#);
    objects::position::<true>(out, position, language);
    out.push(b'}');
}

/// Appends the WebSocket message of an account.
pub fn write_ws_account(out: &mut Vec<u8>, account: &AccountData, language: Language) {
    out.extend_from_slice(br#"{"topic": "eAccount.", "data": "#);
    objects::account::<true>(out, account, language);
    out.push(b'}');
}

#[cfg(test)]
mod tests;
