//! Frames to messages: the incremental reader of everything that follows the greeting.
//!
//! The caller appends what it read to a buffer and calls [`Decoder::decode`] until it answers `None`. Bodies are
//! cut out of that buffer without copying (or copied, when small and asked for). Bounds are checked when a
//! header is seen, before any of the body is waited for.

use super::{CodecError, frame::Header};
use crate::Message;
use bytes::{Buf, Bytes, BytesMut};

/// Bounds of a decoder; the meaning of each is that of the same field in [`crate::Limits`].
#[derive(Debug, Clone, Copy)]
pub struct FrameLimits {
    pub frame_bytes: u64,
    pub parts: usize,
    pub message_bytes: u64,
    pub skip_bytes: u64,
    pub command_bytes: u64,
    pub copy_below: usize,
}

/// One thing that a peer sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    Message(Message),
    /// The body of a command frame; see [`super::command::Command::read`].
    Command(Bytes),
    /// A message above the bounds was discarded. `head`: its parts before the one that was too much.
    /// `bytes`: what was discarded, headers included.
    Oversized {
        head: Message,
        bytes: u64,
    },
}

/// The state between two pieces of a byte stream.
#[derive(Debug)]
pub struct Decoder {
    limits: FrameLimits,
    parts: Message,
    bytes: u64,
    skip: Option<Skip>,
}

/// A message that is being discarded.
#[derive(Debug)]
struct Skip {
    head: Message,
    bytes: u64,
    remaining: u64,
    last: bool,
}

impl Decoder {
    pub fn new(limits: FrameLimits) -> Self {
        Self { limits, parts: Message::new(), bytes: 0, skip: None }
    }

    /// The next item, taken off the front of `buffer`; `None` when more bytes are needed.
    /// After an error the stream has no meaning any more: close it.
    pub fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<Item>, CodecError> {
        loop {
            if let Some(done) = self.drain_skipped(buffer) {
                return Ok(done);
            }
            let Some(header) = Header::read(buffer)? else { return Ok(None) };
            if header.command {
                return self.command(&header, buffer);
            }
            if self.skip.is_some() {
                self.skip_frame(&header, buffer)?;
            } else if let Err(reason) = self.admit(&header) {
                self.start_skip(reason)?;
                self.skip_frame(&header, buffer)?;
            } else {
                let size = header.size as usize;
                if buffer.len() - header.bytes < size {
                    return Ok(None);
                }
                buffer.advance(header.bytes);
                self.bytes += header.size;
                let part = take_body(buffer, size, self.limits.copy_below);
                self.parts.push(part);
                if !header.more {
                    self.bytes = 0;
                    return Ok(Some(Item::Message(std::mem::take(&mut self.parts))));
                }
            }
        }
    }

    fn command(&self, header: &Header, buffer: &mut BytesMut) -> Result<Option<Item>, CodecError> {
        let limit = self.limits.command_bytes;
        if header.size > limit {
            return Err(CodecError::CommandTooLarge { size: header.size, limit });
        }
        let size = header.size as usize;
        if buffer.len() - header.bytes < size {
            return Ok(None);
        }
        buffer.advance(header.bytes);
        Ok(Some(Item::Command(take_body(buffer, size, usize::MAX))))
    }

    fn admit(&self, header: &Header) -> Result<(), CodecError> {
        let FrameLimits { frame_bytes, parts, message_bytes, .. } = self.limits;
        let total = self.bytes.saturating_add(header.size);
        if header.size > frame_bytes {
            Err(CodecError::FrameTooLarge { size: header.size, limit: frame_bytes })
        } else if total > message_bytes {
            Err(CodecError::MessageTooLarge { size: total, limit: message_bytes })
        } else if self.parts.len() >= parts {
            Err(CodecError::TooManyParts { limit: parts })
        } else {
            Ok(())
        }
    }

    fn start_skip(&mut self, reason: CodecError) -> Result<(), CodecError> {
        if self.limits.skip_bytes == 0 {
            return Err(reason);
        }
        let head = std::mem::take(&mut self.parts);
        self.skip = Some(Skip { head, bytes: std::mem::take(&mut self.bytes), remaining: 0, last: false });
        Ok(())
    }

    fn skip_frame(&mut self, header: &Header, buffer: &mut BytesMut) -> Result<(), CodecError> {
        let Some(skip) = &mut self.skip else { return Ok(()) };
        // The header counts too: endless empty frames must come to an end.
        skip.bytes = skip.bytes.saturating_add(header.size).saturating_add(header.bytes as u64);
        if skip.bytes > self.limits.skip_bytes {
            return Err(CodecError::MessageTooLarge { size: skip.bytes, limit: self.limits.skip_bytes });
        }
        buffer.advance(header.bytes);
        skip.remaining = header.size;
        skip.last = !header.more;
        Ok(())
    }

    /// Discards what has arrived of an oversized frame. `Some`: the answer of `decode` is settled.
    fn drain_skipped(&mut self, buffer: &mut BytesMut) -> Option<Option<Item>> {
        let skip = self.skip.as_mut()?;
        let arrived = skip.remaining.min(buffer.len() as u64);
        buffer.advance(arrived as usize);
        skip.remaining -= arrived;
        if skip.remaining > 0 {
            return Some(None);
        }
        if !skip.last {
            return None;
        }
        let Skip { head, bytes, .. } = self.skip.take()?;
        Some(Some(Item::Oversized { head, bytes }))
    }
}

fn take_body(buffer: &mut BytesMut, size: usize, copy_below: usize) -> Bytes {
    if size == 0 {
        Bytes::new()
    } else if size < copy_below {
        let body = Bytes::copy_from_slice(&buffer[..size]);
        buffer.advance(size);
        body
    } else {
        buffer.split_to(size).freeze()
    }
}
