//! The table of the classic routes. One list: the router reads it, the OpenAPI document and the tests are checked against it.

use crate::auth::Role;
use hyper::Method;

/// What answers a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handler {
    /// An embedded file.
    Asset,
    /// `POST /token`.
    Login,
    /// One of the lists.
    List(List),
    /// `POST /tick/{vt_symbol}`.
    Subscribe,
    /// `POST /order`.
    SendOrder,
    /// `DELETE /order/{vt_orderid}`.
    CancelOrder,
    /// The document of all this.
    OpenApi,
    /// Whether the process lives.
    Health,
    /// Whether it can serve.
    Ready,
    /// Figures for Prometheus.
    Metrics,
}

impl Handler {
    /// The least role of those who may use it; of what is public, none is asked for.
    pub const fn needs(self) -> Role {
        match self {
            Handler::SendOrder | Handler::CancelOrder => Role::Trader,
            // A feed of ticks only shows; it is no trade.
            Handler::Subscribe | Handler::List(_) | Handler::Metrics => Role::Viewer,
            Handler::Asset | Handler::Login | Handler::OpenApi | Handler::Health | Handler::Ready => Role::Viewer,
        }
    }
}

/// A table of the replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// `GET /tick`.
    Ticks,
    /// `GET /order`.
    Orders,
    /// `GET /trade`.
    Trades,
    /// `GET /position`.
    Positions,
    /// `GET /account`.
    Accounts,
    /// `GET /contract`.
    Contracts,
}

/// One route.
#[derive(Debug)]
pub struct Route {
    /// Methods, as `Allow` lists them.
    pub methods: &'static str,
    /// Path; a last segment in braces stands for one segment, `{*}` for any rest.
    pub path: &'static str,
    /// What answers it.
    pub handler: Handler,
}

/// What a request's method and path come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// This handler, with what stands in the place of the braces.
    Handler(Handler, &'a str),
    /// The path is there for other methods.
    NotAllowed(&'static str),
    /// Nothing.
    Nothing,
}

const fn route(methods: &'static str, path: &'static str, handler: Handler) -> Route {
    Route { methods, path, handler }
}

/// All routes but the WebSocket. The order of equal paths decides what `Allow` says, as in Starlette.
pub const ROUTES: &[Route] = &[
    route("GET", "/account", Handler::List(List::Accounts)),
    route("POST", "/order", Handler::SendOrder),
    route("GET", "/order", Handler::List(List::Orders)),
    route("GET", "/tick", Handler::List(List::Ticks)),
    route("GET", "/trade", Handler::List(List::Trades)),
    route("GET", "/position", Handler::List(List::Positions)),
    route("GET", "/contract", Handler::List(List::Contracts)),
    route("POST", "/tick/{vt_symbol}", Handler::Subscribe),
    route("DELETE", "/order/{vt_orderid}", Handler::CancelOrder),
    route("POST", "/token", Handler::Login),
    route("GET", "/", Handler::Asset),
    route("GET, HEAD", "/docs", Handler::Asset),
    route("GET, HEAD", "/docs/oauth2-redirect", Handler::Asset),
    route("GET, HEAD", "/redoc", Handler::Asset),
    route("GET, HEAD", "/openapi.json", Handler::OpenApi),
    route("GET, HEAD", "/assets/{*}", Handler::Asset),
    route("GET, HEAD", "/favicon.svg", Handler::Asset),
    route("GET, HEAD", "/icon-{*}", Handler::Asset),
    route("GET, HEAD", "/offline.{*}", Handler::Asset),
    route("GET, HEAD", "/manifest.webmanifest", Handler::Asset),
    route("GET, HEAD", "/sw.js", Handler::Asset),
    route("GET, HEAD", "/healthz", Handler::Health),
    route("GET, HEAD", "/readyz", Handler::Ready),
    route("GET", "/metrics", Handler::Metrics),
];

/// Path of the WebSocket; for anything but an upgrade it is not there.
pub const STREAM: &str = "/ws/";

/// Path of the full WebSocket.
pub const FULL_STREAM: &str = "/api/v1/stream";

/// Finds what answers this method and (decoded) path.
pub fn find<'a>(method: &Method, path: &'a str) -> Found<'a> {
    let mut allow = None;
    for route in ROUTES {
        let Some(parameter) = matching(route.path, path) else { continue };
        if route.methods.split(", ").any(|allowed| allowed == method.as_str()) {
            return Found::Handler(route.handler, parameter);
        }
        allow = allow.or(Some(route.methods));
    }
    allow.map_or(Found::Nothing, Found::NotAllowed)
}

/// Whether there is a route of this path for any method.
pub fn exists(path: &str) -> bool {
    ROUTES.iter().any(|route| matching(route.path, path).is_some())
}

/// What stands for the braces, empty where there are none; `None` where the path does not match.
fn matching<'a>(pattern: &str, path: &'a str) -> Option<&'a str> {
    let Some((prefix, braces)) = pattern.split_once('{') else { return (pattern == path).then_some("") };
    let rest = path.strip_prefix(prefix)?;
    let fits = !rest.is_empty() && (braces == "*}" || !rest.contains('/'));
    fits.then_some(rest)
}

#[cfg(test)]
mod tests;
