//! Readers that watch the same instruments and bar lines at the same interval, and the frames that they share.
//!
//! How data passes: at each flush moment the ticker calls `flush`, which builds the frame of what has changed since
//! the moment before, and wakes the members; each takes the frame from where it stands. Always true: a frame
//! `(from, to)` has the newest tick of each watched instrument that changed after `from`, at least up to `to`, and of each
//! bar line what finished after `from` up to `to`, so whoever stood at `from` and got it stands at `to`; the one of those
//! that keep up is built once; those who are late get one frame for all that they missed, and stand with the others again.

use super::bar::Span;
use super::conn::Conn;
use super::hub::Core;
use super::item::Item;
use super::limits::{FRAMES_KEPT, TICKS_BYTES};
use super::message::Message;
use super::watch::{Keys, Watch};
use crate::json::push_string;
use rustc_hash::FxHashMap;
use slab::Slab;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// See the module.
#[derive(Debug)]
pub(super) struct Group {
    watch: Arc<Watch>,
    pub(super) interval_ms: u64,
    pub(super) phase: usize,
    /// Version up to which the last flush went.
    to: AtomicU64,
    /// Of them, those that take compressed frames.
    packed: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    keys: Keys,
    members: Slab<Arc<Conn>>,
    frames: Vec<Frame>,
    /// How often each instrument had been put when it last went into a frame.
    counts: FxHashMap<u32, u64>,
    /// Ticks of watched instruments and changes of watched bar lines that came, in all.
    offered: u64,
}

#[derive(Debug)]
struct Frame {
    from: u64,
    to: u64,
    ticks: u64,
    messages: Vec<Arc<Message>>,
}

/// What a member gets.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) messages: Vec<Arc<Message>>,
    /// Where it stands now.
    pub(super) place: Place,
    /// Ticks and states of running bars that it was spared.
    pub(super) conflated: u64,
}

/// Where a reader stands in the ticks: O(1), whatever it is behind by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Version that it has seen.
    pub(super) seen: u64,
    /// What its group had been offered then.
    pub(super) offered: u64,
}

/// The changed instruments of one desk, or its changed bar lines.
type Changed = Vec<One>;

/// One of them: key, how often put, newest.
type One = (u32, u64, Item);

impl Group {
    pub(super) fn new(core: &Core, watch: Arc<Watch>, interval_ms: u64, phase: usize) -> Group {
        let board = core.board();
        let mut state = State::default();
        state.keys.update(&watch, &board);
        for desk in watch.desks() {
            board.changed(desk as u16, 0, state.keys.of_desk(&watch, desk), |key, slot| {
                state.counts.insert(key, slot.count);
            });
        }
        let to = AtomicU64::new(board.version());
        Group { watch, interval_ms, phase, to, packed: AtomicUsize::new(0), state: Mutex::new(state) }
    }

    pub(super) fn watch(&self) -> &Arc<Watch> {
        &self.watch
    }

    pub(super) fn members(&self) -> usize {
        self.state().members.len()
    }

    /// Whether a member at this place has something to take.
    pub(super) fn is_ahead_of(&self, place: Place) -> bool {
        self.to.load(Ordering::Acquire) > place.seen
    }

    /// Takes a reader in. Returns the number to leave with, and its offered count.
    pub(super) fn join(&self, conn: Arc<Conn>) -> (usize, u64) {
        if conn.packed {
            self.packed.fetch_add(1, Ordering::Relaxed);
        }
        let mut state = self.state();
        (state.members.insert(conn), state.offered)
    }

    pub(super) fn leave(&self, number: usize) {
        if self.state().members.remove(number).packed {
            self.packed.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// A flush moment: builds the frame of those that keep up, if anything has changed, and wakes all.
    pub(super) fn flush(&self, core: &Core) {
        let from = self.to.load(Ordering::Acquire);
        if core.version() == from {
            return;
        }
        let mut state = self.state();
        let (changed, to) = self.changed(core, &mut state, from);
        if changed.iter().all(|(_, changed)| changed.is_empty()) {
            return;
        }
        state.count(&changed);
        let frame = self.frame(core, Span { from, to }, &changed);
        if self.packed.load(Ordering::Relaxed) > 0 {
            // Here and not by the first reader: the others would wait for it.
            frame.messages.iter().for_each(|message| drop(message.frame(Some(&core.deflater))));
        }
        state.frames.clear();
        state.frames.push(frame);
        self.to.store(to, Ordering::Release);
        state.members.iter().for_each(|(_, conn)| conn.wake());
    }

    /// The frame for a member at this place. `None`: nothing since.
    pub(super) fn take(&self, core: &Core, place: Place) -> Option<Given> {
        let to = self.to.load(Ordering::Acquire);
        if to <= place.seen && place.seen > 0 {
            return None;
        }
        let mut state = self.state();
        let to = self.to.load(Ordering::Acquire).max(to);
        let found = state.frames.iter().position(|frame| frame.from == place.seen && frame.to == to);
        let index = match found {
            Some(index) => index,
            None => {
                let (changed, _) = self.changed(core, &mut state, place.seen);
                let frame = self.frame(core, Span { from: place.seen, to }, &changed);
                // The first is the one of those that keep up.
                state.frames.truncate(FRAMES_KEPT - 1);
                state.frames.push(frame);
                state.frames.len() - 1
            }
        };
        let frame = &state.frames[index];
        core.counters.frames_given.fetch_add(1, Ordering::Relaxed);
        let came = if place.seen == 0 { 0 } else { state.offered.saturating_sub(place.offered) };
        let place = Place { seen: to, offered: state.offered };
        Some(Given { messages: frame.messages.clone(), place, conflated: came.saturating_sub(frame.ticks) })
    }

    /// Newest of what is watched here and was not in `before`, for a member at this place: bars that finished behind it
    /// come by `take`.
    pub(super) fn newly_watched(&self, core: &Core, before: &Watch, place: Place) -> Vec<Arc<Message>> {
        let mut state = self.state();
        let (mut changed, _) = self.changed(core, &mut state, 0);
        for (desk, changed) in &mut changed {
            changed.retain(|(_, _, item)| !before.matches(*desk, item.name()));
        }
        self.frame(core, Span { from: 0, to: place.seen }, &changed).messages
    }

    /// What changed after `from` by desk, and the version that this is up to.
    fn changed(&self, core: &Core, state: &mut State, from: u64) -> (Vec<(usize, Changed)>, u64) {
        let board = core.board();
        state.keys.update(&self.watch, &board);
        let of_desk = |desk| {
            let mut changed: Vec<(u64, One)> = Vec::new();
            board.changed(desk as u16, from, state.keys.of_desk(&self.watch, desk), |key, slot| {
                changed.push((slot.version, (key, slot.count, slot.item.clone())));
            });
            // In the order in which the markets moved.
            changed.sort_unstable_by_key(|(version, _)| *version);
            (desk, changed.into_iter().map(|(_, one)| one).collect())
        };
        (self.watch.desks().map(of_desk).collect(), board.version())
    }

    fn frame(&self, core: &Core, span: Span, changed: &[(usize, Changed)]) -> Frame {
        let (mut messages, mut texts) = (Vec::new(), Vec::new());
        let mut ticks = 0;
        for (space, changed) in changed {
            ticks += changed.len() as u64;
            texts.clear();
            changed.iter().for_each(|(_, _, item)| item.texts(span, &mut texts));
            let kind = if *space < core.desks.len() { Kind::Ticks } else { Kind::Bars };
            let desk = &core.desks[space % core.desks.len()];
            let mut rest = &texts[..];
            while !rest.is_empty() {
                let (message, used) = kind.message(desk, rest);
                messages.push(Arc::new(message));
                rest = &rest[used..];
            }
        }
        core.counters.frames_built.fetch_add(1, Ordering::Relaxed);
        Frame { from: span.from, to: span.to, ticks, messages }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn count(&mut self, changed: &[(usize, Changed)]) {
        for (key, count, _) in changed.iter().flat_map(|(_, changed)| changed) {
            let before = self.counts.insert(*key, *count).unwrap_or(0);
            self.offered += count - before;
        }
    }
}

/// What a message has.
enum Kind {
    Ticks,
    Bars,
}

impl Kind {
    /// A message of as many of these texts as it may have; and how many those are.
    fn message(&self, desk: &str, texts: &[&[u8]]) -> (Message, usize) {
        let start: &[u8] = match self {
            Kind::Ticks => b"{\"type\":\"ticks\",\"trader\":",
            Kind::Bars => b"{\"type\":\"bars\",\"trader\":",
        };
        let mut used = 0;
        let message = Message::build(64 + texts.len() * 280, |out| {
            out.extend_from_slice(start);
            push_string(out, desk);
            out.extend_from_slice(b",\"data\":[");
            for text in texts {
                if used > 0 {
                    if out.len() + text.len() > TICKS_BYTES {
                        break;
                    }
                    out.push(b',');
                }
                out.extend_from_slice(text);
                used += 1;
            }
            out.extend_from_slice(b"]}");
        });
        (message, used)
    }
}
