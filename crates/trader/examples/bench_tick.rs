//! What a tick costs the thread that runs the engine: books, effects, and telling it, by who listens.
//!
//! Prints one line of JSON: nanoseconds of this thread's processor time for each tick, the median of some rounds. The
//! steps are those of the trading process's own loop.

use bridge::{About, ClientConfig, Server, ServerConfig, connect};
use domain::{Exchange, GatewayInfo, Language, Text, TickData, TradingState};
use engine::{Config, Effect, Engine, Event, Input};
use rpc::{App, Dialect, Framing, Outgoing, Publisher};
use std::fs;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const INSTRUMENTS: usize = 500;
const TICKS: usize = 200_000;
const ROUNDS: usize = 7;

struct Loop {
    engine: Engine,
    stock: Publisher,
    bridge: Option<bridge::Publisher>,
    ticks: Vec<Arc<TickData>>,
}

fn main() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let stop = CancellationToken::new();
    let dialect = Dialect { app: App::RpcService, framing: Framing::TwoFrames };
    let anywhere = "tcp://127.0.0.1:0".parse().expect("an address");
    let stock = runtime.block_on(Publisher::bind(&anywhere, dialect, None, &stop)).expect("a socket");
    let address = format!("unix:{}", folder.path().join("bridge.sock").display()).parse().expect("an address");
    let config = ServerConfig::in_folder(address, folder.path(), About::default()).expect("keys");
    let secret = config.secret.clone();
    let server = runtime.block_on(Server::bind(config, &stop)).expect("a socket");
    let mut measured = Loop { engine: engine(), stock, bridge: None, ticks: ticks() };
    let alone = measured.median();
    measured.bridge = Some(server.publisher());
    let unheard = measured.median();

    let to = ClientConfig { address: server.address().clone(), secret, fingerprint: None, client: "bench".into() };
    let (caller, driver, mut subscriber) = connect(to);
    runtime.spawn(driver.run());
    let mut events = Vec::new();
    runtime.block_on(subscriber.next(&mut events));
    runtime.spawn(async move {
        let mut events = Vec::new();
        loop {
            subscriber.next(&mut events).await;
            events.clear();
        }
    });
    let all = vec![Text::const_new("*")];
    runtime
        .block_on(caller.subscribe(all, Some(Duration::from_millis(50)), Duration::from_secs(5)))
        .expect("subscribed");
    let web = measured.median();

    let to = rpc::ClientConfig { request: anywhere.clone(), publish: measured.stock.endpoint().clone() };
    let (_caller, driver, mut subscriber) = rpc::connect(&to);
    runtime.spawn(driver.run());
    let follow = runtime.spawn(async move {
        let mut events = Vec::new();
        loop {
            subscriber.next(&mut events).await;
            events.clear();
        }
    });
    while measured.stock.stats().subscribers == 0 {
        std::thread::yield_now();
    }
    measured.bridge = None;
    let veighna = measured.median();
    follow.abort();
    println!(
        r#"{{"engine_ns": {alone:.0}, "bridge_unheard_ns": {unheard:.0}, "bridge_heard_ns": {web:.0}, "veighna_subscriber_ns": {veighna:.0}}}"#
    );
}

impl Loop {
    fn median(&mut self) -> f64 {
        let mut rounds: Vec<f64> = (0..ROUNDS).map(|_| self.round()).collect();
        rounds.sort_by(f64::total_cmp);
        rounds[ROUNDS / 2]
    }

    /// Nanoseconds for each tick.
    fn round(&mut self) -> f64 {
        let mut effects = Vec::new();
        let begun = cpu_ns();
        for number in 0..TICKS {
            let tick = Arc::clone(&self.ticks[number % INSTRUMENTS]);
            self.engine.turn(number as i64, Input::Tick(tick), &mut effects);
            for effect in effects.drain(..) {
                let Effect::Publish(Event::Tick(tick)) = black_box(effect) else { continue };
                self.stock.publish(Outgoing::Tick(&tick));
                if let Some(bridge) = &self.bridge {
                    bridge.tick(&tick);
                }
            }
        }
        (cpu_ns() - begun) / TICKS as f64
    }
}

fn engine() -> Engine {
    Engine::new(Config {
        gateways: vec![Arc::new(GatewayInfo {
            name: Text::new("SIM"),
            state: None,
            reason: None,
            exchanges: Vec::new(),
            form: Vec::new(),
        })],
        session: Text::new("s1"),
        language: Language::Zh,
        zone: Text::new("Asia/Shanghai"),
        trading_state: TradingState::Active,
    })
}

fn ticks() -> Vec<Arc<TickData>> {
    let tick = |number: usize| {
        let mut tick = TickData::new("SIM", &format!("t{number:05}"), Exchange::DCE, None);
        tick.last_price = 3600.0 + number as f64;
        Arc::new(tick)
    };
    (0..INSTRUMENTS).map(tick).collect()
}

/// Processor time of this thread so far; it must have run for some milliseconds to be exact.
fn cpu_ns() -> f64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells what a thread costs");
    told.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).expect("nanoseconds")
}
