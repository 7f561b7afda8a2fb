//! The files that the rules look at, read once.
//!
//! Only text is kept. For Rust, `code` is the text with comments and literals blanked out, line
//! for line, so that a rule about code is never caught by a word in a string.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::scan;
use crate::workspace;

/// Written by people, in a language that the rules know.
const TEXT: &[&str] = &["css", "html", "js", "md", "mjs", "py", "rs", "sh", "toml", "ts", "txt", "vue", "yaml", "yml"];
/// The same without an ending.
const TEXT_NAMES: &[&str] = &["Makefile", ".ci/run"];

pub(crate) struct Tree {
    /// Every path of the repository, also of what is not text.
    pub(crate) paths: Vec<String>,
    pub(crate) files: Vec<File>,
}

pub(crate) struct File {
    /// Relative to the repository's root.
    pub(crate) path: String,
    pub(crate) text: String,
    /// Rust only, else empty.
    pub(crate) code: String,
}

impl Tree {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let paths = workspace::files(root)?;
        let mut files = Vec::new();
        for path in paths.iter().filter(|path| is_text(path)) {
            // A file may go away while we look, and what is not UTF-8 is not ours to judge.
            if let Ok(text) = fs::read_to_string(root.join(path)) {
                files.push(File::new(path, text));
            }
        }
        Ok(Self { paths, files })
    }

    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let paths = files.iter().map(|(path, _)| (*path).to_owned()).collect();
        let files = files.iter().map(|(path, text)| File::new(path, (*text).to_owned())).collect();
        Self { paths, files }
    }

    pub(crate) fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.is(&["rs"]))
    }
}

impl File {
    fn new(path: &str, text: String) -> Self {
        let code = if ending(path) == "rs" { scan::code(&text) } else { String::new() };
        Self { path: path.to_owned(), text, code }
    }

    pub(crate) fn is(&self, endings: &[&str]) -> bool {
        endings.contains(&ending(&self.path))
    }

    /// Does the file only run in tests?
    pub(crate) fn is_test(&self) -> bool {
        let mut folders: Vec<&str> = self.path.split('/').collect();
        let name = folders.pop().unwrap_or_default();
        folders.iter().any(|folder| ["e2e", "interop", "tests"].contains(folder))
            || name == "tests.rs"
            || name.ends_with("_tests.rs")
            || name.starts_with("test_")
            || name.contains(".test.")
    }

    /// Is the file a part of what ships: no test and no program to try something with?
    pub(crate) fn is_production(&self) -> bool {
        !self.is_test() && !self.path.split('/').any(|folder| ["benches", "examples"].contains(&folder))
    }

    /// The lines of the text, numbered from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// The lines of the code, numbered from 1.
    pub(crate) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.code.lines())
    }
}

fn is_text(path: &str) -> bool {
    TEXT.contains(&ending(path)) || TEXT_NAMES.contains(&path)
}

fn ending(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}
