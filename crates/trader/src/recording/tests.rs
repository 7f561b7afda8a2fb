//! What reaches the database: whole minutes, once, over stops and starts, and while the file is held by others.
#![allow(clippy::float_cmp, reason = "whole lots")]

use super::*;
use crate::limits::LANE_TICKS;
use domain::{BarData, DateTime, Exchange, Interval, TickData};
use history::Database;
use minutes::Place;
use std::path::Path;
use std::time::{Duration, Instant};

/// 2024-01-05 09:00 in Shanghai.
const START: i64 = 1_704_416_400_000_000;
const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const ZONE: &str = "Asia/Shanghai";

fn tick(us: i64, price: f64, volume: f64) -> Arc<TickData> {
    let at = DateTime::from_unix_micros(START + us, ZONE).expect("a moment");
    let mut tick = TickData::new("SIM", "rb2405", Exchange::SHFE, Some(at));
    (tick.last_price, tick.volume) = (price, volume);
    Arc::new(tick)
}

/// Minute, open, close and volume.
fn brief(bars: &[BarData]) -> Vec<(i64, f64, f64, f64)> {
    let minute = |bar: &BarData| (bar.datetime.unix_micros() - START) / MINUTE;
    bars.iter().map(|bar| (minute(bar), bar.open_price, bar.close_price, bar.volume)).collect()
}

fn shelf(folder: &Path, record: Record) -> Shelf {
    Shelf::new(Recording { database: folder.join("database.db"), zone: ZONE.into(), record })
}

fn begin(folder: &Path, shelf: &Shelf) -> Threads {
    let tell = Box::new(|level, text| assert!(level < 40, "{text}"));
    start(shelf, Some(folder.to_owned()), Clock::start(), Language::En, tell).expect("threads")
}

fn stored(folder: &Path) -> Vec<BarData> {
    let database = Database::open(&folder.join("database.db"), ZONE).expect("opens");
    let at = |us| DateTime::from_unix_micros(START + us, ZONE).expect("a moment");
    let span = (&at(-MINUTE * 600), &at(MINUTE * 600));
    database.load_bars("rb2405", Exchange::SHFE, Interval::Minute, span.0, span.1).expect("is read")
}

fn wait(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what} does not happen");
        // waits: for what the caller says
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_full_lane_keeps_the_newest_tick_of_each_instrument() {
    let lane = Lane::default();
    for number in 0..LANE_TICKS + 3 {
        lane.push(&tick(number as i64, 1.0, number as f64));
    }
    let mut came = vec![tick(0, 9.0, 9.0)];
    assert_eq!(lane.take(&mut came), (2, false));
    assert_eq!((came.len(), came[LANE_TICKS].volume), (LANE_TICKS + 1, (LANE_TICKS + 2) as f64));
    lane.close();
    assert_eq!(lane.take(&mut came), (0, true));
    assert!(came.is_empty());
}

#[test]
fn a_session_s_last_bar_is_taken_by_the_clock_and_a_late_tick_still_goes_into_it() {
    let mut minutes = Minutes::default();
    minutes.push(&tick(0, 1.0, 1.0), 1_000);
    minutes.push(&tick(MINUTE, 2.0, 2.0), 2_000);
    minutes.push(&tick(MINUTE + 30 * SECOND, 3.0, 4.0), 3_000);
    let places = |minutes: &Minutes| -> Vec<(i64, Place, f64)> {
        let batch = minutes.batch(9);
        batch.iter().map(|one| (brief(std::slice::from_ref(&one.bar))[0].0, one.place, one.bar.volume)).collect()
    };
    assert_eq!(places(&minutes), [(0, Place::Perhaps, 0.0)]);
    // The last tick came at second 30: its minute is over 30 s later, and settled 10 s after that.
    minutes.settle(3_000 + 39_999_999);
    assert_eq!(minutes.waiting(), 1);
    assert_eq!(minutes.of("rb2405", Exchange::SHFE).0.len(), 1, "the running one is told");
    minutes.settle(3_000 + 40_000_000);
    assert_eq!(places(&minutes), [(0, Place::Perhaps, 0.0), (1, Place::Empty, 3.0)]);
    minutes.push(&tick(MINUTE + 59 * SECOND, 5.0, 9.0), 50_000_000);
    minutes.settle(200_000_000);
    assert_eq!(places(&minutes), [(0, Place::Perhaps, 0.0), (1, Place::Empty, 8.0)], "it has not been written");
    minutes.written(2);
    minutes.push(&tick(MINUTE + 59 * SECOND, 5.0, 10.0), 201_000_000);
    minutes.push(&tick(2 * MINUTE, 5.0, 11.0), 202_000_000);
    assert_eq!(places(&minutes), [(1, Place::Own, 9.0)], "it gives way to itself");
    let (better, worse) = minutes.of("rb2405", Exchange::SHFE);
    assert_eq!((brief(&better).len(), worse.len()), (2, 0));
}

#[test]
fn bars_are_written_and_a_stop_within_a_minute_is_no_seam() {
    let folder = tempfile::tempdir().expect("a folder");
    let one = shelf(folder.path(), Record::Bars);
    let threads = begin(folder.path(), &one);
    for (us, price, volume) in [(0, 1.0, 10.0), (MINUTE, 2.0, 12.0), (MINUTE + SECOND, 3.0, 15.0)] {
        one.lane.push(&tick(us, price, volume));
    }
    wait("a whole minute is written", || !stored(folder.path()).is_empty());
    assert_eq!(brief(&stored(folder.path())), [(0, 1.0, 1.0, 0.0)]);
    threads.stop();
    assert_eq!(brief(&stored(folder.path())), [(0, 1.0, 1.0, 0.0), (1, 2.0, 3.0, 5.0)]);

    let two = shelf(folder.path(), Record::Bars);
    let threads = begin(folder.path(), &two);
    for (us, price, volume) in [(MINUTE + 5 * SECOND, 4.0, 20.0), (2 * MINUTE, 5.0, 21.0)] {
        two.lane.push(&tick(us, price, volume));
    }
    threads.stop();
    let whole = [(0, 1.0, 1.0, 0.0), (1, 2.0, 4.0, 10.0), (2, 5.0, 5.0, 1.0)];
    assert_eq!(brief(&stored(folder.path())), whole, "as if it had not been stopped");

    // Killed in between: the file of running minutes is gone, and what is there is not replaced by less.
    drop(kept::take(Some(&folder.path().to_owned())));
    let three = shelf(folder.path(), Record::Bars);
    let threads = begin(folder.path(), &three);
    three.lane.push(&tick(2 * MINUTE + SECOND, 6.0, 30.0));
    three.lane.push(&tick(3 * MINUTE, 7.0, 31.0));
    threads.stop();
    assert_eq!(brief(&stored(folder.path()))[2..], [(2, 5.0, 5.0, 1.0), (3, 7.0, 7.0, 1.0)]);
}

#[test]
fn ticks_are_written_where_they_are_wanted() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = shelf(folder.path(), Record::Both);
    let threads = begin(folder.path(), &shelf);
    let nobody_knows_when = Arc::new(TickData::new("SIM", "rb2405", Exchange::SHFE, None));
    let ticks: Vec<Arc<TickData>> = (0..5000).map(|n| tick(n * SECOND / 2, 1.0 + n as f64, n as f64)).collect();
    ticks.iter().chain([&nobody_knows_when]).for_each(|tick| shelf.lane.push(tick));
    threads.stop();
    let database = Database::open(&folder.path().join("database.db"), ZONE).expect("opens");
    let (first, last) = (ticks[0].datetime.as_ref().expect("set"), ticks[4999].datetime.as_ref().expect("set"));
    let read = database.load_ticks("rb2405", Exchange::SHFE, first, last).expect("is read");
    assert_eq!(read.len(), 5000);
    let mut generator = domain::bars::BarGenerator::default();
    let mut bars: Vec<BarData> = read.iter().filter_map(|tick| generator.push(tick)).collect();
    bars.extend(generator.finish());
    assert_eq!(brief(&bars), brief(&stored(folder.path())));
}

#[test]
fn a_database_that_others_hold_is_told_once_and_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    // A folder is where the file should be: nothing can be opened there, until it is gone.
    let path = folder.path().join("database.db");
    std::fs::create_dir(&path).expect("a folder");
    let shelf = shelf(folder.path(), Record::Bars);
    let (told, hear) = std::sync::mpsc::sync_channel(16);
    let tell = Box::new(move |level, text| told.send((level, text)).expect("heard"));
    let threads = start(&shelf, None, Clock::start(), Language::En, tell).expect("threads");
    for minute in 0..5 {
        shelf.lane.push(&tick(minute * MINUTE, 1.0, 1.0));
    }
    let (level, text) = hear.recv_timeout(Duration::from_secs(30)).expect("it is told");
    assert_eq!(level, 40);
    assert!(text.contains("trading goes on") && text.contains("4 bars and 0 ticks wait"), "{text}");
    assert_eq!(shelf.minutes().of("rb2405", Exchange::SHFE).0.len(), 4, "they are told meanwhile");
    std::fs::remove_dir(&path).expect("is empty");
    let (level, text) = hear.recv_timeout(Duration::from_secs(30)).expect("it is told");
    assert!(level == 20 && text.contains("writes again"), "{text}");
    assert_eq!(stored(folder.path()).len(), 4);
    threads.stop();
    assert_eq!(stored(folder.path()).len(), 5);
}
