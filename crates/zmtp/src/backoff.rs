//! How long to wait before the next attempt to connect. Pure: randomness comes in as an argument.
//!
//! The first wait is 20 to 100 ms, each further one twice as long, up to 0.6 to 1 s: a restarted peer is found
//! within 2 s, and many clients of one peer do not come back in step.

use std::time::Duration;

const FIRST_MS: (f64, f64) = (20.0, 100.0);
const LAST_MS: (f64, f64) = (600.0, 1000.0);

/// The wait after `failures` failed attempts in a row; `random` is from 0 to 1.
pub(crate) fn delay(failures: u32, random: f64) -> Duration {
    let factor = f64::from(1u32 << failures.min(10));
    let low = (FIRST_MS.0 * factor).min(LAST_MS.0);
    let high = (FIRST_MS.1 * factor).min(LAST_MS.1);
    Duration::from_secs_f64((low + (high - low) * random.clamp(0.0, 1.0)) / 1000.0)
}

#[cfg(test)]
mod tests;
