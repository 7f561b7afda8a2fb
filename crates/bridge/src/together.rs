//! What one thread has to say that leaves together: one system call for all of it, and the other side finds it in one
//! read.
//!
//! Always true: what was said within [`together`] has been written, or waits for the connection's own task, when it
//! returns, also where it panics.

use std::cell::RefCell;
use std::sync::Arc;

/// What holds lines for a connection.
pub(crate) trait Writes {
    /// Writes what waits, as far as the connection takes it at once; its task does the rest.
    fn write(&self);
}

thread_local! {
    /// Who has lines that are held back on this thread; `None` where nothing is.
    static HELD: RefCell<Option<Vec<Arc<dyn Writes>>>> = const { RefCell::new(None) };
}

/// Writes what was held back, however the work ended.
struct Release;

impl Drop for Release {
    fn drop(&mut self) {
        let held = HELD.with_borrow_mut(Option::take);
        held.into_iter().flatten().for_each(|one| one.write());
    }
}

/// Requests and answers of `work` on this thread leave when it is over.
pub fn together<R>(work: impl FnOnce() -> R) -> R {
    let is_outermost = HELD.with_borrow_mut(|held| held.is_none() && held.replace(Vec::new()).is_none());
    let _release = is_outermost.then_some(Release);
    work()
}

/// Writes what waits, now or at the end of [`together`].
pub(crate) fn write<W: Writes + 'static>(whose: &Arc<W>) {
    let is_held = HELD.with_borrow_mut(|held| {
        let Some(held) = held else { return false };
        if !held.iter().any(|known| std::ptr::addr_eq(Arc::as_ptr(known), Arc::as_ptr(whose))) {
            held.push(Arc::clone(whose) as Arc<dyn Writes>);
        }
        true
    });
    if !is_held {
        whose.write();
    }
}
