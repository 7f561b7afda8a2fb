//! Frames from server to client: final, unmasked, uncompressed (RFC 6455 section 5.2).
//!
//! Always true: lengths are in their shortest form, control payloads at most 125 bytes.

use super::Opcode;

const FINAL: u8 = 0x80;
const CONTROL_BYTES: usize = 125;

/// The first 2 to 10 bytes of a frame.
#[derive(Debug, Clone, Copy)]
pub struct Header {
    bytes: [u8; 10],
    length: usize,
}

impl AsRef<[u8]> for Header {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Header of a text frame whose payload has `payload` bytes.
#[must_use]
pub fn text_header(payload: usize) -> Header {
    let mut bytes = [0; 10];
    bytes[0] = FINAL | Opcode::Text as u8;
    let length = match payload {
        0..=125 => {
            bytes[1] = payload as u8;
            2
        }
        126..=0xffff => {
            bytes[1] = 126;
            bytes[2..4].copy_from_slice(&(payload as u16).to_be_bytes());
            4
        }
        _ => {
            bytes[1] = 127;
            bytes[2..10].copy_from_slice(&(payload as u64).to_be_bytes());
            10
        }
    };
    Header { bytes, length }
}

/// Appends a control frame; of a payload over 125 bytes the first 125.
pub fn control(opcode: Opcode, payload: &[u8], out: &mut Vec<u8>) {
    let payload = &payload[..payload.len().min(CONTROL_BYTES)];
    out.extend_from_slice(&[FINAL | opcode as u8, payload.len() as u8]);
    out.extend_from_slice(payload);
}

/// Appends a close frame with a code and a reason, which is cut at a character boundary if it is long.
pub fn close(code: u16, reason: &str, out: &mut Vec<u8>) {
    let mut payload = code.to_be_bytes().to_vec();
    payload.extend_from_slice(&reason.as_bytes()[..reason.floor_char_boundary(CONTROL_BYTES - 2)]);
    control(Opcode::Close, &payload, out);
}
