//! Programs that end well, badly, late, or leave something behind.

use std::process::Command;
use std::time::Duration;

use super::{output, require, stream};

/// Only a broken runner reaches this.
const LONG: Duration = Duration::from_mins(1);

fn sh(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

#[test]
fn every_line_is_seen_and_the_status_comes_back() {
    let mut lines = Vec::new();
    let status = stream(&mut sh("echo a; printf 'b\\377\\r\\nc'; exit 3"), LONG, |line| {
        lines.push(line.to_owned());
        false
    });
    assert_eq!(status.expect("it ran").code(), Some(3));
    assert_eq!(lines, ["a", "b\u{fffd}", "c"]);
}

#[test]
fn a_program_without_end_is_ended() {
    let error = stream(&mut sh("exec sleep 600"), Duration::from_millis(10), |_| true).expect_err("it never ends");
    assert!(error.to_string().starts_with("sh was still running after"), "{error}");
}

#[test]
fn what_a_program_leaves_behind_is_not_waited_for() {
    // The child holds our pipe open for longer than the deadline of the whole run.
    let status = stream(&mut sh("sleep 8 & echo started"), Duration::from_secs(6), |_| false);
    assert!(status.expect("the program itself ended in time").success());
}

#[test]
fn failures_name_the_command() {
    let error = require(&mut sh("exit 4"), LONG).expect_err("it fails");
    assert_eq!(error.to_string(), "sh -c exit 4: exit status: 4");
    let error = output(&mut sh("echo why >&2; exit 4")).expect_err("it fails");
    assert!(error.to_string().ends_with("exit status: 4\nwhy"), "{error}");
    let error = output(&mut Command::new("no-such-program-at-all")).expect_err("it is not there");
    assert_eq!(error.to_string(), "cannot start no-such-program-at-all");
    assert_eq!(output(&mut sh("echo yes")).expect("it works"), b"yes\n");
}
