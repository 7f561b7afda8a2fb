//! Our client against our server, over real sockets: every way in which a call can end.

use super::*;
use crate::client::{CallError, Caller, ClientConfig, Received, Subscriber, connect};
use crate::decode::PeerEvent;
use crate::dialect::{App, Dialect, Framing};
use crate::encode::Outgoing;
use domain::{AccountData, Direction, Exchange, Offset, OrderRequest, OrderType, Text, TickData};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use zmtp::{Endpoint, LinkState};

const PATIENCE: Duration = Duration::from_secs(90);

fn anywhere() -> Endpoint {
    "tcp://127.0.0.1:0".parse().expect("an address")
}

fn order() -> OrderRequest {
    OrderRequest {
        forms: domain::NumberForms::default(),
        symbol: Text::new("rb2601"),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume: 1.0,
        price: 1.0,
        offset: Offset::Open,
        reference: Text::default(),
    }
}

/// Answers orders with their symbol and gateway, accounts with a failure, and nothing else at all.
async fn serve(mut server: Server) {
    let mut held = Vec::new();
    while let Some(request) = server.next().await {
        match &request.function {
            Function::SendOrder(order, gateway) => {
                let id = Text::from(format!("{gateway}.{}", order.symbol));
                request.reply(&Reply::Text(id));
            }
            Function::GetAllAccounts => request.reply(&Reply::Failed("ValueError: no\n".to_owned())),
            _ => held.push(request),
        }
    }
}

struct Peer {
    stop: CancellationToken,
    task: JoinHandle<()>,
    publisher: Publisher,
    request: Endpoint,
}

async fn peer(app: App, framing: Framing, request: &Endpoint, publish: &Endpoint) -> Peer {
    timeout(PATIENCE, bound_peer(app, framing, request, publish)).await.expect("bound in time")
}

async fn bound_peer(app: App, framing: Framing, request: &Endpoint, publish: &Endpoint) -> Peer {
    let stop = CancellationToken::new();
    // A port that was given back a moment ago may be somebody's source port meanwhile.
    let server = loop {
        match Server::bind(request, ServerConfig { app, values: None }, &stop).await {
            Ok(server) => break server,
            // waits: for the port to be free; the whole test has a deadline
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let publisher = loop {
        match Publisher::bind(publish, Dialect { app, framing }, None, &stop).await {
            Ok(publisher) => break publisher,
            // waits: as above
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let request = server.endpoint().clone();
    Peer { task: tokio::spawn(serve(server)), stop, publisher, request }
}

async fn client(peer: &Peer) -> (Caller, JoinHandle<()>, Subscriber) {
    let config = ClientConfig { request: peer.request.clone(), publish: peer.publisher.endpoint().clone() };
    let (caller, driver, subscriber) = connect(&config);
    let driver = tokio::spawn(driver.run());
    connected(&caller).await;
    (caller, driver, subscriber)
}

async fn connected(caller: &Caller) {
    let mut state = caller.watch();
    timeout(PATIENCE, state.wait_for(LinkState::is_connected)).await.expect("in time").expect("is watched");
}

#[tokio::test]
async fn a_call_is_answered_failed_or_missing() {
    let peer = peer(App::WebTrader, Framing::TwoFrames, &anywhere(), &anywhere()).await;
    let (caller, driver, _) = client(&peer).await;
    assert_eq!(caller.send_order(&order(), "CTP").await, Ok(Text::new("CTP.rb2601")));
    assert_eq!(caller.get_all_accounts().await, Err::<Vec<AccountData>, _>(CallError::Failed("ValueError: no".into())));
    assert_eq!(caller.app(PATIENCE).await, Ok(App::WebTrader));
    driver.abort();
}

#[tokio::test]
async fn a_call_without_an_answer_is_unknown_and_poisons_nothing() {
    let peer = peer(App::WebTrader, Framing::TwoFrames, &anywhere(), &anywhere()).await;
    let (caller, driver, _) = client(&peer).await;
    let probe = caller.probe(Duration::from_millis(50)).await;
    assert!(matches!(probe, Err(CallError::Unknown(_))), "{probe:?}");
    assert_eq!(caller.send_order(&order(), "CTP").await, Ok(Text::new("CTP.rb2601")));
    driver.abort();
}

#[tokio::test]
async fn a_peer_that_is_behind_gets_no_orders_even_when_its_callers_have_given_up() {
    let peer = peer(App::WebTrader, Framing::TwoFrames, &anywhere(), &anywhere()).await;
    let (caller, driver, _) = client(&peer).await;
    let probe = caller.probe(Duration::from_millis(50)).await;
    assert!(matches!(probe, Err(CallError::Unknown(_))), "{probe:?}");
    let behind = async {
        while !matches!(caller.send_order(&order(), "CTP").await, Err(CallError::NotSent(_))) {
            // waits: for the peer to be behind for longer than is tolerated
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, behind).await.expect("is refused in time");
    driver.abort();
}

#[tokio::test]
async fn nothing_is_sent_to_a_peer_that_is_away_and_it_is_found_again() {
    let first = peer(App::WebTrader, Framing::OneFrame, &anywhere(), &anywhere()).await;
    let (caller, driver, _) = client(&first).await;
    let (request, publish) = (first.request.clone(), first.publisher.endpoint().clone());
    let hanging = tokio::spawn({
        let caller = caller.clone();
        async move { caller.probe(PATIENCE).await }
    });
    while caller.oldest_waiting().is_none() {
        tokio::task::yield_now().await;
    }
    first.stop.cancel();
    first.task.await.expect("ends");
    drop(first.publisher);
    let hanging = hanging.await.expect("ends");
    assert!(matches!(hanging, Err(CallError::Unknown(_))), "it was with the peer: {hanging:?}");
    let away = caller.send_order(&order(), "CTP").await;
    assert!(matches!(away, Err(CallError::NotSent(_))), "{away:?}");
    let second = peer(App::RpcService, Framing::TwoFrames, &request, &publish).await;
    connected(&caller).await;
    assert_eq!(caller.send_order(&order(), "CTP").await, Ok(Text::new("CTP.rb2601")));
    driver.abort();
    second.stop.cancel();
}

#[tokio::test]
async fn events_arrive_in_order_whatever_the_dialect() {
    for (app, framing) in [(App::WebTrader, Framing::OneFrame), (App::RpcService, Framing::TwoFrames)] {
        let mut peer = peer(app, framing, &anywhere(), &anywhere()).await;
        let (_, driver, mut subscriber) = client(&peer).await;
        let mut events = Vec::new();
        let first = timeout(PATIENCE, subscriber.next(&mut events)).await.expect("in time");
        assert!(matches!(first, Received::Connected));
        while peer.publisher.stats().subscribers == 0 {
            tokio::task::yield_now().await;
        }
        for n in 0..1000 {
            let mut tick = TickData::new("SIM", "rb2601", Exchange::SHFE, None);
            tick.volume = f64::from(n);
            peer.publisher.publish(Outgoing::Tick(&tick));
        }
        let mut volumes = Vec::new();
        while volumes.len() < 1000 {
            timeout(PATIENCE, subscriber.next(&mut events)).await.expect("in time");
            volumes.extend(events.drain(..).filter_map(|published| match published.event {
                PeerEvent::Tick(tick) => Some(tick.volume as i32),
                _ => None,
            }));
        }
        assert!(volumes.iter().copied().eq(0..1000));
        assert_eq!(subscriber.skipped(), 0);
        driver.abort();
    }
}
