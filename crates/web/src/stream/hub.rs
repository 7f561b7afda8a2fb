//! The door of the stream: links publish, the router opens connections, `/metrics` asks.
//!
//! How data passes: `fact` frames a fact once into the ring and rings the bell; `tick` and `bars` put the newest tick or
//! state of a bar line onto the board, where the next flush finds it. Bar lines have desk numbers of their own there,
//! behind those of the ticks. Always true: neither waits for anything but a lock that is held for
//! microseconds; lock order is replica, then ring or board or a group and the board; nobody holds two rings or
//! takes a replica's lock inside.

use super::bar::{BarLine, BarNews, LineName};
use super::conn::{Conn, bit, bits_of_desk};
use super::group::Group;
use super::item::Item;
use super::limits::{Options, PHASES, READERS_PER_PHASE};
use super::message::{Deflater, Message};
use super::ports::Ports;
use super::snapshots::Snapshots;
use super::stats::{Counters, ReaderReport, StreamStats};
use super::tasks::StreamTasks;
use super::tick::Tick;
use super::watch::Watch;
use super::{Channel, text};
use domain::{Text, TickData};
use fanout::{Board, Ring, Tag};
use rustc_hash::FxHashMap;
use slab::Slab;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// One stream of facts and ticks of all desks to any number of readers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct StreamHub {
    pub(super) core: Arc<Core>,
}

/// What hub, tasks and sessions share.
pub(super) struct Core {
    pub(super) options: Options,
    pub(super) epoch: String,
    pub(super) desks: Vec<Text>,
    ring: Mutex<Ring<Arc<Message>>>,
    head: AtomicU64,
    board: Mutex<Board<Item>>,
    version: AtomicU64,
    /// Newest state of the link of each desk, as the members of a JSON object.
    trader_states: Mutex<Vec<Option<Vec<u8>>>>,
    pub(super) snapshots: Snapshots,
    groups: Mutex<Groups>,
    pub(super) readers: Mutex<Slab<Arc<Conn>>>,
    /// Readers, so that publishing need not lock.
    pub(super) seats: AtomicUsize,
    next_id: AtomicU64,
    /// Kinds of facts since the bell was last answered, see `conn::bit`.
    pub(super) dirty: AtomicU64,
    pub(super) bell: Notify,
    /// Groups that the ticker does not know yet.
    pub(super) arrivals: Mutex<Vec<Weak<Group>>>,
    pub(super) arrived: Notify,
    pub(super) counters: Arc<Counters>,
    pub(super) deflater: Deflater,
    pub(super) ports: Mutex<Option<Arc<Ports>>>,
    /// There are ports now.
    pub(super) served: Notify,
    pub(super) closing: CancellationToken,
    pub(super) tasks: TaskTracker,
}

/// Groups by what makes readers equal.
#[derive(Debug, Default)]
struct Groups {
    by_wish: FxHashMap<(Arc<Watch>, u64), Vec<Weak<Group>>>,
    /// Size at which dead entries are swept out.
    sweep_at: usize,
}

impl StreamHub {
    /// A hub for desks of these names, and the tasks that its owner has to run.
    pub fn new(options: Options, desks: &[Text]) -> (StreamHub, StreamTasks) {
        let counters = Arc::new(Counters::default());
        let core = Arc::new(Core {
            epoch: text::epoch(),
            desks: desks.to_vec(),
            ring: Mutex::new(Ring::new(options.ring)),
            head: AtomicU64::new(0),
            board: Mutex::new(Board::new(options.instruments)),
            version: AtomicU64::new(0),
            trader_states: Mutex::new(vec![None; desks.len()]),
            snapshots: Snapshots::new(desks.len()),
            groups: Mutex::default(),
            readers: Mutex::default(),
            seats: AtomicUsize::new(0),
            next_id: AtomicU64::new(0),
            dirty: AtomicU64::new(0),
            bell: Notify::new(),
            arrivals: Mutex::default(),
            arrived: Notify::new(),
            deflater: Deflater::new(Arc::clone(&counters)),
            counters,
            ports: Mutex::default(),
            served: Notify::new(),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
            options,
        });
        (StreamHub { core: Arc::clone(&core) }, StreamTasks::new(core))
    }

    /// Begins to take connections; before, they are answered with 503.
    pub fn serve(&self, ports: Ports) {
        *lock(&self.core.ports) = Some(Arc::new(ports));
        self.core.served.notify_one();
    }

    /// Something happened at a desk: `json` is the canonical JSON of the row. Call it while the replica cannot be
    /// read, so that every snapshot is exact at the head that is read with it. Returns the fact's number.
    pub fn fact(&self, desk: usize, channel: Channel, json: &[u8]) -> u64 {
        let tag = Tag { desk: desk as u16, channel: channel.number() };
        let name = &self.core.desks[desk];
        let mut ring = self.core.ring();
        let message = text::fact(channel, name, ring.head() + 1, json);
        self.core.append(&mut ring, tag, message)
    }

    /// An instrument's newest tick. It is encoded when somebody is to get it.
    pub fn tick(&self, desk: usize, vt_symbol: &str, tick: &Arc<TickData>) {
        let tick = Item::Tick(Arc::new(Tick::new(Arc::clone(tick))));
        let mut board = self.core.board();
        board.put(desk as u16, vt_symbol, tick);
        self.core.version.store(board.version(), Ordering::Release);
    }

    /// What is new of a bar line of a desk. It is encoded when somebody is to get it.
    pub fn bars(&self, desk: usize, line: &LineName, news: BarNews) {
        self.put_line(desk, line, |version, before| match before {
            Some(before) => before.next(line, version, news),
            None => BarLine::empty(line).next(line, version, news),
        });
    }

    /// Nobody watches a bar line any more: who does so later begins with what is told then.
    pub fn forget_bars(&self, desk: usize, line: &LineName) {
        self.put_line(desk, line, |_, _| BarLine::empty(line));
    }

    fn put_line(&self, desk: usize, line: &LineName, make: impl FnOnce(u64, Option<&BarLine>) -> BarLine) {
        let (core, space) = (&self.core, self.core.bar_space(desk));
        let mut board = core.board();
        let before = board.slots().len();
        let has_room = board.put_with(space as u16, &line.text(), |version, item| {
            Item::Bars(Arc::new(make(version, item.and_then(Item::bars))))
        });
        let is_new = board.slots().len() > before;
        core.version.store(board.version(), Ordering::Release);
        core.counters.bar_changes.fetch_add(u64::from(has_room), Ordering::Relaxed);
        core.counters.bar_slots.fetch_add(u64::from(is_new), Ordering::Relaxed);
    }

    /// The desk was read anew: its readers are owed fresh snapshots. Call it as `fact`, when the new state is in
    /// place; give ticks that may have changed to `tick`.
    pub fn reset(&self, desk: usize) {
        let mut ring = self.core.ring();
        let head = ring.reset(desk as u16);
        self.core.head.store(head, Ordering::Release);
        drop(ring);
        self.core.ring_bell(bits_of_desk(desk as u16));
    }

    /// State of a desk's link: a JSON object, for example `{"state":"stale","since":"…"}`. Sent as
    /// `{"type":"trader","trader":…,"seq":…,…}` to those who subscribed to `trader`, and to each that does.
    pub fn trader_state(&self, desk: usize, json: &[u8]) {
        let members = text::members(json);
        let tag = Tag { desk: desk as u16, channel: Channel::Trader.number() };
        let mut ring = self.core.ring();
        let message = text::trader(&self.core.desks[desk], ring.head() + 1, members);
        // While the ring cannot be read, so that a reader that takes the state with a head has all up to there.
        lock(&self.core.trader_states)[desk] = Some(members.to_vec());
        self.core.append(&mut ring, tag, message);
    }

    /// Number of the newest fact.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.core.head.load(Ordering::Acquire)
    }

    /// Random per start of the web process; numbers of facts mean nothing in another epoch.
    #[must_use]
    pub fn epoch(&self) -> &str {
        &self.core.epoch
    }

    /// Each reader's figures, in the order in which they came.
    #[must_use]
    pub fn readers(&self) -> Vec<ReaderReport> {
        let head = self.head();
        let mut reports: Vec<ReaderReport> =
            lock(&self.core.readers).iter().map(|(_, conn)| conn.report(head)).collect();
        reports.sort_unstable_by_key(|report| report.id);
        reports
    }

    /// The stream in figures.
    #[must_use]
    pub fn stats(&self) -> StreamStats {
        let core = &self.core;
        let (ring_entries, ring_bytes) = core.ring().size();
        let (instruments, instruments_refused, ticks) = {
            let board = core.board();
            // Both are counted while the board is locked.
            let (slots, changes) = (&core.counters.bar_slots, &core.counters.bar_changes);
            let instruments = board.slots().len() - slots.load(Ordering::Relaxed) as usize;
            (instruments, board.refused(), board.version() - changes.load(Ordering::Relaxed))
        };
        let bar_lines = lock(&core.ports).as_ref().map_or(0, |ports| ports.bars.lines());
        let head = self.head();
        let (readers, max_lag) = {
            let readers = lock(&core.readers);
            (readers.len(), readers.iter().map(|(_, conn)| conn.report(head).lag).max().unwrap_or(0))
        };
        let groups = lock(&core.groups).by_wish.values().flatten().filter(|group| group.strong_count() > 0).count();
        StreamStats {
            readers,
            groups,
            head,
            ring_entries,
            ring_bytes,
            instruments,
            instruments_refused,
            ticks,
            bar_lines,
            max_lag,
            ..core.counters.stats()
        }
    }
}

impl Core {
    /// The desk number of a desk's bar lines on the board and in what is watched.
    pub(super) fn bar_space(&self, desk: usize) -> usize {
        self.desks.len() + desk
    }

    pub(super) fn ring(&self) -> MutexGuard<'_, Ring<Arc<Message>>> {
        lock(&self.ring)
    }

    pub(super) fn head(&self) -> u64 {
        self.head.load(Ordering::Acquire)
    }

    pub(super) fn board(&self) -> MutexGuard<'_, Board<Item>> {
        lock(&self.board)
    }

    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Gives a seat back.
    pub(super) fn forget(&self, place: usize) {
        if lock(&self.readers).try_remove(place).is_some() {
            self.seats.fetch_sub(1, Ordering::SeqCst);
        }
    }

    pub(super) fn next_id(&self) -> u64 {
        self.next_id.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The state of a desk's link, and the number at which it is exact.
    pub(super) fn trader_message(&self, desk: usize) -> (u64, Message) {
        let ring = self.ring();
        let states = lock(&self.trader_states);
        let members = states[desk].as_deref().unwrap_or(b"\"state\":\"connecting\",\"since\":null");
        (ring.head(), text::trader(&self.desks[desk], ring.head(), members))
    }

    /// The group for a reader with this wish: the first phase that has room, or the one that has most.
    pub(super) fn group(&self, watch: Watch, interval_ms: u64) -> Arc<Group> {
        let mut groups = lock(&self.groups);
        groups.sweep();
        let watch = Arc::new(watch);
        let phases = groups.by_wish.entry((Arc::clone(&watch), interval_ms)).or_default();
        phases.retain(|group| group.strong_count() > 0);
        let live: Vec<Arc<Group>> = phases.iter().filter_map(Weak::upgrade).collect();
        let emptiest = live.iter().min_by_key(|group| group.members());
        if let Some(group) = emptiest.filter(|group| group.members() < READERS_PER_PHASE || live.len() >= PHASES) {
            return Arc::clone(group);
        }
        let phase = (0..PHASES).find(|phase| live.iter().all(|group| group.phase != *phase)).unwrap_or(0);
        let watch = live.first().map_or(watch, |group| Arc::clone(group.watch()));
        let group = Arc::new(Group::new(self, watch, interval_ms, phase));
        phases.push(Arc::downgrade(&group));
        lock(&self.arrivals).push(Arc::downgrade(&group));
        self.arrived.notify_one();
        group
    }

    fn ring_bell(&self, mask: u64) {
        // Nobody there: nobody is woken, not even the task. Who comes now looks at the ring before it sleeps.
        if self.seats.load(Ordering::SeqCst) == 0 {
            return;
        }
        if self.dirty.fetch_or(mask, Ordering::SeqCst) == 0 {
            self.bell.notify_one();
        }
    }

    fn append(&self, ring: &mut Ring<Arc<Message>>, tag: Tag, message: Message) -> u64 {
        let size = message.size();
        let number = ring.append(tag, Arc::new(message), size);
        self.head.store(number, Ordering::Release);
        self.ring_bell(bit(tag));
        number
    }
}

impl Groups {
    /// Takes out wishes that nobody has any more, when there may be as many of them as live ones.
    fn sweep(&mut self) {
        if self.by_wish.len() >= self.sweep_at {
            self.by_wish.retain(|_, phases| phases.iter().any(|group| group.strong_count() > 0));
            self.sweep_at = self.by_wish.len() * 2 + 16;
        }
    }
}

impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Core").field("epoch", &self.epoch).field("desks", &self.desks).finish_non_exhaustive()
    }
}

/// Locks; a panic elsewhere leaves whole values behind.
pub(super) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
