//! A trading process that records: what it answers is what its ticks say, over a restart within a minute, and where the
//! recording ends the simulated exchange's own history goes on without a seam or a double. Its clock runs fast.

mod desk;

use desk::{Client, Desk, PATIENCE, ZONE};
use domain::bars::{BarGenerator, Period, TradingDays, aggregate, join};
use domain::{BarData, Civil, DateTime, Exchange, GatewayState, HistoryRequest, Interval, SubscribeRequest, TickData};
use history::Database;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use trader::{Clock, Language, Record, Recording, SimOptions};

const MINUTE_US: i64 = 60_000_000;
/// A minute takes twelve seconds: the restart within it, some four, must not take until its end.
const SPEED: u32 = 5;

async fn start(folder: &Path, clock: Clock) -> Desk {
    let options = SimOptions { rate: Some(20.0), ..SimOptions::default() };
    let sim = options.gateway(folder, Language::En, ZONE).expect("a sound database");
    let recording = Recording { database: folder.join("database.db"), zone: ZONE.into(), record: Record::Both };
    Desk::at(clock, folder, vec![sim], Some(recording)).await.expect("it starts")
}

async fn subscribed(desk: &Desk, folder: &Path) -> Client {
    let mut client = desk.client(folder).await;
    while client.caller.gateways(PATIENCE).await.expect("gateways")[0].state != Some(GatewayState::Up) {
        tokio::task::yield_now().await;
    }
    client.caller.subscribe(vec!["rb*".into()], None, PATIENCE).await.expect("subscribed");
    let request = SubscribeRequest { symbol: symbol(&client).await, exchange: Exchange::SHFE };
    client.caller.subscribe_venue(request, "SIM".into(), PATIENCE).await.expect("subscribed");
    client.until_tick().await;
    client
}

/// The nearest contract of steel bars.
async fn symbol(client: &Client) -> domain::Text {
    let contracts = client.snapshot().await.contracts;
    contracts.iter().find(|contract| contract.symbol.starts_with("rb")).expect("is listed").symbol.clone()
}

/// The begin of a minute that lies behind us, so that the fast clock shows nothing that is still to come.
fn some_minute() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_micros();
    (i64::try_from(now).expect("fits").div_euclid(MINUTE_US) - 5) * MINUTE_US
}

fn moment(us: i64) -> DateTime {
    DateTime::from_unix_micros(us, ZONE).expect("a moment")
}

async fn asked(client: &Client, interval: Interval, start: i64) -> Vec<BarData> {
    let request = HistoryRequest {
        symbol: symbol(client).await,
        exchange: Exchange::SHFE,
        start: moment(start),
        end: None,
        interval: Some(interval),
    };
    client.caller.query_history(request, "SIM".into(), PATIENCE).await.expect("bars")
}

/// The ticks of the database, in order.
fn ticks(folder: &Path, symbol: &str, start: i64) -> Vec<TickData> {
    let database = Database::open(&folder.join("database.db"), ZONE).expect("opens");
    let end = DateTime::naive(Civil::new((9999, 1, 1), (0, 0, 0), 0).expect("a date"));
    database.load_ticks(symbol, Exchange::SHFE, &moment(start), &end).expect("is read")
}

fn brief(bars: &[BarData]) -> Vec<(i64, [f64; 4], f64)> {
    let prices = |bar: &BarData| [bar.open_price, bar.high_price, bar.low_price, bar.close_price];
    bars.iter().map(|bar| (bar.datetime.unix_micros(), prices(bar), bar.volume)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_answered_is_what_the_ticks_say_over_a_restart_within_a_minute() {
    let folder = tempfile::tempdir().expect("a folder");
    let first_minute = some_minute();
    let clock = Clock::fast(first_minute, SPEED);
    let now_us = || clock.now().unix_us;
    let desk = start(folder.path(), clock).await;
    let client = subscribed(&desk, folder.path()).await;
    let rb = symbol(&client).await;
    while ticks(folder.path(), &rb, first_minute).len() < 20 {
        // waits: for recorded ticks
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    client.end().await;
    desk.stop().await;
    let before = ticks(folder.path(), &rb, first_minute).len();
    assert!(before >= 20, "{before} ticks were recorded before the stop");

    let desk = start(folder.path(), clock).await;
    let client = subscribed(&desk, folder.path()).await;
    assert!(now_us() < first_minute + MINUTE_US, "the restart took until the next minute");
    // Until the minute is complete and the next one runs.
    loop {
        let bars = asked(&client, Interval::Minute, first_minute).await;
        if bars.len() == 2 && ticks(folder.path(), &rb, first_minute + MINUTE_US).len() > 20 {
            break;
        }
        assert!(now_us() < first_minute + 20 * MINUTE_US, "{} bars", bars.len());
        // waits: for the next minute's ticks
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let answered = asked(&client, Interval::Minute, first_minute - 10 * MINUTE_US).await;
    client.end().await;
    desk.stop().await;

    let ticks = ticks(folder.path(), &rb, first_minute);
    assert!(ticks.len() > before);
    let mut generator = BarGenerator::default();
    let mut said: Vec<BarData> = ticks.iter().filter_map(|tick| generator.push(tick)).collect();
    said.extend(generator.finish());
    let own: Vec<BarData> = answered.iter().filter(|bar| bar.datetime.unix_micros() >= first_minute).cloned().collect();
    assert_eq!(brief(&own)[0], brief(&said)[0], "the minute of the restart");

    // Before it the exchange's own history, without a gap and without a double.
    let begins: Vec<i64> = answered.iter().map(|bar| (bar.datetime.unix_micros() - first_minute) / MINUTE_US).collect();
    assert_eq!(begins, (-10..=1).collect::<Vec<i64>>());
    let distance = (answered[9].close_price - own[0].open_price).abs();
    assert!(distance <= 10.0, "{} and {} meet", answered[9].close_price, own[0].open_price);

    // Five minutes of the answer are those of the ticks, where both have them.
    let five = |bars: &[BarData]| aggregate(bars, Period::M5, &TradingDays::default());
    let joined = join(vec![said.clone(), answered.clone()], Period::M1);
    assert_eq!(brief(&five(&joined))[0], brief(&five(&answered))[0]);

    // Started once more, the finished minutes come out of the database as they were told.
    let desk = start(folder.path(), clock).await;
    let client = subscribed(&desk, folder.path()).await;
    let again = asked(&client, Interval::Minute, first_minute).await;
    assert_eq!(brief(&again)[0], brief(&said)[0]);
    let hours = asked(&client, Interval::Hour, first_minute - 90 * MINUTE_US).await;
    assert!(!hours.is_empty() && hours.iter().all(|bar| bar.interval == Some(Interval::Hour)));
    client.end().await;
    desk.stop().await;
}
