//! Tasks are owned: `tokio::spawn` is called only where somebody keeps the handle, awaits it and
//! has a stop signal for it. Those places are named here; a new one is a decision, and one that
//! is gone is taken out.

use super::Finding;
use super::tree::Tree;

/// Files that own the tasks they start, and who awaits those.
pub(crate) const OWNERS: &[(&str, &str)] = &[
    ("crates/rpc/src/server/publisher.rs", "the heartbeat; it ends with the stop signal and with its Publisher"),
    ("crates/trader/src/run.rs", "what serves requests; run() stops and awaits it"),
    ("crates/webtrader/src/signals.rs", "waits for a signal for as long as the process lives"),
    ("crates/webtrader/src/supervise.rs", "empties a child's output; it ends with the child"),
    ("crates/zmtp/src/server.rs", "the listener's task; Server::shutdown stops and awaits it"),
];

pub(crate) fn check(tree: &Tree, findings: &mut Vec<Finding>) {
    check_with(tree, OWNERS, findings);
}

pub(crate) fn check_with(tree: &Tree, owners: &[(&str, &str)], findings: &mut Vec<Finding>) {
    let mut used = vec![false; owners.len()];
    for file in tree.rust().filter(|file| file.is_production()) {
        let owner = owners.iter().position(|(path, _)| *path == file.path);
        for (line, code) in file.code_lines().filter(|(_, code)| spawns(code)) {
            match owner {
                Some(owner) => used[owner] = true,
                None => findings.push(Finding::at(
                    &file.path,
                    line,
                    format!(
                        "{}: who awaits this task? Use a JoinSet or TaskTracker, or name the owner in spawns.rs",
                        code.trim()
                    ),
                )),
            }
        }
    }
    for ((path, _), _) in owners.iter().zip(used).filter(|(_, used)| !used) {
        findings.push(Finding::in_file(path, "spawns no task any more: take it out of spawns.rs"));
    }
}

/// Does this line start a task that nothing owns by itself? (`spawn_blocking` is work that its
/// caller waits for.)
fn spawns(code: &str) -> bool {
    ["tokio::spawn(", "task::spawn("].iter().any(|call| code.contains(call)) || code.trim_start().starts_with("spawn(")
}
