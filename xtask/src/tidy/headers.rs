//! Every Rust file says on its first line what it is, and has a name that says something.

use super::Finding;
use super::tree::Tree;

/// Names under which anything could lie, so everything would.
const SAYS_NOTHING: &[&str] = &["common", "core", "helper", "helpers", "manager", "misc", "util", "utils"];

pub(crate) fn check(tree: &Tree, findings: &mut Vec<Finding>) {
    for file in tree.rust() {
        if !file.text.starts_with("//! ") {
            let message = "starts without a `//!` header: what it is, how data passes, what is always true";
            findings.push(Finding::in_file(&file.path, message));
        }
        let stem = file.path.trim_end_matches(".rs");
        for name in stem.split('/').filter(|name| SAYS_NOTHING.contains(name)) {
            findings.push(Finding::in_file(&file.path, format!("the name {name:?} says nothing: {ADVICE}")));
        }
        for (line, code) in file.code_lines() {
            if let Some(name) = module_name(code).filter(|name| SAYS_NOTHING.contains(name)) {
                findings.push(Finding::at(&file.path, line, format!("mod {name} says nothing: {ADVICE}")));
            }
        }
    }
}

const ADVICE: &str = "name it after what it does";

/// The name in a line that declares a module with a body; one in a file is caught by its path.
fn module_name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("mod ")?;
    let declares = before.trim().is_empty() || before.trim_start().starts_with("pub");
    let name = after.trim_end().strip_suffix('{')?.trim();
    declares.then_some(name)
}
