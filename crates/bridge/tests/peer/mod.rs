//! What the socket tests share: a trading process that answers simply, a client, and a raw peer that says what it is
//! told to.
#![allow(dead_code, reason = "each test file uses a part of it")]

use bridge::*;
use domain::*;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio_util::sync::CancellationToken;

/// Nothing here takes this long; a test that waits longer has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// A folder that nobody else can enter.
pub(crate) fn private_folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).expect("closed");
    folder
}

/// A trading process.
pub(crate) struct Trader {
    pub(crate) publisher: Publisher,
    pub(crate) address: Address,
    pub(crate) fingerprint: Option<Fingerprint>,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

pub(crate) fn about() -> About {
    About { trader: "test".into(), program: "test 1".into(), ..About::default() }
}

/// Starts a trading process whose requests go to `owner`.
pub(crate) async fn trader(config: ServerConfig, owner: impl Fn(Request, &Publisher) + Send + 'static) -> Trader {
    let stop = CancellationToken::new();
    let mut server = Server::bind(config, &stop).await.expect("bound");
    let (publisher, address, fingerprint) = (server.publisher(), server.address().clone(), server.fingerprint());
    let told = publisher.clone();
    let task = tokio::spawn(async move {
        while let Some(request) = server.next().await {
            owner(request, &told);
        }
        server.shutdown().await;
    });
    Trader { publisher, address, fingerprint, stop, task }
}

impl Trader {
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.task.await.expect("it ends well");
    }
}

/// Answers orders with an id, and tells a fact for each; answers a snapshot with the number of the last one.
pub(crate) fn simple(request: Request, publisher: &Publisher) {
    match request.call {
        Call::SendOrder(order, gateway) => {
            let id = format!("{}", publisher.seq() + 1);
            let order = order.to_order(&id, &gateway);
            let vt_orderid = order.vt_orderid.clone();
            publisher.fact(Fact::Order(Arc::new(order)));
            request.reply.answer(Answer::Order(vt_orderid));
        }
        Call::Snapshot => {
            let snapshot = Snapshot { seq: publisher.seq(), ..Snapshot::default() };
            request.reply.answer(Answer::Snapshot(Box::new(snapshot)));
        }
        Call::CancelOrder(..) => drop(request.reply),
        _ => request.reply.refuse(Code::Unsupported, "not in this test"),
    }
}

pub(crate) fn unix(folder: &TempDir) -> ServerConfig {
    let address = Address::Unix(folder.path().join("bridge.sock"));
    ServerConfig { address, secret: None, certificate: None, about: about() }
}

pub(crate) fn secured(address: &str, folder: &Path) -> ServerConfig {
    ServerConfig::in_folder(address.parse().expect("an address"), folder, about()).expect("keys")
}

/// A client, whose driver ends with the test's runtime.
pub(crate) fn client(config: ClientConfig) -> (Caller, Subscriber) {
    let (caller, driver, subscriber) = connect(config);
    tokio::spawn(driver.run());
    (caller, subscriber)
}

pub(crate) fn to(address: &Address) -> ClientConfig {
    ClientConfig { address: address.clone(), secret: None, fingerprint: None, client: "test".into() }
}

/// Waits for the next thing that is told, with a deadline.
pub(crate) async fn next(subscriber: &mut Subscriber, events: &mut Vec<Event>) -> Received {
    tokio::time::timeout(PATIENCE, subscriber.next(events)).await.expect("something is told in time")
}

/// Waits for a connection; attempts that failed before do not count.
pub(crate) async fn connected(subscriber: &mut Subscriber) -> Hello {
    let mut events = Vec::new();
    loop {
        if let Received::Connected(hello) = next(subscriber, &mut events).await {
            return *hello;
        }
    }
}

/// Waits for the end of a connection; why it ended.
pub(crate) async fn lost(subscriber: &mut Subscriber) -> String {
    let mut events = Vec::new();
    loop {
        if let Received::Lost(reason) = next(subscriber, &mut events).await {
            return reason;
        }
    }
}

/// Waits until that many events came.
pub(crate) async fn events(subscriber: &mut Subscriber, number: usize) -> Vec<Event> {
    let mut all = Vec::new();
    while all.len() < number {
        assert_eq!(next(subscriber, &mut all).await, Received::Events);
    }
    all
}

pub(crate) fn order() -> OrderRequest {
    OrderRequest {
        symbol: "rb2605".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume: 1.0,
        price: 3500.0,
        offset: Offset::Open,
        reference: "test".into(),
        forms: NumberForms::default(),
    }
}

pub(crate) fn log(text: &str) -> Fact {
    Fact::Log(Arc::new(LogData { gateway_name: "SIM".into(), msg: text.into(), level: 20, time: None }))
}

pub(crate) fn tick(symbol: &str, price: f64) -> Arc<TickData> {
    let mut tick = TickData::new("SIM", symbol, Exchange::SHFE, None);
    tick.last_price = price;
    Arc::new(tick)
}

/// A peer on a Unix socket that writes what it is told and reads line by line.
pub(crate) struct Raw {
    pub(crate) stream: BufReader<UnixStream>,
}

impl Raw {
    /// Connects as a client, as far as the welcome.
    pub(crate) async fn client(address: &Address) -> Raw {
        let mut raw = Raw::open(address).await;
        let nonce = "00".repeat(16);
        raw.write(format!(
            "{{\"type\":\"hello\",\"protocol\":\"webtrader-bridge\",\"versions\":[1],\"nonce\":\"{nonce}\"}}\n"
        ))
        .await;
        assert_eq!(raw.line().await["auth"], "none");
        assert_eq!(raw.line().await["type"], "welcome");
        raw
    }

    pub(crate) async fn open(address: &Address) -> Raw {
        let Address::Unix(path) = address else { panic!("not a Unix socket") };
        Raw { stream: BufReader::new(UnixStream::connect(path).await.expect("connected")) }
    }

    /// Answers a client's hello on an accepted connection.
    pub(crate) async fn server(stream: UnixStream, epoch: &str, seq: u64) -> Raw {
        let mut raw = Raw { stream: BufReader::new(stream) };
        raw.line().await;
        let nonce = "11".repeat(16);
        raw.write(format!(
            "{{\"type\":\"hello\",\"protocol\":\"webtrader-bridge\",\"version\":1,\"nonce\":\"{nonce}\",\"auth\":\"none\"}}\n\
             {{\"type\":\"welcome\",\"trader\":\"raw\",\"epoch\":\"{epoch}\",\"seq\":{seq},\"heartbeat_ms\":100}}\n"
        ))
        .await;
        raw
    }

    pub(crate) async fn write(&mut self, text: impl AsRef<[u8]>) {
        // The other side may have ended the connection in the middle of it.
        let _ = self.stream.get_mut().write_all(text.as_ref()).await;
    }

    /// The next line; `Null` at the end of the connection.
    pub(crate) async fn line(&mut self) -> serde_json::Value {
        let mut line = String::new();
        let read = tokio::time::timeout(PATIENCE, self.stream.read_line(&mut line)).await.expect("a line in time");
        match read {
            Ok(0) | Err(_) => serde_json::Value::Null,
            Ok(_) => serde_json::from_str(&line).expect("JSON"),
        }
    }

    /// The next line of this type.
    pub(crate) async fn line_of(&mut self, kind: &str) -> serde_json::Value {
        loop {
            let line = self.line().await;
            if line["type"] == kind || line.is_null() {
                return line;
            }
        }
    }
}

impl Raw {
    /// The next request with this method; pings in between are not answered.
    pub(crate) async fn line_of_method(&mut self, method: &str) -> serde_json::Value {
        loop {
            let line = self.line().await;
            if line["method"] == method || line.is_null() {
                return line;
            }
        }
    }
}
