//! Any bytes as a CSV file of bars or ticks: stored whole or refused, and what was stored comes back by export and import.
//!
//! The first byte chooses bars or ticks, the form of times, the file's zone, and whether a first line is put before it:
//! chance would not find one.

#![no_main]

use history::csv::{Columns, ExportOptions, ImportOptions, export, import};
use history::{Database, Series};
use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;
use std::path::Path;

const FORMATS: [Option<&str>; 4] = [None, Some("%Y/%m/%d %H:%M"), Some("%d.%m.%Y %H:%M:%S%.f %z"), Some("%s")];
const HEADERS: [&str; 2] =
    ["datetime,open,high,low,close,volume\n", "datetime,last_price,name,bid_price_2,localtime\n"];
const ZONES: [&str; 2] = ["Asia/Shanghai", "America/New_York"];

thread_local! {
    static DATABASE: RefCell<Database> = RefCell::new(
        Database::open(Path::new(":memory:"), "UTC").expect("a database in memory"),
    );
}

fuzz_target!(|input: &[u8]| {
    let [choice, content @ ..] = input else { return };
    let interval = if choice & 1 == 0 { "1m" } else { "tick" };
    let series = Series::parse("rb2401.SHFE", interval).expect("a series");
    let zone = ZONES[usize::from(choice >> 1 & 1)];
    let format = FORMATS[usize::from(choice >> 2 & 3)];
    let header = if choice & 16 == 0 { HEADERS[usize::from(choice & 1)] } else { "" };
    let content = [header.as_bytes(), content].concat();
    DATABASE.with_borrow_mut(|database| {
        let stored = take(database, &series, &content, format, zone);
        assert_eq!(database.count(&series).expect("counted"), stored.unwrap_or(0));
        if stored.is_some() {
            let before = give(database, &series, zone);
            database.delete(&series).expect("deleted");
            assert_eq!(take(database, &series, &before, None, zone), stored, "our own file");
            assert!(give(database, &series, zone) == before, "the same again");
        }
        database.delete(&series).expect("deleted");
    });
});

/// How many rows are there now; `None`: the file was refused.
fn take(database: &mut Database, series: &Series, content: &[u8], format: Option<&str>, zone: &str) -> Option<u64> {
    let options = ImportOptions {
        series: series.clone(),
        columns: Columns::default(),
        renamed: Vec::new(),
        time_format: format.map(str::to_owned),
        zone: zone.to_owned(),
    };
    let imported = import(database, content, &options, &mut |_| ()).ok()?;
    Some(imported.rows - imported.replaced)
}

fn give(database: &Database, series: &Series, zone: &str) -> Vec<u8> {
    let options = ExportOptions { series: series.clone(), start: None, end: None, zone: zone.to_owned() };
    let mut output = Vec::new();
    export(database, &mut output, &options, &mut |_| ()).expect("written");
    output
}
