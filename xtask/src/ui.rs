//! The browser terminal's npm side: its packages, its scripts, and a browser to test it in.
//!
//! Nothing here happens twice: packages are installed when `package-lock.json` is another than the
//! one they were installed from. The page itself is built by `crates/web/build.rs`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process;

/// Longest that fetching and unpacking packages may take on a slow line.
const INSTALL_LIMIT: Duration = Duration::from_mins(15);
/// In `node_modules`: a copy of the lock file from which it was installed.
const STAMP: &str = ".installed-from-lock";
/// Where browsers that speak Chromium's protocol are called what.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The folder, if there is a UI to work on.
pub(crate) fn folder(root: &Path) -> Option<PathBuf> {
    Some(root.join("ui")).filter(|ui| ui.join("package.json").is_file())
}

/// Does `package.json` have this script?
pub(crate) fn has_script(ui: &Path, script: &str) -> Result<bool> {
    let path = ui.join("package.json");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let package: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))?;
    Ok(package["scripts"][script].is_string())
}

/// `npm run <script>` in the UI's folder, as a command to be run.
pub(crate) fn script(ui: &Path, script: &str) -> Command {
    let mut command = npm(ui);
    command.args(["run", "--silent", script]);
    command
}

/// Installs what `package-lock.json` lists, unless that is there already. `crates/web/build.rs`
/// does the same by the same stamp, so that plain `cargo build` works; here a person sees it.
pub(crate) fn install(ui: &Path) -> Result<()> {
    let lock_path = ui.join("package-lock.json");
    let stamp = ui.join("node_modules").join(STAMP);
    let lock = File::open(&lock_path).with_context(|| format!("cannot open {}", lock_path.display()))?;
    // A build that runs at the same time may be installing.
    lock.lock().with_context(|| format!("cannot lock {}", lock_path.display()))?;
    let wanted = fs::read(&lock_path).with_context(|| format!("cannot read {}", lock_path.display()))?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("installing the UI's npm packages (ui/package-lock.json)");
    let mut command = npm(ui);
    // Whoever exports NODE_ENV=production would not get the build tools otherwise.
    command.args(["ci", "--include=dev", "--no-audit", "--no-fund", "--prefer-offline"]);
    process::require(&mut command, INSTALL_LIMIT)?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

/// A browser for the tests: the one that `CHROMIUM` names, one that is installed, or Debian's,
/// installed now where we may. `Err` says what to do.
pub(crate) fn browser() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Ok(named.into());
    }
    if let Some(found) = installed_browser() {
        return Ok(found);
    }
    if is_root() && process::available("apt-get") {
        println!("installing Debian's chromium for the browser tests");
        let mut update = apt();
        update.args(["-qq", "update"]);
        process::require(&mut update, INSTALL_LIMIT)?;
        let mut install = apt();
        install.args(["-qq", "install", "--yes", "--no-install-recommends", "chromium"]);
        process::stream(&mut install, INSTALL_LIMIT, |_| false)?;
        if let Some(found) = installed_browser() {
            return Ok(found);
        }
    }
    bail!("no Chromium; install one (on Debian: sudo apt-get install chromium) or set CHROMIUM to its path")
}

fn installed_browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    BROWSERS.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|path| path.is_file())
}

fn npm(ui: &Path) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(ui).env("NO_COLOR", "1");
    command
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").stdin(Stdio::null()).output().is_ok_and(|done| done.stdout.trim_ascii() == b"0")
}
