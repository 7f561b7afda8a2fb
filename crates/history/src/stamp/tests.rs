//! What is read as a time, and what is not.

use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Option<String> {
    Stamp::parse(text).map(|stamp| stamp.datetime().to_string())
}

#[test]
fn times_as_veighna_and_python_write_them() {
    let cases = [
        ("2024-01-02 09:00:00", "2024-01-02 09:00:00"),
        ("2024-01-02T09:00", "2024-01-02 09:00:00"),
        ("2024-01-02", "2024-01-02 00:00:00"),
        ("2024-01-02 09:00:00.5", "2024-01-02 09:00:00.500000"),
        ("2024-01-02 09:00:00.123456789", "2024-01-02 09:00:00.123456"),
        ("2024-01-02 09:00:00.500000+08:00", "2024-01-02 09:00:00.500000+08:00"),
        ("2024-01-02T09:00:00Z", "2024-01-02 09:00:00+00:00"),
        ("1901-01-01 00:00:00+08:05:43", "1901-01-01 00:00:00+08:05:43"),
        ("2024-01-02 09:00:00-0430", "2024-01-02 09:00:00-04:30"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_is_no_time() {
    let cases = [
        "",
        "2024",
        "2024-13-01",
        "2023-02-29",
        "2024-01-02 24:00:00",
        "2024-01-02 09:00:60",
        "2024-01-02 9:00:00",
        "2024-01-02 09:00:00.",
        "2024-01-02 09:00:00.1234567890",
        "2024-01-02 09:00:00 ",
        "2024-01-02 09:00:00+24:00",
        "0000-01-01 00:00:00",
        "二〇二四年",
    ];
    for text in cases {
        assert_eq!(read(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_time_or_none(text in "[0-9T :.+Z-]{0,32}|.*") {
        let _ = Stamp::parse(&text);
    }

    #[test]
    fn what_is_printed_is_read(
        date in (1_i16..=9999, 1_u8..=12, 1_u8..=28), time in (0_u8..24, 0_u8..60, 0_u8..60), micro in 0_u32..1_000_000,
        offset in proptest::option::of(-86_399_i32..86_400),
    ) {
        let civil = Civil::new(date, time, micro).expect("a moment of the calendar");
        let at = Stamp { civil, offset };
        prop_assert_eq!(Stamp::parse(&at.datetime().to_string()), Some(at));
        prop_assert_eq!(Stamp::parse(&at.datetime().rfc3339()), Some(at));
    }
}
