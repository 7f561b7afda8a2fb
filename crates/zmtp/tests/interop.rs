//! All four roles against pyzmq, over TCP and Unix sockets.
//!
//! Needs a Python with pyzmq: the one that WEBTRADER_TEST_PYTHON names, else the one under the workspace's
//! `target/venv-4.5`. Where there is none, each test says so and passes.

#![allow(clippy::unwrap_used, reason = "what goes wrong in a helper fails the test")]

mod support;

use bytes::Bytes;
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use support::{Place, message, text, until, within};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};
use tokio_util::sync::CancellationToken;
use zmtp::{
    Dealer, DealerEvent, DealerHandle, DealerReceiver, Endpoint, Limits, LinkError, Message, Publisher, Router,
    SendError, Sub, SubEvent,
};

/// A pyzmq socket in a process of its own, which ends with this value.
struct Python {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    input: ChildStdin,
}

impl Python {
    fn start(python: &Path, arguments: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peer.py");
        let mut child = Command::new(python)
            .arg(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let input = child.stdin.take().unwrap();
        Self { child, lines, input }
    }

    /// Starts a server and learns where it is bound.
    async fn serve(python: &Path, role: &str, endpoint: &Endpoint) -> (Self, Endpoint) {
        let mut server = Self::start(python, &[role, &endpoint.to_string()]);
        let bound = server.line().await.parse().unwrap();
        (server, bound)
    }

    async fn line(&mut self) -> String {
        within(self.lines.next_line()).await.unwrap().expect("the Python peer ended")
    }

    async fn tell(&mut self, line: &str) {
        within(self.input.write_all(format!("{line}\n").as_bytes())).await.unwrap();
    }

    async fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args([format!("-{name}"), id]).status();
        assert!(within(sent).await.unwrap().success());
    }

    async fn kill(mut self) {
        within(self.child.kill()).await.unwrap();
    }
}

/// `None`, and a line that says so, where no Python has pyzmq.
fn python() -> Option<PathBuf> {
    let candidate = std::env::var_os("WEBTRADER_TEST_PYTHON")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/venv-4.5/bin/python"), PathBuf::from);
    let has_pyzmq = std::process::Command::new(&candidate)
        .args(["-c", "import zmq"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !has_pyzmq {
        println!("skipped: {} is not a Python with pyzmq; set WEBTRADER_TEST_PYTHON to one", candidate.display());
    }
    has_pyzmq.then_some(candidate)
}

/// The same as `body` in peer.py.
fn body(number: usize) -> Bytes {
    let size = if number.is_multiple_of(50) { number * 1000 } else { number * 37 % 1200 };
    vec![(number % 251) as u8; size].into()
}

fn numbered(number: usize) -> Message {
    Message::from([Bytes::from(number.to_string()), Bytes::new(), body(number)])
}

async fn connected(endpoint: &Endpoint) -> (DealerHandle, DealerReceiver) {
    let (handle, mut receiver) = Dealer::connect(endpoint.clone(), Limits::dealer());
    assert!(matches!(within(receiver.next()).await, DealerEvent::Connected));
    (handle, receiver)
}

#[tokio::test]
async fn dealer_to_router_and_rep() {
    let Some(python) = python() else { return };
    for place in Place::all() {
        for role in ["router", "rep"] {
            let (server, endpoint) = Python::serve(&python, role, &place.endpoint_for(role)).await;
            let (handle, mut receiver) = connected(&endpoint).await;
            for number in 0..500 {
                handle.try_send(&numbered(number)).unwrap();
            }
            for number in 0..500 {
                match within(receiver.next()).await {
                    DealerEvent::Message(reply) => assert_eq!(reply, numbered(number)),
                    other => panic!("{other:?}"),
                }
            }
            server.kill().await;
            assert!(matches!(within(receiver.next()).await, DealerEvent::Lost { unsent, .. } if unsent.is_empty()));
        }
    }
}

/// The reason why this crate exists: what was asked while the server was dead is refused at once and is never
/// executed by the server that comes back.
#[tokio::test]
async fn a_restarted_rep_gets_nothing_from_the_time_it_was_away() {
    let Some(python) = python() else { return };
    let (server, endpoint) = Python::serve(&python, "rep", &Place::tcp().endpoint()).await;
    let (handle, mut receiver) = connected(&endpoint).await;
    server.kill().await;
    assert!(matches!(within(receiver.next()).await, DealerEvent::Lost { .. }));
    for _ in 0..10 {
        assert_eq!(handle.try_send(&message(&["id", "", "ghost"])), Err(SendError::NotConnected));
    }
    let (mut server, _) = Python::serve(&python, "rep", &endpoint).await;
    assert!(matches!(within(receiver.next()).await, DealerEvent::Connected));
    handle.try_send(&message(&["id", "", "after"])).unwrap();
    assert!(
        matches!(within(receiver.next()).await, DealerEvent::Message(reply) if reply == message(&["id", "", "after"]))
    );
    assert_eq!(server.line().await, "echoed after");
}

#[tokio::test]
async fn router_to_dealer_and_req() {
    let Some(python) = python() else { return };
    for place in Place::all() {
        let stop = CancellationToken::new();
        let mut router = Router::bind(&place.endpoint(), Limits::router(), &stop).await.unwrap();
        let endpoint = router.endpoint().to_string();
        let replies = router.replies();
        let echo = tokio::spawn(async move {
            while let Some((peer, request)) = router.next().await {
                replies.send_to(peer, &request).unwrap();
            }
        });
        let mut peers = ["dealer", "req", "dealer"].map(|role| Python::start(&python, &[role, &endpoint, "500"]));
        for peer in &mut peers {
            assert_eq!(peer.line().await, "done 500");
        }
        stop.cancel();
        within(echo).await.unwrap();
    }
}

/// Receives until "end" and checks that all numbers of `step` are there.
async fn receive_all(sub: &mut Sub, count: usize, step: usize) {
    let (mut batch, mut expected) = (Vec::new(), step - 1);
    loop {
        match within(sub.next(&mut batch)).await {
            SubEvent::Messages => {}
            other => panic!("{other:?}"),
        }
        for message in &batch {
            match &*text(&message.parts()[0]) {
                "sync" => {}
                "end" => return assert!(expected >= count, "{expected} of {count}"),
                _ => {
                    assert_eq!(text(&message.parts()[1]), expected.to_string());
                    assert_eq!(message.parts()[2], body(expected));
                    expected += step;
                }
            }
        }
    }
}

#[tokio::test]
async fn sub_to_pub_and_xpub() {
    let Some(python) = python() else { return };
    for place in Place::all() {
        for role in ["pub", "xpub"] {
            let (mut server, endpoint) = Python::serve(&python, role, &place.endpoint_for(role)).await;
            let mut all = Sub::connect(endpoint.clone(), &[""], Limits::sub());
            let mut ticks = Sub::connect(endpoint.clone(), &["tick.", "end", "sync"], Limits::sub());
            let mut batch = Vec::new();
            for sub in [&mut all, &mut ticks] {
                assert!(matches!(within(sub.next(&mut batch)).await, SubEvent::Connected));
                assert!(matches!(within(sub.next(&mut batch)).await, SubEvent::Messages));
            }
            server.tell("3000").await;
            let sent = async { assert_eq!(server.line().await, "published 3000") };
            tokio::join!(receive_all(&mut all, 3000, 1), receive_all(&mut ticks, 3000, 2), sent);
            server.kill().await;
            assert!(matches!(within(all.next(&mut batch)).await, SubEvent::Lost(_)));
            let (_server, _) = Python::serve(&python, role, &endpoint).await;
            assert!(matches!(within(all.next(&mut batch)).await, SubEvent::Connected));
            assert!(matches!(within(all.next(&mut batch)).await, SubEvent::Messages));
        }
    }
}

fn publish(publisher: &Publisher, count: usize) {
    for number in 0..count {
        let topic: &'static [u8] = if number % 2 == 1 { b"tick." } else { b"order." };
        publisher.send(&Message::from([topic.into(), number.to_string().into(), body(number)]));
    }
    publisher.send(&message(&["end"]));
}

#[tokio::test]
async fn pub_to_sub() {
    let Some(python) = python() else { return };
    for place in Place::all() {
        let limits = Limits { send_queue_bytes: 1 << 30, ..Limits::publisher() };
        let mut publisher =
            Publisher::bind(&place.endpoint(), limits.clone(), &CancellationToken::new()).await.unwrap();
        let endpoint = publisher.endpoint().clone();
        let name = endpoint.to_string();
        let mut all = Python::start(&python, &["sub", &name, ""]);
        let mut some = Python::start(&python, &["sub", &name, "tick.", "order.1", "end", "sync"]);
        let both_listen = || publisher.stats().subscribers == 2 && publisher.handle().is_wanted(b"tick.x");
        until(both_listen).await;
        for peer in [&mut all, &mut some] {
            assert_eq!(peer.line().await, "connecting");
            synced(&publisher, peer).await;
        }
        publish(&publisher, 3000);
        assert_eq!(all.line().await, "received 3000");
        assert_eq!(some.line().await, "received 1500");
        some.tell("tick.").await;
        assert_eq!(some.line().await, "cancelled tick.");
        all.kill().await;
        until(|| publisher.stats().subscribers == 1 && !publisher.handle().is_wanted(b"tick.x")).await;
        assert!(publisher.handle().is_wanted(b"order.1"));
        within(publisher.shutdown()).await;
        // It comes back by itself, and says again what it wants.
        publisher = bind_again(&endpoint, &limits).await;
        until(|| publisher.handle().is_wanted(b"end")).await;
        publish(&publisher, 10);
        assert_eq!(some.line().await, "received 0");
    }
}

/// Binds a port that was ours a moment ago. Its own subscriber may hold it meanwhile: libzmq, reconnecting from a port
/// that the system chose, can connect to itself.
async fn bind_again(endpoint: &Endpoint, limits: &Limits) -> Publisher {
    let bound = async {
        loop {
            match Publisher::bind(endpoint, limits.clone(), &CancellationToken::new()).await {
                Ok(publisher) => return publisher,
                // waits: for the port to be free, within the deadline
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            }
        }
    };
    within(bound).await
}

/// Sends "sync" until the peer says that it got one.
async fn synced(publisher: &Publisher, peer: &mut Python) {
    let sending = async {
        loop {
            publisher.send(&message(&["sync"]));
            // waits: until the peer answers; `within` has the deadline.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::select! {
        () = sending => {}
        line = peer.line() => assert_eq!(line, "synced"),
    }
}

#[tokio::test]
async fn a_strange_peer_is_turned_away() {
    let Some(python) = python() else { return };
    let stop = CancellationToken::new();
    let publisher = Publisher::bind(&Place::tcp().endpoint(), Limits::publisher(), &stop).await.unwrap();
    let name = publisher.endpoint().to_string();
    let _wrong = Python::start(&python, &["req", &name, "1"]);
    until(|| publisher.server_stats().handshakes_failed >= 1).await;
    let mut right = Python::start(&python, &["sub", &name, ""]);
    assert_eq!(right.line().await, "connecting");
    synced(&publisher, &mut right).await;
    assert_eq!(publisher.stats().subscribers, 1);
}

/// libzmq answers PINGs while its application is busy with something else; a stopped process answers none.
#[tokio::test]
async fn a_stopped_peer_is_noticed_and_found_again() {
    let Some(python) = python() else { return };
    let (mut server, endpoint) = Python::serve(&python, "rep", &Place::tcp().endpoint()).await;
    let limits = Limits {
        ping_after: Duration::from_millis(20),
        dead_after: Duration::from_secs(1),
        handshake: Duration::from_millis(500),
        ..Limits::dealer()
    };
    let (handle, mut receiver) = Dealer::connect(endpoint, limits);
    assert!(matches!(within(receiver.next()).await, DealerEvent::Connected));
    server.signal("STOP").await;
    let DealerEvent::Lost { reason, .. } = within(receiver.next()).await else { panic!("lost") };
    assert!(matches!(*reason, LinkError::Silent(_)), "{reason:?}");
    assert_eq!(handle.try_send(&message(&["id", "", "ghost"])), Err(SendError::NotConnected));
    server.signal("CONT").await;
    assert!(matches!(within(receiver.next()).await, DealerEvent::Connected));
    handle.try_send(&message(&["id", "", "after"])).unwrap();
    assert!(matches!(within(receiver.next()).await, DealerEvent::Message(_)));
    assert_eq!(server.line().await, "echoed after");
}
