//! The Rust packages, from `cargo metadata`: all that any platform, build script or test uses.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Package;
use super::policy::Policy;
use crate::process;

/// The packages of others, and what is wrong with them beside their licences.
pub(crate) fn packages(root: &Path, policy: &Policy) -> Result<(Vec<Package>, Vec<String>)> {
    let mut command = Command::new(process::cargo());
    command.args(["metadata", "--format-version", "1", "--locked"]).current_dir(root);
    let answer = process::output(&mut command)?;
    let metadata = serde_json::from_slice(&answer).context("cargo metadata did not answer with JSON")?;
    Ok(read(&metadata, policy))
}

/// Reads what cargo said; a package without a source is our own.
pub(crate) fn read(metadata: &Value, policy: &Policy) -> (Vec<Package>, Vec<String>) {
    let mut packages = Vec::new();
    let mut complaints = Vec::new();
    for described in metadata["packages"].as_array().into_iter().flatten() {
        let text = |key: &str| described[key].as_str().map(str::to_owned);
        let Some(source) = text("source") else { continue };
        let package = Package {
            name: text("name").unwrap_or_default(),
            version: text("version").unwrap_or_default(),
            license: text("license"),
        };
        let registry = source.strip_prefix("registry+").unwrap_or(&source);
        if !policy.registries.iter().any(|allowed| allowed == registry) {
            complaints.push(format!("{} {}: comes from {source}", package.name, package.version));
        }
        if let Some((_, reason)) = policy.banned.iter().find(|(banned, _)| *banned == package.name) {
            complaints.push(format!("{} {}: {reason}", package.name, package.version));
        }
        packages.push(package);
    }
    (packages, complaints)
}
