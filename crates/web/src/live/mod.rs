//! Live streams to browsers and scripts over WebSocket.
//!
//! ```text
//!  replica ── Hub::publish ──► fanout::Log (each message framed once)
//!                                   │ ring
//!                                   ▼
//!              Pump per shard: one write per reader and burst ──────► socket ──► reader
//!                   ▲ orders: pong, close                                │
//!              Session per connection: frame::Decoder ◄──────────────────┘
//! ```
//!
//! The router answers the opening handshake (`handshake::accept`), takes a seat before it does
//! ([`Hub::reserve`]), attaches the upgraded connection to it and runs the [`Session`]. The owner of the
//! web process runs the [`Pumps`].
//!
//! Always true: a message is encoded and framed once, whatever the number of readers; a reader that
//! keeps up gets every message in order; one that does not is first conflated on ticks, then cut, with a
//! close code and a count; a stalled one is dropped after a time-out; none of it changes anything for
//! the others. What a reader costs is bounded: its state, and at most one frame that was begun.

pub mod frame;
pub mod handshake;

mod conn;
mod hub;
mod limits;
mod pump;
mod sha1;
mod socket;
mod stats;
#[cfg(test)]
mod tests;
mod transport;
mod writer;

pub use fanout::Kind;
pub use hub::{Full, Hub, Pumps, Seat};
pub use limits::Options;
pub use socket::Session;
pub use stats::{Ending, Endings, ReaderStats, Stats};
pub use transport::{Duplex, Transport};
pub(crate) use transport::{ReadHalf, WriteHalf};
