//! The bridge protocol between the web process and a trading process, both ends. `contract/bridge.md` is its text.
//!
//! One connection carries requests and facts, one JSON object per line, over TCP on loopback, TLS or a Unix socket:
//!
//! ```text
//! trading process                                    web process
//! engine ─► Publisher ─► pump ─► each reader ═════► ClientDriver ─► Subscriber (facts, ticks)
//! engine ◄─ Server::next ◄──────── Request ◄══════ Caller (requests, each with a deadline)
//!        └─ Reply ──────────────────────────═════►
//! ```
//!
//! A trading process does this:
//!
//! ```no_run
//! # async fn example(folder: &std::path::Path, stop: tokio_util::sync::CancellationToken) -> Result<(), Box<dyn std::error::Error>> {
//! use bridge::{About, Answer, Call, Code, Fact, Server, ServerConfig};
//! let about = About { trader: "sim".into(), program: "webtrader 0.1.0".into(), ..About::default() };
//! let config = ServerConfig::in_folder("tcp://127.0.0.1:2016".parse()?, folder, about)?;
//! let mut server = Server::bind(config, &stop).await?;
//! let publisher = server.publisher(); // Clone + Send: the engine's thread calls .fact(Fact::Order(row)) and .tick(&row)
//! while let Some(request) = server.next().await {
//!     match request.call {
//!         // Into the engine's inbox; its turn answers with its rows and `publisher.seq()`.
//!         Call::Exchanges => request.reply.answer(Answer::Exchanges(vec![])),
//!         _ => request.reply.refuse(Code::Unsupported, "not here"),
//!     }
//! }
//! server.shutdown().await;
//! # Ok(()) }
//! ```
//!
//! Always true: nothing is queued for a peer that is away; a fact is numbered in the order in which the owner told it,
//! and a reader gets each or is cut; of ticks a reader gets the newest of each instrument at its own interval; neither
//! end blocks its owner; every bound stands in [`limits`].

pub mod limits;

mod address;
mod client;
mod codec;
mod keys;
mod message;
mod plain;
mod proof;
mod server;
mod stream;
mod tls;
mod together;

pub use address::{Address, AddressError};
pub use client::{CallError, Caller, ClientConfig, ClientDriver, Event, Health, Received, Subscriber, connect};
pub use codec::{LineTooLong, Lines, write_line};
pub use keys::{Certificate, KeyError, Secret, TOKEN_FILE};
pub use message::{About, Answer, AppInfo, Call, Code, Fact, Hello, Refusal, Snapshot};
pub use proof::{Fingerprint, FingerprintError};
pub use server::{BindError, Publisher, Reply, Request, Server, ServerConfig, Stats};
pub use together::together;
