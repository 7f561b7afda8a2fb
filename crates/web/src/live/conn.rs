//! What the two halves of a connection share: the reader's task asks its shard's pump for pongs and
//! closes, the pump tells the reader's task when its side is done. And the shard's letter box.
//!
//! Always true: a connection waits in its shard's box at most once, however often it rings, so that a
//! flood of pings or wake-ups is one visit; of several pings that wait only the last is answered (RFC
//! 6455 5.5.3 allows it); the first ending that is told is the one that counts. `Conn` is its own
//! waker: a socket that becomes writable rings for exactly its writer, so a blocked one costs nothing.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Wake};

use fanout::Cursor;
use futures_util::task::AtomicWaker;
use tokio::sync::Notify;

use super::frame::Control;
use super::stats::{Counters, Ending};
use super::transport::WriteHalf;

/// `Conn::place` of a reader that keeps up: it stands where its shard stands.
pub(super) const FOLLOWING: u64 = u64::MAX;
const NO_SLOT: usize = usize::MAX;

/// How the pump left a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// The close frame is on its way; the client may answer it.
    Linger,
    Abort,
}

/// A close that the writer still has to send.
#[derive(Debug)]
pub(super) struct CloseOrder {
    pub(super) code: Option<u16>,
    pub(super) reason: Cow<'static, str>,
    pub(super) ending: Ending,
}

/// What the reader's task wants of the writer.
#[derive(Debug, Default)]
pub(super) struct Orders {
    pub(super) pong: Option<Control>,
    pub(super) close: Option<CloseOrder>,
    pub(super) reader_left: bool,
}

#[derive(Debug)]
pub(super) struct Conn {
    bell: Arc<Bell>,
    counters: Arc<Counters>,
    /// Where the pump keeps its writer.
    slot: AtomicUsize,
    ringing: AtomicBool,
    heard: AtomicBool,
    state: Mutex<State>,
    reader: AtomicWaker,
    /// Next number of a reader that does not keep up, for the statistics.
    pub(super) place: AtomicU64,
    pub(super) conflated: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    orders: Orders,
    writer_left: Option<Manner>,
    ending: Option<Ending>,
}

/// The letter box of a shard.
#[derive(Debug, Default)]
pub(super) struct Bell {
    mail: Mutex<Mail>,
    notify: Notify,
    /// Readers that this shard was given and that have not left.
    pub(super) readers: AtomicUsize,
    /// Where the readers that keep up stand.
    pub(super) group: AtomicU64,
}

/// Bounded by the number of seats: each connection is in it at most once.
#[derive(Debug, Default)]
pub(super) struct Mail {
    pub(super) arrivals: Vec<Arrival>,
    pub(super) ready: Vec<Arc<Conn>>,
    closed: bool,
}

/// A connection that the pump does not know yet.
pub(super) struct Arrival {
    pub(super) conn: Arc<Conn>,
    pub(super) io: WriteHalf,
    pub(super) cursor: Cursor,
}

impl Conn {
    pub(super) fn new(bell: Arc<Bell>, counters: Arc<Counters>, place: u64) -> Arc<Self> {
        Arc::new(Self {
            bell,
            counters,
            slot: AtomicUsize::new(NO_SLOT),
            ringing: AtomicBool::new(false),
            heard: AtomicBool::new(false),
            state: Mutex::default(),
            reader: AtomicWaker::new(),
            place: AtomicU64::new(place),
            conflated: AtomicU64::new(0),
        })
    }

    // The reader's task

    pub(super) fn bell(&self) -> &Bell {
        &self.bell
    }

    /// The client said something, whatever it was.
    pub(super) fn mark_heard(&self) {
        self.heard.store(true, Ordering::Relaxed);
    }

    pub(super) fn ask_pong(self: &Arc<Self>, ping: Control) {
        self.state().orders.pong = Some(ping);
        self.ring();
    }

    pub(super) fn ask_close(self: &Arc<Self>, close: CloseOrder) {
        self.end(close.ending);
        self.state().orders.close.get_or_insert(close);
        self.ring();
    }

    /// The reader's task is over, and with it the connection.
    pub(super) fn reader_left(self: &Arc<Self>) {
        self.state().orders.reader_left = true;
        self.ring();
    }

    /// Ready once the pump is done with the connection.
    pub(super) fn poll_writer_left(&self, waker: &std::task::Waker) -> Poll<Manner> {
        self.reader.register(waker);
        self.state().writer_left.map_or(Poll::Pending, Poll::Ready)
    }

    /// Tells why the connection ends; the first to know is believed, and counted.
    pub(super) fn end(&self, ending: Ending) -> Ending {
        let mut state = self.state();
        if state.ending.is_none() {
            self.counters.count(ending);
        }
        *state.ending.get_or_insert(ending)
    }

    // The pump

    pub(super) fn slot(&self) -> Option<usize> {
        Some(self.slot.load(Ordering::Relaxed)).filter(|slot| *slot != NO_SLOT)
    }

    pub(super) fn set_slot(&self, slot: usize) {
        self.slot.store(slot, Ordering::Relaxed);
    }

    pub(super) fn take_heard(&self) -> bool {
        self.heard.swap(false, Ordering::Relaxed)
    }

    pub(super) fn take_orders(&self) -> Orders {
        std::mem::take(&mut self.state().orders)
    }

    /// From here on a ring is a new visit. Before `take_orders`, so that none is missed.
    pub(super) fn answer_ring(&self) {
        self.ringing.store(false, Ordering::SeqCst);
    }

    pub(super) fn writer_left(&self, manner: Manner) {
        self.slot.store(NO_SLOT, Ordering::Relaxed);
        self.state().writer_left = Some(manner);
        self.reader.wake();
    }

    fn ring(self: &Arc<Self>) {
        if !self.ringing.swap(true, Ordering::SeqCst) {
            self.bell.post(self);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Conn {
    fn wake(self: Arc<Self>) {
        self.ring();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.ring();
    }
}

impl Bell {
    /// There is something to do for the shard.
    pub(super) fn ring(&self) {
        self.notify.notify_one();
    }

    pub(super) async fn rung(&self) {
        self.notify.notified().await;
    }

    /// Hands a connection over; false where the pump has ended.
    pub(super) fn arrive(&self, arrival: Arrival) -> bool {
        let mut mail = self.mail();
        if mail.closed {
            return false;
        }
        mail.arrivals.push(arrival);
        drop(mail);
        self.ring();
        true
    }

    /// Exchanges the full box for an empty one, whose allocations go on being used.
    pub(super) fn collect(&self, empty: &mut Mail) {
        std::mem::swap(&mut *self.mail(), empty);
    }

    /// Takes no more mail. Returns what was left.
    pub(super) fn close(&self) -> Mail {
        std::mem::replace(&mut *self.mail(), Mail { closed: true, ..Mail::default() })
    }

    fn post(&self, conn: &Arc<Conn>) {
        let mut mail = self.mail();
        if mail.closed {
            return;
        }
        mail.ready.push(Arc::clone(conn));
        drop(mail);
        self.ring();
    }

    fn mail(&self) -> MutexGuard<'_, Mail> {
        self.mail.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Arrival {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arrival").field("cursor", &self.cursor).finish_non_exhaustive()
    }
}
