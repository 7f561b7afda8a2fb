//! Rates and processor time of the four roles, by hand:
//!
//! ```text
//! measure pub tcp://127.0.0.1:7001 [SIZE] [SECONDS]     as fast as the subscribers' queues take it
//! measure sub tcp://127.0.0.1:7001 [SECONDS]            counts what comes, whoever publishes
//! measure router tcp://127.0.0.1:7002                   echoes for ever
//! measure dealer tcp://127.0.0.1:7002 [IN_FLIGHT] [SECONDS]
//! ```
//!
//! Each runs in a process of its own, so that the processor time is that of one side.

use bytes::Bytes;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use zmtp::{Dealer, DealerEvent, DealerHandle, Endpoint, Limits, Message, Publisher, Router, Sub, SubEvent};

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [role, endpoint, rest @ ..] = &arguments[..] else {
        return Err("measure pub|sub|router|dealer ENDPOINT [NUMBER ...]".into());
    };
    let endpoint: Endpoint = endpoint.parse()?;
    let numbers = rest.iter().map(|text| text.parse()).collect::<Result<Vec<u64>, _>>()?;
    let number = |index: usize, otherwise: u64| numbers.get(index).copied().unwrap_or(otherwise);
    match role.as_str() {
        "pub" => publish(&endpoint, number(0, 1100) as usize, Duration::from_secs(number(1, 5))).await,
        // An owned task, as in real use: `block_on`'s own thread is woken more expensively.
        "sub" => tokio::spawn(subscribe(endpoint, Duration::from_secs(number(0, 5)))).await.map_err(Into::into),
        "router" => route(&endpoint).await,
        "dealer" => {
            let lasting = Duration::from_secs(number(1, 5));
            tokio::spawn(ask(endpoint, number(0, 1), lasting)).await.map_err(Into::into)
        }
        other => Err(format!("{other}: not a role").into()),
    }
}

async fn publish(endpoint: &Endpoint, size: usize, lasting: Duration) -> Result<(), Failure> {
    let publisher = Publisher::bind(endpoint, Limits::publisher(), &CancellationToken::new()).await?;
    println!("{}: waiting for a subscriber", publisher.endpoint());
    while !publisher.handle().is_wanted(b"") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let handle = publisher.handle();
    let sending = std::thread::spawn(move || {
        let (meter, message) = (Meter::start(), Message::from(Bytes::from(vec![7; size])));
        let mut sent = 0;
        while meter.started.elapsed() < lasting {
            for _ in 0..64 {
                handle.send(&message);
            }
            sent += 64;
            // Wait for the queues instead of filling them with losses.
            if handle.stats().dropped > 0 && sent % 4096 == 0 {
                std::thread::yield_now();
            }
        }
        meter.report(sent, "messages offered");
        let stats = handle.stats();
        println!("{} queued, {} dropped", stats.queued, stats.dropped);
    });
    tokio::task::spawn_blocking(move || sending.join()).await?.map_err(|_| "the sending thread panicked")?;
    publisher.shutdown().await;
    Ok(())
}

async fn subscribe(endpoint: Endpoint, lasting: Duration) {
    let mut sub = Sub::connect(endpoint, &[b""], Limits::sub());
    let (mut batch, mut count, mut reads, mut bytes) = (Vec::new(), 0, 0u64, 0);
    let mut meter: Option<Meter> = None;
    loop {
        match sub.next(&mut batch).await {
            SubEvent::Messages => {
                let meter = meter.get_or_insert_with(Meter::start);
                count += batch.len() as u64;
                reads += 1;
                bytes += batch.iter().map(Message::byte_len).sum::<usize>();
                if meter.started.elapsed() < lasting {
                    continue;
                }
            }
            SubEvent::Lost(reason) => println!("lost: {reason}"),
            SubEvent::Connected | SubEvent::Oversized { .. } => continue,
        }
        break;
    }
    if let Some(meter) = meter {
        meter.report(count, "messages received");
        println!("{:.1} messages a batch, {} bytes each", count as f64 / reads as f64, bytes as u64 / count);
    }
}

async fn route(endpoint: &Endpoint) -> Result<(), Failure> {
    let mut router = Router::bind(endpoint, Limits::router(), &CancellationToken::new()).await?;
    println!("{}", router.endpoint());
    let replies = router.replies();
    tokio::spawn(async move {
        while let Some((peer, request)) = router.next().await {
            if let Err(error) = replies.send_to(peer, &request) {
                println!("{peer}: {error}");
            }
        }
    })
    .await?;
    Ok(())
}

async fn ask(endpoint: Endpoint, in_flight: u64, lasting: Duration) {
    let (handle, mut receiver) = Dealer::connect(endpoint, Limits::dealer());
    let request = Message::from([Bytes::from_static(b"12345678"), Bytes::new(), Bytes::from(vec![7; 200])]);
    let mut meter: Option<Meter> = None;
    let mut done = 0;
    loop {
        match receiver.next().await {
            DealerEvent::Connected => {
                meter = Some(Meter::start());
                (0..in_flight).for_each(|_| send(&handle, &request));
            }
            DealerEvent::Message(_) => {
                done += 1;
                if meter.as_ref().is_some_and(|meter| meter.started.elapsed() >= lasting) {
                    break;
                }
                send(&handle, &request);
            }
            other => println!("{other:?}"),
        }
    }
    if let Some(meter) = meter {
        meter.report(done, "round trips");
    }
}

fn send(handle: &DealerHandle, request: &Message) {
    if let Err(error) = handle.try_send(request) {
        println!("{error}");
    }
}

/// Wall and processor time since a moment.
struct Meter {
    started: Instant,
    processor_ns: u64,
}

impl Meter {
    fn start() -> Self {
        Self { started: Instant::now(), processor_ns: processor_ns() }
    }

    fn report(&self, count: u64, what: &str) {
        let wall = self.started.elapsed().as_secs_f64();
        let processor = (processor_ns() - self.processor_ns) as f64 / 1000.0;
        let each = processor / count.max(1) as f64;
        println!("{count} {what} in {wall:.2} s: {:.0}/s, {each:.2} µs of processor time each", count as f64 / wall);
    }
}

/// Of all threads of this process, as Linux counts it.
fn processor_ns() -> u64 {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return 0 };
    let of = |path: std::path::PathBuf| -> Option<u64> {
        let text = std::fs::read_to_string(path.join("schedstat")).ok()?;
        text.split(' ').next()?.parse().ok()
    };
    threads.flatten().filter_map(|thread| of(thread.path())).sum::<u64>()
}
