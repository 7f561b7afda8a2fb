//! The npm packages, from `ui/package-lock.json`; a package whose licence that does not tell is
//! asked itself, if it is installed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Package;

/// Every package of the lock file; `None` if there is none.
pub(crate) fn packages(root: &Path) -> Result<Option<Vec<Package>>> {
    let ui = root.join("ui");
    let Ok(text) = fs::read_to_string(ui.join("package-lock.json")) else { return Ok(None) };
    let lock: Value = serde_json::from_str(&text).context("ui/package-lock.json is not JSON")?;
    let installed = |path: &str| {
        let text = fs::read_to_string(ui.join(path).join("package.json")).ok()?;
        serde_json::from_str(&text).ok()
    };
    Ok(Some(read(&lock, &installed)))
}

/// Reads a lock file; `installed` gives the package.json of what lies under a path.
pub(crate) fn read(lock: &Value, installed: &dyn Fn(&str) -> Option<Value>) -> Vec<Package> {
    let entries = lock["packages"].as_object().into_iter().flatten();
    // The entry without a path is the UI itself.
    entries
        .filter(|(path, _)| !path.is_empty())
        .map(|(path, entry)| Package {
            name: path.rsplit("node_modules/").next().unwrap_or(path).to_owned(),
            version: entry["version"].as_str().unwrap_or_default().to_owned(),
            license: license(entry).or_else(|| installed(path).as_ref().and_then(license)),
        })
        .collect()
}

/// `"license": "MIT"`, or the two older ways to say it.
fn license(package: &Value) -> Option<String> {
    let said = [&package["license"], &package["license"]["type"], &package["licenses"][0]["type"]];
    said.into_iter().find_map(Value::as_str).map(str::to_owned)
}
