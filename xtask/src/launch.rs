//! `run`, `bench` and `fuzz`: build what is needed, say so, and start it.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::{process, ui, workspace};

/// Longest that compiling may take on two slow cores.
const BUILD_LIMIT: Duration = Duration::from_mins(60);
/// The fuzzer, in the version that was tried with the compiler that this workspace asks for.
const CARGO_FUZZ: &str = "0.13.2";
/// How long `make fuzz` gives each target unless told otherwise.
const FUZZ_SECONDS: u64 = 60;
/// What a fuzzed reader may use in all: it has to refuse what would cost more.
const FUZZ_MEGABYTES: u32 = 512;

/// Builds the program as it is used and becomes it. Returns only if that fails.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<bool> {
    build(root)?;
    let program = root.join("target/release/webtrader");
    // Not a child: Ctrl-C and every other signal are the program's own affair.
    let error = Command::new(&program).arg("run").args(args).exec();
    Err(error).with_context(|| format!("cannot start {}", program.display()))
}

/// Builds the program and the load generator, makes the incumbent's environment, and measures.
pub(crate) fn bench(root: &Path, args: &[String]) -> Result<bool> {
    build(root)?;
    let mut venvs = Command::new("python3");
    venvs.arg("interop/setup_venvs.py").current_dir(root);
    process::require(&mut venvs, BUILD_LIMIT)?;
    let mut load = cargo(root, &["build", "--locked", "--release", "--package", "bench"]);
    process::require(&mut load, BUILD_LIMIT)?;
    let program = root.join("target/release/bench");
    let error = Command::new(&program).args(args).current_dir(root).exec();
    Err(error).with_context(|| format!("cannot start {}", program.display()))
}

/// Runs every fuzz target, or those named, for `--seconds` each; true if none found anything.
pub(crate) fn fuzz(root: &Path, args: &[String]) -> Result<bool> {
    let (seconds, named) = match args {
        [flag, seconds, named @ ..] if flag == "--seconds" => {
            (seconds.parse().context("--seconds takes a number")?, named)
        }
        named => (FUZZ_SECONDS, named),
    };
    let targets = fuzz_targets(root, named)?;
    let fuzzer = fuzzer(root)?;
    let mut clean = true;
    for target in targets {
        println!("\n=== {target}: {seconds} s");
        let mut command = Command::new(&fuzzer);
        // The sanitizers need a nightly compiler, and look for what safe code cannot do anyway.
        command.args(["run", "--fuzz-dir", "fuzz", "--sanitizer", "none", &target, "--"]);
        command.arg(format!("-max_total_time={seconds}")).arg(format!("-rss_limit_mb={FUZZ_MEGABYTES}"));
        command.current_dir(root);
        let limit = Duration::from_secs(seconds) + BUILD_LIMIT;
        clean &= process::stream(&mut command, limit, |_| true)?.success();
    }
    Ok(clean)
}

fn build(root: &Path) -> Result<()> {
    if !root.join("target/release/webtrader").exists() {
        println!("building webtrader and its page for the first time: this takes several minutes, once");
    }
    if let Some(ui) = ui::folder(root) {
        ui::install(&ui)?;
    }
    process::require(&mut cargo(root, &["build", "--locked", "--release", "--package", "webtrader"]), BUILD_LIMIT)
}

fn fuzz_targets(root: &Path, named: &[String]) -> Result<Vec<String>> {
    let files = workspace::files(&root.join("fuzz")).unwrap_or_default();
    let all: Vec<String> = files
        .iter()
        .filter_map(|file| file.strip_prefix("fuzz_targets/")?.strip_suffix(".rs"))
        .map(str::to_owned)
        .collect();
    if all.is_empty() {
        bail!("there are no targets in fuzz/fuzz_targets/");
    }
    if let Some(unknown) = named.iter().find(|name| !all.contains(name)) {
        bail!("no fuzz target {unknown:?}; there are {}", all.join(", "));
    }
    Ok(if named.is_empty() { all } else { named.to_vec() })
}

/// The fuzzer's program, built into `target/tools` the first time.
fn fuzzer(root: &Path) -> Result<std::path::PathBuf> {
    let program = root.join("target/tools/bin/cargo-fuzz");
    if !program.exists() {
        println!("building cargo-fuzz {CARGO_FUZZ} into target/tools: once");
        let mut install =
            cargo(root, &["install", "--locked", "--root", "target/tools", "cargo-fuzz", "--version", CARGO_FUZZ]);
        process::require(&mut install, BUILD_LIMIT)?;
    }
    Ok(program)
}

fn cargo(root: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(process::cargo());
    command.args(args).current_dir(root);
    command
}
