//! From the vocabulary to pickles that every VeighNa reads.
//!
//! `fragments` holds what is always the same (class names, keys, enum members), `object` writes the data classes,
//! `request` what is asked of VeighNa, `event` what is published, `reply` what is answered.
//!
//! Always true: protocol 4, which Python 3.8 reads; enum members by name unless a setting says otherwise, because
//! a value in the other locale's language would end the reader's thread.

mod event;
mod fragments;
mod object;
mod reply;
mod request;

pub use event::{EventEncoder, Outgoing};
pub(crate) use fragments::{EnumForm, Fragments};
pub(crate) use reply::{ReplyEncoder, ReplyValue};
pub(crate) use request::{Argument, encode_call};

#[cfg(test)]
mod tests;
