//! Moments to texts and back, on clocks that are put back and forward.

use super::*;

const NEW_YORK: &str = "America/New_York";

fn at(text: &str) -> DateTime {
    Stamp::parse(text).expect("a time").datetime()
}

fn text(zone: &str, moment: &str) -> String {
    Clock::new(zone).expect("a zone").text(&at(moment)).expect("within the calendar")
}

fn read(zone: &str, text: &str) -> String {
    Clock::new(zone).expect("a zone").read(text).expect("a time").to_string()
}

#[test]
fn a_moment_is_stored_as_the_clock_shows_it() {
    assert_eq!(text("Asia/Shanghai", "2024-01-02 01:00:00+00:00"), "2024-01-02 09:00:00");
    assert_eq!(text("Asia/Shanghai", "2024-01-02 01:00:00.500000+00:00"), "2024-01-02 09:00:00.500000");
    assert_eq!(text("UTC", "2024-01-02 00:30:00+08:00"), "2024-01-01 16:30:00");
    assert_eq!(text(NEW_YORK, "2024-07-01 12:00:00+00:00"), "2024-07-01 08:00:00");
    assert_eq!(text(NEW_YORK, "2024-01-01 12:00:00+00:00"), "2024-01-01 07:00:00");
}

#[test]
fn a_time_without_a_zone_is_of_the_database() {
    assert_eq!(text("Asia/Shanghai", "2024-01-02 09:00:00"), "2024-01-02 09:00:00");
    assert_eq!(text(NEW_YORK, "2024-01-02 09:00:00"), "2024-01-02 09:00:00");
}

#[test]
fn an_hour_that_is_there_twice_is_read_as_its_first_pass() {
    assert_eq!(text(NEW_YORK, "2024-11-03 05:30:00+00:00"), "2024-11-03 01:30:00");
    assert_eq!(text(NEW_YORK, "2024-11-03 06:30:00+00:00"), "2024-11-03 01:30:00");
    assert_eq!(read(NEW_YORK, "2024-11-03 01:30:00"), "2024-11-03 01:30:00-04:00");
}

#[test]
fn an_hour_that_is_not_there_is_read_with_the_offset_from_before() {
    assert_eq!(read(NEW_YORK, "2024-03-10 02:30:00"), "2024-03-10 03:30:00-04:00");
}

#[test]
fn a_range_over_the_repeated_hour_is_not_turned_around() {
    let clock = Clock::new(NEW_YORK).expect("a zone");
    let range = clock.range(&at("2024-11-03 05:45:00+00:00"), &at("2024-11-03 06:15:00+00:00")).expect("a range");
    assert_eq!(range, ("2024-11-03 01:15:00".to_owned(), "2024-11-03 01:45:00".to_owned()));
    let empty = clock.range(&at("2024-11-04 00:00:00+00:00"), &at("2024-11-03 00:00:00+00:00")).expect("a range");
    assert!(empty.0 > empty.1, "an end before its start stays one");
}

#[test]
fn a_zone_that_does_not_exist_is_refused() {
    assert_eq!(Clock::new("Asia/Nowhere").expect_err("no such zone"), HistoryError::Zone("Asia/Nowhere".to_owned()));
}

#[test]
fn a_moment_before_the_calendar_is_refused() {
    let clock = Clock::new(NEW_YORK).expect("a zone");
    let error = clock.text(&at("0001-01-01 00:00:00+00:00")).expect_err("it is in the year 0 there");
    assert!(error.to_string().contains("years 1 to 9999"), "{error}");
    assert!(clock.text(&at("0001-01-01 00:00:00")).is_ok());
}

#[test]
fn the_systems_zone_is_one() {
    assert!(Clock::new(&system_zone()).is_ok(), "{}", system_zone());
}
