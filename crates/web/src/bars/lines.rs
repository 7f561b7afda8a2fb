//! The bar lines that somebody watches: counts who does, begins them, and takes each tick into them.
//!
//! How data passes: the stream says who watches what ([`Bars`]); [`Lines::run`] asks the sources for each line that is to
//! begin; the link's task calls [`Lines::tick`] while the replica is locked, and what is new goes to the stream's board.
//! Always true: lock order is replica, then lines, then board; a line begins while the replica cannot change, so no tick
//! falls between; where nobody watches a line of a desk, a tick costs one look at a number.

use super::limits::{ASKED_AT_ONCE, LINES, RETRY, TRIES};
use super::line::{Line, Since, Step};
use super::seed::{Fit, Seed};
use crate::desk::Desk;
use crate::history_file::HistoryFile;
use crate::replica::Replica;
use crate::stream::{Bars, LineName, StreamHub};
use domain::Text;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// See the module.
pub struct Lines {
    hub: StreamHub,
    desks: Vec<OfDesk>,
    count: AtomicUsize,
    /// Lines that are to be asked for.
    queue: Mutex<VecDeque<(usize, LineName)>>,
    queued: Notify,
    tickets: AtomicU64,
}

/// The lines of one desk.
#[derive(Default)]
struct OfDesk {
    count: AtomicUsize,
    /// By instrument; of one there are at most seven.
    lines: Mutex<FxHashMap<Text, Vec<Entry>>>,
}

struct Entry {
    name: LineName,
    watchers: usize,
    stage: Stage,
    /// Where it goes on from.
    since: Option<Since>,
    /// Whether the board has something of it.
    is_on_board: bool,
}

enum Stage {
    /// It has to be asked for; it waits for its turn.
    Queued,
    /// It is asked for, under this number.
    Asked(u64),
    /// It could not be asked for.
    Failed,
    /// Its instrument has no tick yet.
    Silent,
    Live(Box<Line>),
}

/// A line that is being asked for.
struct Job {
    desk: usize,
    name: LineName,
    ticket: u64,
    since: Option<Since>,
}

impl Lines {
    /// For a stream of so many desks.
    pub fn new(hub: StreamHub, desks: usize) -> Arc<Lines> {
        Arc::new(Lines {
            hub,
            desks: (0..desks).map(|_| OfDesk::default()).collect(),
            count: AtomicUsize::new(0),
            queue: Mutex::default(),
            queued: Notify::new(),
            tickets: AtomicU64::new(0),
        })
    }

    /// A desk's replica has taken in a tick of this instrument. Call it while the replica cannot be read.
    pub fn tick(&self, desk: usize, replica: &Replica, vt_symbol: &str) {
        let of_desk = &self.desks[desk];
        if of_desk.count.load(Ordering::Relaxed) == 0 {
            return;
        }
        let mut lines = of_desk.lock();
        let Some(entries) = lines.get_mut(vt_symbol) else { return };
        let Some(now) = replica.bars.newest(vt_symbol) else { return };
        for entry in entries {
            match &mut entry.stage {
                Stage::Live(line) => match line.step(now) {
                    Step::Same => {}
                    Step::News(news) => self.hub.bars(desk, &entry.name, news),
                    Step::Again => self.ask_for(desk, entry),
                },
                Stage::Silent => self.ask_for(desk, entry),
                Stage::Queued | Stage::Asked(_) | Stage::Failed => {}
            }
        }
    }

    /// A desk's replica was read anew: ticks were missed. Call it as `tick`.
    pub fn reset(&self, desk: usize) {
        self.desks[desk].lock().values_mut().flatten().for_each(|entry| self.ask_for(desk, entry));
    }

    /// Asks for lines until `stop`; the desks in the stream's order.
    pub async fn run(
        self: Arc<Self>,
        desks: Vec<Arc<Desk>>,
        history: Option<Arc<HistoryFile>>,
        stop: CancellationToken,
    ) {
        let mut asking = FuturesUnordered::new();
        let mut retry = interval(RETRY);
        retry.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            while asking.len() < ASKED_AT_ONCE
                && let Some(job) = self.next()
            {
                asking.push(self.seed(job, &desks, history.clone()));
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.queued.notified() => {}
                Some(()) = asking.next() => {}
                _ = retry.tick() => self.ask_again(),
            }
        }
    }

    /// The next line to be asked for.
    fn next(&self) -> Option<Job> {
        loop {
            let (desk, name) = lock(&self.queue).pop_front()?;
            let mut lines = self.desks[desk].lock();
            // It may have been given up meanwhile, or asked for.
            let found = find(&mut lines, &name).filter(|entry| matches!(entry.stage, Stage::Queued));
            if let Some(entry) = found {
                let ticket = self.tickets.fetch_add(1, Ordering::Relaxed);
                entry.stage = Stage::Asked(ticket);
                return Some(Job { desk, name, ticket, since: entry.since.clone() });
            }
        }
    }

    async fn seed(&self, job: Job, desks: &[Arc<Desk>], history: Option<Arc<HistoryFile>>) {
        let desk = &desks[job.desk];
        for left in (0..TRIES).rev() {
            match Seed::ask(desk, history.clone(), &job.name, job.since.clone()).await {
                Ok(seed) => {
                    let replica = desk.replica.read();
                    if self.begin(&job, seed, &replica, left == 0) {
                        return;
                    }
                }
                Err(error) => {
                    tracing::debug!(line = %job.name.text(), %error, "bars could not be asked for; soon again");
                    break;
                }
            }
        }
        self.settle(&job, Stage::Failed);
    }

    /// Begins a line, while its replica cannot change; false if that has moved on and sources have to be asked again.
    fn begin(&self, job: &Job, seed: Option<Seed>, replica: &Replica, is_last: bool) -> bool {
        let (seed, now) = match (seed, replica.bars.newest(&job.name.vt_symbol)) {
            (Some(seed), Some(now)) => (seed, now),
            (None, None) => {
                self.settle(job, Stage::Silent);
                return true;
            }
            _ => return false,
        };
        match seed.fit(now) {
            Fit::Late => return false,
            Fit::Near if !is_last => return false,
            Fit::Near | Fit::Exact => {}
        }
        let mut lines = self.desks[job.desk].lock();
        if let Some(entry) = job.find(&mut lines) {
            let (line, news) = Line::begin(seed, job.since.clone(), now);
            entry.is_on_board = true;
            entry.stage = Stage::Live(Box::new(line));
            self.hub.bars(job.desk, &job.name, news);
        }
        true
    }

    fn settle(&self, job: &Job, stage: Stage) {
        if let Some(entry) = job.find(&mut self.desks[job.desk].lock()) {
            entry.stage = stage;
        }
    }

    /// Lines that could not be asked for take their turn again.
    fn ask_again(&self) {
        for (desk, of_desk) in self.desks.iter().enumerate() {
            let mut lines = of_desk.lock();
            let failed = lines.values_mut().flatten().filter(|entry| matches!(entry.stage, Stage::Failed));
            failed.for_each(|entry| self.ask_for(desk, entry));
        }
    }

    fn ask_for(&self, desk: usize, entry: &mut Entry) {
        if let Stage::Live(line) = &entry.stage {
            entry.since = Some(line.since());
        }
        if !matches!(entry.stage, Stage::Queued) {
            entry.stage = Stage::Queued;
            lock(&self.queue).push_back((desk, entry.name.clone()));
            self.queued.notify_one();
        }
    }
}

impl Bars for Lines {
    fn watch(&self, desk: usize, name: &LineName) -> bool {
        let of_desk = &self.desks[desk];
        let mut lines = of_desk.lock();
        if let Some(entry) = find(&mut lines, name) {
            entry.watchers += 1;
            return true;
        }
        if self.count.fetch_add(1, Ordering::Relaxed) >= LINES {
            self.count.fetch_sub(1, Ordering::Relaxed);
            return false;
        }
        of_desk.count.fetch_add(1, Ordering::Relaxed);
        let mut entry =
            Entry { name: name.clone(), watchers: 1, stage: Stage::Silent, since: None, is_on_board: false };
        self.ask_for(desk, &mut entry);
        lines.entry(name.vt_symbol.clone()).or_default().push(entry);
        true
    }

    fn release(&self, desk: usize, name: &LineName) {
        let of_desk = &self.desks[desk];
        let mut lines = of_desk.lock();
        let Some(entries) = lines.get_mut(&name.vt_symbol) else { return };
        let Some(place) = entries.iter().position(|entry| entry.name == *name) else { return };
        entries[place].watchers -= 1;
        if entries[place].watchers > 0 {
            return;
        }
        let entry = entries.swap_remove(place);
        if entries.is_empty() {
            lines.remove(&name.vt_symbol);
        }
        of_desk.count.fetch_sub(1, Ordering::Relaxed);
        self.count.fetch_sub(1, Ordering::Relaxed);
        if entry.is_on_board {
            self.hub.forget_bars(desk, name);
        }
    }

    fn lines(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }
}

impl OfDesk {
    fn lock(&self) -> MutexGuard<'_, FxHashMap<Text, Vec<Entry>>> {
        lock(&self.lines)
    }
}

impl Job {
    /// Its line, if it is still asked for under this number.
    fn find<'a>(&self, lines: &'a mut FxHashMap<Text, Vec<Entry>>) -> Option<&'a mut Entry> {
        find(lines, &self.name).filter(|entry| matches!(entry.stage, Stage::Asked(ticket) if ticket == self.ticket))
    }
}

fn find<'a>(lines: &'a mut FxHashMap<Text, Vec<Entry>>, name: &LineName) -> Option<&'a mut Entry> {
    lines.get_mut(&name.vt_symbol)?.iter_mut().find(|entry| entry.name == *name)
}

/// Locks; a panic elsewhere leaves whole values behind.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
