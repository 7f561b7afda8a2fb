//! The programs that are measured, and how they are started: VeighNa's trading process and web process (Python, in
//! the virtual environment of the interop tests), and our program's two processes. The one place that knows command
//! lines.

use crate::child::Child;
use crate::http;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::cell::Cell;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

pub(crate) const USER: &str = "vnpy";
pub(crate) const PASSWORD: &str = "vnpy";

/// Longest that a web process may take to show what its trading process has.
const SYNC: Duration = Duration::from_secs(30);

/// Which web process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Incumbent,
    Ours,
}

/// Where everything lies.
pub(crate) struct Places {
    root: PathBuf,
    program: PathBuf,
    folder: PathBuf,
    next: Cell<u32>,
}

/// A trading process; ended with its owner.
pub(crate) struct Trader {
    pub(crate) child: Child,
    pub(crate) req: String,
    pub(crate) sub: String,
    /// Address of the bridge; ours only.
    pub(crate) bridge: Option<String>,
}

/// A web process in front of one; ended with its owner.
pub(crate) struct Web {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
    /// From its start to its answer to a first request.
    pub(crate) start: Duration,
}

impl Places {
    /// Everything of this run lies in a folder of its own under `target/`.
    pub(crate) fn new(program: &Path) -> Result<Places> {
        let root = std::env::current_dir()?;
        if !root.join("interop/veighna").is_dir() {
            bail!("start the bench in the root of the repository");
        }
        let program = root.join(program);
        if !program.exists() {
            bail!("{} is not there: cargo build --release -p webtrader", program.display());
        }
        let folder = root.join(format!("target/bench/{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Places { root, program, folder, next: Cell::new(0) })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A folder that nobody has used.
    pub(crate) fn fresh(&self, name: &str) -> PathBuf {
        self.next.set(self.next.get() + 1);
        self.folder.join(format!("{name}-{}", self.next.get()))
    }

    /// Removes what the run has left behind.
    pub(crate) fn clear(&self) {
        // Nothing of it is needed; if it cannot be removed it lies under target/.
        let _ = fs::remove_dir_all(&self.folder);
    }

    fn python(&self, script: &str) -> Command {
        let mut command = Command::new(self.root.join("target/venv-4.5/bin/python"));
        command.arg(self.root.join(script));
        command
    }

    /// A Python program that takes commands, and what it said when it was ready.
    pub(crate) fn controlled(&self, name: &str, script: &str, arguments: &[&str]) -> Result<(Child, Value)> {
        let child = Child::start(name, &self.fresh(name), self.python(script).args(arguments))?;
        let ready = child.answer()?;
        Ok((child, ready))
    }

    /// VeighNa with the test gateway and `vnpy_webtrader`'s engine.
    pub(crate) fn veighna(&self, contracts: u32, orders: u32) -> Result<Trader> {
        let contracts = contracts.to_string();
        let arguments = ["--contracts", &contracts];
        let (mut child, ready) = self.controlled("veighna", "bench/veighna/trader.py", &arguments)?;
        if orders > 0 {
            child.ask(&json!({"cmd": "fill", "orders": orders}))?;
        }
        Ok(Trader { child, req: text(&ready, "rep")?, sub: text(&ready, "pub")?, bridge: None })
    }

    /// Our trading process with its simulated exchange, and with more money than can be spent.
    pub(crate) fn our_trader(&self) -> Result<Trader> {
        let folder = self.fresh("our-trader");
        let state = folder.join("state");
        let mut command = Command::new(&self.program);
        command.arg("trader").arg("--supervised").arg("--state").arg(state);
        command.args(["--rep", "tcp://127.0.0.1:0", "--pub", "tcp://127.0.0.1:0", "--dialect", "webtrader"]);
        command.args(["--generation", "4.5", "--balance", "1000000000000", "--seed", "1"]);
        let child = Child::start("our-trader", &folder, &mut command)?;
        let ready = child.wait_for("trader ready ")?;
        let field = |name: &str| ready.split(' ').find_map(|field| field.strip_prefix(name)).map(str::to_owned);
        let (req, sub) = field("rep=").zip(field("pub=")).context("no addresses")?;
        let bridge = field("bridge=");
        Ok(Trader { child, req, sub, bridge })
    }

    /// A web process in front of `trader`, ready to answer.
    pub(crate) fn web(&self, side: Side, trader: &Trader) -> Result<Web> {
        let begun = Instant::now();
        let (child, address) = match side {
            Side::Incumbent => self.incumbent(trader)?,
            Side::Ours => self.our_web(trader)?,
        };
        http::succeed(address, &http::request("GET", "/", "", "", ""))?;
        Ok(Web { child, address, start: begun.elapsed() })
    }

    fn incumbent(&self, trader: &Trader) -> Result<(Child, SocketAddr)> {
        let arguments = ["--req", &trader.req, "--sub", &trader.sub, "--username", USER, "--password", PASSWORD];
        let (child, ready) = self.controlled("incumbent", "interop/veighna/incumbent_web.py", &arguments)?;
        let port = ready["port"].as_u64().and_then(|port| u16::try_from(port).ok()).context("no port")?;
        Ok((child, SocketAddr::from(([127, 0, 0, 1], port))))
    }

    /// Our web process before our trading process, over the bridge.
    pub(crate) fn bridged(&self, trader: &Trader) -> Result<Web> {
        let begun = Instant::now();
        let bridge = trader.bridge.as_deref().context("the trading process has no bridge")?;
        let folder = self.fresh("our-web");
        fs::create_dir_all(&folder)?;
        let state = trader.child.folder().join("state");
        let config = folder.join("webtrader.toml");
        fs::write(&config, format!("[trader]\nbridge = {bridge:?}\ntoken_file = {:?}\n", state.join("bridge.token")))?;
        let mut command = Command::new(&self.program);
        command.arg("web").arg("--supervised").arg("--config").arg(config).args(["--listen", "127.0.0.1:0"]);
        // A folder of VeighNa's that is not there: nothing of this machine's user is read.
        command.arg("--vntrader").arg(folder.join("none")).arg("--state").arg(folder.join("state"));
        let (child, address) = listening(&folder, &mut command)?;
        http::succeed(address, &http::request("GET", "/", "", "", ""))?;
        Ok(Web { child, address, start: begun.elapsed() })
    }

    fn our_web(&self, trader: &Trader) -> Result<(Child, SocketAddr)> {
        let folder = self.fresh("our-web");
        let vntrader = folder.join(".vntrader");
        fs::create_dir_all(&vntrader)?;
        let setting = json!({
            "username": USER, "password": PASSWORD, "req_address": trader.req, "sub_address": trader.sub,
            "host": "127.0.0.1", "port": "8000",
        });
        fs::write(vntrader.join("web_trader_setting.json"), setting.to_string())?;
        let mut command = Command::new(&self.program);
        command.arg("web").arg("--supervised").arg("--vntrader").arg(vntrader);
        command.arg("--state").arg(folder.join("state")).args(["--listen", "127.0.0.1:0"]);
        listening(&folder, &mut command)
    }

    /// The load generator's ceiling: a bare program of ours.
    pub(crate) fn bare(&self, arguments: &[String]) -> Result<(Child, SocketAddr)> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(arguments);
        let child = Child::start("bare", &self.fresh("bare"), &mut command)?;
        let address = child.wait_for("bare ")?.parse()?;
        Ok((child, address))
    }

    /// Runs an example of one of our crates and returns the JSON that it prints.
    pub(crate) fn example(&self, package: &str, example: &str, argument: &Path) -> Result<Value> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "--locked", "--release", "--package", package, "--example", example]);
        if !build.current_dir(&self.root).status()?.success() {
            bail!("cannot build the example {example} of {package}");
        }
        let program = self.root.join("target/release/examples").join(example);
        let output = Command::new(program).arg(argument).output()?;
        if !output.status.success() {
            bail!("{example}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

impl Web {
    pub(crate) fn token(&self) -> Result<String> {
        http::token(self.address, USER, PASSWORD)
    }

    /// Waits until `path` lists at least `rows` things; returns the body.
    pub(crate) fn wait_for(&self, token: &str, path: &str, rows: usize) -> Result<Vec<u8>> {
        let request = http::request("GET", path, token, "", "");
        let end = Instant::now() + SYNC;
        loop {
            let answer = http::once(self.address, &request)?;
            let list = serde_json::from_slice::<Vec<Value>>(&answer.body).unwrap_or_default();
            if answer.status == 200 && list.len() >= rows {
                return Ok(answer.body);
            }
            if Instant::now() > end {
                let shown = list.len();
                bail!("GET {path} shows {shown} of {rows} ({})\n{}", answer.status, self.child.end_of_log());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn listening(folder: &Path, command: &mut Command) -> Result<(Child, SocketAddr)> {
    let child = Child::start("our-web", folder, command)?;
    let rest = child.wait_for("listening on http://")?;
    let address = rest.split_whitespace().next().unwrap_or_default().trim_end_matches('/').parse();
    Ok((child, address.with_context(|| format!("no address in {rest}"))?))
}

fn text(value: &Value, key: &str) -> Result<String> {
    Ok(value[key].as_str().with_context(|| format!("no {key} in {value}"))?.to_owned())
}
