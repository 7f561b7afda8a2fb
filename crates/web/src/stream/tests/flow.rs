//! Facts, snapshots, resuming, ticks.

use std::collections::HashMap;

use fanout::Bound;
use serde_json::{Value, json};

use super::harness::{Server, quick, rows};
use crate::stream::{Channel, Options};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_then_each_fact_once_while_facts_go_on() {
    let server = Server::start(quick()).await;
    let world = server.world.clone();
    let publisher = tokio::task::spawn_blocking(move || {
        for row in 1..=3_000 {
            world.fact(0, Channel::Order, row);
            world.fact(0, Channel::Log, row);
            if row % 100 == 0 {
                std::thread::yield_now();
            }
        }
    });
    let mut readers = tokio::task::JoinSet::new();
    for number in 0..8 {
        let mut client = if number % 2 == 0 { server.login().await } else { server.login_packed().await };
        readers.spawn(async move {
            client.say(json!({ "op": "subscribe", "id": 7, "channels": ["order", "log"] })).await;
            let mut got: HashMap<String, Vec<u64>> = HashMap::new();
            let mut last = 0;
            while got.len() < 2 || got.values().any(|rows| rows.last() != Some(&3_000)) {
                let message = client.json().await;
                let channel = message["channel"].as_str().unwrap_or_default().to_owned();
                match message["type"].as_str().unwrap() {
                    "snapshot" => assert!(got.insert(channel, rows(&message)).is_none()),
                    "fact" => {
                        let seq = message["seq"].as_u64().unwrap();
                        assert!(seq > last, "rising");
                        last = seq;
                        got.get_mut(&channel).expect("its snapshot came before").extend(rows(&message));
                    }
                    "reply" => assert_eq!(message["ok"], true),
                    other => assert_eq!(other, "heartbeat"),
                }
            }
            got
        });
    }
    publisher.await.unwrap();
    let all: Vec<u64> = (1..=3_000).collect();
    while let Some(got) = readers.join_next().await {
        assert!(got.unwrap().values().all(|rows| *rows == all));
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_comes_back_goes_on_where_it_was() {
    let server = Server::start(quick()).await;
    let mut client = server.connect().await;
    client.say(json!({ "op": "auth", "token": "good" })).await;
    let hello = client.json().await;
    let reply = client.subscribe(&["order", "trade"]).await;
    assert_eq!(reply["data"]["snapshots"].as_array().unwrap().len(), 2);
    client.next("snapshot").await;
    client.next("snapshot").await;
    server.world.fact(0, Channel::Order, 1);
    let seq = client.next("fact").await["seq"].as_u64().unwrap();
    drop(client);
    server.world.fact(0, Channel::Trade, 2);
    server.world.fact(1, Channel::Trade, 3);
    server.world.fact(0, Channel::Order, 4);
    let mut client = server.login().await;
    let reply = client.ask(json!({ "op": "resume", "id": "r", "epoch": hello["epoch"], "seq": seq })).await;
    assert_eq!((&reply["id"], &reply["data"]["resumed"]), (&json!("r"), &json!(true)));
    let reply = client.subscribe(&["order", "trade"]).await;
    assert_eq!(reply["data"]["snapshots"], json!([]));
    assert_eq!(rows(&client.next("fact").await), [2]);
    assert_eq!(rows(&client.next("fact").await), [4]);
    // Another epoch, and a resume that comes too late: snapshots.
    let late = client.ask(json!({ "op": "resume", "epoch": hello["epoch"], "seq": seq })).await;
    assert_eq!(late["data"], json!({ "resumed": false, "reason": "already_following" }));
    let mut client = server.login().await;
    let reply = client.ask(json!({ "op": "resume", "epoch": "before", "seq": seq })).await;
    assert_eq!(reply["data"], json!({ "resumed": false, "reason": "other_epoch" }));
    client.subscribe(&["order"]).await;
    assert_eq!(rows(&client.next("snapshot").await), [1, 4]);
    assert_eq!(server.hub.stats().resumed, 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_ring_no_longer_has_comes_as_a_snapshot() {
    let options = Options { ring: Bound { entries: 10, bytes: 1 << 20 }, ..quick() };
    let server = Server::start(options).await;
    server.world.fact(0, Channel::Position, 1);
    for row in 1..=50 {
        server.world.fact(0, Channel::Order, row);
    }
    let mut client = server.login().await;
    let epoch = server.hub.epoch().to_owned();
    client.ask(json!({ "op": "resume", "epoch": epoch, "seq": 30 })).await;
    let reply = client.subscribe(&["order", "position"]).await;
    assert_eq!(reply["data"]["snapshots"], json!([{ "channel": "order", "trader": "sim" }]));
    let snapshot = client.next("snapshot").await;
    assert_eq!((&snapshot["channel"], rows(&snapshot).len()), (&json!("order"), 50));
    server.world.fact(0, Channel::Position, 2);
    assert_eq!(rows(&client.next("fact").await), [2], "of the position nothing was missed");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_that_was_read_anew_gives_fresh_snapshots_of_its_own_channels_only() {
    let server = Server::start(quick()).await;
    let mut client = server.login().await;
    client.ask(json!({ "op": "subscribe", "channels": ["order", "account"], "trader": "*" })).await;
    for _ in 0..4 {
        client.next("snapshot").await;
    }
    server.world.reset(1, &[100, 101]);
    let reset = client.next("reset").await;
    assert_eq!((&reset["trader"], reset["seq"].as_u64()), (&json!("far"), Some(1)));
    for _ in 0..2 {
        let snapshot = client.next("snapshot").await;
        assert_eq!((&snapshot["trader"], rows(&snapshot)), (&json!("far"), vec![100, 101]));
    }
    server.world.fact(0, Channel::Order, 5);
    assert_eq!(client.next("fact").await["trader"], "sim");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_state_of_a_link_is_told_at_once_and_at_each_change() {
    let server = Server::start(quick()).await;
    let mut client = server.login().await;
    server.hub.trader_state(1, br#"{"state":"live","since":null}"#);
    client.ask(json!({ "op": "subscribe", "channels": ["trader"], "trader": "*" })).await;
    let (sim, far) = (client.next("trader").await, client.next("trader").await);
    assert_eq!((&sim["trader"], &sim["state"]), (&json!("sim"), &json!("connecting")));
    assert_eq!((&far["trader"], &far["state"]), (&json!("far"), &json!("live")));
    server.hub.trader_state(1, br#"{"state":"stale","since":"2026-01-05T09:30:00+08:00"}"#);
    let stale = client.next("trader").await;
    assert_eq!((&stale["state"], stale["seq"].as_u64()), (&json!("stale"), Some(2)));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ticks_come_newest_per_instrument_at_the_readers_own_interval() {
    let server = Server::start(quick()).await;
    server.tick(0, "rb2601", 1.0);
    server.tick(1, "far01", 1.0);
    let mut slow = server.login().await;
    let mut one = server.login_packed().await;
    let reply = slow.ask(json!({ "op": "subscribe", "channels": ["tick:*"], "interval_ms": 203 })).await;
    assert_eq!(reply["data"]["interval_ms"], 210);
    let reply =
        one.ask(json!({ "op": "subscribe", "channels": ["tick:ag*.SHFE", "tick:none.SHFE"], "interval_ms": 1 })).await;
    assert_eq!(reply["data"]["interval_ms"], 10);
    let first = slow.next("ticks").await;
    assert_eq!((&first["trader"], &first["data"][0][0]), (&json!("sim"), &json!("rb2601.SHFE")));
    for price in 1..=500 {
        server.tick(0, "rb2601", f64::from(price));
        server.tick(0, "ag2601", f64::from(price) + 0.5);
    }
    let place = super::super::tick_fields().position(|field| field == "last_price").unwrap();
    let newest = |message: &Value, symbol: &str| {
        let ticks = message["data"].as_array().unwrap();
        ticks.iter().find(|tick| tick[0] == symbol).and_then(|tick| tick[place].as_f64())
    };
    let mut messages = 0;
    while newest(&slow.next("ticks").await, "ag2601.SHFE") != Some(500.5) {
        messages += 1;
    }
    assert!(messages < 100, "conflated");
    let last = one.find(|message| message["type"] == "ticks" && newest(message, "ag2601.SHFE") == Some(500.5)).await;
    assert_eq!(last["data"].as_array().unwrap().len(), 1, "only what it watches");
    assert_eq!(last["data"][0][1], "2026-01-05T09:30:00.500000+08:00");
    assert!(server.hub.readers()[0].conflated > 400);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_added_comes_at_once_and_what_is_taken_out_comes_no_more() {
    let server = Server::start(quick()).await;
    for symbol in ["a", "b", "c"] {
        server.tick(0, symbol, 1.0);
    }
    let mut client = server.login().await;
    client.ask(json!({ "op": "subscribe", "channels": ["tick:a.SHFE"], "interval_ms": 10 })).await;
    assert_eq!(client.next("ticks").await["data"].as_array().unwrap().len(), 1);
    client.ask(json!({ "op": "subscribe", "channels": ["tick:b.SHFE", "tick:a.SHFE"] })).await;
    let added = client.next("ticks").await;
    assert_eq!((added["data"].as_array().unwrap().len(), &added["data"][0][0]), (1, &json!("b.SHFE")));
    client.ask(json!({ "op": "unsubscribe", "channels": ["tick:a.SHFE", "order"] })).await;
    server.tick(0, "a", 2.0);
    server.tick(0, "b", 2.0);
    let left = client.next("ticks").await;
    assert_eq!((left["data"].as_array().unwrap().len(), &left["data"][0][0]), (1, &json!("b.SHFE")));
    assert_eq!(server.hub.readers()[0].interval_ms, 10);
    client.ask(json!({ "op": "unsubscribe", "channels": ["tick:b.SHFE"] })).await;
    assert_eq!(server.hub.readers()[0].interval_ms, 0);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heartbeats_tell_how_far_a_reader_is_and_pings_are_answered() {
    let server = Server::start(quick()).await;
    let mut client = server.login().await;
    client.subscribe(&["trade"]).await;
    client.next("snapshot").await;
    for row in 1..=5 {
        server.world.fact(0, Channel::Log, row);
    }
    client.find(|message| message["type"] == "heartbeat" && message["seq"] == 5).await;
    let mut metrics = String::new();
    server.hub.write_metrics(&mut metrics);
    for line in ["readers 1", "seq 5", "reader_lag{reader=\"1\",user=\"trader\",remote=\"127.0.0.1\"} 0"] {
        let line = format!("\nwebtrader_api_stream_{line}\n");
        assert!(metrics.contains(&line), "{line} in {metrics}");
    }
    let pong = client.ask(json!({ "op": "ping", "id": 4 })).await;
    assert!(pong["data"]["server_time"].as_str().unwrap().ends_with('Z'));
    client.send(0x89, b"there?").await;
    loop {
        let (first, payload) = client.frame().await.unwrap();
        if first == 0x8a {
            assert_eq!(payload, b"there?");
            break;
        }
    }
    server.stop().await;
}
