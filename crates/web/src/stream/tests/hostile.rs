//! Bad input: a clear error or a close code, and no effect on others.

use std::time::Duration;

use flate2::{Compress, Compression, FlushCompress};
use serde_json::json;
use tokio::io::AsyncWriteExt;

use super::harness::{Client, DEADLINE, Server, masked, quick};
use crate::stream::{Channel, Options};

/// Goes on working, whatever another client does.
async fn still_serves(server: &Server, other: &mut Client) {
    server.world.fact(0, Channel::Trade, 1);
    other.find(|message| message["type"] == "fact").await;
    assert_eq!(other.ask(json!({ "op": "ping", "id": 1 })).await["ok"], true);
}

async fn bystander(server: &Server) -> Client {
    let mut other = server.login().await;
    other.subscribe(&["trade"]).await;
    other.next("snapshot").await;
    other
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_message_is_closed_with_its_code() {
    let server = Server::start(quick()).await;
    let mut other = bystander(&server).await;
    let mut huge = server.login().await;
    // Refused at its header; the rest is thrown away.
    let mut megabyte = masked(0x81, &vec![b'x'; 1 << 20]);
    let rest = megabyte.split_off(100);
    huge.stream.write_all(&megabyte).await.unwrap();
    assert!(huge.expect_close(1009).await.contains("65536"));
    let _ = huge.stream.write_all(&rest).await;
    let mut binary = server.login().await;
    binary.send(0x82, &[0, 1, 2]).await;
    binary.expect_close(1003).await;
    let mut packed_binary = server.login_packed().await;
    packed_binary.send(0xc2, &packed(b"{}")).await;
    packed_binary.expect_close(1003).await;
    let mut garbage = server.login().await;
    garbage.stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    garbage.expect_close(1002).await;
    let mut no_text = server.login().await;
    no_text.send(0x81, &[0xff, 0xfe]).await;
    no_text.expect_close(1007).await;
    let mut reserved = server.login().await;
    reserved.send(0xc1, b"not agreed on").await;
    reserved.expect_close(1002).await;
    still_serves(&server, &mut other).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_makes_no_sense_has_an_error_and_changes_nothing() {
    let server = Server::start(quick()).await;
    let mut client = server.login().await;
    let epoch = server.hub.epoch().to_owned();
    let nested = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    client.send(0x81, nested.as_bytes()).await;
    assert_eq!(client.next("reply").await["error"]["code"], "bad_message");
    let cases = [
        (json!([1, 2]), "bad_message"),
        (json!({ "id": 1 }), "bad_message"),
        (json!({ "op": "subscribe", "id": 1 }), "missing_field"),
        (json!({ "op": "subscribe", "channels": ["order", "weather"] }), "unknown_channel"),
        (json!({ "op": "subscribe", "channels": ["bar:rb2601.SHFE:1m", "bar:rb2601.SHFE:2m"] }), "bad_interval"),
        (json!({ "op": "subscribe", "channels": ["bar:rb2601.SHFE"] }), "bad_interval"),
        (json!({ "op": "subscribe", "channels": ["bar:"] }), "bad_instrument"),
        (json!({ "op": "subscribe", "channels": ["bar:*:1m"] }), "bad_instrument"),
        (json!({ "op": "subscribe", "channels": ["bar:rb*.SHFE:1m"] }), "bad_instrument"),
        (json!({ "op": "subscribe", "channels": ["bar::1m"] }), "bad_instrument"),
        (json!({ "op": "unsubscribe", "channels": [format!("bar:{}:1m", "x".repeat(200))] }), "bad_instrument"),
        (json!({ "op": "subscribe", "channels": ["tick:a*b*"] }), "bad_instrument"),
        (json!({ "op": "subscribe", "channels": ["order"], "trader": "nobody" }), "unknown_trader"),
        (json!({ "op": "subscribe", "channels": "order" }), "bad_message"),
        (json!({ "op": "resume", "epoch": epoch, "seq": 1_000_000 }), "resume_from_future"),
        (json!({ "op": "resume", "epoch": epoch, "seq": -1 }), "bad_message"),
        (json!({ "op": "dance" }), "unknown_op"),
        (json!({ "op": "ping", "id": { "a": 1 } }), "bad_id"),
    ];
    for (message, code) in cases {
        let reply = client.ask(message.clone()).await;
        assert_eq!((&reply["ok"], &reply["error"]["code"]), (&json!(false), &json!(code)), "{message}");
    }
    client.say(json!({ "op": "resume", "id": "mine", "epoch": 5 })).await;
    let reply = client.next("reply").await;
    assert_eq!((&reply["id"], &reply["error"]["code"]), (&json!("mine"), &json!("bad_message")), "{reply}");
    client.say(json!(null)).await;
    assert!(client.next("reply").await["error"]["detail"].as_str().unwrap().contains("an object"));
    let reply = client.ask(json!({ "op": "subscribe", "channels": ["bar:rb2601.SHFE:7d"] })).await;
    assert!(reply["error"]["detail"].as_str().unwrap().ends_with("1m, 5m, 15m, 30m, 1h, d, w"), "{reply}");
    server.world.fact(0, Channel::Order, 1);
    client.next("heartbeat").await;
    assert_eq!(server.hub.stats().snapshots, 0, "nothing was subscribed");
    assert_eq!(server.hub.stats().bar_lines, 0, "nothing is watched");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_subscriptions_are_refused_and_the_allowed_ones_stay() {
    let server = Server::start(quick()).await;
    let mut client = server.login().await;
    let names = |from: usize, count: usize| -> Vec<String> {
        (from..from + count).map(|number| format!("tick:i{number}.SHFE")).collect()
    };
    let mut refused = 0;
    for batch in 0..10 {
        let reply = client.ask(json!({ "op": "subscribe", "channels": names(batch * 1_000, 1_000) })).await;
        if reply["ok"] == false {
            assert_eq!(reply["error"]["code"], "too_many_subscriptions");
            refused += 1;
        }
    }
    assert_eq!(refused, 8);
    server.tick(0, "i1500", 1.0);
    assert_eq!(client.next("ticks").await["data"][0][0], "i1500.SHFE");
    let mut at_once = server.login().await;
    at_once.say(json!({ "op": "subscribe", "channels": names(0, 10_000) })).await;
    at_once.expect_close(1009).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_may_come_in_pieces_and_compressed() {
    let server = Server::start(quick()).await;
    let mut client = server.login_packed().await;
    let text = json!({ "op": "ping", "id": "in pieces" }).to_string();
    for (index, byte) in text.bytes().enumerate() {
        let first = if index == 0 { 1 } else { 0 } | if index == text.len() - 1 { 0x80 } else { 0 };
        for byte in masked(first, &[byte]) {
            client.stream.write_all(&[byte]).await.unwrap();
        }
    }
    assert_eq!(client.next("reply").await["id"], "in pieces");
    let (start, end) = packed(text.as_bytes()).split_at(10).into_owned();
    client.send(0x41, &start).await;
    client.send(0x89, b"between").await;
    client.send(0x80, &end).await;
    let mut answers = Vec::new();
    while answers.len() < 2 {
        let (first, payload) = client.frame().await.unwrap();
        if first == 0x8a || String::from_utf8_lossy(&payload).contains("in pieces") {
            answers.push(first);
        }
    }
    let mut bomb = server.login_packed().await;
    bomb.send(0xc1, &packed(&vec![b' '; 8 << 20])).await;
    bomb.expect_close(1009).await;
    let mut broken = server.login_packed().await;
    broken.send(0xc1, &[0xff; 40]).await;
    broken.expect_close(1007).await;
    server.stop().await;
}

trait IntoOwned {
    fn into_owned(self) -> (Vec<u8>, Vec<u8>);
}

impl IntoOwned for (&[u8], &[u8]) {
    fn into_owned(self) -> (Vec<u8>, Vec<u8>) {
        (self.0.to_vec(), self.1.to_vec())
    }
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 100);
    Compress::new(Compression::best(), false).compress_vec(text, &mut out, FlushCompress::Sync).unwrap();
    out.truncate(out.len() - 4);
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_pings_is_the_flooders_own_problem() {
    let server = Server::start(quick()).await;
    let mut other = bystander(&server).await;
    let mut flood = server.login().await;
    let pings = masked(0x89, &[b'p'; 125]).repeat(100);
    let (mut read, mut write) = flood.stream.split();
    let flooding = async {
        for _ in 0..100 {
            write.write_all(&pings).await.unwrap();
        }
    };
    let drain = async { tokio::io::copy(&mut read, &mut tokio::io::sink()).await };
    let served = async {
        for _ in 0..5 {
            still_serves(&server, &mut other).await;
        }
    };
    let both = async { tokio::join!(flooding, served) };
    tokio::select! {
        _ = tokio::time::timeout(DEADLINE, both) => {}
        _ = drain => panic!("the flooder is slowed down, not closed"),
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_without_reading_is_not_read_any_more_and_then_dropped() {
    let server = Server::start(Options { stall_time: Duration::from_millis(500), ..quick() }).await;
    let mut other = bystander(&server).await;
    let mut deaf = server.login().await;
    let params = "x".repeat(2_000);
    let asks =
        masked(0x81, json!({ "op": "call", "id": 1, "method": "echo", "params": params }).to_string().as_bytes());
    // Ends with an error when the server has given it up.
    let asking = async { while deaf.stream.write_all(&asks).await.is_ok() {} };
    tokio::time::timeout(DEADLINE, asking).await.expect("it is dropped");
    assert!(server.hub.stats().calls < 20_000, "{:?}", server.hub.stats());
    server.until(|hub| hub.stats().readers == 1).await;
    still_serves(&server, &mut other).await;
    server.stop().await;
}
