//! Our roles against each other, over TCP and Unix sockets: messages, reconnects, what was not sent, what is shed.

#![allow(clippy::unwrap_used, reason = "what goes wrong in a helper fails the test")]

mod support;

use bytes::Bytes;
use std::time::Duration;
use support::{Place, message, text, until, within};
use tokio_util::sync::CancellationToken;
use zmtp::{
    Dealer, DealerEvent, DealerHandle, DealerReceiver, Endpoint, Limits, LinkError, LinkState, Message, Publisher,
    ReplyError, Router, SendError, Sub, SubEvent,
};

async fn dealer(endpoint: &Endpoint) -> (DealerHandle, DealerReceiver) {
    let (handle, mut receiver) = Dealer::connect(endpoint.clone(), Limits::dealer());
    assert!(matches!(within(receiver.next()).await, DealerEvent::Connected));
    (handle, receiver)
}

async fn reply(receiver: &mut DealerReceiver) -> Message {
    match within(receiver.next()).await {
        DealerEvent::Message(message) => message,
        other => panic!("not a message: {other:?}"),
    }
}

async fn router(endpoint: &Endpoint) -> Router {
    within(Router::bind(endpoint, Limits::router(), &CancellationToken::new())).await.unwrap()
}

#[tokio::test]
async fn requests_and_replies_find_their_way() {
    for place in Place::all() {
        let mut router = router(&place.endpoint()).await;
        let (one, mut from_one) = dealer(router.endpoint()).await;
        let (two, mut from_two) = dealer(router.endpoint()).await;
        for number in 0..500 {
            one.try_send(&message(&["1", "", &number.to_string()])).unwrap();
            two.try_send(&message(&["2", "", &"x".repeat(number * 100)])).unwrap();
        }
        let replies = router.replies();
        let echo = async {
            for _ in 0..1000 {
                let (peer, request) = within(router.next()).await.unwrap();
                replies.send_to(peer, &request).unwrap();
            }
        };
        let ones = async {
            for number in 0..500 {
                assert_eq!(reply(&mut from_one).await, message(&["1", "", &number.to_string()]));
            }
        };
        let twos = async {
            for number in 0..500 {
                assert_eq!(reply(&mut from_two).await, message(&["2", "", &"x".repeat(number * 100)]));
            }
        };
        tokio::join!(echo, ones, twos);
        assert!(one.state().is_connected());
        within(router.shutdown()).await;
        assert!(matches!(within(from_one.next()).await, DealerEvent::Lost { unsent, .. } if unsent.is_empty()));
    }
}

#[tokio::test]
async fn nothing_is_kept_for_a_peer_that_is_away() {
    let place = Place::tcp();
    let first = router(&place.endpoint()).await;
    let endpoint = first.endpoint().clone();
    let (handle, mut receiver) = Dealer::connect(endpoint.clone(), Limits::dealer());
    assert_eq!(handle.try_send(&message(&["before"])), Err(SendError::NotConnected));
    assert!(matches!(within(receiver.next()).await, DealerEvent::Connected));
    within(first.shutdown()).await;
    assert!(matches!(within(receiver.next()).await, DealerEvent::Lost { .. }));
    assert!(matches!(handle.state(), LinkState::Connecting { failures: 1, reason: Some(_) }));
    for _ in 0..100 {
        assert_eq!(handle.try_send(&message(&["away"])), Err(SendError::NotConnected));
    }
    let mut second = router(&endpoint).await;
    assert!(matches!(within(receiver.next()).await, DealerEvent::Connected));
    handle.try_send(&message(&["after"])).unwrap();
    assert_eq!(within(second.next()).await.unwrap().1, message(&["after"]));
}

/// A peer that shakes hands and then reads nothing: what the kernel did not take comes back, in order, and the
/// peer can have got only the messages before those.
#[tokio::test]
async fn what_was_not_written_comes_back() {
    let (listener, endpoint) = support::raw_listener().await;
    let (handle, mut receiver) = Dealer::connect(endpoint, Limits { send_queue_messages: 50, ..Limits::dealer() });
    let (connected, mut peer) = tokio::join!(within(receiver.next()), support::raw_accept(&listener, "ROUTER"));
    assert!(matches!(connected, DealerEvent::Connected));
    let body = "y".repeat(200_000);
    let mut accepted = 0;
    let refused = loop {
        match handle.try_send(&message(&[&accepted.to_string(), &body])) {
            Ok(()) => accepted += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(refused, SendError::Full);
    // Hang up without having read: the receiver learns of it while its writes are stuck.
    peer.hang_up_after_reading(1_000_000).await;
    let DealerEvent::Lost { unsent, .. } = within(receiver.next()).await else { panic!("lost") };
    let numbers: Vec<u32> = unsent.iter().map(|message| text(&message.parts()[0]).parse().unwrap()).collect();
    assert!(numbers.len() >= 50, "the queue was full: {}", numbers.len());
    assert_eq!(numbers, (accepted - numbers.len() as u32..accepted).collect::<Vec<_>>());
    assert!(peer.complete_messages() <= numbers[0] as usize);
    assert_eq!(handle.try_send(&message(&["x"])), Err(SendError::NotConnected));
}

#[tokio::test]
async fn a_dropped_receiver_takes_no_messages() {
    let router = router(&Place::tcp().endpoint()).await;
    let (handle, receiver) = dealer(router.endpoint()).await;
    drop(receiver);
    assert_eq!(handle.try_send(&message(&["x"])), Err(SendError::NotConnected));
    until(|| router.stats().connections == 0).await;
}

#[tokio::test]
async fn an_owner_can_ask_for_a_new_connection() {
    let router = router(&Place::tcp().endpoint()).await;
    let (handle, mut receiver) = dealer(router.endpoint()).await;
    handle.reset();
    assert_eq!(handle.try_send(&message(&["x"])), Err(SendError::NotConnected));
    let DealerEvent::Lost { reason, .. } = within(receiver.next()).await else { panic!("lost") };
    assert!(matches!(*reason, LinkError::Reset));
    assert!(matches!(within(receiver.next()).await, DealerEvent::Connected));
}

#[tokio::test]
async fn attempts_go_on_and_say_why_they_fail() {
    let mut sub = Sub::connect(Place::nowhere(), &[b""], Limits::sub());
    let mut state = sub.watch();
    let failing = |state: &LinkState| matches!(state, LinkState::Connecting { failures: 3.., reason: Some(why) } if matches!(**why, LinkError::Connect(_)));
    let mut batch = Vec::new();
    tokio::select! {
        event = sub.next(&mut batch) => panic!("{event:?}"),
        failed = within(state.wait_for(failing)) => drop(failed.unwrap()),
    }
}

#[tokio::test]
async fn a_call_that_is_cancelled_all_the_time_still_connects() {
    let router = router(&Place::tcp().endpoint()).await;
    let (_handle, mut receiver) = Dealer::connect(router.endpoint().clone(), Limits::dealer());
    within(async {
        loop {
            tokio::select! {
                biased;
                event = receiver.next() => break assert!(matches!(event, DealerEvent::Connected)),
                () = tokio::task::yield_now() => {}
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_peer_that_vanished_cannot_be_answered() {
    let mut router = router(&Place::tcp().endpoint()).await;
    let (handle, receiver) = dealer(router.endpoint()).await;
    handle.try_send(&message(&["ask"])).unwrap();
    let (peer, _) = within(router.next()).await.unwrap();
    drop((handle, receiver));
    until(|| router.replies().peers() == 0).await;
    assert_eq!(router.replies().send_to(peer, &message(&["answer"])), Err(ReplyError::Gone));
}

#[tokio::test]
async fn a_peer_that_does_not_read_fills_only_its_own_queue() {
    let limits = Limits { send_queue_bytes: 1 << 20, ..Limits::router() };
    let mut router = Router::bind(&Place::tcp().endpoint(), limits, &CancellationToken::new()).await.unwrap();
    let (stuck, mut unread) = dealer(router.endpoint()).await;
    stuck.try_send(&message(&["stuck"])).unwrap();
    let (peer, _) = within(router.next()).await.unwrap();
    let large = Message::from(Bytes::from(vec![0; 100_000]));
    let replies = router.replies();
    let mut accepted = 0;
    while replies.send_to(peer, &large).is_ok() {
        accepted += 1;
    }
    assert_eq!(replies.send_to(peer, &large), Err(ReplyError::Full));
    let (other, mut from_other) = dealer(router.endpoint()).await;
    other.try_send(&message(&["other"])).unwrap();
    let (other_peer, _) = within(router.next()).await.unwrap();
    replies.send_to(other_peer, &message(&["fine"])).unwrap();
    assert_eq!(reply(&mut from_other).await, message(&["fine"]));
    for _ in 0..accepted {
        assert_eq!(reply(&mut unread).await, large);
    }
}

/// Requests for large answers, none of them read: the server stops reading instead of piling up answers, and
/// gives the peer up after a while.
#[tokio::test]
async fn a_peer_that_asks_without_reading_is_not_read_from() {
    let limits = Limits { stalled: Duration::from_millis(300), ..Limits::router() };
    let mut router = Router::bind(&Place::tcp().endpoint(), limits, &CancellationToken::new()).await.unwrap();
    let mut greedy = support::Raw::connect(router.endpoint()).await;
    greedy.shake_hands("DEALER", 1).await;
    greedy.send(&b"\x00\x04more".repeat(1000)).await;
    let answer = Message::from(Bytes::from(vec![0; 1 << 20]));
    let (replies, mut answered) = (router.replies(), 0);
    let serving = async {
        while let Some((peer, _)) = router.next().await {
            // Gone, once it was given up.
            answered += u32::from(replies.send_to(peer, &answer).is_ok());
        }
    };
    tokio::select! {
        () = serving => panic!("the server ended"),
        () = until(|| replies.peers() == 0) => {}
    }
    assert!(answered < 200, "{answered} answers of 1 MB");
}

async fn subscriber(endpoint: &Endpoint, prefix: &str) -> Sub {
    let mut sub = Sub::connect(endpoint.clone(), &[prefix], Limits::sub());
    assert!(matches!(within(sub.next(&mut Vec::new())).await, SubEvent::Connected));
    sub
}

async fn publisher(endpoint: &Endpoint, limits: Limits) -> Publisher {
    within(Publisher::bind(endpoint, limits, &CancellationToken::new())).await.unwrap()
}

/// "Connected" comes behind the subscription, so nothing needs to be waited for before the first message.
#[tokio::test]
async fn subscribers_get_what_they_asked_for() {
    for place in Place::all() {
        let publisher = publisher(&place.endpoint(), Limits::publisher()).await;
        let mut all = subscriber(publisher.endpoint(), "").await;
        let mut ticks = subscriber(publisher.endpoint(), "tick").await;
        assert!(publisher.handle().is_wanted(b"other"));
        let handle = publisher.handle();
        let sending = std::thread::spawn(move || {
            for number in 0..10_000 {
                handle.send(&message(&[
                    ["tick.", "order."][number % 2],
                    &number.to_string(),
                    &"z".repeat(number % 700),
                ]));
            }
        });
        for (sub, step) in [(&mut all, 1), (&mut ticks, 2)] {
            let mut expected = 0;
            let mut batch = Vec::new();
            while expected < 10_000 {
                assert!(matches!(within(sub.next(&mut batch)).await, SubEvent::Messages));
                for message in &batch {
                    assert_eq!(text(&message.parts()[1]), expected.to_string());
                    expected += step;
                }
            }
        }
        sending.join().unwrap();
        assert_eq!(publisher.stats().dropped, 0);
        assert_eq!(publisher.stats().queued, 15_000);
    }
}

#[tokio::test]
async fn a_subscriber_comes_back_when_its_publisher_does() {
    for place in Place::all() {
        let mut publishing = publisher(&place.endpoint(), Limits::publisher()).await;
        let endpoint = publishing.endpoint().clone();
        let mut sub = subscriber(&endpoint, "").await;
        let mut batch = Vec::new();
        for round in ["one", "two", "three"] {
            publishing.send(&message(&[round]));
            assert!(matches!(within(sub.next(&mut batch)).await, SubEvent::Messages));
            assert_eq!(batch, [message(&[round])]);
            within(publishing.shutdown()).await;
            assert!(matches!(within(sub.next(&mut batch)).await, SubEvent::Lost(_)));
            publishing = publisher(&endpoint, Limits::publisher()).await;
            assert!(matches!(within(sub.next(&mut batch)).await, SubEvent::Connected));
        }
    }
}

#[tokio::test]
async fn a_slow_subscriber_loses_for_itself_alone() {
    let limits = Limits { send_queue_messages: 100, ..Limits::publisher() };
    let publisher = publisher(&Place::tcp().endpoint(), limits).await;
    let mut stalled = subscriber(publisher.endpoint(), "").await;
    let mut reading = subscriber(publisher.endpoint(), "").await;
    let body = "b".repeat(20_000);
    let (mut sent, mut batch) = (0, Vec::new());
    // As fast as the reader takes them, until the other one has lost some.
    while publisher.stats().dropped == 0 {
        publisher.send(&message(&[&sent.to_string(), &body]));
        assert!(matches!(within(reading.next(&mut batch)).await, SubEvent::Messages));
        assert_eq!(batch, [message(&[&sent.to_string(), &body])]);
        sent += 1;
    }
    let kept = sent - 1;
    let mut received = 0;
    while received < kept {
        assert!(matches!(within(stalled.next(&mut batch)).await, SubEvent::Messages));
        for message in &batch {
            assert_eq!(
                text(&message.parts()[0]),
                received.to_string(),
                "the newest is dropped, never one in the middle"
            );
            received += 1;
        }
    }
}

#[tokio::test]
async fn a_message_above_the_bounds_costs_only_itself() {
    let publisher = publisher(&Place::tcp().endpoint(), Limits::publisher()).await;
    let limits = Limits { frame_bytes: 1000, ..Limits::sub() };
    let mut sub = Sub::connect(publisher.endpoint().clone(), &[b""], limits);
    let mut batch = Vec::new();
    assert!(matches!(within(sub.next(&mut batch)).await, SubEvent::Connected));
    for body in ["a", &"b".repeat(3_000_000), "c"] {
        publisher.send(&message(&[body]));
    }
    let mut seen = Vec::new();
    while seen.len() < 3 {
        match within(sub.next(&mut batch)).await {
            SubEvent::Messages => seen.extend(batch.iter().map(|message| text(&message.parts()[0]))),
            SubEvent::Oversized { bytes } => seen.push(format!("{bytes} skipped")),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(seen, ["a", "3000009 skipped", "c"]);
}
