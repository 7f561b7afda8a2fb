//! `cargo xtask test`: what `make test` and CI run.
//!
//! The steps of `steps.rs` run in their order, all of them even after a failure. Each gives a
//! [`Tally`]; the report lists what failed and what was skipped and why, and its last line is
//! `N passed, N failed` (and `, N skipped` where there were any).

mod counts;
mod steps;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use counts::Tally;
use steps::{STEPS, Step};

/// What one step came to.
struct Outcome {
    name: &'static str,
    took: Duration,
    tally: Tally,
    error: Option<String>,
}

/// Runs the suite; true if nothing failed.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<bool> {
    if args.iter().any(|arg| arg == "--list") {
        for step in STEPS {
            println!("{:<12} {}", step.name, step.what);
        }
        return Ok(true);
    }
    let chosen = choose(args)?;
    let outcomes: Vec<Outcome> = chosen.into_iter().map(|step| perform(root, step)).collect();
    Ok(report(&outcomes))
}

fn choose(args: &[String]) -> Result<Vec<&'static Step>> {
    let mut names = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match (arg.as_str(), args.next()) {
            ("--only", Some(name)) => names.push(name.as_str()),
            _ => bail!("usage: cargo xtask test [--only STEP]... [--list]"),
        }
    }
    if names.is_empty() {
        return Ok(STEPS.iter().collect());
    }
    names
        .into_iter()
        .map(|name| {
            STEPS.iter().find(|step| step.name == name).ok_or_else(|| anyhow::anyhow!("no step {name:?}; see --list"))
        })
        .collect()
}

fn perform(root: &Path, step: &Step) -> Outcome {
    println!("\n=== {}: {}", step.name, step.what);
    let start = Instant::now();
    let result = (step.run)(root);
    let took = start.elapsed();
    let (mut tally, error) = match result {
        Ok(tally) => (tally, None),
        Err(error) => (Tally::default(), Some(format!("{error:#}"))),
    };
    if let Some(error) = &error {
        println!("{error}");
        tally.failed = tally.failed.max(1);
    }
    println!("=== {}: {} in {:.1} s", step.name, tally.line(), took.as_secs_f64());
    Outcome { name: step.name, took, tally, error }
}

fn report(outcomes: &[Outcome]) -> bool {
    let mut total = Tally::default();
    println!("\n=== summary");
    for outcome in outcomes {
        println!("{:<12} {:>7.1} s  {}", outcome.name, outcome.took.as_secs_f64(), outcome.tally.line());
        total.add(&outcome.tally);
    }
    if !total.reasons.is_empty() {
        println!("\nSkipped:");
        for outcome in outcomes {
            outcome.tally.reasons.iter().for_each(|reason| println!("  {}: {reason}", outcome.name));
        }
    }
    if total.failed > 0 {
        println!("\nFailed:");
        for outcome in outcomes.iter().filter(|outcome| outcome.tally.failed > 0) {
            let first = outcome.error.as_deref().and_then(|error| error.lines().next()).unwrap_or("see above");
            println!("  {}: {first}", outcome.name);
        }
    }
    println!("\n{}", total.line());
    total.failed == 0
}
