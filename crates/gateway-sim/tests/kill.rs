//! A trading process that is killed in the middle of its work: what it had told is there afterwards.
//!
//! This binary starts itself as the process to be killed: the child trades and prints what it tells, each line
//! only after the commit; the parent reads some lines, kills it, and looks into what is left.

use domain::{Direction, Exchange, Language, Offset, OrderRequest, OrderType};
use gateway::{Command, Gateway, Now, Report, Settings};
use gateway_sim::{SimConfig, SimGateway};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;

const DATABASE: &str = "GATEWAY_SIM_KILL_TEST_DATABASE";
/// 2026-11-23 02:00 UTC.
const START_US: i64 = 1_795_399_200_000_000;
/// Lines read before the kill; a few hundred orders.
const LINES: usize = 700;

fn now(us: u64) -> Now {
    Now { unix_us: START_US + us as i64, monotonic_us: us }
}

fn open(path: &Path) -> SimGateway {
    let config = SimConfig { database: Some(path.to_owned()), language: Language::En, ..SimConfig::default() };
    SimGateway::open(config).expect("a new or sound database")
}

fn line(report: &Report) -> Option<(String, String)> {
    match report {
        Report::Order(o) => Some((format!("order {}", o.orderid), format!("{} {}", o.status.name(), o.traded))),
        Report::Trade(t) => Some((format!("trade {}", t.tradeid), format!("{} {} {}", t.orderid, t.price, t.volume))),
        _ => None,
    }
}

/// The child: trades for ever. Without a database in its environment it has nothing to do.
#[test]
fn the_process_to_be_killed() {
    let Ok(path) = std::env::var(DATABASE) else { return };
    let mut gateway = open(Path::new(&path));
    let mut out = Vec::new();
    gateway.command(now(0), Command::Connect(Settings::default()), &mut out);
    let mut stdout = std::io::stdout();
    for number in 1.. {
        let us = number * 1000;
        let request = OrderRequest {
            forms: domain::NumberForms::default(),
            symbol: "rb2701".into(),
            exchange: Exchange::SHFE,
            direction: if number % 2 == 0 { Direction::Short } else { Direction::Long },
            order_type: OrderType::Market,
            volume: 1.0,
            price: 0.0,
            offset: if number % 2 == 0 { Offset::CloseToday } else { Offset::Open },
            reference: "kill".into(),
        };
        gateway.command(now(us), Command::SendOrder { orderid: number.to_string().into(), request }, &mut out);
        gateway.wake(now(us), &mut out);
        gateway.commit().expect("the disk has room");
        for (key, value) in out.drain(..).filter_map(|report| line(&report)) {
            writeln!(stdout, "told|{key}|{value}").expect("the parent listens until it kills us");
        }
        stdout.flush().expect("the parent listens until it kills us");
    }
}

#[test]
fn what_was_told_survives_a_kill() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("sim.db");
    let mut child = std::process::Command::new(std::env::current_exe().expect("this test has a file"))
        .args(["--exact", "the_process_to_be_killed", "--nocapture", "--test-threads=1"])
        .env(DATABASE, &path)
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test can be started again");
    let reader = BufReader::new(child.stdout.take().expect("asked for as a pipe"));
    let mut told: HashMap<String, String> = HashMap::new();
    for line in reader.lines().take(LINES) {
        let line = line.expect("text");
        // The test runner's own words stand before the first line.
        let Some((_, line)) = line.split_once("told|") else { continue };
        let (key, value) = line.split_once('|').expect("a key and a value");
        told.insert(key.to_owned(), value.to_owned());
    }
    child.kill().expect("it runs for ever");
    child.wait().expect("killed");
    assert!(told.len() > LINES / 4, "{} things were told", told.len());

    let mut gateway = open(&path);
    let mut out = Vec::new();
    gateway.command(now(3_600_000_000), Command::Connect(Settings::default()), &mut out);
    let kept: HashMap<String, String> = out.iter().filter_map(line).collect();
    for (key, value) in &told {
        assert_eq!(kept.get(key), Some(value), "{key}");
    }
    let orders = kept.keys().filter(|key| key.starts_with("order")).count();
    let trades = kept.keys().filter(|key| key.starts_with("trade")).count();
    assert_eq!(orders, trades, "each order traded once, none by half");
}
