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
    inbox.take(usize::MAX, &mut taken);
    taken
}

#[test]
fn facts_come_before_ticks() {
    let inbox = Inbox::default();
    inbox.add([tick("a", 1.0), Input::Timer]);
    assert_eq!(all(&inbox), vec![Input::Timer, tick("a", 1.0)]);
}

#[test]
fn a_full_tick_lane_merges_and_keeps_the_newest() {
    let inbox = Inbox::default();
    for n in 0..INBOX_TICKS + 100 {
        inbox.add([tick(["a", "b", "c"][n % 3], n as f64)]);
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
    inbox.add([tick("z", 1.0)]);
    assert_eq!(all(&inbox).len(), 1);
    assert!(newest.values().all(|n| expected.contains(n) || *n < INBOX_TICKS));
}

#[test]
fn a_closed_inbox_is_emptied_and_then_says_so() {
    let inbox = Inbox::default();
    inbox.add([Input::Timer]);
    inbox.close();
    inbox.add([Input::Timer]);
    assert!(!inbox.wait(Duration::from_secs(5)), "it is closed, so nobody waits");
    assert_eq!(all(&inbox).len(), 1, "what was there is taken, what came later is not there");
    assert!(all(&inbox).is_empty());
}

#[test]
fn only_what_comes_first_has_to_ring() {
    let inbox = Inbox::default();
    assert!(inbox.add([Input::Timer]));
    assert!(!inbox.add([tick("a", 1.0)]));
    all(&inbox);
    assert!(inbox.add([tick("a", 1.0)]));
}
