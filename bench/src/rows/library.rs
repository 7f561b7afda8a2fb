//! Two figures of library code, without sockets: reading one of VeighNa's ticks, and the event engine with order
//! management. The programs that measure ours are examples of the crates themselves.

use super::Bench;
use crate::stats::median;
use crate::table::{Better, Line, Target};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::path::Path;

/// From the pickle that VeighNa publishes to a typed tick.
pub(crate) fn reader(bench: &Bench) -> Result<Vec<Line>> {
    let count = bench.options.count(300_000);
    let figures = alternate(bench, ("unpickle", count, "us"), ("rpc", "bench_reader", "us"))?;
    Ok(vec![
        Line::new("reading one of VeighNa's ticks, CPU", "µs", Better::Less)
            .both(figures)
            .target(Target::AtMost(1.5))
            .note("incumbent: pickle.loads; ours: to a typed struct"),
    ])
}

/// Ticks through the engine with 7 handlers.
pub(crate) fn engine(bench: &Bench) -> Result<Vec<Line>> {
    let count = bench.options.count(300_000);
    let figures = alternate(bench, ("events", count, "rate"), ("engine", "bench_engine", "rate"))?;
    Ok(vec![
        Line::new("event engine and OMS, 7 handlers, 1 thread", "1/s", Better::More)
            .both(figures)
            .target(Target::AtLeast(10_000_000.0))
            .note("events for each second of CPU"),
    ])
}

/// The medians of VeighNa's figure (command, count, name) and ours (package, example, name), measured by turns.
fn alternate(bench: &Bench, theirs: (&str, u64, &str), ours: (&str, &str, &str)) -> Result<(f64, f64)> {
    let tick = bench.places.fresh("tick");
    let argument = tick.to_str().context("the folder's name is text")?;
    let (mut veighna, _) = bench.places.controlled("library", "bench/veighna/library.py", &[argument])?;
    let (mut incumbent, mut own) = (Vec::new(), Vec::new());
    for _ in 0..bench.options.rounds {
        let answer = veighna.ask(&json!({"cmd": theirs.0, "count": theirs.1}))?;
        incumbent.push(figure(&answer, theirs.2)?);
        own.push(figure(&bench.places.example(ours.0, ours.1, Path::new(argument))?, ours.2)?);
    }
    Ok((median(incumbent), median(own)))
}

fn figure(answer: &Value, name: &str) -> Result<f64> {
    answer[name].as_f64().with_context(|| format!("no {name} in {answer}"))
}
