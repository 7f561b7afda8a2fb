//! Bars of the stream beside `GET /api/v1/bars`: the same figures for the same bar, whatever the sources are.

use crate::socket::Socket;
use crate::support::{Server, Setup};
use domain::{BarData, ContractData, DateTime, Exchange, Interval, Product, TickData, VtSymbol};
use history::{Database, SaveMode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use web::command::{Capabilities, CommandError};
use web::history_file::HistoryFile;
use web::replica::{Fact, Input, Snapshot};

/// 2024-01-05 09:00 in Shanghai, a Friday.
const START: i64 = 1_704_416_400_000_000;
const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const INTERVALS: [&str; 7] = ["1m", "5m", "15m", "30m", "1h", "d", "w"];

fn moment(us: i64) -> DateTime {
    DateTime::from_unix_micros(START + us, "Asia/Shanghai").unwrap()
}

fn tick_at(us: i64, price: f64, volume: f64) -> TickData {
    let mut tick = TickData::new("SIM", "steel", Exchange::SHFE, Some(moment(us)));
    (tick.last_price, tick.volume, tick.turnover, tick.open_interest) = (price, volume, volume * 10.0, 5.0 + volume);
    tick
}

/// As the link's task takes it in.
fn tick(server: &Server, us: i64, price: f64, volume: f64) {
    let mut replica = server.replica.write();
    replica.apply(Input::Fact(Fact::Tick(Arc::new(tick_at(us, price, volume)))), &mut Vec::new());
    server.lines.tick(0, &replica, "steel.SHFE");
}

/// A tick every twenty seconds from this minute to before that one.
fn ticks(server: &Server, from: i64, to: i64) {
    for third in from * 3..to * 3 {
        tick(server, third * 20 * SECOND, 100.0 + (third % 7) as f64, 1000.0 + third as f64 * 1.1);
    }
}

fn bar(minute: i64, interval: Interval, price: f64) -> BarData {
    BarData {
        gateway_name: "DB".into(),
        symbol: "steel".into(),
        exchange: Exchange::SHFE,
        datetime: moment(minute * MINUTE),
        interval: Some(interval),
        volume: 70.0,
        turnover: 7.5,
        open_interest: 9.0,
        open_price: price,
        high_price: price + 3.0,
        low_price: price - 3.0,
        close_price: price,
    }
}

/// A server with the instrument, and a reader that watches it in every length.
struct Scene {
    server: Server,
    socket: Socket,
    fields: Vec<String>,
    /// What came as finished, and the newest running one, by interval.
    finished: BTreeMap<String, Vec<Value>>,
    running: BTreeMap<String, Value>,
}

impl Scene {
    async fn start(history: Option<HistoryFile>, capabilities: Capabilities) -> Scene {
        let server = Server::start_with(Setup { history, ..Setup::default() }).await;
        let contract = ContractData::new("SIM", "steel", Exchange::SHFE, "steel", Product::Futures);
        server.replica.write().contracts.insert(VtSymbol::from("steel.SHFE"), Arc::new(contract));
        *server.trader.capabilities.lock().unwrap() = capabilities;
        *server.trader.recorded.lock().unwrap() = Some(Vec::new());
        let (socket, hello) = Socket::greeted(server.address, &server.token).await;
        let fields = serde_json::from_value(hello["bar_fields"].clone()).unwrap();
        Scene { server, socket, fields, finished: BTreeMap::new(), running: BTreeMap::new() }
    }

    async fn subscribe(&mut self, intervals: &[&str]) {
        let channels: Vec<String> = intervals.iter().map(|interval| format!("bar:steel.SHFE:{interval}")).collect();
        let ask = json!({ "op": "subscribe", "id": 1, "channels": channels, "interval_ms": 10 });
        let reply = self.socket.ask(&ask.to_string()).await;
        assert_eq!(reply["ok"], true, "{reply}");
    }

    async fn take(&mut self) {
        let message = self.socket.next("bars").await;
        for row in message["data"].as_array().unwrap() {
            let row = row.as_array().unwrap();
            let mut bar: serde_json::Map<String, Value> =
                self.fields.iter().cloned().zip(row.iter().cloned()).collect();
            assert_eq!((bar.len(), bar.remove("vt_symbol")), (row.len(), Some(json!("steel.SHFE"))));
            let Some(Value::String(interval)) = bar.remove("interval") else { panic!("{bar:?}") };
            let is_finished = bar.remove("finished").unwrap();
            if is_finished == true {
                self.finished.entry(interval).or_default().push(bar.into());
            } else {
                self.running.insert(interval, bar.into());
            }
        }
    }

    /// What `GET` says, with the members that the stream has.
    async fn asked(&self, interval: &str) -> Vec<Value> {
        let query = format!("interval={interval}&start=2024-01-01T00:00:00");
        let answer = self.server.get(&format!("/api/v1/bars?vt_symbol=steel.SHFE&{query}")).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        let brief = |bar: &Value| {
            let members =
                self.fields.iter().filter(|field| !["vt_symbol", "interval", "finished"].contains(&field.as_str()));
            members.map(|field| (field.clone(), normal(&bar[field]))).collect::<serde_json::Map<_, _>>().into()
        };
        answer.json().as_array().unwrap().iter().map(brief).collect()
    }

    /// Takes until the running bar of each length is the last one that `GET` has, and so is the last finished one the one
    /// before it. Gives the count of finished ones by length.
    async fn agree(&mut self, intervals: &[&str]) -> Vec<usize> {
        let mut counts = Vec::new();
        for interval in intervals {
            let wanted = self.asked(interval).await;
            while self.running.get(*interval).map(normal_of).as_ref() != wanted.last() {
                self.take().await;
            }
            let finished: Vec<Value> = self.finished.get(*interval).into_iter().flatten().map(normal_of).collect();
            let before = &wanted[..wanted.len() - 1];
            assert_eq!(finished, before[before.len() - finished.len()..], "{interval}");
            counts.push(finished.len());
        }
        counts
    }
}

/// A number as a float, so that 1 and 1.0 are one.
fn normal(value: &Value) -> Value {
    value.as_f64().map_or_else(|| value.clone(), |number| json!(number))
}

fn normal_of(bar: &Value) -> Value {
    let members = bar.as_object().unwrap().iter().map(|(name, value)| (name.clone(), normal(value)));
    members.collect::<serde_json::Map<_, _>>().into()
}

#[tokio::test]
async fn without_history_a_line_says_what_get_says_with_every_tick() {
    let mut scene = Scene::start(None, Capabilities::default()).await;
    // Before the first tick there is nothing, and that is no error.
    scene.subscribe(&INTERVALS).await;
    ticks(&scene.server, 3, 4);
    assert_eq!(scene.agree(&INTERVALS).await, [0; 7]);
    for minute in 4..40 {
        ticks(&scene.server, minute, minute + 1);
        // A tick without a price, and one that is late: neither changes a bar.
        tick(&scene.server, minute * MINUTE + 50 * SECOND, 0.0, 9999.0);
        tick(&scene.server, minute * MINUTE - 30 * SECOND, 1.0, 9999.0);
        if minute % 6 == 0 {
            scene.agree(&INTERVALS).await;
        }
    }
    assert_eq!(scene.agree(&INTERVALS).await, [36, 7, 2, 1, 0, 0, 0]);
    // Over a break: hours are asked for again, days by the trading day.
    ticks(&scene.server, 12 * 60, 12 * 60 + 2);
    assert_eq!(scene.agree(&INTERVALS).await, [38, 8, 3, 2, 1, 1, 1]);
    // Who comes later begins with the last finished bar.
    let finished = std::mem::take(&mut scene.finished);
    scene.socket = Socket::open(scene.server.address, &scene.server.token).await;
    scene.running.clear();
    scene.subscribe(&INTERVALS).await;
    assert_eq!(scene.agree(&INTERVALS).await, [1; 7]);
    assert!(INTERVALS.iter().all(|interval| scene.finished[*interval].last() == finished[*interval].last()));
}

#[tokio::test]
async fn what_the_trading_process_recorded_before_us_is_in_the_running_bar() {
    let mut scene = Scene::start(None, Capabilities { history: true, ..Capabilities::default() }).await;
    let recorded = |bars: Vec<BarData>| *scene.server.trader.recorded.lock().unwrap() = Some(bars);
    let until_now: Vec<BarData> =
        (-3..=12).map(|minute| bar(minute, Interval::Minute, 100.0 + minute as f64)).collect();
    recorded(until_now.clone());
    // We come in the middle of a minute that it has from its begin.
    tick(&scene.server, 12 * MINUTE + 40 * SECOND, 112.0, 1000.0);
    scene.subscribe(&["1m", "5m", "15m", "d"]).await;
    assert_eq!(scene.agree(&["1m", "5m", "15m", "d"]).await, [1, 1, 1, 0]);
    // What both hear now is in both.
    tick(&scene.server, 12 * MINUTE + 50 * SECOND, 118.0, 1004.0);
    let mut last = until_now[15].clone();
    (last.high_price, last.close_price, last.open_interest) = (118.0, 118.0, 1009.0);
    (last.volume, last.turnover) = (last.volume + 4.0, last.turnover + 40.0);
    let with = |last: BarData, more: Vec<BarData>| [&until_now[..15], &[last], &more[..]].concat();
    *scene.server.trader.recorded.lock().unwrap() = Some(with(last.clone(), Vec::new()));
    scene.agree(&["1m", "5m"]).await;
    // It is over: the figures are those of who had it whole.
    (last.volume, last.low_price) = (77.25, 90.0);
    *scene.server.trader.recorded.lock().unwrap() = Some(with(last, Vec::new()));
    ticks(&scene.server, 13, 14);
    assert_eq!(scene.agree(&["1m", "5m", "15m", "d"]).await, [2, 1, 1, 0]);
    ticks(&scene.server, 14, 17);
    assert_eq!(scene.agree(&["1m", "5m", "15m", "d"]).await, [5, 2, 2, 0]);
}

#[tokio::test]
async fn hours_and_days_that_a_source_has_come_before_what_ticks_make() {
    let mut scene = Scene::start(None, Capabilities { history: true, ..Capabilities::default() }).await;
    // The running hour and day, too.
    let mut bars = vec![bar(-60, Interval::Hour, 40.0), bar(0, Interval::Hour, 50.0)];
    bars.push(bar(-9 * 60 - 24 * 60, Interval::Daily, 60.0));
    *scene.server.trader.recorded.lock().unwrap() = Some(bars.clone());
    ticks(&scene.server, 1, 3);
    scene.subscribe(&["1h", "d", "w"]).await;
    assert_eq!(scene.agree(&["1h", "d", "w"]).await, [1, 1, 0]);
    // The next hour, in which it tells a little more of the one before.
    bars[1].volume = 71.0;
    bars.insert(2, bar(60, Interval::Hour, 55.0));
    *scene.server.trader.recorded.lock().unwrap() = Some(bars);
    ticks(&scene.server, 60, 61);
    assert_eq!(scene.agree(&["1h", "d", "w"]).await, [2, 1, 0]);
}

#[tokio::test]
async fn a_database_on_this_machine_comes_first_in_the_stream_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = HistoryFile { path: folder.path().join("database.db"), zone: "UTC".into() };
    let mut database = Database::open(&file.path, &file.zone).unwrap();
    // The night before is of this day; an hour of its own; a minute that ticks have, too.
    let mut bars: Vec<BarData> =
        [-12 * 60, -2, 0, 1, 2].into_iter().map(|minute| bar(minute, Interval::Minute, 50.0 + minute as f64)).collect();
    bars.push(bar(-60, Interval::Hour, 4.0));
    database.save_bars(&bars, SaveMode::Merge).unwrap();
    let mut scene = Scene::start(Some(file), Capabilities::default()).await;
    ticks(&scene.server, 1, 4);
    scene.subscribe(&INTERVALS).await;
    assert_eq!(scene.agree(&INTERVALS).await, [1, 1, 1, 1, 1, 0, 0]);
    ticks(&scene.server, 4, 8);
    scene.agree(&INTERVALS).await;
}

#[tokio::test]
async fn a_line_goes_on_when_contact_is_lost_and_found() {
    let mut scene = Scene::start(None, Capabilities { history: true, ..Capabilities::default() }).await;
    scene.subscribe(&["1m", "5m"]).await;
    ticks(&scene.server, 0, 1);
    scene.agree(&["1m", "5m"]).await;
    ticks(&scene.server, 1, 3);
    scene.agree(&["1m", "5m"]).await;
    {
        let server = &scene.server;
        server.replica.write().apply(Input::Lost, &mut Vec::new());
        let recorded: Vec<BarData> =
            (0..=14).map(|minute| bar(minute, Interval::Minute, 200.0 + minute as f64)).collect();
        *server.trader.recorded.lock().unwrap() = Some(recorded);
        // It is back, but does not answer yet.
        *server.trader.fail.lock().unwrap() = Some(CommandError::Unknown("a timeout".into()));
        let mut replica = server.replica.write();
        let contracts = vec![ContractData::new("SIM", "steel", Exchange::SHFE, "steel", Product::Futures)];
        let ticks = vec![Box::new(tick_at(14 * MINUTE + SECOND, 214.0, 2000.0))];
        replica.apply(Input::Subscribed, &mut Vec::new());
        let snapshot = Snapshot { contracts, ticks, ..Snapshot::default() };
        replica.apply(Input::Snapshot(Box::new(snapshot)), &mut Vec::new());
        server.lines.reset(0);
        drop(replica);
        tick(server, 14 * MINUTE + 2 * SECOND, 215.0, 2001.0);
        *server.trader.fail.lock().unwrap() = None;
    }
    // All that finished meanwhile, once and in order; two were told before, as the ticks had made them.
    while scene.running["1m"]["datetime"] != "2024-01-05T09:14:00+08:00" {
        scene.take().await;
    }
    let begins: Vec<&str> = scene.finished["1m"].iter().map(|bar| &bar["datetime"].as_str().unwrap()[11..16]).collect();
    let wanted: Vec<String> = (0..14).map(|minute| format!("09:{minute:02}")).collect();
    assert_eq!(begins, wanted);
    assert_eq!(scene.finished["1m"][2..], scene.asked("1m").await[2..14].iter().map(shortest).collect::<Vec<_>>()[..]);
}

/// Whole numbers as the stream writes them.
fn shortest(bar: &Value) -> Value {
    let whole = |value: &Value| match value.as_f64() {
        Some(number) if number.fract() == 0.0 => json!(number as i64),
        _ => value.clone(),
    };
    let members = bar.as_object().unwrap().iter().map(|(name, value)| (name.clone(), whole(value)));
    members.collect::<serde_json::Map<_, _>>().into()
}
