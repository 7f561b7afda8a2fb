//! What is on disk: intents before they are sent, outcomes, trading states. One thread writes it.
//!
//! All that waits at a moment goes into one transaction (group commit), so that 16 orders at once cost one fsync, not
//! 16; a caller goes on when it is durable, on the writer's own thread as far as to the socket. Outcomes do not make
//! anybody wait: they ride along with the next intents, or are written [`LINGER`] later without an fsync. A killed
//! process has given them to the operating system by then or has not; either way the row says RECORDED or the truth, and
//! RECORDED is read as UNKNOWN.
//!
//! Always true: what was answered with `Ok` is on disk; what was answered with an error is not, and was not sent; an
//! outcome that could not be written is kept and tried again.

mod database;
mod ids;

pub(super) use database::{Restored, StoredState};

use super::carried::carry_on_here;
use super::intent::Intent;
use super::limits::{LINGER, PLACING_MAX, PRUNE_EVERY};
use crate::command::together;
use database::Database;
use domain::{Text, TradingState};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;
use tokio::sync::oneshot;

/// Why something is not on disk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be used at all.
    #[error("the order journal {path} cannot be used: {reason}")]
    Unusable {
        /// The file.
        path: String,
        /// Why, and what to do.
        reason: String,
    },
    /// Writing failed: the disk is full, broken or gone.
    #[error("the order journal cannot be written: {0}")]
    Failed(String),
    /// Too much waits to be written.
    #[error("too many orders wait for the disk")]
    Full,
    /// This process is going away.
    #[error("the order journal is closed")]
    Closed,
}

/// What came of writing an intent.
#[derive(Clone, Debug)]
pub(super) enum Recorded {
    /// It is on disk.
    New,
    /// Its id is on disk already, from long ago; nothing was written.
    Known(Box<Intent>),
}

/// Something that is to be durable before its caller goes on.
#[derive(Clone, Debug)]
pub(super) enum Write {
    /// An intent, before it is sent. `is_again`: its row is there already.
    Intent {
        /// The intent.
        intent: Box<Intent>,
        /// Whether its row is there already.
        is_again: bool,
    },
    /// How an intent ended.
    Outcome(Box<Intent>),
    /// What new orders may do; the scope is a desk, or empty for all.
    TradingState {
        /// The desk; empty for all.
        scope: Text,
        /// The state.
        state: TradingState,
        /// Who wants it.
        user: Text,
        /// When, in milliseconds since 1970 UTC.
        at_ms: i64,
    },
}

type Answer = oneshot::Sender<Result<Recorded, JournalError>>;

/// The way to the disk.
#[derive(Debug)]
pub(super) struct Journal {
    shared: Arc<Waiting>,
    /// Ids of rows up to this one are found on disk.
    listed: Arc<AtomicI64>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug, Default)]
struct Waiting {
    queue: Mutex<Queue>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    writes: VecDeque<(Write, Answer)>,
    /// Newest outcome of each row, bounded by the number of intents in memory.
    outcomes: FxHashMap<i64, Intent>,
    is_closed: bool,
    /// The writer sleeps.
    is_waiting: bool,
    /// It does so until something arrives, not just for a moment.
    is_idle: bool,
}

/// What the writer takes at once.
struct Lot {
    writes: Vec<(Write, Answer)>,
    outcomes: FxHashMap<i64, Intent>,
    is_closed: bool,
}

impl Journal {
    /// Opens the file, or makes it, and reads what an earlier run left. `now_ms`: milliseconds since 1970 UTC.
    ///
    /// # Errors
    /// It is locked by another process, no database, or from a later version; nothing of it was changed.
    pub(super) fn open(path: &Path, now_ms: fn() -> i64) -> Result<(Journal, Restored), JournalError> {
        let (database, restored) = Database::open(path)?;
        let (shared, listed) = (Arc::new(Waiting::default()), Arc::new(AtomicI64::new(restored.listed)));
        let theirs = (Arc::clone(&shared), Arc::clone(&listed));
        let run = move || Writer { database, shared: theirs.0, listed: theirs.1, now_ms, pruned: None }.run();
        let writer = std::thread::Builder::new()
            .name("order-journal".into())
            .spawn(run)
            .map_err(|error| JournalError::Failed(error.to_string()))?;
        Ok((Journal { shared, listed, writer: Mutex::new(Some(writer)) }, restored))
    }

    /// The row up to which ids are found on disk, without anybody remembering them.
    pub(super) fn listed(&self) -> i64 {
        self.listed.load(Ordering::Acquire)
    }

    /// Writes durably.
    ///
    /// # Errors
    /// It is not on disk.
    pub(super) async fn write(&self, write: Write) -> Result<Recorded, JournalError> {
        self.begin(write)?.await.unwrap_or(Err(JournalError::Closed))
    }

    /// Puts something into the queue; lots are written in this order.
    ///
    /// # Errors
    /// It will not be written.
    pub(super) fn begin(
        &self,
        write: Write,
    ) -> Result<oneshot::Receiver<Result<Recorded, JournalError>>, JournalError> {
        let (answer, answered) = oneshot::channel();
        let mut queue = self.shared.lock();
        if queue.is_closed {
            return Err(JournalError::Closed);
        }
        if queue.writes.len() >= PLACING_MAX {
            return Err(JournalError::Full);
        }
        queue.writes.push_back((write, answer));
        let wake = queue.is_waiting;
        drop(queue);
        if wake {
            self.shared.arrived.notify_one();
        }
        Ok(answered)
    }

    /// Notes how an intent ended, to be written soon.
    pub(super) fn note(&self, intent: Intent) {
        let mut queue = self.shared.lock();
        let wake = queue.is_idle;
        queue.outcomes.insert(intent.row, intent);
        drop(queue);
        if wake {
            self.shared.arrived.notify_one();
        }
    }

    /// Writes what waits, durably, and ends the thread; later writes are refused. Blocks.
    pub(super) fn close(&self) {
        self.shared.lock().is_closed = true;
        self.shared.arrived.notify_one();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer
            && writer.join().is_err()
        {
            tracing::error!("the thread of the order journal panicked");
        }
    }

    /// Ends the thread without writing what waits, as a kill would.
    #[cfg(test)]
    pub(super) fn abort(&self) {
        {
            let mut queue = self.shared.lock();
            queue.outcomes.clear();
            queue.writes.clear();
        }
        self.close();
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.close();
    }
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_empty(&self) -> bool {
        let queue = self.lock();
        queue.writes.is_empty() && !queue.is_closed
    }

    /// Everything that waits, as soon as it is worth a transaction. `expects`: whether outcomes are about to come; then
    /// they need not wake anybody.
    fn take(&self, expects: bool) -> Lot {
        let mut queue = self.lock();
        let mut until = expects.then(|| Instant::now() + LINGER);
        while queue.writes.is_empty() && !queue.is_closed {
            if until.is_none() && !queue.outcomes.is_empty() {
                until = Some(Instant::now() + LINGER);
            }
            queue.is_waiting = true;
            queue.is_idle = until.is_none();
            let Some(end) = until else {
                queue = self.arrived.wait(queue).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let left = end.saturating_duration_since(Instant::now());
            match left.is_zero() {
                false => queue = self.arrived.wait_timeout(queue, left).unwrap_or_else(PoisonError::into_inner).0,
                true if queue.outcomes.is_empty() => until = None,
                true => break,
            }
        }
        (queue.is_waiting, queue.is_idle) = (false, false);
        Lot {
            writes: queue.writes.drain(..).collect(),
            outcomes: std::mem::take(&mut queue.outcomes),
            is_closed: queue.is_closed,
        }
    }

    /// Outcomes that could not be written wait on; newer ones of the same row stay.
    fn put_back(&self, outcomes: FxHashMap<i64, Intent>) {
        let mut queue = self.lock();
        for (row, intent) in outcomes {
            queue.outcomes.entry(row).or_insert(intent);
        }
    }
}

struct Writer {
    database: Database,
    shared: Arc<Waiting>,
    listed: Arc<AtomicI64>,
    now_ms: fn() -> i64,
    pruned: Option<Instant>,
}

impl Writer {
    fn run(mut self) {
        let mut is_pause = true;
        loop {
            while is_pause && self.shared.is_empty() && (self.database.make_room() || self.list_ids(true)) {}
            let Lot { writes, outcomes, is_closed } = self.shared.take(!is_pause);
            is_pause = writes.is_empty();
            let written = self.write(writes, outcomes, is_closed);
            if is_closed {
                self.database.close();
                return;
            }
            if !written && is_pause {
                // The disk does not take it: no reason to try without a pause.
                std::thread::sleep(LINGER);
            }
            self.look_after(is_pause);
        }
    }

    fn write(&mut self, writes: Vec<(Write, Answer)>, outcomes: FxHashMap<i64, Intent>, is_closed: bool) -> bool {
        let is_durable = is_closed || !writes.is_empty();
        let (writes, answers): (Vec<Write>, Vec<Answer>) = writes.into_iter().unzip();
        match self.database.write(&writes, outcomes.values(), is_durable) {
            Ok(recorded) => {
                // What was recorded is sent from here, all of it in one go.
                together(|| {
                    carry_on_here(|| {
                        for (answer, recorded) in answers.into_iter().zip(recorded) {
                            let _ = answer.send(Ok(recorded));
                        }
                    });
                });
                true
            }
            Err(error) => {
                tracing::error!(%error, waiting = answers.len(), "the order journal cannot be written; nothing of it was sent");
                self.shared.put_back(outcomes);
                for answer in answers {
                    let _ = answer.send(Err(error.clone()));
                }
                false
            }
        }
    }

    /// Whether there may be more to list.
    fn list_ids(&mut self, is_pause: bool) -> bool {
        let listed = self.database.list_ids(is_pause);
        if let Some(row) = listed {
            self.listed.store(row, Ordering::Release);
        }
        listed.is_some()
    }

    /// Listing ids, pruning and emptying the write-ahead log, best in pauses.
    fn look_after(&mut self, is_pause: bool) {
        self.list_ids(is_pause);
        self.database.checkpoint(is_pause);
        let is_due = self.pruned.is_none_or(|at| at.elapsed() > PRUNE_EVERY);
        if is_pause && is_due {
            match self.database.prune((self.now_ms)()) {
                Ok(true) => {}
                Ok(false) => self.pruned = Some(Instant::now()),
                Err(error) => {
                    tracing::warn!(%error, "old rows of the order journal cannot be pruned");
                    self.pruned = Some(Instant::now());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
