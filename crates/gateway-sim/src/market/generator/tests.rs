//! The generated market over weeks: order in the book, limits, bars that meet ticks, options that fit their future.

use super::*;
use crate::instruments::listing;
use domain::Interval;

/// 2026-11-22 02:13:20 UTC.
const NOW: i64 = 20_779 * DAY_US + 8_000_000_000;

fn market() -> (Vec<Instrument>, Generator) {
    let all = listing(NOW);
    let mut generator = Generator::new(7);
    generator.extend(&all);
    (all, generator)
}

#[test]
fn books_are_ordered_within_limits_and_on_lots() {
    let (all, mut generator) = market();
    for ix in 0..all.len() {
        let mut volume = 0.0;
        for tick in 0..400 {
            let s = generator.snapshot(&all, ix, NOW + tick * 500_000);
            for pair in s.book.bids.windows(2).filter(|p| p[1].volume > 0) {
                assert!(pair[0].price > pair[1].price && pair[0].volume > 0);
            }
            for pair in s.book.asks.windows(2).filter(|p| p[1].volume > 0) {
                assert!(pair[0].price < pair[1].price && pair[0].volume > 0);
            }
            if let (Some(bid), Some(ask)) = (s.book.bid(), s.book.ask()) {
                assert!(bid < ask, "{}", all[ix].symbol);
            }
            for row in s.book.bids.iter().chain(&s.book.asks) {
                assert_eq!(row.volume % all[ix].lot, 0);
                assert!(row.volume == 0 || s.limit_up == 0 || (s.limit_down..=s.limit_up).contains(&row.price));
            }
            assert!(s.low <= s.last && s.last <= s.high && s.low <= s.open && s.open <= s.high);
            assert!(s.volume >= volume, "volume never falls");
            volume = s.volume;
        }
        assert!(volume > 0.0, "{} trades", all[ix].symbol);
    }
}

#[test]
fn the_same_moment_has_the_same_market() {
    let (all, mut one) = market();
    let (_, mut two) = market();
    one.snapshot(&all, 3, NOW - 5_000_000);
    assert_eq!(one.snapshot(&all, 3, NOW).book, two.snapshot(&all, 3, NOW).book);
    assert_eq!(one.snapshot(&all, 3, NOW).volume.to_bits(), two.snapshot(&all, 3, NOW).volume.to_bits());
}

#[test]
fn every_liquid_instrument_moves_within_a_minute() {
    let (all, mut generator) = market();
    for ix in 0..all.len() {
        let books: Vec<_> = (0..120).map(|tick| generator.snapshot(&all, ix, NOW + tick * 500_000).book).collect();
        assert!(books.windows(2).any(|pair| pair[0] != pair[1]), "{} stands still", all[ix].symbol);
    }
}

#[test]
fn a_day_deviates_about_as_much_as_its_product_should() {
    let (all, generator) = market();
    let ix = all.iter().position(|i| &*i.symbol == "BTCUSDT").expect("listed");
    let prices: Vec<f64> = (0..400).map(|day| generator.price(&all, ix, NOW - day * DAY_US).ln()).collect();
    let moves: Vec<f64> = prices.windows(2).map(|p| p[0] - p[1]).collect();
    let deviation = (moves.iter().map(|m| m * m).sum::<f64>() / moves.len() as f64).sqrt();
    let wanted = all[ix].walk.daily;
    assert!((0.6..1.6).contains(&(deviation / wanted)), "{deviation} for {wanted}");
}

#[test]
fn bars_meet_each_other_and_the_live_price() {
    let (all, mut generator) = market();
    for (ix, instrument) in all.iter().enumerate().step_by(5) {
        let last = instrument.price(generator.snapshot(&all, ix, NOW).last);
        for interval in [Interval::Minute, Interval::Hour, Interval::Daily] {
            let bars = generator.bars(&all, ix, interval, (NOW - 3 * DAY_US, NOW), NOW);
            assert!(bars.len() >= 3);
            for bar in &bars {
                assert!(bar.low <= bar.open.min(bar.close) && bar.high >= bar.open.max(bar.close) && bar.volume >= 0.0);
            }
            assert!(bars.windows(2).all(|b| b[0].start_us < b[1].start_us));
            let distance = (bars[bars.len() - 1].close - last).abs() / instrument.pricetick;
            let wide = if instrument.option.is_some() { last / instrument.pricetick * 0.02 } else { 0.0 };
            assert!(distance <= 10.0 + wide, "{}: {distance} ticks off", instrument.symbol);
            assert_eq!(bars, generator.bars(&all, ix, interval, (NOW - 3 * DAY_US, NOW), NOW));
        }
    }
}

#[test]
fn options_keep_put_call_parity_and_order_of_strikes() {
    let (all, generator) = market();
    let price = |symbol: &str| {
        let ix = all.iter().position(|i| &*i.symbol == symbol).unwrap_or_else(|| panic!("{symbol} is listed"));
        generator.price(&all, ix, NOW)
    };
    let forward = price("IF2612");
    for strike in [4400, 4500, 4600, 4700] {
        let gap = price(&format!("IO2612-C-{strike}")) - price(&format!("IO2612-P-{strike}"));
        assert!((gap - (forward - f64::from(strike))).abs() < 0.01, "parity at {strike}");
    }
    assert!(price("IO2612-C-4400") > price("IO2612-C-4600"));
    assert!(price("IO2612-P-4400") < price("IO2612-P-4600"));
}

#[test]
fn at_the_limit_one_side_is_empty() {
    let (mut all, _) = market();
    let ix = all.iter().position(|i| &*i.symbol == "rb2701").expect("listed");
    // A product that moves half its price a day meets its limit of 6 % soon.
    all[ix].walk.daily = 0.5;
    let mut generator = Generator::new(7);
    generator.extend(&all);
    let met = (0..2000).map(|i| generator.snapshot(&all, ix, NOW + i * MINUTE_US)).find(|s| s.book.bid().is_none());
    let snapshot = met.expect("falls to its limit within a day");
    assert_eq!(snapshot.book.ask(), Some(snapshot.limit_down));
    assert_eq!(snapshot.last, snapshot.limit_down);
}
