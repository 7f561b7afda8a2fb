//! Automation of this repository, started as `cargo xtask <command>`.
//!
//! `make` calls it and people may too. Arguments come in here, each command is a module, and the
//! exit code is 0 only if everything that was asked for succeeded. Depends on little, so that it
//! is built in seconds before anything else is.

mod launch;
mod licenses;
mod process;
mod suite;
mod tidy;
mod ui;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "cargo xtask <command>

  test [--only STEP]... [--list]   every check and test that CI runs, or some of them
  tidy                             the rules that no compiler knows
  licenses                         may we use every package that we use?
  run [-- ARGUMENTS]               build for use and start the program
  bench [-- ARGUMENTS]             build for use and measure beside the incumbent
  fuzz [--seconds N] [TARGET]...   run the fuzz targets";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> anyhow::Result<bool> {
    let (command, rest) = args.split_first().map_or(("help", args), |(c, r)| (c.as_str(), r));
    let root = workspace::root();
    // What comes after `--` is for the program that is started.
    let rest = if rest.first().is_some_and(|first| first == "--") { &rest[1..] } else { rest };
    match command {
        "test" => suite::run(&root, rest),
        "licenses" => licenses::run(&root),
        "tidy" => tidy::run(&root),
        "run" => launch::run(&root, rest),
        "bench" => launch::bench(&root, rest),
        "fuzz" => launch::fuzz(&root, rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(true)
        }
        other => anyhow::bail!("no command {other:?}\n{USAGE}"),
    }
}
