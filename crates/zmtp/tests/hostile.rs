//! Peers that break the protocol, or keep to it with bad intent: each is closed with a reason, nothing panics,
//! nobody else notices.

#![allow(clippy::unwrap_used, reason = "what goes wrong in a helper fails the test")]

mod support;

use std::time::Duration;
use support::{
    Place, Raw, greeting_of, message, ping, raw_accept, raw_accept_version, raw_listener, ready, until, within,
};
use tokio_util::sync::CancellationToken;
use zmtp::{
    Dealer, DealerEvent, DealerReceiver, Limits, LinkError, LinkState, Publisher, Router, Sub, SubEvent,
    codec::{CodecError, Item, command},
};

async fn router(limits: Limits) -> Router {
    Router::bind(&Place::tcp().endpoint(), limits, &CancellationToken::new()).await.unwrap()
}

async fn publisher(limits: Limits) -> Publisher {
    Publisher::bind(&Place::tcp().endpoint(), limits, &CancellationToken::new()).await.unwrap()
}

fn frame_header(flags: u8, size: u64) -> Vec<u8> {
    [&[flags | 2][..], &size.to_be_bytes()].concat()
}

/// A request through and back: the server is alive and well.
async fn still_serves(router: &mut Router) {
    let mut peer = Raw::connect(router.endpoint()).await;
    peer.shake_hands("REQ", 1).await;
    peer.send(b"\x01\x00\x00\x02hi").await;
    let (id, request) = within(router.next()).await.unwrap();
    assert_eq!(request, message(&["", "hi"]));
    router.replies().send_to(id, &request).unwrap();
    assert_eq!(peer.item().await, Item::Message(request));
}

#[tokio::test]
async fn a_handshake_that_is_none_ends() {
    let mut router = router(Limits { handshake: Duration::from_millis(500), ..Limits::router() }).await;
    let mut other_mechanism = greeting_of(1);
    other_mechanism[12..17].copy_from_slice(b"PLAIN");
    let mut old = greeting_of(0);
    old[10] = 1;
    let with = |after: Vec<u8>| [greeting_of(1), after].concat();
    let attacks: [Vec<u8>; 14] = [
        vec![],
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        vec![0; 64],
        vec![0xff; 64],
        greeting_of(1)[..30].to_vec(),
        other_mechanism,
        old,
        with(vec![]),
        with(ready("PUB")),
        with(b"\x04\x06\x05READY".to_vec()),
        with(b"\x04\x05\x04PING".to_vec()),
        with(b"\x00\x05hello".to_vec()),
        with(frame_header(0, 1 << 40)),
        with(frame_header(4, 1 << 40)),
    ];
    for (count, attack) in attacks.iter().enumerate() {
        let mut peer = Raw::connect(router.endpoint()).await;
        peer.send(attack).await;
        peer.closed().await;
        until(|| router.stats().handshakes_failed == count as u64 + 1).await;
    }
    assert_eq!(router.replies().peers(), 0);
    still_serves(&mut router).await;
}

#[tokio::test]
async fn the_wrong_socket_type_is_told_so() {
    let publisher = publisher(Limits::publisher()).await;
    for wrong in ["REQ", "PUB", "DEALER", "PULL", "nonsense"] {
        let mut peer = Raw::connect(publisher.endpoint()).await;
        peer.shake_hands(wrong, 1).await;
        assert_eq!(peer.item().await, Item::Command(command::error("Invalid socket type").slice(2..)));
        peer.closed().await;
    }
    until(|| publisher.server_stats().handshakes_failed == 5).await;
}

#[tokio::test]
async fn traffic_beyond_the_bounds_ends() {
    let limits = Limits { frame_bytes: 1000, message_bytes: 2000, parts: 4, ..Limits::router() };
    let mut router = router(limits).await;
    let attacks: [Vec<u8>; 7] = [
        frame_header(0, 1 << 40),
        frame_header(1, u64::MAX),
        b"\x01\x00".repeat(100_000),
        [&frame_header(1, 900)[..], &[0; 900]].concat().repeat(3),
        b"\xf0\x00".to_vec(),
        b"\x04\x05\x09PING".to_vec(),
        frame_header(4, 1 << 40),
    ];
    for (count, attack) in attacks.iter().enumerate() {
        let mut peer = Raw::connect(router.endpoint()).await;
        peer.shake_hands("DEALER", 1).await;
        // It may be closed before all of it is sent.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut peer.stream, attack).await;
        peer.closed().await;
        until(|| router.stats().cut == count as u64 + 1).await;
    }
    assert_eq!(router.replies().peers(), 0);
    still_serves(&mut router).await;
}

#[tokio::test]
async fn subscriptions_have_a_bound() {
    let publisher = publisher(Limits { subscriptions: 10, ..Limits::publisher() }).await;
    let mut peer = Raw::connect(publisher.endpoint()).await;
    peer.shake_hands("SUB", 1).await;
    for number in 0..11u8 {
        // Asking twice counts once.
        peer.send(&command::subscribe(&[number % 10])).await;
    }
    peer.send(&ping(b"still here")).await;
    assert_eq!(peer.item().await, Item::Command(command::pong(b"still here").slice(2..)));
    peer.send(&command::subscribe(b"one too many")).await;
    peer.closed().await;
    until(|| publisher.server_stats().cut == 1 && publisher.stats().subscribers == 0).await;
}

#[tokio::test]
async fn both_ways_of_subscribing_are_understood() {
    let publisher = publisher(Limits::publisher()).await;
    for minor in [0, 1] {
        let mut peer = Raw::connect(publisher.endpoint()).await;
        peer.shake_hands("SUB", minor).await;
        let command = |name: u8, frame: bytes::Bytes| if minor == 0 { vec![0, 2, name, b'a'] } else { frame.to_vec() };
        peer.send(&command(1, command::subscribe(b"a"))).await;
        until(|| publisher.handle().is_wanted(b"abc")).await;
        assert!(!publisher.handle().is_wanted(b"b"));
        publisher.send(&message(&["b", "no"]));
        publisher.send(&message(&["abc", "yes"]));
        assert_eq!(peer.item().await, Item::Message(message(&["abc", "yes"])));
        peer.send(&command(0, command::cancel(b"a"))).await;
        until(|| !publisher.handle().is_wanted(b"abc")).await;
    }
}

#[tokio::test]
async fn caps_hold_and_places_come_back() {
    let limits = Limits { connections_per_address: 3, connections_total: 5, ..Limits::router() };
    let mut router = router(limits).await;
    let mut inside = Vec::new();
    for _ in 0..3 {
        let mut peer = Raw::connect(router.endpoint()).await;
        peer.shake_hands("DEALER", 1).await;
        inside.push(peer);
    }
    for refused in 1..4 {
        Raw::connect(router.endpoint()).await.closed().await;
        until(|| router.stats().refused == refused).await;
    }
    inside.pop();
    until(|| router.stats().connections == 2).await;
    still_serves(&mut router).await;
}

#[tokio::test]
async fn a_flood_of_pings_that_nobody_reads_is_no_memory() {
    let limits = Limits { send_queue_bytes: 100_000, ..Limits::router() };
    let mut router = router(limits).await;
    let mut peer = Raw::connect(router.endpoint()).await;
    peer.shake_hands("DEALER", 1).await;
    let flood = ping(b"0123456789abcdef").repeat(1000);
    for _ in 0..1000 {
        peer.send(&flood).await;
    }
    peer.send(b"\x00\x03end").await;
    assert_eq!(within(router.next()).await.unwrap().1, message(&["end"]));
    still_serves(&mut router).await;
}

type Expected = fn(&LinkError) -> bool;

async fn reason_after(mut receiver: DealerReceiver) -> std::sync::Arc<LinkError> {
    assert!(matches!(within(receiver.next()).await, DealerEvent::Connected));
    match within(receiver.next()).await {
        DealerEvent::Lost { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_client_leaves_a_peer_that_breaks_the_protocol() {
    let (listener, endpoint) = raw_listener().await;
    let attacks: [(Vec<u8>, Expected); 4] = [
        (frame_header(0, 1 << 40), |reason| {
            matches!(reason, LinkError::Protocol(CodecError::MessageTooLarge { .. } | CodecError::FrameTooLarge { .. }))
        }),
        (b"\x80\x00".to_vec(), |reason| matches!(reason, LinkError::Protocol(CodecError::Flags(0x80)))),
        (command::error("go away").to_vec(), |reason| matches!(reason, LinkError::Refused(why) if why == "go away")),
        (vec![], |reason| matches!(reason, LinkError::Closed)),
    ];
    for (attack, expected) in attacks {
        let (_handle, receiver) = Dealer::connect(endpoint.clone(), Limits::dealer());
        let peer = async {
            let mut peer = raw_accept(&listener, "ROUTER").await;
            peer.send(&attack).await;
            // The socket is closed at the end of this block.
        };
        let (reason, ()) = tokio::join!(reason_after(receiver), peer);
        assert!(expected(&reason), "{reason:?}");
    }
}

#[tokio::test]
async fn a_silent_peer_is_asked_and_then_given_up() {
    let (listener, endpoint) = raw_listener().await;
    let limits =
        Limits { ping_after: Duration::from_millis(50), dead_after: Duration::from_millis(200), ..Limits::dealer() };
    let (_handle, receiver) = Dealer::connect(endpoint, limits);
    let peer = async {
        let mut peer = raw_accept(&listener, "ROUTER").await;
        assert!(matches!(peer.item().await, Item::Command(body) if body.starts_with(b"\x04PING")));
        peer
    };
    let (reason, _peer) = tokio::join!(reason_after(receiver), peer);
    assert!(matches!(*reason, LinkError::Silent(_)), "{reason:?}");
}

#[tokio::test]
async fn a_peer_that_answers_pings_is_alive_however_long_it_says_nothing_else() {
    let (listener, endpoint) = raw_listener().await;
    let limits =
        Limits { ping_after: Duration::from_millis(10), dead_after: Duration::from_millis(500), ..Limits::dealer() };
    let (_handle, mut receiver) = Dealer::connect(endpoint, limits);
    let peer = async {
        let mut peer = raw_accept(&listener, "ROUTER").await;
        for _ in 0..100 {
            assert!(matches!(peer.item().await, Item::Command(body) if body.starts_with(b"\x04PING")));
            peer.send(&command::pong(b"")).await;
        }
        peer.send(b"\x00\x03end").await;
        peer
    };
    let events = async {
        assert!(matches!(within(receiver.next()).await, DealerEvent::Connected));
        within(receiver.next()).await
    };
    let (event, _peer) = tokio::join!(events, peer);
    assert!(matches!(event, DealerEvent::Message(end) if end == message(&["end"])));
}

#[tokio::test]
async fn a_server_that_accepts_and_says_nothing_is_left_and_tried_again() {
    let (listener, endpoint) = raw_listener().await;
    let limits = Limits { handshake: Duration::from_millis(100), ..Limits::sub() };
    let mut sub = Sub::connect(endpoint, &[b""], limits);
    let mut state = sub.watch();
    let silent = async {
        let _first = within(listener.accept()).await.unwrap();
        let timed_out = |state: &LinkState| matches!(state, LinkState::Connecting { reason: Some(why), .. } if matches!(**why, LinkError::HandshakeTimeout(_)));
        within(state.wait_for(timed_out)).await.unwrap();
        raw_accept(&listener, "PUB").await
    };
    let mut batch = Vec::new();
    let (event, _peer) = tokio::join!(within(sub.next(&mut batch)), silent);
    assert!(matches!(event, SubEvent::Connected));
}

#[tokio::test]
async fn an_older_publisher_gets_its_subscriptions_as_messages() {
    let (listener, endpoint) = raw_listener().await;
    let mut sub = Sub::connect(endpoint, &["tick", "order"], Limits::sub());
    let peer = async {
        let mut peer = raw_accept_version(&listener, "PUB", 0).await;
        assert_eq!(peer.item().await, Item::Message(message(&["\u{1}tick"])));
        assert_eq!(peer.item().await, Item::Message(message(&["\u{1}order"])));
        peer.send(b"\x00\x04tick").await;
        peer
    };
    let mut batch = Vec::new();
    let events = async {
        assert!(matches!(within(sub.next(&mut batch)).await, SubEvent::Connected));
        assert!(matches!(within(sub.next(&mut batch)).await, SubEvent::Messages));
    };
    let ((), _peer) = tokio::join!(events, peer);
    assert_eq!(batch, [message(&["tick"])]);
}
