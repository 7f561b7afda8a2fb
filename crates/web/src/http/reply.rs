//! Answers: FastAPI's error shape, and the headers that every answer carries.

use super::Body;
use crate::json::push_string;
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use hyper::{Response, StatusCode};

/// An answer.
pub type Reply = Response<Body>;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// What an answer that is no page may do in a browser: nothing.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
const SERVER: HeaderValue = HeaderValue::from_static("webtrader");
/// No window of another site keeps a hand on ours, no page of another site takes anything of ours into itself, and nothing
/// of another site comes into ours: a browser then gives our pages a process of their own.
const ISOLATION: [(HeaderName, HeaderValue); 3] = [
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-embedder-policy"), HeaderValue::from_static("require-corp")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// An answer of JSON that is already bytes.
pub fn json(status: StatusCode, body: impl Into<Body>) -> Reply {
    let mut reply = Response::new(body.into());
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, JSON);
    reply
}

/// One JSON string.
pub fn json_text(status: StatusCode, text: &str) -> Reply {
    let mut out = Vec::with_capacity(text.len() + 2);
    push_string(&mut out, text);
    json(status, out)
}

/// FastAPI's error: `{"detail": "…"}`.
pub fn detail(status: StatusCode, text: &str) -> Reply {
    let mut out = Vec::with_capacity(text.len() + 16);
    out.extend_from_slice(b"{\"detail\":");
    push_string(&mut out, text);
    out.push(b'}');
    json(status, out)
}

/// Plain text.
pub fn text(status: StatusCode, body: impl Into<Body>) -> Reply {
    let reply = json(status, body);
    with_header(reply, CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))
}

/// A page.
pub fn html(body: impl Into<Body>) -> Reply {
    let reply = json(StatusCode::OK, body);
    with_header(reply, CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))
}

/// Something of ours failed; what, is for the log.
pub fn server_error() -> Reply {
    text(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

/// Not HTTP as anybody speaks it; the text is uvicorn's.
pub fn invalid_request() -> Reply {
    text(StatusCode::BAD_REQUEST, "Invalid HTTP request received.")
}

/// The answer with one more header.
pub fn with_header(mut reply: Reply, name: HeaderName, value: HeaderValue) -> Reply {
    reply.headers_mut().insert(name, value);
    reply
}

/// Adds what every answer has. A page that needs more than nothing has set its own policy before.
pub fn secure(mut reply: Reply) -> Reply {
    let headers = reply.headers_mut();
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(NOTHING);
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(hyper::header::SERVER, SERVER);
    headers.extend(ISOLATION);
    reply
}
