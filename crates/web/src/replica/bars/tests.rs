//! Minutes of ticks in the copy: order, bounds, and a loss of contact.
#![allow(clippy::float_cmp, reason = "whole lots")]

use super::*;
use domain::Exchange;

/// 2024-01-05 09:00 in Shanghai.
const START: i64 = 1_704_416_400_000_000;
const MINUTE_US: i64 = 60_000_000;

fn tick(us: i64, price: f64, volume: f64) -> TickData {
    let at = DateTime::from_unix_micros(us, "Asia/Shanghai").expect("a moment");
    let mut tick = TickData::new("SIM", "rb2405", Exchange::SHFE, Some(at));
    (tick.last_price, tick.volume) = (price, volume);
    tick
}

fn brief(bars: &LiveBars) -> Vec<(i64, f64, f64)> {
    let of_begin = |bar: &BarData| (bar.datetime.unix_micros() - START) / MINUTE_US;
    bars.of("rb2405.SHFE").iter().map(|bar| (of_begin(bar), bar.close_price, bar.volume)).collect()
}

#[test]
fn minutes_come_in_order_and_the_running_one_is_last() {
    let mut bars = LiveBars::default();
    assert!(bars.of("rb2405.SHFE").is_empty());
    for (second, price, volume) in [(0, 1.0, 10.0), (30, 2.0, 12.0), (61, 3.0, 15.0), (200, 4.0, 19.0)] {
        bars.push(&tick(START + second * 1_000_000, price, volume));
    }
    assert_eq!(brief(&bars), [(0, 2.0, 2.0), (1, 3.0, 3.0), (3, 4.0, 4.0)]);
    assert_eq!(bars.of("rb2405.SHFE")[0].datetime.to_string(), "2024-01-05 09:00:00+08:00");
}

#[test]
fn a_time_with_an_offset_alone_keeps_it() {
    let mut bars = LiveBars::default();
    for second in [0, 60] {
        let mut tick = tick(START + second * 1_000_000, 1.0, 1.0);
        tick.datetime = tick.datetime.map(|at| DateTime::fixed(at.civil, 28_800));
        bars.push(&tick);
    }
    let times: Vec<String> = bars.of("rb2405.SHFE").iter().map(|bar| bar.datetime.to_string()).collect();
    assert_eq!(times, ["2024-01-05 09:00:00+08:00", "2024-01-05 09:01:00+08:00"]);
}

#[test]
fn what_was_traded_while_contact_was_lost_is_in_no_minute() {
    let mut bars = LiveBars::default();
    bars.push(&tick(START, 1.0, 10.0));
    bars.interrupt();
    bars.push(&tick(START + 50_000_000, 2.0, 12.0));
    assert_eq!(brief(&bars), [(0, 2.0, 2.0)], "the same minute goes on");
    bars.interrupt();
    assert_eq!(brief(&bars), [(0, 2.0, 2.0)]);
    bars.push(&tick(START + 10 * MINUTE_US, 3.0, 900.0));
    bars.push(&tick(START + 10 * MINUTE_US + 1, 3.0, 901.0));
    assert_eq!(brief(&bars), [(0, 2.0, 2.0), (10, 3.0, 1.0)]);
}

#[test]
fn only_the_newest_are_kept() {
    let mut bars = LiveBars::default();
    let most = i64::try_from(MINUTES_MOST).expect("small");
    for minute in 0..most + 100 {
        bars.push(&tick(START + minute * MINUTE_US, 1.0, 1.0));
    }
    let kept = brief(&bars);
    assert_eq!((kept.len(), kept[0].0), (MINUTES_MOST + 1, 99));
    // A recording that begins again.
    bars.push(&tick(START, 2.0, 1.0));
    assert_eq!(brief(&bars), [(0, 2.0, 0.0)]);
}
