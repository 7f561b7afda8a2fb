//! A whole trading process in a folder of its own, and a client of its bridge that follows every fact.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]

use bridge::{Address, Caller, ClientConfig, Event, Fact, Received, Secret, Snapshot, Subscriber, TOKEN_FILE, connect};
use domain::{Direction, Exchange, Language, NumberForms, Offset, OrderRequest, OrderType, Text};
use std::path::Path;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use trader::{
    About, App, BridgeConfig, Clock, Config, Configured, Dialect, Framing, Ready, Recording, SimOptions, TraderError,
    run,
};

pub const PATIENCE: Duration = Duration::from_secs(90);
pub const ZONE: &str = "Asia/Shanghai";

/// A trading process.
pub struct Desk {
    pub ready: Ready,
    pub stop: CancellationToken,
    task: JoinHandle<Result<(), TraderError>>,
}

impl Desk {
    /// With a simulated exchange.
    pub async fn start(folder: &Path) -> Desk {
        let sim = SimOptions::default().gateway(folder, Language::En, ZONE).expect("a sound database");
        Desk::with(folder, vec![sim]).await.expect("it starts")
    }

    pub async fn with(folder: &Path, gateways: Vec<Configured>) -> Result<Desk, TraderError> {
        Desk::recording(folder, gateways, None).await
    }

    pub async fn recording(
        folder: &Path,
        gateways: Vec<Configured>,
        recording: Option<Recording>,
    ) -> Result<Desk, TraderError> {
        Desk::at(Clock::start(), folder, gateways, recording).await
    }

    pub async fn at(
        clock: Clock,
        folder: &Path,
        gateways: Vec<Configured>,
        recording: Option<Recording>,
    ) -> Result<Desk, TraderError> {
        let anywhere = || "tcp://127.0.0.1:0".parse().expect("an address");
        let bridge = format!("unix:{}", folder.join("bridge.sock").display()).parse().expect("an address");
        let config = Config {
            request: anywhere(),
            publish: anywhere(),
            dialect: Dialect { app: App::RpcService, framing: Framing::TwoFrames },
            values: None,
            language: Language::En,
            clock,
            zone: ZONE.into(),
            state: Some(folder.to_owned()),
            recording,
            bridge: Some(BridgeConfig::in_folder(bridge, folder, About::default()).expect("keys")),
        };
        let stop = CancellationToken::new();
        let (tell, told) = oneshot::channel();
        let until = stop.clone();
        let task =
            tokio::spawn(async move { run(config, gateways, until, |ready| drop(tell.send(ready.clone()))).await });
        match told.await {
            Ok(ready) => Ok(Desk { ready, stop, task }),
            Err(_) => Err(task.await.expect("no panic").expect_err("it did not start")),
        }
    }

    pub async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.task).await.expect("in time").expect("no panic").expect("a clean end");
    }

    pub async fn client(&self, folder: &Path) -> Client {
        let address: Address = self.ready.bridge.clone().expect("there is a bridge");
        let secret = Some(Secret::read(&folder.join(TOKEN_FILE)).expect("made by the server"));
        let (caller, driver, subscriber) =
            connect(ClientConfig { address, secret, fingerprint: None, client: "test".into() });
        let driver = tokio::spawn(driver.run());
        let mut client =
            Client { caller, subscriber, facts: Vec::new(), mark: 0, ticks: 0, begin: 0, events: Vec::new(), driver };
        client.connected().await;
        client
    }
}

/// A client of the bridge that follows every fact.
pub struct Client {
    pub caller: Caller,
    subscriber: Subscriber,
    pub facts: Vec<Fact>,
    pub ticks: usize,
    /// Facts before this one do not count any more.
    mark: usize,
    /// Number of the last fact before the first one.
    pub begin: u64,
    events: Vec<Event>,
    driver: JoinHandle<()>,
}

impl Client {
    async fn connected(&mut self) {
        loop {
            match tokio::time::timeout(PATIENCE, self.subscriber.next(&mut self.events)).await.expect("in time") {
                Received::Connected(hello) => {
                    self.begin = hello.seq;
                    assert!(hello.about.capabilities.contains(&Text::new("trading_state")));
                    return;
                }
                Received::Events | Received::Lost(_) => {}
            }
        }
    }

    /// Follows until a fact is among those that came.
    pub async fn until(&mut self, what: &str, is_it: impl Fn(&Fact) -> bool) {
        while !self.facts[self.mark..].iter().any(&is_it) {
            let next = tokio::time::timeout(PATIENCE, self.subscriber.next(&mut self.events)).await;
            assert_eq!(next.unwrap_or_else(|_| panic!("{what} did not come")), Received::Events);
            self.sort();
        }
    }

    /// What has come so far is not what is waited for.
    pub fn forget(&mut self) {
        self.mark = self.facts.len();
    }

    /// Follows until the fact of that number.
    pub async fn up_to(&mut self, seq: u64) {
        while self.begin + (self.facts.len() as u64) < seq {
            let next = tokio::time::timeout(PATIENCE, self.subscriber.next(&mut self.events)).await;
            assert_eq!(next.expect("in time"), Received::Events);
            self.sort();
        }
    }

    pub async fn until_tick(&mut self) {
        while self.ticks == 0 {
            let next = tokio::time::timeout(PATIENCE, self.subscriber.next(&mut self.events)).await;
            assert_eq!(next.expect("ticks come"), Received::Events);
            self.sort();
        }
    }

    fn sort(&mut self) {
        for event in self.events.drain(..) {
            match event {
                Event::Tick(_) => self.ticks += 1,
                Event::Fact(seq, fact) => {
                    self.facts.push(fact);
                    assert_eq!(seq, self.begin + self.facts.len() as u64, "a fact is missing");
                }
            }
        }
    }

    pub async fn snapshot(&self) -> Snapshot {
        self.caller.snapshot(PATIENCE).await.expect("a snapshot")
    }

    pub async fn end(self) {
        self.driver.abort();
        let _ = self.driver.await;
    }
}

/// An order far below the market: it rests.
pub fn order() -> OrderRequest {
    OrderRequest {
        forms: NumberForms::default(),
        symbol: Text::new("BTCUSDT"),
        exchange: Exchange::GLOBAL,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume: 0.001,
        price: 1.0,
        offset: Offset::Open,
        reference: Text::new("me"),
    }
}
