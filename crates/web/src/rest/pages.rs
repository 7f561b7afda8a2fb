//! Embedded files, the OpenAPI document, and the redirect of a path with a slash too many.

use super::{not_found, routes};
use crate::assets::{self, Asset};
use crate::http::{Body, Coding, Reply, accepted, json, matches_etag, with_header};
use bytes::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HOST, HeaderValue, LOCATION, VARY,
};
use hyper::http::request;
use hyper::http::uri::Authority;
use hyper::{HeaderMap, Response, StatusCode};
use std::net::IpAddr;

/// The terminal: its own scripts and styles, its own server, nothing else.
const TERMINAL: &str = "default-src 'self'; img-src 'self' data:; worker-src 'self'; manifest-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Swagger UI and Redoc set styles from scripts; Redoc runs its search in a worker made of a blob.
const DOCUMENTS: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
    worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// How long a file whose name holds its hash may be kept: a year, the most that caches honour.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// An embedded file.
pub(super) fn asset(path: &str, headers: &HeaderMap) -> Reply {
    let Some(asset) = assets::lookup(path) else { return not_found() };
    let reply = if matches_etag(headers, asset.etag) { not_modified() } else { content(asset, headers) };
    let reply = with_header(reply, ETAG, HeaderValue::from_static(asset.etag));
    let reply = with_header(reply, VARY, HeaderValue::from_static("accept-encoding"));
    let cache = if asset.immutable { FOR_EVER } else { "no-cache" };
    let reply = with_header(reply, CACHE_CONTROL, HeaderValue::from_static(cache));
    let policy = if path.starts_with("/docs") || path.starts_with("/redoc") { DOCUMENTS } else { TERMINAL };
    with_header(reply, CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy))
}

/// The description of all routes.
pub(super) fn openapi(_: &HeaderMap) -> Reply {
    let reply = json(StatusCode::OK, Body::Full(super::v1::document()));
    with_header(reply, CACHE_CONTROL, HeaderValue::from_static("no-cache"))
}

/// 307 to the path without its last slashes, where there is a route of that path. The address is absolute, as
/// upstream's; where the request's own `Host` is unusable it is a path.
pub(super) fn redirect(parts: &request::Parts, path: &str, peer: IpAddr) -> Option<Reply> {
    let shorter = path.strip_suffix('/')?.trim_end_matches('/');
    if !routes::exists(shorter) {
        return None;
    }
    let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let raw = parts.uri.path().trim_end_matches('/');
    let location = format!("{}{raw}{query}", origin(parts, peer).unwrap_or_default());
    let mut reply = Response::new(Body::Empty);
    *reply.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    Some(with_header(reply, LOCATION, HeaderValue::try_from(location).ok()?))
}

/// The scheme and host under which the client knows us. A proxy on this machine may say that it speaks TLS.
fn origin(parts: &request::Parts, peer: IpAddr) -> Option<String> {
    let host: Authority = parts.headers.get(HOST)?.to_str().ok()?.parse().ok()?;
    let forwarded = parts.headers.get("x-forwarded-proto").filter(|_| peer.is_loopback());
    let scheme = if forwarded.is_some_and(|scheme| scheme == "https") { "https" } else { "http" };
    Some(format!("{scheme}://{host}"))
}

fn content(asset: &'static Asset, headers: &HeaderMap) -> Reply {
    let packed = match accepted(headers, Coding::Brotli) {
        Some(Coding::Brotli) => (asset.brotli, Some("br")),
        Some(Coding::Gzip) => (asset.gzip, Some("gzip")),
        None => (asset.identity, None),
    };
    let (bytes, coding) = if packed.0.is_empty() { (asset.identity, None) } else { packed };
    let reply = Response::new(Body::Full(Bytes::from_static(bytes)));
    let reply = with_header(reply, CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    match coding {
        Some(coding) => with_header(reply, CONTENT_ENCODING, HeaderValue::from_static(coding)),
        None => reply,
    }
}

fn not_modified() -> Reply {
    let mut reply = Response::new(Body::Empty);
    *reply.status_mut() = StatusCode::NOT_MODIFIED;
    reply
}
