//! Calls over the stream.

use std::sync::atomic::Ordering;

use serde_json::json;

use super::harness::{Server, quick};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_are_answered_by_id_in_any_order_and_fail_as_problems() {
    let server = Server::start(quick()).await;
    let mut client = server.login().await;
    client.say(json!({ "op": "call", "id": "slow", "method": "wait" })).await;
    let echo = client.ask(json!({ "op": "call", "id": 3, "method": "echo", "params": { "a": [1] } })).await;
    assert_eq!((&echo["id"], &echo["data"]), (&json!(3), &json!({ "user": "trader", "params": { "a": [1] } })));
    let unknown = client.ask(json!({ "op": "call", "id": 4, "method": "nothing" })).await;
    assert_eq!((&unknown["ok"], &unknown["error"]["code"]), (&json!(false), &json!("unknown_method")));
    let panicked = client.ask(json!({ "op": "call", "id": 5, "method": "panic" })).await;
    assert_eq!(panicked["error"]["status"], 500);
    server.world.gate.add_permits(1);
    assert_eq!(client.next("reply").await["id"], "slow");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_goes_on_when_its_caller_has_left() {
    let server = Server::start(quick()).await;
    let mut client = server.login().await;
    client.say(json!({ "op": "call", "method": "wait" })).await;
    server.until(|hub| hub.stats().calls == 1).await;
    drop(client);
    server.until(|hub| hub.stats().readers == 0).await;
    server.world.gate.add_permits(1);
    server.until(|_| server.world.calls_done.load(Ordering::SeqCst) == 1).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_calls_wait_at_the_client() {
    let server = Server::start(quick()).await;
    let mut client = server.login().await;
    for id in 0..40 {
        client.say(json!({ "op": "call", "id": id, "method": "wait" })).await;
    }
    server.until(|hub| hub.stats().calls == 16).await;
    // Others are not concerned.
    let mut other = server.login().await;
    assert_eq!(other.ask(json!({ "op": "call", "id": 1, "method": "echo" })).await["ok"], true);
    assert_eq!(server.hub.stats().calls, 17);
    server.world.gate.add_permits(1_000);
    let mut ids = Vec::new();
    while ids.len() < 40 {
        ids.push(client.next("reply").await["id"].as_u64().unwrap());
    }
    ids.sort_unstable();
    assert_eq!(ids, (0..40).collect::<Vec<_>>());
    server.stop().await;
}
