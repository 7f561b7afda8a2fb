//! Running a program: its standard output passes through here line by line, its standard error
//! goes straight to ours, its standard input is empty.
//!
//! Each run has a deadline. Where no person watches (`CI` is set), the program gets a process
//! group of its own, and whatever it leaves behind in it is ended with it; at a terminal it stays
//! in ours, so that Ctrl-C reaches it.

#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Lines read ahead of the printer; beyond that the program waits, as it would on a full pipe.
const LINES_AHEAD: usize = 1024;
/// How long output may still come after the program itself has ended: a child that it left
/// behind may hold the pipe open for ever.
const DRAIN: Duration = Duration::from_secs(2);
/// How often a silent program is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// Is this an unattended run?
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false")
}

/// Runs `command` for at most `limit`, printing each line of its output for which `show` answers
/// true. An error if it cannot be started or had to be ended.
pub(crate) fn stream(command: &mut Command, limit: Duration, mut show: impl FnMut(&str) -> bool) -> Result<ExitStatus> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    if in_ci() {
        command.process_group(0);
    }
    let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
    let stdout = child.stdout.take().expect("stdout was asked for as a pipe just above");
    let (sender, lines) = sync_channel(LINES_AHEAD);
    std::thread::spawn(move || forward(stdout, &sender));
    let status = follow(&mut child, &lines, Instant::now() + limit, &mut show)?;
    if in_ci() {
        end_group(child.id());
    }
    status.with_context(|| format!("{name} was still running after {} minutes and was ended", limit.as_secs() / 60))
}

/// Runs `command` to its end, shown as it is; an error unless it succeeds.
pub(crate) fn require(command: &mut Command, limit: Duration) -> Result<()> {
    let status = stream(command, limit, |_| true)?;
    if !status.success() {
        bail!("{}: {status}", shown(command));
    }
    Ok(())
}

/// The cargo that started us, else the one on the path.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The standard output of a short command that succeeded.
pub(crate) fn output(command: &mut Command) -> Result<Vec<u8>> {
    let done = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {}", shown(command)))?;
    if !done.status.success() {
        bail!("{}: {}\n{}", shown(command), done.status, String::from_utf8_lossy(&done.stderr).trim_end());
    }
    Ok(done.stdout)
}

/// A command as a person would write it, without the folders of the program.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// Does `program --version` work?
pub(crate) fn available(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn forward(stdout: ChildStdout, lines: &SyncSender<String>) {
    let mut reader = BufReader::new(stdout);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let text = String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned();
        if lines.send(text).is_err() {
            return;
        }
        line.clear();
    }
}

/// Prints until the program has ended and its output too; `None` if the deadline came first.
fn follow(
    child: &mut Child,
    lines: &Receiver<String>,
    deadline: Instant,
    show: &mut impl FnMut(&str) -> bool,
) -> Result<Option<ExitStatus>> {
    let mut ended: Option<(ExitStatus, Instant)> = None;
    loop {
        match lines.recv_timeout(LOOK) {
            Ok(line) if show(&line) => print_line(&line),
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                if let Some((status, _)) = ended {
                    return Ok(Some(status));
                }
                std::thread::sleep(LOOK / 10);
            }
        }
        match ended {
            Some((status, at)) if at.elapsed() > DRAIN => return Ok(Some(status)),
            Some(_) => {}
            None => ended = child.try_wait()?.map(|status| (status, Instant::now())),
        }
        if ended.is_none() && Instant::now() > deadline {
            end_group(child.id());
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
    }
}

fn print_line(line: &str) {
    let mut out = std::io::stdout().lock();
    // A reader that went away (a closed pager) must not end the tests.
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// Ends what is left of the process group that `stream` made; nothing to do is no error.
fn end_group(leader: u32) {
    if in_ci() {
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{leader}")]).stderr(Stdio::null()).status();
    }
}
