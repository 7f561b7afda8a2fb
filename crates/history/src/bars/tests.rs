//! Saving and loading bars; what is refused; two programs at once.

use super::*;
use crate::stamp::Stamp;
use domain::Civil;
use proptest::prelude::*;
use tempfile::TempDir;

const SHANGHAI: &str = "Asia/Shanghai";

fn database(folder: &TempDir, zone: &str) -> Database {
    Database::open(&folder.path().join("database.db"), zone).expect("a new database")
}

fn at(text: &str) -> DateTime {
    Stamp::parse(text).expect("a time").datetime()
}

fn bar(symbol: &str, time: &str, close: f64) -> BarData {
    BarData {
        gateway_name: Text::const_new("CTP"),
        symbol: Text::new(symbol),
        exchange: Exchange::SHFE,
        datetime: at(time),
        interval: Some(Interval::Minute),
        volume: 12.0,
        turnover: 0.1 + 0.2,
        open_interest: 7.0,
        open_price: 1.0,
        high_price: 2.0,
        low_price: 0.5,
        close_price: close,
    }
}

fn load(database: &Database, symbol: &str, start: &str, end: &str) -> Vec<BarData> {
    database.load_bars(symbol, Exchange::SHFE, Interval::Minute, &at(start), &at(end)).expect("readable bars")
}

fn closes(bars: &[BarData]) -> Vec<f64> {
    bars.iter().map(|bar| bar.close_price).collect()
}

#[test]
fn both_ends_of_a_range_are_in_it() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder, SHANGHAI);
    let bars = ["08:59:59.999999", "09:00:00", "09:00:00.000001", "09:01:00", "09:01:00.000001"];
    let bars: Vec<BarData> = bars
        .iter()
        .zip(0..)
        .map(|(time, n)| bar("rb2401", &format!("2024-01-02 {time}+08:00"), f64::from(n)))
        .collect();
    database.save_bars(&bars, SaveMode::Merge).expect("saved");
    let found = load(&database, "rb2401", "2024-01-02 01:00:00+00:00", "2024-01-02 01:01:00+00:00");
    assert_eq!(closes(&found), [1.0, 2.0, 3.0], "in whatever zone the ends are");
    let found = load(&database, "rb2401", "2024-01-02 09:00:00", "2024-01-02 09:01:00");
    assert_eq!(closes(&found), [1.0, 2.0, 3.0], "without a zone they are of the database");
    assert!(load(&database, "rb2401", "2024-01-02 09:01:00", "2024-01-02 09:00:00").is_empty());
    assert!(load(&database, "RB2401", "2024-01-02", "2024-01-03").is_empty());
}

#[test]
fn a_bar_of_the_same_time_takes_the_place_of_the_old_one() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder, SHANGHAI);
    let first = bar("rb2401", "2024-01-02 09:00:00", 1.0);
    let other = BarData { interval: Some(Interval::Hour), ..first.clone() };
    database.save_bars(&[first.clone(), other], SaveMode::Merge).expect("saved");
    database.save_bars(&[BarData { close_price: 5.0, ..first }], SaveMode::Merge).expect("saved");
    assert_eq!(closes(&load(&database, "rb2401", "2024-01-02", "2024-01-03")), [5.0]);
    let hours = database.load_bars("rb2401", Exchange::SHFE, Interval::Hour, &at("2024-01-02"), &at("2024-01-03"));
    assert_eq!(closes(&hours.expect("readable")), [1.0], "another interval is another bar");
}

#[test]
fn one_bar_that_cannot_be_stored_leaves_none() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder, SHANGHAI);
    let good = bar("rb2401", "2024-01-02 09:00:00", 1.0);
    let later = bar("rb2401", "2024-01-02 09:01:00", 1.0);
    for bad in [BarData { interval: None, ..later.clone() }, BarData { low_price: f64::NAN, ..later }] {
        let error = database.save_bars(&[good.clone(), bad], SaveMode::Merge).expect_err("one is bad");
        assert!(error.to_string().starts_with("the bar of rb2401.SHFE at 2024-01-02 09:01:00"), "{error}");
    }
    assert!(load(&database, "rb2401", "2024-01-02", "2024-01-03").is_empty());
    assert!(database.bar_overviews().expect("readable").is_empty());
}

#[test]
fn saving_nothing_is_nothing() {
    let folder = TempDir::new().expect("a folder");
    database(&folder, SHANGHAI).save_bars(&[], SaveMode::Merge).expect("nothing to do");
}

#[test]
fn deleting_takes_the_bars_and_their_overview_and_nothing_else() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder, SHANGHAI);
    let bars = [
        bar("rb2401", "2024-01-02 09:00:00", 1.0),
        bar("rb2401", "2024-01-02 09:01:00", 1.0),
        bar("rb2405", "2024-01-02 09:00:00", 1.0),
    ];
    database.save_bars(&bars, SaveMode::Merge).expect("saved");
    assert_eq!(database.delete_bars("rb2401", Exchange::SHFE, Interval::Minute), Ok(2));
    assert_eq!(database.delete_bars("rb2401", Exchange::SHFE, Interval::Minute), Ok(0));
    let left = database.bar_overviews().expect("readable");
    assert_eq!(left.iter().map(|row| row.symbol.as_str()).collect::<Vec<_>>(), ["rb2405"]);
    assert_eq!(load(&database, "rb2405", "2024-01-02", "2024-01-03").len(), 1);
}

#[test]
fn two_programs_have_the_file_open() {
    let folder = TempDir::new().expect("a folder");
    let mut ours = database(&folder, SHANGHAI);
    let mut theirs = database(&folder, SHANGHAI);
    ours.save_bars(&[bar("rb2401", "2024-01-02 09:00:00", 1.0)], SaveMode::Stream).expect("saved");
    theirs.save_bars(&[bar("rb2401", "2024-01-02 09:01:00", 2.0)], SaveMode::Stream).expect("saved");
    assert_eq!(closes(&load(&ours, "rb2401", "2024-01-02", "2024-01-03")), [1.0, 2.0]);
    assert_eq!(ours.bar_overviews(), theirs.bar_overviews());
    assert!(!folder.path().join("database.db-wal").exists(), "VeighNa's journal mode is left as it is");
}

#[test]
fn a_row_that_nobody_can_read_is_named() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder, SHANGHAI);
    database.save_bars(&[bar("rb2401", "2024-01-02 09:00:00", 1.0)], SaveMode::Merge).expect("saved");
    database.connection.execute("UPDATE dbbardata SET datetime = '2024-01-02 9 Uhr'", []).expect("changed");
    let range = (&at("2024-01-01"), &at("2024-02-01"));
    let error = database.load_bars("rb2401", Exchange::SHFE, Interval::Minute, range.0, range.1);
    assert_eq!(
        error.expect_err("no time").to_string(),
        "the table dbbardata has a row whose datetime cannot be read: \"2024-01-02 9 Uhr\""
    );
}

/// A bar at any moment of some years, given in any zone.
fn any_bar() -> impl Strategy<Value = BarData> {
    let number = prop_oneof![
        any::<f64>().prop_filter("not NaN", |number| !number.is_nan()),
        (0_u32..10_000_000).prop_map(|n| f64::from(n) / 100.0),
    ];
    let zone = prop_oneof![Just("Asia/Shanghai"), Just("America/New_York"), Just("UTC"), Just("Australia/Lord_Howe")];
    let moment = 0_i64..4_102_444_800_000_000;
    let micros = prop_oneof![moment.clone(), moment.prop_map(|moment| moment / 60_000_000 * 60_000_000)];
    let interval =
        prop_oneof![Just(Interval::Minute), Just(Interval::Hour), Just(Interval::Daily), Just(Interval::Weekly)];
    (proptest::array::uniform7(number), zone, micros, interval).prop_map(|(numbers, zone, micros, interval)| {
        let [volume, turnover, open_interest, open_price, high_price, low_price, close_price] = numbers;
        BarData {
            gateway_name: Text::const_new("DB"),
            symbol: Text::const_new("SPY-USD-STK"),
            exchange: Exchange::parse("EUX").expect("Eurex, whose value is not its name"),
            datetime: DateTime::from_unix_micros(micros, zone).expect("a zone of the database"),
            interval: Some(interval),
            volume,
            turnover,
            open_interest,
            open_price,
            high_price,
            low_price,
            close_price,
        }
    })
}

fn bits(bar: &BarData) -> [u64; 7] {
    [bar.volume, bar.turnover, bar.open_interest, bar.open_price, bar.high_price, bar.low_price, bar.close_price]
        // SQLite has only one zero.
        .map(|number| (number + 0.0).to_bits())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever zone the file has, what was saved is what is loaded: to the microsecond and the bit.
    #[test]
    fn what_is_saved_is_loaded(
        bars in proptest::collection::vec(any_bar(), 1..20),
        zone in prop_oneof![Just("Asia/Shanghai"), Just("America/New_York"), Just("UTC")],
    ) {
        let folder = TempDir::new().expect("a folder");
        let mut database = database(&folder, zone);
        database.save_bars(&bars, SaveMode::Merge).expect("saved");
        for interval in [Interval::Minute, Interval::Hour, Interval::Daily, Interval::Weekly] {
            // The last of one text wins; a moment in the second pass of a repeated hour has the text of the first.
            let mut expected = std::collections::BTreeMap::new();
            for bar in bars.iter().filter(|bar| bar.interval == Some(interval)) {
                let text = database.clock.text(&bar.datetime).expect("a time");
                let read = database.clock.read(&text).expect("a time");
                let distance = bar.datetime.unix_micros() - read.unix_micros();
                prop_assert!(distance == 0 || (zone == "America/New_York" && distance == 3_600_000_000));
                expected.insert(text, (read.unix_micros(), bits(bar)));
            }
            let range = (&DateTime::naive(Civil::new((1, 1, 1), (0, 0, 0), 0).expect("a day")), &at("9999-12-31"));
            let exchange = Exchange::parse("EUX").expect("an exchange");
            let loaded = database.load_bars("SPY-USD-STK", exchange, interval, range.0, range.1).expect("readable");
            let loaded: Vec<_> = loaded.iter().map(|bar| (bar.datetime.unix_micros(), bits(bar))).collect();
            prop_assert_eq!(loaded, expected.into_values().collect::<Vec<_>>());
        }
    }
}
