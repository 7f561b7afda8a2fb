//! Builds the browser's half (`ui/`) and turns it into a table that `src/assets.rs` embeds.
//!
//! `npm ci` runs when the lock file changed, `vite build` when the sources did; both only then, because
//! cargo is told exactly which paths matter. Vite writes the compressed copies too, so nothing is
//! compressed here or later. With `WEBTRADER_UI_DIST=<dir>` a UI that was built elsewhere is embedded and
//! no Node is needed. Always true: what is embedded is complete, or the build stops and says what to do.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, exit};

/// What the built UI is made of, below `ui/`. Not `ui/` itself: `node_modules` would rebuild it each time.
const SOURCES: &[&str] = &[
    "src",
    "build",
    "public",
    "index.html",
    "docs.html",
    "redoc.html",
    "oauth2-redirect.html",
    "package-lock.json",
    "vite.config.ts",
];
/// In `node_modules`: a copy of the lock file from which it was installed.
const STAMP: &str = ".installed-from-lock";
const READY_UI: &str = "WEBTRADER_UI_DIST";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed={READY_UI}");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let dist = match std::env::var_os(READY_UI) {
        Some(ready) => ready_ui(PathBuf::from(ready)),
        None => build_ui(&out),
    };
    let table = table(&dist);
    fs::write(out.join("assets_table.rs"), table)
        .unwrap_or_else(|error| stop(&format!("cannot write the table of assets: {error}")));
}

/// A UI that was built before: watched as a whole, and refused where it is not one.
fn ready_ui(dist: PathBuf) -> PathBuf {
    let dist = fs::canonicalize(&dist).unwrap_or_else(|error| stop(&format!("{READY_UI}={}: {error}", dist.display())));
    if !dist.join("index.html").is_file() {
        stop(&format!("{READY_UI}={} has no index.html: it must be the output of `vite build` in ui/", dist.display()));
    }
    println!("cargo:rerun-if-changed={}", dist.display());
    dist
}

fn build_ui(out: &Path) -> PathBuf {
    let manifest = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let ui = manifest.join("../../ui");
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", ui.join(source).display());
    }
    let dist = out.join("ui");
    // Debug and release builds, and an editor's, share one node_modules: one of them installs, the others wait.
    let lock_file = ui.join("package-lock.json");
    let lock = File::open(&lock_file).unwrap_or_else(|error| stop(&format!("{}: {error}", lock_file.display())));
    lock.lock().unwrap_or_else(|error| stop(&format!("cannot lock {}: {error}", lock_file.display())));
    install(&ui, &lock_file);
    let vite = ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn", "--emptyOutDir", "--outDir"];
    run(Command::new("node").args(vite).arg(&dist).current_dir(&ui), "vite build");
    dist
}

fn install(ui: &Path, lock_file: &Path) {
    let stamp = ui.join("node_modules").join(STAMP);
    let wanted = fs::read(lock_file).unwrap_or_else(|error| stop(&format!("{}: {error}", lock_file.display())));
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return;
    }
    // `--include=dev` because a NODE_ENV=production of the user's would leave vite out.
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run(
        Command::new(npm).args(["ci", "--include=dev", "--no-audit", "--no-fund", "--prefer-offline"]).current_dir(ui),
        "npm ci",
    );
    fs::write(&stamp, wanted).unwrap_or_else(|error| stop(&format!("{}: {error}", stamp.display())));
}

/// Runs to its end; its output is shown only where it failed.
fn run(command: &mut Command, name: &str) {
    let output = command.output().unwrap_or_else(|error| stop(&format!("cannot start `{name}`: {error}")));
    if !output.status.success() {
        let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        stop(&format!("`{name}` in ui/ failed ({}):\n{}", output.status, said.join("\n")));
    }
}

/// One `Asset` per file, sorted by path, with the compressed copies that lie beside it.
fn table(dist: &Path) -> String {
    let mut files = BTreeMap::new();
    collect(dist, dist, &mut files);
    let mut text = String::from("&[\n");
    for (path, file) in &files {
        if !path.ends_with(".br") && !path.ends_with(".gz") {
            entry(&mut text, path, file, &files);
        }
    }
    text.push_str("]\n");
    text
}

fn entry(text: &mut String, path: &str, file: &Path, files: &BTreeMap<String, PathBuf>) {
    let bytes = fs::read(file).unwrap_or_else(|error| stop(&format!("{}: {error}", file.display())));
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let packed =
        |suffix: &str| files.get(&format!("{path}.{suffix}")).map_or_else(|| "&[]".to_owned(), |file| include(file));
    writeln!(
        text,
        "    Asset {{ path: {path:?}, content_type: {:?}, etag: {:?}, immutable: {}, identity: {}, gzip: {}, brotli: {} }},",
        content_type(path),
        // Weak: one tag stands for the same thing in three encodings.
        format!("W/\"{:016x}\"", hasher.finish()),
        is_hashed(path),
        include(file),
        packed("gz"),
        packed("br"),
    )
    .expect("writing to a String cannot fail");
}

fn include(file: &Path) -> String {
    format!("include_bytes!({:?})", file.to_str().unwrap_or_else(|| stop("a path of the built UI is not UTF-8")))
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| stop(&format!("{}: {error}", folder.display())));
    for entry in entries {
        let path = entry.unwrap_or_else(|error| stop(&format!("{}: {error}", folder.display()))).path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let relative = path.strip_prefix(root).expect("collected below the root");
            files.insert(relative.to_string_lossy().replace('\\', "/"), path);
        }
    }
}

/// Vite's hashed names end in `-` and eight characters; everything else may change under its name.
fn is_hashed(path: &str) -> bool {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let Some((rest, hash)) = stem.len().checked_sub(9).and_then(|at| stem.split_at_checked(at)) else {
        return false;
    };
    let in_alphabet = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    rest.starts_with("assets/") && hash.starts_with('-') && hash.bytes().all(in_alphabet)
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// Ends the build with what a person can do about it.
fn stop(why: &str) -> ! {
    eprintln!("\nThe browser's half of webtrader could not be built: {why}\n");
    eprintln!("It needs Node 20.19 or newer with npm on the PATH. Or build ui/ on another machine");
    eprintln!("(`npm ci && npm run build` there makes ui/dist) and set {READY_UI}=<that folder>.\n");
    exit(1);
}
