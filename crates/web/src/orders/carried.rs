//! Work that is done as part of its caller, by itself from the moment at which the caller goes away, and one step of it
//! by the thread that it has waited for.
//!
//! Most callers stay, and then no other task is woken for it. A thread that has something for many of them at once, as the
//! journal has after a sync, carries them on itself ([`carry_on_here`]): what they do next is little and waits for
//! nothing, and waking a task for each would cost more than that.
//!
//! Always true: what was begun is carried to its end as long as the runtime lives; the tracker counts it from its begin;
//! a panic in it is told, not passed on; one thread at a time works on it.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::cell::Cell;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::task::{Context, Poll, Wake, Waker};
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

/// The work panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broke;

/// The work, for its caller.
pub(super) struct Carried<T: Send + 'static> {
    work: Option<Arc<Work<T>>>,
    tasks: TaskTracker,
}

/// The work, for whoever carries it on.
struct Work<T> {
    progress: Mutex<Progress<T>>,
    /// Who waits for its end; never held together with `progress` by somebody who waits for it.
    waits: Mutex<Option<Waker>>,
    runtime: Option<Handle>,
}

enum Progress<T> {
    Going(BoxFuture<'static, Result<T, Broke>>),
    Done(Result<T, Broke>),
    Told,
}

thread_local! {
    static CARRIES_ON: Cell<bool> = const { Cell::new(false) };
}

/// Ends it, however it ends.
struct CarriesOn(bool);

impl Drop for CarriesOn {
    fn drop(&mut self) {
        CARRIES_ON.set(self.0);
    }
}

/// Work that `tell` wakes is carried on by this thread as far as it goes, within `tell`.
pub(super) fn carry_on_here<R>(tell: impl FnOnce() -> R) -> R {
    let _before = CarriesOn(CARRIES_ON.replace(true));
    tell()
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
        let progress = Mutex::new(Progress::Going(work.boxed()));
        let work = Work { progress, waits: Mutex::default(), runtime: Handle::try_current().ok() };
        Carried { work: Some(Arc::new(work)), tasks: tasks.clone() }
    }
}

impl<T: Send + 'static> Work<T> {
    fn poll(self: &Arc<Self>, context: &Context<'_>) -> Poll<Result<T, Broke>> {
        {
            let mut waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
            if !waits.as_ref().is_some_and(|known| known.will_wake(context.waker())) {
                *waits = Some(context.waker().clone());
            }
        }
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        if let Progress::Going(work) = &mut *progress {
            let waker = Waker::from(Arc::clone(self));
            match work.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(done) => *progress = Progress::Done(done),
                Poll::Pending => return Poll::Pending,
            }
        }
        match std::mem::replace(&mut *progress, Progress::Told) {
            Progress::Done(done) => Poll::Ready(done),
            Progress::Going(_) | Progress::Told => Poll::Pending,
        }
    }

    /// Carries it on, if nobody else does so at the moment; whether its caller need not be woken.
    fn carry_on(self: &Arc<Self>) -> bool {
        let mut progress = match self.progress.try_lock() {
            Ok(progress) => progress,
            Err(TryLockError::WouldBlock | TryLockError::Poisoned(_)) => return false,
        };
        let (Progress::Going(work), Some(runtime)) = (&mut *progress, &self.runtime) else { return false };
        let _timers = runtime.enter();
        let waker = Waker::from(Arc::clone(self));
        match work.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Pending => true,
            Poll::Ready(done) => {
                *progress = Progress::Done(done);
                false
            }
        }
    }
}

impl<T: Send + 'static> Wake for Work<T> {
    fn wake(self: Arc<Self>) {
        if CARRIES_ON.get() && self.carry_on() {
            return;
        }
        let waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(waits) = waits {
            waits.wake();
        }
    }
}

impl<T: Send + 'static> Future for Carried<T> {
    type Output = Result<T, Broke>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = self.work.as_ref().expect("nobody asks again after the end").poll(context);
        if polled.is_ready() {
            self.work = None;
        }
        polled
    }
}

impl<T: Send + 'static> Drop for Carried<T> {
    fn drop(&mut self) {
        let Some(work) = self.work.take() else { return };
        let alone = Alone(work);
        if let Ok(runtime) = Handle::try_current() {
            self.tasks.spawn_on(alone, &runtime);
        }
    }
}

/// Work whose caller has gone. It ends with its runtime: then it is given up, as whatever runs in a task is.
struct Alone<T: Send + 'static>(Arc<Work<T>>);

impl<T: Send + 'static> Future for Alone<T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.0.poll(context).map(drop)
    }
}

impl<T: Send + 'static> Drop for Alone<T> {
    fn drop(&mut self) {
        // It holds wakers that hold it.
        let given_up = {
            let mut progress = self.0.progress.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *progress, Progress::Told)
        };
        drop(given_up);
    }
}

#[cfg(test)]
mod tests {
    use super::{Carried, carry_on_here};
    use std::thread;
    use tokio::sync::oneshot;
    use tokio_util::task::TaskTracker;

    /// Waits for two things, and tells which thread went on after the first.
    async fn work(first: oneshot::Receiver<()>, second: oneshot::Receiver<()>) -> thread::ThreadId {
        first.await.unwrap();
        let here = thread::current().id();
        second.await.unwrap();
        here
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_thread_that_was_waited_for_carries_on() {
        let tasks = TaskTracker::new();
        let ((one, first), (two, second)) = (oneshot::channel(), oneshot::channel());
        let mut carried = Carried::new(&tasks, work(first, second));
        assert!(futures_util::poll!(&mut carried).is_pending());
        let teller = thread::spawn(move || carry_on_here(|| one.send(()).unwrap()));
        let theirs = teller.thread().id();
        tokio::task::spawn_blocking(|| teller.join().unwrap()).await.unwrap();
        two.send(()).unwrap();
        assert_eq!(carried.await, Ok(theirs));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_lost_its_caller_is_carried_to_its_end() {
        let tasks = TaskTracker::new();
        let ((one, first), (two, second)) = (oneshot::channel(), oneshot::channel());
        let mut carried = Carried::new(&tasks, work(first, second));
        assert!(futures_util::poll!(&mut carried).is_pending());
        drop(carried);
        carry_on_here(|| one.send(()).unwrap());
        two.send(()).unwrap();
        tasks.close();
        tasks.wait().await;
    }
}
