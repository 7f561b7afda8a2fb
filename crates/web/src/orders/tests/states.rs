//! Trading states: what they let through, that they stay, who enforces them.

use super::fixture::{Answer, Fake, Stage, buy, open, order};
use crate::orders::{Enforcer, NewOrder, Refusal, Rule, State};
use domain::{Direction, Exchange, Offset, OrderRequest, TradingState};
use std::sync::Arc;

fn sell_share(volume: f64) -> NewOrder {
    let request = OrderRequest {
        symbol: "600000".into(),
        exchange: Exchange::SSE,
        direction: Direction::Short,
        offset: Offset::None,
        volume,
        ..buy(10.0)
    };
    NewOrder::new(request)
}

async fn set(stage: &Stage, scope: Option<&str>, state: TradingState) {
    let untold = stage.orders.set_trading_state(&[Arc::clone(&stage.desk)], scope, state, "boss").await.unwrap();
    assert!(untold.is_empty());
}

#[tokio::test]
async fn halted_lets_only_cancels_through_and_stays_over_a_restart() {
    let mut stage = Stage::new(Fake::default());
    stage.orders.place(&stage.desk, "me", order("before")).await.unwrap();
    set(&stage, None, TradingState::Halted).await;
    let Err(Refusal::Rules(verdicts)) = stage.orders.place(&stage.desk, "me", order("a")).await else { panic!() };
    assert!(verdicts.iter().any(|one| one.rule == Rule::TradingState && one.is_broken()));
    assert!(matches!(stage.orders.admit(&stage.desk, &buy(3600.0)), Err(Refusal::TradingState(TradingState::Halted))));
    // What was done before is told all the same.
    assert!(stage.orders.place(&stage.desk, "me", order("before")).await.unwrap().is_replay);
    stage.kill();
    let report = stage.orders.trading_state(&stage.desk);
    assert_eq!(
        (report.state, report.for_all, report.enforced_by),
        (TradingState::Halted, TradingState::Halted, Enforcer::Web)
    );
    assert!(stage.orders.place(&stage.desk, "me", order("b")).await.is_err());
    set(&stage, None, TradingState::Active).await;
    assert!(stage.orders.place(&stage.desk, "me", order("b")).await.is_ok());
    assert!(stage.orders.admit(&stage.desk, &buy(3600.0)).is_ok());
    assert_eq!(stage.fake.sends(), 2);
}

#[tokio::test]
async fn reducing_lets_only_closing_through() {
    let stage = Stage::new(Fake::default());
    set(&stage, Some("sim"), TradingState::Reducing).await;
    assert!(stage.orders.place(&stage.desk, "me", order("a")).await.is_err());
    let close = OrderRequest { direction: Direction::Short, offset: Offset::CloseToday, ..buy(3600.0) };
    assert!(stage.orders.place(&stage.desk, "me", NewOrder::new(close.clone())).await.is_ok());
    assert!(stage.orders.admit(&stage.desk, &close).is_ok());
    // A netting account: 100 held, so 60 pass once.
    assert!(stage.orders.place(&stage.desk, "me", sell_share(60.0)).await.is_ok());
    assert!(stage.orders.place(&stage.desk, "me", sell_share(60.0)).await.is_err());
    assert!(stage.orders.admit(&stage.desk, &sell_share(41.0).request).is_err());
    assert!(stage.orders.admit(&stage.desk, &sell_share(40.0).request).is_ok());
    let more = OrderRequest { direction: Direction::Long, ..sell_share(1.0).request };
    assert!(stage.orders.admit(&stage.desk, &more).is_err());
}

#[tokio::test]
async fn two_closes_at_once_do_not_both_pass_if_only_one_fits() {
    let stage = Stage::new(Fake::default());
    set(&stage, None, TradingState::Reducing).await;
    let batch = (0..10).map(|_| sell_share(30.0)).collect();
    let placed = stage.orders.place_all(&stage.desk, "me", batch).await;
    assert_eq!(placed.iter().filter(|one| one.is_ok()).count(), 3);
    assert_eq!(stage.fake.sends(), 3);
}

#[tokio::test]
async fn a_trading_process_that_enforces_it_is_told() {
    let stage = Stage::new(Fake { enforces: true, ..Fake::doing([Answer::Takes]) });
    stage.desk.replica.write().trading_state = Some(TradingState::Active);
    set(&stage, None, TradingState::Reducing).await;
    set(&stage, Some("sim"), TradingState::Halted).await;
    set(&stage, Some("other"), TradingState::Halted).await;
    assert_eq!(*stage.fake.states.lock().unwrap(), [TradingState::Reducing, TradingState::Halted]);
    assert_eq!(stage.orders.trading_state(&stage.desk).enforced_by, Enforcer::Trader);
    // It started anew and is looser than what was set: it is told again. One that is tighter is left alone.
    stage.orders.align(&stage.desk).await;
    stage.desk.replica.write().trading_state = Some(TradingState::Halted);
    stage.orders.align(&stage.desk).await;
    assert_eq!(stage.fake.states.lock().unwrap().len(), 3);
    set(&stage, Some("sim"), TradingState::Active).await;
    set(&stage, None, TradingState::Active).await;
    assert!(stage.orders.place(&stage.desk, "me", order("a")).await.is_err(), "the trading process says HALTED");
}

#[tokio::test]
async fn a_halt_counts_also_where_it_cannot_be_written() {
    let mut stage = Stage::new(Fake::default());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(crate::orders::JOURNAL), "damaged ".repeat(1000)).unwrap();
    stage.orders = open(folder.path());
    let desks = [Arc::clone(&stage.desk)];
    assert!(stage.orders.set_trading_state(&desks, None, TradingState::Halted, "boss").await.is_err());
    assert_eq!(stage.orders.trading_state(&stage.desk).state, TradingState::Halted);
    assert!(stage.orders.set_trading_state(&desks, None, TradingState::Active, "boss").await.is_err());
    assert_eq!(stage.orders.trading_state(&stage.desk).state, TradingState::Halted);
    assert_eq!(stage.orders.intent("me", "sim", "x").map(|one| one.state), None::<State>);
}
