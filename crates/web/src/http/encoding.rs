//! What a client takes: content codings (RFC 9110 12.5.3) and the version that it already has (13.1.2).

use hyper::HeaderMap;
use hyper::header::{ACCEPT_ENCODING, IF_NONE_MATCH};

/// A content coding that we write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// `gzip`.
    Gzip,
    /// `br`.
    Brotli,
}

impl Coding {
    /// Its name in headers.
    pub const fn name(self) -> &'static str {
        match self {
            Coding::Gzip => "gzip",
            Coding::Brotli => "br",
        }
    }
}

/// The coding to use: the client's favourite; of equals, `preferred`. `None` for a client that takes neither.
pub fn accepted(headers: &HeaderMap, preferred: Coding) -> Option<Coding> {
    headers.get(ACCEPT_ENCODING)?;
    let other = if preferred == Coding::Gzip { Coding::Brotli } else { Coding::Gzip };
    let (first, second) = (weight(headers, preferred), weight(headers, other));
    let (best, coding) = if second > first { (second, other) } else { (first, preferred) };
    (best > 0).then_some(coding)
}

/// Whether `If-None-Match` names this tag; compared weakly, as the RFC asks.
pub fn matches_etag(headers: &HeaderMap, etag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let wanted = opaque(etag);
    let values = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|tag| tag.trim() == "*" || opaque(tag) == wanted)
}

/// The client's weight of a coding in thousandths; 0 where it is not taken.
fn weight(headers: &HeaderMap, coding: Coding) -> u32 {
    let mut any = 0;
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    for part in values.flat_map(|value| value.split(',')) {
        let (name, parameters) = part.split_once(';').unwrap_or((part, ""));
        let name = name.trim();
        if name.eq_ignore_ascii_case(coding.name()) {
            return quality(parameters);
        }
        if name == "*" {
            any = quality(parameters);
        }
    }
    any
}

fn quality(parameters: &str) -> u32 {
    let Some((_, value)) = parameters.split_once("q=").or_else(|| parameters.split_once("Q=")) else { return 1000 };
    value.trim().parse::<f32>().map_or(0, |q| (q.clamp(0.0, 1.0) * 1000.0) as u32)
}
