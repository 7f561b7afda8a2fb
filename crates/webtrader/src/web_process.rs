//! `webtrader web`, `check` and `user`: the web process alone, what it would use, and who may log in.

use crate::cli::{UserAction, UserOptions, WebOptions};
use crate::gateways::{GatewayFile, describe};
use crate::signals::stop_token;
use anyhow::{Context, bail};
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use web::auth::{Password, UserChange, UserFile, system_clock};
use web::config::{Config, Overrides, Places, Problem, Report, Source, check as check_config};

/// Runs until it is told to stop.
pub(crate) fn run(options: &WebOptions) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve_web(options))
}

async fn serve_web(options: &WebOptions) -> anyhow::Result<()> {
    let config = with_places(|places| Config::load(&overrides(options), places))??;
    options.state.make()?;
    let stop = stop_token(options.supervised)?;
    let ready = |address| {
        println!("listening on http://{address}");
        // Whoever waits for the line reads it from a pipe; a closed pipe is nobody's loss.
        let _ = std::io::stdout().flush();
    };
    Ok(web::process::run(&config, stop, ready).await?)
}

/// Who may log in here, for the line that greets a user of `webtrader run`.
pub(crate) enum Login {
    /// Users of the state folder.
    Users,
    /// The user of VeighNa's settings, with the password that stands there.
    Veighna(String),
    /// VeighNa's defaults, `vnpy` and `vnpy`.
    Default,
}

/// What the configuration says of the page of `webtrader run`.
pub(crate) struct Page {
    /// Where it is, where our file says so.
    pub(crate) listen: Option<String>,
    /// Who may log in.
    pub(crate) login: Login,
}

/// Looks at the configuration of a web process with this state folder.
pub(crate) fn page(state: PathBuf, config: Option<PathBuf>) -> anyhow::Result<Page> {
    let overrides = Overrides { state, config, ..Overrides::default() };
    let config = with_places(|places| Config::load(&overrides, places))??;
    let ours = config.ours.as_ref().map(|path| Source::File(path.clone()));
    let listen = (Some(&config.listen.source) == ours.as_ref()).then(|| config.listen.value.to_string());
    let login = match config.plain_user.source {
        _ if !config.users().list()?.is_empty() => Login::Users,
        Source::Default => Login::Default,
        _ => Login::Veighna(config.plain_user.value.name),
    };
    Ok(Page { listen, login })
}

/// Prints what would be used and what is wrong with it.
pub(crate) fn check(options: &WebOptions) -> anyhow::Result<()> {
    let mut report = with_places(|places| check_config(&overrides(options), places))?;
    gateways(&mut report, options);
    print!("{report}");
    if report.has_errors() { bail!("webtrader would not start with this") } else { Ok(()) }
}

/// Looks at the gateways of our trading process, which stand in the same file.
fn gateways(report: &mut Report, options: &WebOptions) {
    match GatewayFile::find(options.config.as_deref()) {
        Ok(None) => {}
        Ok(Some(file)) => {
            for line in describe(&file, &|name| std::env::var(name).ok()) {
                report.lines.push(("gateway", line.text, file.path.display().to_string()));
                report.problems.extend(line.problem.map(Problem::Error));
            }
        }
        // A file that nobody can read is told once.
        Err(error) if !report.has_errors() => report.problems.push(Problem::Error(format!("{error:#}"))),
        Err(_) => {}
    }
}

/// Changes or shows the users.
pub(crate) fn user(options: &UserOptions) -> anyhow::Result<()> {
    let state = options.state.make()?;
    let users = UserFile::in_folder(&state);
    let now = system_clock()().div_euclid(1000);
    match &options.action {
        UserAction::Add { name, role } => {
            users.add(name, &ask_password()?, *role, now)?;
            println!("user {name} ({role}) added to {}", users.path().display());
        }
        UserAction::Role { name, role } => {
            users.update(name, UserChange { role: Some(*role), ..UserChange::default() }, now)?;
            println!("{name} has the role {role}");
        }
        UserAction::Passwd { name } => {
            users.set_password(name, &ask_password()?, now)?;
            println!("password of {name} changed; tokens from before are refused");
        }
        UserAction::List => users.list()?.iter().for_each(|user| println!("{}  {}", user.name, user.role)),
        UserAction::Remove { name } => {
            users.remove(name)?;
            println!("user {name} removed");
        }
    }
    Ok(())
}

/// Asks twice without showing it; from a pipe it is the first line.
fn ask_password() -> anyhow::Result<Password> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        let mut line = String::new();
        input.lock().read_line(&mut line).context("the password could not be read")?;
        return Ok(Password::new(line.trim_end_matches(['\r', '\n'])));
    }
    let first = rpassword::prompt_password("password: ").context("the password could not be read")?;
    let second = rpassword::prompt_password("once more: ").context("the password could not be read")?;
    if first == second { Ok(Password::new(first)) } else { bail!("the two are not the same") }
}

fn overrides(options: &WebOptions) -> Overrides {
    Overrides {
        config: options.config.clone(),
        vntrader: options.vntrader.clone(),
        listen: options.listen.clone(),
        req_address: options.req.clone(),
        sub_address: options.subscribe.clone(),
        language: options.language.map(Into::into),
        name: options.name.clone(),
        bridge: options.bridge.clone(),
        token_file: options.token_file.clone(),
        fingerprint: options.fingerprint.clone(),
        state: options.state.path(),
    }
}

fn with_places<T>(use_them: impl FnOnce(&Places<'_>) -> T) -> anyhow::Result<T> {
    let current = std::env::current_dir().context("there is no current folder")?;
    let home = std::env::home_dir().unwrap_or_else(|| PathBuf::from("."));
    Ok(use_them(&Places { current, home, environment: &|name| std::env::var(name).ok() }))
}
