//! What was begun for one reader and is not written yet.
//!
//! Always true: frames are whole and in order; it is filled only when it is empty, so a reader that takes nothing
//! pins one batch.

use super::limits::WRITE_SLICES;
use crate::live::WriteHalf;
use bytes::{Buf, Bytes};
use std::collections::VecDeque;
use std::io::IoSlice;
use std::task::{Context, Poll};

#[derive(Debug, Default)]
pub(super) struct Out {
    slices: VecDeque<Bytes>,
    bytes: usize,
}

/// How a write went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrote {
    /// That many bytes.
    Some(usize),
    /// The socket takes nothing now.
    Blocked,
    Failed,
}

impl Out {
    pub(super) fn is_empty(&self) -> bool {
        self.slices.is_empty()
    }

    /// Bytes that wait.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// One write.
    pub(super) fn write(&mut self, io: &mut WriteHalf, cx: &mut Context<'_>) -> Wrote {
        let mut slices = [IoSlice::new(&[]); WRITE_SLICES];
        let count = self.slices.len().min(WRITE_SLICES);
        for (slot, slice) in slices.iter_mut().zip(&self.slices) {
            *slot = IoSlice::new(slice);
        }
        match io.poll_write(cx, &slices[..count]) {
            Poll::Ready(Ok(written)) if written > 0 => {
                self.advance(written);
                Wrote::Some(written)
            }
            Poll::Ready(_) => Wrote::Failed,
            Poll::Pending => Wrote::Blocked,
        }
    }

    fn advance(&mut self, mut written: usize) {
        self.bytes -= written;
        while let Some(first) = self.slices.front_mut() {
            if written < first.len() {
                first.advance(written);
                return;
            }
            written -= first.len();
            self.slices.pop_front();
        }
        // An idle reader has no buffer.
        self.slices = VecDeque::new();
    }
}

impl Extend<Bytes> for Out {
    fn extend<T: IntoIterator<Item = Bytes>>(&mut self, slices: T) {
        for slice in slices {
            if !slice.is_empty() {
                self.bytes += slice.len();
                self.slices.push_back(slice);
            }
        }
    }
}
