//! Start and stop of the trading process, written once.
//!
//! Start: sockets, engine, gateways, then the gateways' logins. Stop: no more calls, the gateways log out, the
//! engine finishes what it has, the sockets close. A gateway that cannot make its state durable stops everything.

use crate::answers::Answers;
use crate::backlog::Backlog;
use crate::bridge_calls::{CAPABILITIES, Desk};
use crate::bridge_thread::BridgeThread;
use crate::clock::Clock;
use crate::engine_room::{EngineRoom, Turning};
use crate::gateway_thread;
use crate::limits::{LISTS_WAITING, ROUND};
use crate::publishing::Publishing;
use crate::queue::Job;
use crate::recording::{self, Recording, Shelf};
use crate::serve;
use crate::trading_state::Keeper;
use crate::venues::{Unstarted, Venue, Venues};
use bridge::ServerConfig as BridgeConfig;
use domain::{DateTime, Language, LogData, Text, TradingState};
use engine::{Engine, Input};
use gateway::{Gateway, LinkState, Settings};
use rpc::{Dialect, Endpoint, Publisher, Server, ServerConfig};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
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
    /// What time it is.
    pub clock: Clock,
    /// Zone of log times and order ids.
    pub zone: Text,
    /// Where the trading state is kept; it begins as ACTIVE and is forgotten where absent.
    pub state: Option<PathBuf>,
    /// What is recorded, and where; without it nothing is, and bars are the gateways' alone.
    pub recording: Option<Recording>,
    /// The bridge, where there is to be one. What it can do is filled in here.
    pub bridge: Option<BridgeConfig>,
}

/// Where it listens.
#[derive(Clone, Debug)]
pub struct Ready {
    /// For calls.
    pub request: Endpoint,
    /// For events.
    pub publish: Endpoint,
    /// The bridge.
    pub bridge: Option<bridge::Address>,
    /// SHA-256 of the bridge's certificate, where it has one.
    pub fingerprint: Option<String>,
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
    /// Two gateways have one name, so that nobody could tell their orders apart.
    #[error("two gateways are called {0}: give each a name of its own")]
    SameName(Text),
    /// The trading state that was kept cannot be read.
    #[error("{0}")]
    TradingState(String),
    /// The database's zone is none.
    #[error("{0:?} is no time zone, as for example Asia/Shanghai is one")]
    Zone(Text),
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
    let clock = config.clock;
    let keeper = Keeper::in_folder(config.state.as_deref());
    let trading_state = keeper.read().map_err(TraderError::TradingState)?;
    let shelf = shelf(&config)?;
    let unstarted = open(gateways)?;
    let venues = Venues::new(unstarted.iter().map(|one| Arc::clone(&one.venue)).collect());
    let sockets = CancellationToken::new();
    let bound = bind(&config, &sockets).await?;
    let listening = bound.listening();
    let Bound { server, publisher, bridge } = bound;

    let (lists, waiting_lists) = mpsc::channel(LISTS_WAITING);
    let answers = Answers::new(lists, shelf.as_ref().map(|shelf| Arc::clone(&shelf.questions)));
    let backlog = Arc::<Mutex<Backlog>>::default();
    let recorder = shelf.as_ref().and_then(Shelf::wants_ticks);
    let publishing =
        Publishing { stock: publisher, bridge: bridge.as_ref().map(|bridge| bridge.publisher.clone()), recorder };
    let room = EngineRoom::new(Turning {
        engine: engine(&config, &venues, clock, trading_state),
        answers: Arc::clone(&answers),
        publishing,
        venues: venues.clone(),
        keeper,
        clock,
        backlog: Arc::clone(&backlog),
        inputs: Vec::with_capacity(ROUND),
        effects: Vec::new(),
        helps: None,
    });
    let recording = shelf.map(|shelf| record(&shelf, &config, clock, &room)).transpose()?;
    let failed = CancellationToken::new();
    let venue_threads = start(unstarted, &room, clock, &failed)?;
    let engine_thread = turn(Arc::clone(&room))?;
    let lists_task = tokio::spawn(serve::lists(waiting_lists));
    let calls_task = tokio::spawn(serve::calls(server, Arc::clone(&room), Arc::clone(&answers), venues.clone()));
    let desk = Desk { room: Arc::clone(&room), answers, venues: venues.clone(), backlog };
    let bridge_ended = bridge.map(|bridge| bridge.serve(desk));
    ready(&listening);

    tokio::select! {
        () = stop.cancelled() => tracing::info!("stopping"),
        () = failed.cancelled() => tracing::error!("stopping, because a gateway has failed"),
    }
    sockets.cancel();
    let panicked = |e: tokio::task::JoinError| TraderError::Thread(e.to_string());
    calls_task.await.map_err(panicked)?;
    if let Some(ended) = bridge_ended
        && !ended.wait().await
    {
        return Err(TraderError::Thread("thread bridge has panicked".to_owned()));
    }
    room.close();
    let joined = tokio::task::spawn_blocking(move || join(engine_thread, &venues, venue_threads)).await;
    // Whoever still waits for a list has been cut off with the sockets.
    lists_task.abort();
    let _ = lists_task.await;
    // After the engine, so that the last tick is in the recording.
    tokio::task::spawn_blocking(move || recording.map(recording::Threads::stop)).await.map_err(panicked)?;
    joined.map_err(panicked)?
}

/// The engine's thread.
fn turn(room: Arc<EngineRoom>) -> Result<JoinHandle<Result<(), String>>, TraderError> {
    spawn("engine", move || {
        room.run();
        Ok(())
    })
}

/// What the recording's threads share, where anything is recorded.
fn shelf(config: &Config) -> Result<Option<Shelf>, TraderError> {
    let Some(recording) = config.recording.clone() else { return Ok(None) };
    if DateTime::from_unix_micros(0, &recording.zone).is_none() {
        return Err(TraderError::Zone(recording.zone));
    }
    Ok(Some(Shelf::new(recording)))
}

/// Starts the recording's threads; what they have to say goes into the log as everything does.
fn record(
    shelf: &Shelf,
    config: &Config,
    clock: Clock,
    room: &Arc<EngineRoom>,
) -> Result<recording::Threads, TraderError> {
    let (room, zone) = (Arc::clone(room), config.zone.clone());
    let tell = move |level, msg| {
        let time = DateTime::from_unix_micros(clock.now().unix_us, &zone).map(|at| DateTime::naive(at.civil));
        let line = LogData { gateway_name: Text::const_new("RECORDER"), msg, level, time };
        room.push([Input::Log(Arc::new(line))]);
    };
    recording::start(shelf, config.state.clone(), clock, config.language, Box::new(tell))
        .map_err(|error| TraderError::Thread(format!("cannot start the recording's threads: {error}")))
}

fn engine(config: &Config, venues: &Venues, clock: Clock, trading_state: TradingState) -> Engine {
    Engine::new(engine::Config {
        gateways: venues.iter().map(|venue| venue.info(&LinkState::Down(None))).collect(),
        session: session(clock, &config.zone),
        language: config.language,
        zone: config.zone.clone(),
        trading_state,
    })
}

/// The sockets.
struct Bound {
    server: Server,
    publisher: Publisher,
    bridge: Option<BridgeThread>,
}

impl Bound {
    fn listening(&self) -> Ready {
        Ready {
            request: self.server.endpoint().clone(),
            publish: self.publisher.endpoint().clone(),
            bridge: self.bridge.as_ref().map(|bridge| bridge.address.clone()),
            fingerprint: self.bridge.as_ref().and_then(|bridge| bridge.fingerprint.clone()),
        }
    }
}

async fn bind(config: &Config, stop: &CancellationToken) -> Result<Bound, TraderError> {
    let error = |endpoint: &dyn std::fmt::Display, source| TraderError::Bind { endpoint: endpoint.to_string(), source };
    let server_config = ServerConfig { app: config.dialect.app, values: config.values };
    let server = Server::bind(&config.request, server_config, stop).await;
    let server = server.map_err(|e| error(&config.request, Box::new(e)))?;
    let publisher = Publisher::bind(&config.publish, config.dialect, config.values, stop).await;
    let publisher = publisher.map_err(|e| error(&config.publish, Box::new(e)))?;
    let bridge = match config.bridge.clone() {
        None => None,
        Some(mut bridge) => {
            bridge.about.capabilities = CAPABILITIES.map(Text::const_new).into();
            bridge.about.language = config.language;
            let address = bridge.address.clone();
            Some(BridgeThread::bind(bridge, stop).await.map_err(|e| error(&address, Box::new(e)))?)
        }
    };
    Ok(Bound { server, publisher, bridge })
}

type VenueThread = (Text, JoinHandle<Result<(), String>>);

/// The queues to the gateways, whose names must differ.
fn open(gateways: Vec<(Box<dyn Gateway>, Settings)>) -> Result<Vec<Unstarted>, TraderError> {
    let mut unstarted: Vec<Unstarted> = Vec::with_capacity(gateways.len());
    for (gateway, settings) in gateways {
        if unstarted.iter().any(|other| other.venue.name == gateway.name()) {
            return Err(TraderError::SameName(Text::new(gateway.name())));
        }
        unstarted.push(Venue::open(gateway, settings));
    }
    Ok(unstarted)
}

/// Starts a thread for each gateway, and their logins.
fn start(
    unstarted: Vec<Unstarted>,
    room: &Arc<EngineRoom>,
    clock: Clock,
    failed: &CancellationToken,
) -> Result<Vec<VenueThread>, TraderError> {
    let mut threads = Vec::with_capacity(unstarted.len());
    for one in unstarted {
        let name = one.venue.name.clone();
        one.venue.work.begin(one.gateway, Arc::clone(room), clock);
        one.venue.log_in();
        let (venue, failed) = (one.venue, failed.clone());
        let thread = spawn(&name, move || {
            let guard = failed.drop_guard();
            gateway_thread::run(&venue)?;
            guard.disarm();
            Ok(())
        })?;
        threads.push((name, thread));
    }
    Ok(threads)
}

fn spawn(
    name: &str,
    work: impl FnOnce() -> Result<(), String> + Send + 'static,
) -> Result<JoinHandle<Result<(), String>>, TraderError> {
    let builder = std::thread::Builder::new().name(name.to_owned());
    builder.spawn(work).map_err(|e| TraderError::Thread(format!("cannot start thread {name}: {e}")))
}

/// The engine first, so that what it still had to say has reached the gateways; then they log out.
fn join(engine: JoinHandle<Result<(), String>>, venues: &Venues, threads: Vec<VenueThread>) -> Result<(), TraderError> {
    let panicked = |name: &str| TraderError::Thread(format!("thread {name} has panicked"));
    engine.join().map_err(|_| panicked("engine"))?.map_err(TraderError::Thread)?;
    for venue in venues.iter() {
        venue.send(Job::Stop);
    }
    for (gateway, thread) in threads {
        let result = thread.join().map_err(|_| panicked(&gateway))?;
        result.map_err(|reason| TraderError::Gateway { gateway, reason })?;
    }
    Ok(())
}

/// Stands before the counter in order ids: the moment of the start, readable to the second, and two digits (base 36) for the
/// milliseconds, so that a process which is started again at once does not give an id twice.
fn session(clock: Clock, zone: &str) -> Text {
    let now = clock.now().unix_us;
    let Some(at) = DateTime::from_unix_micros(now, zone) else { return Text::from(now.to_string()) };
    let (c, ms) = (at.civil, now.rem_euclid(1_000_000) / 1000);
    let letter = |number: i64| char::from_digit(number as u32 % 36, 36).expect("below 36");
    let (year, month, day) = (c.year % 100, c.month, c.day);
    let (hour, minute, second) = (c.hour, c.minute, c.second);
    let (high, low) = (letter(ms / 36), letter(ms % 36));
    compact_str::format_compact!("{year:02}{month:02}{day:02}{hour:02}{minute:02}{second:02}{high}{low}")
}
