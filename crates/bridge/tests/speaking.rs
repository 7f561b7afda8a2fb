//! Both ends on real sockets: orders, facts, snapshots, ticks; over a Unix socket, TCP and TLS.

mod peer;

use bridge::*;
use peer::*;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(5);

async fn all_of_it(config: ServerConfig) {
    let secret = config.secret.clone();
    let trader = trader(config, simple).await;
    let (caller, mut subscriber) =
        client(ClientConfig { secret, fingerprint: trader.fingerprint, ..to(&trader.address) });
    let hello = connected(&mut subscriber).await;
    assert_eq!((hello.about.trader.as_str(), hello.seq), ("test", 0));
    let id = caller.send_order(order(), "SIM".into(), DEADLINE).await.expect("sent");
    assert_eq!(id.as_str(), "SIM.1");
    let snapshot = caller.snapshot(DEADLINE).await.expect("taken");
    assert_eq!(snapshot.seq, 1);
    let facts = events(&mut subscriber, 1).await;
    assert!(matches!(&facts[0], Event::Fact(1, Fact::Order(row)) if row.vt_orderid == id), "{facts:?}");
    caller.ping(DEADLINE).await.expect("there");
    let health = caller.health();
    assert!(health.round_trip.is_some() && health.clock_ahead_us.is_some_and(|us| us.abs() < 1_000_000));
    trader.stop().await;
    assert!(lost(&mut subscriber).await.contains("going_away"));
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_unix_socket_in_a_private_folder() {
    let folder = private_folder();
    all_of_it(unix(&folder)).await;
    assert!(!folder.path().join("bridge.sock").exists(), "the socket's file is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tcp_with_a_secret() {
    let folder = private_folder();
    all_of_it(secured("tcp://127.0.0.1:0", folder.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_with_a_pinned_certificate() {
    let folder = private_folder();
    all_of_it(secured("tls://127.0.0.1:0", folder.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ticks_come_conflated_and_only_those_that_are_wanted() {
    let folder = private_folder();
    let trader = trader(unix(&folder), simple).await;
    let (caller, mut subscriber) = client(to(&trader.address));
    connected(&mut subscriber).await;
    trader.publisher.tick(&tick("rb2605", 0.0));
    caller.subscribe(vec!["rb*".into()], Some(Duration::from_millis(50)), DEADLINE).await.expect("subscribed");
    for price in 1..=1000 {
        trader.publisher.tick(&tick("rb2605", f64::from(price)));
        trader.publisher.tick(&tick("ag2606", f64::from(price)));
    }
    let mut heard = Vec::new();
    let last = loop {
        heard.extend(events(&mut subscriber, 1).await);
        let Some(Event::Tick(tick)) = heard.last() else { panic!("{heard:?}") };
        assert_eq!(tick.vt_symbol.as_str(), "rb2605.SHFE");
        if tick.last_price > 999.5 {
            break tick.last_price;
        }
    };
    assert!((last - 1000.0).abs() < 0.1, "the last tick always arrives");
    assert!(heard.len() < 500, "{} of 1000 ticks were sent, not the newest at an interval", heard.len());
    assert!(trader.publisher.stats().conflated > 0);
    trader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_keep_their_order_over_many_threads_and_two_readers() {
    let folder = private_folder();
    let trader = trader(unix(&folder), simple).await;
    let (_first, mut first) = client(to(&trader.address));
    connected(&mut first).await;
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let publisher = trader.publisher.clone();
            std::thread::spawn(move || {
                for number in 0..1000 {
                    publisher.fact(log(&format!("{thread} {number}")));
                }
            })
        })
        .collect();
    // This one comes in the middle of it.
    let (_second, mut second) = client(to(&trader.address));
    let seq = connected(&mut second).await.seq;
    for thread in threads {
        thread.join().expect("it tells all");
    }
    let all = events(&mut first, 4000).await;
    let rest = events(&mut second, usize::try_from(4000 - seq).expect("a few")).await;
    let numbers = |events: &[Event]| -> Vec<u64> {
        events.iter().map(|event| if let Event::Fact(seq, _) = event { *seq } else { 0 }).collect()
    };
    assert_eq!(numbers(&all), (1..=4000).collect::<Vec<_>>());
    assert_eq!(rest, all[usize::try_from(seq).expect("a few")..], "both hear the same");
    trader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_snapshot_lets_answers_and_facts_through() {
    let folder = private_folder();
    let owner = |request: Request, publisher: &Publisher| match request.call {
        Call::Snapshot => {
            let contract =
                domain::ContractData::new("SIM", "rb2605", domain::Exchange::SHFE, "x", domain::Product::Futures);
            let contracts = std::iter::repeat_n(std::sync::Arc::new(contract), 20_000).collect();
            let snapshot = Snapshot { seq: publisher.seq(), contracts, ..Snapshot::default() };
            request.reply.answer(Answer::Snapshot(Box::new(snapshot)));
        }
        _ => simple(request, publisher),
    };
    let trader = trader(unix(&folder), owner).await;
    let mut raw = Raw::client(&trader.address).await;
    raw.write("{\"id\":1,\"method\":\"snapshot\"}\n{\"id\":2,\"method\":\"ping\"}\n").await;
    let (mut parts, mut ping_after, mut rows) = (0, None, 0);
    loop {
        let line = raw.line_of("reply").await;
        match line["id"].as_u64() {
            Some(2) => ping_after = Some(parts),
            Some(1) if line["more"] == true => {
                parts += 1;
                rows += line["data"]["rows"].as_array().map_or(0, Vec::len);
            }
            _ => break,
        }
    }
    assert_eq!(rows, 20_000);
    assert!(parts > 20 && ping_after.is_some_and(|after| after < parts / 2), "{ping_after:?} of {parts}");
    trader.stop().await;
}
