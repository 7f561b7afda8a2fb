//! The server: what `vnpy.rpc.RpcServer` with one of the two apps is to VeighNa's own clients.
//!
//! [`Server`] takes requests and answers what needs no trading process itself: malformed ones, unknown functions.
//! [`Publisher`] publishes events and the heartbeat, which goes on however long a call takes.
//!
//! Always true: nothing that a client sends ends the server or another client's call; nothing of our insides leaks.

mod function;
mod publisher;
mod request;

pub use function::Function;
pub use publisher::Publisher;
pub use request::{Reply, Request, Server, ServerConfig};

#[cfg(test)]
mod tests;
