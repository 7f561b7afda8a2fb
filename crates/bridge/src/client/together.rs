//! Requests of one thread that leave together: one system call for all of them, and the trading process finds them in
//! one read.
//!
//! Always true: what was entered within [`together`] has been written, or waits for the connection's own task, when it
//! returns, also where it panics.

use super::call::Books;
use std::cell::RefCell;
use std::sync::Arc;

thread_local! {
    /// Connections with requests that are held back on this thread; `None` where nothing is.
    static HELD: RefCell<Option<Vec<Arc<Books>>>> = const { RefCell::new(None) };
}

/// Writes what was held back, however the work ended.
struct Release;

impl Drop for Release {
    fn drop(&mut self) {
        let held = HELD.with_borrow_mut(Option::take);
        held.into_iter().flatten().for_each(|books| books.write());
    }
}

/// Requests that `work` begins on this thread leave when it is over.
pub fn together<R>(work: impl FnOnce() -> R) -> R {
    let is_outermost = HELD.with_borrow_mut(|held| held.is_none() && held.replace(Vec::new()).is_none());
    let _release = is_outermost.then_some(Release);
    work()
}

/// Writes what waits, now or at the end of [`together`].
pub(super) fn write(books: &Arc<Books>) {
    let is_held = HELD.with_borrow_mut(|held| {
        let Some(held) = held else { return false };
        if !held.iter().any(|known| Arc::ptr_eq(known, books)) {
            held.push(Arc::clone(books));
        }
        true
    });
    if !is_held {
        books.write();
    }
}
