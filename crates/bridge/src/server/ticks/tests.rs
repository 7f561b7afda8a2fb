//! Patterns, and the newest tick of each instrument.

use super::*;
use domain::Exchange;
use proptest::prelude::*;

fn tick(symbol: &str, price: f64) -> Arc<TickData> {
    let mut tick = TickData::new("SIM", symbol, Exchange::SHFE, None);
    tick.last_price = price;
    Arc::new(tick)
}

#[test]
fn patterns_fit_as_one_expects() {
    for (pattern, name, fits) in [
        ("*", "rb2601.SHFE", true),
        ("rb2601.SHFE", "rb2601.SHFE", true),
        ("rb2601.SHF", "rb2601.SHFE", false),
        ("*.SHFE", "rb2601.SHFE", true),
        ("*.SHFE", "IF2601.CFFEX", false),
        ("rb*", "rb2601.SHFE", true),
        ("rb*.SHFE", "rb.SHFE", true),
        ("*26*SH*", "rb2601.SHFE", true),
        ("a*a", "a", false),
        ("**", "", true),
        ("", "x", false),
    ] {
        assert_eq!(matches(pattern, name), fits, "{pattern:?} on {name:?}");
    }
}

#[test]
fn a_slow_reader_gets_the_newest_of_each_instrument_once() {
    let mut lane = Lane::default();
    lane.subscribe(&["*".into()], Some(1)).expect("few patterns");
    assert_eq!(lane.interval(), INTERVAL_MIN, "no reader makes the pump spin");
    for price in [1.0, 2.0, 3.0] {
        lane.offer(0, &Quote::new(tick("a", price)));
    }
    lane.offer(1, &Quote::new(tick("b", 9.0)));
    let mut taken = Vec::new();
    lane.take(&mut taken);
    let prices: Vec<f64> = taken.iter().map(|quote| quote.tick.last_price).collect();
    assert_eq!(prices, [3.0, 9.0]);
    assert!(!lane.has_changed());
}

#[test]
fn subscriptions_are_bounded_and_can_be_taken_back() {
    let mut lane = Lane::default();
    let many: Vec<Text> = (0..=PATTERNS_MAX).map(|n| Text::from(n.to_string())).collect();
    assert!(lane.subscribe(&many, None).is_err());
    assert!(lane.subscribe(&["x".repeat(PATTERN_BYTES + 1).into()], None).is_err());
    assert!(lane.is_empty(), "a refused subscription changes nothing");
    lane.subscribe(&["a.SHFE".into(), "b*".into()], None).expect("two patterns");
    lane.unsubscribe(&["a.SHFE".into()]);
    lane.offer(0, &Quote::new(tick("a", 1.0)));
    lane.offer(1, &Quote::new(tick("b", 1.0)));
    assert_eq!(lane.changed, [1]);
    lane.unsubscribe(&[]);
    assert!(lane.is_empty() && !lane.has_changed());
}

#[test]
fn what_the_pump_does_not_fetch_stays_bounded() {
    let (mut ingress, mut spare) = (Ingress::default(), Waiting::default());
    let ticks: Vec<_> = (0..3).map(|n| tick(&n.to_string(), 0.0)).collect();
    for told in 0..TICKS_WAITING + 1000 {
        ingress.put(&ticks[told % 3]);
    }
    let last = tick("1", 7.0);
    ingress.put(&last);
    ingress.swap(&mut spare);
    let waiting: Vec<_> = spare.drain().collect();
    assert_eq!(waiting.len(), TICKS_WAITING + 3);
    assert!(waiting.iter().rev().find(|tick| tick.symbol == "1").is_some_and(|tick| Arc::ptr_eq(tick, &last)));
}

proptest! {
    #[test]
    fn the_last_tick_of_each_instrument_always_arrives(steps in proptest::collection::vec((0usize..4, 0u8..3), 0..200)) {
        let (mut ingress, mut spare, mut lane) = (Ingress::default(), Waiting::default(), Lane::default());
        lane.subscribe(&["*".into()], None).expect("one pattern");
        let (mut told, mut held, mut taken) = ([None; 4], [None; 4], Vec::new());
        for (price, (instrument, then)) in steps.into_iter().enumerate() {
            told[instrument] = Some(price as f64);
            ingress.put(&tick(&instrument.to_string(), price as f64));
            if then > 0 {
                pump(&mut ingress, &mut spare, &mut lane);
            }
            if then > 1 {
                read(&mut lane, &mut taken, &mut held);
            }
        }
        pump(&mut ingress, &mut spare, &mut lane);
        read(&mut lane, &mut taken, &mut held);
        prop_assert_eq!(told, held);
    }
}

fn pump(ingress: &mut Ingress, spare: &mut Waiting, lane: &mut Lane) {
    ingress.swap(spare);
    for tick in spare.drain() {
        let number = tick.symbol.parse().expect("a number");
        lane.offer(number, &Quote::new(tick));
    }
}

fn read(lane: &mut Lane, taken: &mut Vec<Arc<Quote>>, held: &mut [Option<f64>; 4]) {
    taken.clear();
    lane.take(taken);
    for quote in taken.iter() {
        let number: usize = quote.tick.symbol.parse().expect("a number");
        held[number] = Some(quote.tick.last_price);
    }
}
