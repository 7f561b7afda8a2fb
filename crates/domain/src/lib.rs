//! The trading vocabulary: VeighNa's data classes and enums as plain Rust values.
//!
//! Everything in the house speaks these types: the RPC crate makes them from pickles, the web process writes
//! them as JSON, the engine keeps books of them. Pure: no I/O, no clock, no randomness; a time that is needed
//! comes in as an argument.
//!
//! Always true: prices and volumes are `f64`, because VeighNa's wire and every gateway behind it are doubles;
//! [`price`] is the one place where they are compared in ticks and rounded. The field names, defaults and
//! derived ids are those of `vnpy.trader.object`, so that both worlds use one word per thing.

mod attributes;
mod canonical;
mod enums;
mod exchange;
mod gateways;
mod ids;
mod market;
mod numbers;
mod requests;
mod time;
mod trading;

pub mod bars;
pub mod offset;
pub mod price;
pub mod reducing;
pub mod status;

pub use attributes::{Attributes, Value};
pub use compact_str::CompactString as Text;
pub use enums::{Direction, Interval, Language, Offset, OptionType, OrderType, Product, Status, TradingState};
pub use exchange::Exchange;
pub use gateways::{FieldKind, FormField, GatewayInfo, GatewayState};
pub use ids::{VtAccountId, VtOrderId, VtPositionId, VtQuoteId, VtSymbol, VtTradeId};
pub use market::{BarData, ContractData, DEPTH, Level, TickData};
pub use numbers::NumberForms;
pub use requests::{CancelRequest, HistoryRequest, OrderRequest, QuoteRequest, SubscribeRequest};
pub use time::{Civil, DateTime, Zone};
pub use trading::{AccountData, LogData, OrderData, PositionData, QuoteData, QuoteSide, TradeData};
