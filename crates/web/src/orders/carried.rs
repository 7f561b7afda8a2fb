//! Work that is done as part of its caller, and by itself from the moment at which the caller goes away.
//!
//! Most callers stay, and then no other task is woken for it. Always true: what was begun is carried to its end as long
//! as the runtime lives; the tracker counts it from its begin; a panic in it is told, not passed on.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

/// The work panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broke;

/// The work.
pub(super) struct Carried<T: Send + 'static> {
    work: Option<BoxFuture<'static, Result<T, Broke>>>,
    tasks: TaskTracker,
}

impl<T: Send + 'static> Carried<T> {
    /// Begins when it is first asked for.
    pub(super) fn new(tasks: &TaskTracker, work: impl Future<Output = T> + Send + 'static) -> Carried<T> {
        let counted = tasks.token();
        let work = async move {
            let done = AssertUnwindSafe(work).catch_unwind().await.map_err(|_| Broke);
            drop(counted);
            done
        };
        Carried { work: Some(work.boxed()), tasks: tasks.clone() }
    }
}

impl<T: Send + 'static> Future for Carried<T> {
    type Output = Result<T, Broke>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let work = self.work.as_mut().expect("nobody asks again after the end");
        let polled = work.as_mut().poll(context);
        if polled.is_ready() {
            self.work = None;
        }
        polled
    }
}

impl<T: Send + 'static> Drop for Carried<T> {
    fn drop(&mut self) {
        if let Some(work) = self.work.take()
            && let Ok(runtime) = Handle::try_current()
        {
            self.tasks.spawn_on(work, &runtime);
        }
    }
}
