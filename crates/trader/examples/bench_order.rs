//! One order through the trading process and back: request in, id out, by the bridge and by VeighNa's RPC, one at a time,
//! and the disk's own pace beside it. `bench_order FOLDER` keeps its database there; without a folder in memory's `/dev/shm`.
//!
//! Prints one line of JSON in microseconds.

#[path = "../tests/desk/mod.rs"]
mod desk;

use desk::{Desk, PATIENCE, order};
use domain::Text;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const ORDERS: usize = 3000;

fn main() {
    let place = std::env::args().nth(1).map_or_else(|| PathBuf::from("/dev/shm"), PathBuf::from);
    let folder = tempfile::tempdir_in(place).expect("a folder");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(measure(folder.path()));
}

async fn measure(folder: &Path) {
    let sync = percentiles(syncs(folder));
    let desk = Desk::start(folder).await;
    let client = desk.client(folder).await;
    while client.caller.gateways(PATIENCE).await.expect("gateways")[0].state != Some(domain::GatewayState::Up) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let mut taken = Vec::with_capacity(ORDERS);
    for _ in 0..ORDERS {
        let begun = Instant::now();
        client.caller.send_order(order(), Text::const_new("SIM"), PATIENCE).await.expect("an id");
        taken.push(begun.elapsed());
    }
    let by_bridge = percentiles(taken);
    let mut taken = Vec::with_capacity(ORDERS);
    for _ in 0..ORDERS {
        let begun = Instant::now();
        client.caller.trading_state(PATIENCE).await.expect("a state");
        taken.push(begun.elapsed());
    }
    let asked = percentiles(taken);
    println!(r#"{{"order_us": {by_bridge}, "question_us": {asked}, "fdatasync_us": {sync}}}"#);
    client.end().await;
    desk.stop().await;
}

fn syncs(folder: &Path) -> Vec<Duration> {
    let mut file = File::create(folder.join("sync")).expect("a file");
    let page = [0u8; 4096];
    let one = |_| {
        let begun = Instant::now();
        file.write_all(&page).and_then(|()| file.sync_data()).expect("the disk works");
        begun.elapsed()
    };
    (0..200).map(one).collect()
}

fn percentiles(mut taken: Vec<Duration>) -> String {
    taken.sort();
    let at = |share: f64| taken[((taken.len() as f64 * share) as usize).min(taken.len() - 1)].as_secs_f64() * 1e6;
    format!(r#"{{"p50": {:.0}, "p99": {:.0}}}"#, at(0.5), at(0.99))
}
