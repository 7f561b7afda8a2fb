//! The deterministic core of the trading process: `turn(now, input) -> effects`.
//!
//! Everything that can happen is one closed [`Input`], handled by one dispatcher ([`Engine::turn`]); everything
//! that it asks for is one closed [`Effect`]. It owns the order book of record ([`Oms`]), the offset converters
//! and the event bus that strategies hang on.
//!
//! Always true: no clock, no socket, no file, no randomness; an order is published as SUBMITTING before its venue
//! hears of it, and its id is answered last; what the trading state forbids reaches no venue; a report that contradicts a final state changes nothing.

mod book;
mod bus;
mod effect;
mod event;
mod exposure;
mod input;
mod oms;
mod place;
mod query;
mod turn;

pub use book::Book;
pub use bus::{Context, Filter, Handler};
pub use effect::{Answer, Effect, Snapshot, VenueCommand};
pub use event::{Event, Kind};
pub use input::{Command, Input, Query, Token};
pub use oms::Oms;
pub use turn::{Config, Engine};

#[cfg(test)]
mod tests;
