//! The bell of a gateway: rung from any thread, it makes the gateway's own thread look.

use std::fmt;
use std::sync::Arc;

/// Wakes the thread that drives a gateway. Cheap to clone; ringing it often costs little and never waits.
#[derive(Clone)]
pub struct Waker(Arc<dyn Fn() + Send + Sync>);

impl Waker {
    /// A bell that does this.
    pub fn new(ring: impl Fn() + Send + Sync + 'static) -> Waker {
        Waker(Arc::new(ring))
    }

    /// Rings it.
    pub fn wake(&self) {
        (self.0)();
    }
}

impl fmt::Debug for Waker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Waker")
    }
}
