//! Bars: from ticks to minutes, from minutes to longer periods, and several sources as one row of bars.
//!
//! ```text
//! ticks ─► BarGenerator ─► minutes ─┐
//! databases, gateways ─► minutes ───┴─► join ─► aggregate ─► 5m 15m 30m 1h d w
//! ```
//!
//! Pure: a time that is needed comes in as an argument. Always true: what comes out is in time order and has a moment
//! at most once; volume and turnover of a period are the sums over its minutes.

mod aggregate;
mod generator;
mod join;
mod period;
mod trading_day;
mod zones;

pub use aggregate::{aggregate, begin, extend, window_of};
pub use generator::BarGenerator;
pub use join::join;
pub use period::Period;
pub use trading_day::TradingDays;
pub use zones::{in_zone, zone_of};

/// Microseconds of a minute.
pub const MINUTE_US: i64 = 60_000_000;

#[cfg(test)]
mod tests;
