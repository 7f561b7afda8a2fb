//! Who sends a request, the bearer of a token or a page of ours with its cookie, and whether he may.
//!
//! What a role may do stands in the table of operations; it is asked here, for requests and for the stream's calls.
//! A browser sends a cookie along whatever page asks. Ours is `SameSite=Strict`; beyond that, whatever changes something
//! has to come from a page of this origin, as the browser itself says. A bearer token cannot be sent by mistake.

use super::routes::Route;
use super::{Code, Problem};
use crate::app::App;
use crate::auth::{Client, Session};
use hyper::HeaderMap;
use hyper::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use std::net::IpAddr;

/// Name of the cookie.
pub(crate) const COOKIE_NAME: &str = "webtrader_session";

/// The session of a request; `None` where the operation is for everybody.
pub(super) fn session(app: &App, route: &Route, headers: &HeaderMap, peer: IpAddr) -> Result<Option<Session>, Problem> {
    if route.public {
        let from_page = headers.contains_key(ORIGIN) || headers.contains_key("sec-fetch-site");
        return if route.is_unsafe() && from_page && !is_same_origin(headers) && !is_allowed(app, headers) {
            Err(cross_site())
        } else {
            Ok(None)
        };
    }
    let client = client(headers, peer);
    if headers.contains_key(AUTHORIZATION) {
        let token = super::super::bearer(headers);
        let token = token.ok_or_else(|| Problem::new(Code::NotAuthenticated, "Authorization has to be Bearer"))?;
        return app.auth.session_from(token, client).map(Some).ok_or_else(invalid);
    }
    let token = cookie(headers).ok_or_else(|| Problem::new(Code::NotAuthenticated, "no token and no cookie"))?;
    if route.is_unsafe() && !is_same_origin(headers) {
        return Err(cross_site());
    }
    app.auth.session_from(token.as_bytes(), client).map(Some).ok_or_else(invalid)
}

/// Whether the user's role lets him use the operation. Asked anew each time: a role may change while he is logged in.
///
/// # Errors
/// It does not, or the user is gone.
pub(super) fn may(app: &App, route: &Route, user: &str) -> Result<(), Problem> {
    if route.public {
        return Ok(());
    }
    let role = app.auth.role_of(user).ok_or_else(invalid)?;
    if role >= route.needs {
        return Ok(());
    }
    let detail = format!("this takes the role {}; {user} has the role {role}", route.needs);
    Err(Problem::new(Code::Forbidden, detail))
}

/// Where a request comes from.
pub(super) fn client(headers: &HeaderMap, peer: IpAddr) -> Client<'_> {
    Client { address: Some(peer), agent: super::super::agent(headers) }
}

fn invalid() -> Problem {
    Problem::new(Code::TokenInvalid, "log in again")
}

/// Whether the client speaks TLS: a proxy on this machine, if we believe it, says so.
pub(super) fn is_secure(app: &App, headers: &HeaderMap) -> bool {
    app.behind_proxy && headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https")
}

/// The token in our cookie.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE_NAME).map(|(_, value)| value)
}

/// Whether the browser says that a page of this origin asks, or its user.
pub(crate) fn is_same_origin(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let text = |name| headers.get(name).and_then(|value: &hyper::header::HeaderValue| value.to_str().ok());
    let (Some(origin), Some(host)) = (text(ORIGIN), text(HOST)) else { return false };
    let of_origin = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    of_origin.is_some_and(|of_origin| of_origin.eq_ignore_ascii_case(host))
}

/// A page of an origin that the configuration names may log in for a token; it never gets our cookie.
fn is_allowed(app: &App, headers: &HeaderMap) -> bool {
    app.cors.allowed(headers).is_some()
}

fn cross_site() -> Problem {
    Problem::new(Code::CrossSite, "send it from a page of this server, or with a bearer token")
}
