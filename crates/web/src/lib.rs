//! The web process: login, REST, WebSocket and the local copy of the trading process that they are fed from.

pub mod live;
pub mod replica;
