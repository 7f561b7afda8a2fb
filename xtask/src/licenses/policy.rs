//! Which licences are allowed: `deny.toml` for all, `xtask/licenses.toml` for npm and Python.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use toml::{Table, Value};

pub(crate) struct Policy {
    pub(crate) crates: Rules,
    pub(crate) npm: Rules,
    pub(crate) pip: Rules,
    /// Crates that may not be used, and why.
    pub(crate) banned: Vec<(String, String)>,
    /// Where crates may come from.
    pub(crate) registries: Vec<String>,
    /// Proper names of licences by how packages spell them.
    pub(crate) spelling: BTreeMap<String, String>,
}

#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) allow: Vec<String>,
    pub(crate) clarify: Vec<Entry>,
    pub(crate) except: Vec<Entry>,
}

/// A package's licence, as somebody found out who looked.
pub(crate) struct Entry {
    pub(crate) package: String,
    pub(crate) license: String,
}

impl Policy {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let deny = table(&root.join("deny.toml"))?;
        let more = table(&root.join("xtask/licenses.toml"))?;
        Self::of(&deny, &more)
    }

    /// From cargo-deny's table and ours.
    pub(crate) fn of(deny: &Table, more: &Table) -> Result<Self> {
        let licenses = deny.get("licenses");
        let allow = texts(licenses, "allow");
        let spelling = more.get("spelling").and_then(Value::as_table).into_iter().flatten();
        Ok(Self {
            crates: Rules { except: cargo_exceptions(licenses), allow: allow.clone(), ..Rules::default() },
            npm: rules(&allow, more.get("npm"))?,
            pip: rules(&allow, more.get("pip"))?,
            banned: banned(deny.get("bans")),
            registries: texts(deny.get("sources"), "allow-registry"),
            spelling: spelling.map(|(from, to)| (from.clone(), text(Some(to)))).collect(),
        })
    }
}

fn table(path: &Path) -> Result<Table> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    text.parse().with_context(|| format!("{} is not TOML", path.display()))
}

fn rules(allow: &[String], more: Option<&Value>) -> Result<Rules> {
    Ok(Rules {
        allow: allow.iter().cloned().chain(texts(more, "allow")).collect(),
        clarify: entries(more, "clarify")?,
        except: entries(more, "except")?,
    })
}

/// `name = { license = "…", because = "…" }`: without a reason it is no entry.
fn entries(rules: Option<&Value>, key: &str) -> Result<Vec<Entry>> {
    let table = rules.and_then(|rules| rules.get(key)).and_then(Value::as_table);
    let mut found = Vec::new();
    for (package, entry) in table.into_iter().flatten() {
        let reason = text(entry.get("because"));
        anyhow::ensure!(!reason.is_empty(), "xtask/licenses.toml: {key}.{package} has no `because`");
        found.push(Entry { package: package.clone(), license: text(entry.get("license")) });
    }
    Ok(found)
}

/// cargo-deny's `exceptions = [{ crate = "…", allow = ["…"] }]`.
fn cargo_exceptions(licenses: Option<&Value>) -> Vec<Entry> {
    list(licenses, "exceptions")
        .iter()
        .flat_map(|exception| {
            let package = text(exception.get("crate"));
            texts(Some(exception), "allow").into_iter().map(move |license| Entry { package: package.clone(), license })
        })
        .collect()
}

fn banned(bans: Option<&Value>) -> Vec<(String, String)> {
    list(bans, "deny").iter().map(|ban| (text(ban.get("crate")), text(ban.get("reason")))).collect()
}

fn list<'a>(table: Option<&'a Value>, key: &str) -> &'a [Value] {
    table.and_then(|table| table.get(key)).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn texts(table: Option<&Value>, key: &str) -> Vec<String> {
    list(table, key).iter().map(|item| text(Some(item))).collect()
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}
