//! RFC 9457 problem details: the one form of an error in `/api/v1`, and the one mapping of what went wrong to it.

use super::code::Code;
use crate::auth::LoginError;
use crate::command::CommandError;
use crate::http::{BodyError, Reply, json, with_header};
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::{Map, Value};
use std::time::Duration;

/// Begin of `type`; what follows is the code.
pub const TYPE_PREFIX: &str = "urn:webtrader:problem:";

/// One error, as it is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// What kind of error.
    pub code: Code,
    /// What happened this time, for a person.
    pub detail: String,
    /// When it may be tried again.
    pub retry_after: Option<Duration>,
    /// More about it.
    pub extra: Map<String, Value>,
    /// Headers of the answer.
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// An error with what happened this time.
    pub fn new(code: Code, detail: impl Into<String>) -> Problem {
        Problem { code, detail: detail.into(), retry_after: None, extra: Map::new(), headers: Vec::new() }
    }

    /// The same with one more member. Those of RFC 9457 and `code` cannot be replaced.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Problem {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    /// The same with the time after which it may be tried again.
    #[must_use]
    pub fn retry_after(mut self, time: Duration) -> Problem {
        self.retry_after = Some(time);
        self
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Problem {
        self.headers.push((name, value));
        self
    }

    /// One wrong field: the JSON pointer of it (RFC 6901), or the name of a query or path parameter.
    pub fn field(name: &str, reason: impl Into<String>) -> Problem {
        let reason = reason.into();
        let error = serde_json::json!({ "field": name, "detail": reason });
        Problem::new(Code::Invalid, format!("{name}: {reason}")).with("errors", Value::Array(vec![error]))
    }

    /// The trading process is away; nothing was done.
    pub fn away(trader: &str) -> Problem {
        let detail = format!("trading process {trader} is not connected (交易进程未连接)");
        Problem::new(Code::TraderAway, detail).retry_after(Duration::from_secs(1))
    }

    /// The members in order.
    pub fn value(&self, request_id: Option<&str>) -> Value {
        let mut members = Map::new();
        members.insert("type".into(), format!("{TYPE_PREFIX}{}", self.code.name()).into());
        members.insert("title".into(), self.code.title().into());
        members.insert("status".into(), self.code.status().as_u16().into());
        members.insert("code".into(), self.code.name().into());
        members.insert("detail".into(), self.detail.as_str().into());
        if let Some(id) = request_id {
            members.insert("request_id".into(), id.into());
        }
        if let Some(time) = self.retry_after {
            members.insert("retry_after_ms".into(), u64::try_from(time.as_millis()).unwrap_or(u64::MAX).into());
        }
        for (name, value) in &self.extra {
            members.entry(name.as_str()).or_insert_with(|| value.clone());
        }
        Value::Object(members)
    }

    /// The answer.
    pub(crate) fn reply(&self, request_id: &str) -> Reply {
        let body = serde_json::to_vec(&self.value(Some(request_id))).expect("a value is JSON");
        let mut reply = json(self.code.status(), body);
        let headers = reply.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(time) = self.retry_after {
            let seconds = time.as_millis().div_ceil(1000).max(1);
            headers.insert(RETRY_AFTER, HeaderValue::try_from(seconds.to_string()).expect("digits"));
        }
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        match self.code {
            Code::NotAuthenticated | Code::TokenInvalid | Code::WrongCredentials => {
                with_header(reply, WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
            }
            // The rest of the body was not read, so the connection cannot go on.
            Code::BodyTooLarge | Code::BodyTooSlow => with_header(reply, CONNECTION, HeaderValue::from_static("close")),
            _ => reply,
        }
    }
}

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Problem {
        let detail = error.to_string();
        match error {
            CommandError::NotSent(_) => Problem::new(Code::NotSent, detail).retry_after(Duration::from_secs(1)),
            CommandError::Unknown(_) => Problem::new(Code::OutcomeUnknown, detail),
            CommandError::Refused(_) => Problem::new(Code::Refused, detail),
            CommandError::Unsupported(_) => Problem::new(Code::Unsupported, detail),
        }
    }
}

impl From<LoginError> for Problem {
    fn from(error: LoginError) -> Problem {
        let detail = error.to_string();
        match error {
            LoginError::Wrong => Problem::new(Code::WrongCredentials, detail),
            LoginError::Wait(time) => Problem::new(Code::LoginThrottled, detail).retry_after(time),
            LoginError::Busy => Problem::new(Code::Busy, detail).retry_after(Duration::from_secs(1)),
        }
    }
}

impl From<BodyError> for Problem {
    fn from(error: BodyError) -> Problem {
        let code = match error {
            BodyError::TooLarge(_) => Code::BodyTooLarge,
            BodyError::TooSlow => Code::BodyTooSlow,
            BodyError::Broken => Code::Malformed,
        };
        Problem::new(code, error.to_string())
    }
}
