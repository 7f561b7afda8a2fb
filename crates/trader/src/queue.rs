//! Jobs on their way to a gateway, and the bell of its thread.
//!
//! Always true: jobs are taken in the order in which they were put, by whoever holds the gateway; the thread that waits
//! is woken by a job or by the bell, or finds what was put while it was not waiting.

use crate::answers::Caller;
use crate::limits::GATEWAY_COMMANDS;
use domain::VtOrderId;
use gateway::Command;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What a gateway is to do.
pub(crate) enum Job {
    /// Carry out a command.
    Command(Command),
    /// Carry out an order; its caller gets its id once it is durable.
    Order(Command, Caller, VtOrderId),
    /// Log out and end.
    Stop,
}

/// The queue of one gateway.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
    /// Jobs that wait, for a look without the lock.
    waiting: AtomicUsize,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    rung: bool,
}

impl Job {
    /// Whether any thread may do it on its way: it computes little and waits for nothing.
    pub(crate) fn is_quick(&self) -> bool {
        matches!(self, Job::Order(..) | Job::Command(Command::SendOrder { .. } | Command::CancelOrder(_)))
    }
}

impl Queue {
    /// Adds a job and wakes nobody. What is let in leaves room for it; beyond that it would be a fault of ours, and the
    /// job is given back.
    #[allow(clippy::result_large_err, reason = "the job comes back as it was given")]
    pub(crate) fn put(&self, job: Job) -> Result<(), Job> {
        let mut state = self.state();
        if state.jobs.len() >= GATEWAY_COMMANDS {
            return Err(job);
        }
        state.jobs.push_back(job);
        self.waiting.store(state.jobs.len(), Ordering::Relaxed);
        Ok(())
    }

    /// Wakes the gateway's thread.
    pub(crate) fn ring(&self) {
        self.state().rung = true;
        self.filled.notify_one();
    }

    /// Jobs that wait.
    pub(crate) fn len(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Waits up to `patience` for a job or the bell.
    pub(crate) fn wait(&self, patience: Duration) {
        let mut state = self.state();
        if state.jobs.is_empty() && !state.rung {
            state = self.filled.wait_timeout(state, patience).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.rung = false;
    }

    /// Takes up to `most` jobs, as long as they are wanted.
    pub(crate) fn take(&self, most: usize, wanted: impl Fn(&Job) -> bool, into: &mut Vec<Job>) {
        let mut state = self.state();
        let count = state.jobs.iter().take(most).take_while(|job| wanted(job)).count();
        into.extend(state.jobs.drain(..count));
        self.waiting.store(state.jobs.len(), Ordering::Relaxed);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
