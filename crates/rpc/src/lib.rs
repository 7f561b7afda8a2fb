//! VeighNa's RPC over ZeroMQ, both ends, every stock dialect.
//!
//! ```text
//! our web process  ─ Caller (DEALER) ─ requests ─►  VeighNa's or our trading process
//!                  ─ Subscriber (SUB) ◄─ events ──
//! VeighNa's clients ─ REQ ─►  Server (ROUTER)   our trading process
//!                   ─ SUB ◄─  Publisher (PUB)
//! ```
//!
//! Four dialects exist: two apps (`vnpy_webtrader`, `vnpy_rpcservice`) times two framings of published events (one
//! frame up to VeighNa 4.4, two from 4.5). A client recognises the framing by each message and asks for the app.
//!
//! Always true: only this crate and `pickle` know that pickles exist; what is written is readable by every peer
//! (enums by name); nothing that a caller was told has failed is sent later; every bound is in `limits`.

pub mod limits;

mod client;
mod decode;
mod dialect;
mod encode;
mod names;
mod server;
mod shape;

pub use client::{CallError, Caller, ClientConfig, ClientDriver, Received, Subscriber, connect};
pub use decode::{DecodeError, EventDecoder, PeerEvent, Published};
pub use dialect::{App, Dialect, Framing};
pub use encode::{EventEncoder, Outgoing};
pub use server::{Function, Publisher, Reply, Request, Server, ServerConfig};
pub use zmtp::{Endpoint, EndpointError, LinkState};
