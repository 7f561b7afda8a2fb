//! Bytes to text as `json.loads` does it: UTF-8, -16 or -32 by what the first bytes look like, surrogates let pass.
//!
//! The result is "WTF-8": UTF-8 in which a surrogate alone may stand as its three bytes.

use std::borrow::Cow;

/// The text of a body; `None` where it is none of the encodings that its beginning promises.
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    let ends = |wide: usize| bytes.len().is_multiple_of(wide);
    match encoding(bytes) {
        Encoding::Utf8(skip) => {
            let text = &bytes[skip..];
            is_wtf8(text).then_some(Cow::Borrowed(text))
        }
        Encoding::Utf16 { skip, big } => ends(2).then(|| from_utf16(&bytes[skip..], big)).map(Cow::Owned),
        Encoding::Utf32 { skip, big } => ends(4).then(|| from_utf32(&bytes[skip..], big)).flatten().map(Cow::Owned),
    }
}

/// Appends a code point, surrogates too.
pub(super) fn push_code(out: &mut Vec<u8>, code: u32) {
    if let Some(char) = char::from_u32(code) {
        out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        let low = |shift: u32| 0x80 | (code >> shift & 0x3f) as u8;
        out.extend_from_slice(&[0xe0 | (code >> 12) as u8, low(6), low(0)]);
    }
}

/// The text with U+FFFD for each surrogate alone, and whether there was none.
pub(super) fn to_string(wtf8: Vec<u8>) -> (String, bool) {
    match String::from_utf8(wtf8) {
        Ok(text) => (text, true),
        Err(error) => {
            let bytes = error.into_bytes();
            let mut text = String::with_capacity(bytes.len());
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let valid = valid_prefix(rest);
                text.push_str(std::str::from_utf8(&rest[..valid]).unwrap_or_default());
                rest = &rest[valid..];
                if !rest.is_empty() {
                    text.push('\u{fffd}');
                    rest = &rest[3.min(rest.len())..];
                }
            }
            (text, false)
        }
    }
}

enum Encoding {
    Utf8(usize),
    Utf16 { skip: usize, big: bool },
    Utf32 { skip: usize, big: bool },
}

/// `json.detect_encoding`.
fn encoding(bytes: &[u8]) -> Encoding {
    match bytes {
        [0, 0, 0xfe, 0xff, ..] => Encoding::Utf32 { skip: 4, big: true },
        [0xff, 0xfe, 0, 0, ..] => Encoding::Utf32 { skip: 4, big: false },
        [0xfe, 0xff, ..] => Encoding::Utf16 { skip: 2, big: true },
        [0xff, 0xfe, ..] => Encoding::Utf16 { skip: 2, big: false },
        [0xef, 0xbb, 0xbf, ..] => Encoding::Utf8(3),
        [0, 0, _, _, ..] => Encoding::Utf32 { skip: 0, big: true },
        [0, _, _, _, ..] | [0, _] => Encoding::Utf16 { skip: 0, big: true },
        [_, 0, 0, 0, ..] => Encoding::Utf32 { skip: 0, big: false },
        [_, 0, _, _, ..] | [_, 0] => Encoding::Utf16 { skip: 0, big: false },
        _ => Encoding::Utf8(0),
    }
}

fn is_wtf8(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        rest = &rest[valid_prefix(rest)..];
        match rest {
            [] => return true,
            [0xed, 0xa0..=0xbf, 0x80..=0xbf, after @ ..] => rest = after,
            _ => return false,
        }
    }
}

fn valid_prefix(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len)
}

fn from_utf16(bytes: &[u8], big: bool) -> Vec<u8> {
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair[1]];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    };
    let mut out = Vec::with_capacity(bytes.len());
    for decoded in char::decode_utf16(bytes.chunks_exact(2).map(unit)) {
        push_code(&mut out, decoded.map_or_else(|lone| u32::from(lone.unpaired_surrogate()), u32::from));
    }
    out
}

fn from_utf32(bytes: &[u8], big: bool) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    for four in bytes.chunks_exact(4) {
        let four = [four[0], four[1], four[2], four[3]];
        let code = if big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) };
        if code > 0x10_ffff {
            return None;
        }
        push_code(&mut out, code);
    }
    Some(out)
}
