//! Times as files write them.

use super::*;

fn read(zone: &str, format: Option<&str>, text: &str) -> Result<String, String> {
    Times::new(zone, format).expect("a zone").read(text).map(|at| at.to_string())
}

#[test]
fn times_are_of_the_files_zone_unless_they_say() {
    let read = |text| read("Asia/Shanghai", None, text);
    assert_eq!(read("2023-09-25 09:01:00").as_deref(), Ok("2023-09-25 09:01:00+08:00"));
    assert_eq!(read("2023-09-25").as_deref(), Ok("2023-09-25 00:00:00+08:00"));
    assert_eq!(read("2023-09-25T01:01:00Z").as_deref(), Ok("2023-09-25 01:01:00+00:00"));
    assert!(read("2023/9/25 9:01").expect_err("not ISO").contains("is another time format needed?"));
}

#[test]
fn a_format_of_strptime_reads_all_else() {
    let read = |format, text| read("Asia/Shanghai", Some(format), text);
    assert_eq!(read("%Y/%m/%d %H:%M", "2023/9/5 9:01").as_deref(), Ok("2023-09-05 09:01:00+08:00"));
    assert_eq!(read("%Y%m%d", "20230925").as_deref(), Ok("2023-09-25 00:00:00+08:00"));
    assert_eq!(
        read("%Y-%m-%d %H:%M:%S%.f", "2023-09-25 09:01:00.25").as_deref(),
        Ok("2023-09-25 09:01:00.250000+08:00")
    );
    assert_eq!(read("%Y-%m-%d %H:%M:%S %z", "2023-09-25 09:01:00 +0000").as_deref(), Ok("2023-09-25 09:01:00+00:00"));
    for (format, text) in [("%Y%m%d", "2023-09-25"), ("%H:%M", "09:01"), ("%Q%!", "x"), ("%", "1")] {
        assert!(read(format, text).expect_err("no such time").contains("is no time of the form"), "{format}");
    }
}

#[test]
fn an_hour_that_the_clock_left_out_is_refused_and_a_repeated_one_is_its_first_pass() {
    let read = |text| read("America/New_York", None, text);
    assert!(read("2024-03-10 02:30:00").expect_err("left out").contains("put forward"));
    assert_eq!(read("2024-11-03 01:30:00").as_deref(), Ok("2024-11-03 01:30:00-04:00"));
    assert_eq!(read("2024-11-03 01:30:00-05:00").as_deref(), Ok("2024-11-03 01:30:00-05:00"));
}

#[test]
fn what_is_written_is_read_as_the_same_moment() {
    let times = Times::new("America/New_York", None).expect("a zone");
    // Every half hour around both changes of the clock.
    for change in [1_710_054_000_000_000_i64, 1_730_613_600_000_000] {
        for half_hours in -8..8 {
            let micros = change + half_hours * 1_800_000_000;
            let at = DateTime::from_unix_micros(micros, "UTC").expect("a moment");
            let text = times.write(&at);
            assert_eq!(times.read(&text).expect("our own text").unix_micros(), micros, "{text}");
            let is_second_pass = text.ends_with("-05:00");
            assert!(is_second_pass || text.len() == 19, "{text}");
        }
    }
}
