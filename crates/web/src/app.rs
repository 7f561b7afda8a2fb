//! The web process in one value: what every request needs, and the loop that serves them.
//!
//! The owner makes the parts (link, replica, hub, users), hands them over in [`Parts`] and runs [`serve`] beside
//! the link and the hub's pumps. Always true: nothing here starts a task that [`serve`] does not wait for.

use crate::auth::{Auth, Clock};
use crate::desk::Desk;
use crate::history_file::HistoryFile;
use crate::http::{self, Reply, Service};
use crate::limits;
use crate::live::Hub;
use crate::orders::Orders;
use crate::rest::{self, Cors, Lists, Metrics};
use crate::stream::{Calls, StreamHub};
use futures_util::future::BoxFuture;
use hyper::Request;
use hyper::body::Incoming;
use serde_json::Value;
use std::net::IpAddr;
use std::sync::{Arc, Weak};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What a web process is made of.
pub struct Parts {
    /// Login.
    pub auth: Arc<Auth>,
    /// The trading processes; the classic surface is that of the first. At least one.
    pub desks: Vec<Arc<Desk>>,
    /// The classic live stream, of the first desk.
    pub hub: Hub,
    /// The full stream, of all desks in their order.
    pub stream: StreamHub,
    /// Order entry.
    pub orders: Arc<Orders>,
    /// Origins whose pages may call us; empty turns CORS off.
    pub cors_origins: Vec<String>,
    /// Whether a reverse proxy on this machine tells clients' addresses.
    pub behind_proxy: bool,
    /// The time.
    pub clock: Clock,
}

/// What every request needs.
pub struct App {
    /// Itself, for what runs on behind a call.
    this: Weak<App>,
    pub(crate) auth: Arc<Auth>,
    pub(crate) desks: Vec<Arc<Desk>>,
    pub(crate) hub: Hub,
    pub(crate) stream: StreamHub,
    pub(crate) orders: Arc<Orders>,
    pub(crate) cors: Cors,
    pub(crate) behind_proxy: bool,
    pub(crate) lists: Lists,
    /// A database of bars on this machine, where one is configured.
    pub(crate) history: Option<Arc<HistoryFile>>,
    /// What `/api/v1` keeps.
    pub(crate) v1: rest::v1::State,
    pub(crate) metrics: Metrics,
    pub(crate) clock: Clock,
    /// When it began, in milliseconds since 1970 UTC.
    pub(crate) started_ms: i64,
    /// WebSocket sessions and the reading away of refused bodies.
    pub(crate) tasks: TaskTracker,
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Arc<App> {
        App::with_history(parts, None)
    }

    /// The same with a database of bars.
    pub fn with_history(parts: Parts, history: Option<HistoryFile>) -> Arc<App> {
        // Differs from start to start; that is all an ETag needs of it.
        let started_ms = (parts.clock)();
        let epoch = started_ms.unsigned_abs();
        let v1 = rest::v1::State::new(epoch, Arc::clone(&parts.clock), parts.desks.len());
        Arc::new_cyclic(|this| App {
            this: Weak::clone(this),
            v1,
            auth: parts.auth,
            desks: parts.desks,
            hub: parts.hub,
            stream: parts.stream,
            orders: parts.orders,
            cors: Cors::new(&parts.cors_origins),
            behind_proxy: parts.behind_proxy,
            lists: Lists::new(epoch),
            history: history.map(Arc::new),
            metrics: Metrics::default(),
            clock: parts.clock,
            started_ms,
            tasks: TaskTracker::new(),
        })
    }
}

impl App {
    /// The desk of the classic surface, and of whoever names none.
    pub(crate) fn first(&self) -> &Arc<Desk> {
        self.desks.first().expect("a web process has at least one trading process")
    }

    /// The desk of this name; the first where none is named.
    pub(crate) fn desk(&self, name: Option<&str>) -> Option<&Arc<Desk>> {
        match name {
            None => self.desks.first(),
            Some(name) => self.desks.iter().find(|desk| desk.name == name),
        }
    }
}

impl Calls for App {
    fn call(&self, user: &str, method: &str, params: Value) -> BoxFuture<'static, Result<Value, Value>> {
        let (app, user, method) = (self.this.upgrade(), Arc::from(user), method.to_owned());
        Box::pin(async move {
            let app = app.expect("whoever calls holds the web process");
            rest::v1::call(&app, &user, &method, params).await.map_err(|problem| problem.value(None))
        })
    }
}

impl Service for App {
    fn answer(self: Arc<Self>, request: Request<Incoming>, peer: IpAddr) -> BoxFuture<'static, Reply> {
        Box::pin(rest::answer(self, request, peer))
    }
}

/// Serves until `shutdown`; returns when the running requests and sessions have ended or their time is over.
///
/// # Errors
/// The listener is not usable.
pub async fn serve(app: Arc<App>, listener: TcpListener, shutdown: CancellationToken) -> Result<(), std::io::Error> {
    let watching = watch_users(&app.auth, &shutdown);
    let serving = http::run(listener, Arc::clone(&app) as Arc<dyn Service>, shutdown.clone());
    let (served, ()) = tokio::join!(serving, watching);
    app.tasks.close();
    if tokio::time::timeout(limits::SHUTDOWN_TIME, app.tasks.wait()).await.is_err() {
        tracing::warn!(open = app.tasks.len(), "sessions given up at shutdown");
    }
    served
}

/// Sees changes of `users.json`, so that a removed user's token ends without a restart.
async fn watch_users(auth: &Arc<Auth>, shutdown: &CancellationToken) {
    let mut ticks = tokio::time::interval(limits::USERS_REFRESH);
    while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
        let auth = Arc::clone(auth);
        if tokio::task::spawn_blocking(move || auth.refresh()).await.is_err() {
            tracing::error!("reading users.json panicked");
        }
    }
}
