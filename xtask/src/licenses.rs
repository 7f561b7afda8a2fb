//! `cargo xtask licenses`: may we use every package that we use?
//!
//! One policy (`deny.toml`, and `xtask/licenses.toml` for what npm and Python need beside it) and
//! three lists of packages: cargo's, npm's and pip's. Each list is gathered by a module of its own
//! into [`Package`]s and judged here.
//!
//! This is not cargo-deny, because that covers one list of three: building it costs five minutes
//! of processor time on every fresh machine, for rules that are a few lines once npm and pip need
//! them anyway. `deny.toml` keeps cargo-deny's format for those who have it.

mod crates;
mod npm;
mod pip;
mod policy;
mod spdx;
#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::Result;

use policy::{Policy, Rules};

/// A package of somebody else's, as its registry describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// An SPDX expression, if the package has one that can be read as one.
    pub(crate) license: Option<String>,
}

/// What came of one list of packages.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) list: &'static str,
    /// `None` where there is nothing to look at; the reason is in `said`.
    pub(crate) packages: Option<usize>,
    /// What is wrong, or why there is nothing to look at.
    pub(crate) said: Vec<String>,
}

/// Judges all three lists.
pub(crate) fn verdicts(root: &Path) -> Result<Vec<Verdict>> {
    let policy = Policy::read(root)?;
    let (crates, mut complaints) = crates::packages(root, &policy)?;
    complaints.extend(judge(&crates, &policy.crates));
    let cargo = Verdict { list: "cargo", packages: Some(crates.len()), said: complaints };
    Ok(vec![
        cargo,
        verdict("npm", npm::packages(root)?, &policy.npm, "there is no ui/package-lock.json"),
        verdict("pip", pip::packages(root, &policy)?, &policy.pip, "there are no virtual environments in target/"),
    ])
}

/// Prints the verdicts; true if nothing is wrong.
pub(crate) fn run(root: &Path) -> Result<bool> {
    let verdicts = verdicts(root)?;
    verdicts.iter().for_each(Verdict::print);
    Ok(verdicts.iter().all(|verdict| !verdict.is_bad()))
}

impl Verdict {
    pub(crate) fn is_bad(&self) -> bool {
        self.packages.is_some() && !self.said.is_empty()
    }

    pub(crate) fn print(&self) {
        match self.packages {
            Some(number) if self.said.is_empty() => println!("{}: {number} packages, all allowed", self.list),
            Some(number) => println!("{}: {number} packages", self.list),
            None => println!("{}: not looked at", self.list),
        }
        self.said.iter().for_each(|line| println!("  {line}"));
    }
}

fn verdict(list: &'static str, packages: Option<Vec<Package>>, rules: &Rules, absent: &str) -> Verdict {
    match packages {
        Some(packages) => Verdict { list, packages: Some(packages.len()), said: judge(&packages, rules) },
        None => Verdict { list, packages: None, said: vec![absent.to_owned()] },
    }
}

/// What is wrong with these packages, and with rules that fit none of them.
pub(crate) fn judge(packages: &[Package], rules: &Rules) -> Vec<String> {
    let mut said: Vec<String> = packages.iter().filter_map(|package| complaint(package, rules)).collect();
    let named = rules.clarify.iter().chain(&rules.except);
    said.extend(
        named
            .filter(|entry| !packages.iter().any(|package| package.name == entry.package))
            .map(|entry| format!("{}: there is no such package any more; take its entry out", entry.package)),
    );
    said
}

fn complaint(package: &Package, rules: &Rules) -> Option<String> {
    let Package { name, version, license } = package;
    let clarified = rules.clarify.iter().find(|entry| entry.package == *name).map(|entry| &entry.license);
    let Some(license) = clarified.or(license.as_ref()) else {
        return Some(format!("{name} {version}: names no licence that can be read"));
    };
    let excepted = |id: &str| rules.except.iter().any(|entry| entry.package == *name && entry.license == id);
    let allowed = |id: &str| rules.allow.iter().any(|allowed| allowed == id) || excepted(id);
    match spdx::satisfied(license, &allowed) {
        Ok(true) => None,
        Ok(false) => Some(format!("{name} {version}: {license} is not allowed")),
        Err(error) => Some(format!("{name} {version}: {license:?}: {error}")),
    }
}
