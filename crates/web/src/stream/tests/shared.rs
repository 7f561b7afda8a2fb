//! What is made once for all readers.

use serde_json::json;

use super::harness::{Server, quick};
use crate::stream::Channel;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_that_keep_up_share_each_frame_and_its_compression() {
    let server = Server::start(quick()).await;
    let mut clients = Vec::new();
    for _ in 0..40 {
        let mut client = server.login_packed().await;
        client.ask(json!({ "op": "subscribe", "channels": ["tick:*", "order"], "interval_ms": 200 })).await;
        client.next("snapshot").await;
        clients.push(client);
    }
    let before = server.hub.stats();
    assert_eq!(before.groups, 1);
    for number in 0..50 {
        server.tick(0, &format!("i{number}"), f64::from(number));
    }
    for client in &mut clients {
        let mut ticks = 0;
        while ticks < 50 {
            ticks += client.next("ticks").await["data"].as_array().unwrap().len();
        }
    }
    let stats = server.hub.stats();
    let (built, given) = (stats.frames_built - before.frames_built, stats.frames_given - before.frames_given);
    assert!(given >= 40 && built <= 3, "{built} built, {given} given");
    assert!(stats.compressed - before.compressed <= 3);
    assert!(stats.compressed_out * 2 < stats.compressed_in, "{stats:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_snapshot_is_taken_and_compressed_once_and_takes_less_on_the_wire() {
    let server = Server::start(quick()).await;
    for row in 0..5_000 {
        server.world.fact(0, Channel::Contract, row);
    }
    let mut plain = server.login().await;
    let mut packed = Vec::new();
    for _ in 0..5 {
        packed.push(server.login_packed().await);
    }
    plain.subscribe(&["contract"]).await;
    let snapshot = plain.next("snapshot").await;
    for client in &mut packed {
        client.subscribe(&["contract"]).await;
        assert_eq!(client.next("snapshot").await["data"], snapshot["data"]);
        assert!(client.wire_bytes * 3 < plain.wire_bytes, "{} of {}", client.wire_bytes, plain.wire_bytes);
    }
    let stats = server.hub.stats();
    assert_eq!((stats.snapshots, stats.compressed - 1 <= 6), (1, true), "{stats:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stalled_reader_is_dropped_and_the_others_notice_nothing() {
    let options = crate::stream::Options { stall_time: std::time::Duration::from_millis(500), ..quick() };
    let server = Server::start(options).await;
    let mut stalled = server.login().await;
    let mut good = server.login().await;
    for client in [&mut stalled, &mut good] {
        client.ask(json!({ "op": "subscribe", "channels": ["tick:*"], "interval_ms": 10 })).await;
    }
    let mut price = 0.0;
    while server.hub.readers().len() == 2 {
        price += 1.0;
        for number in 0..300 {
            server.tick(0, &format!("i{number}"), price);
        }
        let mut newest = 0.0;
        while newest < price {
            let message = good.next("ticks").await;
            let ticks = message["data"].as_array().unwrap();
            newest = ticks.iter().map(|tick| tick[5].as_f64().unwrap()).fold(newest, f64::max);
        }
    }
    let place = crate::stream::Ending::ALL.iter().position(|ending| ending.name() == "stalled").unwrap();
    assert_eq!(server.hub.stats().endings[place], 1);
    drop(stalled);
    server.stop().await;
}
