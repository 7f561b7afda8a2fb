//! A program that is measured: started in a folder of its own, its log in a file, its output as lines.
//!
//! It ends with its owner: killed when the [`Child`] is dropped, and its standard input closes if this process is
//! itself killed, which every program that is started here takes as its end.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

/// Longest that a program may take to start or to answer.
const PATIENCE: Duration = Duration::from_secs(120);
/// Lines that may wait for us; more are dropped, since nothing that is started here says that much.
const LINES: usize = 256;

pub(crate) struct Child {
    name: String,
    process: std::process::Child,
    stdin: ChildStdin,
    lines: Receiver<String>,
    log: PathBuf,
}

impl Child {
    /// Starts `command` with `folder` as its home and working directory.
    pub(crate) fn start(name: &str, folder: &Path, command: &mut Command) -> Result<Child> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let log = folder.join(format!("{name}.log"));
        command.current_dir(folder).env("HOME", folder).env("PYTHONUNBUFFERED", "1");
        for variable in ["LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"] {
            command.env(variable, "zh_CN.UTF-8");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(File::create(&log)?);
        let mut process = command.spawn().with_context(|| format!("cannot start {name}: {command:?}"))?;
        let stdin = process.stdin.take().expect("a pipe was asked for");
        let stdout = process.stdout.take().expect("a pipe was asked for");
        let (sender, lines) = sync_channel(LINES);
        std::thread::spawn(move || forward(stdout, &sender));
        Ok(Child { name: name.to_owned(), process, stdin, lines, log })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// What follows `mark` in the first line that has it.
    pub(crate) fn wait_for(&self, mark: &str) -> Result<String> {
        loop {
            let line = self.line()?;
            if let Some((_, rest)) = line.split_once(mark) {
                return Ok(rest.trim().to_owned());
            }
        }
    }

    /// The next line as JSON.
    pub(crate) fn answer(&self) -> Result<Value> {
        let line = self.line()?;
        let value: Value = serde_json::from_str(&line).with_context(|| format!("{} said {line}", self.name))?;
        if value["ok"] == false {
            bail!("{}: {}\n{}", self.name, value["error"], self.end_of_log());
        }
        Ok(value)
    }

    /// Sends a command of `interop/veighna/control.py` without waiting for its answer.
    pub(crate) fn tell(&mut self, command: &Value) -> Result<()> {
        writeln!(self.stdin, "{command}").with_context(|| format!("{} is gone\n{}", self.name, self.end_of_log()))
    }

    /// Sends a command and returns its result.
    pub(crate) fn ask(&mut self, command: &Value) -> Result<Value> {
        self.tell(command)?;
        let mut answer = self.answer()?;
        Ok(answer["result"].take())
    }

    fn line(&self) -> Result<String> {
        self.lines.recv_timeout(PATIENCE).map_err(|error| match error {
            RecvTimeoutError::Timeout => {
                anyhow::anyhow!("{} said nothing for {PATIENCE:?}\n{}", self.name, self.end_of_log())
            }
            RecvTimeoutError::Disconnected => anyhow::anyhow!("{} ended\n{}", self.name, self.end_of_log()),
        })
    }

    /// Where its log and its files lie.
    pub(crate) fn folder(&self) -> &Path {
        self.log.parent().unwrap_or(Path::new("."))
    }

    /// All that it wrote to its log.
    pub(crate) fn log(&self) -> Result<String> {
        Ok(fs::read_to_string(&self.log)?)
    }

    /// The last lines that it wrote to its log.
    pub(crate) fn end_of_log(&self) -> String {
        let text = fs::read(&self.log).unwrap_or_default();
        let from = text.len().saturating_sub(2000);
        String::from_utf8_lossy(&text[from..]).into_owned()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn forward(stdout: ChildStdout, sender: &SyncSender<String>) {
    for line in BufReader::new(stdout).lines() {
        let Ok(line) = line else { return };
        // A full queue means that nobody reads any more.
        let _ = sender.try_send(line);
    }
}
