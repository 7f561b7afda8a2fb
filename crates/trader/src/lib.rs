//! The trading process: threads, sockets, files, wiring; no trading decisions.
//!
//! ```text
//! gateway threads ─ reports ─► inbox ─► engine thread ─► EngineRoom ─ effects ─► publishers (VeighNa's PUB, bridge),
//! RPC and bridge tasks ─ calls ────────────────────────►   │              gateway threads, answers,
//!                                                          │              ticks to the recorder's thread
//! ```
//!
//! Always true: facts are taken before ticks; what a gateway reports is durable before anybody hears of it, and an
//! order's id is answered only after its gateway has made the order durable; facts of the bridge are numbered in the
//! turn that told them; every thread is joined at the end.

mod answers;
mod backlog;
mod bridge_calls;
mod bridge_thread;
mod clock;
mod configured;
mod engine_room;
mod gateway_thread;
mod inbox;
mod limits;
mod publishing;
mod queue;
mod recording;
mod run;
mod serve;
mod trading_state;
mod venues;

pub use crate::clock::Clock;
pub use bridge::{About, Address, ServerConfig as BridgeConfig};
pub use configured::{Configured, RemoteOptions, SimOptions};
pub use domain::Language;
pub use recording::{Record, Recording};
pub use rpc::{App, Dialect, Endpoint, Framing};
pub use run::{Config, Ready, TraderError, run};

/// The name of the operating system's zone: VeighNa's default for the times in its database.
pub fn system_zone() -> domain::Text {
    history::system_zone().into()
}
