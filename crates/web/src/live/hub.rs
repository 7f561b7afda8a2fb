//! The door of the live streams: the replica publishes, the router attaches connections, `/metrics` asks.
//!
//! How data passes: `publish` frames each message once into the log and rings the shards; `reserve`
//! fixes the place from which a new reader gets everything, before the handshake is answered; `attach`
//! gives its two halves to a shard's pump and to the caller's task. Always true: `publish` waits for
//! nothing but a lock that is held for microseconds; at most `max_readers` seats are taken.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use fanout::{Cursor, Kind, Log};
use slab::Slab;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::conn::{Arrival, Bell, Conn, FOLLOWING, Manner};
use super::frame;
use super::limits::{Options, READERS_PER_SHARD};
use super::pump::{Pump, lock};
use super::socket::Session;
use super::stats::{Counters, Ending, ReaderStats, Stats};
use super::transport::Transport;

/// One stream of messages to any number of readers. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
}

/// The tasks behind a hub; its owner runs them.
#[must_use = "nothing is written unless the pumps run"]
pub struct Pumps {
    pumps: Vec<Pump>,
}

/// The right to attach one connection, and the place from which it gets everything. Given back on drop.
pub struct Seat {
    hub: Hub,
    cursor: Cursor,
}

/// All seats are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("all {seats} seats are taken")]
pub struct Full {
    pub seats: usize,
}

struct Shared {
    options: Options,
    log: Arc<Mutex<Log>>,
    bells: Vec<Arc<Bell>>,
    seats: AtomicUsize,
    conns: Mutex<Slab<Arc<Conn>>>,
    counters: Arc<Counters>,
}

impl Hub {
    /// A hub, and the tasks that its owner has to run.
    pub fn new(options: Options) -> (Self, Pumps) {
        let log = Arc::new(Mutex::new(Log::new(options.log)));
        let counters = Arc::new(Counters::default());
        let bells: Vec<Arc<Bell>> = (0..options.shards.max(1)).map(|_| Arc::default()).collect();
        let pump = |bell: &Arc<Bell>| Pump::new(Arc::clone(&log), Arc::clone(bell), Arc::clone(&counters), &options);
        let pumps = Pumps { pumps: bells.iter().map(pump).collect() };
        let (seats, conns) = (AtomicUsize::new(0), Mutex::default());
        (Self { shared: Arc::new(Shared { options, log, bells, seats, conns, counters }) }, pumps)
    }

    /// Sends a burst of messages (JSON text, made by the caller) to all readers, in this order. Give it
    /// all that is there at once: a burst is one write per reader. Never waits for a reader.
    pub fn publish<'a>(&self, burst: impl IntoIterator<Item = (Kind, &'a [u8])>) {
        let mut log = lock(&self.shared.log);
        for (kind, text) in burst {
            log.append(kind, &[frame::text_header(text.len()).as_ref(), text]);
        }
        log.commit();
        drop(log);
        for bell in &self.shared.bells {
            if bell.readers.load(Ordering::Relaxed) > 0 {
                bell.ring();
            }
        }
    }

    /// Whether anybody would get what is published. Apply a message's content to your own state before you ask:
    /// then a reader that takes its seat just behind the answer finds it there.
    #[must_use]
    pub fn has_readers(&self) -> bool {
        self.shared.seats.load(Ordering::SeqCst) > 0
    }

    /// Takes a seat for a connection that asks to be upgraded. From now on each message is for it.
    ///
    /// # Errors
    /// All seats are taken; answer 503.
    pub fn reserve(&self) -> Result<Seat, Full> {
        let seats = self.shared.options.max_readers;
        let taken = self.shared.seats.fetch_add(1, Ordering::SeqCst);
        let seat = Seat { hub: self.clone(), cursor: lock(&self.shared.log).cursor() };
        if taken < seats {
            return Ok(seat);
        }
        self.shared.counters.full.fetch_add(1, Ordering::Relaxed);
        Err(Full { seats })
    }

    #[must_use]
    pub fn stats(&self) -> Stats {
        let readers = self.readers();
        let counters = &self.shared.counters;
        let gone = counters.conflated.load(Ordering::Relaxed);
        Stats {
            readers: self.shared.seats.load(Ordering::Relaxed),
            apart: readers.iter().filter(|reader| !reader.following).count(),
            max_lag: readers.iter().map(|reader| reader.lag).max().unwrap_or(0),
            conflated: gone + readers.iter().map(|reader| reader.conflated).sum::<u64>(),
            frames: counters.frames.load(Ordering::Relaxed),
            writes: counters.writes.load(Ordering::Relaxed),
            full: counters.full.load(Ordering::Relaxed),
            endings: counters.endings(),
            log: lock(&self.shared.log).stats(),
        }
    }

    /// Each reader's figures. Costs a walk over all of them.
    #[must_use]
    pub fn readers(&self) -> Vec<ReaderStats> {
        let head = lock(&self.shared.log).head();
        let conns = self.shared.conns();
        let stats = |(id, conn): (usize, &Arc<Conn>)| {
            let place = conn.place.load(Ordering::Relaxed);
            let following = place == FOLLOWING;
            let next = if following { conn.bell().group.load(Ordering::Relaxed) } else { place };
            let conflated = conn.conflated.load(Ordering::Relaxed);
            ReaderStats { id, lag: head.saturating_sub(next), conflated, following }
        };
        conns.iter().map(stats).collect()
    }

    pub(super) fn options(&self) -> &Options {
        &self.shared.options
    }

    pub(super) fn forget(&self, id: usize) {
        self.shared.conns().try_remove(id);
    }

    /// The least loaded of as many shards as the readers are worth.
    fn bell(&self) -> &Arc<Bell> {
        let readers = |bell: &&Arc<Bell>| bell.readers.load(Ordering::Relaxed);
        let total: usize = self.shared.bells.iter().map(|bell| readers(&bell)).sum();
        let worth = total / READERS_PER_SHARD + 1;
        self.shared.bells.iter().take(worth).min_by_key(readers).expect("there is at least one shard")
    }
}

impl Seat {
    /// Begins the stream on a connection whose handshake was answered. `early` is what the client sent
    /// right behind it. Run the session in a task of the caller's.
    pub fn attach(self, transport: Transport, early: Bytes) -> Session {
        let shared = Arc::clone(&self.hub.shared);
        let bell = Arc::clone(self.hub.bell());
        let (read, write) = transport.split();
        let cursor = self.cursor.clone();
        let conn = Conn::new(Arc::clone(&bell), Arc::clone(&shared.counters), cursor.next());
        let id = shared.conns().insert(Arc::clone(&conn));
        bell.readers.fetch_add(1, Ordering::Relaxed);
        if !bell.arrive(Arrival { conn: Arc::clone(&conn), io: write, cursor }) {
            bell.readers.fetch_sub(1, Ordering::Relaxed);
            conn.end(Ending::Shutdown);
            conn.writer_left(Manner::Abort);
        }
        Session::new(self, id, conn, read, early)
    }

    pub(super) fn hub(&self) -> &Hub {
        &self.hub
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.shared.seats.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Pumps {
    /// Writes to the readers until `shutdown`, then closes them with 1001 and returns.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut tasks = JoinSet::new();
        for pump in self.pumps {
            // Without tokio's budget: a pump makes more than 128 writes per turn on purpose, and gives
            // way by itself.
            tasks.spawn(tokio::task::unconstrained(pump.run(shutdown.clone())));
        }
        tasks.join_all().await;
    }
}

impl Shared {
    fn conns(&self) -> MutexGuard<'_, Slab<Arc<Conn>>> {
        self.conns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
