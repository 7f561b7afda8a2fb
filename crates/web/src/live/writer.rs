//! The writing half of one connection: its cursor, and the few bytes that must go out before anything else.
//!
//! Always true: `pending` is the rest of a frame that was begun, then control frames; the log's entries
//! are written only while it is empty, so frames are never torn. What a reader costs is one frame at
//! most: nothing of the log is kept, and a blocked reader's newer entries are chosen only when it can
//! take them.

use std::io::{self, IoSlice};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use fanout::{Batch, Cursor};

use super::conn::{CloseOrder, Conn, Manner};
use super::frame::{self, Control, Opcode};
use super::stats::Ending;
use super::transport::WriteHalf;

/// How a write went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Push {
    All,
    /// Some of it; what was begun is pending.
    Part,
    /// Nothing; the writer will be visited when the socket can take more.
    Blocked,
    Failed,
}

pub(super) struct Writer {
    io: WriteHalf,
    pub(super) conn: Arc<Conn>,
    waker: Waker,
    pub(super) cursor: Cursor,
    pending: Vec<u8>,
    pending_written: usize,
    /// The last ping that is not answered: taken up only when nothing is pending, so that a client
    /// that floods with pings and reads nothing fills no buffer.
    pong: Option<Control>,
    /// Place among the pump's followers, while it stands where they stand.
    pub(super) following: Option<usize>,
    pub(super) pulse: Pulse,
    closing: Option<Ending>,
}

/// Beats (of the pump) at which things happened, for the time-outs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pulse {
    pub(super) blocked_since: Option<u32>,
    pub(super) pinged: u32,
    pub(super) unanswered_since: Option<u32>,
}

impl Writer {
    pub(super) fn new(io: WriteHalf, conn: Arc<Conn>, cursor: Cursor, beat: u32) -> Self {
        Self {
            io,
            waker: Waker::from(Arc::clone(&conn)),
            conn,
            cursor,
            pending: Vec::new(),
            pending_written: 0,
            pong: None,
            following: None,
            pulse: Pulse { blocked_since: None, pinged: beat, unanswered_since: None },
            closing: None,
        }
    }

    /// Writes a batch gathered for this writer's cursor, whose slices are `slices`; moves the cursor by
    /// what went out. Returns the number of frames that were at least begun, too.
    pub(super) fn write(&mut self, batch: &Batch, slices: &[IoSlice<'_>], beat: u32) -> (Push, u64) {
        debug_assert!(self.pending.is_empty());
        match self.io.poll_write(&mut Context::from_waker(&self.waker), slices) {
            Poll::Ready(Ok(written)) if written > 0 => {
                self.pulse.blocked_since = None;
                let (next, conflated) = (self.cursor.next(), self.cursor.conflated());
                if let Some(rest) = batch.settle(&mut self.cursor, written) {
                    self.pending.extend_from_slice(&rest);
                }
                if written >= batch.bytes() {
                    return (Push::All, batch.entries() as u64);
                }
                let passed_over = self.cursor.conflated() - conflated;
                (Push::Part, self.cursor.next() - next - passed_over)
            }
            other => (self.not_written(other, beat), 0),
        }
    }

    /// Writes what is pending, and the pong that is owed.
    pub(super) fn flush(&mut self, beat: u32) -> Push {
        let push = self.flush_pending(beat);
        let Some(ping) = self.pong.take_if(|_| push == Push::All && self.closing.is_none()) else { return push };
        frame::control(Opcode::Pong, ping.bytes(), &mut self.pending);
        self.flush_pending(beat)
    }

    pub(super) fn owe_pong(&mut self, ping: Control) {
        self.pong = Some(ping);
    }

    pub(super) fn queue_ping(&mut self, beat: u32) {
        if self.closing.is_none() {
            frame::control(Opcode::Ping, &beat.to_be_bytes(), &mut self.pending);
            self.pulse.pinged = beat;
            self.pulse.unanswered_since.get_or_insert(beat);
        }
    }

    /// Queues the close frame; nothing is written after it.
    pub(super) fn queue_close(&mut self, order: &CloseOrder) {
        if self.closing.is_none() {
            match order.code {
                Some(code) => frame::close(code, &order.reason, &mut self.pending),
                None => frame::control(Opcode::Close, &[], &mut self.pending),
            }
            self.closing = Some(self.conn.end(order.ending));
        }
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.is_some()
    }

    /// Gives the connection up and tells the reader's task.
    pub(super) fn leave(self, manner: Manner) {
        match manner {
            Manner::Linger => self.io.finish(&mut Context::from_waker(&self.waker)),
            Manner::Abort => self.io.abort(),
        }
        self.conn.writer_left(manner);
    }

    fn flush_pending(&mut self, beat: u32) -> Push {
        while self.pending_written < self.pending.len() {
            let slice = IoSlice::new(&self.pending[self.pending_written..]);
            match self.io.poll_write(&mut Context::from_waker(&self.waker), &[slice]) {
                Poll::Ready(Ok(written)) if written > 0 => {
                    self.pulse.blocked_since = None;
                    self.pending_written += written;
                }
                other => return self.not_written(other, beat),
            }
        }
        // Not `clear`: a reader that keeps up has no buffer.
        self.pending = Vec::new();
        self.pending_written = 0;
        Push::All
    }

    fn not_written(&mut self, poll: Poll<io::Result<usize>>, beat: u32) -> Push {
        if poll.is_ready() {
            return Push::Failed;
        }
        self.pulse.blocked_since.get_or_insert(beat);
        Push::Blocked
    }
}
