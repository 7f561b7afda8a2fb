//! How much is read from one client: a flood is the flooder's own problem.
//!
//! Pure. Always true: in any second no more than twice the allowance is taken; what is over it waits in the kernel,
//! and then at the client.

use std::time::Duration;
use tokio::time::Instant;

use super::limits::{BYTES_PER_SECOND, FRAMES_PER_SECOND};

/// Allowance of one client, refilled by time.
#[derive(Debug)]
pub(super) struct Pace {
    frames: f64,
    bytes: f64,
    at: Instant,
}

/// A pause is at least so long, so that it is not a busy loop.
const PAUSE: Duration = Duration::from_millis(20);

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Self { frames: f64::from(FRAMES_PER_SECOND), bytes: f64::from(BYTES_PER_SECOND), at: now }
    }

    pub(super) fn frame(&mut self) {
        self.frames -= 1.0;
    }

    pub(super) fn read(&mut self, bytes: usize) {
        self.bytes -= bytes as f64;
    }

    /// Whether more may be read.
    pub(super) fn allows(&self) -> bool {
        self.frames > 0.0 && self.bytes > 0.0
    }

    /// Fills up for the time that has passed.
    pub(super) fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at);
        if self.allows() && passed < PAUSE || passed < PAUSE / 2 {
            return;
        }
        self.at = now;
        let fill = |rate: u32, left: f64| (left + f64::from(rate) * passed.as_secs_f64()).min(f64::from(rate));
        self.frames = fill(FRAMES_PER_SECOND, self.frames);
        self.bytes = fill(BYTES_PER_SECOND, self.bytes);
    }

    /// When to look again.
    pub(super) fn resume_at(&self) -> Option<Instant> {
        (!self.allows()).then(|| self.at + PAUSE)
    }
}
