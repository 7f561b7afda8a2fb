//! The steps of `make test`, in order: what is cheap and what others build on comes first.
//!
//! A step either counts tests or is one check. A step whose input is not there says so and counts
//! as skipped; one that cannot do its work is an error and counts as failed.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::counts::{Counter, Runner, Tally};
use crate::{licenses, process, tidy, ui, workspace};

/// One part of the suite.
pub(crate) struct Step {
    /// For `--only`.
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) run: fn(&Path) -> Result<Tally>,
}

pub(crate) const STEPS: &[Step] = &[
    Step { name: "format", what: "Rust is formatted as rustfmt does it", run: format },
    Step { name: "tidy", what: "the rules that no compiler knows", run: tidy },
    Step { name: "packages", what: "the UI's npm packages", run: packages },
    Step { name: "venvs", what: "virtual environments with VeighNa and the test tools", run: venvs },
    Step { name: "lint", what: "clippy has nothing to say", run: lint },
    Step { name: "build", what: "the binary that the process tests start", run: build },
    Step { name: "rust", what: "Rust tests", run: rust },
    Step { name: "docs", what: "the API documentation builds without a warning", run: docs },
    Step { name: "ui-types", what: "TypeScript's types", run: ui_types },
    Step { name: "ui", what: "the UI's unit tests", run: ui_tests },
    Step { name: "ui-size", what: "what a phone loads first is small", run: ui_size },
    Step { name: "interop", what: "against real VeighNa, both generations", run: interop },
    Step { name: "browser", what: "the page in a real browser against the real binary", run: browser },
    Step { name: "licenses", what: "what cargo, npm and pip brought may be used", run: licenses },
];

/// Longest that compiling may take on two slow cores.
const BUILD_LIMIT: Duration = Duration::from_mins(40);
/// Longest that one test runner may take, compiling included.
const TEST_LIMIT: Duration = Duration::from_mins(40);
/// Longest that a download of packages may take.
const INSTALL_LIMIT: Duration = Duration::from_mins(20);

fn format(root: &Path) -> Result<Tally> {
    component(root, "fmt", "rustfmt")?;
    check(cargo(root, &["fmt", "--all", "--check"]), BUILD_LIMIT)
}

fn tidy(root: &Path) -> Result<Tally> {
    Ok(Tally::one(tidy::run(root)?))
}

fn lint(root: &Path) -> Result<Tally> {
    component(root, "clippy", "clippy")?;
    let command =
        cargo(root, &["clippy", "--locked", "--workspace", "--all-targets", "--keep-going", "--", "-D", "warnings"]);
    check(command, BUILD_LIMIT)
}

fn build(root: &Path) -> Result<Tally> {
    // Everything at once and not the one binary: what only tests need changes how some packages
    // are built, and those would be built twice.
    check(cargo(root, &["build", "--locked", "--workspace", "--all-targets"]), BUILD_LIMIT)
}

fn rust(root: &Path) -> Result<Tally> {
    // A passing test's output is wanted, too: it may say that it skipped something.
    let command = cargo(root, &["test", "--locked", "--workspace", "--no-fail-fast", "--", "--show-output"]);
    count(command, Runner::Libtest, TEST_LIMIT)
}

fn docs(root: &Path) -> Result<Tally> {
    let mut command = cargo(root, &["doc", "--locked", "--workspace", "--no-deps"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    check(command, BUILD_LIMIT)
}

fn packages(root: &Path) -> Result<Tally> {
    let Some(ui) = ui::folder(root) else { return Ok(no_ui()) };
    ui::install(&ui)?;
    Ok(Tally::one(true))
}

fn ui_types(root: &Path) -> Result<Tally> {
    let Some(ui) = ui::folder(root) else { return Ok(no_ui()) };
    check(ui::script(&ui, "check"), BUILD_LIMIT)
}

fn ui_tests(root: &Path) -> Result<Tally> {
    let Some(ui) = ui::folder(root) else { return Ok(no_ui()) };
    count(ui::script(&ui, "test"), Runner::Script, TEST_LIMIT)
}

fn ui_size(root: &Path) -> Result<Tally> {
    let Some(ui) = ui::folder(root) else { return Ok(no_ui()) };
    check(ui::script(&ui, "size"), BUILD_LIMIT)
}

fn venvs(root: &Path) -> Result<Tally> {
    if !root.join("interop/setup_venvs.py").is_file() {
        return Ok(Tally::one_skipped("there is no interop/setup_venvs.py"));
    }
    let mut command = Command::new("python3");
    command.arg("interop/setup_venvs.py").current_dir(root);
    check(command, INSTALL_LIMIT)
}

fn interop(root: &Path) -> Result<Tally> {
    let python = root.join("target/venv-tests/bin/python");
    if !workspace::files(&root.join("interop"))?.iter().any(|file| is_python_test(file)) {
        return Ok(Tally::one_skipped("there are no tests in interop/"));
    }
    let mut command = Command::new(python);
    command.args(["-m", "pytest", "-rfEs", "--color=no", "interop"]).current_dir(root);
    count(command, Runner::Pytest, TEST_LIMIT)
}

fn is_python_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("test_") && name.ends_with(".py")
}

fn browser(root: &Path) -> Result<Tally> {
    let Some(ui) = ui::folder(root) else { return Ok(no_ui()) };
    let tests = workspace::files(&ui)?.iter().any(|file| file.starts_with("e2e/") && file.contains(".test."));
    if !tests || !ui::has_script(&ui, "e2e")? {
        return Ok(Tally::one_skipped("there are no tests in ui/e2e/"));
    }
    let chromium = match ui::browser() {
        Ok(path) => path,
        Err(reason) if !process::in_ci() => return Ok(Tally::one_skipped(format!("{reason}"))),
        Err(reason) => return Err(reason),
    };
    let mut command = ui::script(&ui, "e2e");
    command.env("CHROMIUM", chromium).env("WEBTRADER_BIN", root.join("target/debug/webtrader"));
    count(command, Runner::Script, TEST_LIMIT)
}

fn licenses(root: &Path) -> Result<Tally> {
    let mut tally = Tally::default();
    for verdict in licenses::verdicts(root)? {
        verdict.print();
        tally.add(&match verdict.packages {
            None => Tally::one_skipped(format!("{}: {}", verdict.list, verdict.said.join("; "))),
            Some(_) => Tally::one(!verdict.is_bad()),
        });
    }
    Ok(tally)
}

fn no_ui() -> Tally {
    Tally::one_skipped("there is no ui/package.json")
}

fn cargo(root: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(process::cargo());
    command.args(args).current_dir(root);
    command
}

/// Makes `cargo <command>` there: rustup's smallest profile leaves it out.
fn component(root: &Path, command: &str, name: &str) -> Result<()> {
    if process::output(&mut cargo(root, &[command, "--version"])).is_ok() {
        return Ok(());
    }
    println!("installing {name} with rustup");
    let mut install = Command::new("rustup");
    install.args(["component", "add", name]).current_dir(root);
    process::require(&mut install, INSTALL_LIMIT)
}

/// Runs something that either is well or is not.
fn check(mut command: Command, limit: Duration) -> Result<Tally> {
    process::require(&mut command, limit)?;
    Ok(Tally::one(true))
}

/// Runs a test runner and counts its tests.
fn count(mut command: Command, runner: Runner, limit: Duration) -> Result<Tally> {
    let mut counter = Counter::new(runner);
    let status = process::stream(&mut command, limit, |line| counter.line(line))?;
    Ok(counter.finish(status.success()))
}
