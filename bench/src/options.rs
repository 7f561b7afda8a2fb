//! Arguments of the bench.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::time::Duration;

pub(crate) const USAGE: &str = "bench [--quick] [--only ROW]... [--rounds N] [--bin PATH] [--keep] [--list]

  --quick       one round of short measurements: below three minutes
  --only ROW    only this row; may be given several times
  --rounds N    interleaved rounds of each comparison (3; 1 with --quick)
  --bin PATH    our program (target/release/webtrader)
  --keep        write the table into bench/README.md
  --list        the rows";

/// What is to be measured, and how long.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Options {
    pub(crate) quick: bool,
    pub(crate) only: Vec<String>,
    pub(crate) rounds: usize,
    pub(crate) program: PathBuf,
    pub(crate) keep: bool,
    pub(crate) list: bool,
}

impl Options {
    pub(crate) fn parse(arguments: &[String]) -> Result<Options> {
        let mut options = Options {
            quick: false,
            only: Vec::new(),
            rounds: 0,
            program: PathBuf::from("target/release/webtrader"),
            keep: false,
            list: false,
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut value = || rest.next().with_context(|| format!("{argument} takes a value"));
            match argument.as_str() {
                "--quick" => options.quick = true,
                "--only" => options.only.push(value()?.clone()),
                "--rounds" => options.rounds = value()?.parse().context("--rounds takes a number")?,
                "--bin" => options.program = PathBuf::from(value()?),
                "--keep" => options.keep = true,
                "--list" => options.list = true,
                other => bail!("no argument {other:?}\n{USAGE}"),
            }
        }
        if options.rounds == 0 {
            options.rounds = if options.quick { 1 } else { 3 };
        }
        Ok(options)
    }

    /// `seconds`, or a third of them in a quick run.
    pub(crate) fn time(&self, seconds: f64) -> Duration {
        Duration::from_secs_f64(if self.quick { seconds / 3.0 } else { seconds })
    }

    /// `number`, or a third of it in a quick run.
    pub(crate) fn count(&self, number: u64) -> u64 {
        if self.quick { number / 3 } else { number }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Options> {
        Options::parse(&text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn three_rounds_unless_quick() {
        assert_eq!(parse("").expect("nothing is fine").rounds, 3);
        assert_eq!(parse("--quick").expect("fine").rounds, 1);
        assert_eq!(parse("--quick --rounds 5").expect("fine").rounds, 5);
        assert_eq!(parse("--only a --only b").expect("fine").only, ["a", "b"]);
    }

    #[test]
    fn unknown_and_incomplete_arguments_are_errors() {
        assert!(parse("--fast").is_err());
        assert!(parse("--only").is_err());
        assert!(parse("--rounds many").is_err());
    }
}
