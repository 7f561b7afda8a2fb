//! Randomness that is a pure function of (seed, place, moment), so that any moment of the past can be asked again.
//!
//! A price path is a sum of octaves of value noise: random values at the points of a lattice, straight lines in
//! between, each octave four times finer and half as high as the one before. That has the roughness of a random
//! walk from seconds to months, and still stays near its middle over years.

/// Lattice distance of the coarsest octave: 64 days.
const COARSEST_US: i64 = 64 * 86_400_000_000;
/// Octaves; the finest lattice is 1.3 seconds.
const OCTAVES: u32 = 12;
/// Height of the octave of one day, for a daily deviation of 1; measured by a test.
const HEIGHT: f64 = 0.95;

/// A 64-bit hash of two numbers (splitmix64's finaliser, which passes the usual tests).
pub(super) fn hash(seed: u64, key: u64) -> u64 {
    let mut z = seed.wrapping_add(key.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A seed for a name.
pub(super) fn seed_of(seed: u64, name: &str) -> u64 {
    name.bytes().fold(hash(seed, 0x5EED), |sum, byte| hash(sum, u64::from(byte)))
}

/// Evenly in 0 to 1.
pub(super) fn unit(seed: u64, key: u64) -> f64 {
    (hash(seed, key) >> 11) as f64 / (1u64 << 53) as f64
}

/// The path of that seed at that moment, in daily deviations from its middle.
pub(super) fn path(seed: u64, at_us: i64) -> f64 {
    let mut sum = 0.0;
    let mut period = COARSEST_US;
    // 64 days of random walk deviate eight times as far as one.
    let mut height = HEIGHT * 8.0;
    for octave in 0..OCTAVES {
        sum += height * lattice(hash(seed, u64::from(octave)), at_us, period);
        period /= 4;
        height /= 2.0;
    }
    sum
}

/// One octave: between -1 and 1.
pub(super) fn lattice(seed: u64, at_us: i64, period: i64) -> f64 {
    let cell = at_us.div_euclid(period);
    let part = at_us.rem_euclid(period) as f64 / period as f64;
    let (from, to) = (unit(seed, cell as u64), unit(seed, (cell + 1) as u64));
    2.0 * (from + (to - from) * part) - 1.0
}
