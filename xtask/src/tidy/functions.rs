//! No function is longer than 70 lines.
//!
//! A function's length is counted from the line of its `fn` to that of its closing brace. The few
//! that may be longer are named in `exemptions.rs`, with the length they have: they may shrink,
//! then their entry has to, and never grow.

use super::Finding;
use super::exemptions::{EXEMPT, Exemption};
use super::tree::{File, Tree};

/// TigerBeetle's limit: what fits on a screen.
const LIMIT: usize = 70;

pub(crate) struct Function {
    pub(crate) name: String,
    /// Of the `fn`, counted from 1.
    pub(crate) line: usize,
    pub(crate) lines: usize,
}

pub(crate) fn check(tree: &Tree, findings: &mut Vec<Finding>) {
    check_with(tree, EXEMPT, findings);
}

pub(crate) fn check_with(tree: &Tree, exempt: &[Exemption], findings: &mut Vec<Finding>) {
    let mut used = vec![false; exempt.len()];
    for file in tree.rust() {
        for function in functions(&file.code).into_iter().filter(|function| function.lines > LIMIT) {
            let entry = exempt.iter().position(|e| e.path == file.path && e.function == function.name);
            let allowed = entry.map_or(LIMIT, |entry| exempt[entry].lines);
            entry.into_iter().for_each(|entry| used[entry] = true);
            judge(file, &function, allowed, findings);
        }
    }
    for (entry, _) in exempt.iter().zip(used).filter(|(_, used)| !used) {
        let message =
            format!("fn {} is not longer than {LIMIT} lines any more: take it out of exemptions.rs", entry.function);
        findings.push(Finding::in_file(entry.path, message));
    }
}

fn judge(file: &File, function: &Function, allowed: usize, findings: &mut Vec<Finding>) {
    let Function { name, line, lines } = function;
    if *lines > allowed {
        let message = format!("fn {name} has {lines} lines, more than {allowed}: take steps out of it");
        findings.push(Finding::at(&file.path, *line, message));
    } else if *lines < allowed && allowed > LIMIT {
        let message = format!("fn {name} has shrunk to {lines} lines: lower its {allowed} in exemptions.rs");
        findings.push(Finding::at(&file.path, *line, message));
    }
}

/// Every function with a body, in code without comments and literals.
pub(crate) fn functions(code: &str) -> Vec<Function> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = code[from..].find("fn ").map(|at| from + at) {
        from = at + "fn ".len();
        let starts_a_word = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let name: String = code[from..].trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if !starts_a_word || name.is_empty() {
            continue;
        }
        if let Some(end) = body_end(code, from) {
            let line = 1 + code[..at].matches('\n').count();
            let lines = 1 + code[at..end].matches('\n').count();
            found.push(Function { name, line, lines });
        }
    }
    found
}

/// Where the body of the function whose signature starts at `from` ends; `None` without a body.
fn body_end(code: &str, from: usize) -> Option<usize> {
    // Brackets hold the `;` of an array type and the braces of a const argument.
    let (mut brackets, mut braces) = (0_i32, 0_i32);
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => brackets += 1,
            b')' | b']' => brackets -= 1,
            b';' if brackets == 0 && braces == 0 => return None,
            b'{' if brackets == 0 || braces > 0 => braces += 1,
            b'}' if braces > 0 => {
                braces -= 1;
                if braces == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}
