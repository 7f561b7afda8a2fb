//! Every path that the documents name exists.
//!
//! Read are ARCHITECTURE.md, the READMEs, CONTRIBUTING.md and all of `docs/`. A path is what
//! stands in backticks, has a slash or ends in `.rs`, and begins like something of this
//! repository or ends like a file that somebody wrote. It may be given from the root, from the
//! document's own folder, or by its last parts (`rest/orders.rs`).

use super::Finding;
use super::tree::{File, Tree};

/// Endings of files that the repository holds.
const WRITTEN: &[&str] = &[".js", ".md", ".mjs", ".py", ".rs", ".sh", ".ts", ".vue"];
/// Made by a build or by running the program, so rightly absent from the repository.
const MADE: &[&str] = &["target/", "ui/dist/", "ui/node_modules/", ".webtrader/"];

pub(crate) fn check(tree: &Tree, findings: &mut Vec<Finding>) {
    for file in tree.files.iter().filter(|file| is_document(&file.path)) {
        for (line, name) in names(file) {
            if looks_like_a_path(tree, name) && !exists(tree, file, name) {
                findings.push(Finding::at(&file.path, line, format!("`{name}` does not exist")));
            }
        }
    }
}

fn is_document(path: &str) -> bool {
    let at_root = !path.contains('/')
        && path.ends_with(".md")
        && ["ARCHITECTURE", "CONTRIBUTING", "README"].iter().any(|name| path.starts_with(name));
    at_root || (path.starts_with("docs/") && path.ends_with(".md"))
}

/// What stands in backticks outside of code blocks, without a line number or an item behind it.
fn names(file: &File) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut in_block = false;
    for (line, text) in file.lines() {
        if text.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            let quoted = text.split('`').skip(1).step_by(2);
            found.extend(quoted.map(|name| (line, without_item(name))));
        }
    }
    found
}

/// `a/b.rs:12` and `a/b.rs::item` without what follows the colon.
fn without_item(name: &str) -> &str {
    name.split_once(':').map_or(name, |(path, _)| path)
}

fn looks_like_a_path(tree: &Tree, name: &str) -> bool {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-/*".contains(c));
    if !plain || name.starts_with(['/', '.', '-', '*']) && !name.starts_with(".ci/") && !name.starts_with(".cargo/") {
        return false;
    }
    if MADE.iter().any(|made| name.starts_with(made) || name == made.trim_end_matches('/')) {
        return false;
    }
    let Some((first, _)) = name.split_once('/') else {
        return name.ends_with(".rs") && name.len() > ".rs".len();
    };
    let of_ours = tree.paths.iter().any(|path| path.split_once('/').is_some_and(|(top, _)| top == first));
    of_ours || WRITTEN.iter().any(|ending| name.ends_with(ending))
}

fn exists(tree: &Tree, document: &File, name: &str) -> bool {
    let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    // A pattern exists if the folder in front of it does.
    let name = name.find('*').map_or(name, |star| name[..star].rsplit_once('/').map_or("", |(folder, _)| folder));
    let name = name.trim_end_matches('/');
    let from_here = format!("{folder}/{name}");
    tree.paths.iter().any(|path| {
        path.ends_with(&format!("/{name}"))
            || [name, &from_here].into_iter().any(|wanted| path == wanted || path.starts_with(&format!("{wanted}/")))
    })
}
