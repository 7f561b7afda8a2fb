//! `webtrader web`, `check` and `user`: the web process alone, what it would use, and who may log in.

use crate::cli::{UserAction, UserOptions, WebOptions};
use crate::signals::stop_token;
use anyhow::{Context, bail};
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::task::JoinSet;
use web::app::{App, Parts, serve};
use web::auth::{Password, UserFile, system_clock};
use web::config::{Config, Overrides, Places, Source, check as check_config};
use web::desk::Desk;
use web::live::{Hub, Options};
use web::replica::Shared;
use web::trader_link::link;

/// Runs until it is told to stop.
pub(crate) fn run(options: &WebOptions) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve_web(options))
}

async fn serve_web(options: &WebOptions) -> anyhow::Result<()> {
    let config = with_places(|places| Config::load(&overrides(options), places))??;
    options.state.make()?;
    let auth = config.auth(system_clock())?;
    let listener = config.bind().await?;
    let address = listener.local_addr()?;
    let stop = stop_token(options.supervised)?;
    let (hub, pumps) = Hub::new(Options::default());
    let replica = Arc::new(Shared::default());
    let (trader, task) = link(config.link(), Arc::clone(&replica), Some(hub.clone()), Box::new(()));
    let desks = vec![Arc::new(Desk { name: config.name.value.clone(), trader, replica })];
    let cors_origins = config.cors_origins.value.clone();
    let behind_proxy = config.behind_proxy.value;
    let app = App::new(Parts { auth, desks, hub, cors_origins, behind_proxy, clock: system_clock() });
    println!("listening on http://{address}");
    std::io::stdout().flush()?;
    // On the runtime's own threads, as the pumps are: a tick then goes from the trading process's socket to the
    // readers' on one thread, where this one would have to be woken for it and would have to wake another.
    let mut linked = JoinSet::new();
    linked.spawn(task.run(stop.clone()));
    let (served, _, ()) = tokio::join!(serve(app, listener, stop.clone()), linked.join_all(), pumps.run(stop));
    served.context("the web server failed")
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

/// Who may log in to a web process with this state folder.
pub(crate) fn login(state: PathBuf) -> anyhow::Result<Login> {
    let overrides = Overrides { state, ..Overrides::default() };
    let config = with_places(|places| Config::load(&overrides, places))??;
    Ok(match config.plain_user.source {
        _ if !config.users().list()?.is_empty() => Login::Users,
        Source::Default => Login::Default,
        _ => Login::Veighna(config.plain_user.value.name),
    })
}

/// Prints what would be used and what is wrong with it.
pub(crate) fn check(options: &WebOptions) -> anyhow::Result<()> {
    let report = with_places(|places| check_config(&overrides(options), places))?;
    print!("{report}");
    if report.has_errors() { bail!("the web process would not start with this") } else { Ok(()) }
}

/// Changes or shows the users.
pub(crate) fn user(options: &UserOptions) -> anyhow::Result<()> {
    let state = options.state.make()?;
    let users = UserFile::in_folder(&state);
    let now = system_clock()().div_euclid(1000);
    match &options.action {
        UserAction::Add { name } => {
            users.add(name, &ask_password()?, now)?;
            println!("user {name} added to {}", users.path().display());
        }
        UserAction::Passwd { name } => {
            users.set_password(name, &ask_password()?, now)?;
            println!("password of {name} changed; tokens from before are refused");
        }
        UserAction::List => users.list()?.iter().for_each(|user| println!("{}", user.name)),
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
        state: options.state.path(),
    }
}

fn with_places<T>(use_them: impl FnOnce(&Places<'_>) -> T) -> anyhow::Result<T> {
    let current = std::env::current_dir().context("there is no current folder")?;
    let home = std::env::home_dir().unwrap_or_else(|| PathBuf::from("."));
    Ok(use_them(&Places { current, home, environment: &|name| std::env::var(name).ok() }))
}
