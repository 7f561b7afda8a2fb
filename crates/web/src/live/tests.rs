//! The whole way from `publish` to a client's socket and back, over real sockets.

mod harness;

use std::time::Duration;

use bytes::Bytes;
use fanout::{Bound, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use self::harness::{Client, Server, masked};
use super::*;

fn bound(entries: usize) -> Bound {
    Bound { entries, bytes: 1 << 30 }
}

/// Everything is kept: no reader is ever late.
fn complete() -> Options {
    let log = Limits { window: bound(1 << 20), facts: bound(1 << 20), quotes: bound(1 << 20) };
    Options { shards: 2, log, ..Options::default() }
}

/// Late after 32 messages, cut after `facts` unread facts.
fn tight(facts: usize) -> Options {
    let log = Limits { window: bound(32), facts: bound(facts), quotes: bound(100) };
    Options { shards: 2, log, ..Options::default() }
}

fn text(number: usize) -> String {
    format!("{number:>600}")
}

/// Messages in bursts of 50, the pumps having their turn in between.
async fn publish(hub: &Hub, numbers: std::ops::Range<usize>, kind: impl Fn(usize) -> Kind) {
    let numbers: Vec<usize> = numbers.collect();
    for burst in numbers.chunks(50) {
        let texts: Vec<String> = burst.iter().map(|number| text(*number)).collect();
        hub.publish(burst.iter().zip(&texts).map(|(number, text)| (kind(*number), text.as_bytes())));
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stalled_reader_is_dropped_and_ninety_nine_others_get_everything_in_order() {
    let server = Server::start(Options { stall_timeout: Duration::from_secs(3), ..complete() }).await;
    let mut stalled = server.connect().await;
    let mut readers = JoinSet::new();
    for _ in 0..99 {
        let mut client = server.connect().await;
        readers.spawn(async move { client.texts_until(&text(1_999)).await });
    }
    publish(&server.hub, 0..2_000, |_| Kind::Quote(1)).await;
    let expected: Vec<String> = (0..2_000).map(text).collect();
    while let Some(got) = readers.join_next().await {
        assert!(got.unwrap() == expected);
    }
    server.until(|hub| hub.stats().endings.stalled == 1).await;
    while stalled.frame().await.is_some() {}
    assert_eq!(server.hub.stats().conflated, 0);
    server.until(|hub| hub.stats().readers == 0).await;
    let endings = server.stop().await;
    assert_eq!(endings.iter().filter(|ending| **ending == Ending::Stalled).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_reader_misses_superseded_ticks_only_and_then_gets_everything_again() {
    let server = Server::start(tight(1_000)).await;
    let mut client = server.connect().await;
    let is_fact = |number: usize| number.is_multiple_of(100);
    let kind = |number| if is_fact(number) { Kind::Fact } else { Kind::Quote(number as u32 % 7) };
    publish(&server.hub, 0..20_000, kind).await;
    let got = client.texts_until(&text(19_999)).await;
    let numbers: Vec<usize> = got.iter().map(|text| text.trim().parse().unwrap()).collect();
    assert!(numbers.is_sorted());
    let facts: Vec<usize> = numbers.iter().copied().filter(|number| is_fact(*number)).collect();
    assert_eq!(facts, (0..20_000).filter(|number| is_fact(*number)).collect::<Vec<_>>());
    for number in 19_993..20_000 {
        assert!(numbers.contains(&number), "the newest tick of each instrument");
    }
    let conflated = server.hub.stats().conflated;
    assert_eq!(conflated as usize, 20_000 - numbers.len());
    assert!(conflated > 10_000, "{conflated}");
    server.until(|hub| hub.readers()[0].following).await;
    publish(&server.hub, 20_000..20_020, |_| Kind::Quote(1)).await;
    assert_eq!(client.texts_until(&text(20_019)).await.len(), 20);
    assert_eq!(server.hub.stats().endings, Endings::default());
    drop(client);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_of_evicted_facts_is_closed_with_a_reason_and_counted() {
    let server = Server::start(tight(10)).await;
    let mut late = server.connect().await;
    let mut good = server.connect().await;
    for number in 0..2_000 {
        publish(&server.hub, number..number + 1, |_| Kind::Fact).await;
        assert_eq!(good.text().await, text(number));
    }
    let mut got = 0;
    let close = loop {
        let (first, payload) = late.frame().await.unwrap();
        if first == 0x88 {
            break payload;
        }
        assert_eq!(payload, text(got).as_bytes());
        got += 1;
    };
    assert_eq!(close[..2], frame::code::SLOW_CONSUMER.to_be_bytes());
    assert!(close[2..].starts_with(b"slow consumer"));
    assert_eq!(late.frame().await, None);
    assert_eq!(server.hub.stats().endings.cut, 1);
    drop(late);
    let endings = server.stop().await;
    assert!(endings.contains(&Ending::Cut) && endings.contains(&Ending::Shutdown));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_client_sends_harms_nobody_else() {
    let server = Server::start(complete()).await;
    let mut binary = server.connect().await;
    let mut garbage = server.connect().await;
    let mut huge = server.connect().await;
    let mut gone = server.connect().await;
    let mut chatty = server.connect().await;
    let mut quiet = server.connect().await;
    binary.send(0x82, &[0, 1, 2]).await;
    binary.expect_close(1003).await;
    garbage.stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    garbage.expect_close(1002).await;
    huge.send(0x81, &vec![b'x'; (64 << 10) + 1]).await;
    huge.expect_close(1009).await;
    gone.stream.write_all(&[0x81]).await.unwrap();
    drop(gone);
    for number in 0..200 {
        chatty.send(0x81, b"ignored").await;
        publish(&server.hub, number..number + 1, |_| Kind::Quote(1)).await;
    }
    for client in [&mut chatty, &mut quiet] {
        assert_eq!(client.texts_until(&text(199)).await.len(), 200);
    }
    server.until(|hub| hub.stats().endings.refused == 3 && hub.stats().endings.gone == 1).await;
    drop((binary, garbage, huge));
    server.until(|hub| hub.stats().readers == 2).await;
    drop((chatty, quiet));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pings_byte_by_byte_are_answered_between_whole_frames_and_a_close_is_echoed() {
    let server = Server::start(complete()).await;
    let mut client = server.connect().await;
    let ping = masked(0x89, b"still there?");
    for (number, byte) in ping.iter().enumerate() {
        publish(&server.hub, number..number + 1, |_| Kind::Fact).await;
        assert_eq!(client.text().await, text(number));
        client.stream.write_all(&[*byte]).await.unwrap();
    }
    assert_eq!(client.frame().await, Some((0x8a, b"still there?".to_vec())));
    client.send(0x88, &3_000_u16.to_be_bytes()).await;
    assert_eq!(client.expect_close(3_000).await, "");
    assert_eq!(client.frame().await, None);
    drop(client);
    assert_eq!(server.stop().await, [Ending::Closed]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_pings_without_reading_fills_nothing() {
    let server = Server::start(complete()).await;
    let mut flood = server.connect().await;
    let mut other = server.connect().await;
    let pings = masked(0x89, &[b'p'; 125]).repeat(100);
    for _ in 0..300 {
        flood.stream.write_all(&pings).await.unwrap();
    }
    flood.send(0x89, b"last").await;
    publish(&server.hub, 0..10, |_| Kind::Fact).await;
    assert_eq!(other.texts_until(&text(9)).await.len(), 10);
    assert_eq!(server.hub.stats().endings, Endings::default());
    // Some pongs may have been left out, never the last one; frames of both kinds come whole.
    let (mut facts, mut last_answered) = (0, false);
    while facts < 10 || !last_answered {
        match flood.frame().await.expect("not to be closed") {
            (0x81, payload) => {
                assert_eq!(payload, text(facts).as_bytes());
                facts += 1;
            }
            (first, payload) => {
                assert_eq!(first, 0x8a);
                last_answered = payload == b"last";
            }
        }
    }
    drop((flood, other));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_answers_no_ping_is_dropped_and_one_that_does_is_not() {
    let ping_interval = Duration::from_millis(50);
    let server = Server::start(Options { ping_interval, ping_timeout: Duration::from_secs(2), ..complete() }).await;
    let dead = server.connect().await;
    let mut alive = server.connect().await;
    let answer = async {
        while let Some((first, payload)) = alive.frame().await {
            assert_eq!(first, 0x89);
            alive.send(0x8a, &payload).await;
        }
    };
    tokio::select! {
        () = answer => panic!("the live one was closed"),
        () = server.until(|hub| hub.stats().endings.dead == 1 && hub.stats().readers == 1) => {}
    }
    drop((dead, alive));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seats_are_bounded_given_back_and_begin_where_they_were_taken() {
    let server = Server::start(Options { max_readers: 2, ..complete() }).await;
    let seat = server.hub.reserve().unwrap();
    let other = server.hub.reserve().unwrap();
    assert_eq!(server.hub.reserve().err(), Some(Full { seats: 2 }));
    assert_eq!(server.hub.stats().full, 1);
    drop(other);
    drop(server.hub.reserve().unwrap());
    publish(&server.hub, 0..3, |_| Kind::Fact).await;
    let (near, far) = tokio::io::duplex(7);
    let session = tokio::spawn(seat.attach(Transport::Other(Box::new(far)), masked(0x89, b"early").into()).run());
    let mut client = Client { stream: near, buffer: Vec::new() };
    publish(&server.hub, 3..300, |number| Kind::Quote(number as u32)).await;
    let mut texts = 0;
    let mut pongs = 0;
    while texts < 300 {
        match client.frame().await.unwrap() {
            (0x8a, payload) => pongs += usize::from(payload == b"early"),
            (_, payload) => {
                assert_eq!(payload, text(texts).as_bytes());
                texts += 1;
            }
        }
    }
    assert_eq!(pongs, 1);
    drop(client);
    assert_eq!(session.await.unwrap(), Ending::Gone);
    assert_eq!(server.hub.stats().readers, 0);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shutdown_closes_everybody_and_takes_nobody() {
    let server = Server::start(complete()).await;
    let mut clients = Vec::new();
    for _ in 0..10 {
        clients.push(server.connect().await);
    }
    let hub = server.hub.clone();
    let stopped = tokio::spawn(server.stop());
    for client in &mut clients {
        client.expect_close(1001).await;
        assert_eq!(client.frame().await, None);
    }
    drop(clients);
    assert_eq!(stopped.await.unwrap(), [Ending::Shutdown; 10]);
    let (_near, far) = tokio::io::duplex(64);
    let session = hub.reserve().unwrap().attach(Transport::Other(Box::new(far)), Bytes::new());
    assert_eq!(session.run().await, Ending::Shutdown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_session_ends_its_connection() {
    let server = Server::start(complete()).await;
    let (near, far) = tokio::io::duplex(64);
    let session = server.hub.reserve().unwrap().attach(Transport::Other(Box::new(far)), Bytes::new());
    drop(session);
    let mut client = Client { stream: near, buffer: Vec::new() };
    assert_eq!(client.frame().await, None);
    assert_eq!(server.hub.stats().endings.gone, 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_upgraded_by_hyper_is_plain_tcp_again() {
    let server = Server::start(complete()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let hub = server.hub.clone();
    let served = tokio::spawn(async move {
        let io = hyper_util::rt::TokioIo::new(listener.accept().await.unwrap().0);
        let service = hyper::service::service_fn(move |request| answer_upgrade(request, hub.clone()));
        hyper::server::conn::http1::Builder::new().serve_connection(io, service).with_upgrades().await.unwrap();
    });
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = "GET /ws/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(&[request.as_bytes(), &masked(0x89, b"early")].concat()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    assert!(answer.starts_with(b"HTTP/1.1 101"));
    let mut client = Client { stream, buffer: Vec::new() };
    publish(&server.hub, 0..1, |_| Kind::Fact).await;
    let mut got = [client.frame().await.unwrap(), client.frame().await.unwrap()];
    got.sort();
    assert_eq!(got, [(0x81, text(0).into_bytes()), (0x8a, b"early".to_vec())]);
    served.await.unwrap();
    server.stop().await;
}

type Answer = Result<hyper::Response<http_body_util::Empty<Bytes>>, Full>;

async fn answer_upgrade(request: hyper::Request<hyper::body::Incoming>, hub: Hub) -> Answer {
    let accept = handshake::accept(request.headers()).unwrap();
    let seat = hub.reserve()?;
    tokio::spawn(async move {
        let (transport, early) = Transport::of_upgraded(hyper::upgrade::on(request).await.unwrap());
        assert!(matches!(transport, Transport::Tcp(_)));
        seat.attach(transport, early).run().await
    });
    let response = hyper::Response::builder().status(101).header("connection", "upgrade");
    let response = response.header("upgrade", "websocket").header("sec-websocket-accept", accept);
    Ok(response.body(http_body_util::Empty::new()).unwrap())
}
