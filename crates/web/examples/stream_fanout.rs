//! Fan-out of the full stream: many readers of all instruments, each conflated at its interval.
//!
//! 500 instruments, 5,000 ticks a second in. Each tick carries the moment at which it was published, so that its age
//! at the reader is known; every 16th frame of every eighth reader is taken apart (and decompressed), the others are only
//! counted, because readers and server share this machine. The readers are another process; only the server's CPU time
//! counts. `idle` measures memory per reader that has subscribed to orders and gets none. Prints JSON for the bench.
//!
//! `cargo run --release -p web --example stream_fanout [readers] [seconds] [plain|packed|idle] [stalled]`; one argument
//! may have them all, with commas between.

use std::cell::RefCell;
use std::io::BufRead;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use domain::{DateTime, Exchange, Text, TickData};
use flate2::{Decompress, FlushDecompress};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use web::auth::Session;
use web::live::Transport;
use web::stream::{Calls, Channel, Login, Options, Ports, Sessions, Snapshot, Source, StreamHub};

const INSTRUMENTS: usize = 500;
const TICKS_PER_SECOND: u32 = 5_000;
const SAMPLED: u64 = 16;
const WARM: Duration = Duration::from_secs(1);

struct Nothing(StreamHub);

impl Source for Nothing {
    fn snapshot(&self, _: usize, _: Channel) -> Snapshot {
        Snapshot { seq: self.0.head(), pieces: Vec::new() }
    }
}

impl Calls for Nothing {
    fn call(&self, _: &str, _: &str, _: Value) -> BoxFuture<'static, Result<Value, Value>> {
        Box::pin(async { Err(Value::Null) })
    }
}

impl Sessions for Nothing {
    fn session_of(&self, _: &[u8]) -> Option<Session> {
        Some(reader())
    }

    fn stands(&self, _: &Session) -> bool {
        true
    }

    fn endings(&self) -> watch::Receiver<u64> {
        watch::channel(0).1
    }
}

fn reader() -> Session {
    Session { user: Arc::from("reader"), expires: i64::MAX, key: Arc::from("reader") }
}

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).flat_map(|word| word.split(',').map(str::to_owned).collect::<Vec<_>>()).collect();
    let word = |index: usize, or: &'static str| arguments.get(index).map_or(or, |word| word.as_str()).to_owned();
    if word(0, "") == "drain" {
        return drain(&word(1, ""), &word(2, ""), &word(3, ""), &word(4, "0"));
    }
    let readers: usize = word(0, "1000").parse().expect("a number");
    let seconds: u64 = word(1, "5").parse().expect("a number");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(serve(readers, seconds, &word(2, "plain"), &word(3, "0")));
}

async fn serve(readers: usize, seconds: u64, mode: &str, stalled: &str) {
    let (hub, tasks) = StreamHub::new(Options::default(), &[Text::const_new("sim")]);
    let ports = Arc::new(Nothing(hub.clone()));
    hub.serve(Ports {
        source: Arc::clone(&ports) as _,
        calls: Arc::clone(&ports) as _,
        bars: Arc::new(()),
        sessions: ports,
    });
    let shutdown = CancellationToken::new();
    let tasks = tokio::spawn(tasks.run(shutdown.clone()));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let mut child = spawn_drain(listener.local_addr().expect("an address"), readers, mode, stalled);
    let memory = resident();
    let mut sessions = tokio::task::JoinSet::new();
    for _ in 0..readers {
        let (socket, peer) = listener.accept().await.expect("a reader");
        let login = Login { session: reader(), by_cookie: false };
        let session = hub.attach(Transport::Tcp(socket), Some(login), peer.ip(), mode == "packed");
        sessions.spawn(session.expect("a seat").run());
    }
    let mut figures = if mode == "idle" { idle(&hub, readers, memory).await } else { measure(&hub, seconds).await };
    if mode != "idle" {
        // The readers tell what they saw when no more ticks come.
        let output = child.stdout.take().expect("it is piped");
        let line = tokio::task::spawn_blocking(move || std::io::BufReader::new(output).lines().next());
        let line = line.await.expect("no panic").expect("the readers end").expect("text");
        figures["readers"] = serde_json::from_str(&line).expect("JSON");
    }
    println!("{figures}");
    let _ = child.kill();
    shutdown.cancel();
    tasks.await.expect("no panic");
    let _ = child.wait();
}

async fn idle(hub: &StreamHub, readers: usize, before: u64) -> Value {
    while hub.stats().bytes < readers as u64 * 100 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let cpu = cpu_seconds();
    tokio::time::sleep(Duration::from_secs(6)).await;
    let kilobytes = (resident() - before) as f64 / readers as f64 / 1_000.0;
    json!({ "kilobytes_each": kilobytes, "core": (cpu_seconds() - cpu) / 6.0 })
}

async fn measure(hub: &StreamHub, seconds: u64) -> Value {
    let publisher = hub.clone();
    let publishing = tokio::task::spawn_blocking(move || publish(&publisher, seconds));
    tokio::time::sleep(WARM).await;
    let (cpu, start, before) = (cpu_seconds(), Instant::now(), hub.stats());
    publishing.await.expect("no panic");
    let (cpu, passed, after) = (cpu_seconds() - cpu, start.elapsed().as_secs_f64(), hub.stats());
    let per_second = |before: u64, after: u64| (after - before) as f64 / passed;
    json!({
        "core": cpu / passed,
        "megabytes": per_second(before.bytes, after.bytes) / 1e6,
        "frames_built": per_second(before.frames_built, after.frames_built),
        "frames_given": per_second(before.frames_given, after.frames_given),
        "compressions": per_second(before.compressed, after.compressed),
    })
}

fn publish(hub: &StreamHub, seconds: u64) {
    let mut tick = TickData::new("SIM", "", Exchange::SHFE, None);
    let (start, mut number) = (Instant::now(), 0u32);
    while start.elapsed() < Duration::from_secs(seconds) + WARM {
        for _ in 0..TICKS_PER_SECOND / 1_000 {
            number += 1;
            // Any order in which no instrument waits long.
            let instrument = (number as usize * 199) % INSTRUMENTS;
            let symbol = format!("fu{:04}", 2_000 + instrument);
            let mut one = TickData::new(
                "SIM",
                &symbol,
                Exchange::SHFE,
                DateTime::from_unix_micros(1_790_000_000_500_000 + now_us() as i64, "Asia/Shanghai"),
            );
            std::mem::swap(&mut tick, &mut one);
            for index in 0..TickData::NUMBERS.len() {
                tick.set_number(index, 3_500.0 + f64::from(number % 700) * 0.5 + index as f64);
            }
            tick.volume = now_us() as f64;
            hub.tick(0, tick.vt_symbol.as_str(), &Arc::new(tick.clone()));
        }
        let due = start + Duration::from_millis(u64::from(number / (TICKS_PER_SECOND / 1_000)));
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
}

fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    // Short enough to stay a whole number in a message.
    since.as_micros() as u64 % 1_000_000_000_000
}

fn spawn_drain(address: SocketAddr, readers: usize, mode: &str, stalled: &str) -> Child {
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new(program);
    command
        .args(["drain", &address.to_string(), &readers.to_string(), mode, stalled])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command.spawn().expect("the readers' process")
}

/// The readers' process. Of every `stalled` readers one reads nothing.
fn drain(address: &str, readers: &str, mode: &str, stalled: &str) {
    let address: SocketAddr = address.parse().expect("an address");
    let (readers, stalled): (usize, usize) = (readers.parse().expect("a number"), stalled.parse().expect("a number"));
    let channels = if mode == "idle" { "order" } else { "tick:*" };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let local = tokio::task::LocalSet::new();
    let ages: Rc<RefCell<Vec<u32>>> = Rc::default();
    let buffer = Rc::new(RefCell::new(vec![0; 1 << 20]));
    let frames: Vec<u64> = local.block_on(&runtime, async {
        let mut served = Vec::new();
        for number in 0..readers {
            let buffer = Rc::clone(&buffer);
            let ages = (number % 8 == 1).then(|| Rc::clone(&ages));
            let is_stalled = stalled > 0 && number % stalled == 0;
            served.push(tokio::task::spawn_local(read(address, channels, is_stalled, number as u64 / 8, ages, buffer)));
        }
        let mut frames = Vec::new();
        for (number, reader) in served.into_iter().enumerate() {
            if stalled == 0 || number % stalled != 0 {
                frames.push(reader.await.expect("no panic"));
            }
        }
        frames
    });
    let mut ages = ages.take();
    ages.sort_unstable();
    let last = ages.len().saturating_sub(1) as f64;
    let at = |share: f64| ages.get((last * share) as usize).map(|age| f64::from(*age) / 1_000.0);
    let figures = json!({
        "frames_least": frames.iter().min(), "frames_most": frames.iter().max(), "cpu_seconds": cpu_seconds(),
        "age_p50_ms": at(0.5), "age_p99_ms": at(0.99), "age_most_ms": at(1.0), "ages": ages.len(),
    });
    println!("{figures}");
}

async fn read(
    address: SocketAddr,
    channels: &str,
    is_stalled: bool,
    shift: u64,
    ages: Option<Rc<RefCell<Vec<u32>>>>,
    buffer: Rc<RefCell<Vec<u8>>>,
) -> u64 {
    let socket = TcpStream::connect(address).await.expect("a connection");
    let ask = format!("{{\"op\":\"subscribe\",\"channels\":[\"{channels}\"],\"interval_ms\":100}}");
    let mut message = vec![0x81, 0x80 | ask.len() as u8, 0, 0, 0, 0];
    message.extend_from_slice(ask.as_bytes());
    socket.writable().await.expect("a socket");
    assert_eq!(socket.try_write(&message).expect("a socket"), message.len());
    if is_stalled {
        return std::future::pending().await;
    }
    let mut frames = Frames { ages, shift, ..Frames::default() };
    loop {
        // Silence is the end of the ticks; idle readers stay until they are killed.
        let patience = if frames.ticks > 0 { WARM } else { Duration::from_secs(600) };
        if tokio::time::timeout(patience, socket.readable()).await.is_err() {
            return frames.ticks;
        }
        let mut buffer = buffer.borrow_mut();
        match socket.try_read(&mut buffer) {
            Ok(0) => return frames.ticks,
            Ok(count) => frames.take(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return frames.ticks,
        }
        if channels == "tick:*" && frames.ticks > 0 && frames.last.is_some_and(|last: Instant| last.elapsed() > WARM) {
            return frames.ticks;
        }
    }
}

/// Frames of one reader, as they come in pieces.
#[derive(Default)]
struct Frames {
    header: Vec<u8>,
    left: usize,
    sampled: Option<Vec<u8>>,
    ticks: u64,
    shift: u64,
    last: Option<Instant>,
    /// `None`: it only counts.
    ages: Option<Rc<RefCell<Vec<u32>>>>,
}

impl Frames {
    fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.left == 0 {
                self.header.push(bytes[0]);
                bytes = &bytes[1..];
                self.begin();
                continue;
            }
            let (now, rest) = bytes.split_at(self.left.min(bytes.len()));
            if let Some(sampled) = &mut self.sampled {
                sampled.extend_from_slice(now);
            }
            self.left -= now.len();
            bytes = rest;
            if self.left == 0 {
                self.end();
            }
        }
    }

    fn begin(&mut self) {
        let length = match self.header[..] {
            [_, short @ 0..126] => usize::from(short),
            [_, 126, high, low] => usize::from(u16::from_be_bytes([high, low])),
            [_, 127, a, b, c, d, e, f, g, h] => u64::from_be_bytes([a, b, c, d, e, f, g, h]) as usize,
            _ => return,
        };
        let is_tick = length > 1_000;
        if is_tick {
            self.ticks += 1;
            self.last = Some(Instant::now());
        }
        // Not the first: it has ticks of any age. Not all readers at once: taking apart takes a while.
        self.sampled =
            (is_tick && self.ages.is_some() && self.ticks > 1 && (self.ticks + self.shift).is_multiple_of(SAMPLED))
                .then(Vec::new);
        self.left = length;
        if length == 0 {
            self.header.clear();
        }
    }

    fn end(&mut self) {
        let packed = self.header[0] & 0x40 != 0;
        self.header.clear();
        let Some(mut payload) = self.sampled.take() else { return };
        let now = now_us();
        if packed {
            payload.extend_from_slice(&[0, 0, 0xff, 0xff]);
            let mut out = Vec::with_capacity(1 << 20);
            Decompress::new(false).decompress_vec(&payload, &mut out, FlushDecompress::Sync).expect("deflate");
            payload = out;
        }
        let message: Value = serde_json::from_slice(&payload).expect("JSON");
        let ticks = message["data"].as_array().expect("ticks");
        let age = |tick: &Value| now.saturating_sub(tick[2].as_u64().expect("a moment")) as u32;
        let ages = self.ages.as_ref().expect("only sampled with a list");
        ages.borrow_mut().extend(ticks.iter().map(age));
    }
}

/// Bytes of this process in memory.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().expect("a number") * 1_024
}

/// CPU seconds of all threads of this process.
fn cpu_seconds() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux");
    let nanoseconds = |path: std::path::PathBuf| -> Option<f64> {
        std::fs::read_to_string(path.join("schedstat")).ok()?.split(' ').next()?.parse().ok()
    };
    tasks.filter_map(|task| nanoseconds(task.ok()?.path())).sum::<f64>() / 1e9
}
