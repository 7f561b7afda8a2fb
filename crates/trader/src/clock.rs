//! The one place of the trading process that reads clocks.

use gateway::Now;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Wall clock and a clock that only goes forward.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: Instant,
}

impl Clock {
    pub(crate) fn start() -> Clock {
        Clock { start: Instant::now() }
    }

    pub(crate) fn now(self) -> Now {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Now { unix_us: unix.as_micros() as i64, monotonic_us: self.start.elapsed().as_micros() as u64 }
    }
}
