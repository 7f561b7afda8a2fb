//! Two numbers out of a tick's JSON, without reading the rest: its sequence number, which the test gateway puts into
//! `volume`, and the time of sending, which it puts into `open_interest`. Pure.

use memchr::memmem;
use std::time::Duration;

const TOPIC: &[u8] = br#"{"topic": "eTick."#;
const NUMBER: &[u8] = br#""volume": "#;
const SENT: &[u8] = br#""open_interest": "#;

/// The sequence number; `None` if the message is no tick.
pub(crate) fn number(message: &[u8]) -> Option<u64> {
    if !message.starts_with(TOPIC) {
        return None;
    }
    let digits = behind(message, NUMBER)?.iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

/// When it was sent, since 1970 UTC.
pub(crate) fn sent(message: &[u8]) -> Option<Duration> {
    let rest = behind(message, SENT)?;
    let end = memchr::memchr(b',', rest)?;
    let seconds: f64 = std::str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

fn behind<'a>(message: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    memmem::find(message, key).map(|at| &message[at + key.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_volume_is_found() {
        let tick = br#"{"topic": "eTick.", "data": {"last_volume": 9, "volume": 1234, "open_interest": 1.5, "x": 1}}"#;
        assert_eq!(number(tick), Some(1234));
        assert_eq!(sent(tick), Some(Duration::from_millis(1500)));
    }

    #[test]
    fn other_messages_have_no_number() {
        assert_eq!(number(br#"{"topic": "eOrder.", "data": {"volume": 1}}"#), None);
        assert_eq!(sent(br#"{"topic": "eTick.", "data": {"open_interest": null}}"#), None);
    }
}
