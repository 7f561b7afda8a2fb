//! The gateway against a remote over real sockets: both apps, both framings, and every fault between an order and its
//! answer.

#[path = "remote/desk.rs"]
mod desk;
#[path = "remote/veighna.rs"]
mod veighna;

use desk::Desk;
use domain::Status;
use gateway::{Command, LinkState, Report};
use rpc::{App, Dialect, Framing};
use veighna::{Mood, SERVICE, Veighna};

const FIRST: &str = "261122195300_1";
const SECOND: &str = "261122195300_2";

#[test]
fn it_trades_through_every_dialect() {
    for app in [App::RpcService, App::WebTrader] {
        for framing in [Framing::OneFrame, Framing::TwoFrames] {
            trade_through(Dialect { app, framing });
        }
    }
}

fn trade_through(dialect: Dialect) {
    let remote = Veighna::start("CTP", dialect);
    let mut desk = Desk::connected("CTP1", remote.addresses());
    desk.subscribe();
    desk.until("the subscription", |_| (!remote.state().subscribed.is_empty()).then_some(()));
    remote.tick(3_600.0);
    let tick = desk.until("a tick", |desk| {
        desk.reports.iter().find_map(|r| if let Report::Tick(tick) = r { Some(tick.clone()) } else { None })
    });
    assert_eq!((tick.gateway_name.as_str(), tick.vt_symbol.as_str()), ("CTP1", "rb2610.SHFE"));

    desk.send(FIRST, 1.0);
    desk.until_status(FIRST, Status::NotTraded);
    assert_eq!(remote.state().arrived[0].reference, format!("desk@{FIRST}"));
    remote.trade(0, "T1");
    remote.change(0, Status::AllTraded);
    let filled = desk.until_status(FIRST, Status::AllTraded);
    assert_eq!((filled.vt_orderid.as_str(), filled.reference.as_str()), ("CTP1.261122195300_1", "desk"));
    desk.send(SECOND, 2.0);
    desk.until_status(SECOND, Status::NotTraded);
    desk.cancel(SECOND);
    desk.until_status(SECOND, Status::Cancelled);

    desk.history(7);
    let bars = desk.until("bars", |desk| {
        desk.reports
            .iter()
            .find_map(|r| if let Report::History { token: 7, bars } = r { Some(bars.clone()) } else { None })
    });
    match dialect.app {
        App::RpcService => assert_eq!(bars.expect("bars")[0].gateway_name, "CTP1"),
        App::WebTrader => assert!(bars.is_err()),
    }
    for report in &desk.reports {
        let text = format!("{report:?}");
        assert!(!text.contains("\"CTP\"") && !text.contains("\"CTP."), "the remote's name is told: {text}");
    }
}

#[test]
fn it_passes_the_story_of_all_gateways() {
    let remote = Veighna::start("CTP", SERVICE);
    let (request, publish) = remote.addresses();
    let mut gateway = gateway_rpc::RpcGateway::new(gateway_rpc::RpcConfig {
        name: "CTP1".into(),
        language: domain::Language::En,
        zone: "Asia/Shanghai".into(),
    });
    let settings = gateway.settings(&request, &publish);
    gateway::conformance::story(&mut gateway, &settings, &desk::order(1.0), &mut gateway::conformance::real_time());
}

#[test]
fn an_order_that_died_with_the_remote_is_rejected_in_the_end() {
    let mut remote = Veighna::start("CTP", SERVICE);
    let mut desk = Desk::connected("CTP1", remote.addresses());
    remote.state().mood = Mood::Deaf;
    desk.send(FIRST, 1.0);
    desk.until("it arrives", |_| (remote.state().arrived.len() == 1).then_some(()));
    remote.kill();
    desk.until_down();
    desk.until("it is unknown", |desk| desk.has_logged("is unknown").then_some(()));
    assert_eq!(desk.order(FIRST).map(|order| order.status), Some(Status::Submitting));
    // While it is away, orders are refused.
    desk.send(SECOND, 1.0);
    desk.until_status(SECOND, Status::Rejected);
    remote.state().mood = Mood::Good;
    remote.restart();
    desk.until_up();
    assert_eq!(desk.order(FIRST).map(|order| order.status), Some(Status::Submitting));
    desk.pass(6);
    desk.until_status(FIRST, Status::Rejected);
    assert!(desk.has_logged("never got"), "{:?}", desk.logs());
    assert_eq!(remote.state().arrived.len(), 1, "nothing was sent again");
}

#[test]
fn an_order_that_outlived_the_remote_is_found_by_its_reference() {
    let mut remote = Veighna::start("CTP", SERVICE);
    let mut desk = Desk::connected("CTP1", remote.addresses());
    // Killed after the order was carried out and before anybody could be told.
    remote.state().mood = Mood::Deaf;
    desk.send(FIRST, 1.0);
    desk.until("it arrives", |_| (remote.state().arrived.len() == 1).then_some(()));
    remote.kill();
    desk.until("it is unknown", |desk| desk.has_logged("is unknown").then_some(()));
    let sent = remote.state().arrived[0].clone();
    let mut order = sent.to_order("1_100_77", "CTP");
    (order.status, order.traded) = (Status::PartTraded, 0.5);
    remote.state().orders.push(order);
    remote.restart();
    let found = desk.until_status(FIRST, Status::PartTraded);
    assert_eq!((found.traded, found.reference.as_str()), (0.5, "desk"));
    desk.until_up();
    desk.cancel(FIRST);
    desk.until_status(FIRST, Status::Cancelled);
    assert_eq!(remote.state().arrived.len(), 1);
}

#[test]
fn an_answer_that_is_too_late_changes_nothing_that_the_events_have_not_told() {
    let remote = Veighna::start("CTP", SERVICE);
    let mut desk = Desk::connected("CTP1", remote.addresses());
    {
        let mut state = remote.state();
        (state.mood, state.keeps_reference) = (Mood::Late, false);
    }
    // The events name it before its answer does.
    desk.send(FIRST, 1.0);
    desk.until_status(FIRST, Status::NotTraded);
    // One that is not carried out, with an answer that never comes.
    remote.state().mood = Mood::Deaf;
    desk.send(SECOND, 2.0);
    desk.until("the deadline of its answer", |desk| desk.has_logged("is unknown").then_some(()));
    assert_eq!(desk.order(SECOND).map(|order| order.status), Some(Status::Submitting));
    remote.answer();
    remote.change(0, Status::AllTraded);
    desk.until_status(FIRST, Status::AllTraded);
    assert!(!desk.logs().iter().any(|line| line.contains(FIRST) && line.contains("is unknown")), "{:?}", desk.logs());
    desk.pass(6);
    desk.until_status(SECOND, Status::Rejected);
    assert_eq!(remote.state().arrived.len(), 2);
}

#[test]
fn a_refusal_without_an_id_is_a_rejection() {
    let remote = Veighna::start("CTP", SERVICE);
    let mut desk = Desk::connected("CTP1", remote.addresses());
    remote.state().mood = Mood::Refusing;
    desk.send(FIRST, 1.0);
    desk.until_status(FIRST, Status::Rejected);
}

#[test]
fn several_remotes_are_kept_apart() {
    let (one, other) = (Veighna::start("CTP", SERVICE), Veighna::start("CTP", SERVICE));
    let mut first = Desk::connected("CTP1", one.addresses());
    let mut second = Desk::connected("CTP2", other.addresses());
    first.send(FIRST, 1.0);
    second.send(SECOND, 2.0);
    let a = first.until_status(FIRST, Status::NotTraded);
    let b = second.until_status(SECOND, Status::NotTraded);
    assert_eq!((a.vt_orderid.as_str(), b.vt_orderid.as_str()), ("CTP1.261122195300_1", "CTP2.261122195300_2"));
    assert_eq!((one.state().arrived.len(), other.state().arrived.len()), (1, 1));
    second.cancel(SECOND);
    second.until_status(SECOND, Status::Cancelled);
    first.wake();
    assert_eq!(first.order(FIRST).map(|order| order.status), Some(Status::NotTraded));
}

#[test]
fn everything_is_there_again_after_a_restart_of_either_side() {
    let mut remote = Veighna::start("CTP", SERVICE);
    let mut desk = Desk::connected("CTP1", remote.addresses());
    desk.subscribe();
    desk.send(FIRST, 1.0);
    desk.until_status(FIRST, Status::NotTraded);
    desk.until("the subscription", |_| (remote.state().subscribed.len() == 1).then_some(()));
    remote.kill();
    desk.until_down();
    desk.cancel(FIRST);
    assert!(desk.has_logged("is not cancelled"), "{:?}", desk.logs());
    // It goes on while nobody listens.
    remote.state().orders[0].status = Status::AllTraded;
    remote.restart();
    desk.until_status(FIRST, Status::AllTraded);
    desk.until("the subscription again", |_| (remote.state().subscribed.len() == 2).then_some(()));
    // Ours, new from nothing.
    let mut later = Desk::connected("CTP1", remote.addresses());
    assert_eq!(later.until_status(FIRST, Status::AllTraded).reference, "desk");
}

#[test]
fn after_a_logout_nothing_is_told_and_a_login_starts_anew() {
    let remote = Veighna::start("CTP", SERVICE);
    let mut desk = Desk::connected("CTP1", remote.addresses());
    desk.send(FIRST, 1.0);
    desk.until_status(FIRST, Status::NotTraded);
    desk.command(Command::Close);
    assert_eq!(desk.link(), Some(&LinkState::Down(None)));
    let told = desk.reports.len();
    remote.change(0, Status::AllTraded);
    desk.wake();
    assert_eq!(desk.reports.len(), told);
    desk.send(SECOND, 1.0);
    desk.until_status(SECOND, Status::Rejected);
    desk.connect(remote.addresses());
    desk.until_status(FIRST, Status::AllTraded);
    assert_eq!(remote.state().arrived.len(), 1);
}
