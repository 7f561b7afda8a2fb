//! The header of one frame: a byte of flags, then the size in one byte or in eight (big endian).

use super::CodecError;
use bytes::BufMut;

/// Longest header in bytes.
pub(super) const HEADER_MAX: usize = 9;

const MORE: u8 = 0b001;
const LONG: u8 = 0b010;
const COMMAND: u8 = 0b100;

/// What a frame's first bytes say about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) more: bool,
    pub(super) command: bool,
    /// Bytes of the body, as the peer claims.
    pub(super) size: u64,
    /// Bytes of the header itself.
    pub(super) bytes: usize,
}

impl Header {
    /// `None`: more bytes are needed.
    pub(super) fn read(buffer: &[u8]) -> Result<Option<Self>, CodecError> {
        let Some(&flags) = buffer.first() else { return Ok(None) };
        let (more, command) = (flags & MORE != 0, flags & COMMAND != 0);
        if flags & !(MORE | LONG | COMMAND) != 0 || (more && command) {
            return Err(CodecError::Flags(flags));
        }
        let (size, bytes) = if flags & LONG == 0 {
            let Some(&size) = buffer.get(1) else { return Ok(None) };
            (u64::from(size), 2)
        } else {
            let Some(size) = buffer.get(1..HEADER_MAX) else { return Ok(None) };
            (size.iter().fold(0, |size, &byte| size << 8 | u64::from(byte)), HEADER_MAX)
        };
        Ok(Some(Self { more, command, size, bytes }))
    }
}

pub(super) fn put_header(out: &mut impl BufMut, size: usize, more: bool, command: bool) {
    let flags = if more { MORE } else { 0 } | if command { COMMAND } else { 0 };
    match u8::try_from(size) {
        Ok(size) => out.put_slice(&[flags, size]),
        Err(_) => {
            out.put_u8(flags | LONG);
            out.put_u64(size as u64);
        }
    }
}
