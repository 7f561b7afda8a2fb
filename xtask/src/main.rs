//! Automation of this repository, started as `cargo xtask <command>`.
//!
//! `make` calls it and people may too. Arguments come in here, each command is a module, and the
//! exit code is 0 only if everything that was asked for succeeded. Depends on little, so that it
//! is built in seconds before anything else is.

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
  licenses                         may we use every package that we use?";

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
    match command {
        "test" => suite::run(rest),
        "licenses" => licenses::run(&workspace::root()),
        "tidy" => tidy::run(&workspace::root()),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(true)
        }
        other => anyhow::bail!("no command {other:?}\n{USAGE}"),
    }
}
