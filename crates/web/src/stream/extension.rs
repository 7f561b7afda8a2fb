//! permessage-deflate (RFC 7692): what is agreed on in the handshake, and what clients send compressed.
//!
//! Always true: neither side keeps a context between messages, so ours can be shared between readers and theirs
//! costs nothing while it is silent; a message grows to the limit of messages and no further.

use flate2::{Decompress, FlushDecompress};
use hyper::HeaderMap;
use hyper::header::SEC_WEBSOCKET_EXTENSIONS;

/// The answer to an offer that is accepted.
pub(super) const AGREED: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/// Whether one of the client's offers can be accepted. One that wants a smaller window than 32 kB from us cannot:
/// the compressed form is shared.
pub(super) fn is_offered(headers: &HeaderMap) -> bool {
    let values = headers.get_all(SEC_WEBSOCKET_EXTENSIONS).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(is_acceptable)
}

fn is_acceptable(offer: &str) -> bool {
    let mut parts = offer.split(';').map(str::trim);
    if parts.next() != Some("permessage-deflate") {
        return false;
    }
    let mut seen = Vec::new();
    parts.all(|parameter| {
        let (name, value) = parameter.split_once('=').map_or((parameter, None), |(name, value)| (name, Some(value)));
        let is_new = !seen.contains(&name);
        seen.push(name);
        let bits = value.and_then(|value| value.trim_matches('"').parse().ok());
        is_new
            && match name {
                "server_no_context_takeover" | "client_no_context_takeover" => value.is_none(),
                "client_max_window_bits" => value.is_none() || bits.is_some_and(|bits: u8| (8..=15).contains(&bits)),
                _ => false,
            }
    })
}

/// Why a compressed message is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadDeflate {
    TooBig,
    Broken,
}

/// The text of a compressed message.
pub(super) fn inflate(payload: &[u8], limit: usize) -> Result<Vec<u8>, BadDeflate> {
    let mut state = Decompress::new(false);
    let mut out = Vec::new();
    for part in [payload, &[0, 0, 0xff, 0xff]] {
        let mut input = part;
        loop {
            // One byte more than the limit, to see that it is passed.
            let room = (limit + 1 - out.len()).min((input.len() * 4).max(512));
            out.reserve_exact(room);
            let read = state.total_in();
            let (before, capacity) = (out.len(), out.capacity());
            state.decompress_vec(input, &mut out, FlushDecompress::Sync).map_err(|_| BadDeflate::Broken)?;
            input = &input[(state.total_in() - read) as usize..];
            if out.len() > limit {
                return Err(BadDeflate::TooBig);
            }
            if out.len() < capacity {
                if !input.is_empty() && out.len() == before && state.total_in() == read {
                    // The stream ended by itself, and something follows.
                    return Err(BadDeflate::Broken);
                }
                if input.is_empty() {
                    break;
                }
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests;
