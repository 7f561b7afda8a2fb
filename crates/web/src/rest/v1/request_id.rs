//! `X-Request-Id`: the client's own where it is sane, else one of ours; it stands in the answer and in the log.

use crate::app::App;
use domain::Text;
use hyper::HeaderMap;
use hyper::header::HeaderName;
use std::sync::atomic::{AtomicU64, Ordering};

/// The header.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id of a client that is taken over; a UUID has 36.
const LONGEST: usize = 64;

/// Makes ids: the start of the process, then a number.
#[derive(Debug)]
pub(crate) struct Ids {
    epoch: u64,
    next: AtomicU64,
}

impl Ids {
    /// Ids that differ from those of a process with another epoch.
    pub(super) fn new(epoch: u64) -> Ids {
        Ids { epoch, next: AtomicU64::new(1) }
    }

    fn make(&self) -> Text {
        compact_str::format_compact!("{:x}-{:x}", self.epoch, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// The id of a request.
pub(super) fn of(app: &App, headers: &HeaderMap) -> Text {
    let given = headers.get(HEADER).and_then(|value| value.to_str().ok()).filter(|id| is_sane(id));
    given.map_or_else(|| make(app), Text::new)
}

/// A new one.
pub(super) fn make(app: &App) -> Text {
    app.v1.ids.make()
}

/// Nothing that could be mistaken for something else in a log.
fn is_sane(id: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=LONGEST).contains(&id.len()) && id.bytes().all(fits)
}
