//! Whoever is told what happens to a replica, at the moment when it happens.

use crate::command::LinkReport;
use crate::replica::{Fact, Replica};

/// Hears of a desk. `fact` and `reset` are called while the replica is locked for writing, in the order in which it
/// changes: whoever holds it for reading therefore stands exactly between two of these calls. So they must be short
/// and wait for nothing.
pub trait Listener: Send {
    /// The replica has taken this in.
    fn fact(&mut self, replica: &Replica, fact: &Fact);
    /// The replica was read anew.
    fn reset(&mut self, replica: &Replica);
    /// The link changed; the replica is not locked.
    fn link(&mut self, report: &LinkReport);
}

impl Listener for () {
    fn fact(&mut self, _: &Replica, _: &Fact) {}
    fn reset(&mut self, _: &Replica) {}
    fn link(&mut self, _: &LinkReport) {}
}
