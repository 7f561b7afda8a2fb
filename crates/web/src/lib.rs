//! The web process: login, REST, WebSocket and the local copy of the trading process that they are fed from.

pub mod app;
pub mod assets;
pub mod auth;
pub mod bars;
pub mod command;
pub mod config;
pub mod desk;
pub mod feed;
pub mod history_file;
pub mod http;
pub mod json;
pub mod limits;
pub mod live;
pub mod orders;
pub mod process;
mod prometheus;
pub mod replica;
pub mod rest;
pub mod stream;
pub mod trader_link;
