//! The web process put together: one link, replica and listener for each trading process, then the server.
//!
//! Always true: every task that is started here is awaited here, and all end with `stop`; one trading process that
//! is away keeps no other one from being served.

use crate::app::{self, App, Parts};
use crate::auth::system_clock;
use crate::bars::Lines;
use crate::config::{Config, StartError, TraderConfig, Way};
use crate::desk::Desk;
use crate::feed::{Feed, Replicas};
use crate::live::{Hub, Options};
use crate::orders::{Orders, Watch};
use crate::replica::Shared;
use crate::stream::{Bars, Calls, Options as StreamOptions, Ports, Sessions, StreamHub};
use crate::trader_link::{
    BridgeConfig, BridgeError, BridgeTask, LinkConfig, LinkTask, Listener, bridge_config, bridge_link, link,
};
use domain::Text;
use futures_util::future::BoxFuture;
use rpc::ClientConfig;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Why the web process does not start or has ended.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// The configuration cannot be served.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The bridge of a trading process cannot be used.
    #[error("trader {name}: {error}")]
    Bridge {
        /// Which.
        name: Text,
        /// Why.
        error: BridgeError,
    },
    /// The listener is not usable.
    #[error("the web server failed")]
    Serve(#[from] io::Error),
}

/// Serves until `stop`; `ready` hears the address that is listened on.
///
/// # Errors
/// It could not be started, or its listener broke.
pub async fn run(config: &Config, stop: CancellationToken, ready: impl FnOnce(SocketAddr)) -> Result<(), ProcessError> {
    let auth = config.auth(system_clock())?;
    let listener = config.bind().await?;
    let address = listener.local_addr()?;
    let (hub, pumps) = Hub::new(Options::default());
    let names: Vec<Text> = config.traders.iter().map(|trader| trader.name.value.clone()).collect();
    let (stream, stream_tasks) = StreamHub::new(StreamOptions::default(), &names);
    let lines = Lines::new(stream.clone(), names.len());
    let orders = Orders::open(&config.state, system_clock());
    let (mut desks, mut links) = (Vec::new(), Vec::new());
    for (index, trader) in config.traders.iter().enumerate() {
        let classic = (index == 0).then(|| hub.clone());
        let name = trader.name.value.clone();
        let feed = Box::new(Feed::new(stream.clone(), index, name.clone(), Arc::clone(&orders), Arc::clone(&lines)));
        let watch = Box::new(Watch::new(Arc::clone(&orders), name, feed));
        let (desk, task) = desk(trader, config, classic, watch)?;
        desks.push(Arc::new(desk));
        links.push(task);
    }
    let cors_origins = config.cors_origins.value.clone();
    let behind_proxy = config.behind_proxy.value;
    let source = Arc::new(Replicas::new(stream.clone(), desks.clone(), Arc::clone(&orders)));
    let sessions = Arc::clone(&auth) as Arc<dyn Sessions>;
    let resolving = Arc::clone(&orders).run(desks.clone(), stop.clone());
    let (stream_of_app, clock) = (stream.clone(), system_clock());
    let parts = Parts { auth, desks, hub, stream: stream_of_app, orders, cors_origins, behind_proxy, clock };
    let history = config.history.as_ref().map(|setting| setting.value.clone());
    let app = App::with_history(parts, history);
    let (calls, bars) = (Arc::clone(&app) as Arc<dyn Calls>, Arc::clone(&lines) as Arc<dyn Bars>);
    stream.serve(Ports { source, calls, bars, sessions });
    ready(address);
    // On the runtime's own threads, as the pumps are: a tick then goes from the trading process's socket to the
    // readers' on one thread, where this one would have to be woken for it and would have to wake another.
    let mut linked = JoinSet::new();
    links.into_iter().for_each(|task| {
        linked.spawn(task.run(stop.clone()));
    });
    // Each fact rings for it: on this thread that would be a wake-up of another processor for each.
    linked.spawn(stream_tasks.run(stop.clone()));
    linked.spawn(resolving);
    linked.spawn(lines.run(app.desks.clone(), app.history.clone(), stop.clone()));
    let (served, _, ()) = tokio::join!(app::serve(app, listener, stop.clone()), linked.join_all(), pumps.run(stop));
    Ok(served?)
}

/// A link's task, of either kind.
enum Link {
    Veighna(Box<LinkTask>),
    Bridge(Box<BridgeTask>),
}

impl Link {
    fn run(self, stop: CancellationToken) -> BoxFuture<'static, ()> {
        match self {
            Link::Veighna(task) => Box::pin(task.run(stop)),
            Link::Bridge(task) => Box::pin(task.run(stop)),
        }
    }
}

fn desk(
    trader: &TraderConfig,
    config: &Config,
    classic: Option<Hub>,
    listener: Box<dyn Listener>,
) -> Result<(Desk, Link), ProcessError> {
    let (name, replica) = (trader.name.value.clone(), Arc::new(Shared::default()));
    match &trader.way {
        Way::Veighna { req, publish } => {
            let link_config = LinkConfig {
                name: name.clone(),
                client: ClientConfig { request: req.value.clone(), publish: publish.value.clone() },
                language: trader.language.value,
                own_language: config.own_language,
                simulated: trader.simulated.value,
            };
            let (trader, task) = link(link_config, Arc::clone(&replica), classic, listener);
            Ok((Desk { name, trader, replica }, Link::Veighna(Box::new(task))))
        }
        Way::Bridge { address, token_file, fingerprint } => {
            let file = token_file.as_ref().map(|file| &*file.value);
            let print = fingerprint.as_ref().map(|text| &*text.value);
            let client = bridge_config(&address.value, file, print, &config.state)
                .map_err(|error| ProcessError::Bridge { name: name.clone(), error })?;
            let bridge = BridgeConfig {
                name: name.clone(),
                client,
                language: trader.language.value,
                simulated: trader.simulated.value,
            };
            let (trader, task) = bridge_link(bridge, Arc::clone(&replica), classic, listener);
            Ok((Desk { name, trader, replica }, Link::Bridge(Box::new(task))))
        }
    }
}
