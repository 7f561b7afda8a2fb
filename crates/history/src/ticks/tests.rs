//! Saving and loading ticks.

use super::*;
use domain::{DEPTH, Level};
use proptest::prelude::*;
use tempfile::TempDir;

fn at(text: &str) -> DateTime {
    Stamp::parse(text).expect("a time").datetime()
}

fn database(folder: &TempDir) -> Database {
    Database::open(&folder.path().join("database.db"), "Asia/Shanghai").expect("a new database")
}

fn tick(time: &str) -> TickData {
    let mut tick = TickData::new("DB", "IF2101", Exchange::CFFEX, Some(at(time)));
    tick.name = Text::const_new("沪深2101");
    for index in 0..TickData::NUMBERS.len() {
        tick.set_number(index, index as f64 + 0.1);
    }
    tick
}

fn load(database: &Database, start: &str, end: &str) -> Vec<TickData> {
    database.load_ticks("IF2101", Exchange::CFFEX, &at(start), &at(end)).expect("readable ticks")
}

#[test]
fn all_of_a_tick_comes_back() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let mut saved = tick("2021-01-04 09:30:00.500000+08:00");
    saved.localtime = Some(at("2021-01-04 09:30:00.612345+08:00"));
    database.save_ticks(&[saved.clone()], SaveMode::Stream).expect("saved");
    let loaded = load(&database, "2021-01-04 09:30:00.5", "2021-01-04 09:30:00.5");
    let expected =
        TickData { datetime: DateTime::in_zone(at("2021-01-04 09:30:00.5").civil, false, "Asia/Shanghai"), ..saved };
    assert_eq!(loaded, [expected]);
}

#[test]
fn a_level_that_is_not_there_is_null_and_comes_back_as_none() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let mut saved = tick("2021-01-04 09:30:00");
    (saved.bids, saved.asks) = ([Level::default(); DEPTH], [Level::default(); DEPTH]);
    // The wire had None in every price and volume of the book.
    (11..TickData::NUMBERS.len() as u32).for_each(|index| saved.forms.set_null(index));
    database.save_ticks(&[saved], SaveMode::Merge).expect("saved, though level 1 takes no NULL");
    let kinds =
        "SELECT typeof(bid_price_1), typeof(bid_price_2), typeof(ask_volume_5), localtime IS NULL FROM dbtickdata";
    let kinds = database.connection.query_row(kinds, [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, bool>(3)?))
    });
    assert_eq!(kinds, Ok(("real".to_owned(), "null".to_owned(), "null".to_owned(), true)));
    let loaded = load(&database, "2021-01-04", "2021-01-05").remove(0);
    assert_eq!((loaded.bids, loaded.asks), ([Level::default(); DEPTH], [Level::default(); DEPTH]));
    assert!(loaded.forms.is_null(12) && !loaded.forms.is_null(11));
}

#[test]
fn what_has_no_time_or_no_number_is_refused_and_nothing_is_stored() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let good = tick("2021-01-04 09:30:00");
    let nan = TickData { last_price: f64::NAN, ..tick("2021-01-04 09:30:01") };
    for bad in [TickData { datetime: None, ..good.clone() }, nan] {
        let error = database.save_ticks(&[good.clone(), bad], SaveMode::Merge).expect_err("one is bad");
        assert!(error.to_string().starts_with("the tick of IF2101.CFFEX"), "{error}");
    }
    assert!(database.tick_overviews().expect("readable").is_empty());
}

#[test]
fn overviews_of_ticks_follow_the_same_rules() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let ticks: Vec<TickData> =
        ["09:30:01", "09:30:00", "09:30:02"].map(|time| tick(&format!("2021-01-04 {time}"))).into();
    database.save_ticks(&ticks, SaveMode::Merge).expect("saved");
    database.save_ticks(&ticks[2..], SaveMode::Stream).expect("saved");
    let overview = |database: &Database| database.tick_overviews().expect("readable").remove(0);
    assert_eq!(overview(&database).count, 4);
    database.save_ticks(&ticks[..1], SaveMode::Merge).expect("saved");
    let found = overview(&database);
    assert_eq!((found.count, found.start.civil.second, found.end.civil.second), (3, 0, 2));
    database.connection.execute("DELETE FROM dbtickoverview", []).expect("emptied");
    assert_eq!(overview(&database), found, "made anew");
    assert_eq!(database.delete_ticks("IF2101", Exchange::CFFEX), Ok(3));
    assert!(database.tick_overviews().expect("readable").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_saved_is_loaded(
        numbers in proptest::collection::vec(any::<f64>().prop_filter("not NaN", |n| !n.is_nan()), 31),
        micros in 0_i64..4_102_444_800_000_000, name in ".{0,20}",
    ) {
        let folder = TempDir::new().expect("a folder");
        let mut database = database(&folder);
        let mut saved = TickData::new("DB", "a.b c'\"", Exchange::LOCAL, DateTime::from_unix_micros(micros, "Asia/Shanghai"));
        saved.name = Text::new(&name);
        numbers.iter().enumerate().for_each(|(index, number)| saved.set_number(index, *number));
        database.save_ticks(&[saved.clone()], SaveMode::Stream).expect("saved");
        let time = saved.datetime.clone().expect("set above");
        let loaded = database.load_ticks("a.b c'\"", Exchange::LOCAL, &time, &time).expect("readable").remove(0);
        // SQLite has only one zero.
        let bits = |tick: &TickData| (0..31).map(|index| (tick.number(index) + 0.0).to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(&loaded), bits(&saved));
        prop_assert_eq!((loaded.datetime, loaded.name, loaded.symbol), (saved.datetime, saved.name, saved.symbol));
    }
}
