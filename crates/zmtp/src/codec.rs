//! The bytes of ZMTP 3: greeting, frames, commands. Pure: no I/O, no clock, no async.
//!
//! A connection starts with the 64 bytes of [`greeting`], then [`Decoder`] turns a growing buffer into
//! messages and commands, and [`encode`] turns messages into bytes. [`command`] reads and writes the
//! commands' bodies. Source: RFC 23/ZMTP 3.0 and RFC 37/ZMTP 3.1.
//!
//! Always true: any way of cutting a byte stream into pieces gives the same items; no function panics or
//! reserves memory because of a length that a peer claims.

pub mod command;
mod decoder;
mod encoder;
mod error;
mod frame;
pub mod greeting;
#[cfg(test)]
mod tests;

pub use decoder::{Decoder, FrameLimits, Item};
pub use encoder::{Encoded, encode};
pub use error::CodecError;
