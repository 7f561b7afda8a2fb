//! Reads the parts of an HTTP request into one object of parameters.

use super::params::{Kind, Param, Place, from_text};
use super::routes::Route;
use super::{Code, Problem};
use crate::app::App;
use crate::http::{BodyError, drain, read_body};
use crate::limits;
use crate::rest::form::unquote;
use hyper::HeaderMap;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, EXPECT};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// Header that may carry `client_order_id`.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
const CLIENT_ORDER_ID: &str = "client_order_id";

/// The query. A name twice is refused: nobody can know which one is meant.
pub(super) fn query(query: Option<&str>, route: &Route) -> Result<Map<String, Value>, Problem> {
    let mut given = Map::new();
    for pair in query.unwrap_or("").split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name)?, decoded(value)?);
        let kind = kind_of(route.params, &name);
        if given.insert(name.clone(), from_text(kind, value)).is_some() {
            return Err(Problem::field(&name, "is there twice"));
        }
    }
    Ok(given)
}

/// The segments of the path; they win, because the route was found by them.
pub(super) fn add_path(given: &mut Map<String, Value>, path: Vec<(&'static str, String)>) {
    for (name, value) in path {
        given.insert(name.to_owned(), Value::String(value));
    }
}

/// The members of the body.
pub(super) async fn add_body(
    given: &mut Map<String, Value>,
    app: &App,
    route: &Route,
    headers: &HeaderMap,
    body: Incoming,
) -> Result<(), Problem> {
    if !route.has_body() {
        return Ok(());
    }
    // A query must not stand in for the body, nor be overruled by it.
    let stray = given.keys().find(|name| kind_in(route.params, name, Place::Body).is_some());
    if let Some(name) = stray {
        return Err(Problem::field(&name.clone(), "belongs into the body"));
    }
    let bytes = whole_body(app, headers, body).await?;
    if bytes.is_empty() && route.params.iter().all(|param| param.place != Place::Body || !param.required) {
        return Ok(());
    }
    if !is_json(headers) {
        return Err(Problem::new(Code::MediaType, "send Content-Type: application/json"));
    }
    let Members(members) = serde_json::from_slice(&bytes)
        .map_err(|error| Problem::new(Code::Malformed, format!("the body is no JSON object: {error}")))?;
    for name in members.keys() {
        let is_ours = (route.of_trader && name == "trader") || kind_in(route.params, name, Place::Body).is_some();
        let reason = match (is_ours, given.contains_key(name)) {
            (_, true) => "is in the path or the query already",
            (false, false) => "is not known",
            (true, false) => continue,
        };
        return Err(Problem::field(&name.chars().take(64).collect::<String>(), reason));
    }
    if given.is_empty() {
        *given = members;
    } else {
        given.extend(members);
    }
    Ok(())
}

/// `Idempotency-Key` is another way to say `client_order_id`.
pub(super) fn add_idempotency_key(
    given: &mut Map<String, Value>,
    route: &Route,
    headers: &HeaderMap,
) -> Result<(), Problem> {
    let Some(key) = headers.get(IDEMPOTENCY_KEY) else { return Ok(()) };
    if !route.takes(CLIENT_ORDER_ID) {
        return Ok(());
    }
    let key = key.to_str().map_err(|_| Problem::field("Idempotency-Key", "must be visible ASCII"))?;
    // The draft has it as a quoted string, most clients as it is.
    let key = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
    match given.get(CLIENT_ORDER_ID).and_then(Value::as_str) {
        Some(id) if id != key => Err(Problem::new(Code::IdConflict, "Idempotency-Key differs from client_order_id")),
        _ => {
            given.insert(CLIENT_ORDER_ID.to_owned(), key.into());
            Ok(())
        }
    }
}

/// Reads a body; what is refused is read away in the background, unless the client waits for our consent.
async fn whole_body(app: &App, headers: &HeaderMap, mut body: Incoming) -> Result<bytes::Bytes, Problem> {
    match read_body(&mut body, headers, limits::BODY_BYTES).await {
        Ok(bytes) => Ok(bytes),
        Err(error) => {
            if matches!(error, BodyError::TooLarge(_)) && !headers.contains_key(EXPECT) {
                app.tasks.spawn(drain(body));
            }
            Err(error.into())
        }
    }
}

fn kind_of(params: &[Param], name: &str) -> Kind {
    params.iter().find(|param| param.name == name).map_or(Kind::Text(0), |param| param.kind)
}

fn kind_in(params: &[Param], name: &str, place: Place) -> Option<Kind> {
    params.iter().find(|param| param.name == name && param.place == place).map(|param| param.kind)
}

fn decoded(text: &str) -> Result<String, Problem> {
    let spaced = text.replace('+', " ");
    String::from_utf8(unquote(spaced.as_bytes())).map_err(|_| Problem::new(Code::Malformed, "the query is no UTF-8"))
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let kind = value.split(';').next().unwrap_or("").trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// The members of the body; one that is there twice is refused, because two readers of it could disagree.
struct Members(Map<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Map::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.insert(name, value).is_some() {
                        return Err(A::Error::custom("a member is there twice"));
                    }
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}
