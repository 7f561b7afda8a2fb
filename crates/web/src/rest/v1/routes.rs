//! The table of operations: the router, the stream's calls and the OpenAPI document all read this one list.

use super::code::Code;
use super::params::{Param, Place};
use super::problem::Problem;
use super::{Http, V1, lists::List, params::Params};
use crate::auth::Role;
use crate::http::Reply;
use futures_util::future::BoxFuture;
use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Below this lies everything here.
pub const PREFIX: &str = "/api/v1";

/// What an operation that went well answers.
#[derive(Debug)]
pub struct Done {
    /// The body.
    pub value: Value,
    /// Status, where it is not the one of the table.
    pub status: Option<StatusCode>,
    /// More headers over HTTP.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl From<Value> for Done {
    fn from(value: Value) -> Done {
        Done { value, status: None, headers: Vec::new() }
    }
}

/// How an operation ends.
pub type Outcome = Result<Done, Problem>;

/// An operation with JSON in and JSON out; offered on the stream, too.
pub type Call = fn(V1, Params) -> BoxFuture<'static, Outcome>;

/// An operation that needs the request itself; over HTTP only.
pub type OverHttp = fn(Http, Params) -> BoxFuture<'static, Result<Reply, Problem>>;

/// What answers an operation.
#[derive(Clone, Copy)]
pub enum Handler {
    /// JSON in, JSON out.
    Call(Call),
    /// A table of the replica, with ETag, pages and compression.
    List(&'static dyn List),
    /// Something of HTTP: logins and downloads.
    Http(OverHttp),
}

/// A limit on how often an operation may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Orders and what else changes something in the trading process: each user's own.
    Orders,
    /// Logins: failures of an address.
    Logins,
}

/// What the document says about what comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// An object of this schema.
    One(&'static str),
    /// A page: `data` has rows of this schema.
    Page(&'static str),
    /// An array of this schema.
    Many(&'static str),
    /// A text of this media type.
    Text(&'static str),
    /// No body.
    Nothing,
}

/// One operation.
#[derive(Clone, Copy)]
pub struct Route {
    /// Method.
    pub method: &'static str,
    /// Path below [`PREFIX`]; a name in braces stands for one segment.
    pub path: &'static str,
    /// Its name on the stream and in the document.
    pub name: &'static str,
    /// Group in the document.
    pub tag: &'static str,
    /// One line about it.
    pub summary: &'static str,
    /// More about it.
    pub help: &'static str,
    /// Parameters, but for `trader`.
    pub params: &'static [Param],
    /// What comes back.
    pub answer: Answer,
    /// Status of what comes back.
    pub status: StatusCode,
    /// Further statuses with the same body.
    pub also: &'static [StatusCode],
    /// Errors, beyond those that each operation of its kind has.
    pub errors: &'static [Code],
    /// Whether `trader` picks a trading process.
    pub of_trader: bool,
    /// Whether it is there for those who are not logged in.
    pub public: bool,
    /// The least role of those who may use it; nothing where it is public.
    pub needs: Role,
    /// How often it may be used.
    pub limit: Option<Limit>,
    /// What answers it.
    pub handler: Handler,
}

impl Route {
    /// An operation of a trading process that answers 200 with an object; for those who are logged in, and where it
    /// changes something for those who trade.
    pub const fn new(method: &'static str, path: &'static str, name: &'static str, handler: Handler) -> Route {
        Route {
            method,
            path,
            name,
            tag: "",
            summary: "",
            help: "",
            params: &[],
            answer: Answer::Nothing,
            status: StatusCode::OK,
            also: &[],
            errors: &[],
            of_trader: true,
            public: false,
            needs: if matches!(method.as_bytes(), b"GET") { Role::Viewer } else { Role::Trader },
            limit: None,
            handler,
        }
    }

    /// With a group and what the document says.
    #[must_use]
    pub const fn told(self, tag: &'static str, summary: &'static str, help: &'static str) -> Route {
        Route { tag, summary, help, ..self }
    }

    /// With parameters.
    #[must_use]
    pub const fn params(self, params: &'static [Param]) -> Route {
        Route { params, ..self }
    }

    /// With what comes back, and how.
    #[must_use]
    pub const fn answers(self, status: StatusCode, answer: Answer) -> Route {
        Route { status, answer, ..self }
    }

    /// With errors of its own.
    #[must_use]
    pub const fn errors(self, errors: &'static [Code]) -> Route {
        Route { errors, ..self }
    }

    /// With a limit.
    #[must_use]
    pub const fn limited(self, limit: Limit) -> Route {
        Route { limit: Some(limit), ..self }
    }

    /// For those of this role, and above.
    #[must_use]
    pub const fn needs(self, role: Role) -> Route {
        Route { needs: role, ..self }
    }

    /// Of the web process itself, not of a trading process.
    #[must_use]
    pub const fn of_all(self) -> Route {
        Route { of_trader: false, ..self }
    }

    /// Whether it has a body.
    pub fn has_body(&self) -> bool {
        self.params.iter().any(|param| param.place == Place::Body)
    }

    /// Whether a member of the body has this name.
    pub fn takes(&self, name: &str) -> bool {
        self.params.iter().any(|param| param.name == name && param.place == Place::Body)
    }

    /// Whether it changes something.
    pub fn is_unsafe(&self) -> bool {
        self.method != "GET"
    }

    /// Every error that it can answer.
    pub fn all_errors(&self) -> Vec<Code> {
        let mut codes = vec![Code::Invalid, Code::Malformed, Code::Internal];
        codes.extend_from_slice(self.errors);
        let cases = [
            (!self.public, &[Code::NotAuthenticated, Code::TokenInvalid][..]),
            (self.is_unsafe(), &[Code::CrossSite]),
            (!self.public && self.needs > Role::Viewer, &[Code::Forbidden]),
            (self.of_trader, &[Code::TraderNotFound]),
            (self.has_body(), &[Code::MediaType, Code::BodyTooLarge, Code::BodyTooSlow]),
            (self.has_body() && self.takes("client_order_id"), &[Code::IdConflict]),
            (self.limit == Some(Limit::Orders), &[Code::RateLimited]),
            (self.limit == Some(Limit::Logins), &[Code::LoginThrottled]),
            (matches!(self.handler, Handler::List(_)), &[Code::TraderAway, Code::CursorNotFound]),
        ];
        codes.extend(cases.iter().filter(|(is_so, _)| *is_so).flat_map(|(_, codes)| codes.iter().copied()));
        codes.sort_by_key(|code| (code.status(), code.name()));
        codes.dedup();
        codes
    }
}

/// What a request's method and path come to.
pub(super) enum Found {
    /// This operation, with the path's parameters.
    Route(&'static Route, Vec<(&'static str, String)>),
    /// The path is there for these other methods.
    NotAllowed(String),
    /// Nothing.
    Nothing,
}

/// All operations.
pub fn all() -> impl Iterator<Item = &'static Route> + Clone {
    super::TABLES.iter().flat_map(|table| table.iter())
}

/// The operation of this name.
pub(super) fn named(name: &str) -> Option<&'static Route> {
    all().find(|route| route.name == name)
}

/// Finds the operation of this method and (raw) path.
pub(super) fn find(method: &str, path: &str) -> Found {
    let rest = path.strip_prefix(PREFIX).unwrap_or(path);
    let Some(closest) = PATHS.closest(rest) else { return Found::Nothing };
    let mut here = all().filter(|route| route.path == closest);
    match here.clone().find(|route| route.method == method) {
        Some(route) => Found::Route(route, matching(closest, rest).unwrap_or_default()),
        None => Found::NotAllowed(here.by_ref().map(|route| route.method).collect::<Vec<_>>().join(", ")),
    }
}

/// All paths, sorted out once: this is looked at for each request.
static PATHS: LazyLock<Paths> = LazyLock::new(Paths::new);

struct Paths {
    literal: HashSet<&'static str>,
    /// Those with fewer names in braces first.
    patterns: Vec<&'static str>,
}

impl Paths {
    fn new() -> Paths {
        let (literal, patterns): (HashSet<_>, HashSet<_>) =
            all().map(|route| route.path).partition(|path| braces(path) == 0);
        let mut patterns: Vec<&'static str> = patterns.into_iter().collect();
        patterns.sort_by_key(|path| (braces(path), *path));
        Paths { literal, patterns }
    }

    /// A path without names in braces wins: `/orders/check` is no order.
    fn closest(&self, path: &str) -> Option<&'static str> {
        let literal = self.literal.get(path).copied();
        literal.or_else(|| self.patterns.iter().copied().find(|pattern| fits(pattern, path)))
    }
}

fn braces(pattern: &str) -> usize {
    pattern.bytes().filter(|byte| *byte == b'{').count()
}

/// The same as [`matching`] without its price.
fn fits(pattern: &'static str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        let fits = match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) => match in_braces(wanted) {
                Some((_, suffix)) => given.strip_suffix(suffix).is_some_and(|value| !value.is_empty()),
                None => wanted == given,
            },
            (None, Some(_)) | (Some(_), None) => false,
        };
        if !fits {
            return false;
        }
    }
}

/// What stands for the braces. Segments are decoded after they were split, so that an id may hold a slash.
fn matching(pattern: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    let mut found = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(found),
            (Some(wanted), Some(given)) => match in_braces(wanted) {
                Some((name, suffix)) => {
                    let value = given.strip_suffix(suffix).filter(|value| !value.is_empty())?;
                    found.push((name, super::super::decoded(value).into_owned()));
                }
                None if wanted == given => {}
                None => return None,
            },
            (None, Some(_)) | (Some(_), None) => return None,
        }
    }
}

/// The name in braces and what follows it, as in `{table}.csv`.
fn in_braces(segment: &'static str) -> Option<(&'static str, &'static str)> {
    segment.strip_prefix('{')?.split_once('}')
}
