//! The opening handshake of RFC 6455 section 4.2, server's side, as far as headers go.
//!
//! Always true: an accepted request has everything that the RFC asks of a client; no extension and no
//! subprotocol is ever agreed to, as with a client that offers none. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::HeaderMap;
use hyper::header::{CONNECTION, HeaderName, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};

const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Why a request is not a WebSocket handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// `Upgrade` or `Connection` do not ask for it.
    #[error("not a WebSocket upgrade")]
    NotAnUpgrade,
    /// To be answered with 426 and `Sec-WebSocket-Version: 13`.
    #[error("only WebSocket version 13 is spoken")]
    Version,
    /// The nonce of RFC 6455 4.1 is missing or malformed.
    #[error("Sec-WebSocket-Key is not 16 bytes in base64")]
    Key,
}

/// Value of `Sec-WebSocket-Accept` for a request with these headers; the answer is 101 with it and
/// `Connection: Upgrade`, `Upgrade: websocket`. The method must be GET, which routing has checked.
///
/// # Errors
/// The request is not a handshake that the RFC allows.
pub fn accept(headers: &HeaderMap) -> Result<String, Refusal> {
    if !has_token(headers, &UPGRADE, "websocket") || !has_token(headers, &CONNECTION, "upgrade") {
        return Err(Refusal::NotAnUpgrade);
    }
    if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version.as_bytes().trim_ascii() != b"13") {
        return Err(Refusal::Version);
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).ok_or(Refusal::Key)?.as_bytes().trim_ascii();
    if STANDARD.decode(key).map_or(0, |nonce| nonce.len()) != 16 {
        return Err(Refusal::Key);
    }
    let digest = super::sha1::digest(&[key, GUID].concat());
    Ok(STANDARD.encode(digest))
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests;
