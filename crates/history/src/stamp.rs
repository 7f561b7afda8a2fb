//! Times as text: `2024-01-02 09:00:00.500000`, with `T` in the middle, shorter, or with an offset at the end.
//!
//! Pure, and total: any text gives a time or `None`.

use domain::{Civil, DateTime};

/// A time as it stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// What the clock showed.
    pub(crate) civil: Civil,
    /// Seconds east of UTC, where the text says so.
    pub(crate) offset: Option<i32>,
}

impl Stamp {
    /// Reads ISO 8601 as Python's `datetime.fromisoformat` prints it: date, then perhaps hour and minute, seconds, a
    /// fraction of up to nine digits (cut to microseconds), `Z` or an offset.
    pub(crate) fn parse(text: &str) -> Option<Stamp> {
        let mut rest = Rest(text.as_bytes());
        let date = (i16::try_from(rest.number(4)?).ok()?, rest.after(b"-")?, rest.after(b"-")?);
        let mut time = (0, 0, 0);
        let mut micro = 0;
        if rest.take(b" T") {
            time = (rest.two()?, rest.after(b":")?, 0);
            if rest.take(b":") {
                time.2 = rest.two()?;
                micro = if rest.take(b".,") { rest.fraction()? } else { 0 };
            }
        }
        let offset = rest.offset()?;
        rest.0.is_empty().then_some(())?;
        Some(Stamp { civil: Civil::new(date, time, micro)?, offset })
    }

    /// As it stands, without a zone unless it had an offset.
    pub(crate) fn datetime(self) -> DateTime {
        match self.offset {
            Some(offset) => DateTime::fixed(self.civil, offset),
            None => DateTime::naive(self.civil),
        }
    }
}

/// What is not read yet.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// Takes one of these bytes, if it comes next.
    fn take(&mut self, wanted: &[u8]) -> bool {
        let is_next = self.0.first().is_some_and(|byte| wanted.contains(byte));
        if is_next {
            self.0 = &self.0[1..];
        }
        is_next
    }

    /// Exactly this many digits.
    fn number(&mut self, digits: usize) -> Option<u32> {
        let (head, tail) = self.0.split_at_checked(digits)?;
        self.0 = tail;
        head.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    }

    fn two(&mut self) -> Option<u8> {
        self.number(2).and_then(|number| u8::try_from(number).ok())
    }

    fn after(&mut self, separator: &[u8]) -> Option<u8> {
        if self.take(separator) { self.two() } else { None }
    }

    /// Up to nine digits after the point, in microseconds.
    fn fraction(&mut self) -> Option<u32> {
        let digits = self.0.iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&digits) {
            return None;
        }
        let number = u64::from(self.number(digits)?) * 10_u64.pow(9 - digits as u32);
        u32::try_from(number / 1000).ok()
    }

    /// The offset at the end: the inner `None` where there is none.
    #[expect(clippy::option_option, reason = "an offset that cannot be read is not the same as none")]
    fn offset(&mut self) -> Option<Option<i32>> {
        if self.0.is_empty() {
            return Some(None);
        }
        if self.take(b"Zz") {
            return Some(Some(0));
        }
        let sign = if self.take(b"-") { -1 } else { self.take(b"+").then_some(1)? };
        let hours = i32::from(self.two()?);
        self.take(b":");
        let minutes = if self.0.is_empty() { 0 } else { i32::from(self.two()?) };
        let seconds = if self.take(b":") { i32::from(self.two()?) } else { 0 };
        (hours < 24 && minutes < 60 && seconds < 60).then_some(Some(sign * (hours * 3600 + minutes * 60 + seconds)))
    }
}

#[cfg(test)]
mod tests;
