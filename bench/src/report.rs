//! What stands around the table: the machine, the versions, the day; and keeping it in `bench/README.md`.

use crate::meter;
use crate::rows::Bench;
use crate::table::{self, Line};
use anyhow::{Context, Result};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::process::Command;

const BEGIN: &str = "<!-- the last table: written by `make bench ARGS=--keep` -->\n";
const END: &str = "<!-- end of the table -->\n";

const VERSIONS: &str = "import platform, importlib.metadata as m; print('Python ' + platform.python_version() + ', ' + \
                        ', '.join(f'{p} {m.version(p)}' for p in ('vnpy', 'vnpy_webtrader', 'fastapi', 'uvicorn', \
                        'uvloop', 'httptools', 'pyzmq')))";

/// Machine and versions, before anything is measured.
pub(crate) fn conditions(bench: &Bench) -> Result<String> {
    let root = bench.places.root();
    let python = root.join("target/venv-4.5/bin/python");
    let incumbent = output(Command::new(&python).args(["-c", VERSIONS]))
        .context("the incumbent is not installed: python3 interop/setup_venvs.py 4.5")?;
    let ours = output(Command::new(root.join(&bench.options.program)).arg("--version"))?;
    // Without git, or outside a clone, there is no commit to name.
    let commit = output(Command::new("git").args(["describe", "--always", "--dirty"]).current_dir(root));
    let commit = commit.map_or_else(|_| String::new(), |commit| format!(" ({commit})"));
    let speed = unpickling(bench)?;
    let day = output(Command::new("date").args(["-u", "+%Y-%m-%d %H:%M UTC"]))?;
    Ok(format!(
        "- {day}, {}\n- speed: pickle.loads of a tick takes {speed:.1} µs here and now; 8.0 where the targets were \
         set\n- incumbent: {incumbent}\n- ours: {ours}{commit}\n- medians of {} interleaved rounds; load \
         average before: {:.1}",
        meter::machine(),
        bench.options.rounds,
        meter::load_average(),
    ))
}

/// Microseconds: a yardstick for the machine that has nothing to do with either side's servers.
fn unpickling(bench: &Bench) -> Result<f64> {
    let tick = bench.places.fresh("speed");
    let tick = tick.to_str().context("the folder's name is text")?;
    let (mut library, _) = bench.places.controlled("library", "bench/veighna/library.py", &[tick])?;
    let answer = library.ask(&json!({"cmd": "unpickle", "count": 50_000}))?;
    answer["us"].as_f64().context("no us")
}

/// The whole report as Markdown.
pub(crate) fn text(conditions: &str, lines: &[Line]) -> String {
    let judged: Vec<bool> = lines.iter().filter_map(Line::met).collect();
    let met = judged.iter().filter(|met| **met).count();
    format!("{conditions}\n\n{}\n{met} of {} targets met.\n", table::render(lines), judged.len())
}

/// Puts the report into `bench/README.md`, in the place of the last one.
pub(crate) fn keep(root: &Path, text: &str) -> Result<()> {
    let path = root.join("bench/README.md");
    let old = fs::read_to_string(&path)?;
    let (before, rest) = old.split_once(BEGIN).context("bench/README.md has no place for the table")?;
    let (_, after) = rest.split_once(END).context("the table in bench/README.md has no end")?;
    fs::write(path, format!("{before}{BEGIN}\n{text}\n{END}{after}"))?;
    Ok(())
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    anyhow::ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
