//! Lines and their fields (RFC 4180, but a field does not go over the end of its line).

use super::CsvError;
use crate::limits::LINE_BYTES;
use std::borrow::Cow;
use std::io::{BufRead, Read};

/// Reads one line after the other, each of bounded length.
pub(crate) struct Lines<R> {
    input: R,
    buffer: Vec<u8>,
    /// Number of the line that was read last.
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R) -> Lines<R> {
        Lines { input, buffer: Vec::new(), number: 0 }
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The next line that is not empty, without its end.
    pub(crate) fn next(&mut self, file: &str) -> Result<Option<&str>, CsvError> {
        loop {
            self.buffer.clear();
            let mut bounded = self.input.by_ref().take(LINE_BYTES as u64 + 1);
            let read = bounded.read_until(b'\n', &mut self.buffer);
            let length = read.map_err(|source| CsvError::Io { file: file.to_owned(), what: "read", source })?;
            if length == 0 {
                return Ok(None);
            }
            self.number += 1;
            if length > LINE_BYTES {
                return Err(CsvError::at(self.number, format!("it is longer than {LINE_BYTES} bytes")));
            }
            if !self.buffer.trim_ascii().is_empty() {
                break;
            }
        }
        let text = std::str::from_utf8(&self.buffer).map_err(|_| {
            CsvError::at(self.number, "it is not UTF-8; convert the file first (`iconv -f GB18030 -t UTF-8`)")
        })?;
        let text = text.trim_end_matches(['\n', '\r']);
        Ok(Some(if self.number == 1 { text.trim_start_matches('\u{feff}') } else { text }))
    }
}

/// The fields of a line, trimmed; what stands in quotes is taken as it is. `None` if a quote does not close.
pub(crate) fn fields(line: &str) -> Option<Vec<Cow<'_, str>>> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = match rest.trim_start().strip_prefix('"') {
            Some(quoted) => {
                let (field, after) = unquote(quoted)?;
                (Cow::Owned(field), after)
            }
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                (Cow::Borrowed(rest[..end].trim()), &rest[end..])
            }
        };
        fields.push(field);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Some(fields),
        }
    }
}

/// The field up to its closing quote, and what follows, which begins with a comma or is empty.
fn unquote(quoted: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    let mut rest = quoted;
    loop {
        let (before, after) = rest.split_once('"')?;
        field.push_str(before);
        match after.strip_prefix('"') {
            Some(next) => {
                field.push('"');
                rest = next;
            }
            None => {
                let after = after.trim_start();
                return (after.is_empty() || after.starts_with(',')).then_some((field, after));
            }
        }
    }
}

/// A field as it is to be written.
pub(crate) fn quoted(field: &str) -> Cow<'_, str> {
    let is_plain = !field.contains([',', '"', '\n', '\r']) && field.trim() == field;
    if is_plain { Cow::Borrowed(field) } else { Cow::Owned(format!("\"{}\"", field.replace('"', "\"\""))) }
}

#[cfg(test)]
mod tests;
