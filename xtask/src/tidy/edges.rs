//! Which of our crates may use which: the rooms of ARCHITECTURE.md.
//!
//! An edge that this table does not have is a change of the architecture: its own commit, a
//! decision record, and then a line here. Only what ships counts: tests may use more.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Finding;
use crate::process;

/// A crate and the crates of ours that it may use; `gateway*` is the port and every venue.
const ROOMS: &[(&str, &[&str])] = &[
    ("bench", &[]),
    ("bridge", &["domain"]),
    ("domain", &[]),
    ("engine", &["domain"]),
    ("fanout", &[]),
    ("gateway", &["domain"]),
    // docs/decisions/0006-gateway-rpc.md
    ("gateway-rpc", &["domain", "gateway", "rpc"]),
    ("gateway-sim", &["domain", "gateway"]),
    ("history", &["domain"]),
    ("pickle", &[]),
    ("rpc", &["domain", "pickle", "zmtp"]),
    // `domain` by docs/decisions/trader-uses-domain.md.
    ("trader", &["bridge", "domain", "engine", "gateway*", "history", "rpc"]),
    ("web", &["bridge", "domain", "fanout", "history", "rpc"]),
    // `history` by docs/decisions/0008-webtrader-uses-history.md.
    ("webtrader", &["history", "trader", "web"]),
    ("xtask", &[]),
    ("zmtp", &[]),
];

/// What cargo knows of the workspace, without the crates of others.
pub(crate) fn metadata(root: &Path) -> Result<Value> {
    let mut command = Command::new(process::cargo());
    command.args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(root);
    let answer = process::output(&mut command)?;
    serde_json::from_slice(&answer).context("cargo metadata did not answer with JSON")
}

pub(crate) fn check(metadata: &Value) -> Vec<Finding> {
    let packages: Vec<&Value> = metadata["packages"].as_array().into_iter().flatten().collect();
    let ours: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut findings = Vec::new();
    for package in &packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, may_use)) = ROOMS.iter().find(|(room, _)| *room == name) else {
            findings.push(Finding::in_file("Cargo.toml", format!("{name} is in no room of tidy/edges.rs")));
            continue;
        };
        for used in normal_dependencies(package).filter(|used| ours.contains(used) && !allows(may_use, used)) {
            let message = format!("{name} may not use {used}: the table in tidy/edges.rs has no such edge");
            findings.push(Finding::in_file("Cargo.toml", message));
        }
    }
    findings
}

fn normal_dependencies(package: &Value) -> impl Iterator<Item = &str> {
    let all = package["dependencies"].as_array().into_iter().flatten();
    all.filter(|dependency| dependency["kind"].is_null()).filter_map(|dependency| dependency["name"].as_str())
}

fn allows(may_use: &[&str], used: &str) -> bool {
    may_use.iter().any(|allowed| match allowed.strip_suffix('*') {
        Some(family) => used.starts_with(family),
        None => *allowed == used,
    })
}
