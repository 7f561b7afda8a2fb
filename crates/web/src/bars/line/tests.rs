//! Whatever ticks come: a line has the bars that the sources' code makes of all of them.

use super::*;
use crate::bars::seed::Fit;
use crate::bars::sources::{Sources, Wanted};
use crate::replica::{Fact, Input, Replica};
use domain::{Exchange, TickData, VtSymbol};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::Arc;

/// 2024-01-05 14:40 in Shanghai, a Friday: a night and a weekend follow.
const START: i64 = 1_704_436_800_000_000;

fn wanted(period: Period, exchange: Exchange) -> Wanted {
    let start = DateTime::from_unix_micros(START - 30 * 86_400_000_000, "Asia/Shanghai").expect("a moment");
    Wanted {
        vt_symbol: VtSymbol::new("rb2405", exchange),
        symbol: "rb2405".into(),
        exchange,
        gateway: "SIM".into(),
        period,
        start,
        end: None,
        zone: "Asia/Shanghai".into(),
    }
}

fn seed(replica: &Replica, wanted: &Wanted) -> Seed {
    let now = replica.bars.newest(&wanted.vt_symbol.0).expect("a tick came");
    let (minute, live) = (on_clock(now.running, &wanted.zone), now.running.clone());
    let sources = Sources::of_live(replica.bars.of(&wanted.vt_symbol.0));
    Seed::of(wanted.clone(), sources, minute, live, now.is_whole())
}

fn brief(bar: &BarData) -> (String, [f64; 6]) {
    let prices = [bar.open_price, bar.high_price, bar.low_price, bar.close_price];
    (bar.datetime.rfc3339(), [prices[0], prices[1], prices[2], prices[3], bar.volume, bar.turnover])
}

fn check(period: Period, exchange: Exchange, ticks: &[(i64, u8, u8)]) {
    let wanted = wanted(period, exchange);
    let mut replica = Replica::default();
    replica.apply(Input::Snapshot(Box::default()), &mut Vec::new());
    let (mut line, mut finished, mut running): (Option<Line>, Vec<BarData>, Option<BarData>) = (None, Vec::new(), None);
    let (mut us, mut volume) = (START, 1_000.0);
    for (seconds, price, lots) in ticks {
        us += seconds * 1_000_000;
        volume += f64::from(*lots) * 1.1;
        let mut tick = TickData::new("SIM", "rb2405", exchange, DateTime::from_unix_micros(us, "Asia/Shanghai"));
        (tick.last_price, tick.volume, tick.turnover) = (f64::from(*price) * 0.5, volume, volume * 0.3);
        replica.apply(Input::Fact(Fact::Tick(Arc::new(tick))), &mut Vec::new());
        let Some(now) = replica.bars.newest(&wanted.vt_symbol.0) else { continue };
        let step = line.as_mut().map(|line| line.step(now));
        let news = match step {
            Some(Step::Same) => continue,
            Some(Step::News(news)) => news,
            Some(Step::Again) | None => {
                let seed = seed(&replica, &wanted);
                assert_eq!(seed.fit(now), Fit::Exact);
                let (begun, news) = Line::begin(seed, line.as_ref().map(Line::since), now);
                line = Some(begun);
                news
            }
        };
        finished.extend(news.finished);
        running = news.running;
    }
    let Some(running) = running else { return };
    finished.push(running);
    let asked = wanted.make(Sources::of_live(replica.bars.of(&wanted.vt_symbol.0)).load(&wanted), None).bars;
    let got: Vec<_> = finished.iter().map(brief).collect();
    assert_eq!(got, asked.iter().map(brief).collect::<Vec<_>>(), "{}", period.name());
}

proptest! {
    #[test]
    fn a_line_has_the_bars_that_get_has(
        // Late ticks, ticks within a minute, breaks and a night; ticks without a price.
        ticks in vec((prop_oneof![1 => -100_i64..0, 20 => 0_i64..90, 2 => 90_i64..4_000, 1 => Just(6 * 3_600_i64)], 0_u8..9, 0_u8..5), 1..200),
        period in prop::sample::select(Period::ALL.to_vec()),
        exchange in prop::sample::select(vec![Exchange::SHFE, Exchange::SSE]),
    ) {
        // The ticks do not keep to the calendar: a Saturday's would take a night back from the week that it had begun.
        check(period, if period == Period::Week { Exchange::SSE } else { exchange }, &ticks);
    }
}

#[test]
fn a_night_before_a_holiday_ends_in_the_day_that_comes() {
    // A tick on Friday afternoon, one at night, and the next on Tuesday morning: the night is Tuesday's.
    check(Period::Day, Exchange::SHFE, &[(0, 5, 1), (7 * 3_600, 6, 1), (84 * 3_600 - 400, 7, 2), (60, 8, 1)]);
}
