//! The attributes of VeighNa's data classes, in dataclass order, derived ones behind: one table for both directions.

/// `TickData`; the numbers from `volume` on are `TickData::NUMBERS` in the same order.
#[rustfmt::skip]
pub(crate) const TICK: [&str; 38] = [
    "gateway_name", "symbol", "exchange", "datetime", "name", "volume", "turnover", "open_interest", "last_price",
    "last_volume", "limit_up", "limit_down", "open_price", "high_price", "low_price", "pre_close", "bid_price_1",
    "bid_price_2", "bid_price_3", "bid_price_4", "bid_price_5", "ask_price_1", "ask_price_2", "ask_price_3",
    "ask_price_4", "ask_price_5", "bid_volume_1", "bid_volume_2", "bid_volume_3", "bid_volume_4", "bid_volume_5",
    "ask_volume_1", "ask_volume_2", "ask_volume_3", "ask_volume_4", "ask_volume_5", "localtime", "vt_symbol",
];

/// `ContractData`.
#[rustfmt::skip]
pub(crate) const CONTRACT: [&str; 20] = [
    "gateway_name", "symbol", "exchange", "name", "product", "size", "pricetick", "min_volume", "max_volume",
    "stop_supported", "net_position", "history_data", "option_strike", "option_underlying", "option_type",
    "option_listed", "option_expiry", "option_portfolio", "option_index", "vt_symbol",
];

/// `BarData`.
#[rustfmt::skip]
pub(crate) const BAR: [&str; 13] = [
    "gateway_name", "symbol", "exchange", "datetime", "interval", "volume", "turnover", "open_interest",
    "open_price", "high_price", "low_price", "close_price", "vt_symbol",
];

/// `OrderData`.
#[rustfmt::skip]
pub(crate) const ORDER: [&str; 15] = [
    "gateway_name", "symbol", "exchange", "orderid", "type", "direction", "offset", "price", "volume", "traded",
    "status", "datetime", "reference", "vt_symbol", "vt_orderid",
];

/// `TradeData`.
#[rustfmt::skip]
pub(crate) const TRADE: [&str; 13] = [
    "gateway_name", "symbol", "exchange", "orderid", "tradeid", "direction", "offset", "price", "volume",
    "datetime", "vt_symbol", "vt_orderid", "vt_tradeid",
];

/// `PositionData`.
#[rustfmt::skip]
pub(crate) const POSITION: [&str; 11] = [
    "gateway_name", "symbol", "exchange", "direction", "volume", "frozen", "price", "pnl", "yd_volume",
    "vt_symbol", "vt_positionid",
];

/// `AccountData`.
#[rustfmt::skip]
pub(crate) const ACCOUNT: [&str; 6] = [
    "gateway_name", "accountid", "balance", "frozen", "available", "vt_accountid",
];

/// `QuoteData`.
#[rustfmt::skip]
pub(crate) const QUOTE: [&str; 15] = [
    "gateway_name", "symbol", "exchange", "quoteid", "bid_price", "bid_volume", "ask_price", "ask_volume",
    "bid_offset", "ask_offset", "status", "datetime", "reference", "vt_symbol", "vt_quoteid",
];

/// `LogData`.
#[rustfmt::skip]
pub(crate) const LOG: [&str; 4] = [
    "gateway_name", "msg", "level", "time",
];
