//! Prices and volumes are doubles; here is the one place where they are compared and rounded, in steps.

/// Part of a step below which two prices are the same: far above the error of a double, far below a tick.
const TOLERANCE: f64 = 1e-6;

/// Whether the two differ by less than a millionth of the step.
pub fn same(a: f64, b: f64, step: f64) -> bool {
    (a - b).abs() <= step.abs() * TOLERANCE
}

/// Whether `value` is a whole number of steps; a step of 0 or less allows everything.
pub fn on_step(value: f64, step: f64) -> bool {
    if step <= 0.0 {
        return true;
    }
    let steps = value / step;
    steps.is_finite() && (steps - steps.round()).abs() <= TOLERANCE.max(steps.abs() * 1e-12)
}

/// The value in whole steps, halves to even as VeighNa's `round_to`; unchanged for a step of 0 or less.
pub fn round_to(value: f64, step: f64) -> f64 {
    scaled(value, step, f64::round_ties_even)
}

/// The largest whole number of steps not above the value.
pub fn floor_to(value: f64, step: f64) -> f64 {
    scaled(value, step, |steps| (steps + TOLERANCE).floor())
}

/// The smallest whole number of steps not below the value.
pub fn ceil_to(value: f64, step: f64) -> f64 {
    scaled(value, step, |steps| (steps - TOLERANCE).ceil())
}

/// Decimals needed to print multiples of the step (`0.2` → 1, `1e-05` → 5), as VeighNa's `get_digits`.
pub fn digits(step: f64) -> usize {
    if !step.is_finite() {
        return 0;
    }
    let text = format!("{step}");
    text.split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

/// Rounds to whole steps, then to the step's decimals, so that 3 × 0.1 prints as 0.3.
fn scaled(value: f64, step: f64, whole: impl Fn(f64) -> f64) -> f64 {
    if step <= 0.0 || !value.is_finite() {
        return value;
    }
    let raw = whole(value / step) * step;
    let places = i32::try_from(digits(step)).unwrap_or(15).min(15);
    let scale = 10f64.powi(places);
    let rounded = (raw * scale).round() / scale;
    if rounded.is_finite() { rounded } else { raw }
}

#[cfg(test)]
mod tests;
