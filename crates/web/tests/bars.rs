//! Both processes, put together as the program does it: the trading process records, the web process shows its bars over
//! HTTP, and they are what the ticks say, over a restart of the trading process within a minute. Where the recording
//! begins, the simulated exchange's own history goes on without a seam or a double. A reader of the stream's bars is there
//! all the time, and has the same ones. The trading process's clock runs fast.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "v1/socket.rs"]
#[allow(dead_code, reason = "shared with the tests of /api/v1, which use the rest")]
mod socket;

use domain::bars::{BarGenerator, Period, TradingDays, aggregate};
use domain::{BarData, Civil, DateTime, Exchange, Text, TickData};
use history::Database;
use serde_json::{Value, json};
use socket::Socket;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use trader::{About, App, BridgeConfig, Clock, Dialect, Framing, Language, Record, Recording, SimOptions, TraderError};
use web::config::{Config, Overrides, Places};

const MINUTE_US: i64 = 60_000_000;
/// A minute takes twelve seconds: the restart within it, some six, must not take until its end.
const SPEED: u32 = 5;
const ZONE: &str = "Asia/Shanghai";
const BAR_FIELDS: [&str; 11] = [
    "vt_symbol",
    "interval",
    "datetime",
    "open_price",
    "high_price",
    "low_price",
    "close_price",
    "volume",
    "turnover",
    "open_interest",
    "finished",
];
const PATIENCE: Duration = Duration::from_secs(120);

/// A trading process with a simulated exchange, twenty ticks a second, that records bars and ticks.
struct Desk {
    stop: CancellationToken,
    task: JoinHandle<Result<(), TraderError>>,
}

impl Desk {
    async fn start(folder: &Path, clock: Clock) -> Desk {
        let options = SimOptions { rate: Some(20.0), ..SimOptions::default() };
        let gateways = vec![options.gateway(folder, Language::En, ZONE).unwrap()];
        let bridge = bridge(folder).parse().unwrap();
        let config = trader::Config {
            request: "tcp://127.0.0.1:0".parse().unwrap(),
            publish: "tcp://127.0.0.1:0".parse().unwrap(),
            dialect: Dialect { app: App::RpcService, framing: Framing::TwoFrames },
            values: None,
            language: Language::En,
            clock,
            zone: ZONE.into(),
            state: Some(folder.to_owned()),
            recording: Some(Recording {
                database: folder.join("database.db"),
                zone: ZONE.into(),
                record: Record::Both,
            }),
            bridge: Some(BridgeConfig::in_folder(bridge, folder, About::default()).unwrap()),
        };
        let (stop, (tell, told)) = (CancellationToken::new(), oneshot::channel());
        let until = stop.clone();
        let task = tokio::spawn(async move {
            trader::run(config, gateways, until, |_| tell.send(()).expect("somebody waits")).await
        });
        told.await.expect("it starts");
        Desk { stop, task }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap().expect("a clean end");
    }
}

fn bridge(folder: &Path) -> String {
    format!("unix:{}", folder.join("bridge.sock").display())
}

/// The web process's page.
struct Page {
    address: SocketAddr,
    token: String,
}

impl Page {
    async fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let head = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Authorization: Bearer {}\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.token,
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), serde_json::from_str(body).unwrap_or(Value::Null))
    }

    async fn log_in(address: SocketAddr) -> Page {
        let page = Page { address, token: "none".to_owned() };
        let (status, session) =
            page.ask("POST", "/session", &json!({"username": "vnpy", "password": "vnpy"}).to_string()).await;
        assert_eq!(status, 200, "{session}");
        Page { address, token: session["token"].as_str().unwrap().to_owned() }
    }

    /// Subscribes to steel bars as soon as the link is live; the symbol.
    async fn subscribe(&self) -> Text {
        loop {
            let (_, contracts) = self.ask("GET", "/contracts?q=rb&exchange=SHFE", "").await;
            if let Some(symbol) = contracts["data"][0]["symbol"].as_str() {
                let (status, _) = self.ask("PUT", &format!("/subscriptions/{symbol}.SHFE"), "").await;
                if status == 200 {
                    return symbol.into();
                }
            }
            // waits: for the link
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn bars(&self, symbol: &str, interval: &str, start: i64) -> Vec<BarData> {
        let start = moment(start).rfc3339().replace('+', "%2B");
        let query = format!("/bars?vt_symbol={symbol}.SHFE&interval={interval}&start={start}");
        let (status, bars) = self.ask("GET", &query, "").await;
        assert_eq!(status, 200, "{bars}");
        serde_json::from_value(bars).unwrap()
    }
}

/// What came of the stream's bars: rows in the order of their coming.
struct Reader {
    rows: Arc<Mutex<Vec<Value>>>,
    task: JoinHandle<()>,
}

impl Reader {
    async fn start(page: &Page, channels: &[String]) -> Reader {
        let (mut socket, hello) = Socket::greeted(page.address, &page.token).await;
        assert_eq!(hello["bar_fields"], json!(BAR_FIELDS));
        let ask = json!({ "op": "subscribe", "id": 1, "channels": channels, "interval_ms": 10 });
        assert_eq!(socket.ask(&ask.to_string()).await["ok"], true);
        let rows: Arc<Mutex<Vec<Value>>> = Arc::default();
        let out = Arc::clone(&rows);
        let task = tokio::spawn(async move {
            loop {
                let message = socket.next("bars").await;
                out.lock().unwrap().extend(message["data"].as_array().unwrap().iter().cloned());
            }
        });
        Reader { rows, task }
    }

    /// The finished bars of a length, or all states of the running one.
    fn bars(&self, interval: &str, is_finished: bool) -> Vec<Brief> {
        let rows = self.rows.lock().unwrap();
        let those = rows.iter().filter(|row| row[1] == interval && row[10] == is_finished);
        let of = |row: &Value| {
            let number = |place: usize| row[place].as_f64().unwrap();
            let begin: DateTime = serde_json::from_value(row[2].clone()).unwrap();
            (begin.unix_micros(), [number(3), number(4), number(5), number(6)], number(7))
        };
        those.map(of).collect()
    }

    /// Waits until the bar is among the states of the running one.
    async fn until(&self, interval: &str, bar: &Brief) {
        let since = Instant::now();
        while !self.bars(interval, false).contains(bar) {
            let newest = self.bars(interval, false).last().copied();
            assert!(since.elapsed() < PATIENCE, "{interval}: {bar:?} did not come, but {newest:?}");
            // waits: for the reader
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Each finished bar is there once, in order, without a gap, and is what REST has.
    fn check(&self, interval: &str, asked: &[BarData]) {
        let finished = self.bars(interval, true);
        assert!(finished.is_sorted_by(|one, other| one.0 < other.0), "{finished:?}");
        let (first, last) = (finished[0].0, finished[finished.len() - 1].0);
        let wanted: Vec<Brief> = asked.iter().map(brief).filter(|bar| bar.0 >= first && bar.0 <= last).collect();
        assert_eq!(finished, wanted, "{interval}");
        let running: BTreeSet<i64> = self.bars(interval, false).iter().map(|bar| bar.0).collect();
        assert!(running.last().is_some_and(|newest| *newest > last), "{running:?} run behind {last}");
    }
}

/// The begin of a minute that lies behind us, so that the fast clock shows nothing that is still to come.
fn some_minute() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
    (i64::try_from(now).unwrap().div_euclid(MINUTE_US) - 5) * MINUTE_US
}

fn moment(us: i64) -> DateTime {
    DateTime::from_unix_micros(us, ZONE).unwrap()
}

/// The recorded ticks, in order.
fn ticks(folder: &Path, symbol: &str, start: i64) -> Vec<TickData> {
    let database = Database::open(&folder.join("database.db"), ZONE).unwrap();
    let end = DateTime::naive(Civil::new((9999, 1, 1), (0, 0, 0), 0).unwrap());
    database.load_ticks(symbol, Exchange::SHFE, &moment(start), &end).unwrap()
}

async fn until_ticks(folder: &Path, symbol: &str, start: i64, count: usize) {
    let since = Instant::now();
    while ticks(folder, symbol, start).len() < count {
        assert!(since.elapsed() < PATIENCE, "no ticks are recorded");
        // waits: for recorded ticks
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Begin, prices and volume.
type Brief = (i64, [f64; 4], f64);

fn brief(bar: &BarData) -> Brief {
    let prices = [bar.open_price, bar.high_price, bar.low_price, bar.close_price];
    (bar.datetime.unix_micros(), prices, bar.volume)
}

/// The five minutes that this minute is one of, made of these minutes.
fn five(minutes: &[BarData], minute: i64) -> BarData {
    let bars = aggregate(minutes, Period::M5, &TradingDays::default());
    of(&bars, minute - minute.rem_euclid(5 * MINUTE_US))
}

fn of(bars: &[BarData], begin: i64) -> BarData {
    bars.iter().find(|bar| bar.datetime.unix_micros() == begin).expect("it is there").clone()
}

async fn scenario(folder: &Path, address: SocketAddr) {
    let page = Page::log_in(address).await;
    let minute = some_minute();
    let clock = Clock::fast(minute, SPEED);
    let desk = Desk::start(folder, clock).await;
    let symbol = page.subscribe().await;
    let channels = ["1m", "5m"].map(|interval| format!("bar:{symbol}.SHFE:{interval}"));
    let reader = Reader::start(&page, &channels).await;
    until_ticks(folder, &symbol, minute, 20).await;
    desk.stop().await;
    let before = ticks(folder, &symbol, minute).len();

    let desk = Desk::start(folder, clock).await;
    page.subscribe().await;
    until_ticks(folder, &symbol, minute, before + 20).await;
    assert!(clock.now().unix_us < minute + MINUTE_US, "the restart took until the next minute");
    until_ticks(folder, &symbol, minute + MINUTE_US, 20).await;
    let earlier = page.bars(&symbol, "1m", minute - 10 * MINUTE_US).await;
    let window = page.bars(&symbol, "5m", minute - 10 * MINUTE_US).await;
    let later = page.bars(&symbol, "1m", minute - 10 * MINUTE_US).await;
    for interval in ["1m", "5m"] {
        let asked = page.bars(&symbol, interval, minute - 60 * MINUTE_US).await;
        reader.until(interval, &brief(asked.last().expect("one runs"))).await;
        if interval == "1m" {
            reader.check(interval, &asked);
        }
    }
    reader.task.abort();
    desk.stop().await;

    let begins: Vec<i64> = earlier.iter().map(|bar| (bar.datetime.unix_micros() - minute) / MINUTE_US).collect();
    assert_eq!(begins, (-10..=1).collect::<Vec<i64>>(), "no gap and no double");
    let mut generator = BarGenerator::default();
    let said = ticks(folder, &symbol, minute).iter().find_map(|tick| generator.push(tick)).expect("a whole minute");
    assert_eq!(brief(&of(&earlier, minute)), brief(&said), "the minute of the restart is what its ticks say");
    let distance = (earlier[9].close_price - said.open_price).abs();
    assert!(distance <= 10.0, "{} and {} meet", earlier[9].close_price, said.open_price);

    // The running minute may be in this window and has grown from one question to the next.
    let window = of(&window, minute - minute.rem_euclid(5 * MINUTE_US));
    let (least, most) = (five(&earlier, minute), five(&later, minute));
    assert_eq!(brief(&least).1[0].to_bits(), window.open_price.to_bits());
    assert!(least.volume <= window.volume && window.volume <= most.volume);
    assert!(least.high_price <= window.high_price && window.high_price <= most.high_price);
    assert!(least.low_price >= window.low_price && window.low_price >= most.low_price);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_shown_is_what_the_ticks_say_over_a_restart_of_the_trading_process() {
    let folder = tempfile::tempdir().unwrap();
    // The web process finds the secret of the bridge where the trading process made it.
    drop(BridgeConfig::in_folder(bridge(folder.path()).parse().unwrap(), folder.path(), About::default()).unwrap());
    let overrides = Overrides {
        state: folder.path().to_owned(),
        listen: Some("127.0.0.1:0".to_owned()),
        bridge: Some(bridge(folder.path())),
        ..Overrides::default()
    };
    let (current, home) = (folder.path().to_owned(), folder.path().to_owned());
    let config = Config::load(&overrides, &Places { current, home, environment: &|_| None }).unwrap();
    let (stop, (tell, told)) = (CancellationToken::new(), oneshot::channel());
    let serving = web::process::run(&config, stop.clone(), |address| tell.send(address).expect("somebody waits"));
    let trying = async {
        scenario(folder.path(), told.await.expect("it listens")).await;
        stop.cancel();
    };
    let (served, ()) = tokio::join!(serving, trying);
    served.expect("a clean end");
}
