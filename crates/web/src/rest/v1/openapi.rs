//! The OpenAPI document: the classic surface as it is written down, `/api/v1` as the table of operations has it.
//!
//! Always true: an operation, a parameter, a status or an error that the table has is in the document, and nothing
//! else is. Made once, at the first request.

use super::params::{Kind, Param, Place};
use super::routes::{self, Answer, Handler, Limit, PREFIX, Route};
use super::schemas::{self, reference};
use crate::auth::Role;
use bytes::Bytes;
use hyper::StatusCode;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What is written down by hand.
const CLASSIC: &[u8] = include_bytes!("../openapi.json");

/// The document.
pub(crate) fn document() -> Bytes {
    static DOCUMENT: OnceLock<Bytes> = OnceLock::new();
    DOCUMENT.get_or_init(|| Bytes::from(made().to_string())).clone()
}

fn made() -> Value {
    let mut document: Value = serde_json::from_slice(CLASSIC).expect("it is JSON, as a test reads it");
    for route in routes::all() {
        let path = format!("{PREFIX}{}", route.path);
        document["paths"][path][route.method.to_lowercase()] = operation(route);
    }
    document["paths"][crate::rest::routes::FULL_STREAM]["get"] = stream();
    for (name, schema) in schemas::components() {
        document["components"]["schemas"][name] = schema;
    }
    document["components"]["securitySchemes"]["session"] = json!({
        "type": "apiKey",
        "in": "cookie",
        "name": super::who::COOKIE_NAME,
        "description": "Set by `POST /api/v1/session`. Whatever changes something has to come from a page of this \
            server (`Sec-Fetch-Site` or `Origin`).",
    });
    document
}

/// Its messages are no matter of OpenAPI.
fn stream() -> Value {
    let problem = |help: &str| {
        json!({ "description": help, "headers": { "X-Request-Id": request_id() },
            "content": { "application/problem+json": { "schema": reference("Problem") } } })
    };
    json!({
        "summary": "The stream",
        "description": "WebSocket: facts that can be resumed, ticks at the reader's own pace, calls of the operations \
            here. Logged in by the session cookie, by `Authorization`, or by a first message `{\"op\":\"auth\"}`; never \
            in the URL.",
        "operationId": "stream.open",
        "tags": ["v1 stream"],
        "security": [{}, { "OAuth2PasswordBearer": [] }, { "session": [] }],
        "responses": {
            "101": { "description": "The stream begins.", "headers": { "X-Request-Id": request_id() } },
            "400": problem("`bad_handshake`: The key of the handshake is missing or wrong."),
            "426": problem("`upgrade_required`: No upgrade to WebSocket version 13."),
            "500": problem("`internal`: Something of ours failed."),
            "503": problem("`no_seat`: All places are taken."),
        },
    })
}

fn operation(route: &Route) -> Value {
    let mut operation = json!({
        "summary": route.summary,
        "description": description(route),
        "operationId": route.name,
        "tags": [format!("v1 {}", route.tag)],
        "parameters": parameters(route),
        "responses": responses(route),
    });
    operation["security"] =
        if route.public { json!([]) } else { json!([{ "OAuth2PasswordBearer": [] }, { "session": [] }]) };
    if route.has_body() {
        operation["requestBody"] = body(route);
    }
    operation
}

fn description(route: &Route) -> String {
    let on_stream = match route.handler {
        Handler::Http(_) => String::new(),
        Handler::Call(_) | Handler::List(_) => format!("On the stream: `{}`.", route.name),
    };
    let role = if !route.public && route.needs > Role::Viewer {
        format!("Takes the role `{}`{}.", route.needs, if route.needs < Role::Admin { " or above" } else { "" })
    } else {
        String::new()
    };
    [route.help, &role, &on_stream].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

fn parameters(route: &Route) -> Value {
    let own = route.params.iter().filter(|param| param.place != Place::Body).map(|param| {
        json!({
            "name": param.name,
            "in": if param.place == Place::Path { "path" } else { "query" },
            "required": param.required,
            "description": param.help,
            "schema": kind(param.kind),
            "explode": false,
        })
    });
    let mut all: Vec<Value> = own.collect();
    if route.of_trader && !route.has_body() {
        all.push(json!({ "name": "trader", "in": "query", "required": false, "description": TRADER,
            "schema": kind(Kind::Text(super::params::TEXT_MAX)) }));
    }
    if matches!(route.handler, Handler::List(_)) {
        all.push(header("If-None-Match", "ETag of the answer that is there already."));
    }
    if route.takes("client_order_id") {
        let mut key = header("Idempotency-Key", "Another way to say `client_order_id`.");
        let id = route.params.iter().find(|param| param.name == "client_order_id");
        key["schema"] = id.map_or_else(|| key["schema"].clone(), |id| kind(id.kind));
        all.push(key);
    }
    Value::Array(all)
}

const TRADER: &str = "Name of the trading process; the first where left out.";

fn header(name: &str, help: &str) -> Value {
    json!({ "name": name, "in": "header", "required": false, "description": help, "schema": { "type": "string" } })
}

fn body(route: &Route) -> Value {
    let mut fields: Vec<Param> = route.params.iter().copied().filter(|param| param.place == Place::Body).collect();
    let is_required = fields.iter().any(|field| field.required);
    if route.of_trader {
        fields.push(super::params::field("trader", Kind::Text(super::params::TEXT_MAX), TRADER));
    }
    json!({ "required": is_required, "content": { "application/json": { "schema": fields_schema(&fields) } } })
}

fn fields_schema(fields: &[Param]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut schema = kind(field.kind);
            if !field.required {
                schema = or_null(schema);
            }
            schema["description"] = field.help.into();
            (field.name.to_owned(), schema)
        })
        .collect();
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// `null` counts as left out.
fn or_null(mut schema: Value) -> Value {
    let kind = schema["type"].take();
    schema["type"] = json!([kind, "null"]);
    if let Some(names) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        names.push(Value::Null);
    }
    schema
}

fn kind(kind: Kind) -> Value {
    match kind {
        Kind::Text(most) => json!({ "type": "string", "minLength": 1, "maxLength": most, "pattern": VISIBLE }),
        Kind::Loose(most) => json!({ "type": "string", "maxLength": most, "pattern": VISIBLE }),
        Kind::Int(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Kind::Number => json!({ "type": "number" }),
        Kind::Positive => json!({ "type": "number", "exclusiveMinimum": 0 }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::OneOf(names) => json!({ "type": "string", "enum": names }),
        Kind::Time => json!({ "type": "string", "format": "date-time" }),
        Kind::Object => json!({ "type": "object", "additionalProperties": true }),
        Kind::Objects(most, fields) => {
            json!({ "type": "array", "minItems": 1, "maxItems": most, "items": fields_schema(fields) })
        }
        Kind::Texts(most) => {
            json!({ "type": "array", "minItems": 1, "maxItems": most, "items": self::kind(Kind::Text(super::params::TEXT_MAX)) })
        }
    }
}

/// No control characters.
const VISIBLE: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";

fn responses(route: &Route) -> Value {
    let mut responses: BTreeMap<u16, Value> = BTreeMap::new();
    for status in [route.status].iter().chain(route.also) {
        responses.insert(status.as_u16(), answer(route, *status));
    }
    if matches!(route.handler, Handler::List(_)) {
        let reply = json!({ "description": "The answer that is there already is the present one.",
            "headers": { "ETag": reply_header("As in the request."), "X-Request-Id": request_id() } });
        responses.insert(304, reply);
    }
    let mut by_status: BTreeMap<u16, Vec<super::Code>> = BTreeMap::new();
    for code in route.all_errors() {
        by_status.entry(code.status().as_u16()).or_default().push(code);
    }
    for (status, codes) in by_status {
        responses.insert(status, error(&codes));
    }
    responses.into_iter().map(|(status, reply)| (status.to_string(), reply)).collect::<Map<_, _>>().into()
}

fn answer(route: &Route, status: StatusCode) -> Value {
    let text = status.canonical_reason().unwrap_or("Done");
    let mut headers = Map::from_iter([("X-Request-Id".to_owned(), request_id())]);
    if matches!(route.handler, Handler::List(_)) {
        headers.insert("ETag".into(), reply_header("Version of the table; for `If-None-Match`."));
    }
    if let Some(limit) = route.limit {
        let what = match limit {
            Limit::Orders => "Requests of this user",
            Limit::Logins => "Failed logins of this user from this address",
        };
        headers.insert("RateLimit".into(), reply_header(&format!("{what} that are left, and seconds until more are.")));
        headers.insert(
            "RateLimit-Policy".into(),
            reply_header(&format!("{what} that are allowed, and in how many seconds.")),
        );
    }
    let mut reply = json!({ "description": text, "headers": headers });
    let json_of = |schema: Value| json!({ "application/json": { "schema": schema } });
    match route.answer {
        Answer::One(name) => reply["content"] = json_of(reference(name)),
        Answer::Many(name) => reply["content"] = json_of(json!({ "type": "array", "items": reference(name) })),
        Answer::Page(name) => reply["content"] = json_of(page(name)),
        Answer::Text(kind) => reply["content"] = json!({ kind: { "schema": { "type": "string" } } }),
        Answer::Nothing => {}
    }
    reply
}

fn page(name: &str) -> Value {
    json!({
        "type": "object",
        "properties": {
            "trader": { "type": "string", "description": "Trading process that it is of." },
            "link": { "type": "string", "enum": ["live", "syncing", "stale"],
                "description": "How far the rows can be trusted; other than `live` only with `stale=true`." },
            "next_cursor": { "type": ["string", "null"], "description": "Where the next page begins; `null`: no more." },
            "data": { "type": "array", "items": reference(name), "description": "The rows, oldest first." },
        },
        "required": ["trader", "link", "next_cursor", "data"],
        "additionalProperties": false,
    })
}

fn error(codes: &[super::Code]) -> Value {
    let lines: Vec<String> = codes.iter().map(|code| format!("`{}`: {}", code.name(), code.title())).collect();
    let names: Vec<&str> = codes.iter().map(|code| code.name()).collect();
    let mut headers = Map::from_iter([("X-Request-Id".to_owned(), request_id())]);
    if codes.iter().any(|code| matches!(code.status().as_u16(), 429 | 503)) {
        headers.insert("Retry-After".into(), json!({ "description": "Seconds.", "schema": { "type": "integer" } }));
    }
    if codes.iter().any(|code| code.status() == StatusCode::UNAUTHORIZED) {
        headers.insert("WWW-Authenticate".into(), reply_header("How to log in."));
    }
    let schema = json!({ "allOf": [reference("Problem"), { "properties": { "code": { "enum": names } } }] });
    json!({
        "description": lines.join(". "),
        "headers": headers,
        "content": { "application/problem+json": { "schema": schema } },
    })
}

fn reply_header(help: &str) -> Value {
    json!({ "description": help, "schema": { "type": "string" } })
}

fn request_id() -> Value {
    reply_header("The request's id: its own `X-Request-Id`, or one of ours.")
}

#[cfg(test)]
mod tests;
