//! The trading process: threads, sockets, files, wiring; no trading decisions.
//!
//! ```text
//! gateway threads ─ reports ─► Inbox ─► engine thread ─ effects ─► publisher (PUB), gateway threads, answers
//! RPC server task ─ commands ─►  │
//! ```
//!
//! Always true: facts are taken before ticks; what a gateway reports is durable before anybody hears of it, and an
//! order's id is answered only after its gateway has made the order durable; every thread is joined at the end.

mod answers;
mod clock;
mod engine_thread;
mod gateway_thread;
mod inbox;
mod limits;
mod run;
mod serve;
mod sim;

pub use domain::Language;
pub use rpc::{App, Dialect, Endpoint, Framing};
pub use run::{Config, Ready, TraderError, run};
pub use sim::SimOptions;
