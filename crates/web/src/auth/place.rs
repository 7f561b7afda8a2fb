//! The queue in front of the threads that check passwords, as a number of places.
//!
//! Always true: who has a place gives it back, however he leaves.

use crate::limits::LOGIN_QUEUE;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A place among the logins that wait.
pub(super) struct Place<'a>(&'a AtomicUsize);

impl Place<'_> {
    /// Takes one, where there is one left.
    pub(super) fn take(queued: &AtomicUsize) -> Option<Place<'_>> {
        let place = Place(queued);
        (queued.fetch_add(1, Ordering::Relaxed) < LOGIN_QUEUE).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
