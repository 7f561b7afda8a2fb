//! Ticks through the engine and its books with seven handlers, on one thread: `make bench` builds and runs this.
//!
//! Prints one line of JSON: ticks for each second of this thread's processor time, the median of some rounds. As in
//! VeighNa a tick is put into the books, told to every handler and published; the effects of a turn are looked at and
//! dropped, as the trading process's thread drops them when it has handed them on.

use domain::{Exchange, GatewayInfo, GatewayState, Language, Text, TickData};
use engine::{Config, Context, Engine, Event, Filter, Handler, Input, Kind};
use std::fs;
use std::hint::black_box;
use std::sync::Arc;

const HANDLERS: usize = 7;
const INSTRUMENTS: usize = 500;
const TICKS: usize = 1_000_000;
const ROUNDS: usize = 9;

/// Does what the least of strategies does: looks at the price.
struct Watcher {
    last_price: f64,
}

impl Handler for Watcher {
    fn on_event(&mut self, _: &mut Context<'_>, event: &Event) {
        if let Event::Tick(tick) = event {
            self.last_price = black_box(tick.last_price);
        }
    }
}

fn main() {
    let ticks: Vec<Arc<TickData>> = (0..INSTRUMENTS).map(|number| Arc::new(tick(number))).collect();
    let mut engine = Engine::new(Config {
        gateways: vec![Arc::new(GatewayInfo {
            name: Text::new("SIM"),
            state: Some(GatewayState::Up),
            reason: None,
            exchanges: Vec::new(),
            form: Vec::new(),
        })],
        session: Text::new("s1"),
        language: Language::Zh,
        zone: Text::new("Asia/Shanghai"),
        trading_state: domain::TradingState::Active,
    });
    for _ in 0..HANDLERS {
        engine.register(&[Filter::Kind(Kind::Tick)], Box::new(Watcher { last_price: 0.0 }));
    }
    let mut rounds: Vec<f64> = (0..ROUNDS).map(|_| round(&mut engine, &ticks)).collect();
    rounds.sort_by(f64::total_cmp);
    println!(r#"{{"rate": {:.0}}}"#, rounds[ROUNDS / 2]);
}

/// Ticks a second.
fn round(engine: &mut Engine, ticks: &[Arc<TickData>]) -> f64 {
    let mut effects = Vec::new();
    let begun = cpu_seconds();
    for number in 0..TICKS {
        let tick = Arc::clone(&ticks[number % INSTRUMENTS]);
        engine.turn(number as i64, Input::Tick(tick), &mut effects);
        black_box(&effects);
        effects.clear();
    }
    TICKS as f64 / (cpu_seconds() - begun)
}

fn tick(number: usize) -> TickData {
    let symbol = format!("t{number:05}");
    let mut tick = TickData::new("SIM", &symbol, Exchange::DCE, None);
    tick.last_price = 3600.0 + number as f64;
    tick
}

/// Processor time of this thread so far; it must have run for some milliseconds to be exact.
fn cpu_seconds() -> f64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells what a thread costs");
    told.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).expect("nanoseconds") / 1e9
}
