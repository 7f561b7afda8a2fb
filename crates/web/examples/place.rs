//! How many orders a second go through `Orders::place` and how long each takes, before a trading process that answers
//! at once: what is left are the rules, the book, the disk and the way between the threads.
//!
//! ```text
//! cargo run --release -p web --example place -- [folder on the disk to be measured]
//! ```
//!
//! First the disk by itself: what one small write with fsync takes. Then 1, 4, 16 and 64 clients, each with one order
//! at a time.

use domain::{
    ContractData, Direction, Exchange, NumberForms, Offset, OrderData, OrderRequest, OrderType, Product, Text,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use web::command::{CommandError, LinkReport, Trader};
use web::desk::Desk;
use web::orders::{NewOrder, Orders};
use web::replica::{Link, Shared};

/// How long each number of clients is measured.
const TIME: Duration = Duration::from_secs(4);
const FSYNCS: usize = 2_000;

/// Takes everything.
#[derive(Default)]
struct Willing(AtomicU64);

impl Trader for Willing {
    fn state(&self) -> LinkReport {
        LinkReport { link: Link::Live, ..LinkReport::default() }
    }

    fn subscribe(&self, _: Arc<ContractData>) -> BoxFuture<'_, Result<(), CommandError>> {
        async { Ok(()) }.boxed()
    }

    fn send_order(&self, _: OrderRequest, gateway: Text, _: &str) -> BoxFuture<'_, Result<Text, CommandError>> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        async move { Ok(format!("{gateway}.{number}").into()) }.boxed()
    }

    fn cancel_order(&self, _: Arc<OrderData>) -> BoxFuture<'_, Result<(), CommandError>> {
        async { Ok(()) }.boxed()
    }

    fn fetch_orders(&self) -> BoxFuture<'_, Result<Vec<OrderData>, CommandError>> {
        async { Ok(Vec::new()) }.boxed()
    }

    fn settled(&self, _: &str) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }
}

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let folder = tempfile::tempdir_in(folder).expect("a folder that can be written");
    let mut fsyncs = disk(folder.path());
    tell("one write of 8 kB with fdatasync", &mut fsyncs, None);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let orders = Orders::open(folder.path(), Arc::new(|| 0));
    assert_eq!(orders.problem(), None);
    let desk = desk();
    for clients in [1, 4, 16, 64] {
        let (mut micros, seconds) = runtime.block_on(measure(&orders, &desk, clients));
        tell(&format!("place(), {clients} clients"), &mut micros, Some(seconds));
    }
    runtime.block_on(orders.close());
}

fn disk(folder: &Path) -> Vec<u64> {
    let mut file = std::fs::File::create(folder.join("disk")).expect("a file");
    let write = |_| {
        let begin = Instant::now();
        file.write_all(&[7; 8192]).expect("room on the disk");
        file.sync_data().expect("a disk that syncs");
        micros(begin)
    };
    (0..FSYNCS).map(write).collect()
}

async fn measure(orders: &Arc<Orders>, desk: &Arc<Desk>, clients: usize) -> (Vec<u64>, f64) {
    let begin = Instant::now();
    let client = |_| {
        let (orders, desk) = (Arc::clone(orders), Arc::clone(desk));
        async move {
            let mut taken = Vec::new();
            while begin.elapsed() < TIME {
                let sent = Instant::now();
                orders.place(&desk, "bench", NewOrder::new(buy())).await.expect("nothing is in the way");
                taken.push(micros(sent));
            }
            taken
        }
    };
    let mut tasks: tokio::task::JoinSet<Vec<u64>> = (0..clients).map(client).collect();
    let mut all = Vec::new();
    while let Some(taken) = tasks.join_next().await {
        all.extend(taken.expect("no client panics"));
    }
    (all, begin.elapsed().as_secs_f64())
}

fn tell(what: &str, micros: &mut [u64], seconds: Option<f64>) {
    micros.sort_unstable();
    let at = |part: f64| micros[((micros.len() - 1) as f64 * part) as usize];
    let rate = seconds.map_or_else(String::new, |seconds| format!("{:>8.0} a second, ", micros.len() as f64 / seconds));
    println!("{what:36} {rate}p50 {} us, p99 {} us, p99.9 {} us", at(0.5), at(0.99), at(0.999));
}

fn micros(begin: Instant) -> u64 {
    u64::try_from(begin.elapsed().as_micros()).unwrap_or(u64::MAX)
}

fn desk() -> Arc<Desk> {
    let replica = Arc::new(Shared::default());
    let contract = ContractData::new("SIM", "rb2610", Exchange::SHFE, "rb", Product::Futures);
    let contract = ContractData { pricetick: 1.0, ..contract };
    let mut filled = replica.write();
    filled.link = Link::Live;
    filled.contracts.insert(contract.vt_symbol.clone(), Arc::new(contract));
    drop(filled);
    Arc::new(Desk { name: "bench".into(), trader: Arc::new(Willing::default()), replica })
}

fn buy() -> OrderRequest {
    OrderRequest {
        symbol: "rb2610".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume: 1.0,
        price: 3600.0,
        offset: Offset::Open,
        reference: "bench".into(),
        forms: NumberForms::default(),
    }
}
