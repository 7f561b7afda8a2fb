//! Each way in which a connection ends, with its code.

use std::time::Duration;

use fanout::Bound;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::harness::{Server, quick};
use crate::stream::{Channel, Ending, Options};

fn count(server: &Server, ending: Ending) -> u64 {
    let place = Ending::ALL.iter().position(|known| *known == ending).unwrap();
    server.hub.stats().endings[place]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_logged_in_is_closed_with_4401() {
    let server = Server::start(Options { auth_time: Duration::from_millis(100), ..quick() }).await;
    let mut silent = server.connect().await;
    let mut wrong = server.connect().await;
    wrong.say(json!({ "op": "auth", "token": "bad" })).await;
    let mut eager = server.connect().await;
    eager.say(json!({ "op": "subscribe", "channels": ["order"] })).await;
    for client in [&mut silent, &mut wrong, &mut eager] {
        assert!(client.expect_close(4401).await.starts_with("not_logged_in"));
    }
    server.until(|_| count(&server, Ending::NotLoggedIn) == 3).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_page_may_not_use_a_cookie_and_is_closed_with_4403() {
    let server = Server::start(Options { allowed_origins: vec!["https://desk.two".into()], ..quick() }).await;
    let (_, mut foreign) = server.handshake("Cookie: session=good\r\nOrigin: https://evil.example\r\n").await;
    assert!(foreign.expect_close(4403).await.starts_with("not_allowed"));
    for origin in ["https://desk.example", "https://desk.two"] {
        let (_, mut ours) = server.handshake(&format!("Cookie: session=good\r\nOrigin: {origin}\r\n")).await;
        assert_eq!(ours.next("hello").await["heartbeat_ms"], 50);
    }
    let mut changed = server.login().await;
    changed.say(json!({ "op": "auth", "token": "other" })).await;
    changed.expect_close(4403).await;
    server.until(|_| count(&server, Ending::NotAllowed) == 2).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_falls_behind_the_ring_is_closed_with_4408_and_can_come_back() {
    let server = Server::start(Options { ring: Bound { entries: 2_000, bytes: 1 << 30 }, ..quick() }).await;
    let mut slow = server.login().await;
    let mut good = server.login().await;
    for client in [&mut slow, &mut good] {
        client.subscribe(&["order"]).await;
        client.next("snapshot").await;
    }
    let world = server.world.clone();
    let mut last = 0;
    for row in 1..=40_000 {
        world.fact(0, Channel::Order, row);
        if row % 500 == 0 {
            while last < row {
                last = good.next("fact").await["data"]["row"].as_u64().unwrap();
            }
        }
    }
    let mut got = 0;
    let code = loop {
        let (first, payload) = slow.frame().await.unwrap();
        if first == 0x88 {
            assert_eq!(&payload[2..], b"slow_consumer");
            break u16::from_be_bytes([payload[0], payload[1]]);
        }
        let message: Value = serde_json::from_slice(&payload).unwrap();
        if message["type"] == "fact" {
            got += 1;
            assert_eq!(message["data"]["row"], got, "what it got is whole");
        }
    };
    assert!(code == 4408 && got < 40_000);
    server.until(|_| count(&server, Ending::Slow) == 1).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_a_session_closes_with_4409_unless_a_newer_token_came() {
    let server = Server::start(quick()).await;
    let mut ended = server.login().await;
    let mut renewed = server.login().await;
    server.world.tokens.lock().unwrap().push(("newer".into(), "trader".into()));
    let reply = renewed.ask(json!({ "op": "auth", "id": 9, "token": "newer" })).await;
    assert_eq!(reply["ok"], true);
    server.world.tokens.lock().unwrap().retain(|(token, _)| token != "good");
    assert_eq!(ended.expect_close(4409).await, "session_ended");
    renewed.next("heartbeat").await;
    assert_eq!(server.hub.readers()[0].user.as_ref(), "trader");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_somebody_ends_is_closed_before_the_next_heartbeat() {
    let server = Server::start(Options { heartbeat: Duration::from_secs(3_600), ..Options::default() }).await;
    let mut ended = server.login().await;
    let (_, mut other) = server.handshake("Authorization: Bearer other\r\n").await;
    other.next("hello").await;
    server.world.tokens.lock().unwrap().retain(|(token, _)| token != "good");
    server.world.endings.send_modify(|count| *count += 1);
    assert_eq!(ended.expect_close(4409).await, "session_ended");
    assert_eq!(other.ask(json!({ "op": "ping", "id": 1 })).await["ok"], true, "others go on");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_away_says_when_to_come_back() {
    let server = Server::start(quick()).await;
    let mut clients = [server.login().await, server.login().await, server.connect().await];
    server.shutdown.cancel();
    let mut times = Vec::new();
    for client in &mut clients {
        let reason: Value = serde_json::from_str(&client.expect_close(1001).await).unwrap();
        assert_eq!(reason["reason"], "going_away");
        times.push(reason["retry_after_ms"].as_u64().unwrap());
    }
    assert!(times[0] != times[1] && times[1] != times[2], "not all at the same moment");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_is_silent_is_pinged_and_then_given_up() {
    let options = Options {
        ping_after: Duration::from_millis(50),
        dead_after: Duration::from_millis(400),
        heartbeat: Duration::from_secs(60),
        ..Options::default()
    };
    let server = Server::start(options).await;
    let mut dead = server.login().await;
    let (first, _) = dead.frame().await.unwrap();
    assert_eq!(first, 0x89, "a ping");
    while dead.frame().await.is_some() {}
    server.until(|_| count(&server, Ending::Dead) == 1).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_close_is_echoed_and_a_broken_connection_is_forgotten() {
    let server = Server::start(quick()).await;
    let mut closing = server.login().await;
    let gone = server.login().await;
    closing.send(0x88, &3_000_u16.to_be_bytes()).await;
    assert_eq!(closing.expect_close(3_000).await, "");
    drop((closing, gone));
    server.until(|hub| hub.stats().readers == 0).await;
    server.until(|_| count(&server, Ending::Closed) == 1 && count(&server, Ending::Gone) == 1).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_is_no_handshake_or_finds_no_seat_is_told_so() {
    let server = Server::start(Options { max_readers: 1, ..quick() }).await;
    let _first = server.login().await;
    let (answer, _) = server.handshake("").await;
    assert!(answer.starts_with("HTTP/1.1 503") && answer.to_lowercase().contains("retry-after: 5"), "{answer}");
    let mut plain = tokio::net::TcpStream::connect(server.address).await.unwrap();
    plain.write_all(b"GET /api/v1/stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    plain.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 426") && answer.contains("application/problem+json"), "{answer}");
    assert_eq!(server.hub.stats().full, 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_that_cannot_be_taken_ends_its_reader_only() {
    let server = Server::start(quick()).await;
    for _ in 0..2 {
        let mut client = server.login().await;
        client.say(json!({ "op": "subscribe", "channels": ["quote", "order"] })).await;
        client.expect_close(1013).await;
    }
    let mut client = server.login().await;
    client.subscribe(&["order"]).await;
    client.next("snapshot").await;
    server.stop().await;
}
