//! The times of one connection, and the one timer that wakes it for the next of them.
//!
//! Always true: the timer is set to the nearest of those that can still matter; nothing here is shared.

use super::limits::Options;
use super::stats::Ending;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep_until};

pub(super) struct Clock {
    born: Instant,
    heard: Instant,
    pinged: bool,
    pub(super) heartbeat_at: Instant,
    pub(super) blocked_since: Option<Instant>,
    /// End of the time to close.
    pub(super) over_at: Option<Instant>,
    auth_time: Duration,
    timer: Pin<Box<Sleep>>,
}

impl Clock {
    pub(super) fn new(options: &Options, now: Instant) -> Clock {
        Clock {
            born: now,
            heard: now,
            pinged: false,
            heartbeat_at: now + options.heartbeat,
            blocked_since: None,
            over_at: None,
            auth_time: options.auth_time,
            timer: Box::pin(sleep_until(now)),
        }
    }

    pub(super) fn heard(&mut self, now: Instant) {
        self.heard = now;
        self.pinged = false;
    }

    /// Whether a ping is due; it counts as sent.
    pub(super) fn ping_is_due(&mut self, options: &Options, now: Instant) -> bool {
        let due = !self.pinged && now >= self.heard + options.ping_after;
        self.pinged |= due;
        due
    }

    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.over_at.is_some_and(|over| now >= over)
    }

    pub(super) fn auth_is_over(&self, now: Instant) -> bool {
        now >= self.born + self.auth_time
    }

    /// Whether the client takes nothing or says nothing for too long.
    pub(super) fn given_up(&self, now: Instant, options: &Options) -> Option<Ending> {
        if self.blocked_since.is_some_and(|since| now >= since + options.stall_time) {
            return Some(Ending::Stalled);
        }
        (now >= self.heard + options.dead_after).then_some(Ending::Dead)
    }

    /// The nearest time at which something has to be done.
    pub(super) fn deadline(
        &self,
        options: &Options,
        is_new: bool,
        is_ending: bool,
        reading: Option<Instant>,
    ) -> Instant {
        let far = self.heard + options.dead_after;
        let mut next = self.over_at.unwrap_or(far);
        if !is_ending {
            let ping = if self.pinged { far } else { self.heard + options.ping_after };
            let said = if is_new { self.born + self.auth_time } else { self.heartbeat_at.min(ping) };
            next = next.min(self.blocked_since.map_or(said, |since| since + options.stall_time));
        }
        reading.map_or(next, |reading| next.min(reading))
    }

    /// True if the time has come.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, deadline: Instant) -> bool {
        if self.timer.deadline() != deadline {
            self.timer.as_mut().reset(deadline);
        }
        self.timer.as_mut().poll(cx).is_ready()
    }
}
