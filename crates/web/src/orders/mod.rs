//! Order entry: an order is sent once or not at all, and who cannot know which is told so.
//!
//! ```text
//! place ─► known id? ─► rules ─► Book: RECORDED ─► Journal (fsync) ─► SENT ─► Trader::send_order ─► DONE | REFUSED |
//!            │                                                                                    NOT_SENT | UNKNOWN
//!            └─► its first outcome, also while it is on its way
//! UNKNOWN ─► the token in an order's reference (facts as they come, `resolve` asks) ─► DONE, or a person acknowledges
//! ```
//!
//! What is decided lies in pure parts: `intent` (states), `book` (which id is what), `rules`, `trading_states`, `closing`;
//! around them `journal` (disk), `send` (carrying out), `resolve` (asking), `watch` (listening).
//!
//! Always true: nothing is sent before its intent is on disk; an id leads to one send at a time, and never to a second
//! one unless the first was certainly not sent; a request whose caller has gone is carried out to its end all the same.
//! Locks are taken in this order: replica, trading states, book; none is held while waiting.

pub mod limits;

mod actions;
mod book;
mod carried;
mod closing;
mod facts;
mod intent;
mod journal;
mod resolve;
mod row;
mod rules;
mod send;
mod states;
mod timeline;
mod token;
mod trading_states;
mod watch;

pub use actions::{Filter, NewOrderOptions, WhatBecame};
pub use closing::{CloseError, CloseWish};
pub use intent::{Intent, State};
pub use journal::JournalError;
pub use row::{OrderRow, row};
pub use rules::{Rule, Verdict, Weight};
pub use send::{NewOrder, Placed};
pub use states::{Enforcer, StateReport};
pub use timeline::{Latency, Stage, Timeline};
pub use watch::Watch;

use crate::auth::Clock;
use crate::desk::Desk;
use crate::prometheus::{head, line};
use book::Book;
use domain::{OrderData, OrderRequest, Text, TradingState};
use intent::{Event, Key};
use journal::{Journal, Write};
use rustc_hash::FxHashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;
use timeline::Durations;
use tokio::sync::{Notify, watch as signal};
use tokio_util::task::TaskTracker;
use trading_states::TradingStates;

/// Name of the journal in the state folder.
pub const JOURNAL: &str = "intents.db";

/// Why an order was not sent; nothing of it has left.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The user's id cannot be one.
    #[error("a client_order_id has 1 to {max} characters of A-Z a-z 0-9 . _ : -", max = limits::ID_LENGTH)]
    BadId,
    /// The id was used for something else.
    #[error("client_order_id {0} was used for another order")]
    Conflict(Text),
    /// Rules refuse it; all verdicts.
    #[error("refused by {}", broken(.0))]
    Rules(Vec<Verdict>),
    /// Certainly not sent; it may be tried again with the same id.
    #[error("certainly not sent: {0}")]
    NotSent(String),
    /// The trading state does not let it through.
    #[error("the trading state is {}", .0.name())]
    TradingState(TradingState),
    /// There is nothing to close.
    #[error(transparent)]
    Close(#[from] CloseError),
}

/// Order entry of all desks.
pub struct Orders {
    book: Mutex<Book>,
    states: Mutex<TradingStates>,
    journal: Result<Journal, JournalError>,
    /// Who waits for an id that is being carried out; dropping the sender wakes them.
    waiting: Mutex<FxHashMap<Key, signal::Sender<()>>>,
    /// By desk.
    durations: RwLock<FxHashMap<Text, Arc<Durations>>>,
    outcomes: send::Outcomes,
    /// Orders being carried out.
    tasks: TaskTracker,
    /// Something may be resolved now.
    look: Notify,
    clock: Clock,
    begin: Instant,
}

impl Orders {
    /// Opens the journal in the state folder. Where that is not possible, every order is refused, and says why; what is
    /// read goes on.
    pub fn open(state_folder: &Path, clock: Clock) -> Arc<Orders> {
        let path = state_folder.join(JOURNAL);
        let opened = Journal::open(&path, now_ms);
        let (journal, restored) = match opened {
            Ok((journal, restored)) => (Ok(journal), restored),
            Err(error) => {
                tracing::error!(%error, "no order can be sent");
                (Err(error), journal::Restored::default())
            }
        };
        let mut book = Book::default();
        let lost = book.restore(restored.intents, restored.listed);
        if !lost.is_empty() {
            tracing::warn!(orders = lost.len(), "the outcome of orders of the last run is unknown");
        }
        if let Ok(journal) = &journal {
            lost.into_iter().for_each(|intent| journal.note(intent));
        }
        Arc::new(Orders {
            book: Mutex::new(book),
            states: Mutex::new(TradingStates::new(restored.states)),
            journal,
            waiting: Mutex::default(),
            durations: RwLock::default(),
            outcomes: send::Outcomes::default(),
            tasks: TaskTracker::new(),
            look: Notify::new(),
            clock,
            begin: Instant::now(),
        })
    }

    /// Why no order can be sent, where the journal cannot be used.
    pub fn problem(&self) -> Option<String> {
        self.journal.as_ref().err().map(JournalError::to_string)
    }

    /// Waits for what is being carried out, then closes the journal. Later orders are refused.
    pub async fn close(self: &Arc<Self>) {
        self.tasks.close();
        if tokio::time::timeout(limits::CLOSE_TIME, self.tasks.wait()).await.is_err() {
            tracing::warn!(
                orders = self.tasks.len(),
                "orders on their way at shutdown: their outcome is found out at the next start"
            );
        }
        let orders = Arc::clone(self);
        let closing = tokio::task::spawn_blocking(move || {
            if let Ok(journal) = &orders.journal {
                journal.close();
            }
        });
        if closing.await.is_err() {
            tracing::error!("closing the order journal panicked");
        }
    }

    /// Intents of unknown outcome, oldest first.
    pub fn unknown(&self) -> Vec<Intent> {
        self.book().unknown()
    }

    /// The intent of an id.
    pub fn intent(&self, user: &str, desk: &str, client_order_id: &str) -> Option<Intent> {
        let key = Key { user: user.into(), desk: desk.into(), client_order_id: client_order_id.into() };
        self.book().of_key(&key).cloned()
    }

    /// The intent of an order, where it came through us and is remembered.
    pub fn intent_of(&self, desk: &str, order: &OrderData) -> Option<Intent> {
        self.book().of_order(desk, order).cloned()
    }

    /// An order as readers see it.
    pub fn row<'a>(&self, desk: &str, order: &'a OrderData) -> OrderRow<'a> {
        let book = self.book();
        let known = book.of_order(desk, order);
        let known = known.map(|intent| (intent.key.client_order_id.clone(), intent.wish.request.reference.clone()));
        drop(book);
        OrderRow::new(order, known)
    }

    /// A person has dealt with an intent of unknown outcome. The intent as it is now; `None` where there is none of
    /// this id, or it is not UNKNOWN.
    ///
    /// # Errors
    /// It could not be written; the intent is UNKNOWN still.
    pub async fn acknowledge(
        &self,
        owner: &str,
        desk: &str,
        client_order_id: &str,
        by: &str,
    ) -> Result<Option<Intent>, JournalError> {
        let journal = self.journal.as_ref().map_err(JournalError::clone)?;
        let Some(mut after) = self.intent(owner, desk, client_order_id) else { return Ok(None) };
        if !after.apply(Event::Acknowledged) {
            return Ok(None);
        }
        let reason = Text::from(format!("acknowledged by {by}: {}", after.reason));
        after.reason = reason.clone();
        journal.write(Write::Outcome(Box::new(after.clone()))).await?;
        tracing::warn!(user = by, owner, client_order_id, "an order of unknown outcome was acknowledged");
        let now = self.book().apply(after.token, Event::Acknowledged, |intent| intent.reason = reason);
        if now.is_none() {
            // It was resolved while this was written: that is the truth, and is written over it.
            let resolved = self.intent(owner, desk, client_order_id);
            if let Some(resolved) = &resolved {
                journal.note(resolved.clone());
            }
            return Ok(resolved);
        }
        Ok(now)
    }

    /// How an order of that desk stands against every rule, and whether it would be sent. Nothing is sent.
    pub fn check(&self, desk: &Desk, request: &OrderRequest, gateway: Option<&str>) -> [Verdict; 14] {
        self.verdicts(desk, request, gateway).0
    }

    /// How long orders to a desk take, stage by stage.
    pub fn latencies(&self, desk: &str) -> [(&'static str, Latency); 6] {
        self.durations(desk).latencies()
    }

    /// Those of a desk.
    fn durations(&self, desk: &str) -> Arc<Durations> {
        if let Some(known) = self.durations.read().unwrap_or_else(PoisonError::into_inner).get(desk) {
            return Arc::clone(known);
        }
        let mut all = self.durations.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(Text::new(desk)).or_default())
    }

    /// Figures for Prometheus.
    pub fn write_metrics(&self, out: &mut String) {
        timeline::write(out, self.durations.read().unwrap_or_else(PoisonError::into_inner).iter());
        self.outcomes.write(out);
        let (unknown, in_flight) = {
            let book = self.book();
            (book.unknown_count(), book.in_flight_count())
        };
        let rows = [
            ("webtrader_orders_unknown", "Orders of unknown outcome that nobody has acknowledged.", unknown),
            ("webtrader_orders_in_flight", "Orders on their way to a trading process.", in_flight),
            ("webtrader_order_journal_usable", "Whether orders can be recorded.", usize::from(self.journal.is_ok())),
        ];
        for (name, help, value) in rows {
            head(out, name, "gauge", help);
            line(out, name, value);
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn states(&self) -> MutexGuard<'_, TradingStates> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_us(&self) -> u64 {
        self.at_us(Instant::now())
    }

    fn at_us(&self, moment: Instant) -> u64 {
        u64::try_from(moment.saturating_duration_since(self.begin).as_micros()).unwrap_or(u64::MAX)
    }

    /// Takes in that an order was seen; writes what changed by it.
    fn observe(&self, desk: &str, order: &OrderData) {
        let noticed = self.book().observe(desk, order, self.now_us());
        for (stage, timeline) in &noticed.stages {
            self.durations(desk).seen(*stage, timeline);
        }
        let Some(intent) = noticed.changed else { return };
        let (id, owner) = (&intent.key.client_order_id, &intent.key.user);
        if noticed.is_surprise {
            tracing::error!(
                client_order_id = %id, user = %owner, vt_orderid = %order.vt_orderid,
                "an order is there that was said not to be"
            );
        } else {
            tracing::info!(client_order_id = %id, user = %owner, vt_orderid = %order.vt_orderid, "found out: the order is there");
        }
        self.wake(&intent.key);
        if let Ok(journal) = &self.journal {
            journal.note(*intent);
        }
    }

    /// Wakes those who wait for an id.
    fn wake(&self, key: &Key) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

fn broken(verdicts: &[Verdict]) -> String {
    let broken: Vec<&str> = verdicts.iter().filter(|one| one.is_broken()).map(|one| one.rule.code()).collect();
    broken.join(", ")
}

/// For the writer of the journal: when rows are old is a matter of the wall clock.
fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
