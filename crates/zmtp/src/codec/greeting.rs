//! The first 64 bytes of each side: signature, version, mechanism.

use super::CodecError;

/// Size of a greeting.
pub const GREETING_BYTES: usize = 64;
/// The version that we announce: ZMTP 3.1.
pub const MINOR: u8 = 1;

const MECHANISM: std::ops::Range<usize> = 12..32;

/// Our greeting.
pub fn greeting() -> [u8; GREETING_BYTES] {
    let mut bytes = [0; GREETING_BYTES];
    bytes[0] = 0xff;
    bytes[9] = 0x7f;
    bytes[10] = 3;
    bytes[11] = MINOR;
    bytes[12..16].copy_from_slice(b"NULL");
    bytes
}

/// Reads as much of a peer's greeting as has arrived, so that garbage is noticed at once.
/// `Some(minor version)` when `arrived` holds all of it; bytes after it are not looked at.
pub fn read_greeting(arrived: &[u8]) -> Result<Option<u8>, CodecError> {
    if arrived.first().is_some_and(|&byte| byte != 0xff) || arrived.get(9).is_some_and(|&byte| byte & 1 == 0) {
        return Err(CodecError::NotZmtp);
    }
    if let Some(&major) = arrived.get(10)
        && major < 3
    {
        return Err(CodecError::OldVersion(major));
    }
    let Some(mechanism) = arrived.get(MECHANISM) else { return Ok(None) };
    if mechanism[..4] != *b"NULL" || mechanism[4..].iter().any(|&byte| byte != 0) {
        let name = mechanism.iter().take_while(|&&byte| byte != 0).map(|&byte| char::from(byte));
        return Err(CodecError::Mechanism(name.collect()));
    }
    if arrived.len() < GREETING_BYTES {
        return Ok(None);
    }
    Ok(Some(arrived[11]))
}
