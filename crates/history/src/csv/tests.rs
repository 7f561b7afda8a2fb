//! Files of bars in and out, and what is wrong with some; ticks in `ticks`.

use super::*;
use crate::{Database, Series};
use domain::{BarData, Civil, DateTime, Exchange, Interval, Text};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::io::Write;
use tempfile::TempDir;

mod ticks;

const GOOD: &str = "datetime,open,high,low,close,volume,turnover,open_interest\n\
                    2023-09-25 09:01:00,3788.0,3791,3780.5,3785,1e3,37850.25,5000\n\
                    2023-09-25 09:02:00,3785,3785,3781,3782,12,0,5001\n";

fn options() -> ImportOptions {
    ImportOptions {
        series: Series::bars("rb2401", Exchange::SHFE, Interval::Minute),
        columns: Columns::default(),
        renamed: Vec::new(),
        time_format: None,
        zone: "Asia/Shanghai".to_owned(),
    }
}

fn database(folder: &TempDir) -> Database {
    Database::open(&folder.path().join("database.db"), "Asia/Shanghai").expect("a new database")
}

fn load(database: &Database) -> Vec<BarData> {
    let day = |year| DateTime::naive(Civil::new((year, 1, 1), (0, 0, 0), 0).expect("a day"));
    database.load_bars("rb2401", Exchange::SHFE, Interval::Minute, &day(1), &day(9999)).expect("readable")
}

fn take(database: &mut Database, content: &[u8]) -> Result<Imported, String> {
    import(database, content, &options(), &mut |_| ()).map_err(|error| error.to_string())
}

fn give(database: &Database, zone: &str) -> String {
    let options = ExportOptions {
        series: Series::bars("rb2401", Exchange::SHFE, Interval::Minute),
        start: None,
        end: None,
        zone: zone.to_owned(),
    };
    let mut output = Vec::new();
    export(database, &mut output, &options, &mut |_| ()).expect("written");
    String::from_utf8(output).expect("text")
}

#[test]
fn a_file_is_stored_and_written_as_veighna_writes_it() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let imported = take(&mut database, GOOD.as_bytes()).expect("a good file");
    assert_eq!((imported.rows, imported.replaced), (2, 0));
    assert_eq!(imported.start.to_string(), "2023-09-25 09:01:00+08:00");
    assert_eq!(imported.end.to_string(), "2023-09-25 09:02:00+08:00");
    let exported = "symbol,exchange,datetime,open,high,low,close,volume,turnover,open_interest\n\
                    rb2401,SHFE,2023-09-25 09:01:00,3788.0,3791.0,3780.5,3785.0,1000.0,37850.25,5000.0\n\
                    rb2401,SHFE,2023-09-25 09:02:00,3785.0,3785.0,3781.0,3782.0,12.0,0.0,5001.0\n";
    assert_eq!(give(&database, "Asia/Shanghai"), exported);
    let again = take(&mut database, exported.as_bytes()).expect("our own file");
    assert_eq!((again.rows, again.replaced), (2, 2));
    assert_eq!(give(&database, "Asia/Shanghai"), exported);
    assert!(give(&database, "UTC").contains("rb2401,SHFE,2023-09-25 01:01:00,"));
}

#[test]
fn a_packed_file_and_one_with_other_names_are_read() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let content = "Ticker;,Date,O,H,L,C,Vol\nAAPL,25.09.2023 09:01,1,2,3,4,5,\n";
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(content.as_bytes()).expect("packed");
    let path = folder.path().join("bars.csv.gz");
    std::fs::write(&path, packed.finish().expect("packed")).expect("written");
    let [datetime, open, high, low, close, volume] = ["Date", "O", "H", "L", "C", "Vol"].map(str::to_owned);
    let columns = Columns { datetime, open, high, low, close, volume, turnover: None, open_interest: None };
    let options = ImportOptions { columns, time_format: Some("%d.%m.%Y %H:%M".to_owned()), ..options() };
    let mut last = Progress::default();
    let imported = import_file(&mut database, &path, &options, &mut |progress| last = progress).expect("a good file");
    assert_eq!(imported.rows, 1);
    assert_eq!((last.lines, Some(last.bytes)), (1, last.total));
    let bar = load(&database).remove(0);
    assert_eq!((bar.volume, bar.turnover, bar.open_interest, bar.close_price), (5.0, 0.0, 0.0, 4.0));
}

#[test]
fn one_bad_line_is_named_and_nothing_of_its_file_is_stored() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let good = "datetime,open,high,low,close,volume\n2023-09-25 09:01:00,1,2,3,4,5\n";
    let cases = [
        ("2023-09-25 09:02:00,1,2,3,4,", "line 3: volume is \"\", which is no number"),
        ("2023-09-25 09:02:00,1,nan,3,4,5", "line 3: high is \"nan\", which is no number"),
        ("2023-09-25 09:02:00,1,2,3,4", "line 3: it has 5 fields, the first line has 6"),
        ("2023-09-25 09:02:00,1,2,3,4,5,6", "line 3: it has 7 fields, the first line has 6"),
        ("\n\n25.9.2023,1,2,3,4,5", "line 5: \"25.9.2023\" is no time like"),
        ("\"2023-09-25 09:02:00,1,2,3,4,5", "line 3: a quote does not close"),
        ("2023-09-25 09:02:00,1,2,3,4,五", "line 3: volume is \"五\", which is no number"),
    ];
    for (line, expected) in cases {
        let error = take(&mut database, format!("{good}{line}\n").as_bytes()).expect_err("a bad line");
        assert!(error.starts_with(expected), "{error}");
        assert!(load(&database).is_empty(), "{line}");
    }
    assert!(database.bar_overviews().expect("readable").is_empty());
}

#[test]
fn a_first_line_that_does_not_fit_is_explained() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let mut refuse = |content: &str| take(&mut database, content.as_bytes()).expect_err("no such file");
    assert!(refuse("").starts_with("the file is empty"));
    assert!(refuse("datetime,open,high,low,close,volume\n").starts_with("the file has only a first line"));
    assert_eq!(
        refuse("Date,open,high,low,close,volume\n"),
        "line 1: there is no column \"datetime\"; the columns are: Date, open, high, low, close, volume"
    );
    assert_eq!(refuse("datetime,open,open,high,low,close,volume\n"), "line 1: there are two columns \"open\"");
    let columns = Columns { turnover: Some("amount".to_owned()), ..Columns::default() };
    let named = import(&mut database, GOOD.as_bytes(), &ImportOptions { columns, ..options() }, &mut |_| ());
    assert!(named.expect_err("it was named").to_string().starts_with("line 1: there is no column \"amount\""));
}

#[test]
fn a_file_that_breaks_off_leaves_nothing() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let mut packed = GzEncoder::new(Vec::new(), Compression::none());
    packed.write_all(GOOD.as_bytes()).expect("packed");
    let packed = packed.finish().expect("packed");
    let error = take(&mut database, &packed[..packed.len() - 6]).expect_err("it breaks off");
    assert_eq!(error, "the input cannot be read");
    assert!(load(&database).is_empty());
}

#[test]
fn a_time_that_is_there_twice_is_one_bar_or_an_error() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let head = "datetime,open,high,low,close,volume\n";
    let (first, other) = ("2023-09-25 09:02:00,1,2,3,4,5\n", "2023-09-25 09:02:00,1,2,3,9,5\n");
    let late = "2023-09-25 09:03:00,1,2,3,4,5\n";
    let imported = take(&mut database, format!("{head}{first}{late}{first}").as_bytes()).expect("only said twice");
    assert_eq!((imported.rows, imported.replaced), (3, 1));
    let error = take(&mut database, format!("{head}{late}{first}{other}").as_bytes()).expect_err("two numbers");
    assert!(error.starts_with("line 4: an earlier line has other numbers for 2023-09-25 09:02:00+08:00"), "{error}");
    let imported = take(&mut database, format!("{head}{other}").as_bytes()).expect("a correction");
    assert_eq!((imported.rows, imported.replaced), (1, 1));
    assert_eq!(load(&database).iter().map(|bar| bar.close_price).collect::<Vec<_>>(), [9.0, 4.0]);
}

#[test]
fn a_range_is_written_with_both_ends() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    take(&mut database, GOOD.as_bytes()).expect("a good file");
    let count = |start: &str, end: &str| {
        let options = ExportOptions {
            series: Series::bars("rb2401", Exchange::SHFE, Interval::Minute),
            start: Some(start.to_owned()),
            end: Some(end.to_owned()),
            zone: "UTC".to_owned(),
        };
        export(&database, &mut Vec::new(), &options, &mut |_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(count("2023-09-25 01:01", "2023-09-25 01:02"), Ok(2));
    assert_eq!(count("2023-09-25 09:01:00+08:00", "2023-09-25 01:01:59"), Ok(1));
    assert!(count("yesterday", "2023-09-25").expect_err("no time").starts_with("the range to export: \"yesterday\""));
}

#[test]
fn a_file_appears_when_it_is_whole() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    take(&mut database, GOOD.as_bytes()).expect("a good file");
    let mut wanted =
        ExportOptions { series: options().series, start: None, end: None, zone: "Asia/Shanghai".to_owned() };
    for name in ["bars.csv", "bars.csv.gz"] {
        let path = folder.path().join(name);
        let before = give(&database, "Asia/Shanghai");
        assert_eq!(export_file(&database, &path, &wanted, &mut |_| ()).expect("written"), 2);
        import_file(&mut database, &path, &options(), &mut |_| ()).expect("our own file");
        assert_eq!(give(&database, "Asia/Shanghai"), before);
    }
    wanted.start = Some("2030-01-01".to_owned());
    let path = folder.path().join("none.csv");
    let error = export_file(&database, &path, &wanted, &mut |_| ()).expect_err("there are none").to_string();
    assert_eq!(error, "there is nothing of rb2401.SHFE 1m in that range");
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 3, "the database and two files");
}

#[test]
fn what_veighna_could_not_read_is_not_imported() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let mut refuse = |series: Series| {
        let options = ImportOptions { series, ..options() };
        import(&mut database, GOOD.as_bytes(), &options, &mut |_| ()).expect_err("not imported").to_string()
    };
    let typo = Exchange::parse("SHEF").expect("it might be a fork's");
    assert_eq!(refuse(Series::bars("rb2401", typo, Interval::Minute)), "SHEF is no exchange that VeighNa knows");
    assert_eq!(refuse(Series::ticks("rb2401", typo)), "SHEF is no exchange that VeighNa knows");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Any bytes, and nearly good ones: an answer, never a panic, and nothing half.
    #[test]
    fn any_file_is_imported_whole_or_not_at_all(
        content in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..200),
            "(datetime,open,high,low,close,volume\n)([0-9:, .e\"-]{0,60}\n){0,4}".prop_map(String::into_bytes),
            proptest::collection::vec(("[0-9]{4}-[01][0-9]-[0-3][0-9]", "[0-9]{1,3}(\\.[0-9]+)?"), 0..6).prop_map(|rows| {
                let lines = rows.iter().map(|(date, n)| format!("{date},{n},{n},{n},{n},{n}\n"));
                format!("datetime,open,high,low,close,volume\n{}", lines.collect::<String>()).into_bytes()
            }),
        ],
        format in proptest::option::of("%?[YmdHMSfzZ%. /-]{0,8}"),
    ) {
        let folder = TempDir::new().expect("a folder");
        let mut database = database(&folder);
        let options = ImportOptions { time_format: format, ..options() };
        let stored = import(&mut database, content.as_slice(), &options, &mut |_| ());
        let bars = load(&database).len() as u64;
        prop_assert_eq!(bars, stored.map_or(0, |stored| stored.rows - stored.replaced));
    }

    /// Export and import are each other's reverse, to the bit, in zones that put their clocks back too.
    #[test]
    fn what_is_exported_is_imported_unchanged(
        numbers in proptest::collection::vec(proptest::array::uniform7(proptest::num::f64::NORMAL | proptest::num::f64::ZERO), 1..8),
        micros in 0_i64..4_102_444_800_000_000,
        zone in prop_oneof![Just("Asia/Shanghai"), Just("America/New_York"), Just("UTC")],
    ) {
        let folder = TempDir::new().expect("a folder");
        let mut database = database(&folder);
        let bars: Vec<BarData> = numbers.iter().zip(0_i64..).map(|(n, index)| BarData {
            gateway_name: Text::const_new("DB"),
            symbol: Text::const_new("rb2401"),
            exchange: Exchange::SHFE,
            datetime: DateTime::from_unix_micros(micros + index * 1_234_567_890, "Asia/Shanghai").expect("a moment"),
            interval: Some(Interval::Minute),
            volume: n[0], turnover: n[1], open_interest: n[2],
            open_price: n[3], high_price: n[4], low_price: n[5], close_price: n[6],
        }).collect();
        database.save_bars(&bars, crate::SaveMode::Merge).expect("saved");
        let before = format!("{:?}", load(&database));
        let exported = give(&database, zone);
        database.delete_bars("rb2401", Exchange::SHFE, Interval::Minute).expect("deleted");
        let options = ImportOptions { zone: zone.to_owned(), ..options() };
        import(&mut database, exported.as_bytes(), &options, &mut |_| ()).expect("our own file");
        prop_assert_eq!(format!("{:?}", load(&database)), before);
    }
}
