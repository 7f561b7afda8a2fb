//! Counters of the REST side.

use crate::auth::LoginError;
use crate::prometheus::{head, line};
use hyper::StatusCode;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counters since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Answers by the first digit of their status.
    answers: [AtomicU64; 6],
    logins: AtomicU64,
    wrong: AtomicU64,
    throttled: AtomicU64,
    busy: AtomicU64,
}

impl Metrics {
    pub(super) fn count(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).min(self.answers.len() - 1);
        self.answers[class].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_login(&self, error: Option<LoginError>) {
        let counter = match error {
            None => &self.logins,
            Some(LoginError::Wrong) => &self.wrong,
            Some(LoginError::Wait(_)) => &self.throttled,
            Some(LoginError::Busy) => &self.busy,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// The counters as Prometheus reads them.
    pub(super) fn write(&self, out: &mut String) {
        head(out, "webtrader_http_answers_total", "counter", "Answers by class of status.");
        for (class, count) in self.answers.iter().enumerate().skip(1) {
            line(out, format!("webtrader_http_answers_total{{class=\"{class}xx\"}}"), count.load(Ordering::Relaxed));
        }
        head(out, "webtrader_logins_total", "counter", "Logins by outcome.");
        let outcomes =
            [("ok", &self.logins), ("wrong", &self.wrong), ("throttled", &self.throttled), ("busy", &self.busy)];
        for (outcome, count) in outcomes {
            line(out, format!("webtrader_logins_total{{outcome=\"{outcome}\"}}"), count.load(Ordering::Relaxed));
        }
    }
}
