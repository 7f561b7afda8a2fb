//! One case each.

use super::*;

const ID: &str = "261122195300_1";

/// The request that left for the remote.
fn taken(rig: &mut Rig) -> OrderRequest {
    match rig.jobs.try_recv().expect("a job") {
        Job::Send { request, gateway, .. } => {
            assert_eq!(gateway, "CTP", "the remote's own name of its gateway");
            request
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_order_goes_out_and_its_events_come_back_under_our_names() {
    let mut rig = Rig::live(Vec::new());
    rig.send(ID, request(1.0));
    let sent = taken(&mut rig);
    assert_eq!(sent.reference, format!("web#ABC@{ID}"));
    // The first event is faster than the answer.
    rig.tell(event(remote_order("1_2_3", &sent, Status::NotTraded, true)));
    rig.sent(ID, Ok("CTP.1_2_3"));
    let filled = remote_order("1_2_3", &sent, Status::AllTraded, false);
    rig.tell(event(OrderData { traded: 1.0, ..filled.clone() }));
    rig.tell(Told::Event(PeerEvent::Trade(Box::new(remote_trade(&filled, "T1")))));
    let order = rig.state(ID).expect("it was reported");
    assert_eq!((order.gateway_name.as_str(), order.vt_orderid.as_str()), ("CTP1", "CTP1.261122195300_1"));
    assert_eq!((order.reference.as_str(), order.status, order.traded), ("web#ABC", Status::AllTraded, 1.0));
    let Some(Report::Trade(trade)) = rig.reports.last() else { panic!("no trade") };
    assert_eq!((trade.vt_orderid.as_str(), trade.vt_tradeid.as_str()), ("CTP1.261122195300_1", "CTP1.T1"));
    assert!(rig.jobs.try_recv().is_err(), "nothing else was sent");
}

#[test]
fn while_the_remote_is_away_orders_are_refused_at_once_and_cancels_answered() {
    let mut rig = Rig::new();
    rig.send(ID, request(1.0));
    assert_eq!(rig.status(ID), Status::Rejected);
    rig.sync(Vec::new());
    rig.send("261122195300_2", request(1.0));
    let sent = taken(&mut rig);
    rig.sent("261122195300_2", Ok("CTP.1"));
    rig.tell(event(remote_order("1", &sent, Status::NotTraded, true)));
    rig.tell(Told::Lost("reset".into()));
    rig.cancel("261122195300_2");
    rig.send("261122195300_3", request(1.0));
    assert_eq!(rig.status("261122195300_3"), Status::Rejected);
    assert!(rig.logs().iter().any(|line| line.contains("261122195300_2 is not cancelled")), "{:?}", rig.logs());
    assert!(rig.jobs.try_recv().is_err(), "nothing left");
    // Nothing that was refused is sent later.
    rig.sync(Vec::new());
    while let Ok(job) = rig.jobs.try_recv() {
        assert!(!matches!(job, Job::Send { .. }), "{job:?}");
    }
}

#[test]
fn a_lost_answer_is_made_up_for_by_an_event_with_our_id() {
    let mut rig = Rig::live(Vec::new());
    rig.send(ID, request(1.0));
    let sent = taken(&mut rig);
    rig.sent(ID, Err(lost()));
    assert_eq!(rig.status(ID), Status::Submitting);
    assert!(rig.logs().iter().any(|line| line.contains("is unknown")), "{:?}", rig.logs());
    rig.tell(event(remote_order("9", &sent, Status::NotTraded, true)));
    assert_eq!(rig.status(ID), Status::NotTraded);
    // A list that is older than the event changes nothing.
    rig.pass(20);
    rig.answer_looks(&[]);
    assert_eq!(rig.status(ID), Status::NotTraded);
}

#[test]
fn an_order_that_never_arrived_is_rejected_after_two_looks_and_not_before() {
    let mut rig = Rig::live(Vec::new());
    rig.send(ID, request(1.0));
    taken(&mut rig);
    rig.sent(ID, Err(lost()));
    rig.pass(0);
    assert_eq!(rig.answer_looks(&[]), 1);
    assert_eq!(rig.status(ID), Status::Submitting);
    rig.pass(2);
    assert_eq!(rig.answer_looks(&[]), 0, "too early to mean anything");
    rig.pass(4);
    assert_eq!(rig.answer_looks(&[]), 1);
    assert_eq!(rig.status(ID), Status::Rejected);
    assert!(rig.logs().iter().any(|line| line.contains("never got")), "{:?}", rig.logs());
}

#[test]
fn a_remote_that_is_not_logged_in_yet_proves_nothing() {
    let mut rig = Rig::live(Vec::new());
    rig.send(ID, request(1.0));
    let sent = taken(&mut rig);
    rig.tell(Told::Lost("killed".into()));
    rig.sent(ID, Err(CallError::Unknown("the connection was lost".into())));
    rig.tell(Told::Syncing);
    rig.tell(Told::Snapshot(Box::new(Snapshot { contracts: Vec::new(), ..snapshot(Vec::new()) })));
    for _ in 0..20 {
        rig.pass(6);
        rig.answer_looks(&[]);
        assert_eq!(rig.status(ID), Status::Submitting);
    }
    // It logs in, and has the order.
    rig.tell(Told::Event(PeerEvent::Contract(Box::new(contract()))));
    rig.tell(event(remote_order("9", &sent, Status::NotTraded, true)));
    assert_eq!(rig.status(ID), Status::NotTraded);
}

#[test]
fn an_order_that_may_be_ours_keeps_ours_from_being_called_rejected() {
    let mut rig = Rig::live(Vec::new());
    rig.send(ID, request(1.0));
    let sent = taken(&mut rig);
    rig.tell(Told::Lost("cut".into()));
    rig.sent(ID, Err(CallError::Unknown("the connection was lost".into())));
    let nameless = remote_order("9", &sent, Status::NotTraded, false);
    rig.sync(vec![nameless.clone()]);
    for _ in 0..20 {
        rig.pass(6);
        rig.answer_looks(std::slice::from_ref(&nameless));
    }
    assert_eq!((rig.status(ID), rig.status("9")), (Status::Submitting, Status::NotTraded));
    let told = rig.logs().iter().filter(|line| line.contains("stays unknown")).count();
    assert_eq!(told, 1, "{:?}", rig.logs());
}

#[test]
fn a_cancel_that_comes_before_the_id_waits_for_it() {
    let mut rig = Rig::live(Vec::new());
    rig.send(ID, request(1.0));
    taken(&mut rig);
    rig.cancel(ID);
    assert!(rig.jobs.try_recv().is_err());
    rig.sent(ID, Ok("CTP.1_2_3"));
    let Ok(Job::Cancel { request, gateway, .. }) = rig.jobs.try_recv() else { panic!("no cancel") };
    assert_eq!((request.orderid.as_str(), gateway.as_str()), ("1_2_3", "CTP"));
}

#[test]
fn after_a_restart_of_ours_orders_have_their_ids_again() {
    let mut sent = request(1.0);
    sent.reference = tag::put("web#ABC", ID);
    let foreign = OrderRequest { reference: Text::new("ManualTrading"), ..request(2.0) };
    let mut rig = Rig::live(vec![
        remote_order("7", &sent, Status::NotTraded, true),
        remote_order("8", &foreign, Status::NotTraded, true),
    ]);
    assert_eq!(rig.state(ID).map(|order| order.reference.as_str()), Some("web#ABC"));
    assert_eq!(rig.status("8"), Status::NotTraded);
    rig.cancel(ID);
    let Ok(Job::Cancel { request, .. }) = rig.jobs.try_recv() else { panic!("no cancel") };
    assert_eq!(request.orderid, "7");
}

#[test]
fn an_event_without_a_name_waits_for_the_answer_that_may_name_it() {
    let mut rig = Rig::live(Vec::new());
    rig.send(ID, request(1.0));
    let sent = taken(&mut rig);
    let nameless = remote_order("5", &sent, Status::NotTraded, false);
    rig.tell(event(nameless.clone()));
    rig.tell(Told::Event(PeerEvent::Trade(Box::new(remote_trade(&nameless, "T1")))));
    assert!(rig.state("5").is_none());
    rig.sent(ID, Ok("CTP.5"));
    assert_eq!(rig.status(ID), Status::NotTraded);
    assert!(matches!(rig.reports.last(), Some(Report::Trade(trade)) if trade.orderid == ID));
    assert!(rig.state("5").is_none());
}

#[test]
fn an_empty_id_is_a_refusal() {
    let mut rig = Rig::live(Vec::new());
    rig.send(ID, request(1.0));
    rig.sent(ID, Ok(""));
    assert_eq!(rig.status(ID), Status::Rejected);
}

#[test]
fn a_failed_function_may_have_sent_the_order() {
    let mut rig = Rig::live(Vec::new());
    rig.send(ID, request(1.0));
    taken(&mut rig);
    rig.sent(ID, Err(CallError::Failed("ValueError".into())));
    assert_eq!(rig.status(ID), Status::Submitting);
}

#[test]
fn subscriptions_are_made_again_and_wait_for_their_contract() {
    let mut rig = Rig::new();
    let wish = SubscribeRequest { symbol: Text::new("rb2610"), exchange: Exchange::SHFE };
    rig.mirror.subscribe(wish.clone(), &mut Out { now: rig.now, sink: &mut rig.reports });
    rig.tell(Told::Syncing);
    rig.tell(Told::Snapshot(Box::new(Snapshot { contracts: Vec::new(), ..snapshot(Vec::new()) })));
    assert!(rig.jobs.try_recv().is_err());
    rig.tell(Told::Event(PeerEvent::Contract(Box::new(contract()))));
    assert!(matches!(rig.jobs.try_recv(), Ok(Job::Subscribe(got, gateway)) if got == wish && gateway == "CTP"));
    rig.tell(Told::Lost("cut".into()));
    rig.sync(Vec::new());
    assert!(matches!(rig.jobs.try_recv(), Ok(Job::Subscribe(got, _)) if got == wish));
}

#[test]
fn two_remote_gateways_with_the_same_order_id_are_kept_apart() {
    let mut other = remote_order("1", &request(3.0), Status::NotTraded, true);
    other.gateway_name = Text::new("IB");
    other.vt_orderid = VtOrderId::new("IB", "1");
    let mut rig = Rig::live(vec![remote_order("1", &request(2.0), Status::NotTraded, true), other]);
    assert_eq!(rig.state("1").map(|order| order.volume), Some(2.0));
    assert_eq!(rig.state("IB_1").map(|order| order.volume), Some(3.0));
    rig.cancel("IB_1");
    let Ok(Job::Cancel { request, gateway, .. }) = rig.jobs.try_recv() else { panic!("no cancel") };
    assert_eq!((request.orderid.as_str(), gateway.as_str()), ("1", "IB"));
}

#[test]
fn events_between_subscription_and_snapshot_follow_the_snapshot() {
    let mut rig = Rig::new();
    rig.tell(Told::Syncing);
    let sent = request(1.0);
    rig.tell(event(remote_order("1", &sent, Status::AllTraded, true)));
    assert!(rig.state("1").is_none());
    rig.tell(Told::Snapshot(Box::new(snapshot(vec![remote_order("1", &sent, Status::NotTraded, true)]))));
    let statuses: Vec<Status> = rig
        .reports
        .iter()
        .filter_map(|report| if let Report::Order(order) = report { Some(order.status) } else { None })
        .collect();
    assert_eq!(statuses, [Status::NotTraded, Status::AllTraded]);
    let links: Vec<&Report> = rig.reports.iter().filter(|report| matches!(report, Report::Link(_))).collect();
    assert_eq!(links, [&Report::Link(LinkState::Connecting), &Report::Link(LinkState::Up)]);
}

#[test]
fn a_position_that_is_gone_is_reported_empty() {
    let mut rig = Rig::new();
    let position = PositionData {
        gateway_name: Text::new("CTP"),
        symbol: Text::new("rb2610"),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        volume: 2.0,
        frozen: 0.0,
        price: 3_600.0,
        pnl: 5.0,
        yd_volume: 1.0,
        vt_symbol: VtSymbol::from("rb2610.SHFE"),
        vt_positionid: VtPositionId::from("CTP.rb2610.SHFE.多"),
        forms: domain::NumberForms::default(),
        attributes: domain::Attributes::default(),
    };
    rig.tell(Told::Syncing);
    rig.tell(Told::Snapshot(Box::new(Snapshot { positions: vec![position], ..snapshot(Vec::new()) })));
    rig.tell(Told::Lost("cut".into()));
    rig.sync(Vec::new());
    let told: Vec<(&str, f64)> = rig
        .reports
        .iter()
        .filter_map(|report| match report {
            Report::Position(position) => Some((position.vt_positionid.as_str(), position.volume)),
            _ => None,
        })
        .collect();
    assert_eq!(told, [("CTP1.rb2610.SHFE.多", 2.0), ("CTP1.rb2610.SHFE.多", 0.0)]);
}

#[test]
fn a_remote_that_counts_from_the_beginning_again_confuses_nothing() {
    let mut rig = Rig::live(Vec::new());
    rig.send(ID, request(1.0));
    let sent = taken(&mut rig);
    rig.sent(ID, Ok("CTP.1"));
    rig.tell(event(remote_order("1", &sent, Status::NotTraded, false)));
    rig.tell(Told::Lost("killed".into()));
    rig.sync(Vec::new());
    assert!(rig.logs().iter().any(|line| line.contains("does not know order 261122195300_1")), "{:?}", rig.logs());
    rig.cancel(ID);
    // The same id, for another order of ours with the same content.
    rig.send("261122195300_2", request(1.0));
    let sent = taken(&mut rig);
    rig.tell(event(remote_order("1", &sent, Status::Submitting, true)));
    rig.sent("261122195300_2", Ok("CTP.1"));
    rig.tell(event(remote_order("1", &sent, Status::PartTraded, false)));
    assert_eq!((rig.status(ID), rig.status("261122195300_2")), (Status::NotTraded, Status::PartTraded));
    // And for somebody else's order.
    rig.tell(Told::Lost("killed".into()));
    rig.sync(vec![remote_order("1", &request(7.0), Status::NotTraded, false)]);
    assert_eq!(rig.status("261122195300_2"), Status::PartTraded);
    rig.tell(event(remote_order("1", &request(7.0), Status::AllTraded, false)));
    assert_eq!(rig.status("1"), Status::AllTraded);
}
