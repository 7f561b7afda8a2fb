//! The simulated exchange: market, matching, accounts.
//!
//! Prices come from `market` (generated or replayed) and orders from the engine; [`Exchange`] decides what
//! trades and what it costs; the store makes it durable; [`SimGateway`] is the port that the trading process
//! drives. Only that last layer knows VeighNa's words and files; below it everything is pure.

mod exchange;
mod gateway;
mod instruments;
mod ledger;
mod limits;
mod market;
mod matching;
mod session;
mod settings;
mod store;
mod translate;
mod words;

pub use crate::gateway::{SimConfig, SimGateway};
pub use exchange::{Effect, Exchange, Fill, Input, Order, Output, Quote, Refused, Saved, SavedPosition};
pub use instruments::{Currency, Instrument, Ix, Steps, Style, Ticks};
pub use ledger::{Account, Bucket, Position, Side};
pub use market::{Book, Row, Snapshot};
pub use settings::{SimField, check};
pub use store::StoreError;
pub use words::{Note, Refusal, Words};
