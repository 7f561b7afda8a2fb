//! The Python packages, asked of every virtual environment under `target/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Package;
use super::policy::Policy;
use crate::process;

/// Prints a JSON array of what the environment's packages say of themselves.
const ASK: &str = "
import importlib.metadata, json
print(json.dumps([{
    'name': d.metadata['Name'],
    'version': d.version,
    'expression': d.metadata.get('License-Expression'),
    'license': d.metadata.get('License'),
    'classifiers': [c for c in d.metadata.get_all('Classifier', []) if c.startswith('License ::')],
} for d in importlib.metadata.distributions()]))
";
/// Longer than this, the field holds a licence's text and not its name.
const LONGEST_NAME: usize = 60;

/// The packages of all environments, each once; `None` if there are no environments.
pub(crate) fn packages(root: &Path, policy: &Policy) -> Result<Option<Vec<Package>>> {
    let pythons = pythons(&root.join("target"));
    if pythons.is_empty() {
        return Ok(None);
    }
    let mut found = BTreeMap::new();
    for python in pythons {
        for package in read(&ask(&python)?, &policy.spelling) {
            found.insert((package.name.clone(), package.version.clone()), package);
        }
    }
    Ok(Some(found.into_values().collect()))
}

fn pythons(target: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(target).into_iter().flatten().flatten();
    let venvs = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("venv-"));
    let mut pythons: Vec<PathBuf> =
        venvs.map(|venv| venv.path().join("bin/python")).filter(|path| path.exists()).collect();
    pythons.sort();
    pythons
}

fn ask(python: &Path) -> Result<Value> {
    let answer = process::output(Command::new(python).args(["-c", ASK]))?;
    serde_json::from_slice(&answer).with_context(|| format!("{} did not answer with JSON", python.display()))
}

/// Reads an answer to [`ASK`]. Names are compared as pip does: in small letters, `-` for `_`.
pub(crate) fn read(answer: &Value, spelling: &BTreeMap<String, String>) -> Vec<Package> {
    let described = answer.as_array().into_iter().flatten();
    described
        .map(|package| Package {
            name: package["name"].as_str().unwrap_or_default().to_lowercase().replace(['_', '.'], "-"),
            version: package["version"].as_str().unwrap_or_default().to_owned(),
            license: license(package, spelling),
        })
        .collect()
}

/// The expression, else the name, else all that the classifiers say together.
fn license(package: &Value, spelling: &BTreeMap<String, String>) -> Option<String> {
    let proper = |name: &str| spelling.get(name).cloned().unwrap_or_else(|| name.to_owned());
    if let Some(expression) = package["expression"].as_str() {
        return Some(expression.to_owned());
    }
    let named =
        package["license"].as_str().map(str::trim).filter(|name| !name.is_empty() && name.len() <= LONGEST_NAME);
    if let Some(name) = named {
        return Some(proper(name));
    }
    let classifiers = package["classifiers"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let names: Vec<String> = classifiers.filter_map(|c| c.rsplit(" :: ").next()).map(proper).collect();
    (!names.is_empty()).then(|| names.join(" AND "))
}
