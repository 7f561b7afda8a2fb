//! A pickle reader and writer that can execute nothing.
//!
//! VeighNa's processes talk in pickles, and a pickle is a program: loading one with Python runs
//! whatever it names. Here it is data. [`load`] turns it into a [`Tree`] of plain values; classes
//! and functions must be on the caller's [`AllowList`], and what a pickle wants called, built or
//! set is recorded, never done. All six protocols are read.
//!
//! ```text
//! bytes ─► machine (opcodes, bounds) ─► arena (16-byte values) ─► Tree / Node ─► the caller's types
//! the caller's types ─► Writer (protocol 4 or 2) ─► bytes
//! bytes of a shape known beforehand ─► Scanner ─► the caller's types, or `None`: then the machine
//! ```
//!
//! Always true: no I/O, no clock, no recursion, no panic on any input, and never more memory than
//! a small multiple of the input's length (`limits` has the figures).

mod allow;
mod arena;
mod error;
mod limits;
mod load;
mod machine;
mod meaning;
mod node;
mod numpy;
mod opcode;
mod scan;
mod tree;
mod walk;
mod writer;

#[cfg(test)]
mod tests;

pub use allow::{AllowList, GETATTR, NUMPY, PLAIN};
pub use error::{Error, Fault};
pub use limits::Limits;
pub use load::{Loader, load};
pub use meaning::{Instance, Member};
pub use node::{Kind, Node};
pub use numpy::Number;
pub use scan::{Phrase, Scanned, Scanner};
pub use tree::{Items, Pairs, Tree};
pub use walk::{Step, Walk, WalkBudget, WalkError};
pub use writer::{Fragment, Protocol, Writer};
