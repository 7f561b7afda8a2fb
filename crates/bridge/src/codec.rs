//! Lines in a stream of bytes. Pure: bytes come in as arguments, lines go out as slices.
//!
//! Always true: the buffer never grows beyond the longest line that is allowed and one read more; nothing is allocated
//! because of what a peer claims; a line that is too long is an error, not a longer buffer.

use serde::Serialize;

/// A line is longer than it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a line has more than {limit} bytes")]
pub struct LineTooLong {
    /// What is allowed.
    pub limit: usize,
}

/// Gathers bytes and hands out whole lines.
#[derive(Debug)]
pub struct Lines {
    buffer: Vec<u8>,
    /// Bytes that were handed out.
    start: usize,
    /// Bytes from `start` in which there is no line break.
    scanned: usize,
    limit: usize,
}

impl Lines {
    /// Lines of at most this many bytes, without the line break.
    pub fn new(limit: usize) -> Lines {
        Lines { buffer: Vec::new(), start: 0, scanned: 0, limit }
    }

    /// Changes what is allowed, for what comes after a handshake.
    pub fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Adds what was read.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        if self.buffer.is_empty() && self.buffer.capacity() > KEPT_BYTES {
            self.buffer = Vec::new();
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole line, without its line break; `None` until more bytes come.
    ///
    /// # Errors
    /// The line is longer than allowed. The stream cannot be read on.
    pub fn next_line(&mut self) -> Result<Option<&[u8]>, LineTooLong> {
        let rest = &self.buffer[self.start..];
        let Some(at) = memchr::memchr(b'\n', &rest[self.scanned..]) else {
            self.scanned = rest.len();
            return if self.scanned > self.limit { Err(LineTooLong { limit: self.limit }) } else { Ok(None) };
        };
        let (from, length) = (self.start, self.scanned + at);
        if length > self.limit {
            return Err(LineTooLong { limit: self.limit });
        }
        self.start += length + 1;
        self.scanned = 0;
        let line = &self.buffer[from..from + length];
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }
}

/// Capacity that an empty buffer keeps.
const KEPT_BYTES: usize = 1024 * 1024;

/// Appends a message as one line. JSON has no line break inside, so the line is the message.
pub fn write_line(out: &mut Vec<u8>, message: &impl Serialize) {
    // The messages are ours: maps have text keys, and a Vec takes every byte.
    serde_json::to_writer(&mut *out, message).expect("our messages are JSON");
    out.push(b'\n');
}

#[cfg(test)]
mod tests;
