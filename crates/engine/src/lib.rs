//! The deterministic core of the trading process.
