//! Bars: of several sources for whoever asks (`sources`), and as lines that go on with each tick for whoever watches
//! (`lines`).
//!
//! ```text
//! GET /api/v1/bars ─► sources ◄─ seed ─► line ◄─ ticks (feed)
//!                                         └─► the stream's board
//! ```
//!
//! Always true: both are made by the same code, so that a line says what `GET` says of the same bar; see `docs/api.md` for
//! where a source may have another opinion of a minute than its ticks.

mod limits;
mod line;
mod lines;
mod seed;
mod sources;

pub use lines::Lines;
pub(crate) use sources::{Sources, Wanted, clock_of};
