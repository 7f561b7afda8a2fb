//! `cargo xtask tidy`: the rules of this repository that no compiler knows.
//!
//! The files come in once as a [`Tree`]; each rule is a module with a pure `check` that reads the
//! tree and adds [`Finding`]s. A rule that needs more than the files (the dependency edges) gets
//! it as an argument, so that every rule can be tested with a few lines of text.

mod bans;
mod doc_paths;
mod edges;
mod exemptions;
mod functions;
mod headers;
mod scan;
mod sizes;
mod spawns;
#[cfg(test)]
mod tests;
mod tree;

use std::fmt;
use std::path::Path;

use anyhow::Result;

use tree::Tree;

/// One place where a rule is broken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    /// Counted from 1; 0 where the whole file is meant.
    line: usize,
    message: String,
}

/// Checks the repository and prints what is wrong; true if nothing is.
pub(crate) fn run(root: &Path) -> Result<bool> {
    let tree = Tree::read(root)?;
    let mut findings = edges::check(&edges::metadata(root)?);
    for rule in [sizes::check, functions::check, headers::check, doc_paths::check, bans::check, spawns::check] {
        rule(&tree, &mut findings);
    }
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => println!("tidy: {} files, nothing to say", tree.files.len()),
        number => println!("tidy: {number} to mend"),
    }
    Ok(findings.is_empty())
}

impl Finding {
    fn at(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }

    fn in_file(path: &str, message: impl Into<String>) -> Self {
        Self::at(path, 0, message)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.path, self.message),
            line => write!(out, "{}:{line}: {}", self.path, self.message),
        }
    }
}
