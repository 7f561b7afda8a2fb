//! REST: from a request to an answer.
//!
//! A request is found in the table of `routes`; handlers take what they need from the `App`. Lists come encoded
//! from `tables`; commands go out through the `Trader` port; every failure becomes an answer in `errors`.
//! Always true: status, headers and bodies of the classic routes are upstream's, but for the differences that
//! docs/compatibility.md lists; a `GET` never reaches the trading process.

#![allow(clippy::result_large_err, reason = "an answer is what comes out either way, and is as large as Ok")]

mod cors;
mod errors;
mod form;
mod invalid;
mod lists;
mod metrics;
mod order_model;
mod orders;
mod pack;
mod pages;
mod python_json;
pub mod routes;
mod state;
mod stream;
mod tables;
pub mod v1;

pub use cors::Cors;
pub use lists::Lists;
pub use metrics::Metrics;

use crate::app::App;
use crate::auth::{Client, LoginError};
use crate::http::{self, Reply, detail, invalid_request, json, read_body, with_header};
use crate::limits;
use form::{FormError, unquote};
use hyper::body::Incoming;
use hyper::header::{ALLOW, AUTHORIZATION, EXPECT, HeaderValue, USER_AGENT};
use hyper::http::request;
use hyper::{HeaderMap, Method, Request, StatusCode};
use routes::{Found, Handler, STREAM};
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

/// What lies below it has a table of its own.
const V1_PREFIX: &str = "/api/v1/";

/// Answers one request.
pub async fn answer(app: Arc<App>, request: Request<Incoming>, peer: IpAddr) -> Reply {
    let peer = if app.behind_proxy { forwarded(request.headers(), peer) } else { peer };
    let origin = app.cors.allowed(request.headers());
    let is_full = request.uri().path().starts_with(V1_PREFIX);
    let reply = match &origin {
        Some(_) if Cors::is_preflight(&request) => Cors::preflight(is_full),
        _ => dispatch(&app, request, peer).await,
    };
    app.metrics.count(reply.status());
    match origin {
        Some(origin) => Cors::grant(reply, origin, is_full),
        None => reply,
    }
}

/// The client's address as our own reverse proxy tells it: the last one, which the proxy itself has added. Only a
/// proxy on this machine is believed; everybody else could write what they like.
fn forwarded(headers: &HeaderMap, peer: IpAddr) -> IpAddr {
    if !peer.is_loopback() {
        return peer;
    }
    let told = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    told.and_then(|list| list.rsplit(',').next()?.trim().parse().ok()).unwrap_or(peer)
}

async fn dispatch(app: &Arc<App>, request: Request<Incoming>, peer: IpAddr) -> Reply {
    if request.uri().path().starts_with(V1_PREFIX) {
        return v1::answer(app, request, peer).await;
    }
    if !is_standard(request.method()) {
        return invalid_request();
    }
    let (parts, body) = request.into_parts();
    let path = decoded(parts.uri.path());
    match routes::find(&parts.method, &path) {
        Found::Handler(handler, parameter) => handle(app, handler, parameter, &parts, body, peer).await,
        Found::NotAllowed(allow) => {
            let reply = detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
            with_header(reply, ALLOW, HeaderValue::from_static(allow))
        }
        Found::Nothing if path == STREAM && parts.method == Method::GET => {
            let path = path.into_owned();
            debug_assert_eq!(path, STREAM);
            stream::open(app, Request::from_parts(parts, body))
        }
        Found::Nothing => pages::redirect(&parts, &path, peer).unwrap_or_else(not_found),
    }
}

async fn handle(
    app: &Arc<App>,
    handler: Handler,
    parameter: &str,
    parts: &request::Parts,
    body: Incoming,
    peer: IpAddr,
) -> Reply {
    let headers = &parts.headers;
    let result = match handler {
        Handler::List(list) => lists::get(app, list, headers).await,
        Handler::SendOrder => orders::send(app, headers, body).await,
        Handler::CancelOrder => orders::cancel(app, headers, parameter).await,
        Handler::Subscribe => orders::subscribe(app, headers, parameter).await,
        Handler::Login => login(app, headers, body, peer).await,
        Handler::Asset => Ok(pages::asset(parts.uri.path(), headers)),
        Handler::OpenApi => Ok(pages::openapi(headers)),
        Handler::Health => Ok(state::health()),
        Handler::Ready => Ok(state::ready(app)),
        Handler::Metrics => state::metrics(app, headers, peer),
    };
    result.unwrap_or_else(|reply| reply)
}

async fn login(app: &Arc<App>, headers: &HeaderMap, body: Incoming, peer: IpAddr) -> Result<Reply, Reply> {
    let body = whole_body(app, headers, body, limits::FORM_BYTES).await?;
    let credentials = form::read_credentials(headers, &body).map_err(|error| match error {
        FormError::Invalid(errors) => errors.reply(),
        FormError::Malformed(reason) => detail(StatusCode::BAD_REQUEST, reason),
    })?;
    let login = app.auth.login(&credentials.username, credentials.password, peer, agent(headers)).await;
    app.metrics.count_login(login.as_ref().err().copied());
    let token = login.map_err(|error: LoginError| errors::login(error))?;
    Ok(json(StatusCode::OK, format!("{{\"access_token\":\"{token}\",\"token_type\":\"bearer\"}}").into_bytes()))
}

/// The user who sends this request, where he may.
///
/// # Errors
/// The 401 or 403 to answer.
fn user(app: &App, headers: &HeaderMap, handler: Handler) -> Result<Arc<str>, Reply> {
    let token = bearer(headers).ok_or_else(|| errors::unauthorized("Not authenticated"))?;
    let unknown = || errors::unauthorized("Could not validate credentials");
    let client = Client { address: None, agent: agent(headers) };
    let user = app.auth.user_from(token, client).ok_or_else(unknown)?;
    let role = app.auth.role_of(&user).ok_or_else(unknown)?;
    if role < handler.needs() { Err(errors::forbidden(role)) } else { Ok(user) }
}

/// What a client's program calls itself.
fn agent(headers: &HeaderMap) -> Option<&str> {
    headers.get(USER_AGENT)?.to_str().ok()
}

/// The token of the first `Authorization` header, as FastAPI splits it; `None` for another scheme.
fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers.get(AUTHORIZATION)?.as_bytes();
    let end = value.iter().position(|byte| *byte == b' ').unwrap_or(value.len());
    let (scheme, token) = value.split_at(end);
    scheme.eq_ignore_ascii_case(b"bearer").then(|| token.trim_ascii())
}

/// Reads a body; what is refused is read away in the background, unless the client waits for our consent.
async fn whole_body(app: &App, headers: &HeaderMap, mut body: Incoming, limit: usize) -> Result<bytes::Bytes, Reply> {
    let read = read_body(&mut body, headers, limit).await;
    read.map_err(|error| {
        if matches!(error, http::BodyError::TooLarge(_)) && !headers.contains_key(EXPECT) {
            app.tasks.spawn(http::drain(body));
        }
        errors::body(error)
    })
}

fn not_found() -> Reply {
    detail(StatusCode::NOT_FOUND, "Not Found")
}

/// Upstream's server knows these and calls the others invalid.
fn is_standard(method: &Method) -> bool {
    use hyper::Method as M;
    [M::GET, M::POST, M::DELETE, M::HEAD, M::OPTIONS, M::PUT, M::PATCH, M::TRACE, M::CONNECT].contains(method)
}

/// The path without percent signs; what is no UTF-8 becomes U+FFFD.
fn decoded(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    Cow::Owned(String::from_utf8_lossy(&unquote(path.as_bytes())).into_owned())
}

#[cfg(test)]
mod tests;
