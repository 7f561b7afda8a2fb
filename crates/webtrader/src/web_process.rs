//! `webtrader web`, `check` and `user`: the web process alone.

use crate::cli::{UserOptions, WebOptions};
use crate::signals::stop_token;
use anyhow::Context;
use std::io::Write;
use std::sync::Arc;
use tokio::net::TcpListener;
use web::app::{App, Parts, serve};
use web::auth::{Auth, Password, PlainUser, SigningKey, UserFile, system_clock};
use web::live::Hub;
use web::replica::Shared;
use web::trader_link::{LinkConfig, link};

pub(crate) fn run(options: &WebOptions) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run_async(options))
}

async fn run_async(options: &WebOptions) -> anyhow::Result<()> {
    let state = options.state.path();
    std::fs::create_dir_all(&state)?;
    let (mut user, mut password, mut req, mut sub) = ("vnpy".to_owned(), "vnpy".to_owned(), "tcp://127.0.0.1:2014".to_owned(), "tcp://127.0.0.1:4102".to_owned());
    if let Some(folder) = &options.vntrader {
        let v: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join("web_trader_setting.json"))?)?;
        let get = |k: &str| v.get(k).and_then(|x| x.as_str()).unwrap_or_default().to_owned();
        (user, password, req, sub) = (get("username"), get("password"), get("req_address"), get("sub_address"));
    }
    req = options.req.clone().unwrap_or(req);
    sub = options.subscribe.clone().unwrap_or(sub);
    let key = SigningKey::load_or_create(&state.join("secret"))?;
    let plain = PlainUser { name: user, password: Password::new(password) };
    let auth = Auth::new(UserFile::in_folder(&state), Some(plain), &key, system_clock())?;
    let listener = TcpListener::bind(options.listen.as_deref().unwrap_or("127.0.0.1:8000")).await.context("cannot listen")?;
    let address = listener.local_addr()?;
    let stop = stop_token(options.supervised)?;
    let (hub, pumps) = Hub::new(web::live::Options::default());
    let replica = Arc::new(Shared::default());
    let config = LinkConfig {
        name: "main".into(),
        client: web::trader_link::client_config(&req, &sub)?,
        language: options.language.map(Into::into),
    };
    let (trader, task) = link(config, Arc::clone(&replica), hub.clone());
    let app = App::new(Parts { auth, trader, replica, hub, cors_origins: Vec::new(), clock: system_clock() });
    println!("listening on http://{address}");
    let _ = std::io::stdout().flush();
    let (served, (), ()) = tokio::join!(serve(app, listener, stop.clone()), task.run(stop.clone()), pumps.run(stop));
    served.context("the web server failed")
}

pub(crate) fn check(_: &WebOptions) -> anyhow::Result<()> {
    anyhow::bail!("not yet")
}
pub(crate) fn user(_: &UserOptions) -> anyhow::Result<()> {
    anyhow::bail!("not yet")
}
