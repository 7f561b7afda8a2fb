//! Start and stop of the trading process, written once.
//!
//! Start: sockets, engine, gateways, then the gateways' logins. Stop: no more calls, the gateways log out, the
//! engine finishes what it has, the sockets close. A gateway that cannot make its state durable stops everything.

use crate::answers::Answers;
use crate::clock::Clock;
use crate::engine_thread::EngineThread;
use crate::gateway_thread::{self, Job};
use crate::inbox::Inbox;
use crate::limits::{GATEWAY_COMMANDS, LISTS_WAITING};
use crate::serve;
use domain::{DateTime, Language, Text};
use engine::Engine;
use gateway::{Command, Gateway, Settings};
use rpc::{Dialect, Endpoint, Publisher, Server, ServerConfig};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// How the trading process is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it answers calls; port 0 lets the system choose.
    pub request: Endpoint,
    /// Where it publishes events.
    pub publish: Endpoint,
    /// Which of VeighNa's dialects it speaks.
    pub dialect: Dialect,
    /// Writes enum members by value in this language; by name where absent, which every reader takes.
    pub values: Option<Language>,
    /// Language of log texts.
    pub language: Language,
    /// Zone of log times and order ids.
    pub zone: Text,
}

/// Where it listens.
#[derive(Clone, Debug)]
pub struct Ready {
    /// For calls.
    pub request: Endpoint,
    /// For events.
    pub publish: Endpoint,
}

/// Why the trading process ended or did not start.
#[derive(Debug, thiserror::Error)]
pub enum TraderError {
    /// A socket could not be bound.
    #[error("cannot listen on {endpoint}")]
    Bind {
        /// Where.
        endpoint: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A gateway could not make its state durable.
    #[error("gateway {gateway} stopped: {reason}")]
    Gateway {
        /// Which.
        gateway: Text,
        /// Why, and what to do.
        reason: String,
    },
    /// A thread could not be started or has panicked.
    #[error("{0}")]
    Thread(String),
}

/// Runs until `stop` fires or a gateway fails. `ready` is called once it listens and the logins are on their way.
pub async fn run(
    config: Config,
    gateways: Vec<(Box<dyn Gateway>, Settings)>,
    stop: CancellationToken,
    ready: impl FnOnce(&Ready),
) -> Result<(), TraderError> {
    let clock = Clock::start();
    let bind_error = |endpoint: &Endpoint, source: Box<dyn std::error::Error + Send + Sync>| TraderError::Bind {
        endpoint: endpoint.to_string(),
        source,
    };
    let sockets = CancellationToken::new();
    let server_config = ServerConfig { app: config.dialect.app, values: config.values };
    let server = Server::bind(&config.request, server_config, &sockets)
        .await
        .map_err(|e| bind_error(&config.request, Box::new(e)))?;
    let publisher = Publisher::bind(&config.publish, config.dialect, config.values, &sockets)
        .await
        .map_err(|e| bind_error(&config.publish, Box::new(e)))?;
    let listening = Ready { request: server.endpoint().clone(), publish: publisher.endpoint().clone() };

    let inbox = Arc::new(Inbox::default());
    let (lists, waiting_lists) = mpsc::channel(LISTS_WAITING);
    let answers = Answers::new(lists);
    let names: Vec<Text> = gateways.iter().map(|(gateway, _)| Text::new(gateway.name())).collect();
    let failed = CancellationToken::new();
    let (venues, venue_threads) = start_gateways(gateways, &inbox, clock, &failed)?;
    let engine = Engine::new(engine::Config {
        gateways: names,
        session: session(clock, &config.zone),
        language: config.language,
        zone: config.zone,
    });
    let thread = EngineThread {
        engine,
        inbox: Arc::clone(&inbox),
        answers: Arc::clone(&answers),
        publisher,
        gateways: venues,
        clock,
    };
    let engine_thread = spawn("engine", move || {
        thread.run();
        Ok(())
    })?;
    let lists_task = tokio::spawn(serve::lists(waiting_lists));
    let calls_task = tokio::spawn(serve::calls(server, Arc::clone(&inbox), answers));
    ready(&listening);

    tokio::select! {
        () = stop.cancelled() => tracing::info!("stopping"),
        () = failed.cancelled() => tracing::error!("stopping, because a gateway has failed"),
    }
    sockets.cancel();
    calls_task.await.map_err(|e| TraderError::Thread(e.to_string()))?;
    inbox.close();
    let joined = tokio::task::spawn_blocking(move || join(engine_thread, venue_threads)).await;
    // Whoever still waits for a list has been cut off with the sockets.
    lists_task.abort();
    let _ = lists_task.await;
    joined.map_err(|e| TraderError::Thread(e.to_string()))?
}

/// Where each gateway's commands go.
type Venues = HashMap<Text, SyncSender<Job>>;
type VenueThread = (Text, JoinHandle<Result<(), String>>);

fn start_gateways(
    gateways: Vec<(Box<dyn Gateway>, Settings)>,
    inbox: &Arc<Inbox>,
    clock: Clock,
    failed: &CancellationToken,
) -> Result<(Venues, Vec<VenueThread>), TraderError> {
    let (mut venues, mut threads) = (HashMap::new(), Vec::new());
    for (gateway, settings) in gateways {
        let name = Text::new(gateway.name());
        let (jobs, receiver) = sync_channel(GATEWAY_COMMANDS);
        let login = Job { command: Command::Connect(settings), then: None };
        jobs.send(login).map_err(|e| TraderError::Thread(e.to_string()))?;
        let (inbox, failed) = (Arc::clone(inbox), failed.clone());
        let thread = spawn(&name, move || {
            let guard = failed.drop_guard();
            gateway_thread::run(gateway, &receiver, &inbox, clock)?;
            guard.disarm();
            Ok(())
        })?;
        venues.insert(name.clone(), jobs);
        threads.push((name, thread));
    }
    Ok((venues, threads))
}

fn spawn(
    name: &str,
    work: impl FnOnce() -> Result<(), String> + Send + 'static,
) -> Result<JoinHandle<Result<(), String>>, TraderError> {
    let builder = std::thread::Builder::new().name(name.to_owned());
    builder.spawn(work).map_err(|e| TraderError::Thread(format!("cannot start thread {name}: {e}")))
}

/// The engine first: its end closes the gateways' channels, which ends them.
fn join(engine: JoinHandle<Result<(), String>>, venues: Vec<VenueThread>) -> Result<(), TraderError> {
    let panicked = |name: &str| TraderError::Thread(format!("thread {name} has panicked"));
    engine.join().map_err(|_| panicked("engine"))?.map_err(TraderError::Thread)?;
    for (gateway, thread) in venues {
        let result = thread.join().map_err(|_| panicked(&gateway))?;
        result.map_err(|reason| TraderError::Gateway { gateway, reason })?;
    }
    Ok(())
}

/// Stands before the counter in order ids: the second of the start, readable, new at each start.
fn session(clock: Clock, zone: &str) -> Text {
    let now = clock.now().unix_us;
    let Some(at) = DateTime::from_unix_micros(now, zone) else { return Text::from(now.to_string()) };
    let c = at.civil;
    compact_str::format_compact!(
        "{:02}{:02}{:02}{:02}{:02}{:02}",
        c.year % 100,
        c.month,
        c.day,
        c.hour,
        c.minute,
        c.second
    )
}
