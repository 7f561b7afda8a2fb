//! The bounds that the documentation promises.

use super::delay;
use proptest::prelude::*;
use std::time::Duration;

proptest! {
    #[test]
    fn is_never_below_the_first_nor_above_the_last(failures: u32, random in -1.0..2.0f64) {
        let delay = delay(failures, random);
        prop_assert!(delay >= Duration::from_millis(20));
        prop_assert!(delay <= Duration::from_millis(1000));
    }
}

#[test]
fn starts_short_and_grows() {
    assert_eq!(delay(0, 0.0), Duration::from_millis(20));
    assert_eq!(delay(0, 1.0), Duration::from_millis(100));
    assert_eq!(delay(1, 0.0), Duration::from_millis(40));
    assert_eq!(delay(30, 0.0), Duration::from_millis(600));
    assert_eq!(delay(30, 1.0), Duration::from_millis(1000));
}
