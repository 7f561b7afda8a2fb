//! Python's `str(datetime)`, the same text as `Display` of [`DateTime`] but without the formatting machinery:
//! each tick has two of them.

use super::float::push_two;
use domain::DateTime;

/// Appends the time without quotes.
pub(super) fn push_time(out: &mut Vec<u8>, time: &DateTime) {
    let c = &time.civil;
    let year = c.year.unsigned_abs();
    push_two(out, (year / 100) as u8);
    push_two(out, (year % 100) as u8);
    for (mark, value) in [(b'-', c.month), (b'-', c.day), (b' ', c.hour), (b':', c.minute), (b':', c.second)] {
        out.push(mark);
        push_two(out, value);
    }
    if c.micro != 0 {
        out.push(b'.');
        push_two(out, (c.micro / 10_000) as u8);
        push_two(out, (c.micro / 100 % 100) as u8);
        push_two(out, (c.micro % 100) as u8);
    }
    if let Some(offset) = time.offset() {
        push_offset(out, offset);
    }
}

fn push_offset(out: &mut Vec<u8>, offset: i32) {
    let size = offset.unsigned_abs();
    out.push(if offset < 0 { b'-' } else { b'+' });
    push_two(out, (size / 3600) as u8);
    out.push(b':');
    push_two(out, (size / 60 % 60) as u8);
    if !size.is_multiple_of(60) {
        out.push(b':');
        push_two(out, (size % 60) as u8);
    }
}
