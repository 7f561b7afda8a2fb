//! The body of an answer: nothing, one piece, or a table's pieces that many answers share.

use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Body of an answer. Its length is always known, so hyper sends a `Content-Length`.
#[derive(Debug, Default)]
pub enum Body {
    /// Nothing, or nothing any more.
    #[default]
    Empty,
    /// One piece.
    Full(Bytes),
    /// Several pieces, shared with others that are sending them now.
    Pieces {
        /// All of them.
        pieces: Arc<[Bytes]>,
        /// The next to send.
        next: usize,
        /// Bytes of it and the ones after it.
        left: u64,
    },
}

impl Body {
    /// A body of shared pieces, `length` bytes in all.
    pub fn pieces(pieces: Arc<[Bytes]>, length: u64) -> Body {
        Body::Pieces { pieces, next: 0, left: length }
    }

    fn next_piece(&mut self) -> Option<Bytes> {
        match self {
            Body::Empty => None,
            Body::Full(bytes) => {
                let bytes = std::mem::take(bytes);
                *self = Body::Empty;
                Some(bytes).filter(|bytes| !bytes.is_empty())
            }
            Body::Pieces { pieces, next, left } => {
                let piece = pieces.get(*next)?.clone();
                *next += 1;
                *left = left.saturating_sub(piece.len() as u64);
                Some(piece)
            }
        }
    }

    fn left(&self) -> u64 {
        match self {
            Body::Empty => 0,
            Body::Full(bytes) => bytes.len() as u64,
            Body::Pieces { left, .. } => *left,
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Body {
        Body::Full(bytes)
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Body {
        Body::Full(Bytes::from(bytes))
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Body {
        Body::Full(Bytes::from_static(text.as_bytes()))
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.next_piece().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.left() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left())
    }
}
