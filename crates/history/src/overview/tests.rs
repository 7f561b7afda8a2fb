//! The rules by which VeighNa keeps its overviews.

use super::*;
use crate::stamp::Stamp;
use domain::BarData;
use tempfile::TempDir;

fn at(text: &str) -> DateTime {
    Stamp::parse(text).expect("a time").datetime()
}

fn bars(symbol: &str, minutes: &[u8]) -> Vec<BarData> {
    let bar = |minute: &u8| BarData {
        gateway_name: Text::const_new("CTP"),
        symbol: Text::new(symbol),
        exchange: Exchange::SHFE,
        datetime: at(&format!("2024-01-02 09:{minute:02}:00+08:00")),
        interval: Some(Interval::Minute),
        volume: 1.0,
        turnover: 1.0,
        open_interest: 1.0,
        open_price: 1.0,
        high_price: 1.0,
        low_price: 1.0,
        close_price: 1.0,
    };
    minutes.iter().map(bar).collect()
}

fn database(folder: &TempDir) -> Database {
    Database::open(&folder.path().join("database.db"), "Asia/Shanghai").expect("a new database")
}

/// Symbol, count, minute of the start and of the end.
fn overviews(database: &Database) -> Vec<(String, u64, u8, u8)> {
    let rows = database.bar_overviews().expect("readable");
    let short = |row: &BarOverview| {
        assert_eq!((row.exchange, row.interval), (Exchange::SHFE, Interval::Minute));
        (row.symbol.to_string(), row.count, row.start.civil.minute, row.end.civil.minute)
    };
    rows.iter().map(short).collect()
}

fn row(symbol: &str, count: u64, start: u8, end: u8) -> (String, u64, u8, u8) {
    (symbol.to_owned(), count, start, end)
}

#[test]
fn merging_widens_and_counts_anew() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    database.save_bars(&bars("rb2401", &[12, 10, 11]), SaveMode::Merge).expect("saved");
    assert_eq!(overviews(&database), [row("rb2401", 3, 10, 12)], "in whatever order they came");
    database.save_bars(&bars("rb2401", &[11, 12, 13]), SaveMode::Merge).expect("saved");
    assert_eq!(overviews(&database), [row("rb2401", 4, 10, 13)]);
    database.save_bars(&bars("rb2401", &[5]), SaveMode::Merge).expect("saved");
    assert_eq!(overviews(&database), [row("rb2401", 5, 5, 13)]);
}

#[test]
fn streaming_counts_what_is_added_and_moves_the_end() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    database.save_bars(&bars("rb2401", &[10, 11]), SaveMode::Stream).expect("saved");
    database.save_bars(&bars("rb2401", &[12]), SaveMode::Stream).expect("saved");
    assert_eq!(overviews(&database), [row("rb2401", 3, 10, 12)]);
    database.save_bars(&bars("rb2401", &[12, 13]), SaveMode::Stream).expect("saved");
    assert_eq!(overviews(&database), [row("rb2401", 5, 10, 13)], "what is replaced is counted twice, as in VeighNa");
    database.save_bars(&bars("rb2401", &[13]), SaveMode::Merge).expect("saved");
    assert_eq!(overviews(&database), [row("rb2401", 4, 10, 13)], "until the next merge");
}

#[test]
fn several_instruments_in_one_save_have_an_overview_each() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let mixed = [bars("rb2405", &[1]), bars("rb2401", &[3]), bars("rb2405", &[2])].concat();
    database.save_bars(&mixed, SaveMode::Stream).expect("saved");
    assert_eq!(overviews(&database), [row("rb2401", 1, 3, 3), row("rb2405", 2, 1, 2)]);
}

#[test]
fn overviews_that_are_missing_are_made_from_the_bars() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let mixed = [bars("rb2405", &[1]), bars("rb2401", &[3, 4, 9])].concat();
    database.save_bars(&mixed, SaveMode::Merge).expect("saved");
    let expected = overviews(&database);
    database.connection.execute("DELETE FROM dbbaroverview", []).expect("emptied");
    assert_eq!(overviews(&database), expected);
    database.connection.execute("DELETE FROM dbbaroverview WHERE symbol = 'rb2401'", []).expect("emptied");
    database.save_bars(&bars("rb2401", &[10]), SaveMode::Stream).expect("saved");
    assert_eq!(overviews(&database), [row("rb2401", 4, 3, 10), row("rb2405", 1, 1, 1)], "also a single one");
}

#[test]
fn a_forks_own_intervals_do_not_hide_the_rest() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    database.save_bars(&bars("rb2401", &[3]), SaveMode::Merge).expect("saved");
    let fork = "INSERT INTO dbbaroverview (symbol, exchange, interval, count, start, end)
                SELECT symbol, exchange, '15m', count, start, end FROM dbbaroverview";
    database.connection.execute(fork, []).expect("added");
    assert_eq!(overviews(&database), [row("rb2401", 1, 3, 3)]);
}
