//! HTTP/1.1: the accept loop, bodies in both directions, answers with the headers that every answer has.

mod accept;
mod body;
mod encoding;
mod gate;
mod read;
mod reply;

pub use accept::{Service, run};
pub use body::Body;
pub use encoding::{Coding, accepted, matches_etag};
pub use read::{BodyError, drain, read_body};
pub use reply::{Reply, detail, html, invalid_request, json, json_text, secure, server_error, text, with_header};

#[cfg(test)]
mod tests;
