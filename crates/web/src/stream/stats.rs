//! Why connections end, and the figures of the stream.
//!
//! Always true: each connection is counted under exactly one ending.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Why a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The client closed, with a close frame.
    Closed,
    /// The client was gone without one, or its socket failed.
    Gone,
    /// Nothing could be written to it for the stall time.
    Stalled,
    /// Facts that it wanted were gone before it took them: 4408.
    Slow,
    /// No sign of life.
    Dead,
    /// It broke the protocol: 1002, 1003, 1007, 1009.
    Refused,
    /// 4401.
    NotLoggedIn,
    /// 4403.
    NotAllowed,
    /// 4409.
    SessionEnded,
    /// This server is going away: 1001.
    Shutdown,
}

impl Ending {
    pub const ALL: [Ending; 10] = [
        Ending::Closed,
        Ending::Gone,
        Ending::Stalled,
        Ending::Slow,
        Ending::Dead,
        Ending::Refused,
        Ending::NotLoggedIn,
        Ending::NotAllowed,
        Ending::SessionEnded,
        Ending::Shutdown,
    ];

    /// As it stands in `/metrics`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Ending::Closed => "closed",
            Ending::Gone => "gone",
            Ending::Stalled => "stalled",
            Ending::Slow => "slow_consumer",
            Ending::Dead => "dead",
            Ending::Refused => "refused",
            Ending::NotLoggedIn => "not_logged_in",
            Ending::NotAllowed => "not_allowed",
            Ending::SessionEnded => "session_ended",
            Ending::Shutdown => "shutdown",
        }
    }
}

/// The stream in figures; counts are since the start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StreamStats {
    /// Connections now, those that have not logged in yet too.
    pub readers: usize,
    /// Groups of readers with the same tick filter, interval and phase.
    pub groups: usize,
    /// Number of the newest fact.
    pub head: u64,
    /// Facts that can be resumed from, and their bytes.
    pub ring_entries: usize,
    pub ring_bytes: usize,
    /// Instruments with a tick, and ticks of instruments that found no room.
    pub instruments: usize,
    pub instruments_refused: u64,
    /// Ticks published.
    pub ticks: u64,
    /// Bar lines that are watched, and changes of bar lines published.
    pub bar_lines: usize,
    pub bar_changes: u64,
    /// Facts that the last of all readers is behind by.
    pub max_lag: u64,
    /// Ticks, and states of running bars, that readers were spared because a newer one came in time.
    pub conflated: u64,
    /// Frames of ticks and bars built, and times that a reader was given one.
    pub frames_built: u64,
    pub frames_given: u64,
    /// Messages compressed, and bytes before and after.
    pub compressed: u64,
    pub compressed_in: u64,
    pub compressed_out: u64,
    /// System calls that wrote, and bytes that they took.
    pub writes: u64,
    pub bytes: u64,
    pub resumed: u64,
    pub snapshots: u64,
    pub calls: u64,
    /// Upgrades refused because all seats were taken.
    pub full: u64,
    /// By `Ending::ALL`.
    pub endings: [u64; 10],
}

/// One reader in figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderReport {
    /// Unique since the start.
    pub id: u64,
    /// Empty before it has logged in.
    pub user: Arc<str>,
    pub remote: IpAddr,
    /// When it came, milliseconds since 1970 UTC.
    pub since_ms: i64,
    /// Facts that it has not passed yet.
    pub lag: u64,
    /// Ticks and states of running bars that it was spared.
    pub conflated: u64,
    /// Bytes that were begun for it and that it has not taken.
    pub queued: u64,
    /// Bytes written to it.
    pub bytes: u64,
    /// Between its messages of ticks and bars; 0 while it watches none.
    pub interval_ms: u64,
    /// Whether its messages are compressed.
    pub compressed: bool,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) bar_changes: AtomicU64,
    /// Bar lines on the board.
    pub(super) bar_slots: AtomicU64,
    pub(super) frames_built: AtomicU64,
    pub(super) frames_given: AtomicU64,
    /// Of readers that have left, too.
    pub(super) conflated: AtomicU64,
    pub(super) compressed: AtomicU64,
    pub(super) compressed_in: AtomicU64,
    pub(super) compressed_out: AtomicU64,
    pub(super) writes: AtomicU64,
    pub(super) bytes: AtomicU64,
    pub(super) resumed: AtomicU64,
    pub(super) snapshots: AtomicU64,
    pub(super) calls: AtomicU64,
    pub(super) full: AtomicU64,
    endings: [AtomicU64; 10],
}

impl Counters {
    pub(super) fn end(&self, ending: Ending) {
        self.endings[ending as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn write(&self, bytes: u64) {
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// All that is counted here; the rest is 0.
    pub(super) fn stats(&self) -> StreamStats {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        StreamStats {
            bar_changes: of(&self.bar_changes),
            conflated: of(&self.conflated),
            frames_built: of(&self.frames_built),
            frames_given: of(&self.frames_given),
            compressed: of(&self.compressed),
            compressed_in: of(&self.compressed_in),
            compressed_out: of(&self.compressed_out),
            writes: of(&self.writes),
            bytes: of(&self.bytes),
            resumed: of(&self.resumed),
            snapshots: of(&self.snapshots),
            calls: of(&self.calls),
            full: of(&self.full),
            endings: std::array::from_fn(|index| of(&self.endings[index])),
            ..StreamStats::default()
        }
    }
}
