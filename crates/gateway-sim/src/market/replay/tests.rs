//! Recordings of each format, broken in every way that real ones are, and the clock that tells them.

use super::*;
use domain::Interval;
use expect_test::expect;
use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use std::path::PathBuf;

const NOW_US: i64 = 1_795_399_200_000_000;

const CTP: &str = "\
TradingDay,ActionDay,UpdateTime,UpdateMillisec,ExchangeID,InstrumentID,LastPrice,Volume,Turnover,OpenInterest,BidPrice1,BidVolume1,AskPrice1,AskVolume1,PreClosePrice,UpperLimitPrice,LowerLimitPrice
20240102,20240102,09:30:00,0,CFFEX,IF2401,3400.0,10,10200000,5000,3399.8,3,3400.2,2,3390.0,3729.0,3051.0
20240102,20240102,09:30:00,500,CFFEX,IF2401,3400.2,12,12240120,5001,3400.0,5,3400.4,1,3390.0,3729.0,3051.0
20240103,20240103,09:30:00,0,CFFEX,IF2401,1.7976931348623157e308,0,0,5001,3410.0,5,1.7976931348623157e308,0,3400.2,3740.0,3060.0
";
const DEPTH: &str = "\
exch_ts_ms,symbol,last_price,volume,turnover,bid_price_1,bid_volume_1,ask_price_1,ask_volume_1,bid_price_2,bid_volume_2,ask_price_2,ask_volume_2
1723161256718,BTCUSDT,61800.20,2.896,178973.41,61800.10,0.600,61800.20,4.868,61800.00,20.004,61800.30,0.817
1723161256822,BTCUSDT,61800.20,3.211,198440.47,61800.10,0.603,61800.20,3.816,61800.00,20.004,61800.30,0.813
";
const FX: &str = "ts_utc,bid,ask\n2014-05-08T00:00:08.715Z,1.39101,1.39114\n2014-05-08T00:00:15.681Z,1.39102,1.39116\n";
const BARS: &str = "\
datetime,open,high,low,close,volume
2024-01-05 21:01:00,3778,3785,3777,3779,28695
2024-01-05 21:02:00,3780,3782,3778,3778,9202
2024-01-08 09:01:00,3790,3791,3788,3788,100
";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("the folder takes files");
        path.display().to_string()
    }

    fn read(&self, name: &str, text: &str) -> Result<Tape, String> {
        let path = self.file(name, text);
        self.result(Tape::read(&[path], NOW_US))
    }

    /// Faults without the folder's own name.
    fn result(&self, tape: Result<Tape, Fault>) -> Result<Tape, String> {
        let folder = format!("{}/", self.0.path().display());
        tape.map_err(|fault| fault.words().en.replace(&folder, ""))
    }

    fn fault(&self, name: &str, text: &str) -> String {
        self.read(name, text).expect_err("it is broken")
    }
}

fn show(tape: &Tape) -> String {
    let mut text = String::new();
    for frame in &tape.frames {
        let (s, of) = (&frame.snapshot, &tape.instruments[frame.ix]);
        text += &format!(
            "{} day {} {} last {} bid {:?} ask {:?} volume {} range {}..{} pre {}\n",
            domain::DateTime::from_unix_micros(s.at_us, of.zone).expect("in range"),
            frame.day,
            of.vt_symbol,
            of.price(s.last),
            s.book.bid().map(|bid| (of.price(bid), of.volume(s.book.bids[0].volume))),
            s.book.ask().map(|ask| (of.price(ask), of.volume(s.book.asks[0].volume))),
            s.volume,
            of.price(s.low),
            of.price(s.high),
            of.price(s.pre_close),
        );
    }
    text
}

#[test]
fn every_format_is_read() {
    let folder = Folder::new();
    let files = [
        folder.file("any.csv", CTP),
        folder.file("binance.csv", DEPTH),
        folder.file("fx_EURUSD_quote.csv", FX),
        format!("rb2405.SHFE={}", folder.file("bars.csv", BARS)),
    ];
    let tape = Tape::read(&files, NOW_US).expect("all are sound");
    expect![[r#"
        2014-05-08 00:00:08.715000+00:00 day 16198 EURUSD.IDEALPRO last 1.39107 bid Some((1.39101, 1000000.0)) ask Some((1.39114, 1000000.0)) volume 0 range 1.39107..1.39107 pre 1.39107
        2014-05-08 00:00:15.681000+00:00 day 16198 EURUSD.IDEALPRO last 1.39109 bid Some((1.39102, 1000000.0)) ask Some((1.39116, 1000000.0)) volume 0 range 1.39107..1.39109 pre 1.39107
        2024-01-02 09:30:00+08:00 day 19724 IF2401.CFFEX last 3400 bid Some((3399.8, 3.0)) ask Some((3400.2, 2.0)) volume 10 range 0..0 pre 3390
        2024-01-02 09:30:00.500000+08:00 day 19724 IF2401.CFFEX last 3400.2 bid Some((3400.0, 5.0)) ask Some((3400.4, 1.0)) volume 12 range 0..0 pre 3390
        2024-01-03 09:30:00+08:00 day 19725 IF2401.CFFEX last 0 bid Some((3410.0, 5.0)) ask None volume 0 range 0..0 pre 3400.2
    "#]]
    .assert_eq(&show(&tape).lines().take(5).map(|line| format!("{line}\n")).collect::<String>());
    assert_eq!(tape.frames.len(), 2 + 3 + 12 + 2);
    let days: Vec<i64> = tape.frames.iter().filter(|f| f.ix == 3).map(|f| f.day).collect();
    // Friday's night and Monday's day session are one trading day.
    assert!(days.windows(2).all(|pair| pair[0] == pair[1]), "{days:?}");
}

#[test]
fn packed_files_and_byte_order_marks_are_read_and_gbk_is_not() {
    let folder = Folder::new();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(CTP.as_bytes()).expect("memory takes it");
    let bytes = packed.finish().expect("memory takes it");
    let path = folder.file("packed.csv.gz", &bytes);
    assert_eq!(Tape::read(&[path], NOW_US).expect("sound").frames.len(), 3);
    let path = folder.file("cut.csv.gz", &bytes[..bytes.len() - 20]);
    let fault = folder.result(Tape::read(&[path], NOW_US)).expect_err("cut off");
    assert!(fault.contains("cannot be read"), "{fault}");
    assert_eq!(folder.read("bom.csv", &format!("\u{FEFF}{CTP}").replace('\n', "\r\n")).expect("sound").frames.len(), 3);
    let mut gbk = b"datetime,open,high,low,close,volume,".to_vec();
    gbk.extend([0xC3, 0xFB, 0xB3, 0xC6]);
    let path = folder.file("gbk.csv", gbk);
    let fault = Tape::read(&[path], NOW_US).expect_err("not UTF-8").words();
    assert!(fault.zh.contains("GB18030") && fault.en.contains("line 1: not UTF-8"), "{fault:?}");
}

#[test]
fn what_is_broken_is_told_by_line_and_column() {
    let folder = Folder::new();
    let replaced = |text: &str, from: &str, to: &str| {
        assert!(text.contains(from), "the case breaks something");
        text.replacen(from, to, 1)
    };
    let faults = [
        folder.fault("empty.csv", ""),
        folder.fault("header_only.csv", CTP.lines().next().expect("has a header")),
        folder.fault("header.csv", "a,b,c\n1,2,3\n"),
        folder.fault("cells.csv", &replaced(CTP, "3400.2,2,3390.0,3729.0,3051.0", "3400.2,2")),
        folder.fault("number.csv", &replaced(CTP, "3400.2,12", "abc,12")),
        folder.fault("nan.csv", &replaced(CTP, "3400.2,12", "NaN,12")),
        folder.fault("huge.csv", &replaced(CTP, "3400.2,12", "1e999,12")),
        folder.fault("negative.csv", &replaced(CTP, "3400.2,12", "3400.2,-12")),
        folder.fault("tick.csv", &replaced(CTP, "3400.2,12", "3400.25,12")),
        folder.fault("time.csv", &replaced(CTP, "09:30:00,500", "9:30,500")),
        folder.fault("date.csv", &replaced(CTP, "20240102,09:30:00,500", "20240231,09:30:00,500")),
        folder.fault("order.csv", &replaced(CTP, "09:30:00,500", "09:29:00,500")),
        folder.fault("volume.csv", &replaced(CTP, "3400.2,12", "3400.2,9")),
        folder.fault("unknown.csv", &replaced(CTP, "IF2401", "ZZ2401")),
        folder.fault("depth_time.csv", &replaced(DEPTH, "1723161256822", "9223372036854775807")),
        folder.fault("depth_volume.csv", &replaced(DEPTH, "3.211", "1.0")),
        folder.fault("fx_EURUSD.csv", &replaced(FX, "15.681Z", "05.681Z")),
        folder.fault("quotes.csv", FX),
        folder.fault("bars.csv", BARS),
        folder.fault("shfe_rb2405.csv", &replaced(BARS, "3782", "3770")),
        folder.fault("shfe_rb2405_order.csv", &replaced(BARS, "05 21:02", "05 20:02")),
        folder.fault("shfe_rb2405_long.csv", &replaced(BARS, "9202", &"9".repeat(5000))),
        folder.result(Tape::read(&["no such file.csv".to_owned()], NOW_US)).expect_err("not there"),
    ];
    expect![[r#"
        recording empty.csv: no rows
        recording header_only.csv: no rows
        recording header.csv, line 1: unknown header "a,b,c"; known are CTP ticks, five-level books, currency quotes and bars
        recording cells.csv, line 2: 14 cells where the header has 17
        recording number.csv, line 3, column 7 (LastPrice): "abc" is not a number
        recording nan.csv, line 3, column 7 (LastPrice): "NaN" is not a number
        recording huge.csv, line 3, column 7 (LastPrice): "1e999" is not a number
        recording negative.csv, line 3, column 8 (Volume): "-12" is below 0
        recording tick.csv, line 3, column 7 (LastPrice): "3400.25" is not a multiple of the tick of 0.2
        recording time.csv, line 3, column 3 (UpdateTime): "9:30" is not a date and time
        recording date.csv, line 3, column 2 (ActionDay): "20240231" is not a date and time
        recording order.csv, line 3, column 3 (UpdateTime): time "09:29:00" is earlier than the row before
        recording volume.csv, line 3, column 8 (Volume): the day's volume "9" is below that of the row before
        recording unknown.csv, line 2, column 6 (InstrumentID): there is no rule for an instrument ZZ2401.CFFEX
        recording depth_time.csv, line 3, column 1 (exch_ts_ms): "9223372036854775807" is not a date and time
        recording depth_volume.csv, line 3, column 4 (volume): the day's volume "1.0" is below that of the row before
        recording fx_EURUSD.csv, line 3, column 1 (ts_utc): time "2014-05-08T00:00:05.681Z" is earlier than the row before
        recording quotes.csv, line 2: nothing says which instrument it is of; write symbol.EXCHANGE=path
        recording bars.csv, line 1: nothing says which instrument it is of; write symbol.EXCHANGE=path
        recording shfe_rb2405.csv, line 3, column 3 (high): high and low do not contain open and close
        recording shfe_rb2405_order.csv, line 3, column 1 (datetime): time "2024-01-05 20:02:00" is earlier than the row before
        recording shfe_rb2405_long.csv, line 3: the line is too long
        recording no such file.csv: cannot be read: No such file or directory (os error 2)
    "#]]
    .assert_eq(&(faults.join("\n") + "\n"));
}

#[test]
fn the_clock_tells_frames_at_the_speed_that_was_asked_for() {
    let folder = Folder::new();
    let tape = || folder.read("ticks.csv", CTP).expect("sound");
    let mut player = Player::start(tape(), &[0], 2.0, false, 1000);
    let told = |at: u64, player: &mut Player| {
        let mut events = Vec::new();
        player.run(at, &mut events);
        events.iter().map(kind).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(told(1000, &mut player), "frame");
    assert_eq!(player.due(), Some(251_000));
    assert_eq!(told(250_999, &mut player), "");
    assert_eq!(told(251_000, &mut player), "frame");
    // The night between is shortened to a minute, half of one at double speed.
    assert_eq!(player.due(), Some(251_000 + 30_000_000));
    assert_eq!(told(40_000_000, &mut player), "day frame ended");
    assert_eq!((player.due(), told(99_000_000, &mut player).as_str()), (None, ""));

    let mut player = Player::start(tape(), &[0], 1.0, true, 0);
    assert_eq!(told(100_000_000, &mut player), "frame frame day frame day again");
    assert_eq!(player.due(), Some(100_000_000));
    assert_eq!(told(100_000_000, &mut player), "frame");
}

fn kind(event: &Event) -> &'static str {
    match event {
        Event::Frame(..) => "frame",
        Event::DayEnds => "day",
        Event::Again => "again",
        Event::Ended => "ended",
    }
}

#[test]
fn recorded_bars_come_back_as_they_were() {
    let folder = Folder::new();
    let path = format!("rb2405.SHFE={}", folder.file("bars.csv", BARS));
    let tape = Tape::read(&[path], NOW_US).expect("sound");
    let mut player = Player::start(tape, &[0], 1.0, false, 0);
    let mut events = Vec::new();
    player.run(10_000_000_000, &mut events);
    let bars = player.bars(0, Interval::Minute, (0, i64::MAX));
    let shown: Vec<String> = bars
        .iter()
        .map(|bar| {
            let start = domain::DateTime::from_unix_micros(bar.start_us, "Asia/Shanghai").expect("in range");
            format!("{start} {} {} {} {} {}", bar.open, bar.high, bar.low, bar.close, bar.volume)
        })
        .collect();
    expect![[r#"
        2024-01-05 21:00:00+08:00 3778 3785 3777 3779 28695
        2024-01-05 21:01:00+08:00 3780 3782 3778 3778 9202
        2024-01-08 09:00:00+08:00 3790 3791 3788 3788 100
    "#]]
    .assert_eq(&(shown.join("\n") + "\n"));
    assert_eq!(player.bars(0, Interval::Daily, (0, i64::MAX)).len(), 1);
}

proptest::proptest! {
    /// Whatever a file holds: it is read or refused, and the refusal can be told.
    #[test]
    fn no_damage_is_too_much(
        which in 0..4usize,
        damage in proptest::collection::vec((0..2000usize, proptest::num::u8::ANY), 0..6),
        cut in 0..2000usize,
    ) {
        let folder = Folder::new();
        let mut bytes = [CTP, DEPTH, FX, BARS][which].as_bytes().to_vec();
        for (place, byte) in damage {
            let place = place % bytes.len();
            bytes[place] = byte;
        }
        bytes.truncate(cut.max(1));
        let path = folder.file("shfe_rb2405.csv", &bytes);
        match Tape::read(&[path], NOW_US) {
            Ok(tape) => proptest::prop_assert!(!tape.frames.is_empty()),
            Err(fault) => proptest::prop_assert!(fault.words().zh.contains("shfe_rb2405.csv")),
        }
    }
}

/// A real recording, where it is there.
fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if !path.exists() {
        println!("skipped: no recording {name}");
    }
    path.exists().then_some(path)
}

#[test]
fn real_recordings_are_read_whole() {
    for (name, named, rows, instrument) in [
        ("cffex_IF2101_tick_20210104.csv.gz", "", 27_955, "IF2101.CFFEX"),
        ("cffex_IF2101_tick_20210105.csv.gz", "", 28_254, "IF2101.CFFEX"),
        ("binance_BTCUSDT_perp_depth5_20240808.csv.gz", "", 3437, "BTCUSDT.GLOBAL"),
        ("fx_EURUSD_quote_tick_20140508.csv.gz", "", 87_833, "EURUSD.IDEALPRO"),
        ("shfe_rb2401_1m_20230925_20231010.csv.gz", "", 1835 * 4, "rb2401.SHFE"),
        ("sse_600009_1m_2020Q1.csv.gz", "", 15_353 * 4, "600009.SSE"),
        ("cffex_IF_main_5m_2014_2019.csv.gz", "IF1910.CFFEX=", 68_145 * 4, "IF1910.CFFEX"),
    ] {
        let Some(path) = shared(name) else { continue };
        let tape = Tape::read(&[format!("{named}{}", path.display())], NOW_US);
        let tape = tape.unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(tape.frames.len(), rows, "{name}");
        assert_eq!(tape.instruments[0].vt_symbol.as_str(), instrument);
    }
    for name in ["sse_600000_1d_1999_2019.csv.gz", "us_stocks_1d_2000_2013.csv.gz"] {
        let Some(path) = shared(name) else { continue };
        let fault = Tape::read(&[path.display().to_string()], NOW_US).expect_err("daily bars are not played");
        assert!(fault.to_string().contains("unknown header"), "{fault}");
    }
}

#[test]
fn the_day_of_a_real_recording_ends_once() {
    let (Some(one), Some(two)) =
        (shared("cffex_IF2101_tick_20210104.csv.gz"), shared("cffex_IF2101_tick_20210105.csv.gz"))
    else {
        return;
    };
    // Given in the wrong order: the tape is by time.
    let files = [two.display().to_string(), one.display().to_string()];
    let tape = Tape::read(&files, NOW_US).expect("sound");
    let volume = tape.frames.iter().map(|frame| frame.snapshot.volume).fold(0.0, f64::max);
    let mut player = Player::start(tape, &[0], 1.0, false, 0);
    let mut events = Vec::new();
    while player.due().is_some() {
        player.run(u64::MAX / 2, &mut events);
    }
    assert_eq!(events.iter().filter(|event| **event == Event::DayEnds).count(), 1);
    let days = player.bars(0, Interval::Daily, (0, i64::MAX));
    assert_eq!(days.len(), 2);
    assert!(days.iter().any(|bar| (bar.volume - volume).abs() < 0.5), "a day's bar has the day's volume");
    let minutes = player.bars(0, Interval::Minute, (0, i64::MAX));
    assert!((480..=490).contains(&minutes.len()), "no bars after the close: {}", minutes.len());
}
