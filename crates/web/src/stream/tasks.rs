//! The tasks behind a hub: one wakes readers of facts, one flushes ticks, one looks for sessions that were ended.
//!
//! Flush moments of an interval are the same for all groups of a phase: multiples of the interval since the start,
//! shifted by the phase. Always true: a bell that rings during a round is answered by another round; after
//! `shutdown` every session is told to close, and `run` returns when all have ended or their time is over.

use super::group::Group;
use super::hub::{Core, lock};
use super::limits::{PHASES, SHUTDOWN_TIME};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The tasks of a [`StreamHub`](super::StreamHub); its owner runs them.
#[must_use = "no reader is woken unless the tasks run"]
#[derive(Debug)]
pub struct StreamTasks {
    core: Arc<Core>,
}

impl StreamTasks {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Works until `shutdown`, then closes all readers with 1001 and waits for them and for the calls they made.
    pub async fn run(self, shutdown: CancellationToken) {
        let core = &self.core;
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = ring(core) => {}
            () = flush(core) => {}
            () = watch_sessions(core) => {}
        }
        core.closing.cancel();
        lock(&core.readers).iter().for_each(|(_, conn)| conn.wake());
        core.tasks.close();
        if tokio::time::timeout(SHUTDOWN_TIME, core.tasks.wait()).await.is_err() {
            tracing::warn!(open = core.tasks.len(), "stream sessions given up at shutdown");
        }
        // The ports lead back to whoever owns the hub.
        *lock(&core.ports) = None;
    }
}

impl Drop for StreamTasks {
    /// Without its tasks a hub takes no readers.
    fn drop(&mut self) {
        self.core.closing.cancel();
    }
}

/// Wakes the readers that new facts may concern.
async fn ring(core: &Core) {
    loop {
        core.bell.notified().await;
        let mask = core.dirty.swap(0, Ordering::SeqCst);
        lock(&core.readers).iter().for_each(|(_, conn)| conn.wake_for(mask));
        // A burst is one round, not one per fact.
        tokio::task::yield_now().await;
    }
}

/// Whenever a session may have ended, the readers whose session has hear of it.
async fn watch_sessions(core: &Core) {
    core.served.notified().await;
    let ports = lock(&core.ports).clone();
    let Some(sessions) = ports.map(|ports| Arc::clone(&ports.sessions)) else {
        return std::future::pending().await;
    };
    let mut endings = sessions.endings();
    while endings.changed().await.is_ok() {
        lock(&core.readers).iter().for_each(|(_, conn)| conn.doubt(&*sessions));
    }
    std::future::pending().await
}

/// Flushes each group at its moments.
async fn flush(core: &Core) {
    let start = Instant::now();
    let mut due: BTreeMap<Duration, Vec<Weak<Group>>> = BTreeMap::new();
    loop {
        let next = due.first_key_value().map(|(moment, _)| start + *moment);
        tokio::select! {
            () = core.arrived.notified() => {}
            () = sleep_until(next) => {}
        }
        for group in std::mem::take(&mut *lock(&core.arrivals)) {
            schedule(&mut due, group, start.elapsed());
        }
        while let Some(entry) = due.first_entry().filter(|entry| *entry.key() <= start.elapsed()) {
            for group in entry.remove() {
                if let Some(live) = group.upgrade() {
                    live.flush(core);
                    drop(live);
                    schedule(&mut due, group, start.elapsed());
                }
            }
            tokio::task::yield_now().await;
        }
    }
}

async fn sleep_until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

fn schedule(due: &mut BTreeMap<Duration, Vec<Weak<Group>>>, group: Weak<Group>, now: Duration) {
    if let Some(live) = group.upgrade() {
        due.entry(next_moment(live.interval_ms, live.phase, now)).or_default().push(group);
    }
}

/// The first moment of the interval and phase after `now`.
fn next_moment(interval_ms: u64, phase: usize, now: Duration) -> Duration {
    let interval = Duration::from_millis(interval_ms.max(1));
    // Neighbouring phases far apart: 0, 4, 2, 6, 1, 5, 3, 7 eighths.
    let spread = (0..PHASES.ilog2()).fold(0, |spread, bit| spread << 1 | (phase >> bit & 1)) as u32;
    let shift = interval * spread / PHASES as u32;
    let rounds = (now + interval).saturating_sub(shift).as_nanos() / interval.as_nanos();
    shift + interval * u32::try_from(rounds).unwrap_or(u32::MAX)
}
