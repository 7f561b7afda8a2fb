//! Kills at each point, lost answers, trading processes that die, disks that do not write.

use super::fixture::{Answer, Fake, Stage, open, order};
use crate::orders::intent::Event;
use crate::orders::journal::Write;
use crate::orders::{Orders, Refusal, State, Watch};
use crate::replica::Fact;
use crate::trader_link::Listener;
use domain::Status;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// Waits for a state with a deadline.
async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(90);
    while !is_so() {
        assert!(tokio::time::Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(2)).await; // waits: for the state above, with a deadline
    }
}

async fn resolve(stage: &Stage, id: &str, wanted: State) {
    let stop = CancellationToken::new();
    let run = tokio::spawn(Arc::clone(&stage.orders).run(vec![Arc::clone(&stage.desk)], stop.clone()));
    until("resolving", || stage.state(id) == Some(wanted)).await;
    stop.cancel();
    run.await.unwrap();
}

#[tokio::test]
async fn killed_before_the_disk_nothing_is_known_and_nothing_was_sent() {
    let mut stage = Stage::new(Fake::default());
    stage.kill();
    assert_eq!((stage.state("a"), stage.fake.sends()), (None, 0));
    stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    assert_eq!(stage.fake.sends(), 1);
}

#[tokio::test]
async fn killed_between_disk_and_send_it_is_unknown_and_not_sent_again() {
    let mut stage = Stage::new(Fake::default());
    let begun = stage.orders.begin(&stage.desk, "me", order("a")).ok().unwrap();
    let crate::orders::send::Begun::Flight(flight) = begun else { panic!() };
    let write = Write::Intent { intent: Box::new(flight.intent.clone()), is_again: false };
    stage.orders.journal.as_ref().unwrap().write(write).await.unwrap();
    stage.kill();
    assert_eq!(stage.state("a"), Some(State::Unknown));
    let again = stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    assert_eq!((again.intent.state, stage.fake.sends()), (State::Unknown, 0));
    assert_eq!(again.intent.code, "RESTARTED");
}

#[tokio::test]
async fn killed_between_send_and_answer_it_is_unknown_and_found_again() {
    let mut stage = Stage::new(Fake { gate: Some(Semaphore::new(0)), ..Fake::default() });
    let (orders, desk) = (Arc::clone(&stage.orders), Arc::clone(&stage.desk));
    let placing = tokio::spawn(async move { orders.place(&desk, "me", order("a")).await });
    let fake = Arc::clone(&stage.fake);
    until("the order reaches the trading process", || fake.sends() == 1).await;
    stage.kill();
    assert_eq!(stage.state("a"), Some(State::Unknown));
    // The trading process goes on; nobody hears its answer.
    stage.fake.gate.as_ref().unwrap().add_permits(1);
    resolve(&stage, "a", State::Done).await;
    let again = stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    assert_eq!(again.intent.vt_orderid.unwrap().as_str(), "CTP.1");
    assert_eq!(stage.fake.sends(), 1);
    drop(placing);
}

#[tokio::test]
async fn killed_after_the_answer_before_the_row_says_so_it_is_found_again() {
    let mut stage = Stage::new(Fake::default());
    // The answer comes and is told, but its writing does not happen.
    let begun = stage.orders.begin(&stage.desk, "me", order("a")).ok().unwrap();
    let crate::orders::send::Begun::Flight(flight) = begun else { panic!() };
    let (token, intent) = (flight.intent.token, flight.intent.clone());
    let write = Write::Intent { intent: Box::new(intent), is_again: false };
    stage.orders.journal.as_ref().unwrap().write(write).await.unwrap();
    stage.orders.book().apply(token, Event::Sending, |_| {}).unwrap();
    let request = domain::OrderRequest {
        reference: crate::orders::token::wrap("mine", token),
        ..flight.intent.wish.request.clone()
    };
    let id = stage.desk.trader.send_order(request, "CTP".into(), "me").await.unwrap();
    stage
        .orders
        .book()
        .apply(token, Event::Accepted, |intent| intent.vt_orderid = Some(domain::VtOrderId(id)))
        .unwrap();
    assert_eq!(stage.state("a"), Some(State::Done));
    stage.kill();
    assert_eq!(stage.state("a"), Some(State::Unknown));
    resolve(&stage, "a", State::Done).await;
    assert_eq!(stage.fake.sends(), 1);
}

#[tokio::test]
async fn an_orderly_end_forgets_nothing() {
    let stage = Stage::new(Fake::doing([Answer::Takes, Answer::Refuses, Answer::NotSent, Answer::Swallows]));
    for id in ["a", "b", "c", "d"] {
        stage.orders.place(&stage.desk, "me", order(id)).await.unwrap();
    }
    stage.orders.close().await;
    assert!(matches!(stage.orders.place(&stage.desk, "me", order("e")).await, Err(Refusal::NotSent(_))));
    let next = open(stage.folder.path());
    let state = |id| next.intent("me", "sim", id).map(|intent| intent.state);
    assert_eq!(
        ["a", "b", "c", "d", "e"].map(state),
        [Some(State::Done), Some(State::Refused), Some(State::NotSent), Some(State::Unknown), None,]
    );
}

#[tokio::test]
async fn a_lost_answer_is_resolved_by_the_token() {
    let stage = Stage::new(Fake::doing([Answer::TakesSilently]));
    let placed = stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    assert_eq!((placed.intent.state, placed.intent.code.as_str()), (State::Unknown, "NO_ANSWER"));
    resolve(&stage, "a", State::Done).await;
    assert!(stage.orders.unknown().is_empty());
}

#[tokio::test]
async fn a_fact_resolves_it_too() {
    let stage = Stage::new(Fake::doing([Answer::TakesSilently]));
    stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    let mut watch = Watch::new(Arc::clone(&stage.orders), "sim".into(), Box::new(()));
    let mut seen = stage.fake.orders.lock().unwrap()[0].clone();
    seen.status = Status::AllTraded;
    watch.fact(&crate::replica::Replica::default(), &Fact::Order(Arc::new(seen)));
    let intent = stage.orders.intent("me", "sim", "a").unwrap();
    assert_eq!(intent.state, State::Done);
    assert!(intent.timeline.after(crate::orders::Stage::Filled).is_some());
}

#[tokio::test]
async fn what_nobody_shows_stays_unknown_until_a_person_says_so() {
    let stage = Stage::new(Fake::doing([Answer::Swallows]));
    stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    let stop = CancellationToken::new();
    let asking = tokio::spawn(Arc::clone(&stage.orders).run(vec![Arc::clone(&stage.desk)], stop.clone()));
    // An order that looks like it, without our token, is no proof.
    let twin = super::fixture::buy(3600.0).to_order("77", "CTP");
    stage.desk.replica.write().orders.insert(twin.vt_orderid.clone(), Arc::new(twin.clone()));
    stage.fake.orders.lock().unwrap().push(twin);
    let asked = || stage.fake.asked.load(std::sync::atomic::Ordering::SeqCst);
    let before = asked();
    until("asking again", || asked() >= before + 2).await;
    assert_eq!(stage.state("a"), Some(State::Unknown));
    let unknown = stage.orders.unknown();
    let alike = stage.orders.lookalikes(&stage.desk.replica.read(), &unknown[0], 5);
    assert_eq!(alike.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["CTP.77"]);
    assert!(stage.orders.acknowledge("me", "sim", "b", "boss").await.unwrap().is_none());
    let done = stage.orders.acknowledge("me", "sim", "a", "boss").await.unwrap().unwrap();
    assert_eq!(done.state, State::Acknowledged);
    assert!(stage.orders.acknowledge("me", "sim", "a", "boss").await.unwrap().is_none());
    let again = stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    assert_eq!((again.intent.state, stage.fake.sends()), (State::Acknowledged, 1));
    stop.cancel();
    asking.await.unwrap();
    let next = open(stage.folder.path());
    assert_eq!(next.intent("me", "sim", "a").unwrap().state, State::Acknowledged);
}

#[tokio::test]
async fn a_caller_who_goes_away_changes_nothing() {
    let stage = Stage::new(Fake { gate: Some(Semaphore::new(0)), ..Fake::default() });
    {
        let placing = stage.orders.place(&stage.desk, "me", order("a"));
        tokio::pin!(placing);
        let fake = &stage.fake;
        tokio::select! {
            _ = &mut placing => panic!("nothing answers yet"),
            () = until("the order leaves", || fake.sends() == 1) => {}
        }
    }
    stage.fake.gate.as_ref().unwrap().add_permits(1);
    let again = stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    assert_eq!((again.intent.state, stage.fake.sends()), (State::Done, 1));
}

#[tokio::test]
async fn a_fault_of_ours_after_the_send_is_unknown() {
    let stage = Stage::new(Fake::doing([Answer::Panics]));
    let placed = stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    assert_eq!((placed.intent.state, placed.intent.code.as_str()), (State::Unknown, "INTERRUPTED"));
    assert_eq!(stage.orders.place(&stage.desk, "me", order("a")).await.unwrap().intent.state, State::Unknown);
    assert_eq!(stage.fake.sends(), 1);
}

#[tokio::test]
async fn without_a_journal_nothing_is_sent() {
    let mut stage = Stage::new(Fake::default());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(crate::orders::JOURNAL), "damaged ".repeat(1000)).unwrap();
    stage.orders = open(folder.path());
    assert!(stage.orders.problem().unwrap().contains("damaged"));
    let Err(Refusal::NotSent(why)) = stage.orders.place(&stage.desk, "me", order("a")).await else { panic!() };
    assert!(why.contains("journal"), "{why}");
    assert_eq!((stage.fake.sends(), stage.state("a")), (0, None));
}

#[tokio::test]
async fn a_later_run_still_knows_what_conflicts() {
    let mut stage = Stage::new(Fake::default());
    stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    stage.orders.close().await;
    stage.orders = Orders::open(stage.folder.path(), Arc::new(|| 2_000));
    let other = crate::orders::NewOrder { request: super::fixture::buy(3602.0), ..order("a") };
    assert_eq!(stage.orders.place(&stage.desk, "me", other).await.unwrap_err(), Refusal::Conflict("a".into()));
    assert!(stage.orders.place(&stage.desk, "me", order("a")).await.unwrap().is_replay);
    assert_eq!(stage.fake.sends(), 1);
}
