//! Why connections end, and the figures of the live streams.
//!
//! Always true: each connection is counted under exactly one ending.

use std::sync::atomic::{AtomicU64, Ordering};

/// Why a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The client closed, with a close frame.
    Closed,
    /// The client was gone without one, or its socket failed.
    Gone,
    /// Nothing could be written to it for the stall time-out.
    Stalled,
    /// It had fallen so far behind that facts it had not read were evicted.
    Cut,
    /// No sign of life after a ping.
    Dead,
    /// It broke the protocol.
    Refused,
    /// This server is going away.
    Shutdown,
}

/// Connections by how they ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Endings {
    pub closed: u64,
    pub gone: u64,
    pub stalled: u64,
    pub cut: u64,
    pub dead: u64,
    pub refused: u64,
    pub shutdown: u64,
}

/// The live streams in figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Seats taken now.
    pub readers: usize,
    /// Of them, those that do not stand where their shard stands (blocked, late or just arrived).
    pub apart: usize,
    /// Entries that the last of all readers is behind by.
    pub max_lag: u64,
    /// Quotes that late readers were spared, in all since the start.
    pub conflated: u64,
    /// Frames handed to sockets since the start (one message to 100 readers is 100).
    pub frames: u64,
    /// System calls that took them: frames per write is how well bursts are used.
    pub writes: u64,
    /// Reservations refused because all seats were taken.
    pub full: u64,
    pub endings: Endings,
    pub log: fanout::LogStats,
}

/// One reader in figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReaderStats {
    /// Unique among the readers of now.
    pub id: usize,
    /// Entries it is behind by: what is queued for it in the log.
    pub lag: u64,
    pub conflated: u64,
    pub following: bool,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) frames: AtomicU64,
    pub(super) writes: AtomicU64,
    pub(super) full: AtomicU64,
    /// Of readers that have left.
    pub(super) conflated: AtomicU64,
    endings: [AtomicU64; 7],
}

impl Counters {
    pub(super) fn count(&self, ending: Ending) {
        self.endings[ending as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_writes(&self, writes: u64, frames: u64) {
        self.writes.fetch_add(writes, Ordering::Relaxed);
        self.frames.fetch_add(frames, Ordering::Relaxed);
    }

    pub(super) fn endings(&self) -> Endings {
        let of = |ending: Ending| self.endings[ending as usize].load(Ordering::Relaxed);
        Endings {
            closed: of(Ending::Closed),
            gone: of(Ending::Gone),
            stalled: of(Ending::Stalled),
            cut: of(Ending::Cut),
            dead: of(Ending::Dead),
            refused: of(Ending::Refused),
            shutdown: of(Ending::Shutdown),
        }
    }
}
