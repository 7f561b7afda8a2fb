//! `webtrader run`: two real processes under one command.
//!
//! The web process is restarted when it dies, because it holds nothing. The trading process is not: after a crash a
//! person should look before orders go on. Both stop when their standard input ends, so neither outlives this
//! process, however it ends; Ctrl-C stops the web process first.

use crate::cli::{LanguageName, RunOptions};
use crate::signals::stop_token;
use crate::web_process::{Login, Page, page};
use anyhow::{Context, bail};
use std::ffi::OsString;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio_util::sync::CancellationToken;

/// Where the page is where nobody says so.
const DEFAULT_LISTEN: &str = "127.0.0.1:8000";
/// How long a child may take to say that it is ready.
const START_PATIENCE: Duration = Duration::from_secs(30);
/// How long a child may take to stop before it is killed.
const STOP_PATIENCE: Duration = Duration::from_secs(10);
/// Pause before a web process that died is started again.
const RESTART_PAUSE: Duration = Duration::from_millis(300);

/// A child, and the end of its input whose closing stops it (`Child::wait` would close one that it still held).
struct Running {
    child: Child,
    input: ChildStdin,
}

/// Runs until it is told to stop.
pub(crate) fn run(options: &RunOptions) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(supervise(options))
}

async fn supervise(options: &RunOptions) -> anyhow::Result<()> {
    let stop = stop_token(false)?;
    let Page { listen, login } = page(options.state.path(), options.file.path.clone())?;
    let listen = options.listen.clone().or(listen).unwrap_or_else(|| DEFAULT_LISTEN.to_owned());
    let (mut trader, ready) =
        start(&trader_arguments(options), "trader ready ").await.context("the trading process did not start")?;
    let bridge = bridge(&ready)?;
    let (mut web, ready) = start(&web_arguments(options, &listen, &bridge), "listening on ")
        .await
        .context("the web process did not start")?;
    let address = ready.trim_start_matches("listening on ").to_owned();
    println!("listening on {address}");
    println!("{}", welcome(&address, options, login));
    let listen = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let mut trader_alive = true;
    while !stop.is_cancelled() {
        tokio::select! {
            () = stop.cancelled() => {}
            status = trader.child.wait(), if trader_alive => {
                trader_alive = false;
                eprintln!("webtrader: the trading process ended ({}). It is not restarted by itself: look at its last lines, then stop with Ctrl-C and start again; orders and positions are kept.", status?);
            }
            status = web.child.wait() => {
                eprintln!("webtrader: the web process ended ({}) and is started again", status?);
                web = restart(options, &listen, &bridge, &stop).await?;
            }
        }
    }
    println!("stopping");
    finish(web).await?;
    finish(trader).await?;
    if trader_alive { Ok(()) } else { bail!("the trading process had ended by itself") }
}

async fn restart(
    options: &RunOptions,
    listen: &str,
    bridge: &str,
    stop: &CancellationToken,
) -> anyhow::Result<Running> {
    loop {
        tokio::time::sleep(RESTART_PAUSE).await;
        match start(&web_arguments(options, listen, bridge), "listening on ").await {
            Ok((web, _)) => return Ok(web),
            Err(error) if stop.is_cancelled() => return Err(error),
            Err(error) => eprintln!("webtrader: {error:#}; trying again"),
        }
    }
}

/// Starts ourselves as a child and waits for the line that begins with `mark`.
async fn start(arguments: &[OsString], mark: &str) -> anyhow::Result<(Running, String)> {
    let program = std::env::current_exe().context("cannot find our own program file")?;
    // A process group of its own: Ctrl-C reaches us, and we stop the children in order.
    let mut child =
        Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0).spawn()?;
    let output = child.stdout.take().context("the child has no output")?;
    let input = child.stdin.take().context("the child has no input")?;
    let mut lines = BufReader::new(output).lines();
    let ready = async {
        while let Some(line) = lines.next_line().await? {
            if line.starts_with(mark) {
                return Ok(line);
            }
        }
        bail!("it ended: {}", child.wait().await?)
    };
    let line = tokio::time::timeout(START_PATIENCE, ready).await.context("it took too long")??;
    // What it prints later nobody needs, but a full pipe would stop it.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok((Running { child, input }, line))
}

/// Closes the child's input, which stops it, and waits.
async fn finish(running: Running) -> anyhow::Result<ExitStatus> {
    let Running { mut child, input } = running;
    drop(input);
    match tokio::time::timeout(STOP_PATIENCE, child.wait()).await {
        Ok(status) => Ok(status?),
        Err(_) => {
            child.kill().await?;
            Ok(child.wait().await?)
        }
    }
}

/// Where the trading process's bridge listens; its path may have blanks in it.
fn bridge(ready: &str) -> anyhow::Result<String> {
    let (_, bridge) = ready.split_once(" bridge=").context("the trading process did not tell its address")?;
    Ok(bridge.split(" fingerprint=").next().unwrap_or(bridge).to_owned())
}

fn trader_arguments(options: &RunOptions) -> Vec<OsString> {
    let mut list: Vec<OsString> = [
        "trader",
        "--supervised",
        "--rep",
        "tcp://127.0.0.1:0",
        "--pub",
        "tcp://127.0.0.1:0",
        "--dialect",
        "webtrader",
    ]
    .map(Into::into)
    .into();
    list.extend(["--language".into(), language(options).into(), "--state".into(), options.state.path().into()]);
    let sim = &options.gateways.sim;
    let mut flag = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            list.push(format!("--{name}={value}").into());
        }
    };
    flag("speed", sim.speed.map(|v| v.to_string()));
    flag("seed", sim.seed.map(|v| v.to_string()));
    flag("rate", sim.rate.map(|v| v.to_string()));
    flag("balance", sim.balance.map(|v| v.to_string()));
    list.extend(sim.recordings.iter().flat_map(|path| ["--replay".into(), path.into()]));
    list.extend(sim.again.then(|| "--again".into()));
    for remote in &options.gateways.remotes {
        list.push(format!("--rpc={}={},{}", remote.name, remote.request, remote.publish).into());
    }
    list.extend(options.gateways.no_sim.then(|| "--no-sim".into()));
    list.extend(options.recording.list());
    list.extend(config(options));
    list
}

fn web_arguments(options: &RunOptions, listen: &str, bridge: &str) -> Vec<OsString> {
    let mut list: Vec<OsString> = [
        "web",
        "--supervised",
        "--listen",
        listen,
        "--bridge",
        bridge,
        "--name",
        "SIM",
        "--language",
        language(options),
    ]
    .map(Into::into)
    .into();
    let state = options.state.path();
    // The trading process's own secret, whatever our file says of another one's.
    list.extend(["--token-file".into(), state.join("bridge.token").into(), "--state".into(), state.into()]);
    list.extend(config(options));
    list
}

/// The configuration file as arguments, where one was named: else both children look for it where we are.
fn config(options: &RunOptions) -> impl Iterator<Item = OsString> {
    options.file.path.iter().flat_map(|path| ["--config".into(), path.into()])
}

fn language(options: &RunOptions) -> &'static str {
    match options.language {
        LanguageName::Zh => "zh",
        LanguageName::En => "en",
    }
}

fn welcome(address: &str, options: &RunOptions, login: Login) -> String {
    match (options.language, login) {
        (LanguageName::Zh, Login::Default) => {
            format!("在浏览器中打开 {address} ，用户名 vnpy，密码 vnpy（仅限本机）；Ctrl-C 停止")
        }
        (LanguageName::Zh, Login::Veighna(user)) => {
            format!("在浏览器中打开 {address} ，用户名 {user}，密码见 web_trader_setting.json；Ctrl-C 停止")
        }
        (LanguageName::Zh, Login::Users) => {
            format!("在浏览器中打开 {address} ，用已添加的用户登录（webtrader user list）；Ctrl-C 停止")
        }
        (LanguageName::En, Login::Default) => {
            format!("open {address} in a browser; user vnpy, password vnpy (this machine only); Ctrl-C stops it")
        }
        (LanguageName::En, Login::Veighna(user)) => {
            format!("open {address} in a browser; user {user}, password as in web_trader_setting.json; Ctrl-C stops it")
        }
        (LanguageName::En, Login::Users) => {
            format!("open {address} in a browser; log in as one of `webtrader user list`; Ctrl-C stops it")
        }
    }
}
