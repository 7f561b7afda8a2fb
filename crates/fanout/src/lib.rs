//! One writer, many readers of different speed.
//!
//! A [`Log`] takes each encoded message once and gives the same bytes to every reader. A message is
//! a *fact* (an order, a trade: ordered, never merged, never dropped) or a *quote* with a key (a
//! tick of one instrument: only the newest matters to whoever is late). A reader is a [`Cursor`]:
//! the number of the next message and two counters, whatever it is behind by.
//!
//! ```text
//!  append ─► window: the newest messages, contiguous in shared segments ──► readers that keep up: all of it
//!               │ evicted: facts and still-newest quotes are copied out
//!               ▼
//!            behind: old facts │ newest quote of each silent key ──► late readers: facts + newest quotes
//! ```
//!
//! How data passes: `append_fact`/`append_quote` copy a message into the open segment, `commit`
//! makes the burst visible; `gather` lends a reader its next slices as a [`Batch`]; `Batch::settle`
//! moves its cursor over what was really written. A burst is one slice, so that a reader at the head
//! costs one write.
//!
//! What is always true:
//! * A reader sees each fact exactly once and in order, or is told that it is cut.
//! * A reader whose next message is still in the window sees every message. One that has fallen out
//!   of it is *conflated on quotes only* until it has reached the head again: it skips a quote that a
//!   newer one of the same key has superseded, never a fact.
//! * A cut happens only when a fact that the reader has not read was evicted from the fact bound,
//!   which quotes do not count against.
//! * Memory is bounded by [`Limits`] for the log, and for a reader by one message (the rest of an entry
//!   begun); nothing that a reader keeps can pin the log's segments, because it is lent, not owned.
//!
//! Why the window *is* the bound between "keeps up" and "late" (and no lag figure beside it): the two
//! would have to be kept consistent, and a reader is best served completely as long as that costs
//! nothing but a slice. Why messages are copied out of an evicted segment: one silent instrument would
//! otherwise pin 64 KiB for its one tick.
//!
//! Pure: no I/O, no clock, no async, no lock.
//!
//! # Readers with filters
//!
//! Where each reader wants something else, facts and quotes part ways: a [`Ring`] numbers the facts of all desks and
//! channels, and a [`Reader`] walks it with its own set of tags, owed snapshots and the place it may resume from; a
//! [`Board`] has the newest quote of each instrument, and a reader of it is one number, the version that it has seen.

mod batch;
mod behind;
mod board;
mod channels;
mod cursor;
mod limits;
mod log;
mod reader;
mod ring;
#[cfg(test)]
mod tests;
mod window;

pub use batch::Batch;
pub use board::{Board, Slot, Watched};
pub use channels::Channels;
pub use cursor::Cursor;
pub use limits::{Bound, Limits};
pub use log::{Gathered, Kind, Log, LogStats};
pub use reader::{Next, NoResume, Reader, Room};
pub use ring::{Entry, Ring, Tag};
