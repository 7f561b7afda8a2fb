//! What the rest of the stream sees of a connection: how to wake it, what wakes it, and its figures.
//!
//! Always true: `wake` never waits; the session registers its waker before it looks whether there is something to
//! do, so no wake-up is lost.

use super::hub::lock;
use super::ports::Sessions;
use super::stats::ReaderReport;
use crate::auth::Session;
use fanout::{Channels, Tag};
use futures_util::task::AtomicWaker;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

#[derive(Debug)]
pub(super) struct Conn {
    pub(super) id: u64,
    pub(super) remote: IpAddr,
    pub(super) since_ms: i64,
    /// Takes compressed messages.
    pub(super) packed: bool,
    pub(super) user: OnceLock<Arc<str>>,
    /// The session that it is of now.
    pub(super) session: Mutex<Option<Session>>,
    /// Its session may have ended: it has to ask.
    pub(super) doubted: AtomicBool,
    pub(super) waker: AtomicWaker,
    /// One bit per kind of fact that it wants, see [`bit`].
    mask: AtomicU64,
    pub(super) cursor: AtomicU64,
    pub(super) conflated: AtomicU64,
    pub(super) queued: AtomicU64,
    pub(super) bytes: AtomicU64,
    pub(super) interval_ms: AtomicU64,
}

impl Conn {
    pub(super) fn new(id: u64, remote: IpAddr, since_ms: i64, packed: bool) -> Arc<Conn> {
        Arc::new(Conn {
            id,
            remote,
            since_ms,
            packed,
            user: OnceLock::new(),
            session: Mutex::default(),
            doubted: AtomicBool::new(false),
            waker: AtomicWaker::new(),
            mask: AtomicU64::new(0),
            cursor: AtomicU64::new(0),
            conflated: AtomicU64::new(0),
            queued: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            interval_ms: AtomicU64::new(0),
        })
    }

    pub(super) fn wake(&self) {
        self.waker.wake();
    }

    /// Makes it ask whether it may go on, where its session does not stand any more.
    pub(super) fn doubt(&self, sessions: &dyn Sessions) {
        let ended = lock(&self.session).as_ref().is_some_and(|session| !sessions.stands(session));
        if ended {
            self.doubted.store(true, Ordering::SeqCst);
            self.wake();
        }
    }

    pub(super) fn want(&self, tags: impl Iterator<Item = Tag>) {
        self.mask.store(tags.fold(0, |mask, tag| mask | bit(tag)), Ordering::SeqCst);
    }

    /// Wakes it if one of these kinds may concern it.
    pub(super) fn wake_for(&self, mask: u64) {
        if self.mask.load(Ordering::SeqCst) & mask != 0 {
            self.wake();
        }
    }

    pub(super) fn report(&self, head: u64) -> ReaderReport {
        let wants_facts = self.mask.load(Ordering::Relaxed) != 0;
        let cursor = self.cursor.load(Ordering::Relaxed);
        ReaderReport {
            id: self.id,
            user: self.user.get().cloned().unwrap_or_default(),
            remote: self.remote,
            since_ms: self.since_ms,
            lag: if wants_facts { head.saturating_sub(cursor) } else { 0 },
            conflated: self.conflated.load(Ordering::Relaxed),
            queued: self.queued.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            interval_ms: self.interval_ms.load(Ordering::Relaxed),
            compressed: self.packed,
        }
    }
}

/// The bit of a tag; with more than eight desks some share one, and a reader may be woken for nothing.
pub(super) fn bit(tag: Tag) -> u64 {
    1 << ((u32::from(tag.desk) * 8 + u32::from(tag.channel)) % u64::BITS)
}

/// The bits of all channels of a desk.
pub(super) fn bits_of_desk(desk: u16) -> u64 {
    (0..Channels::MAX.min(8)).fold(0, |mask, channel| mask | bit(Tag { desk, channel }))
}
