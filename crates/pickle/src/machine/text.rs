//! Strings that cannot simply be borrowed, and the line-based opcodes of protocol 0.
//!
//! Python strings may hold lone surrogates, which UTF-8 has no room for: each becomes U+FFFD.
//! They appear where Python decoded bytes that were not UTF-8, so the original text is lost
//! already, and one such character in a log message must not cost the whole event. Any other
//! malformed text is refused.

use super::{Machine, Step, chunk, split};
use crate::arena::Value;
use crate::error::Fault;
use crate::opcode::*;

impl<'m> Machine<'m> {
    /// A string of which `text` are the bytes, at the start of `rest`.
    #[inline(never)]
    pub(super) fn utf8(&mut self, text: &[u8], rest: &[u8]) -> Result<Value, Fault> {
        if std::str::from_utf8(text).is_ok() {
            return Ok(Value::Str(self.span(rest, text.len())));
        }
        let mended = mend_surrogates(text)?;
        Ok(Value::OwnStr(self.arena.keep(mended.as_bytes())))
    }

    #[cold]
    pub(super) fn line(&mut self, opcode: u8, rest: &'m [u8]) -> Step<'m> {
        match opcode {
            BINSTRING => {
                let (len, rest) = chunk(rest)?;
                let len = u32::try_from(i32::from_le_bytes(len)).map_err(|_| Fault::Truncated)?;
                self.python2_str(u64::from(len), rest)
            }
            SHORT_BINSTRING => {
                let ([len], rest) = chunk(rest)?;
                self.python2_str(u64::from(len), rest)
            }
            GLOBAL => {
                let (module, rest) = line(rest)?;
                let (name, rest) = line(rest)?;
                let global = self.global(module, name)?;
                self.push(global, rest)
            }
            _ => {
                let (text, after) = line(rest)?;
                match opcode {
                    GET => self.recall(index(text)?, after),
                    PUT => self.put(index(text)?, after),
                    UNICODE => {
                        let value = self.raw_unicode(text, rest)?;
                        self.push(value, after)
                    }
                    _ => {
                        let value = self.quoted(text)?;
                        self.push(value, after)
                    }
                }
            }
        }
    }

    pub(super) fn inst(&mut self, rest: &'m [u8]) -> Step<'m> {
        let (module, rest) = line(rest)?;
        let (name, rest) = line(rest)?;
        let class = self.global(module, name)?;
        let from = self.unmark()?;
        let rest = self.push(class, rest)?;
        self.arena.stack[from..].rotate_right(1);
        self.old_instance(from, rest)
    }

    /// Python 2 wrote its byte strings so; Python 3 reads them as ASCII text.
    fn python2_str(&mut self, len: u64, rest: &'m [u8]) -> Step<'m> {
        let (text, after) = split(rest, len)?;
        if !text.is_ascii() {
            return Err(Fault::Text);
        }
        self.push(Value::Str(self.span(rest, text.len())), after)
    }

    /// Python's `raw-unicode-escape`: Latin-1 but for `\uXXXX` and `\UXXXXXXXX`.
    fn raw_unicode(&mut self, text: &[u8], rest: &[u8]) -> Result<Value, Fault> {
        if text.is_ascii() && !text.contains(&b'\\') {
            return Ok(Value::Str(self.span(rest, text.len())));
        }
        let mut plain = String::with_capacity(text.len());
        let mut left = text;
        while let [byte, after @ ..] = left {
            let digits = match (byte, after.first()) {
                (b'\\', Some(b'u')) => 4,
                (b'\\', Some(b'U')) => 8,
                _ => {
                    plain.push(char::from(*byte));
                    left = after;
                    continue;
                }
            };
            let code = after.get(1..=digits).and_then(hex).ok_or(Fault::Text)?;
            let is_surrogate = (0xd800..0xe000).contains(&code);
            let replaced = is_surrogate.then_some(char::REPLACEMENT_CHARACTER);
            plain.push(replaced.or_else(|| char::from_u32(code)).ok_or(Fault::Text)?);
            left = &after[1 + digits..];
        }
        Ok(Value::OwnStr(self.arena.keep(plain.as_bytes())))
    }

    /// A Python 2 string literal.
    fn quoted(&mut self, text: &[u8]) -> Result<Value, Fault> {
        let ([quote @ (b'\'' | b'"'), inner @ .., end], true) = (text, text.is_ascii()) else {
            return Err(Fault::Text);
        };
        if quote != end {
            return Err(Fault::Text);
        }
        let mut plain = Vec::with_capacity(inner.len());
        let mut left = inner;
        while let [byte, after @ ..] = left {
            left = after;
            if *byte != b'\\' {
                plain.push(*byte);
                continue;
            }
            let (code, used) = match after {
                [b'n', ..] => (b'\n', 1),
                [b'r', ..] => (b'\r', 1),
                [b't', ..] => (b'\t', 1),
                [byte @ (b'\\' | b'\'' | b'"'), ..] => (*byte, 1),
                [b'x', high, low, ..] => (hex(&[*high, *low]).ok_or(Fault::Text)? as u8, 3),
                _ => return Err(Fault::Text),
            };
            if !code.is_ascii() {
                return Err(Fault::Text);
            }
            plain.push(code);
            left = &after[used..];
        }
        Ok(Value::OwnStr(self.arena.keep(&plain)))
    }
}

/// The input up to the next line feed, and what is behind it.
pub(super) fn line(rest: &[u8]) -> Result<(&[u8], &[u8]), Fault> {
    let end = rest.iter().position(|byte| *byte == b'\n').ok_or(Fault::Truncated)?;
    Ok((&rest[..end], &rest[end + 1..]))
}

fn index(text: &[u8]) -> Result<u64, Fault> {
    std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).ok_or(Fault::Number)
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?))
}

/// UTF-8 with lone surrogates (`surrogatepass`), each replaced by U+FFFD.
fn mend_surrogates(text: &[u8]) -> Result<String, Fault> {
    let mut mended = String::with_capacity(text.len());
    let mut left = text;
    loop {
        match std::str::from_utf8(left) {
            Ok(valid) => {
                mended.push_str(valid);
                return Ok(mended);
            }
            Err(broken) => {
                let (valid, bad) = left.split_at(broken.valid_up_to());
                mended.push_str(std::str::from_utf8(valid).expect("it was found valid up to here"));
                let [0xed, 0xa0..=0xbf, 0x80..=0xbf, after @ ..] = bad else {
                    return Err(Fault::Text);
                };
                mended.push(char::REPLACEMENT_CHARACTER);
                left = after;
            }
        }
    }
}
