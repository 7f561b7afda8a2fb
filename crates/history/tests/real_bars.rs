//! Minute bars of real exchanges come back unchanged: from CSV into the database, out of it, and from CSV to CSV.

use domain::{BarData, Civil, DateTime, Exchange, Interval};
use flate2::read::GzDecoder;
use history::csv::{Columns, ExportOptions, ImportOptions, Progress, export, import_file};
use history::{Database, SaveMode, Series};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A recording, and what it is of.
struct Recording {
    file: &'static str,
    symbol: &'static str,
    exchange: Exchange,
    bars: u64,
    first: &'static str,
    last: &'static str,
}

const NIGHTS: Recording = Recording {
    file: "shfe_rb2401_1m_20230925_20231010.csv.gz",
    symbol: "rb2401",
    exchange: Exchange::SHFE,
    bars: 1835,
    first: "2023-09-25 09:01:00+08:00",
    last: "2023-10-10 15:00:00+08:00",
};
const SHARE: Recording = Recording {
    file: "sse_600009_1m_2020Q1.csv.gz",
    symbol: "600009",
    exchange: Exchange::SSE,
    bars: 15_353,
    first: "2020-01-02 09:31:00+08:00",
    last: "2020-04-10 10:27:00+08:00",
};

/// The file, where the recordings are there.
fn found(recording: &Recording) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(recording.file);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: the recording {} is not beside this repository", recording.file);
    None
}

fn options(recording: &Recording) -> ImportOptions {
    ImportOptions {
        series: Series::bars(recording.symbol, recording.exchange, Interval::Minute),
        columns: Columns::default(),
        renamed: Vec::new(),
        time_format: None,
        zone: "Asia/Shanghai".to_owned(),
    }
}

fn load(database: &Database, recording: &Recording) -> Vec<BarData> {
    let day = |year| DateTime::naive(Civil::new((year, 1, 1), (0, 0, 0), 0).expect("a day"));
    let bars = database.load_bars(recording.symbol, recording.exchange, Interval::Minute, &day(1990), &day(2100));
    bars.expect("readable bars")
}

/// Time and numbers of every line, read without any of the code under test; columns that are not there are 0.
fn lines(text: &str) -> Vec<(String, [u64; 7])> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a first line").split(',').collect();
    let wanted = ["open", "high", "low", "close", "volume", "turnover", "open_interest"];
    let place = |name: &str| names.iter().position(|present| *present == name);
    let time = place("datetime").expect("a column of times");
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |name: &str| place(name).map_or(0.0, |place| fields[place].parse::<f64>().expect("a number"));
        (fields[time].to_owned(), wanted.map(|name| number(name).to_bits()))
    };
    lines.map(row).collect()
}

fn of_bar(bar: &BarData) -> (String, [u64; 7]) {
    let numbers =
        [bar.open_price, bar.high_price, bar.low_price, bar.close_price, bar.volume, bar.turnover, bar.open_interest];
    (DateTime::naive(bar.datetime.civil).to_string(), numbers.map(f64::to_bits))
}

fn unchanged(recording: &Recording, zone: &str) {
    let Some(path) = found(recording) else { return };
    let mut text = String::new();
    GzDecoder::new(File::open(&path).expect("the file")).read_to_string(&mut text).expect("text");
    let original = lines(&text);
    let folder = TempDir::new().expect("a folder");
    let mut database = Database::open(&folder.path().join("database.db"), zone).expect("a new database");

    let mut progress = Vec::new();
    let imported = import_file(&mut database, &path, &options(recording), &mut |at| progress.push(at)).expect("stored");
    assert_eq!((imported.rows, imported.replaced), (recording.bars, 0));
    assert_eq!((imported.start.to_string(), imported.end.to_string()), (recording.first.into(), recording.last.into()));
    let last: Progress = *progress.last().expect("progress");
    assert_eq!((last.lines, Some(last.bytes)), (recording.bars, last.total));

    let bars = load(&database, recording);
    assert_eq!(bars.len(), original.len());
    for (bar, original) in bars.iter().zip(&original) {
        let here = DateTime::from_unix_micros(bar.datetime.unix_micros(), "Asia/Shanghai").expect("a moment");
        assert_eq!(of_bar(&BarData { datetime: here, ..bar.clone() }), *original);
    }
    let overview = database.bar_overviews().expect("readable").remove(0);
    assert_eq!((overview.count, overview.start.unix_micros()), (recording.bars, imported.start.unix_micros()));

    let wanted = ExportOptions {
        series: Series::bars(recording.symbol, recording.exchange, Interval::Minute),
        start: None,
        end: None,
        zone: "Asia/Shanghai".to_owned(),
    };
    let mut output = Vec::new();
    assert_eq!(export(&database, &mut output, &wanted, &mut |_| ()).expect("written"), recording.bars);
    assert_eq!(lines(&String::from_utf8(output).expect("text")), original);

    database.save_bars(&bars, SaveMode::Merge).expect("saved once more");
    assert_eq!(load(&database, recording), bars, "saving what was loaded changes nothing");
}

#[test]
fn futures_with_a_night_session() {
    unchanged(&NIGHTS, "Asia/Shanghai");
}

#[test]
fn a_share_over_a_quarter() {
    unchanged(&SHARE, "Asia/Shanghai");
}

#[test]
fn in_a_database_of_another_zone() {
    unchanged(&NIGHTS, "America/New_York");
}
