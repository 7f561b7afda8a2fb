//! Fan-out of the classic stream to 100 readers beside a bare program that writes the same frames to as many sockets
//! with the fewest system calls and does nothing else: frames for each second of CPU, singly and in bursts of 50.
//!
//! Both write at the same pace, by turns, to readers in another process, which only throw away what they read. Prints
//! JSON for the bench: `cargo run --release -p web --example classic_fanout`.

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use web::live::{Hub, Kind, Options, Transport};

const READERS: usize = 100;
/// Bytes of a tick's message, about as VeighNa's test gateway has them.
const MESSAGE: usize = 830;
const ROUNDS: usize = 5;

/// One pace: how many frames at once, how many times, with which pause between.
#[derive(Clone, Copy)]
struct Pace {
    name: &'static str,
    burst: usize,
    turns: usize,
    pause: Duration,
}

const PACES: [Pace; 2] = [
    Pace { name: "singly", burst: 1, turns: 600, pause: Duration::from_millis(2) },
    Pace { name: "bursts", burst: 50, turns: 120, pause: Duration::from_millis(10) },
];

fn main() {
    if let Some(address) = std::env::args().nth(1).filter(|word| word.contains(':')) {
        return drain(address.parse().expect("an address"));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let mut figures = serde_json::Map::new();
    for pace in PACES {
        let (mut ours, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(runtime.block_on(hub(pace)));
            bare.push(write_bare(pace));
        }
        let figure = serde_json::json!({ "ours": median(ours), "bare": median(bare) });
        figures.insert(pace.name.to_owned(), figure);
    }
    println!("{}", serde_json::Value::Object(figures));
}

/// Frames for each CPU second of our hub.
async fn hub(pace: Pace) -> f64 {
    let (mut readers, streams) = connect();
    let (hub, pumps) = Hub::new(Options::default());
    let stop = CancellationToken::new();
    let pumping = tokio::spawn(pumps.run(stop.clone()));
    let mut sessions = tokio::task::JoinSet::new();
    for stream in streams {
        stream.set_nonblocking(true).expect("a socket");
        let stream = tokio::net::TcpStream::from_std(stream).expect("a socket");
        let seat = hub.reserve().expect("a seat");
        sessions.spawn(seat.attach(Transport::Tcp(stream), bytes::Bytes::new()).run());
    }
    let message = vec![b'x'; MESSAGE];
    let wanted = |turns: usize| (turns * pace.burst * READERS) as u64;
    // A first burst, so that every reader follows.
    hub.publish((0..pace.burst).map(|_| (Kind::Fact, message.as_slice())));
    written(&hub, wanted(1)).await;
    let cpu = cpu_seconds();
    for _ in 0..pace.turns {
        hub.publish((0..pace.burst).map(|_| (Kind::Fact, message.as_slice())));
        tokio::time::sleep(pace.pause).await;
    }
    written(&hub, wanted(pace.turns + 1)).await;
    let cpu = cpu_seconds() - cpu;
    stop.cancel();
    pumping.await.expect("no panic");
    readers.kill().expect("it runs");
    readers.wait().expect("it ran");
    wanted(pace.turns) as f64 / cpu
}

async fn written(hub: &Hub, frames: u64) {
    while hub.stats().frames < frames {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Frames for each CPU second of a loop that does nothing but write.
fn write_bare(pace: Pace) -> f64 {
    let (mut readers, mut streams) = connect();
    let mut frame = vec![0x81, 126];
    frame.extend_from_slice(&(MESSAGE as u16).to_be_bytes());
    frame.resize(frame.len() + MESSAGE, b'x');
    let burst = frame.repeat(pace.burst);
    let cpu = cpu_seconds();
    for _ in 0..pace.turns {
        for stream in &mut streams {
            stream.write_all(&burst).expect("readers read");
        }
        std::thread::sleep(pace.pause);
    }
    let cpu = cpu_seconds() - cpu;
    readers.kill().expect("it runs");
    readers.wait().expect("it ran");
    (pace.turns * pace.burst * READERS) as f64 / cpu
}

fn connect() -> (Child, Vec<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let program = std::env::current_exe().expect("this program");
    let child = Command::new(program).arg(address).stdin(Stdio::null()).spawn().expect("the readers' process");
    let accept = || {
        let (stream, _) = listener.accept().expect("a reader");
        stream.set_nodelay(true).expect("a socket");
        stream
    };
    (child, (0..READERS).map(|_| accept()).collect())
}

/// The readers' process: one thread that waits on all of them.
fn drain(address: SocketAddr) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        for _ in 0..READERS {
            let stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
            tokio::task::spawn_local(throw_away(stream));
        }
        std::future::pending::<()>().await;
    });
}

async fn throw_away(stream: tokio::net::TcpStream) {
    let mut buffer = vec![0; 64 << 10];
    while stream.readable().await.is_ok() {
        if matches!(stream.try_read(&mut buffer), Ok(0)) {
            return;
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// CPU seconds of all threads of this process; none of them ends while it is measured.
fn cpu_seconds() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux tells it");
    let nanoseconds = |path: std::path::PathBuf| -> Option<f64> {
        std::fs::read_to_string(path.join("schedstat")).ok()?.split(' ').next()?.parse().ok()
    };
    tasks.filter_map(|task| nanoseconds(task.ok()?.path())).sum::<f64>() / 1e9
}
