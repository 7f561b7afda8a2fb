//! What stands around the rows: the members by which a line is told from another one.

use super::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Words of the member `type`.
pub(crate) mod kinds {
    pub(crate) const HELLO: &str = "hello";
    pub(crate) const PROOF: &str = "proof";
    pub(crate) const WELCOME: &str = "welcome";
    pub(crate) const REPLY: &str = "reply";
    pub(crate) const FACT: &str = "fact";
    pub(crate) const TICKS: &str = "ticks";
    pub(crate) const HEARTBEAT: &str = "heartbeat";
    pub(crate) const BYE: &str = "bye";
}

/// A request as the trading process reads it.
#[derive(Debug, Deserialize)]
pub(crate) struct RequestLine<'a> {
    pub(crate) id: u64,
    #[serde(borrow)]
    pub(crate) method: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(crate) params: Option<&'a RawValue>,
    #[serde(default)]
    pub(crate) deadline_ms: Option<u64>,
}

/// A request as the client writes it.
#[derive(Debug, Serialize)]
pub(crate) struct RequestOut<'a, P: Serialize> {
    pub(crate) id: u64,
    pub(crate) method: &'a str,
    pub(crate) params: P,
    pub(crate) deadline_ms: u64,
}

/// Any line of a trading process after the handshake.
#[derive(Debug, Deserialize)]
pub(crate) struct Inbound<'a> {
    #[serde(rename = "type", borrow)]
    pub(crate) line: Cow<'a, str>,
    #[serde(default)]
    pub(crate) id: u64,
    #[serde(default)]
    pub(crate) ok: bool,
    #[serde(default)]
    pub(crate) more: bool,
    #[serde(default)]
    pub(crate) seq: u64,
    #[serde(borrow, default)]
    pub(crate) kind: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(crate) data: Option<&'a RawValue>,
    #[serde(default)]
    pub(crate) error: Option<Refusal>,
    #[serde(borrow, default)]
    pub(crate) reason: Cow<'a, str>,
}
