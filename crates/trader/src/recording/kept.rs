//! The running minutes, on disk from a stop to the next start.
//!
//! Always true: the file is taken away when it is read, so that a start after a crash does not go on with minutes of an
//! earlier stop; a file that cannot be read costs the beginning of these minutes and nothing else.

use domain::bars::BarGenerator;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Its name in the state folder.
const FILE: &str = "running_bars.json";

/// Reads what was kept.
pub(super) fn take(state: Option<&PathBuf>) -> Vec<BarGenerator> {
    let Some(path) = state.map(|state| state.join(FILE)) else { return Vec::new() };
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => return complain(&path, &error),
    };
    if let Err(error) = fs::remove_file(&path) {
        return complain(&path, &error);
    }
    serde_json::from_slice(&text).unwrap_or_else(|error| complain(&path, &error))
}

/// Keeps the running minutes.
pub(super) fn keep(state: Option<&PathBuf>, running: &[BarGenerator]) {
    let Some(path) = state.map(|state| state.join(FILE)) else { return };
    if running.is_empty() {
        return;
    }
    let write = || {
        let beside = path.with_extension("new");
        fs::write(&beside, serde_json::to_vec(running)?)?;
        fs::rename(&beside, &path)
    };
    if let Err(error) = write() {
        complain::<()>(&path, &error);
    }
}

fn complain<T>(path: &Path, error: &dyn std::fmt::Display) -> Vec<T> {
    tracing::error!(file = %path.display(), %error, "running bars are not kept over a restart");
    Vec::new()
}
