//! How often a user may send something to the trading process, told as draft-ietf-httpapi-ratelimit-headers has it.
//!
//! One window per user: it begins with his first request and allows so many until it ends. Always true: the table
//! is bounded; where it is full, the windows that are over make room, and else the request is let through uncounted.

use super::{Code, Problem};
use crate::auth::Clock;
use crate::http::Reply;
use crate::limits::{LIMITED_USERS, ORDERS_PER_WINDOW, ORDERS_WINDOW};
use hyper::header::{HeaderName, HeaderValue};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What is left.
pub(super) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// What is allowed.
pub(super) const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The windows.
pub(crate) struct Limiter {
    clock: Clock,
    windows: Mutex<HashMap<Arc<str>, Window>>,
}

#[derive(Clone, Copy)]
struct Window {
    begin_ms: i64,
    used: u32,
}

/// A request that was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    left: u32,
    reset_ms: i64,
}

impl Limiter {
    /// Nothing counted yet.
    pub(super) fn new(clock: Clock) -> Limiter {
        Limiter { clock, windows: Mutex::default() }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// `rate_limited`; it was not counted.
    pub(super) fn count(&self, user: &Arc<str>) -> Result<Counted, Problem> {
        let now_ms = (self.clock)();
        let length_ms = ORDERS_WINDOW.as_millis() as i64;
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= LIMITED_USERS {
            windows.retain(|_, window| window.begin_ms + length_ms > now_ms);
        }
        let fresh = Window { begin_ms: now_ms, used: 0 };
        let mut uncounted = fresh;
        if windows.len() < LIMITED_USERS && !windows.contains_key(user) {
            windows.insert(Arc::clone(user), fresh);
        }
        let window = windows.get_mut(user).unwrap_or(&mut uncounted);
        if !(window.begin_ms..window.begin_ms + length_ms).contains(&now_ms) {
            *window = fresh;
        }
        let reset_ms = window.begin_ms + length_ms - now_ms;
        if window.used >= ORDERS_PER_WINDOW {
            return Err(refused(reset_ms));
        }
        window.used += 1;
        Ok(Counted { left: ORDERS_PER_WINDOW - window.used, reset_ms })
    }
}

impl Counted {
    /// The answer with what is left.
    pub(super) fn told(self, mut reply: Reply) -> Reply {
        let headers = reply.headers_mut();
        headers.insert(RATE_LIMIT, rate_limit("orders", self.left, self.reset_ms));
        headers.insert(POLICY, policy("orders", ORDERS_PER_WINDOW, ORDERS_WINDOW));
        reply
    }
}

/// `"orders";r=19;t=1`.
pub(super) fn rate_limit(name: &str, left: u32, reset_ms: i64) -> HeaderValue {
    let seconds = reset_ms.max(0).unsigned_abs().div_ceil(1000);
    HeaderValue::try_from(format!("\"{name}\";r={left};t={seconds}")).expect("ASCII")
}

/// `"orders";q=20;w=1`.
pub(super) fn policy(name: &str, quota: u32, window: Duration) -> HeaderValue {
    HeaderValue::try_from(format!("\"{name}\";q={quota};w={}", window.as_secs())).expect("ASCII")
}

fn refused(reset_ms: i64) -> Problem {
    let time = Duration::from_millis(reset_ms.unsigned_abs());
    Problem::new(Code::RateLimited, format!("{ORDERS_PER_WINDOW} in {} s", ORDERS_WINDOW.as_secs()))
        .retry_after(time)
        .with_header(RATE_LIMIT, rate_limit("orders", 0, reset_ms))
        .with_header(POLICY, policy("orders", ORDERS_PER_WINDOW, ORDERS_WINDOW))
}

impl std::fmt::Debug for Limiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Limiter(…)")
    }
}

#[cfg(test)]
mod tests;
