//! The thread that talks to the remote: carries calls, listens, takes the snapshot of the recovery path.
//!
//! It decides nothing about orders: each job is one call, each call's end is told. Subscriptions go out one after the
//! other, so that a thousand of them never stand before an order in the remote's single thread.

mod link;
mod snapshot;

use crate::limits::JOBS;
use crate::outbox::Outbox;
use ::gateway::Waker;
use domain::{BarData, CancelRequest, HistoryRequest, OrderData, OrderRequest, SubscribeRequest, Text, TradeData};
use rpc::{App, CallError, ClientConfig, Framing, PeerEvent};
pub(crate) use snapshot::Snapshot;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// One thing to do. Names are the remote's.
#[derive(Debug)]
pub(crate) enum Job {
    /// Send an order, once.
    Send { orderid: Text, request: OrderRequest, gateway: Text },
    /// Cancel an order.
    Cancel { orderid: Text, request: CancelRequest, gateway: Text },
    /// Ask for an instrument's ticks.
    Subscribe(SubscribeRequest, Text),
    /// Ask for bars.
    History { token: u64, request: HistoryRequest, gateway: Text },
    /// Take the snapshot again.
    Sync,
    /// Look at the orders and trades; told as [`Told::Looked`] with this number.
    Look(u64),
}

/// What has happened, in order.
#[derive(Debug)]
pub(crate) enum Told {
    /// Subscribed; the snapshot is being taken.
    Syncing,
    /// The state of everything at some moment since [`Told::Syncing`].
    Snapshot(Box<Snapshot>),
    /// A snapshot failed and is taken again.
    SnapshotFailed(String),
    /// The remote is away.
    Lost(String),
    /// An event other than a tick.
    Event(PeerEvent),
    /// How the remote frames its events, and which app it runs.
    Dialect(Option<App>, Framing),
    /// How the call of [`Job::Send`] ended.
    Sent { orderid: Text, result: Result<Text, CallError> },
    /// A cancel was not carried out, or nobody knows.
    CancelFailed { orderid: Text, why: CallError },
    /// A subscription failed.
    SubscribeFailed { request: SubscribeRequest, why: CallError },
    /// Bars, or why there are none.
    Bars { token: u64, bars: Result<Vec<BarData>, CallError> },
    /// What [`Job::Look`] saw.
    Looked { number: u64, found: Result<(Vec<OrderData>, Vec<TradeData>), CallError> },
}

/// The running thread; ends with its owner.
pub(crate) struct Worker {
    pub(crate) jobs: mpsc::Sender<Job>,
    pub(crate) outbox: Arc<Outbox>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts it for the gateway of that name.
    pub(crate) fn start(name: &str, client: ClientConfig, waker: Option<Waker>) -> std::io::Result<Worker> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (jobs, waiting) = mpsc::channel(JOBS);
        let (outbox, stop) = (Arc::new(Outbox::new(waker)), CancellationToken::new());
        let (theirs, until) = (Arc::clone(&outbox), stop.clone());
        let thread = std::thread::Builder::new()
            .name(format!("{name}-rpc"))
            .spawn(move || runtime.block_on(link::run(&client, waiting, theirs, until)))?;
        Ok(Worker { jobs, outbox, stop, thread: Some(thread) })
    }

    /// Whether the thread has ended by itself, which only a fault can make it do.
    pub(crate) fn has_ended(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread of an RPC gateway has panicked");
        }
    }
}
