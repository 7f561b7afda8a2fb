//! What each test runner prints, and the count that is read from it.

use super::counts::{Counter, Runner, Tally};

fn count(runner: Runner, output: &str, success: bool) -> Tally {
    let mut counter = Counter::new(runner);
    for line in output.lines() {
        counter.line(line);
    }
    counter.finish(success)
}

#[test]
fn each_runner_is_understood() {
    let cases: &[(Runner, bool, &str, &str)] = &[
        (
            Runner::Libtest,
            true,
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "3 passed, 0 failed",
        ),
        (
            Runner::Libtest,
            false,
            "test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured",
            "3 passed, 2 failed, 1 skipped",
        ),
        (
            Runner::Libtest,
            true,
            "test result: ok. 3 passed; 0 failed\ntest result: ok. 1 passed; 0 failed",
            "4 passed, 0 failed",
        ),
        (Runner::Libtest, false, "error: could not compile", "0 passed, 1 failed"),
        (Runner::Libtest, false, "test result: ok. 3 passed; 0 failed;", "3 passed, 1 failed"),
        (
            Runner::Pytest,
            true,
            "===== 12 passed, 1 skipped, 2 warnings in 3.40s =====",
            "12 passed, 0 failed, 1 skipped",
        ),
        (Runner::Pytest, false, "1 failed, 12 passed, 2 errors in 63.40s (0:01:03)", "12 passed, 3 failed"),
        (Runner::Pytest, true, "a test that was 3 passed in time", "0 passed, 0 failed"),
        (Runner::Pytest, false, "no tests ran in 0.01s", "0 passed, 1 failed"),
        (
            Runner::Script,
            true,
            "\x1b[2m      Tests \x1b[22m \x1b[1m\x1b[32m5 passed\x1b[39m\x1b[22m | 1 skipped\x1b[90m (6)\x1b[39m",
            "5 passed, 0 failed, 1 skipped",
        ),
        (
            Runner::Script,
            false,
            " Test Files  1 failed (1)\n      Tests  2 failed | 12 passed (14)",
            "12 passed, 2 failed",
        ),
        (
            Runner::Script,
            true,
            "# tests 3\n# pass 3\n# fail 0\n# cancelled 0\n# skipped 1",
            "3 passed, 0 failed, 1 skipped",
        ),
        (
            Runner::Script,
            true,
            "ok: 1 passed, 0 failed\n7 passed, 0 failed, 2 skipped",
            "7 passed, 0 failed, 2 skipped",
        ),
    ];
    for (runner, success, output, expected) in cases {
        assert_eq!(count(*runner, output, *success).line(), *expected, "{output}");
    }
}

#[test]
fn a_rust_test_that_skips_itself_is_not_counted_as_passed() {
    let output = "running 2 tests
test a ... ok
test b ... ok

successes:

---- b stdout ----
skipped: no market data beside the project
skipped: said twice

successes:
    a
    b

test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
    let tally = count(Runner::Libtest, output, true);
    assert_eq!(tally.line(), "1 passed, 0 failed, 1 skipped");
    assert_eq!(tally.reasons, ["b: no market data beside the project", "said twice"]);
}

#[test]
fn what_passing_tests_print_is_not_shown() {
    let mut counter = Counter::new(Runner::Libtest);
    let shown: Vec<&str> =
        "test a ... ok\n\nsuccesses:\n\n---- a stdout ----\nnoise\n\nfailures:\n\n---- b stdout ----\nwhy"
            .lines()
            .filter(|line| counter.line(line))
            .collect();
    assert_eq!(shown, ["test a ... ok", "", "failures:", "", "---- b stdout ----", "why"]);
}

#[test]
fn why_a_test_was_skipped_is_kept() {
    for (runner, output, reason) in [
        (Runner::Pytest, "SKIPPED [1] interop/test_a.py:9: no chromium", "[1] interop/test_a.py:9: no chromium"),
        (Runner::Script, "    ok 3 - logs in # SKIP no chromium", "ok 3 - logs in: no chromium"),
        (Runner::Script, "skipped: no chromium", "no chromium"),
    ] {
        assert_eq!(count(runner, output, true).reasons, [reason]);
    }
}
