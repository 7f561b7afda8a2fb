//! The way to one trading process, by VeighNa's RPC or by its bridge: its events into the replica and the live stream, commands back.
//!
//! ```text
//! Subscriber ─► task ─► Replica ─► effects ─► JSON once ─► Hub
//!                 ▲ snapshots, checks (Caller)
//! rest ─► TraderLink (the port `command::Trader`) ─► Caller
//! ```
//!
//! Always true: one task writes the replica; a fact is in the replica before a reader of the stream hears of it;
//! while the link is not live no command leaves.

mod bridge;
mod commands;
mod limits;
mod listener;
mod settle;
mod snapshot;
mod stream;
mod task;
mod writer;

pub use bridge::{BridgeConfig, BridgeError, BridgeLink, BridgeTask, bridge_config, bridge_link};
pub use commands::TraderLink;
pub use listener::Listener;
pub use task::LinkTask;

use crate::command::LinkReport;
use crate::live::Hub;
use crate::replica::{Link, Shared};
use domain::{Language, Text};
use rpc::{ClientConfig, Dialect};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;
use writer::Writer;

/// What is known about a trading process before it is contacted.
#[derive(Clone, Debug)]
pub struct LinkConfig {
    /// Its name in our configuration.
    pub name: Text,
    /// Where it is.
    pub client: ClientConfig,
    /// Language of its enum values; found out from its contracts where absent.
    pub language: Option<Language>,
    /// What is assumed where the contracts do not tell either, because the peer writes members by name: VeighNa's
    /// own web process would then show the language of its own locale, and so do we.
    pub own_language: Language,
    /// Whether no order reaches a real market, where the configuration says so.
    pub simulated: Option<bool>,
}

/// Where a trading process is, from its two addresses as VeighNa writes them.
///
/// # Errors
/// One of them is no address.
pub fn client_config(request: &str, publish: &str) -> Result<ClientConfig, rpc::EndpointError> {
    Ok(ClientConfig { request: request.parse()?, publish: publish.parse()? })
}

/// State that the task and the commands share.
pub(crate) struct State {
    report: Mutex<LinkReport>,
    dialect: Mutex<Option<Dialect>>,
    last_event_ms: AtomicI64,
    /// Facts that comparing has found to be missed.
    missed: AtomicU64,
    /// Events that could not be understood.
    skipped: AtomicU64,
    settled: settle::Settled,
}

impl State {
    fn new(report: LinkReport) -> State {
        State {
            report: Mutex::new(report),
            dialect: Mutex::default(),
            last_event_ms: AtomicI64::new(0),
            missed: AtomicU64::new(0),
            skipped: AtomicU64::new(0),
            settled: settle::Settled::default(),
        }
    }

    fn report(&self) -> LinkReport {
        let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let last = self.last_event_ms.load(Ordering::Relaxed);
        report.missed = self.missed.load(Ordering::Relaxed);
        report.skipped = self.skipped.load(Ordering::Relaxed);
        report.event_age_ms = (last > 0).then(|| u64::try_from(now_ms() - last).unwrap_or(0));
        report
    }

    fn update(&self, change: impl FnOnce(&mut LinkReport)) {
        change(&mut self.report.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether this is a change.
    fn set_link(&self, link: Link) -> bool {
        let mut changed = false;
        self.update(|report| {
            changed = report.link != link;
            report.stale_since_ms = match link {
                Link::Stale => report.stale_since_ms.or_else(|| Some(now_ms())),
                Link::Syncing => report.stale_since_ms,
                Link::Connecting | Link::Live => None,
            };
            if changed {
                tracing::info!(trader = %report.name, from = ?report.link, to = ?link, "the link to the trading process changed");
            }
            report.link = link;
        });
        changed
    }
}

/// Makes the link; its owner runs the task and hands the commands to `rest`. The classic stream, where this is the
/// trading process of the classic surface, is `hub`; `listener` hears everything.
pub fn link(
    config: LinkConfig,
    replica: Arc<Shared>,
    hub: Option<Hub>,
    listener: Box<dyn Listener>,
) -> (Arc<TraderLink>, LinkTask) {
    let (caller, driver, subscriber) = rpc::connect(&config.client);
    let report = LinkReport {
        name: config.name,
        language: config.language.unwrap_or(config.own_language),
        simulated: config.simulated,
        ..LinkReport::default()
    };
    let state = Arc::new(State::new(report));
    let (fetched, arriving) = mpsc::channel(limits::FETCHED_MAX);
    let commands = TraderLink::new(caller.clone(), Arc::clone(&state), Arc::clone(&replica), fetched);
    let task = LinkTask::new(task::Parts {
        caller,
        driver: Some(driver),
        subscriber,
        writer: Writer::new(state, replica, hub, listener),
        arriving,
        fixed_language: config.language,
    });
    (Arc::new(commands), task)
}

/// Milliseconds since 1970 UTC: the link's reports carry wall-clock times.
fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
