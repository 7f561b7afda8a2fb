//! How many tests ran, read from what the test runners print.
//!
//! Each runner's words are known in one pure function; [`Counter`] feeds it line by line and says
//! which lines are worth showing. A test that did not do its work says so by a line beginning
//! with `skipped: `; it then counts as skipped and not as passed.

/// Passed, failed and skipped tests, and why the skipped ones were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
    pub(crate) reasons: Vec<String>,
}

/// The test runners that are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runner {
    /// Rust's own.
    Libtest,
    /// pytest, with `-rs` for the reasons.
    Pytest,
    /// vitest, node's own, or a runner of ours that ends with `N passed, N failed`.
    Script,
}

/// Reads one run of a test runner.
pub(crate) struct Counter {
    runner: Runner,
    tally: Tally,
    /// libtest: between `successes:` and what comes after it, where captured output is repeated.
    in_successes: bool,
    /// libtest: the test whose output is being read, until it has said that it skipped itself.
    test: Option<String>,
    /// libtest: the tests of this binary that passed only because they skipped themselves.
    skipped_here: u64,
}

impl Tally {
    /// One check, passed or not.
    pub(crate) fn one(passed: bool) -> Self {
        Self { passed: passed.into(), failed: (!passed).into(), ..Self::default() }
    }

    /// One check that was not made, and why.
    pub(crate) fn one_skipped(reason: impl Into<String>) -> Self {
        Self { skipped: 1, reasons: vec![reason.into()], ..Self::default() }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.reasons.extend(other.reasons.iter().cloned());
    }

    /// `3 passed, 0 failed` or `3 passed, 0 failed, 1 skipped`.
    pub(crate) fn line(&self) -> String {
        let skipped = if self.skipped > 0 { format!(", {} skipped", self.skipped) } else { String::new() };
        format!("{} passed, {} failed{skipped}", self.passed, self.failed)
    }
}

impl Counter {
    pub(crate) fn new(runner: Runner) -> Self {
        Self { runner, tally: Tally::default(), in_successes: false, test: None, skipped_here: 0 }
    }

    /// Takes one line of output; true if it should be shown.
    pub(crate) fn line(&mut self, line: &str) -> bool {
        let line = without_colour(line);
        match self.runner {
            Runner::Libtest => self.libtest(&line),
            Runner::Pytest => self.pytest(&line),
            Runner::Script => self.script(&line),
        }
    }

    /// The count, given whether the runner itself said that all was well: a runner that failed
    /// without a failed test (it did not compile, it crashed) counts as one failure.
    pub(crate) fn finish(mut self, success: bool) -> Tally {
        if !success && self.tally.failed == 0 {
            self.tally.failed = 1;
        }
        self.tally
    }

    fn libtest(&mut self, line: &str) -> bool {
        if let Some(mut result) = libtest_result(line) {
            // libtest prints what its tests said before it prints its count.
            let skipped = std::mem::take(&mut self.skipped_here).min(result.passed);
            result.passed -= skipped;
            result.skipped += skipped;
            self.tally.add(&result);
            self.in_successes = false;
            return true;
        }
        match line {
            "successes:" => self.in_successes = true,
            "failures:" => self.in_successes = false,
            _ => {}
        }
        if let Some(test) = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----")) {
            self.test = Some(test.to_owned());
        }
        let Some(reason) = line.strip_prefix("skipped: ") else {
            return !self.in_successes;
        };
        match self.test.take().filter(|_| self.in_successes) {
            Some(test) => {
                self.skipped_here += 1;
                self.tally.reasons.push(format!("{test}: {reason}"));
            }
            None => self.tally.reasons.push(reason.to_owned()),
        }
        true
    }

    fn pytest(&mut self, line: &str) -> bool {
        if let Some(reason) = line.strip_prefix("SKIPPED ") {
            self.tally.reasons.push(reason.to_owned());
        }
        if let Some(result) = pytest_result(line) {
            self.tally.add(&result);
        }
        true
    }

    fn script(&mut self, line: &str) -> bool {
        let skipped_in_tap = line.split_once(" # SKIP").map(|(test, why)| format!("{}:{why}", test.trim()));
        if let Some(reason) = line.strip_prefix("skipped: ").map(str::to_owned).or(skipped_in_tap) {
            self.tally.reasons.push(reason);
        }
        if let Some(result) = own_result(line).or_else(|| vitest_result(line)).or_else(|| node_result(line)) {
            self.tally.add(&result);
        }
        true
    }
}

/// `test result: ok. 3 passed; 1 failed; 0 ignored; …`
fn libtest_result(line: &str) -> Option<Tally> {
    let counts = line.strip_prefix("test result: ")?;
    let counts = counts.split_once(". ")?.1;
    Some(words(counts, ';'))
}

/// `===== 12 passed, 1 skipped in 3.40s =====`, with or without the frame.
fn pytest_result(line: &str) -> Option<Tally> {
    let (counts, time) = line.trim_matches(['=', ' ']).rsplit_once(" in ")?;
    let timed = time.split(' ').next().is_some_and(|t| t.ends_with('s') && t.starts_with(|c: char| c.is_ascii_digit()));
    let tally = words(counts, ',');
    (timed && tally != Tally::default()).then_some(tally)
}

/// `      Tests  2 failed | 12 passed | 1 skipped (15)`
fn vitest_result(line: &str) -> Option<Tally> {
    let counts = line.trim_start().strip_prefix("Tests ")?;
    let counts = counts.rsplit_once(" (")?.0;
    Some(words(counts, '|'))
}

/// `# pass 3`, `# fail 1`, `# skipped 2` (or with an `ℹ`), one per line.
fn node_result(line: &str) -> Option<Tally> {
    let (word, count) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?.split_once(' ')?;
    let count = count.parse().ok()?;
    let mut tally = Tally::default();
    match word {
        "pass" => tally.passed = count,
        "fail" | "cancelled" => tally.failed = count,
        "skipped" | "todo" => tally.skipped = count,
        _ => return None,
    }
    Some(tally)
}

/// `3 passed, 0 failed` or `3 passed, 0 failed, 1 skipped`: the whole line.
fn own_result(line: &str) -> Option<Tally> {
    let tally = words(line, ',');
    (tally.line() == line).then_some(tally)
}

/// Adds up `3 passed`, `1 failed`, … between separators; other words are left out.
fn words(counts: &str, separator: char) -> Tally {
    let mut tally = Tally::default();
    for part in counts.split(separator) {
        let Some((count, word)) = part.trim().split_once(' ') else { continue };
        let Ok(count) = count.parse::<u64>() else { continue };
        match word {
            "passed" => tally.passed += count,
            "failed" | "error" | "errors" | "xpassed" => tally.failed += count,
            "skipped" | "ignored" | "todo" | "xfailed" => tally.skipped += count,
            _ => {}
        }
    }
    tally
}

/// The line without terminal escape sequences (`ESC [ … letter`).
fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("\x1b[") {
        plain.push_str(&rest[..at]);
        let tail = &rest[at + 2..];
        let end = tail.find(|c: char| c.is_ascii_alphabetic()).map_or(tail.len(), |end| end + 1);
        rest = &tail[end..];
    }
    plain.push_str(rest);
    plain
}
