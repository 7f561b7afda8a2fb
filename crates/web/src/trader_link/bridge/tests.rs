//! The link against a trading process of its own: what is in the snapshot is not applied twice, and it recovers.

use super::*;
use crate::command::{CommandError, Trader};
use crate::replica::{Fact, Link, Replica};
use ::bridge::{About, Answer, Call, Code, Publisher, Request, Server, ServerConfig, Snapshot};
use domain::*;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(90);

fn position(volume: f64) -> Arc<PositionData> {
    Arc::new(PositionData {
        gateway_name: "SIM".into(),
        symbol: "rb2605".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        volume,
        frozen: 0.0,
        price: 3500.0,
        pnl: 0.0,
        yd_volume: 0.0,
        vt_symbol: "rb2605.SHFE".into(),
        vt_positionid: "SIM.rb2605.SHFE.多".into(),
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    })
}

fn order() -> OrderRequest {
    OrderRequest {
        symbol: "rb2605".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume: 1.0,
        price: 3500.0,
        offset: Offset::Open,
        reference: "test".into(),
        forms: NumberForms::default(),
    }
}

/// A trading process. Around each snapshot it tells positions of 1 and 2 lots, which are in it, and of 3, which is not.
async fn trader(path: &Path, stop: CancellationToken) -> tokio::task::JoinHandle<()> {
    trader_that_tells(path, stop, Facts::First).await
}

/// Whether the facts that are in a snapshot are on the wire before its answer, or behind it: when the test says so.
#[derive(Clone)]
enum Facts {
    First,
    Behind(Arc<Notify>),
}

async fn trader_that_tells(path: &Path, stop: CancellationToken, facts: Facts) -> tokio::task::JoinHandle<()> {
    let capabilities = vec!["quotes".into(), "logs".into()];
    let simulated = Some(true);
    let about = About { trader: "test".into(), capabilities, language: Language::En, simulated, ..About::default() };
    let secret = Some(Secret::new("a secret that both of them know"));
    let config = ServerConfig { address: Address::Unix(path.to_owned()), secret, certificate: None, about };
    let mut server = Server::bind(config, &stop).await.expect("bound");
    let publisher = server.publisher();
    tokio::spawn(async move {
        while let Some(request) = server.next().await {
            answer(request, &publisher, facts.clone());
        }
        server.shutdown().await;
    })
}

fn answer(request: Request, publisher: &Publisher, facts: Facts) {
    let telling = publisher.clone();
    let tell = move |lots| telling.fact(::bridge::Fact::Position(position(lots)));
    match request.call {
        Call::Snapshot => {
            let seq = tell(1.0) + 1;
            let snapshot = Snapshot { seq, positions: vec![position(2.0)], ..Snapshot::default() };
            let snapshot = Answer::Snapshot(Box::new(snapshot));
            match facts {
                Facts::First => {
                    assert_eq!((tell(2.0), tell(3.0)), (seq, seq + 1));
                    request.reply.answer(snapshot);
                }
                Facts::Behind(now) => {
                    request.reply.answer(snapshot);
                    tokio::spawn(async move {
                        now.notified().await;
                        assert_eq!((tell(2.0), tell(3.0)), (seq, seq + 1));
                    });
                }
            }
        }
        Call::SendOrder(order, gateway) if order.volume > 0.0 => {
            let order = order.to_order("7", &gateway);
            let id = order.vt_orderid.clone();
            request.reply.answer(Answer::Order(id));
            publisher.fact(::bridge::Fact::Order(Arc::new(order)));
        }
        Call::SendOrder(..) => request.reply.refuse(Code::Refused, "volume 0"),
        _ => request.reply.refuse(Code::Unsupported, "not in this test"),
    }
}

/// Writes down the volumes that it hears.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<f64>>>);

impl Listener for Heard {
    fn fact(&mut self, _: &Replica, fact: &Fact) {
        if let Fact::Position(row) = fact {
            self.0.lock().expect("nobody panicked").push(row.volume);
        }
    }
    fn reset(&mut self, replica: &Replica) {
        let held = replica.positions.rows().map(|row| -row.volume);
        self.0.lock().expect("nobody panicked").extend(held);
    }
    fn link(&mut self, _: &LinkReport) {}
}

async fn wait_for(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}");
        // waits: for the state that the caller names
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

struct Case {
    _folder: tempfile::TempDir,
    path: PathBuf,
    replica: Arc<Shared>,
    heard: Heard,
    link: Arc<BridgeLink>,
    _stop: tokio_util::sync::DropGuard,
}

fn case() -> Case {
    configured(None)
}

fn configured(simulated: Option<bool>) -> Case {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bridge.sock");
    let (replica, heard) = (Arc::new(Shared::default()), Heard::default());
    let secret = Some(Secret::new("a secret that both of them know"));
    let client =
        ClientConfig { address: Address::Unix(path.clone()), secret, fingerprint: None, client: "test".into() };
    let config = BridgeConfig { name: "test".into(), client, language: None, simulated };
    let (link, task) = bridge_link(config, Arc::clone(&replica), None, Box::new(heard.clone()));
    let stop = CancellationToken::new();
    tokio::spawn(task.run(stop.clone()));
    Case { _folder: folder, path, replica, heard, link, _stop: stop.drop_guard() }
}

impl Case {
    async fn has_heard_each_once(&self) {
        self.is(Link::Live).await;
        let heard = || self.heard.0.lock().expect("nobody panicked").clone();
        wait_for("the fact behind the snapshot", || heard().last() == Some(&3.0)).await;
        assert_eq!(format!("{:?}", heard()), "[-2.0, 3.0]", "reset with two lots, then told of three");
    }

    async fn is(&self, link: Link) {
        wait_for("the link's state", || self.replica.read().link == link).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_snapshot_holds_is_not_applied_again() {
    let case = case();
    let stop = CancellationToken::new();
    let task = trader(&case.path, stop.clone()).await;
    case.has_heard_each_once().await;
    let report = case.link.state();
    assert_eq!((report.language, report.missed, report.dialect.as_str()), (Language::En, 0, "bridge"));
    wait_for("the way is measured", || case.link.state().round_trip_us.is_some()).await;
    assert!(report.epoch.is_some() && case.link.state().clock_ahead_us.is_some());
    assert_eq!(case.link.capabilities().names(), ["quotes", "logs"]);
    stop.cancel();
    task.await.expect("it ends well");
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_is_what_it_holds_and_comes_behind_its_answer() {
    let case = case();
    let stop = CancellationToken::new();
    let now = Arc::new(Notify::new());
    let task = trader_that_tells(&case.path, stop.clone(), Facts::Behind(Arc::clone(&now))).await;
    case.is(Link::Live).await;
    now.notify_one();
    case.has_heard_each_once().await;
    stop.cancel();
    task.await.expect("it ends well");
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_it_is_simulated_it_says_itself_unless_the_configuration_does() {
    for (said, wanted) in [(None, Some(true)), (Some(false), Some(false))] {
        let case = configured(said);
        assert_eq!(case.link.state().simulated, said, "nothing is assumed before");
        let stop = CancellationToken::new();
        let task = trader(&case.path, stop.clone()).await;
        case.is(Link::Live).await;
        assert_eq!(case.link.state().simulated, wanted);
        stop.cancel();
        task.await.expect("it ends well");
        case.is(Link::Stale).await;
        assert_eq!(case.link.state().simulated, wanted, "it is the same one while it is away");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_pass_while_it_is_there_and_are_not_sent_while_it_is_away() {
    let case = case();
    let away = case.link.send_order(order(), "SIM".into(), "me").await;
    assert!(matches!(away, Err(CommandError::NotSent(_))), "{away:?}");
    let stop = CancellationToken::new();
    let task = trader(&case.path, stop.clone()).await;
    case.is(Link::Live).await;
    let id = case.link.send_order(order(), "SIM".into(), "me").await.expect("sent");
    case.link.settled("me").await;
    assert!(case.replica.read().orders.get(id.as_str()).is_some(), "the next list of this user has it");
    let refused = case.link.send_order(OrderRequest { volume: 0.0, ..order() }, "SIM".into(), "me").await;
    assert_eq!(refused, Err(CommandError::Refused("volume 0".into())));
    assert!(matches!(case.link.gateways().await, Err(CommandError::Unsupported(_))));

    stop.cancel();
    task.await.expect("it ends well");
    case.is(Link::Stale).await;
    let away = case.link.cancel_order(Arc::new(order().to_order("7", "SIM"))).await;
    assert!(matches!(away, Err(CommandError::NotSent(_))), "{away:?}");
    let stop = CancellationToken::new();
    let task = trader(&case.path, stop.clone()).await;
    case.is(Link::Live).await;
    assert!(case.replica.read().orders.get(id.as_str()).is_none(), "the new process knows nothing of it");
    stop.cancel();
    task.await.expect("it ends well");
}

#[test]
fn a_configuration_without_what_makes_it_safe_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = folder.path();
    let config = |address: &str, fingerprint: Option<&str>| bridge_config(address, None, fingerprint, state);
    assert!(config("unix:/run/bridge.sock", None).is_ok_and(|config| config.secret.is_none()));
    assert!(matches!(config("tcp://127.0.0.1:1", None), Err(BridgeError::NoSecret { .. })));
    assert!(matches!(config("tcp://192.0.2.1:1", None), Err(BridgeError::Address(_))));
    Secret::read_or_make(&state.join(TOKEN_FILE)).expect("made");
    assert!(config("tcp://127.0.0.1:1", None).is_ok_and(|config| config.secret.is_some()));
    assert!(matches!(config("tls://192.0.2.1:1", None), Err(BridgeError::NoFingerprint(_))));
    assert!(matches!(config("tls://192.0.2.1:1", Some("x")), Err(BridgeError::Fingerprint(_))));
    assert!(config("tls://192.0.2.1:1", Some(&"ab".repeat(32))).is_ok());
}
