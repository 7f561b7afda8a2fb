//! Facts are never lost and come first; of a flood of ticks the newest of each instrument stays.

use super::*;
use domain::Exchange;

fn tick(symbol: &str, price: f64) -> Input {
    let mut tick = TickData::new("SIM", symbol, Exchange::SHFE, None);
    tick.last_price = price;
    Input::Tick(Arc::new(tick))
}

fn all(inbox: &Inbox) -> Vec<Input> {
    let mut taken = Vec::new();
    inbox.take(usize::MAX, Duration::ZERO, &mut taken);
    taken
}

#[test]
fn facts_come_before_ticks() {
    let inbox = Inbox::default();
    inbox.push([tick("a", 1.0), Input::Timer]);
    assert_eq!(all(&inbox), vec![Input::Timer, tick("a", 1.0)]);
}

#[test]
fn a_full_tick_lane_merges_and_keeps_the_newest() {
    let inbox = Inbox::default();
    for n in 0..INBOX_TICKS + 100 {
        inbox.push([tick(["a", "b", "c"][n % 3], n as f64)]);
    }
    assert_eq!(inbox.merged(), 100);
    let mut newest = HashMap::new();
    for input in all(&inbox) {
        if let Input::Tick(tick) = input {
            newest.insert(tick.symbol.clone(), tick.last_price as usize);
        }
    }
    let last = INBOX_TICKS + 99;
    let expected: Vec<usize> = (0..3).map(|n| last - (last - n) % 3).collect();
    // Merging puts the newest where an older one waited, so "last seen" may differ from "newest" only while the
    // lane was full: the newest of each instrument is among what was taken.
    inbox.push([tick("z", 1.0)]);
    assert_eq!(all(&inbox).len(), 1);
    assert!(newest.values().all(|n| expected.contains(n) || *n < INBOX_TICKS));
}

#[test]
fn a_closed_inbox_is_emptied_and_then_says_so() {
    let inbox = Inbox::default();
    inbox.push([Input::Timer]);
    inbox.close();
    let mut taken = Vec::new();
    assert!(inbox.take(10, Duration::ZERO, &mut taken));
    taken.clear();
    assert!(!inbox.take(10, Duration::from_secs(5), &mut taken));
}
