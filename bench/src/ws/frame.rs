//! Frames as a server sends them (RFC 6455, 5.2): not masked, not compressed, whole messages. Pure.

use anyhow::{Result, bail};

pub(crate) const TEXT: u8 = 1;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;

/// Longest message that is taken for one.
const PAYLOAD_MAX: usize = 1 << 20;

/// Where a frame's parts lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) opcode: u8,
    pub(crate) header: usize,
    pub(crate) payload: usize,
}

impl Frame {
    /// The frame at the beginning of `bytes`; `None` while it is not whole.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Frame>> {
        let &[first, second, ..] = bytes else { return Ok(None) };
        if first & 0xF0 != 0x80 || second & 0x80 != 0 {
            bail!("a frame that is a fragment, compressed or masked: {first:#x} {second:#x}");
        }
        let (header, payload) = match (second, bytes) {
            (126, [_, _, a, b, ..]) => (4, usize::from(u16::from_be_bytes([*a, *b]))),
            (127, [_, _, 0, 0, 0, 0, a, b, c, d, ..]) => (10, u32::from_be_bytes([*a, *b, *c, *d]) as usize),
            (126 | 127, _) if bytes.len() < 10 => return Ok(None),
            (127, _) => bail!("a frame of more than 4 GiB"),
            (short, _) => (2, usize::from(short)),
        };
        if payload > PAYLOAD_MAX {
            bail!("a frame of {payload} bytes");
        }
        Ok((bytes.len() >= header + payload).then_some(Frame { opcode: first & 0x0F, header, payload }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_form_is_read_once_it_is_whole() {
        for (length, header) in [(5, vec![0x81, 5]), (300, vec![0x81, 126, 1, 44]), (70_000, long(70_000))] {
            let frame = [header.clone(), vec![b'x'; length]].concat();
            for cut in [0, 1, 2, header.len(), frame.len() - 1] {
                assert_eq!(Frame::parse(&frame[..cut]).expect("only cut short"), None, "{length} cut at {cut}");
            }
            let expected = Frame { opcode: TEXT, header: header.len(), payload: length };
            assert_eq!(Frame::parse(&frame).expect("whole"), Some(expected));
        }
    }

    fn long(length: u32) -> Vec<u8> {
        [&[0x81, 127, 0, 0, 0, 0][..], &length.to_be_bytes()].concat()
    }

    #[test]
    fn what_no_server_sends_is_an_error() {
        assert!(Frame::parse(&[0x01, 0]).is_err());
        assert!(Frame::parse(&[0xC1, 0]).is_err());
        assert!(Frame::parse(&[0x81, 0x80]).is_err());
        assert!(Frame::parse(&[0x81, 127, 1, 0, 0, 0, 0, 0, 0, 0]).is_err());
    }
}
