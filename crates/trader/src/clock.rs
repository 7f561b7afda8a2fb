//! The one place of the trading process that reads clocks.

use gateway::Now;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Wall clock and a clock that only goes forward.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Instant,
    /// Where the wall clock began and how many times too fast it runs, where it is not the machine's.
    own: Option<(i64, u32)>,
}

impl Clock {
    /// The machine's clocks.
    pub fn start() -> Clock {
        Clock { start: Instant::now(), own: None }
    }

    /// A wall clock that shows `unix_us` now and runs so many times faster than the machine's: for tests, which do not
    /// wait for a minute to end. The clock that only goes forward is the machine's.
    pub fn fast(unix_us: i64, speed: u32) -> Clock {
        Clock { start: Instant::now(), own: Some((unix_us, speed)) }
    }

    /// The moment on both.
    pub fn now(self) -> Now {
        let passed_us = self.start.elapsed().as_micros();
        let unix_us = match self.own {
            Some((begin_us, speed)) => begin_us + passed_us as i64 * i64::from(speed),
            None => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros() as i64,
        };
        Now { unix_us, monotonic_us: passed_us as u64 }
    }
}
