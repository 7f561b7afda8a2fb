//! The inbox: order, merging, its bound, and what a lost connection leaves.

use super::*;
use domain::{Exchange, TradingState};

fn fact(seq: u64) -> (u64, Fact) {
    (seq, Fact::TradingState(TradingState::Halted))
}

fn tick(symbol: &str, price: f64) -> Arc<TickData> {
    let mut tick = TickData::new("SIM", symbol, Exchange::SHFE, None);
    tick.last_price = price;
    Arc::new(tick)
}

#[test]
fn facts_keep_their_order_and_ticks_their_newest() {
    let inbox = Inbox::default();
    for step in 0..3u32 {
        let ticks = vec![tick("a", f64::from(step)), tick("b", 7.0)];
        assert!(inbox.add(&mut Batch { facts: vec![fact(u64::from(step))], ticks }));
    }
    let mut events = Vec::new();
    assert_eq!(inbox.take(&mut events), Some(Received::Events));
    let expected: Vec<Event> = (0..3)
        .map(|seq| Event::Fact(seq, fact(seq).1))
        .chain([Event::Tick(tick("a", 2.0)), Event::Tick(tick("b", 7.0))])
        .collect();
    assert_eq!(events, expected);
    assert_eq!(inbox.take(&mut events), None);
}

#[test]
fn an_owner_that_stands_still_is_told_to_begin_anew() {
    let inbox = Inbox::default();
    let full = (0..EVENTS_WAITING as u64).map(fact).collect();
    assert!(inbox.add(&mut Batch { facts: full, ticks: Vec::new() }));
    assert!(!inbox.add(&mut Batch { facts: vec![fact(1)], ticks: Vec::new() }), "one too many");
    inbox.lost("too slow".into());
    let mut events = Vec::new();
    assert_eq!(inbox.take(&mut events), Some(Received::Lost("too slow".into())));
    assert!(inbox.take(&mut events).is_none() && events.is_empty(), "the next snapshot has it");
}
