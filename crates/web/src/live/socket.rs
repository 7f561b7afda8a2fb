//! The reading side of one connection, run by the task that owns it.
//!
//! How data passes: bytes from the socket go through the frame decoder; pings and closes become orders
//! to the writer; text is ignored, as the incumbent ignores it. Always true: the task ends soon after
//! the writer has left, and dropping it ends the connection; it holds no buffer while it waits.

use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::ReadBuf;

use super::conn::{CloseOrder, Conn, Manner};
use super::frame::{Decoder, Event, Keep, Violation};
use super::hub::Seat;
use super::limits::{LINGER, READ_BYTES};
use super::stats::Ending;
use super::transport::ReadHalf;

/// A connection that receives the stream for as long as `run` runs.
#[must_use = "the connection ends when this is dropped"]
pub struct Session {
    seat: Seat,
    id: usize,
    conn: Arc<Conn>,
    io: ReadHalf,
    early: Bytes,
    decoder: Decoder,
}

/// What became of the reading.
enum Read {
    /// The client is gone.
    End,
    /// The pump is done with the connection.
    WriterLeft(Manner),
}

impl Session {
    pub(super) fn new(seat: Seat, id: usize, conn: Arc<Conn>, io: ReadHalf, early: Bytes) -> Self {
        let decoder = Decoder::new(Keep::Nothing, seat.hub().options().max_message);
        Self { seat, id, conn, io, early, decoder }
    }

    /// Reads until the connection is over; tells why it ended.
    pub async fn run(mut self) -> Ending {
        let early = std::mem::take(&mut self.early);
        self.take(&early);
        match std::future::poll_fn(|cx| self.poll(cx)).await {
            Read::End => self.conn.end(Ending::Gone),
            Read::WriterLeft(Manner::Abort) => self.conn.end(Ending::Gone),
            Read::WriterLeft(Manner::Linger) => {
                // Closing with unread input would reset the connection and take our close frame away
                // from a client that has not read it yet.
                let _ = tokio::time::timeout(LINGER, std::future::poll_fn(|cx| self.poll_discard(cx))).await;
                self.conn.end(Ending::Gone)
            }
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Read> {
        if let Poll::Ready(manner) = self.conn.poll_writer_left(cx.waker()) {
            return Poll::Ready(Read::WriterLeft(manner));
        }
        let mut space = [0; READ_BYTES];
        loop {
            let mut space = ReadBuf::new(&mut space);
            match self.io.poll_read(cx, &mut space) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) if !space.filled().is_empty() => {
                    self.conn.mark_heard();
                    self.take(space.filled());
                }
                Poll::Ready(_) => return Poll::Ready(Read::End),
            }
        }
    }

    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut space = [0; READ_BYTES];
        loop {
            let mut space = ReadBuf::new(&mut space);
            match self.io.poll_read(cx, &mut space) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) if !space.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(()),
            }
        }
    }

    fn take(&mut self, mut input: &[u8]) {
        loop {
            match self.decoder.next(&mut input) {
                Ok(None) => return,
                Ok(Some(Event::Text(_) | Event::Packed(_) | Event::Pong(_))) => {}
                Ok(Some(Event::Ping(ping))) => self.conn.ask_pong(ping),
                Ok(Some(Event::Close(code))) => self.conn.ask_close(echo(code)),
                Err(violation) => self.conn.ask_close(refusal(violation)),
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.conn.end(Ending::Gone);
        self.conn.reader_left();
        self.seat.hub().forget(self.id);
    }
}

/// RFC 6455 5.5.1: a close is answered with the code that it had.
fn echo(code: Option<u16>) -> CloseOrder {
    CloseOrder { code, reason: "".into(), ending: Ending::Closed }
}

fn refusal(violation: Violation) -> CloseOrder {
    CloseOrder { code: Some(violation.code()), reason: violation.to_string().into(), ending: Ending::Refused }
}
