//! Bars: of a database, of the trading process and of live ticks as one row, in every length.

use crate::support::{Server, Setup};
use domain::{BarData, ContractData, DateTime, Exchange, Interval, Product, TickData, VtSymbol};
use history::{Database, SaveMode};
use serde_json::Value;
use std::sync::Arc;
use web::command::{Capabilities, CommandError};
use web::history_file::HistoryFile;
use web::replica::{Fact, Input};

/// 2024-01-05 09:00 in Shanghai, a Friday.
const START: i64 = 1_704_416_400_000_000;
const MINUTE: i64 = 60_000_000;

fn at(minute: i64) -> DateTime {
    DateTime::from_unix_micros(START + minute * MINUTE, "Asia/Shanghai").unwrap()
}

fn tick(server: &Server, us: i64, price: f64, volume: f64) {
    let mut tick =
        TickData::new("SIM", "steel", Exchange::SHFE, DateTime::from_unix_micros(START + us, "Asia/Shanghai"));
    (tick.last_price, tick.volume) = (price, volume);
    server.replica.write().apply(Input::Fact(Fact::Tick(Arc::new(tick))), &mut Vec::new());
}

/// A tick every half minute, each a lot more and a point higher: two lots a minute.
fn ticks(server: &Server, minutes: std::ops::Range<i64>) {
    for half in minutes.start * 2..minutes.end * 2 {
        tick(server, half * MINUTE / 2, 100.0 + half as f64, 1000.0 + half as f64);
    }
}

fn bar(minute: i64, interval: Interval, price: f64) -> BarData {
    BarData {
        gateway_name: "DB".into(),
        symbol: "steel".into(),
        exchange: Exchange::SHFE,
        datetime: at(minute),
        interval: Some(interval),
        volume: 7.0,
        turnover: 0.0,
        open_interest: 0.0,
        open_price: price,
        high_price: price,
        low_price: price,
        close_price: price,
    }
}

async fn start(history: Option<HistoryFile>) -> Server {
    let server = Server::start_with(Setup { history, ..Setup::default() }).await;
    let contract = ContractData::new("SIM", "steel", Exchange::SHFE, "steel", Product::Futures);
    server.replica.write().contracts.insert(VtSymbol::from("steel.SHFE"), Arc::new(contract));
    server
}

/// Begin (day, hour and minute), close and volume of each.
async fn asked(server: &Server, query: &str) -> Vec<(String, f64, f64)> {
    let answer = server.get(&format!("/api/v1/bars?vt_symbol=steel.SHFE&{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    let brief = |bar: &Value| {
        let begin = bar["datetime"].as_str().unwrap()[8..16].replace('T', " ");
        (begin, bar["close_price"].as_f64().unwrap(), bar["volume"].as_f64().unwrap())
    };
    answer.json().as_array().unwrap().iter().map(brief).collect()
}

fn row(begin: &str, close: f64, volume: f64) -> (String, f64, f64) {
    (begin.to_owned(), close, volume)
}

#[tokio::test]
async fn without_history_there_are_the_bars_of_the_ticks_that_came_by() {
    let server = start(None).await;
    *server.trader.capabilities.lock().unwrap() = Capabilities::default();
    let since = "start=2024-01-01T00:00:00";
    assert_eq!(asked(&server, &format!("interval=1m&{since}")).await, []);
    ticks(&server, 3..12);
    let minutes = asked(&server, &format!("interval=1m&{since}")).await;
    assert_eq!(
        (minutes.len(), &minutes[0], &minutes[8]),
        (9, &row("05 09:03", 107.0, 1.0), &row("05 09:11", 123.0, 2.0))
    );
    let five = [row("05 09:00", 109.0, 3.0), row("05 09:05", 119.0, 10.0), row("05 09:10", 123.0, 4.0)];
    assert_eq!(asked(&server, &format!("interval=5m&{since}")).await, five);
    assert_eq!(asked(&server, &format!("interval=5m&{since}&limit=1")).await, five[2..], "the newest");
    // A window that the end begins is whole; one that begins before the start is left out.
    let window = "start=2024-01-05T09:01:00%2B08:00&end=2024-01-05T09:05:00%2B08:00";
    assert_eq!(asked(&server, &format!("interval=5m&{window}")).await, five[1..2]);
    for (interval, begin) in [("15m", "05 09:00"), ("30m", "05 09:00"), ("1h", "05 09:00"), ("d", "05 00:00")] {
        assert_eq!(asked(&server, &format!("interval={interval}&{since}")).await, [row(begin, 123.0, 17.0)]);
    }
    assert_eq!(asked(&server, &format!("interval=w&{since}")).await, [row("01 00:00", 123.0, 17.0)]);
    // A day is asked for by any moment of it.
    assert_eq!(asked(&server, "interval=d&start=2024-01-05T15:00:00").await, [row("05 00:00", 123.0, 17.0)]);
    assert_eq!(asked(&server, "interval=d&start=2024-01-06T00:00:00").await, []);
}

#[tokio::test]
async fn the_trading_process_and_live_ticks_make_one_row() {
    let server = start(None).await;
    *server.trader.capabilities.lock().unwrap() = Capabilities { history: true, ..Capabilities::default() };
    ticks(&server, 0..3);
    // The fake answers with one bar, twice, at the begin of what it is asked for.
    let minutes = asked(&server, "interval=1m&start=2024-01-05T09:01:00").await;
    assert_eq!(minutes, [row("05 09:01", 3.5, 1.0), row("05 09:02", 105.0, 2.0)], "the earlier source's, once");
    let days = asked(&server, "interval=d&start=2024-01-01T00:00:00").await;
    assert_eq!(days, [row("05 00:00", 105.0, 5.0)], "its day is before the start");
    // What it refuses others have.
    *server.trader.fail.lock().unwrap() = Some(CommandError::Refused("no bars".into()));
    assert_eq!(asked(&server, "interval=1h&start=2024-01-05T09:00:00").await, [row("05 09:00", 105.0, 5.0)]);
    let nobody = "/api/v1/bars?vt_symbol=steel.SHFE&interval=1h&start=2025-01-05T09:00:00";
    let refused = server.get(nobody).await.json();
    assert!(refused["detail"].as_str().unwrap().contains("no bars"), "{refused}");
    *server.trader.fail.lock().unwrap() = None;
}

#[tokio::test]
async fn a_database_on_this_machine_comes_first() {
    let folder = tempfile::tempdir().unwrap();
    let file = HistoryFile { path: folder.path().join("database.db"), zone: "UTC".into() };
    let server = start(Some(file.clone())).await;
    *server.trader.capabilities.lock().unwrap() = Capabilities::default();
    ticks(&server, 1..3);
    let minutes = || asked(&server, "interval=1m&start=2024-01-05T08:00:00");
    assert_eq!(minutes().await.len(), 2, "it is not there yet");
    let mut database = Database::open(&file.path, &file.zone).unwrap();
    // A night before, a minute in both, an hour and a day of its own.
    let night = -12 * 60;
    let mut bars =
        vec![bar(night, Interval::Minute, 1.0), bar(0, Interval::Minute, 2.0), bar(1, Interval::Minute, 3.0)];
    bars.push(bar(-60, Interval::Hour, 4.0));
    database.save_bars(&bars, SaveMode::Merge).unwrap();
    let wanted = [row("05 09:00", 2.0, 7.0), row("05 09:01", 3.0, 7.0), row("05 09:02", 105.0, 2.0)];
    assert_eq!(minutes().await, wanted);
    let hours = asked(&server, "interval=1h&start=2024-01-05T00:00:00").await;
    assert_eq!(hours, [row("05 08:00", 4.0, 7.0), row("05 09:00", 105.0, 16.0)]);
    let days = asked(&server, "interval=d&start=2024-01-05T00:00:00").await;
    assert_eq!(days, [row("05 00:00", 105.0, 23.0)], "the night before is of this day");
    database.save_bars(&[bar(-9 * 60, Interval::Daily, 5.0)], SaveMode::Merge).unwrap();
    let days = asked(&server, "interval=d&start=2024-01-05T00:00:00").await;
    assert_eq!(days, [row("05 00:00", 5.0, 7.0)], "its own day");
}
