//! What clients say.
//!
//! Pure. Always true: an operation is complete and of the right types, or there is a problem to answer with; unknown
//! members are ignored, unknown operations are not.

use super::limits::ID_BYTES;
use super::text::problem;
use domain::Text;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A message of a client.
#[derive(Debug)]
pub(super) struct Said {
    /// Its `id` as JSON text; `null` without one.
    pub(super) id: Text,
    pub(super) op: Result<Op, Value>,
}

/// What it wants.
#[derive(Debug, PartialEq)]
pub(super) enum Op {
    Auth { token: String },
    Subscribe(Subscription),
    Unsubscribe(Subscription),
    Call { method: String, params: Value },
    Resume { epoch: String, seq: u64 },
    Ping,
}

#[derive(Debug, PartialEq)]
pub(super) struct Subscription {
    pub(super) channels: Vec<String>,
    pub(super) interval_ms: Option<f64>,
    /// One trading process, or `*`; without it the first.
    pub(super) trader: Option<String>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Raw<'a> {
    #[serde(borrow)]
    op: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    token: Option<String>,
    channels: Option<Vec<String>>,
    interval_ms: Option<f64>,
    trader: Option<String>,
    method: Option<String>,
    params: Option<Value>,
    epoch: Option<String>,
    seq: Option<u64>,
}

/// A message of which nothing else is of the right type.
#[derive(Deserialize)]
struct OnlyId<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
}

/// Reads a message.
pub(super) fn parse(text: &[u8]) -> Said {
    let raw: Raw<'_> = match serde_json::from_slice(text) {
        Ok(raw) => raw,
        Err(error) => {
            let error = problem(400, "bad_message", "Not a message of this protocol", &error.to_string());
            // Whoever waits for the reply knows it by its id, if that much can be read.
            let id = serde_json::from_slice::<OnlyId<'_>>(text).ok().and_then(|only| id_of(only.id).ok());
            return Said { id: id.unwrap_or(Text::const_new("null")), op: Err(error) };
        }
    };
    match id_of(raw.id) {
        Ok(id) => Said { id, op: operation(raw) },
        Err(error) => Said { id: Text::const_new("null"), op: Err(error) },
    }
}

fn id_of(raw: Option<&RawValue>) -> Result<Text, Value> {
    match raw.map(RawValue::get) {
        None => Ok(Text::const_new("null")),
        Some(id) if id.len() <= ID_BYTES && !id.starts_with(['{', '[']) => Ok(Text::new(id)),
        Some(_) => Err(problem(400, "bad_id", "Not an id", "an id is a short text or a number")),
    }
}

fn operation(raw: Raw<'_>) -> Result<Op, Value> {
    let channels = |channels: Option<Vec<String>>| need(channels, "channels");
    match raw.op.as_deref() {
        Some("auth") => Ok(Op::Auth { token: need(raw.token, "token")? }),
        Some(op @ ("subscribe" | "unsubscribe")) => {
            let wish =
                Subscription { channels: channels(raw.channels)?, interval_ms: raw.interval_ms, trader: raw.trader };
            Ok(if op == "subscribe" { Op::Subscribe(wish) } else { Op::Unsubscribe(wish) })
        }
        Some("call") => {
            let params = raw.params.unwrap_or_else(|| Value::Object(serde_json::Map::new()));
            Ok(Op::Call { method: need(raw.method, "method")?, params })
        }
        Some("resume") => Ok(Op::Resume { epoch: need(raw.epoch, "epoch")?, seq: need(raw.seq, "seq")? }),
        Some("ping") => Ok(Op::Ping),
        Some(op) => {
            let op: String = op.chars().take(ID_BYTES).collect();
            Err(problem(400, "unknown_op", "Unknown operation", &format!("there is no operation {op:?}")))
        }
        None => Err(problem(400, "bad_message", "Not a message of this protocol", "op is missing")),
    }
}

fn need<T>(value: Option<T>, name: &str) -> Result<T, Value> {
    value.ok_or_else(|| problem(422, "missing_field", "A field is missing", &format!("{name} is missing")))
}
