//! The order-status transition table: which step a later report may take an order to.
//!
//! Venues repeat reports and sometimes deliver them out of order; a step backwards is *stale* and ignored, a
//! step out of a final state is *refused* and worth a warning. One table, no `_` arm.

use crate::Status;

/// What a report means for an order that is known already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Take it.
    Apply,
    /// It tells less than what is known; drop it quietly.
    Stale,
    /// It contradicts a final state; drop it and say so.
    Refused,
}

/// Judges the step `from` → `to`. A repeated status applies, because price, volume or time may have changed;
/// that the traded volume never falls is the caller's check.
pub const fn step(from: Status, to: Status) -> Step {
    use Status::{AllTraded, Cancelled, NotTraded, PartTraded, Rejected, Submitting};
    match (from, to) {
        (Submitting, Submitting | NotTraded | PartTraded | AllTraded | Cancelled | Rejected) => Step::Apply,
        (NotTraded, Submitting) => Step::Stale,
        (NotTraded, NotTraded | PartTraded | AllTraded | Cancelled | Rejected) => Step::Apply,
        (PartTraded, Submitting | NotTraded) => Step::Stale,
        (PartTraded, PartTraded | AllTraded | Cancelled) => Step::Apply,
        (PartTraded, Rejected) => Step::Refused,
        (AllTraded, AllTraded) | (Cancelled, Cancelled) | (Rejected, Rejected) => Step::Apply,
        (AllTraded, Submitting | NotTraded | PartTraded) => Step::Stale,
        (AllTraded, Cancelled | Rejected) => Step::Refused,
        (Cancelled, Submitting | NotTraded | PartTraded) => Step::Stale,
        // The cancel and the last fill crossed on the wire; the venue's fill stands.
        (Cancelled, AllTraded) => Step::Apply,
        (Cancelled, Rejected) => Step::Refused,
        (Rejected, Submitting) => Step::Stale,
        (Rejected, NotTraded | PartTraded | AllTraded | Cancelled) => Step::Refused,
    }
}

#[cfg(test)]
mod tests;
