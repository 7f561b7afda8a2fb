//! A gateway to a VeighNa that serves `vnpy_rpcservice` (or `vnpy_webtrader`): through it to CTP, IB and the rest.
//!
//! ```text
//! engine ─ Command ─► RpcGateway ─► Mirror ─ Job ─► worker thread ─ calls ──► VeighNa
//!        ◄─ Report ──     ▲ wake ◄─ Outbox ◄─ Told ──┘           ◄─ events ──
//! ```
//!
//! `Mirror` decides everything and does no I/O; the worker carries calls and listens, on a thread of its own
//! because the RPC client needs a runtime. All that is reported has our gateway's name; which of the remote's gateways
//! a contract or an order belongs to is remembered, so that commands go there.
//!
//! Always true: an order is sent at most once; an order whose answer is lost stays SUBMITTING until the remote's own
//! orders tell; while the remote is away nothing is sent, and nothing that was refused is sent later; nothing is kept on
//! disk, because the remote knows it all: our order id travels in the order's `reference` (see `tag`).

mod form;
mod gateway;
mod limits;
mod mirror;
mod outbox;
mod tag;
mod translate;
mod words;
mod worker;

pub use crate::gateway::{RpcConfig, RpcGateway};
