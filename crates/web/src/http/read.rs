//! Reads a request's body: whole, bounded in size and in time.

use crate::limits;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use hyper::{HeaderMap, header};
use tokio::time::{Instant, timeout_at};

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Larger than allowed, or said to be: 413.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The client took too long: 408.
    #[error("the body did not arrive in time")]
    TooSlow,
    /// The connection broke or the framing is wrong: 400, if anybody still listens.
    #[error("the body broke off")]
    Broken,
}

/// Reads the whole body.
///
/// # Errors
/// Larger than `limit` (refused before reading where the length is declared), slower than
/// [`limits::BODY_TIME`], or broken off.
pub async fn read_body(body: &mut Incoming, headers: &HeaderMap, limit: usize) -> Result<Bytes, BodyError> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    if declared_length(headers).is_some_and(|length| length > limit as u64) {
        return Err(BodyError::TooLarge(limit));
    }
    let deadline = Instant::now() + limits::BODY_TIME;
    timeout_at(deadline, collect(body, limit)).await.unwrap_or(Err(BodyError::TooSlow))
}

/// Reads away the rest of a body that was refused, for a short while, so that a client that writes before it
/// reads sees the answer and not a reset connection.
pub async fn drain(mut body: Incoming) {
    let deadline = Instant::now() + limits::DRAIN_TIME;
    let mut left = limits::DRAIN_BYTES;
    while let Ok(Some(Ok(frame))) = timeout_at(deadline, body.frame()).await {
        let size = frame.data_ref().map_or(0, Bytes::len);
        let Some(rest) = left.checked_sub(size) else { return };
        left = rest;
    }
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn collect(body: &mut Incoming, limit: usize) -> Result<Bytes, BodyError> {
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else { continue };
        if first.len() + rest.len() + data.len() > limit {
            return Err(BodyError::TooLarge(limit));
        }
        // Nearly every body arrives in one frame and need not be copied.
        if first.is_empty() { first = data } else { rest.extend_from_slice(&data) }
    }
    if rest.is_empty() {
        return Ok(first);
    }
    Ok([first.as_ref(), rest.as_ref()].concat().into())
}
