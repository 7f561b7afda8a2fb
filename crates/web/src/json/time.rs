//! Python's `str(datetime)`, the same text as `Display` of [`DateTime`] but without the formatting machinery:
//! each tick has two of them.

use super::float::two;
use domain::DateTime;

/// `2026-01-05 09:30:00.500000+08:05:43`, the longest.
const TIME_BYTES: usize = 35;

/// Appends the time without quotes.
pub(crate) fn push_time(out: &mut Vec<u8>, time: &DateTime) {
    let c = &time.civil;
    let year = c.year.unsigned_abs();
    let mut text = [0; TIME_BYTES];
    let mut end = 0;
    let mut put = |mark: u8, value: u8| {
        let [high, low] = two(value);
        if mark != 0 {
            text[end] = mark;
            end += 1;
        }
        text[end] = high;
        text[end + 1] = low;
        end += 2;
    };
    put(0, (year / 100) as u8);
    put(0, (year % 100) as u8);
    for (mark, value) in [(b'-', c.month), (b'-', c.day), (b' ', c.hour), (b':', c.minute), (b':', c.second)] {
        put(mark, value);
    }
    if c.micro != 0 {
        put(b'.', (c.micro / 10_000) as u8);
        put(0, (c.micro / 100 % 100) as u8);
        put(0, (c.micro % 100) as u8);
    }
    if let Some(offset) = time.offset() {
        let size = offset.unsigned_abs();
        put(if offset < 0 { b'-' } else { b'+' }, (size / 3600) as u8);
        put(b':', (size / 60 % 60) as u8);
        if !size.is_multiple_of(60) {
            put(b':', (size % 60) as u8);
        }
    }
    out.extend_from_slice(&text[..end]);
}
