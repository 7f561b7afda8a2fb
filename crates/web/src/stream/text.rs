//! The server's messages as JSON.
//!
//! Pure but for the epoch's randomness and the time in `hello`. Always true: each is one object with a `type`.

use super::Channel;
use super::hub::Core;
use super::message::Message;
use crate::json::push_string;
use crate::rest::v1::problem::TYPE_PREFIX;
use serde_json::{Value, json};

/// A name for this start of the process.
pub(super) fn epoch() -> String {
    let mut bytes = [0; 8];
    // Without randomness the time still tells one start from another.
    if getrandom::fill(&mut bytes).is_err() {
        bytes = jiff::Timestamp::now().as_microsecond().to_le_bytes();
    }
    format!("{:016x}", u64::from_le_bytes(bytes))
}

pub(super) fn fact(channel: Channel, desk: &str, seq: u64, json: &[u8]) -> Message {
    Message::build(json.len() + desk.len() + 80, |out| {
        out.extend_from_slice(b"{\"type\":\"fact\",\"channel\":\"");
        out.extend_from_slice(channel.name().as_bytes());
        out.extend_from_slice(b"\",\"trader\":");
        push_string(out, desk);
        push_seq(out, seq);
        out.extend_from_slice(b",\"data\":");
        out.extend_from_slice(json);
        out.push(b'}');
    })
}

/// What stands between the braces of a JSON object.
pub(super) fn members(object: &[u8]) -> &[u8] {
    let inner = object.trim_ascii().strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}"));
    inner.unwrap_or_default().trim_ascii()
}

/// State of a link, from the members of an object.
pub(super) fn trader(desk: &str, seq: u64, members: &[u8]) -> Message {
    Message::build(members.len() + desk.len() + 60, |out| {
        push_head(out, "trader", Some(desk), seq);
        if !members.is_empty() {
            out.push(b',');
            out.extend_from_slice(members);
        }
        out.push(b'}');
    })
}

pub(super) fn hello(core: &Core) -> Message {
    let hello = json!({
        "type": "hello",
        "epoch": core.epoch,
        "seq": core.head(),
        "server_time": jiff::Timestamp::now().to_string(),
        "heartbeat_ms": u64::try_from(core.options.heartbeat.as_millis()).unwrap_or(u64::MAX),
        "tick_fields": super::tick::fields().collect::<Vec<_>>(),
        "bar_fields": super::bar::fields().collect::<Vec<_>>(),
        "traders": core.desks.iter().map(|desk| desk.as_str()).collect::<Vec<_>>(),
    });
    of_value(&hello)
}

pub(super) fn heartbeat(seq: u64) -> Message {
    Message::build(40, |out| {
        push_head(out, "heartbeat", None, seq);
        out.push(b'}');
    })
}

/// What the client holds of this desk is void, fresh snapshots come.
pub(super) fn reset(desk: &str, seq: u64) -> Message {
    Message::build(60, |out| {
        push_head(out, "reset", Some(desk), seq);
        out.push(b'}');
    })
}

/// Answer to the message with this `id` (JSON text).
pub(super) fn reply(id: &str, outcome: &Result<Value, Value>) -> Message {
    Message::build(128, |out| {
        out.extend_from_slice(b"{\"type\":\"reply\",\"id\":");
        out.extend_from_slice(id.as_bytes());
        let (start, value) = match outcome {
            Ok(data) => (&b",\"ok\":true,\"data\":"[..], data),
            Err(error) => (&b",\"ok\":false,\"error\":"[..], error),
        };
        out.extend_from_slice(start);
        push_value(out, value);
        out.push(b'}');
    })
}

/// A problem of RFC 9457, as REST has them.
pub(super) fn problem(status: u16, code: &str, title: &str, detail: &str) -> Value {
    let kind = format!("{TYPE_PREFIX}{code}");
    json!({ "type": kind, "title": title, "status": status, "code": code, "detail": detail })
}

fn of_value(value: &Value) -> Message {
    Message::build(512, |out| push_value(out, value))
}

fn push_value(out: &mut Vec<u8>, value: &Value) {
    serde_json::to_writer(out, value).expect("a JSON value has text keys, and memory takes all of it");
}

fn push_head(out: &mut Vec<u8>, kind: &str, desk: Option<&str>, seq: u64) {
    out.extend_from_slice(b"{\"type\":\"");
    out.extend_from_slice(kind.as_bytes());
    out.push(b'"');
    if let Some(desk) = desk {
        out.extend_from_slice(b",\"trader\":");
        push_string(out, desk);
    }
    push_seq(out, seq);
}

fn push_seq(out: &mut Vec<u8>, seq: u64) {
    out.extend_from_slice(format!(",\"seq\":{seq}").as_bytes());
}
