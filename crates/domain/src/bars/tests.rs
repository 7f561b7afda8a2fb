//! The generator by VeighNa's rules, the calendar of nights, and what must hold of every aggregation and join.
#![allow(clippy::float_cmp, reason = "a bar holds the very doubles of its ticks, and whole lots")]

use super::*;
use crate::{BarData, Civil, DateTime, Exchange, Interval, Text, TickData};
use proptest::prelude::*;

const SHANGHAI: &str = "Asia/Shanghai";
/// 2024-01-05 09:00 in Shanghai, a Friday.
const FRIDAY: i64 = 1_704_416_400_000_000;

fn at(us: i64) -> DateTime {
    DateTime::from_unix_micros(us, SHANGHAI).expect("a moment")
}

fn day(month: u8, date: u8, hour: u8, minute: u8) -> DateTime {
    let civil = Civil::new((2024, month, date), (hour, minute, 0), 0).expect("a moment");
    DateTime::in_zone(civil, false, SHANGHAI).expect("a zone")
}

fn tick(us: i64, price: f64, volume: f64) -> TickData {
    let mut tick = TickData::new("SIM", "rb2405", Exchange::SHFE, Some(at(us)));
    (tick.last_price, tick.volume, tick.turnover) = (price, volume, volume * 10.0);
    (tick.high_price, tick.low_price, tick.open_interest) = (price, price, 7.0);
    tick
}

fn minute(at: DateTime, price: f64, volume: f64) -> BarData {
    BarData {
        gateway_name: Text::new("SIM"),
        symbol: Text::new("rb2405"),
        exchange: Exchange::SHFE,
        datetime: at,
        interval: Some(Interval::Minute),
        volume,
        turnover: volume * 10.0,
        open_interest: price,
        open_price: price,
        high_price: price + 2.0,
        low_price: price - 2.0,
        close_price: price + 1.0,
    }
}

/// Everything that a generator hands over; a later bar of the same minute replaces the earlier one, as whoever keeps
/// bars does.
fn all(ticks: &[TickData]) -> Vec<BarData> {
    let mut generator = BarGenerator::default();
    let mut bars: Vec<BarData> = ticks.iter().filter_map(|tick| generator.push(tick)).collect();
    bars.extend(generator.finish());
    bars
}

#[test]
fn a_bar_is_handed_over_with_the_first_tick_of_the_next_minute() {
    let mut generator = BarGenerator::default();
    assert_eq!(generator.push(&tick(FRIDAY + 5_000_000, 100.0, 50.0)), None);
    assert_eq!(generator.push(&tick(FRIDAY + 6_000_000, 103.0, 52.0)), None);
    assert_eq!(generator.push(&tick(FRIDAY + 59_999_999, 99.0, 55.0)), None);
    let bar = generator.push(&tick(FRIDAY + MINUTE_US, 101.0, 60.0)).expect("complete");
    assert_eq!(bar.datetime.to_string(), "2024-01-05 09:00:00+08:00");
    assert_eq!((bar.open_price, bar.high_price, bar.low_price, bar.close_price), (100.0, 103.0, 99.0, 99.0));
    assert_eq!((bar.volume, bar.turnover, bar.open_interest), (5.0, 50.0, 7.0), "the very first tick adds nothing");
    assert_eq!((bar.interval, bar.gateway_name.as_str()), (Some(Interval::Minute), "SIM"));
    let running = generator.running().expect("begun");
    assert_eq!((running.volume, running.open_price), (5.0, 101.0), "what came since the last tick is the new bar's");
}

#[test]
fn ticks_without_price_or_time_are_left_out_and_a_day_begins_anew() {
    let none = TickData { datetime: None, ..tick(FRIDAY, 1.0, 1.0) };
    let zero = tick(FRIDAY, 0.0, 1.0);
    let max = tick(FRIDAY, f64::MAX, 1.0);
    let mut generator = BarGenerator::default();
    for tick in [&none, &zero, &max] {
        assert_eq!(generator.push(tick), None);
        assert_eq!(generator.running(), None);
    }
    let bars = all(&[tick(FRIDAY, 1.0, 900.0), tick(FRIDAY + 24 * 60 * MINUTE_US, 2.0, 3.0)]);
    assert_eq!(bars.len(), 2, "a day later is another minute, also at the same hour");
    assert_eq!(bars[1].volume, 0.0, "the day's volume fell: it began anew");
    let unset = TickData { turnover: f64::MAX, ..tick(FRIDAY + 1, 1.0, 901.0) };
    assert_eq!(all(&[tick(FRIDAY, 1.0, 900.0), unset])[0].turnover, 0.0, "CTP's unset turnover is none");
}

#[test]
fn extremes_between_ticks_come_from_the_days_own_from_the_first_tick_on() {
    let mut second = tick(FRIDAY + MINUTE_US, 100.0, 2.0);
    (second.high_price, second.low_price) = (108.0, 91.0);
    let mut third = tick(FRIDAY + MINUTE_US + 1, 100.0, 2.0);
    (third.high_price, third.low_price) = (109.0, 0.0);
    let bars = all(&[tick(FRIDAY, 100.0, 1.0), second, third]);
    assert_eq!((bars[1].high_price, bars[1].low_price), (109.0, 91.0), "a low of 0 is none");
    assert_eq!((bars[0].high_price, bars[0].low_price), (100.0, 100.0), "the very first has nothing to compare with");
}

#[test]
fn a_late_tick_begins_no_second_bar_and_a_clock_set_back_begins_anew() {
    let late = [tick(FRIDAY, 1.0, 1.0), tick(FRIDAY + MINUTE_US, 2.0, 2.0), tick(FRIDAY + 59_000_000, 9.0, 3.0)];
    let bars = all(&late);
    assert_eq!(bars.len(), 2);
    assert!(bars.iter().all(|bar| bar.high_price < 9.0));
    let again = [tick(FRIDAY + 60 * MINUTE_US, 1.0, 5.0), tick(FRIDAY, 2.0, 1.0), tick(FRIDAY + 1, 3.0, 2.0)];
    let bars = all(&again);
    assert_eq!((bars.len(), bars[1].close_price, bars[1].volume), (2, 3.0, 1.0));
}

#[test]
fn a_bar_that_was_flushed_is_handed_over_again_only_if_a_tick_still_came() {
    let mut generator = BarGenerator::default();
    generator.push(&tick(FRIDAY, 5.0, 1.0));
    assert_eq!(generator.flush(FRIDAY + MINUTE_US - 1), None, "its minute runs");
    let early = generator.flush(FRIDAY + MINUTE_US).expect("its minute is over");
    assert_eq!(generator.flush(FRIDAY + 2 * MINUTE_US), None);
    assert_eq!(generator.push(&tick(FRIDAY + 9 * MINUTE_US, 6.0, 2.0)), None, "no double");
    generator.flush(FRIDAY + 10 * MINUTE_US).expect("the next");
    generator.push(&tick(FRIDAY + 9 * MINUTE_US + 59_000_000, 8.0, 4.0));
    let whole = generator.push(&tick(FRIDAY + 10 * MINUTE_US, 7.0, 5.0)).expect("it has grown");
    assert_eq!((early.close_price, whole.open_price, whole.close_price, whole.volume), (5.0, 6.0, 8.0, 3.0));
}

#[test]
fn a_generator_that_was_kept_goes_on_within_its_minute_only() {
    let mut generator = BarGenerator::default();
    generator.push(&tick(FRIDAY, 5.0, 1.0));
    let text = serde_json::to_string(&generator).expect("plain rows");
    let kept: BarGenerator = serde_json::from_str(&text).expect("as written");
    let mut same = kept.clone().resume();
    same.push(&tick(FRIDAY + 30_000_000, 4.0, 9.0));
    let bar = same.finish().expect("a bar");
    assert_eq!((bar.open_price, bar.low_price, bar.volume), (5.0, 4.0, 8.0));
    let mut later = kept.resume();
    assert_eq!(later.push(&tick(FRIDAY + 60 * MINUTE_US, 4.0, 900.0)), None);
    assert_eq!(later.finish().expect("a bar").volume, 0.0, "what was traded meanwhile belongs to no minute");
}

#[test]
fn windows_are_the_clocks_and_days_the_exchanges() {
    let minutes: Vec<BarData> = (0..12).map(|n| minute(day(1, 5, 9, 3 + n), 100.0 + f64::from(n), 1.0)).collect();
    let five = aggregate(&minutes, Period::M5, &TradingDays::default());
    let begins: Vec<String> = five.iter().map(|bar| bar.datetime.to_string()[11..16].to_owned()).collect();
    assert_eq!(begins, ["09:00", "09:05", "09:10"]);
    assert_eq!(five.iter().map(|bar| bar.volume).collect::<Vec<_>>(), [2.0, 5.0, 5.0]);
    assert_eq!((five[1].open_price, five[1].close_price, five[1].interval), (102.0, 107.0, None));
    let hour = aggregate(&minutes, Period::H1, &TradingDays::default());
    assert_eq!((hour.len(), hour[0].interval), (1, Some(Interval::Hour)));
}

/// Friday's night and Saturday's small hours, then Monday, each with the trading day that they belong to.
#[test]
fn a_night_belongs_to_the_next_trading_day() {
    let friday = day(1, 5, 14, 59);
    let night = [day(1, 5, 21, 0), day(1, 6, 1, 30)];
    let monday = day(1, 8, 9, 0);
    let dated = |bars: Vec<BarData>| -> Vec<String> {
        bars.iter().map(|bar| bar.datetime.to_string()[..16].to_owned()).collect()
    };
    let check = |exchange: Exchange, hours: &[DateTime], daily: &[BarData], period: Period, wanted: &[&str]| {
        let minutes: Vec<BarData> =
            hours.iter().map(|at| BarData { exchange, ..minute(at.clone(), 1.0, 1.0) }).collect();
        let days = TradingDays::of(exchange, &minutes, daily);
        assert_eq!(dated(aggregate(&minutes, period, &days)), wanted);
    };
    let all = [friday.clone(), night[0].clone(), night[1].clone(), monday.clone()];
    check(Exchange::SHFE, &all, &[], Period::Day, &["2024-01-05 00:00", "2024-01-08 00:00"]);
    check(Exchange::SHFE, &all[..3], &[], Period::Day, &["2024-01-05 00:00", "2024-01-08 00:00"]);
    check(Exchange::SHFE, &all, &[], Period::Week, &["2024-01-01 00:00", "2024-01-08 00:00"]);
    // A venue that trades on Saturday shows it by its daily bar.
    let saturday = [minute(day(1, 6, 0, 0), 1.0, 1.0)];
    check(Exchange::SHFE, &all[..3], &saturday, Period::Day, &["2024-01-05 00:00", "2024-01-06 00:00"]);
    // No night before a holiday: what follows much later is not the night's.
    let far = [night[0].clone(), day(1, 15, 9, 0)];
    check(Exchange::DCE, &far, &[], Period::Day, &["2024-01-08 00:00", "2024-01-15 00:00"]);
    // Where there are no nights a day is a date.
    let dates = ["2024-01-05 00:00", "2024-01-06 00:00", "2024-01-08 00:00"];
    check(Exchange::SSE, &all, &[], Period::Day, &dates);
}

#[test]
fn sources_are_told_by_one_clock() {
    let mut bars = vec![minute(at(FRIDAY), 1.0, 1.0)];
    in_zone(&mut bars, "UTC");
    assert_eq!(bars[0].datetime.to_string(), "2024-01-05 01:00:00+00:00");
    assert_eq!(join(vec![bars, vec![minute(at(FRIDAY), 2.0, 2.0)]], Period::M1).len(), 1, "the same moment");
    assert_eq!(zone_of(Exchange::SHFE), Some(SHANGHAI));
    assert!(Exchange::known().filter_map(zone_of).all(|zone| DateTime::from_unix_micros(0, zone).is_some()));
    assert!(Period::ALL.iter().all(|period| Period::from_name(period.name()) == Some(*period)));
}

/// Ticks of an hour or two, in order; several may share a moment.
fn ticks() -> impl Strategy<Value = Vec<TickData>> {
    prop::collection::vec((0i64..40_000_000, 1u32..500, 0u32..9), 1..200).prop_map(|steps| {
        let (mut us, mut volume) = (FRIDAY, 0.0);
        let mut of_day = (0.0f64, f64::MAX);
        steps
            .into_iter()
            .map(|(step, price, more)| {
                us += step;
                volume += f64::from(more);
                let price = f64::from(price);
                of_day = (of_day.0.max(price), of_day.1.min(price));
                let mut tick = tick(us, price, volume);
                (tick.high_price, tick.low_price) = of_day;
                tick
            })
            .collect()
    })
}

/// Minutes of some days with gaps, in order.
fn minutes() -> impl Strategy<Value = Vec<BarData>> {
    prop::collection::vec((1i64..400, 1u32..500, 0u32..99), 0..300).prop_map(|steps| {
        let mut us = FRIDAY;
        steps
            .into_iter()
            .map(|(step, price, volume)| {
                us += step * MINUTE_US;
                minute(at(us), f64::from(price), f64::from(volume))
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn bars_hold_the_ticks_of_their_minute(ticks in ticks()) {
        let bars = all(&ticks);
        let grown = ticks[ticks.len() - 1].volume - ticks[0].volume;
        prop_assert_eq!(bars.iter().map(|bar| bar.volume).sum::<f64>(), grown);
        prop_assert!(bars.windows(2).all(|pair| pair[0].datetime.unix_micros() < pair[1].datetime.unix_micros()));
        for bar in &bars {
            let begin = bar.datetime.unix_micros();
            let of_minute: Vec<&TickData> = ticks
                .iter()
                .filter(|tick| (0..MINUTE_US).contains(&(tick.datetime.as_ref().expect("set").unix_micros() - begin)))
                .collect();
            let prices = || of_minute.iter().map(|tick| tick.last_price);
            prop_assert_eq!(bar.open_price, of_minute[0].last_price);
            prop_assert_eq!(bar.close_price, of_minute[of_minute.len() - 1].last_price);
            prop_assert_eq!(bar.high_price, prices().fold(0.0, f64::max));
            prop_assert_eq!(bar.low_price, prices().fold(f64::MAX, f64::min));
        }
    }

    /// However the ticks are cut into chunks, with the bars looked at, flushed and even kept on disk in between.
    #[test]
    fn chunks_and_flushes_change_nothing(ticks in ticks(), cuts in prop::collection::vec(1usize..20, 1..30)) {
        let mut generator = BarGenerator::default();
        let mut kept: Vec<BarData> = Vec::new();
        let mut rest = &ticks[..];
        let mut keep = |bar: Option<BarData>| if let Some(bar) = bar { kept.push(bar) };
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (chunk, others) = rest.split_at((*cut).min(rest.len()));
            chunk.iter().for_each(|tick| keep(generator.push(tick)));
            let newest = chunk[chunk.len() - 1].datetime.as_ref().expect("set").unix_micros();
            keep(generator.flush(newest + i64::try_from(cut % 4).expect("small") * MINUTE_US));
            rest = others;
        }
        keep(generator.finish());
        // Newest first: the last one handed over of each minute is what is kept.
        kept.reverse();
        prop_assert_eq!(join(vec![kept], Period::M1), all(&ticks));
    }

    #[test]
    fn longer_bars_hold_their_minutes(minutes in minutes(), exchange in prop::sample::select(vec![Exchange::SHFE, Exchange::SSE])) {
        let days = TradingDays::of(exchange, &minutes, &[]);
        for period in Period::ALL {
            let bars = aggregate(&minutes, period, &days);
            let sum = |bars: &[BarData]| bars.iter().map(|bar| (bar.volume, bar.turnover)).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
            prop_assert_eq!(sum(&bars), sum(&minutes));
            prop_assert!(bars.windows(2).all(|pair| pair[0].datetime.unix_micros() < pair[1].datetime.unix_micros()));
            let mut rest = &minutes[..];
            for bar in &bars {
                let own = |minute: &&BarData| match period {
                    Period::Day => days.day_of(&minute.datetime) == period.key(&bar.datetime),
                    Period::Week => {
                        let day = days.day_of(&minute.datetime);
                        (0..7).contains(&(day - period.key(&bar.datetime)))
                    }
                    _ => period.key(&minute.datetime) == period.key(&bar.datetime),
                };
                let count = rest.iter().take_while(own).count();
                prop_assert!(count > 0);
                let (mine, others) = rest.split_at(count);
                prop_assert_eq!((bar.open_price, bar.close_price), (mine[0].open_price, mine[count - 1].close_price));
                prop_assert_eq!(bar.high_price, mine.iter().map(|bar| bar.high_price).fold(0.0, f64::max));
                prop_assert_eq!(bar.low_price, mine.iter().map(|bar| bar.low_price).fold(f64::MAX, f64::min));
                prop_assert_eq!(bar.open_interest, mine[count - 1].open_interest);
                rest = others;
            }
            prop_assert!(rest.is_empty());
            if period == Period::M1 {
                prop_assert_eq!(&bars, &minutes);
            }
        }
    }

    /// Windows of hours made of windows of minutes are those made of minutes.
    #[test]
    fn it_does_not_matter_by_which_steps(minutes in minutes()) {
        let days = TradingDays::default();
        let hours = aggregate(&minutes, Period::H1, &days);
        for step in [Period::M5, Period::M15, Period::M30] {
            prop_assert_eq!(aggregate(&aggregate(&minutes, step, &days), Period::H1, &days), hours.clone());
        }
    }

    #[test]
    fn a_join_has_each_moment_once_in_order_from_the_first_source_that_has_it(
        minutes in minutes(), of in prop::collection::vec(0u8..8, 300),
    ) {
        // Each minute is in any of three sources; the price says in which.
        let sources: Vec<Vec<BarData>> = (0..3u8)
            .map(|source| {
                let own = minutes.iter().zip(&of).filter(|(_, of)| *of & (1 << source) != 0);
                own.map(|(bar, _)| BarData { close_price: f64::from(source), ..bar.clone() }).collect()
            })
            .collect();
        let joined = join(sources, Period::M1);
        let wanted: Vec<(i64, f64)> = minutes
            .iter()
            .zip(&of)
            .filter(|(_, of)| **of != 0)
            .map(|(bar, of)| (bar.datetime.unix_micros(), f64::from(of.trailing_zeros())))
            .collect();
        let got: Vec<(i64, f64)> = joined.iter().map(|bar| (bar.datetime.unix_micros(), bar.close_price)).collect();
        prop_assert_eq!(got, wanted);
    }
}
