//! Where the repository is and which files it has.
//!
//! Paths are relative to the repository's root, with `/` between the parts, and sorted. What a
//! build, a package manager or a fuzzer leaves behind is never listed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Directories that hold nothing written by hand, wherever they are.
const GENERATED: &[&str] =
    &[".git", ".pytest_cache", ".venv", ".webtrader", "__pycache__", "dist", "node_modules", "target"];

/// The same, of which the name alone says too little.
const GENERATED_PATHS: &[&str] = &["fuzz/artifacts", "fuzz/corpus"];

/// The repository's root directory.
pub(crate) fn root() -> PathBuf {
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or(manifest.clone(), Path::to_path_buf)
}

/// Every file below `root` that somebody wrote, as sorted relative paths.
pub(crate) fn files(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    walk(root, "", &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(directory: &Path, prefix: &str, found: &mut Vec<String>) -> Result<()> {
    let entries = fs::read_dir(directory).with_context(|| format!("cannot list {}", directory.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type()?;
        let path = format!("{prefix}{name}");
        let generated = GENERATED.contains(&name.as_str()) || GENERATED_PATHS.contains(&path.as_str());
        if kind.is_dir() && !generated {
            walk(&entry.path(), &format!("{path}/"), found)?;
        } else if kind.is_file() {
            found.push(path);
        }
    }
    Ok(())
}
