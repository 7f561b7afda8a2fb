//! Fan-out to 100 loopback readers: the live streams against a bare writer of the same bytes.
//!
//! The bare writer is the physical limit: one thread, one buffer, one write per reader and burst, nothing
//! else. The readers are another process; only the writing process's CPU time counts (all its threads,
//! from the scheduler's own figures), at a rate that nobody falls behind at. Every byte is checked to have
//! arrived. Rounds are interleaved, because the machine may be busy with something else.
//!
//! `cargo run --release -p web --example live_fanout [readers] [seconds]`

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt;
use tokio_util::sync::CancellationToken;
use web::live::{Hub, Kind, Options, Transport, frame};

const ROUNDS: usize = 5;
const PAYLOAD: usize = 940;

#[derive(Clone, Copy)]
struct Load {
    name: &'static str,
    burst: usize,
    bursts_a_second: u32,
}

/// A load, readers, seconds; frames per CPU second.
type Writer = fn(Load, usize, u32) -> f64;

const LOADS: [Load; 3] = [
    Load { name: "500 ticks/s singly", burst: 1, bursts_a_second: 500 },
    Load { name: "2,000 ticks/s in bursts of 50", burst: 50, bursts_a_second: 40 },
    Load { name: "10,000 ticks/s in bursts of 50", burst: 50, bursts_a_second: 200 },
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, address, readers] = &arguments[..]
        && mode == "drain"
    {
        return drain(address.parse().expect("an address"), readers.parse().expect("a number"));
    }
    let number = |index: usize, or: u64| arguments.get(index).map_or(or, |text| text.parse().expect("a number"));
    let (readers, seconds) = (number(0, 100) as usize, number(1, 2) as u32);
    println!("{readers} readers, {PAYLOAD} bytes a tick; frames per CPU second of the writing process");
    for load in LOADS {
        let writers: [(&str, Writer); 3] =
            [("bare", bare), ("live, 1 thread", live_one_thread), ("live, 2 threads", live_two_threads)];
        let mut results = [const { Vec::new() }; 3];
        for _ in 0..ROUNDS {
            for (result, (_, writer)) in results.iter_mut().zip(writers) {
                result.push(writer(load, readers, seconds));
            }
        }
        let medians = results.map(median);
        println!("{}", load.name);
        for ((name, _), frames) in writers.iter().zip(medians) {
            println!("  {name:<16} {frames:>12.0}  {:>5.1} %", frames / medians[0] * 100.0);
        }
    }
}

fn bare(load: Load, readers: usize, seconds: u32) -> f64 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let child = spawn_drain(listener.local_addr().expect("an address"), readers);
    let mut sockets: Vec<TcpStream> = (0..readers).map(|_| listener.accept().expect("a reader").0).collect();
    for socket in &sockets {
        socket.set_nodelay(true).expect("a socket option");
    }
    let text = [b'x'; PAYLOAD];
    let buffer = [frame::text_header(PAYLOAD).as_ref(), &text[..]].concat().repeat(load.burst);
    let bursts = load.bursts_a_second * seconds;
    let (cpu, start) = (cpu_seconds(), Instant::now());
    for number in 0..bursts {
        for socket in &mut sockets {
            socket.write_all(&buffer).expect("a reader that reads");
        }
        std::thread::sleep(due(load, start, number).saturating_duration_since(Instant::now()));
    }
    let cpu = cpu_seconds() - cpu;
    drop(sockets);
    finish(child, load, readers, bursts, cpu)
}

fn live_one_thread(load: Load, readers: usize, seconds: u32) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(live(load, readers, seconds))
}

fn live_two_threads(load: Load, readers: usize, seconds: u32) -> f64 {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async { tokio::spawn(live(load, readers, seconds)).await.expect("no panic") })
}

async fn live(load: Load, readers: usize, seconds: u32) -> f64 {
    let (hub, pumps) = Hub::new(Options { shards: 1, ..Options::default() });
    let shutdown = CancellationToken::new();
    let pumps = tokio::spawn(pumps.run(shutdown.clone()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let child = spawn_drain(listener.local_addr().expect("an address"), readers);
    let mut sessions = tokio::task::JoinSet::new();
    for _ in 0..readers {
        let (socket, _) = listener.accept().await.expect("a reader");
        let seat = hub.reserve().expect("a seat");
        sessions.spawn(seat.attach(Transport::Tcp(socket), Default::default()).run());
    }
    while hub.stats().apart > 0 {
        tokio::task::yield_now().await;
    }
    let bursts = load.bursts_a_second * seconds;
    let cpu = cpu_seconds();
    let publisher = hub.clone();
    tokio::task::spawn_blocking(move || publish(&publisher, load, bursts)).await.expect("no panic");
    let expected = u64::from(bursts) * (load.burst * readers) as u64;
    while hub.stats().frames < expected {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let cpu = cpu_seconds() - cpu;
    let stats = hub.stats();
    assert_eq!(stats.conflated, 0, "somebody fell behind: the rate is too high for this machine now");
    eprintln!("  ({:.2} frames a write)", stats.frames as f64 / stats.writes as f64);
    shutdown.cancel();
    pumps.await.expect("no panic");
    sessions.join_all().await;
    finish(child, load, readers, bursts, cpu)
}

/// In a thread of its own with the bare writer's clock: tokio's timer would join singles into bursts.
fn publish(hub: &Hub, load: Load, bursts: u32) {
    let text = [b'x'; PAYLOAD];
    let start = Instant::now();
    for number in 0..bursts {
        hub.publish((0..load.burst).map(|key| (Kind::Quote(key as u32), &text[..])));
        std::thread::sleep(due(load, start, number).saturating_duration_since(Instant::now()));
    }
}

/// When the burst after `number` is to be sent.
fn due(load: Load, start: Instant, number: u32) -> Instant {
    start + Duration::from_secs(1) * (number + 1) / load.bursts_a_second
}

fn finish(child: Child, load: Load, readers: usize, bursts: u32, cpu: f64) -> f64 {
    let output = child.wait_with_output().expect("the readers' process");
    let got: u64 = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number");
    let frames = u64::from(bursts) * (load.burst * readers) as u64;
    let sent = frames * (PAYLOAD + 4) as u64;
    // Ours closes with a frame of its own.
    assert!(got >= sent && got <= sent + 125 * readers as u64, "sent {sent} bytes, {got} arrived");
    frames as f64 / cpu
}

fn spawn_drain(address: SocketAddr, readers: usize) -> Child {
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new(program);
    command.args(["drain", &address.to_string(), &readers.to_string()]).stdout(Stdio::piped());
    command.spawn().expect("the readers' process")
}

/// Reads all there is from `readers` connections; prints the number of bytes. One thread: waking one per
/// message would cost the writer more than its writes.
fn drain(address: SocketAddr, readers: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let read = |address| async move {
        let mut socket = tokio::net::TcpStream::connect(address).await.expect("a connection");
        let mut buffer = vec![0; 256 << 10];
        let mut total = 0;
        while let Ok(bytes @ 1..) = socket.read(&mut buffer).await {
            total += bytes as u64;
        }
        total
    };
    let all = async { (0..readers).map(|_| read(address)).collect::<tokio::task::JoinSet<u64>>().join_all().await };
    let totals = runtime.block_on(all);
    println!("{}", totals.into_iter().sum::<u64>());
}

/// CPU seconds of all threads of this process.
fn cpu_seconds() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux");
    let nanoseconds = |path: std::path::PathBuf| -> Option<f64> {
        std::fs::read_to_string(path.join("schedstat")).ok()?.split(' ').next()?.parse().ok()
    };
    tasks.filter_map(|task| nanoseconds(task.ok()?.path())).sum::<f64>() / 1e9
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
