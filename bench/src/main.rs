//! `make bench`: us and the incumbent side by side, in one run, on the same trading process.
//!
//! `options` says what; `rows` has one function per row of the table, which starts its programs (`sides`, `child`),
//! loads them (`http`, `ws`) by turns (`duel`), looks at what they cost (`meter`), and hands `table` its figures.
//! `bare` is the yardstick for the load generator itself.
//!
//! Always true: every port is chosen by the system, every number of requests and every time has a bound, and no
//! program outlives the bench.

mod bare;
mod bare_order;
mod child;
mod duel;
mod http;
mod meter;
mod options;
mod report;
mod rows;
mod sides;
mod stats;
mod table;
mod ws;

use anyhow::{Result, bail};
use options::{Options, USAGE};
use rows::{Bench, ROWS, Row};
use sides::Places;
use std::process::ExitCode;
use table::Line;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match bare::run(&arguments).unwrap_or_else(|| bench(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn bench(arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    if options.list {
        ROWS.iter().for_each(|row| println!("{:<14}{}", row.name, row.what));
        return Ok(());
    }
    let wanted = wanted(&options)?;
    let bench = Bench { places: Places::new(&options.program)?, options };
    let conditions = report::conditions(&bench)?;
    println!("{conditions}");
    let (mut lines, mut failed) = (Vec::new(), Vec::new());
    for row in wanted {
        println!("{}: {}", row.name, row.what);
        match (row.measure)(&bench) {
            Ok(measured) => {
                measured.iter().for_each(|line| println!("{}", table::brief(line)));
                lines.extend(measured);
            }
            Err(error) => {
                println!("  failed: {error:#}");
                failed.push(row.name);
            }
        }
    }
    conclude(&bench, &conditions, &lines, &failed)
}

fn wanted(options: &Options) -> Result<Vec<&'static Row>> {
    if let Some(unknown) = options.only.iter().find(|name| ROWS.iter().all(|row| row.name != **name)) {
        let names: Vec<&str> = ROWS.iter().map(|row| row.name).collect();
        bail!("no row {unknown:?}; there are {}", names.join(", "));
    }
    let is_wanted = |row: &&Row| options.only.is_empty() || options.only.iter().any(|name| name == row.name);
    Ok(ROWS.iter().filter(is_wanted).collect())
}

/// The table, where it is to be kept, and how many targets were met. A missed target is no failure of the bench.
fn conclude(bench: &Bench, conditions: &str, lines: &[Line], failed: &[&str]) -> Result<()> {
    let text = report::text(conditions, lines);
    println!("\n{text}");
    if !failed.is_empty() {
        bail!("could not be measured: {}; the logs are in target/bench/", failed.join(", "));
    }
    bench.places.clear();
    if bench.options.keep {
        report::keep(bench.places.root(), &text)?;
    }
    Ok(())
}
