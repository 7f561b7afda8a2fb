//! The value of a European option on a future (Black 1976, no interest).

/// Value of an option; `years` to its end, `deviation` a year.
pub(super) fn black76(forward: f64, strike: f64, years: f64, deviation: f64, call: bool) -> f64 {
    let sign = if call { 1.0 } else { -1.0 };
    let spread = deviation * years.max(0.0).sqrt();
    if spread <= 1e-9 {
        return (sign * (forward - strike)).max(0.0);
    }
    let d1 = ((forward / strike).ln() + 0.5 * spread * spread) / spread;
    let d2 = d1 - spread;
    (sign * (forward * normal(sign * d1) - strike * normal(sign * d2))).max(0.0)
}

/// The normal distribution (Abramowitz and Stegun 26.2.17, error below 1e-7).
fn normal(x: f64) -> f64 {
    let k = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let poly =
        k * (0.319_381_530 + k * (-0.356_563_782 + k * (1.781_477_937 + k * (-1.821_255_978 + k * 1.330_274_429))));
    let tail = (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt() * poly;
    if x >= 0.0 { 1.0 - tail } else { tail }
}
