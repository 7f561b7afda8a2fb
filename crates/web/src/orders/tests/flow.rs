//! What each outcome looks like, and the same id once more.

use super::fixture::{Answer, Fake, Stage, buy, order};
use crate::orders::{CloseWish, Filter, NewOrder, NewOrderOptions, Refusal, Rule, Stage as Passed, State, token};
use crate::replica::Link;
use domain::{Direction, Exchange, Offset, OrderRequest};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;

#[tokio::test]
async fn an_order_is_done_and_carries_the_token() {
    let stage = Stage::new(Fake::default());
    let placed = stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    assert_eq!(placed.intent.state, State::Done);
    assert_eq!(placed.intent.vt_orderid.as_ref().unwrap().as_str(), "CTP.1");
    assert!(!placed.is_replay && !placed.is_made_id);
    let sent = stage.fake.sent.lock().unwrap()[0].reference.clone();
    assert_eq!(token::unwrap(&sent), ("mine", Some(placed.intent.token)));
    let steps = [Passed::Checked, Passed::Recorded, Passed::Sent, Passed::Answered];
    let after: Vec<u64> = steps.iter().map(|step| placed.intent.timeline.after(*step).unwrap()).collect();
    assert!(after.is_sorted(), "{after:?}");
    let seen = stage.fake.orders.lock().unwrap()[0].clone();
    let row = stage.orders.row("sim", &seen);
    assert_eq!((row.client_order_id(), row.reference()), (Some("a"), "mine"));
    let text = serde_json::to_value(&row).unwrap();
    assert_eq!((&text["client_order_id"], &text["reference"]), (&"a".into(), &"mine".into()));
}

#[tokio::test]
async fn a_row_is_the_canonical_form_with_an_id_more() {
    let stage = Stage::new(Fake::default());
    stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    let seen = stage.fake.orders.lock().unwrap()[0].clone();
    let mut row = serde_json::to_value(stage.orders.row("sim", &seen)).unwrap();
    row.as_object_mut().unwrap().remove("client_order_id");
    let mut plain = serde_json::to_value(&seen).unwrap();
    plain["reference"] = "mine".into();
    assert_eq!(row, plain);
}

#[tokio::test]
async fn the_same_id_gets_the_first_outcome_and_is_sent_once() {
    for answer in [Answer::Takes, Answer::Refuses, Answer::Swallows, Answer::Fails] {
        let stage = Stage::new(Fake::doing([answer.clone()]));
        let first = stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
        let second = stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
        assert!(second.is_replay, "{answer:?}");
        assert_eq!((first.intent.state, first.intent.vt_orderid), (second.intent.state, second.intent.vt_orderid));
        assert_eq!(stage.fake.sends(), 1, "{answer:?}");
    }
}

#[tokio::test]
async fn the_first_outcome_holds_also_when_rules_have_changed() {
    let stage = Stage::new(Fake::default());
    stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    stage.desk.replica.write().link = Link::Stale;
    let again = stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    assert_eq!((again.intent.state, again.is_replay), (State::Done, true));
    assert!(matches!(stage.orders.place(&stage.desk, "me", order("b")).await, Err(Refusal::NotSent(_))));
}

#[tokio::test]
async fn another_content_is_a_conflict_and_another_user_is_not() {
    let stage = Stage::new(Fake::default());
    stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    let other = NewOrder { request: buy(3601.0), ..order("a") };
    assert_eq!(stage.orders.place(&stage.desk, "me", other.clone()).await.unwrap_err(), Refusal::Conflict("a".into()));
    assert_eq!(stage.orders.place(&stage.desk, "you", other).await.unwrap().intent.state, State::Done);
}

#[tokio::test]
async fn certainly_not_sent_may_go_again() {
    let stage = Stage::new(Fake::doing([Answer::NotSent, Answer::NotSent]));
    for _ in 0..2 {
        let placed = stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
        assert_eq!(placed.intent.state, State::NotSent);
    }
    let placed = stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    assert_eq!((placed.intent.state, stage.fake.sends()), (State::Done, 1));
}

#[tokio::test]
async fn one_id_from_two_connections_is_sent_once() {
    let fake = Fake { gate: Some(Semaphore::new(0)), ..Fake::default() };
    let stage = Arc::new(Stage::new(fake));
    let place = |stage: Arc<Stage>| {
        tokio::spawn(async move { stage.orders.place(&stage.desk, "me", order("a")).await.unwrap() })
    };
    let tasks: Vec<_> = (0..8).map(|_| place(Arc::clone(&stage))).collect();
    stage.fake.gate.as_ref().unwrap().add_permits(1);
    let mut replays = 0;
    for task in tasks {
        let placed = task.await.unwrap();
        assert_eq!(placed.intent.state, State::Done);
        replays += usize::from(placed.is_replay);
    }
    assert_eq!((stage.fake.sends(), replays), (1, 7));
}

#[tokio::test]
async fn rules_refuse_before_anything_is_kept() {
    let stage = Stage::new(Fake::default());
    let odd = NewOrder { request: buy(3600.5), ..order("a") };
    let Err(Refusal::Rules(verdicts)) = stage.orders.place(&stage.desk, "me", odd.clone()).await else { panic!() };
    assert!(verdicts.iter().any(|one| one.rule == Rule::PriceTick && one.is_broken() && one.limit == Some(1.0)));
    assert_eq!((stage.state("a"), stage.fake.sends()), (None, 0));
    let overruled = NewOrder { overruled: vec![Rule::PriceTick], ..odd };
    let placed = stage.orders.place(&stage.desk, "me", overruled).await.unwrap();
    assert_eq!(placed.warnings.iter().map(|one| one.rule).collect::<Vec<_>>(), [Rule::PriceTick]);
    for id in ["", "a b", "a/1", "ü", &"x".repeat(65)] {
        assert_eq!(stage.orders.place(&stage.desk, "me", order(id)).await.unwrap_err(), Refusal::BadId, "{id}");
    }
}

#[tokio::test]
async fn an_id_is_made_where_none_is_given() {
    let stage = Stage::new(Fake::default());
    let nameless = || NewOrder { client_order_id: None, ..order("") };
    let one = stage.orders.place(&stage.desk, "me", nameless()).await.unwrap();
    let other = stage.orders.place(&stage.desk, "me", nameless()).await.unwrap();
    assert!(one.is_made_id && one.intent.key.client_order_id != other.intent.key.client_order_id);
    assert_eq!(stage.fake.sends(), 2);
}

#[tokio::test]
async fn a_batch_leaves_in_order_and_each_has_its_outcome() {
    let stage = Stage::new(Fake::doing([Answer::Takes, Answer::Refuses]));
    let odd = NewOrder { request: buy(1.5), ..order("odd") };
    let batch = vec![order("a"), odd, order("b"), order("a"), order("c")];
    let placed = stage.orders.place_all(&stage.desk, "me", batch).await;
    let states: Vec<_> = placed.iter().map(|one| one.as_ref().ok().map(|one| one.intent.state)).collect();
    assert_eq!(states, [Some(State::Done), None, Some(State::Refused), Some(State::Done), Some(State::Done)]);
    assert_eq!(stage.fake.sends(), 3);
}

#[tokio::test]
async fn a_position_is_closed_once_by_one_id() {
    let stage = Stage::new(Fake::default());
    let wish = CloseWish { price: Some(3500.0), ..CloseWish::default() };
    let options = || NewOrderOptions { overruled: Vec::new(), is_strict: false, received: Instant::now() };
    let id = || Some("close-1".into());
    let close = |wish: CloseWish| {
        let stage = &stage;
        async move { stage.orders.close_position(&stage.desk, "me", "CTP.rb2610.SHFE.Long", id(), &wish, options()).await }
    };
    let placed = close(wish.clone()).await.unwrap();
    let parts: Vec<_> = stage.fake.sent.lock().unwrap().iter().map(|one| (one.offset, one.volume)).collect();
    assert_eq!(parts, [(Offset::CloseToday, 6.0), (Offset::CloseYesterday, 4.0)]);
    assert!(placed.iter().all(|one| one.as_ref().unwrap().intent.state == State::Done));
    stage.desk.replica.write().positions.replace([]);
    let again = close(wish).await.unwrap();
    assert!(again.len() == 2 && again.iter().all(|one| one.as_ref().unwrap().is_replay));
    let other = close(CloseWish { price: Some(3501.0), ..CloseWish::default() }).await;
    assert_eq!(other.unwrap_err(), Refusal::Conflict("close-1".into()));
    assert_eq!(stage.fake.sends(), 2);
}

#[tokio::test]
async fn cancels_pass_for_all_that_match() {
    let stage = Stage::new(Fake::default());
    for (id, price) in [("1", 10.0), ("2", 11.0), ("3", 12.0)] {
        let mut order = buy(price).to_order(id, "CTP");
        order.reference = token::wrap(if id == "3" { "other" } else { "mine" }, token::Token::of(7));
        stage.desk.replica.write().orders.insert(order.vt_orderid.clone(), Arc::new(order));
    }
    let filter = Filter { reference: Some("mine".into()), ..Filter::default() };
    let done = stage.orders.cancel_all(&stage.desk, "me", &filter).await.unwrap();
    assert_eq!(done.iter().map(|one| one.vt_orderid.as_str()).collect::<Vec<_>>(), ["CTP.1", "CTP.2"]);
    assert!(done.iter().all(|one| one.cancelled.is_ok()));
    assert_eq!(stage.orders.cancel(&stage.desk, "me", "CTP.9").await, Err(None));
    assert_eq!(stage.orders.cancel(&stage.desk, "me", "CTP.3").await, Ok(()));
    assert_eq!(stage.fake.cancelled.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn figures_tell_what_happened() {
    let stage = Stage::new(Fake::doing([Answer::Takes, Answer::Swallows]));
    stage.orders.place(&stage.desk, "me", order("a")).await.unwrap();
    stage.orders.place(&stage.desk, "me", order("b")).await.unwrap();
    stage.orders.place(&stage.desk, "me", order("b")).await.unwrap();
    let share =
        OrderRequest { symbol: "600000".into(), exchange: Exchange::SSE, direction: Direction::Short, ..buy(1.001) };
    assert!(stage.orders.place(&stage.desk, "me", NewOrder::new(share)).await.is_err());
    let mut out = String::new();
    stage.orders.write_metrics(&mut out);
    for line in [
        "webtrader_orders_total{outcome=\"DONE\"} 1\n",
        "webtrader_orders_total{outcome=\"UNKNOWN\"} 1\n",
        "webtrader_orders_total{outcome=\"REPLAYED\"} 1\n",
        "webtrader_orders_total{outcome=\"REFUSED_BEFORE\"} 1\n",
        "webtrader_order_seconds_count{trader=\"sim\",stage=\"total\"} 2\n",
        "webtrader_orders_unknown 1\n",
        "webtrader_orders_in_flight 0\n",
        "webtrader_order_journal_usable 1\n",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
}
