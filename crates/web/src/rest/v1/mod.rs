//! `/api/v1`: the full surface. Canonical JSON, problem details, one table of operations.
//!
//! A request is found in the table (`routes`), its sender in the token (`who`); its parameters are checked against
//! what the table declares (`params`); then its handler runs. The stream's calls go the same way through `call`, so
//! both have the same operations, rules and errors. Always true: every answer has an `X-Request-Id`; every error is a
//! [`Problem`] whose code the table declares for that operation; a fault of ours answers 500 and ends nothing else.

mod about;
mod account;
pub mod code;
mod export;
mod gateways;
mod limiter;
mod lists;
mod logs;
mod market;
mod openapi;
mod orders;
mod pages;
pub mod params;
mod portfolio;
pub mod problem;
mod quotes;
mod request;
mod request_id;
pub mod routes;
mod schemas;
mod session;
mod state;
mod users;
mod who;

pub use code::Code;
pub(crate) use lists::State;
pub(crate) use openapi::document;
pub use problem::Problem;
pub use schemas::names as schema_names;
pub(crate) use who::cookie;

use crate::app::App;
use crate::desk::Desk;
use crate::http::{Reply, json, with_header};
use domain::Text;
use futures_util::FutureExt;
use hyper::body::Incoming;
use hyper::header::{ALLOW, HeaderName, HeaderValue};
use hyper::{Method, Request, StatusCode};
use params::Params;
use routes::{Done, Found, Handler, Limit, Route};
use serde_json::{Map, Value};
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// The operations, by who wrote them.
const TABLES: &[&[Route]] = &[
    session::ROUTES,
    account::ROUTES,
    users::ROUTES,
    state::ROUTES,
    about::ROUTES,
    market::ROUTES,
    portfolio::ROUTES,
    export::ROUTES,
    quotes::ROUTES,
    orders::ROUTES,
    gateways::ROUTES,
    logs::ROUTES,
];

/// Schemas of answers that an operation's own module describes.
const SCHEMAS: &[&[schemas::Schema]] = &[orders::SCHEMAS, account::SCHEMAS, users::SCHEMAS, about::SCHEMAS];

/// What an operation works with.
#[derive(Clone)]
pub struct V1 {
    /// The web process.
    pub(crate) app: Arc<App>,
    /// Who asks; empty for a public operation.
    pub(crate) user: Arc<str>,
    /// The trading process that was named; the first where none was.
    pub(crate) desk: Arc<Desk>,
    /// The request's id, for the log.
    pub(crate) request_id: Text,
}

/// The same with what only HTTP has.
pub struct Http {
    /// What every operation has.
    pub(crate) cx: V1,
    /// The client's address.
    pub(crate) peer: IpAddr,
    /// What the client's program calls itself.
    pub(crate) agent: Option<Text>,
    /// Whether the client's way to us is encrypted.
    pub(crate) is_secure: bool,
    /// The session, for those who are logged in.
    pub(crate) session: Option<crate::auth::Session>,
}

impl Http {
    /// The session; the table has it that there is one where an operation is not public.
    pub(crate) fn session(&self) -> Result<&crate::auth::Session, Problem> {
        self.session.as_ref().ok_or_else(|| Problem::new(Code::NotAuthenticated, "log in"))
    }

    /// Where the request comes from.
    pub(crate) fn client(&self) -> crate::auth::Client<'_> {
        crate::auth::Client { address: Some(self.peer), agent: self.agent.as_deref() }
    }
}

/// Answers one request below `/api/v1/`.
pub(super) async fn answer(app: &Arc<App>, request: Request<Incoming>, peer: IpAddr) -> Reply {
    let id = request_id::of(app, request.headers());
    let answering = AssertUnwindSafe(answered(app, request, peer, &id)).catch_unwind();
    let reply = answering.await.unwrap_or_else(|_| {
        tracing::error!(request_id = %id, "an operation panicked");
        Problem::new(Code::Internal, "the log has more under this request id").reply(&id)
    });
    with_header(reply, request_id::HEADER, HeaderValue::try_from(id.as_str()).expect("it was checked or made"))
}

async fn answered(app: &Arc<App>, request: Request<Incoming>, peer: IpAddr, id: &Text) -> Reply {
    if request.uri().path() == super::routes::FULL_STREAM && request.method() == Method::GET {
        return super::stream::open_full(app, request, peer);
    }
    let (route, path) = match routes::find(request.method().as_str(), request.uri().path()) {
        Found::Route(route, path) => (route, path),
        Found::NotAllowed(allow) => {
            let problem = Problem::new(Code::MethodNotAllowed, format!("allowed: {allow}"));
            return with_header(problem.reply(id), ALLOW, HeaderValue::try_from(allow).expect("names of methods"));
        }
        Found::Nothing => return Problem::new(Code::NotFound, request.uri().path()).reply(id),
    };
    let outcome = handle(app, route, path, request, peer, id).await;
    outcome.unwrap_or_else(|problem| {
        debug_assert!(route.all_errors().contains(&problem.code), "{} does not declare {problem:?}", route.name);
        if problem.code == Code::Internal {
            tracing::error!(request_id = %id, operation = route.name, detail = problem.detail, "operation failed");
        }
        problem.reply(id)
    })
}

async fn handle(
    app: &Arc<App>,
    route: &'static Route,
    path: Vec<(&'static str, String)>,
    request: Request<Incoming>,
    peer: IpAddr,
    id: &Text,
) -> Result<Reply, Problem> {
    let (parts, body) = request.into_parts();
    let session = who::session(app, route, &parts.headers, peer)?;
    let user = session.as_ref().map_or_else(|| Arc::from(""), |session| Arc::clone(&session.user));
    who::may(app, route, &user)?;
    let mut given = request::query(parts.uri.query(), route)?;
    request::add_path(&mut given, path);
    request::add_body(&mut given, app, route, &parts.headers, body).await?;
    request::add_idempotency_key(&mut given, route, &parts.headers)?;
    let desk = desk(app, route, &mut given)?;
    let cx = V1 { app: Arc::clone(app), user, desk, request_id: id.clone() };
    let params = Params::check(given, route.params)?;
    let counted = count(&cx, route)?;
    let reply = match route.handler {
        Handler::Call(call) => call(cx, params).await.map(|done| reply_of(route, done)),
        Handler::List(list) => list.answer(cx, params, &parts.headers).await,
        Handler::Http(over_http) => {
            let is_secure = who::is_secure(app, &parts.headers);
            let agent = super::agent(&parts.headers).map(Text::from);
            over_http(Http { cx, peer, agent, is_secure, session }, params).await
        }
    };
    match counted {
        Some(counted) => Ok(counted.told(reply.unwrap_or_else(|problem| problem.reply(id)))),
        None => reply,
    }
}

/// Does what the stream asks for: the operation of this name, by the rules that it has over HTTP.
///
/// # Errors
/// The same problems as over HTTP, and `method_unknown`.
pub(crate) async fn call(app: &Arc<App>, user: &Arc<str>, method: &str, params: Value) -> Result<Value, Problem> {
    let route = routes::named(method).filter(|route| !matches!(route.handler, Handler::Http(_)));
    let Some(route) = route else {
        return Err(Problem::new(Code::MethodUnknown, method.chars().take(64).collect::<String>()));
    };
    who::may(app, route, user)?;
    let mut given = match params {
        Value::Object(given) => given,
        Value::Null => Map::new(),
        _ => return Err(Problem::field("params", "must be an object")),
    };
    let desk = desk(app, route, &mut given)?;
    let cx = V1 { app: Arc::clone(app), user: Arc::clone(user), desk, request_id: request_id::make(app) };
    let params = Params::check(given, route.params)?;
    count(&cx, route)?;
    let id = cx.request_id.clone();
    let calling = async {
        match route.handler {
            Handler::Call(call) => call(cx, params).await.map(|done| done.value),
            Handler::List(list) => list.call(cx, params).await,
            Handler::Http(_) => Err(Problem::new(Code::MethodUnknown, "over HTTP only")),
        }
    };
    AssertUnwindSafe(calling).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(request_id = %id, method, "an operation panicked");
        Err(Problem::new(Code::Internal, "the log has more under this request id").with("request_id", id.as_str()))
    })
}

/// The trading process that `trader` names.
fn desk(app: &App, route: &Route, given: &mut Map<String, Value>) -> Result<Arc<Desk>, Problem> {
    let named = if route.of_trader { given.remove("trader") } else { None };
    let name = match &named {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name.as_str()),
        Some(_) => return Err(Problem::field("trader", "must be a text")),
    };
    app.desk(name).cloned().ok_or_else(|| {
        let name: String = name.unwrap_or("").chars().take(64).collect();
        Problem::new(Code::TraderNotFound, format!("no trading process {name:?} is configured"))
    })
}

/// Counts against a limit; a login's is counted by the login itself.
fn count(cx: &V1, route: &Route) -> Result<Option<limiter::Counted>, Problem> {
    match route.limit {
        Some(Limit::Orders) => cx.app.v1.limiter.count(&cx.user).map(Some),
        Some(Limit::Logins) | None => Ok(None),
    }
}

fn reply_of(route: &Route, done: Done) -> Reply {
    let status = done.status.unwrap_or(route.status);
    debug_assert!(status == route.status || route.also.contains(&status), "{} does not declare {status}", route.name);
    let mut reply = match done.value {
        Value::Null if status == StatusCode::NO_CONTENT => {
            let mut reply = Reply::default();
            *reply.status_mut() = status;
            reply
        }
        value => json(status, serde_json::to_vec(&value).expect("a value is JSON")),
    };
    for (name, value) in done.headers {
        reply.headers_mut().insert::<HeaderName>(name, value);
    }
    reply
}
