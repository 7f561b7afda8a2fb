//! Messages to bytes, done once however many peers get them.
//!
//! Small parts are copied behind their headers into one block; a large part stays the shared slice that it is
//! and becomes a block of its own. So an ordinary message is one block, and a reply of megabytes is not copied.

use super::frame::{HEADER_MAX, put_header};
use crate::Message;
use bytes::{Bytes, BytesMut};

/// Parts from this size on are not copied: a copy of 16 KB costs about as much as one more block in a write.
const SHARE_FROM: usize = 16 << 10;

/// A message as it goes over the wire; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Encoded {
    blocks: Message,
    len: usize,
}

impl Encoded {
    /// The blocks to be written one after another; none of them is empty.
    pub fn blocks(&self) -> &[Bytes] {
        self.blocks.parts()
    }

    /// Bytes on the wire.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True for the encoding of a message without parts.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn push(&mut self, block: Bytes) {
        if !block.is_empty() {
            self.len += block.len();
            self.blocks.push(block);
        }
    }
}

impl From<Bytes> for Encoded {
    fn from(block: Bytes) -> Self {
        let mut encoded = Self::default();
        encoded.push(block);
        encoded
    }
}

/// The frames of `message`.
pub fn encode(message: &Message) -> Encoded {
    let parts = message.parts();
    let copied: usize =
        parts.iter().map(|part| HEADER_MAX + if part.len() < SHARE_FROM { part.len() } else { 0 }).sum();
    let mut encoded = Encoded::default();
    let mut block = BytesMut::with_capacity(copied);
    for (index, part) in parts.iter().enumerate() {
        put_header(&mut block, part.len(), index + 1 < parts.len(), false);
        if part.len() < SHARE_FROM {
            block.extend_from_slice(part);
        } else {
            encoded.push(block.split().freeze());
            encoded.push(part.clone());
        }
    }
    encoded.push(block.freeze());
    encoded
}
