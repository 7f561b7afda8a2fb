//! What a peer answers: `[True, value]` or `[False, text]`.

use super::{DecodeError, lenient_loader};
use crate::limits::PEER_TEXT_BYTES;
use pickle::Node;

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer<T> {
    /// The value.
    Value(T),
    /// The peer's function failed; the end of its traceback.
    Failed(String),
}

/// Reads an answer whose value `read` understands.
pub(crate) fn decode_reply<T>(
    body: &[u8],
    read: impl FnOnce(Node<'_>) -> Result<T, DecodeError>,
) -> Result<Answer<T>, DecodeError> {
    let wrong = |why: &str| DecodeError::new("reply", why);
    let mut loader = lenient_loader();
    let tree = loader.load(body).map_err(|e| DecodeError::new("reply", e.to_string()))?;
    let mut items = tree.root().items().ok_or_else(|| wrong("is no list"))?;
    let (ok, value) = (items.next(), items.next());
    match (ok.and_then(Node::as_bool), value) {
        (Some(true), Some(value)) => read(value).map(Answer::Value),
        (Some(false), Some(value)) => Ok(Answer::Failed(tail(value.as_str().unwrap_or("no text")))),
        _ => Err(wrong("is not [bool, value]")),
    }
}

/// The end of a text, at a character's border.
fn tail(text: &str) -> String {
    let mut from = text.len().saturating_sub(PEER_TEXT_BYTES);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text[from..].trim_end().to_owned()
}
