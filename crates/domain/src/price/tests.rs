//! Steps of real instruments, where doubles like to go wrong.
#![allow(clippy::float_cmp, reason = "the exact double is what is asserted")]

use super::*;
use proptest::prelude::*;

#[test]
fn steps_of_real_instruments() {
    assert_eq!(round_to(3921.19, 0.2), 3921.2);
    assert_eq!(round_to(0.1 + 0.2, 0.1), 0.3);
    assert_eq!(round_to(2.5, 1.0), 2.0);
    assert_eq!(floor_to(0.3, 0.1), 0.3);
    assert_eq!(floor_to(0.39, 0.1), 0.3);
    assert_eq!(ceil_to(0.3, 0.1), 0.3);
    assert_eq!(ceil_to(0.31, 0.1), 0.4);
    assert_eq!(round_to(101.237, 0.005), 101.235);
    assert_eq!(round_to(7.0, 0.0), 7.0);
    assert_eq!((digits(0.2), digits(1.0), digits(1e-5), digits(0.005), digits(5.0)), (1, 0, 5, 3, 0));
}

#[test]
fn what_is_on_a_step() {
    assert!(on_step(3921.2, 0.2) && on_step(0.3, 0.1) && on_step(61800.1, 0.1) && on_step(-3.0, 1.0));
    assert!(!on_step(3921.3, 0.2) && !on_step(0.35, 0.1) && !on_step(f64::NAN, 0.1) && !on_step(f64::INFINITY, 1.0));
    assert!(same(0.1 + 0.2, 0.3, 0.1) && !same(0.3, 0.4, 0.1));
}

proptest! {
    #[test]
    fn rounding_lands_on_a_step_and_not_far_away(steps in -1_000_000i64..1_000_000, shift in -0.49f64..0.49, tick in prop::sample::select(vec![0.0001, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0])) {
        let value = (steps as f64 + shift) * tick;
        let rounded = round_to(value, tick);
        prop_assert!(on_step(rounded, tick));
        prop_assert!((rounded - value).abs() <= tick / 2.0 + tick * 1e-6);
        prop_assert!(floor_to(value, tick) <= value + tick * 1e-5 && ceil_to(value, tick) >= value - tick * 1e-5);
    }
}
