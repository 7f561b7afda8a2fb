//! Python's `str(datetime)` and the offsets behind it, checked against values that CPython 3.11 printed.

use super::*;

fn civil(date: (i16, u8, u8), time: (u8, u8, u8), micro: u32) -> Civil {
    Civil::new(date, time, micro).expect("a real moment")
}

#[test]
fn prints_what_python_prints() {
    let at = civil((2026, 1, 5), (9, 30, 0), 500_000);
    assert_eq!(DateTime::in_zone(at, false, "Asia/Shanghai").unwrap().to_string(), "2026-01-05 09:30:00.500000+08:00");
    assert_eq!(DateTime::naive(civil((2026, 1, 5), (9, 30, 0), 0)).to_string(), "2026-01-05 09:30:00");
    let lmt = civil((1900, 1, 1), (0, 0, 0), 0);
    assert_eq!(DateTime::in_zone(lmt, false, "Asia/Shanghai").unwrap().to_string(), "1900-01-01 00:00:00+08:05:43");
    assert_eq!(DateTime::fixed(at, -18_000).rfc3339(), "2026-01-05T09:30:00.500000-05:00");
}

#[test]
fn fold_picks_the_second_pass_and_a_gap_the_side_that_python_picks() {
    let twice = civil((2024, 11, 3), (1, 30, 0), 0);
    assert_eq!(DateTime::in_zone(twice, false, "America/New_York").unwrap().offset(), Some(-4 * 3600));
    assert_eq!(DateTime::in_zone(twice, true, "America/New_York").unwrap().offset(), Some(-5 * 3600));
    let never = civil((2024, 3, 10), (2, 30, 0), 0);
    assert_eq!(DateTime::in_zone(never, false, "America/New_York").unwrap().offset(), Some(-5 * 3600));
    assert_eq!(DateTime::in_zone(never, true, "America/New_York").unwrap().offset(), Some(-4 * 3600));
}

#[test]
fn unix_time_and_back() {
    let at = DateTime::from_unix_micros(1_767_576_600_500_000, "Asia/Shanghai").unwrap();
    assert_eq!(at.to_string(), "2026-01-05 09:30:00.500000+08:00");
    assert_eq!(at.unix_micros(), 1_767_576_600_500_000);
    assert_eq!(DateTime::from_unix_micros(0, "UTC").unwrap().to_string(), "1970-01-01 00:00:00+00:00");
}

#[test]
fn what_is_no_moment_is_refused() {
    assert_eq!(Civil::new((2026, 2, 29), (0, 0, 0), 0), None);
    assert_eq!(Civil::new((0, 1, 1), (0, 0, 0), 0), None);
    assert_eq!(Civil::new((2026, 1, 1), (24, 0, 0), 0), None);
    assert_eq!(Civil::new((2026, 1, 1), (0, 0, 0), 1_000_000), None);
    assert_eq!(Civil::new((2026, 200, 1), (0, 0, 0), 0), None);
    assert!(DateTime::in_zone(civil((2026, 1, 1), (0, 0, 0), 0), false, "Mars/Olympus").is_none());
}
