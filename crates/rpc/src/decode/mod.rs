//! From a peer's pickles to the vocabulary.
//!
//! `scalar` reads numbers, texts, enums and times; `value` whatever hangs onto an object; `market`, `trading` and
//! `requests` the data classes; `event` what is published, `direct` the short way for ticks; `reply` what is answered.
//!
//! Always true: nothing is run; a field of the wrong kind ends this one object with an error that names class and
//! field; a field that is missing has VeighNa's default, one that is unknown is kept.

mod direct;
mod event;
mod fields;
mod market;
mod reply;
mod requests;
mod scalar;
mod trading;
mod value;

#[cfg(test)]
mod tests;

pub use event::{EventDecoder, PeerEvent, Published};
pub(crate) use reply::{Answer, decode_reply};
pub(crate) use requests::{Call, decode_call};
pub(crate) use {fields::FromNode, requests::text_argument, value::attribute};

use crate::limits::LENIENT_INT_BYTES;
use crate::names::allow_list;
use pickle::{AllowList, Limits, Loader};
use std::fmt;
use std::sync::LazyLock;

/// Why a pickle could not be understood.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodeError {
    /// What was read: a class, or the kind of message.
    pub what: String,
    /// What was wrong with it.
    pub why: String,
}

impl DecodeError {
    pub(crate) fn new(what: impl Into<String>, why: impl Into<String>) -> DecodeError {
        DecodeError { what: what.into(), why: why.into() }
    }

    /// The field in which it happened.
    fn in_field(self, class: &str, field: &str) -> DecodeError {
        DecodeError { what: format!("{class}.{field}"), why: self.why }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

impl std::error::Error for DecodeError {}

/// A loader for lists: an object of an unknown class spoils its own row, not all of them.
pub(crate) fn lenient_loader() -> Loader {
    // Made once: each answer has a loader of its own, and the list is longer than most answers.
    static KNOWN: LazyLock<AllowList> = LazyLock::new(|| allow_list().lenient());
    // A monstrous integer is its own row's trouble as well.
    Loader::new(KNOWN.clone(), Limits { int_bytes: LENIENT_INT_BYTES, ..Limits::default() })
}

/// A loader that knows VeighNa's names.
pub(crate) fn loader() -> Loader {
    Loader::new(allow_list(), Limits::default())
}
