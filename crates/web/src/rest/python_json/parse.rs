//! The parser: CPython's `_json` scanner, branch for branch, because its errors are answered to users.

use super::Json;
use super::unicode::{decode, push_code, to_string};
use crate::limits::JSON_DEPTH;
use std::collections::HashMap;

/// Digits of an int beyond which Python refuses (`sys.int_max_str_digits`).
const INT_DIGITS: usize = 4300;

/// Why a body is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ParseError {
    /// Not in an encoding that JSON comes in, too deep, or an int too long: FastAPI answers 400.
    Unreadable,
    /// Not JSON: FastAPI answers 422 with both.
    Invalid {
        /// Python's text.
        message: &'static str,
        /// Where, counted in characters.
        position: usize,
    },
}

/// Reads a body.
///
/// # Errors
/// It is no JSON, or none that Python takes.
pub(crate) fn parse(bytes: &[u8]) -> Result<Json, ParseError> {
    let text = decode(bytes).ok_or(ParseError::Unreadable)?;
    let mut scanner = Scanner { text: &text };
    let start = scanner.skip(0);
    let parsed = scanner.value(start, 0).and_then(|(value, end)| {
        let end = scanner.skip(end);
        if end == text.len() { Ok(value) } else { Err(Failure::at("Extra data", end)) }
    });
    parsed.map_err(|failure| match failure {
        Failure::Unreadable => ParseError::Unreadable,
        Failure::At(message, byte) => ParseError::Invalid { message, position: characters(&text[..byte]) },
    })
}

enum Failure {
    Unreadable,
    At(&'static str, usize),
}

impl Failure {
    fn at(message: &'static str, byte: usize) -> Failure {
        Failure::At(message, byte)
    }
}

type Scanned<T> = Result<(T, usize), Failure>;

/// All positions are bytes; they become characters only in an error.
struct Scanner<'a> {
    text: &'a [u8],
}

impl Scanner<'_> {
    fn value(&mut self, at: usize, depth: usize) -> Scanned<Json> {
        if depth > JSON_DEPTH {
            return Err(Failure::Unreadable);
        }
        let words = [
            ("null", Json::Null),
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
            ("NaN", Json::Float(f64::NAN)),
            ("Infinity", Json::Float(f64::INFINITY)),
            ("-Infinity", Json::Float(f64::NEG_INFINITY)),
        ];
        match self.peek(at) {
            Some(b'"') => {
                let (text, end) = self.string(at)?;
                let (text, whole) = to_string(text);
                Ok((Json::Text { text, whole }, end))
            }
            Some(b'{') => self.map(at + 1, depth),
            Some(b'[') => self.list(at + 1, depth),
            _ => {
                let word = words.into_iter().find(|(word, _)| self.text[at..].starts_with(word.as_bytes()));
                word.map_or_else(|| self.number(at), |(word, value)| Ok((value, at + word.len())))
            }
        }
    }

    fn map(&mut self, at: usize, depth: usize) -> Scanned<Json> {
        let mut pairs = Vec::new();
        let mut at = self.skip(at);
        if self.peek(at) == Some(b'}') {
            return Ok((Json::Map(pairs), at + 1));
        }
        loop {
            if self.peek(at) != Some(b'"') {
                return Err(Failure::at("Expecting property name enclosed in double quotes", at));
            }
            let (key, end) = self.string(at)?;
            at = self.skip(end);
            if self.peek(at) != Some(b':') {
                return Err(Failure::at("Expecting ':' delimiter", at));
            }
            let (value, end) = self.value(self.skip(at + 1), depth + 1)?;
            pairs.push((to_string(key).0, value));
            at = self.skip(end);
            match self.peek(at) {
                Some(b'}') => return Ok((Json::Map(last_of_each(pairs)), at + 1)),
                Some(b',') => at = self.skip(at + 1),
                _ => return Err(Failure::at("Expecting ',' delimiter", at)),
            }
        }
    }

    fn list(&mut self, at: usize, depth: usize) -> Scanned<Json> {
        let mut items = Vec::new();
        let mut at = self.skip(at);
        if self.peek(at) == Some(b']') {
            return Ok((Json::List(items), at + 1));
        }
        loop {
            let (item, end) = self.value(at, depth + 1)?;
            items.push(item);
            at = self.skip(end);
            match self.peek(at) {
                Some(b']') => return Ok((Json::List(items), at + 1)),
                Some(b',') => at = self.skip(at + 1),
                _ => return Err(Failure::at("Expecting ',' delimiter", at)),
            }
        }
    }

    fn number(&mut self, start: usize) -> Scanned<Json> {
        let mut at = start + usize::from(self.peek(start) == Some(b'-'));
        at = match self.peek(at) {
            Some(b'0') => at + 1,
            Some(b'1'..=b'9') => self.digits(at),
            _ => return Err(Failure::at("Expecting value", start)),
        };
        let whole_end = at;
        if self.peek(at) == Some(b'.') && self.is_digit(at + 1) {
            at = self.digits(at + 1);
        }
        if matches!(self.peek(at), Some(b'e' | b'E')) {
            let digits = at + 1 + usize::from(matches!(self.peek(at + 1), Some(b'+' | b'-')));
            if self.is_digit(digits) {
                at = self.digits(digits);
            }
        }
        let text = std::str::from_utf8(&self.text[start..at]).expect("digits, signs, points and exponents are ASCII");
        if at > whole_end {
            return Ok((Json::Float(text.parse().map_err(|_| Failure::Unreadable)?), at));
        }
        if text.len() > INT_DIGITS {
            return Err(Failure::Unreadable);
        }
        Ok((Json::Int(if text == "-0" { "0" } else { text }.to_owned()), at))
    }

    /// The string whose opening quote is at `open`, as WTF-8, and the position after its closing quote.
    fn string(&mut self, open: usize) -> Scanned<Vec<u8>> {
        let mut out = Vec::new();
        let mut at = open + 1;
        loop {
            let run = self.text[at..].iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
            let Some(run) = run else { return Err(Failure::at("Unterminated string starting at", open)) };
            out.extend_from_slice(&self.text[at..at + run]);
            at += run;
            match self.text[at] {
                b'"' => return Ok((out, at + 1)),
                b'\\' => at = self.escape(open, at, &mut out)?,
                _ => return Err(Failure::at("Invalid control character at", at)),
            }
        }
    }

    fn escape(&mut self, open: usize, slash: usize, out: &mut Vec<u8>) -> Result<usize, Failure> {
        let byte = match self.peek(slash + 1) {
            None => return Err(Failure::at("Unterminated string starting at", open)),
            Some(b'u') => return self.unicode_escape(slash, out),
            Some(byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(_) => return Err(Failure::at("Invalid \\escape", slash)),
        };
        out.push(byte);
        Ok(slash + 2)
    }

    fn unicode_escape(&mut self, slash: usize, out: &mut Vec<u8>) -> Result<usize, Failure> {
        let code = self.hex(slash + 2).ok_or(Failure::at("Invalid \\uXXXX escape", slash + 1))?;
        let next = slash + 6;
        if (0xd800..0xdc00).contains(&code) && self.text[next..].starts_with(b"\\u") {
            // Python wants one more character behind the pair; there is at least the closing quote.
            if let Some(low) = self.hex(next + 2).filter(|low| (0xdc00..0xe000).contains(low)) {
                push_code(out, 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00));
                return Ok(next + 6);
            }
        }
        push_code(out, code);
        Ok(next)
    }

    /// Four hexadecimal digits that are not the end of the text.
    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 4).filter(|_| at + 4 < self.text.len())?;
        digits.iter().try_fold(0, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?))
    }

    fn digits(&self, at: usize) -> usize {
        at + self.text[at..].iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    fn is_digit(&self, at: usize) -> bool {
        self.peek(at).is_some_and(|byte| byte.is_ascii_digit())
    }

    fn skip(&self, at: usize) -> usize {
        at + self.text[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count()
    }

    fn peek(&self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }
}

/// A key twice keeps its first place and gets its last value, as in a dict.
fn last_of_each(pairs: Vec<(String, Json)>) -> Vec<(String, Json)> {
    let mut places: HashMap<String, usize> = HashMap::with_capacity(pairs.len());
    let mut out: Vec<(String, Json)> = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        match places.get(&key) {
            Some(place) => out[*place].1 = value,
            None => {
                places.insert(key.clone(), out.len());
                out.push((key, value));
            }
        }
    }
    out
}

fn characters(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}
