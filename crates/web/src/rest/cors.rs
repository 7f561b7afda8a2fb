//! Cross-origin requests: off, unless origins are named in the configuration.

use crate::http::{Body, Reply};
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HeaderValue, ORIGIN, VARY,
};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};

/// Origins whose pages may call us. Credentials are bearer tokens, so cookies are never allowed along.
#[derive(Debug)]
pub struct Cors {
    origins: Vec<String>,
}

impl Cors {
    /// Allows exactly these origins, such as `https://desk.example:8443`.
    pub fn new(origins: &[String]) -> Cors {
        Cors { origins: origins.iter().map(|origin| origin.trim_end_matches('/').to_owned()).collect() }
    }

    /// The request's origin, if it is an allowed one.
    pub(super) fn allowed(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        if self.origins.is_empty() {
            return None;
        }
        let origin = headers.get(ORIGIN)?;
        self.origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()).then(|| origin.clone())
    }

    pub(super) fn is_preflight<B>(request: &Request<B>) -> bool {
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
    }

    /// What may be sent: `is_full` for the full API, which has more than the classic surface.
    pub(super) fn preflight(is_full: bool) -> Reply {
        let mut reply = Response::new(Body::Empty);
        *reply.status_mut() = StatusCode::NO_CONTENT;
        let headers = reply.headers_mut();
        let (methods, sent) = match is_full {
            true => {
                ("GET, POST, PUT, DELETE", "authorization, content-type, if-none-match, idempotency-key, x-request-id")
            }
            false => ("GET, POST, DELETE", "authorization, content-type, if-none-match"),
        };
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(sent));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        reply
    }

    pub(super) fn grant(mut reply: Reply, origin: HeaderValue, is_full: bool) -> Reply {
        let headers = reply.headers_mut();
        if is_full {
            let read = "etag, location, ratelimit, ratelimit-policy, retry-after, x-request-id";
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(read));
        }
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.append(VARY, HeaderValue::from_static("origin"));
        reply
    }
}
