//! A server of a hub's stream on a port of its own, a world whose snapshots are exact, and a client that speaks
//! frames by hand.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use bytes::Bytes;
use domain::{BarData, Civil, DateTime, Exchange, Text, TickData};
use flate2::{Decompress, FlushDecompress};
use futures_util::future::BoxFuture;
use hyper::Request;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, COOKIE};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::auth::Session;
use crate::http::{self, Reply, Service};
use crate::live::frame;
use crate::stream::{
    BarNews, Bars, Calls, Channel, LineName, Login, Options, Pattern, Ports, Sessions, Snapshot, Source, StreamHub,
};

pub(super) const DEADLINE: Duration = Duration::from_secs(30);
pub(super) const DESKS: [&str; 2] = ["sim", "far"];

/// Two trading processes, the users, and what may be called.
pub(super) struct World {
    hub: StreamHub,
    /// Rows by desk and channel; locked while a fact is published, as a replica is.
    rows: Mutex<Vec<Vec<Vec<String>>>>,
    /// Tokens that count, with their users.
    pub(super) tokens: Mutex<Vec<(String, Arc<str>)>>,
    /// Told when a token is taken away at once.
    pub(super) endings: tokio::sync::watch::Sender<u64>,
    /// Calls that wait are let go by this.
    pub(super) gate: tokio::sync::Semaphore,
    pub(super) calls_done: std::sync::atomic::AtomicUsize,
    /// Bar lines that are watched, once for each who does, and how many there is room for.
    pub(super) lines: Mutex<Vec<(usize, String)>>,
    pub(super) lines_max: std::sync::atomic::AtomicUsize,
}

impl World {
    pub(super) fn fact(&self, desk: usize, channel: Channel, row: u64) {
        let mut rows = self.rows.lock().unwrap();
        let text = format!("{{\"row\":{row},\"padding\":\"{:>40}\"}}", row % 10);
        rows[desk][channel as usize].push(text.clone());
        self.hub.fact(desk, channel, text.as_bytes());
    }

    pub(super) fn reset(&self, desk: usize, rows_now: &[u64]) {
        let mut rows = self.rows.lock().unwrap();
        for channel in &mut rows[desk] {
            *channel = rows_now.iter().map(|row| format!("{{\"row\":{row}}}")).collect();
        }
        self.hub.reset(desk);
    }
}

impl Source for World {
    fn snapshot(&self, desk: usize, channel: Channel) -> Snapshot {
        assert!(channel != Channel::Quote, "a snapshot that panics on purpose");
        let rows = self.rows.lock().unwrap();
        let pieces = rows[desk][channel as usize].chunks(3).map(|rows| Bytes::from(rows.join(","))).collect();
        Snapshot { seq: self.hub.head(), pieces }
    }
}

impl Sessions for World {
    fn session_of(&self, token: &[u8]) -> Option<Session> {
        let tokens = self.tokens.lock().unwrap();
        let (key, user) = tokens.iter().find(|(known, _)| known.as_bytes() == token)?;
        Some(Session { user: Arc::clone(user), expires: i64::MAX, key: key.as_str().into() })
    }

    fn stands(&self, session: &Session) -> bool {
        self.session_of(session.key.as_bytes()).is_some()
    }

    fn endings(&self) -> tokio::sync::watch::Receiver<u64> {
        self.endings.subscribe()
    }
}

impl Bars for World {
    fn watch(&self, desk: usize, line: &LineName) -> bool {
        let mut lines = self.lines.lock().unwrap();
        let has_room = lines.len() < self.lines_max.load(std::sync::atomic::Ordering::SeqCst);
        if has_room {
            lines.push((desk, line.text().into()));
        }
        has_room
    }

    fn release(&self, desk: usize, line: &LineName) {
        let mut lines = self.lines.lock().unwrap();
        let text = line.text();
        let place = lines.iter().position(|(of, name)| *of == desk && *name == text).expect("it is watched");
        lines.remove(place);
        if !lines.iter().any(|(of, name)| *of == desk && *name == text) {
            self.hub.forget_bars(desk, line);
        }
    }

    fn lines(&self) -> usize {
        self.lines.lock().unwrap().len()
    }
}

/// `Ports` wants owned parts; the world is shared with the test.
struct Caller(Arc<World>);

impl Calls for Caller {
    fn call(&self, user: &str, method: &str, params: Value) -> BoxFuture<'static, Result<Value, Value>> {
        let (world, user, method) = (Arc::clone(&self.0), user.to_owned(), method.to_owned());
        Box::pin(async move {
            match method.as_str() {
                "echo" => Ok(json!({ "user": user, "params": params })),
                "wait" => {
                    let _turn = world.gate.acquire().await;
                    world.calls_done.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    Ok(json!({}))
                }
                "panic" => panic!("a call that panics on purpose"),
                _ => Err(json!({ "status": 404, "code": "unknown_method" })),
            }
        })
    }
}

impl Service for World {
    fn answer(self: Arc<Self>, request: Request<Incoming>, peer: IpAddr) -> BoxFuture<'static, Reply> {
        let login = |token: &[u8], by_cookie| self.session_of(token).map(|session| Login { session, by_cookie });
        let header = |name, prefix: &[u8]| {
            let value = request.headers().get(name).map(|value: &hyper::header::HeaderValue| value.as_bytes());
            value.and_then(|value| value.strip_prefix(prefix)).map(<[u8]>::to_vec)
        };
        let login = match (header(AUTHORIZATION, b"Bearer "), header(COOKIE, b"session=")) {
            (Some(token), _) => login(&token, false),
            (None, Some(token)) => login(&token, true),
            (None, None) => None,
        };
        let reply = self.hub.open(request, login, peer);
        Box::pin(async move { reply })
    }
}

pub(super) struct Server {
    pub(super) hub: StreamHub,
    pub(super) world: Arc<World>,
    pub(super) address: SocketAddr,
    pub(super) shutdown: CancellationToken,
    tasks: JoinHandle<()>,
    serving: JoinHandle<()>,
    /// Second handles of all clients' sockets, so that `stop` can hang up for them.
    twins: Mutex<Vec<std::net::TcpStream>>,
}

/// Short times, so that a test sees them pass.
pub(super) fn quick() -> Options {
    Options { heartbeat: Duration::from_millis(50), ..Options::default() }
}

impl Server {
    pub(super) async fn start(options: Options) -> Self {
        let (hub, tasks) = StreamHub::new(options, &DESKS.map(Text::new));
        let world = Arc::new(World {
            hub: hub.clone(),
            rows: Mutex::new(vec![vec![Vec::new(); Channel::ALL.len()]; DESKS.len()]),
            tokens: Mutex::new(vec![("good".into(), "trader".into()), ("other".into(), "someone".into())]),
            endings: tokio::sync::watch::Sender::default(),
            gate: tokio::sync::Semaphore::new(0),
            calls_done: Default::default(),
            lines: Mutex::default(),
            lines_max: std::sync::atomic::AtomicUsize::new(1_000),
        });
        let calls = Arc::new(Caller(Arc::clone(&world)));
        let (source, bars) = (Arc::clone(&world) as _, Arc::clone(&world) as _);
        hub.serve(Ports { source, calls, bars, sessions: Arc::clone(&world) as _ });
        let shutdown = CancellationToken::new();
        let tasks = tokio::spawn(tasks.run(shutdown.clone()));
        let socket = TcpSocket::new_v4().unwrap();
        // So that a stalled reader is noticed after a few kilobytes.
        socket.set_send_buffer_size(16 << 10).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener: TcpListener = socket.listen(1_024).unwrap();
        let address = listener.local_addr().unwrap();
        let (service, stop) = (Arc::clone(&world), shutdown.clone());
        let serving = tokio::spawn(async move { http::run(listener, service, stop).await.unwrap() });
        Self { hub, world, address, shutdown, tasks, serving, twins: Mutex::default() }
    }

    /// Shakes hands with these headers besides the usual ones; gives the status line, the headers and the client.
    pub(super) async fn handshake(&self, headers: &str) -> (String, Client) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(16 << 10).unwrap();
        let stream = socket.connect(self.address).await.unwrap().into_std().unwrap();
        self.twins.lock().unwrap().push(stream.try_clone().unwrap());
        let mut stream = TcpStream::from_std(stream).unwrap();
        let key = base64::engine::general_purpose::STANDARD.encode([7; 16]);
        let request = format!(
            "GET /api/v1/stream HTTP/1.1\r\nHost: desk.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(tokio::time::timeout(DEADLINE, stream.read_u8()).await.unwrap().unwrap());
        }
        (String::from_utf8(answer).unwrap(), Client { stream, buffer: Vec::new(), wire_bytes: 0 })
    }

    /// A client that has not logged in.
    pub(super) async fn connect(&self) -> Client {
        let (answer, client) = self.handshake("").await;
        assert!(answer.starts_with("HTTP/1.1 101"), "{answer}");
        client
    }

    /// A client that is logged in and has had its hello.
    pub(super) async fn login(&self) -> Client {
        let (answer, mut client) = self.handshake("Authorization: Bearer good\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 101"), "{answer}");
        assert_eq!(client.json().await["type"], "hello");
        client
    }

    /// The same with compression.
    pub(super) async fn login_packed(&self) -> Client {
        let offer = "Sec-WebSocket-Extensions: x-other, permessage-deflate; client_max_window_bits\r\n";
        let (answer, mut client) = self.handshake(&format!("Authorization: Bearer good\r\n{offer}")).await;
        assert!(answer.to_lowercase().contains("permessage-deflate; server_no_context_takeover"), "{answer}");
        assert_eq!(client.json().await["type"], "hello");
        client
    }

    pub(super) async fn until(&self, mut state: impl FnMut(&StreamHub) -> bool) {
        let reached = async {
            while !state(&self.hub) {
                // waits: for the state, within the deadline.
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let reached = tokio::time::timeout(DEADLINE, reached).await;
        assert!(reached.is_ok(), "state not reached: {:?}", self.hub.stats());
    }

    pub(super) fn tick(&self, desk: usize, symbol: &str, price: f64) {
        let at = DateTime::fixed(Civil::new((2026, 1, 5), (9, 30, 0), 500_000).unwrap(), 8 * 3600);
        let mut tick = TickData::new("SIM", symbol, Exchange::SHFE, Some(at));
        tick.last_price = price;
        let tick = Arc::new(tick);
        self.hub.tick(desk, tick.vt_symbol.as_str(), &tick);
    }

    /// Bars of a line whose closes are these numbers, and the running one.
    pub(super) fn bars(&self, desk: usize, line: &str, finished: &[u32], running: u32) {
        let (name, news) = news(line, finished, running);
        self.hub.bars(desk, &name, news);
    }

    pub(super) async fn stop(self) {
        for twin in &*self.twins.lock().unwrap() {
            let _ = twin.shutdown(std::net::Shutdown::Both);
        }
        self.shutdown.cancel();
        tokio::time::timeout(DEADLINE, self.tasks).await.expect("the tasks end").unwrap();
        tokio::time::timeout(DEADLINE, self.serving).await.expect("the server ends").unwrap();
        assert_eq!(self.hub.stats().readers, 0, "every seat is given back");
    }
}

pub(super) struct Client {
    pub(super) stream: TcpStream,
    buffer: Vec<u8>,
    /// Bytes of all frames so far.
    pub(super) wire_bytes: usize,
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = socket2::SockRef::from(&self.stream).shutdown(std::net::Shutdown::Both);
    }
}

impl Client {
    /// The next frame: first byte and payload.
    pub(super) async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        tokio::time::timeout(DEADLINE, self.read_frame()).await.expect("a frame in time")
    }

    async fn read_frame(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let Some((header, length)) = self.parse() {
                let payload = self.buffer[header..header + length].to_vec();
                let first = self.buffer[0];
                self.buffer.drain(..header + length);
                self.wire_bytes += header + length;
                return Some((first, payload));
            }
            if self.stream.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
                return None;
            }
        }
    }

    fn parse(&self) -> Option<(usize, usize)> {
        let (header, length) = match self.buffer.get(1)? {
            126 => (4, usize::from(u16::from_be_bytes(self.buffer.get(2..4)?.try_into().unwrap()))),
            127 => (10, u64::from_be_bytes(self.buffer.get(2..10)?.try_into().unwrap()) as usize),
            short => (2, usize::from(*short)),
        };
        (self.buffer.len() >= header + length).then_some((header, length))
    }

    /// The next message, whatever it is; pings are passed over.
    pub(super) async fn json(&mut self) -> Value {
        loop {
            let (first, payload) = self.frame().await.expect("a message, not the end");
            match first {
                0x81 => return serde_json::from_slice(&payload).unwrap(),
                0xc1 => return serde_json::from_slice(&unpack(&payload)).unwrap(),
                0x89 => {}
                _ => panic!("{first:#x} {:?}", String::from_utf8_lossy(&payload)),
            }
        }
    }

    /// The next message of this type; heartbeats in between are passed over, nothing else.
    pub(super) async fn next(&mut self, kind: &str) -> Value {
        loop {
            let message = self.json().await;
            if message["type"] == kind {
                return message;
            }
            assert_eq!(message["type"], "heartbeat", "waiting for {kind}: {message}");
        }
    }

    /// The next message for which this holds; all others are passed over.
    pub(super) async fn find(&mut self, mut is: impl FnMut(&Value) -> bool) -> Value {
        loop {
            let message = self.json().await;
            if is(&message) {
                return message;
            }
        }
    }

    pub(super) async fn say(&mut self, message: Value) {
        self.send(0x81, message.to_string().as_bytes()).await;
    }

    pub(super) async fn subscribe(&mut self, channels: &[&str]) -> Value {
        self.ask(json!({ "op": "subscribe", "id": 1, "channels": channels })).await
    }

    /// Says something and waits for the reply.
    pub(super) async fn ask(&mut self, message: Value) -> Value {
        self.say(message).await;
        self.find(|message| message["type"] == "reply").await
    }

    pub(super) async fn send(&mut self, first: u8, payload: &[u8]) {
        self.stream.write_all(&masked(first, payload)).await.unwrap();
    }

    pub(super) async fn expect_close(&mut self, code: u16) -> String {
        loop {
            let (first, payload) = self.frame().await.expect("a close frame, not the end");
            if first == 0x88 {
                assert_eq!(
                    u16::from_be_bytes([payload[0], payload[1]]),
                    code,
                    "{:?}",
                    String::from_utf8_lossy(&payload)
                );
                assert_eq!(self.frame().await, None, "nothing behind a close");
                return String::from_utf8(payload[2..].to_vec()).unwrap();
            }
        }
    }
}

/// A line's name, and bars of it: number n begins in minute n.
pub(super) fn news(line: &str, finished: &[u32], running: u32) -> (LineName, BarNews) {
    let Ok(Pattern::Bars(name)) = Pattern::parse(&format!("bar:{line}")) else { panic!("{line} is no line") };
    let bar = |number: &u32| BarData {
        gateway_name: "SIM".into(),
        symbol: "rb2601".into(),
        exchange: Exchange::SHFE,
        datetime: DateTime::from_unix_micros(1_767_576_600_000_000 + i64::from(*number) * 60_000_000, "Asia/Shanghai")
            .unwrap(),
        interval: None,
        volume: 1.0,
        turnover: f64::NAN,
        open_interest: 2.5,
        open_price: 1.0,
        high_price: 2.0,
        low_price: 0.5,
        close_price: f64::from(*number),
    };
    (name, BarNews { finished: finished.iter().map(bar).collect(), running: Some(bar(&running)) })
}

/// Numbers of a message's bars and whether each is finished.
pub(super) fn bars_of(message: &Value) -> Vec<(u64, bool)> {
    let of = |bar: &Value| (bar[6].as_f64().unwrap() as u64, bar[10].as_bool().unwrap());
    message["data"].as_array().unwrap().iter().map(of).collect()
}

pub(super) fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [0xa5, 0x5a, 0x0f, 0xf0];
    let mut bytes = frame::text_header(payload.len()).as_ref().to_vec();
    bytes[0] = first;
    bytes[1] |= 0x80;
    bytes.extend_from_slice(&mask);
    bytes.extend(payload.iter().enumerate().map(|(index, byte)| byte ^ mask[index & 3]));
    bytes
}

fn unpack(payload: &[u8]) -> Vec<u8> {
    let input = [payload, &[0, 0, 0xff, 0xff]].concat();
    let mut out = Vec::with_capacity(16 << 20);
    Decompress::new(false).decompress_vec(&input, &mut out, FlushDecompress::Sync).unwrap();
    out
}

/// Numbers of the rows in a snapshot or a fact.
pub(super) fn rows(message: &Value) -> Vec<u64> {
    match &message["data"] {
        Value::Array(rows) => rows.iter().map(|row| row["row"].as_u64().unwrap()).collect(),
        row => vec![row["row"].as_u64().unwrap()],
    }
}
