//! What may not be written: tests that do not run or that wait for time to pass, paths of one
//! machine, white space at the end of a line.

use super::Finding;
use super::tree::{File, Tree};

/// A comment with this and a reason allows a sleep: polling a state with a deadline.
const WAITS: &str = "// waits: ";
/// Where absolute paths of one machine begin, without the slash in front.
const HOMES: &[&str] = &["home/", "root/", "work/"];

pub(crate) fn check(tree: &Tree, findings: &mut Vec<Finding>) {
    for file in &tree.files {
        attributes(file, findings);
        sleeps(file, findings);
        machine_paths(file, findings);
        white_space(file, findings);
    }
}

fn attributes(file: &File, findings: &mut Vec<Finding>) {
    for (line, code) in file.code_lines() {
        let dense: String = code.split_whitespace().collect();
        for (attribute, instead) in [
            ("#[ignore", "a test that does not run proves nothing: mend it or take it out"),
            ("#[should_panic", "check the error that comes back"),
        ] {
            if dense.contains(attribute) {
                findings.push(Finding::at(&file.path, line, format!("{attribute}]: {instead}")));
            }
        }
    }
}

fn sleeps(file: &File, findings: &mut Vec<Finding>) {
    if !file.is_test() {
        return;
    }
    let lines: Vec<&str> = file.text.lines().collect();
    for (line, code) in file.code_lines() {
        if !["thread::sleep(", "time::sleep(", " sleep("].iter().any(|call| code.contains(call)) {
            continue;
        }
        let here_or_above = &lines[line.saturating_sub(2)..line];
        if !here_or_above.iter().any(|text| text.contains(WAITS)) {
            let message = format!(
                "sleeps: wait for a state with a deadline; where that is polled, say `{WAITS}<for what>` here or above"
            );
            findings.push(Finding::at(&file.path, line, message));
        }
    }
}

fn machine_paths(file: &File, findings: &mut Vec<Finding>) {
    for (line, text) in file.lines() {
        for home in HOMES {
            let path = format!("/{home}");
            let starts = text.match_indices(&path).any(|(at, _)| !text[..at].ends_with(continues_a_path));
            if starts {
                findings.push(Finding::at(&file.path, line, format!("{path} is a path of one machine")));
            }
        }
    }
}

/// Is a slash after this character in the middle of a path, a URL or a word?
fn continues_a_path(c: char) -> bool {
    c.is_alphanumeric() || "._-~})$*/".contains(c)
}

fn white_space(file: &File, findings: &mut Vec<Finding>) {
    for (line, text) in file.lines() {
        if text.ends_with([' ', '\t']) {
            findings.push(Finding::at(&file.path, line, "white space at the end of the line"));
        }
    }
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        findings.push(Finding::in_file(&file.path, "no line break at the end of the file"));
    }
}
