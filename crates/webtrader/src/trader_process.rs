//! `webtrader trader`: the trading process alone.

use crate::cli::{AppName, Generation, TraderOptions};
use crate::gateways::{GatewayFile, are_simulated, chosen, open};
use crate::record_args::RecordArgs;
use crate::signals::stop_token;
use anyhow::Context;
use std::io::Write;
use std::path::Path;
use trader::{About, App, BridgeConfig, Clock, Config, Configured, Dialect, Endpoint, Framing, Recording};

/// Zone of log times and order ids: the exchanges that VeighNa's users trade on are there.
const ZONE: &str = "Asia/Shanghai";

/// Runs until it is told to stop.
pub(crate) fn run(options: &TraderOptions) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(serve(options))
}

async fn serve(options: &TraderOptions) -> anyhow::Result<()> {
    let state = options.state.make()?;
    let language = options.language.into();
    let file = GatewayFile::find(options.file.path.as_deref())?;
    let chosen = chosen(file.as_ref(), &options.gateways, &|name| std::env::var(name).ok())?;
    let gateways = open(&chosen, &state, language, ZONE)?;
    let config = Config {
        request: endpoint(&options.rep)?,
        publish: endpoint(&options.publish)?,
        dialect: dialect(options),
        values: options.values.map(Into::into),
        language,
        clock: Clock::start(),
        zone: ZONE.into(),
        bridge: bridge(options.bridge.as_deref(), &state, &gateways, are_simulated(&chosen))?,
        recording: Some(recording(&options.recording, &state)),
        state: Some(state),
    };
    let stop = stop_token(options.supervised)?;
    trader::run(config, gateways, stop, |ready| {
        print!("trader ready rep={} pub={}", ready.request, ready.publish);
        if let Some(bridge) = &ready.bridge {
            print!(" bridge={bridge}");
        }
        if let Some(fingerprint) = &ready.fingerprint {
            print!(" fingerprint={fingerprint}");
        }
        println!();
        // Whoever waits for the line reads it from a pipe; a closed pipe is nobody's loss.
        let _ = std::io::stdout().flush();
    })
    .await?;
    Ok(())
}

/// What is recorded: by default bars, into a database of our own in the state folder, as VeighNa names its one.
fn recording(args: &RecordArgs, state: &Path) -> Recording {
    Recording {
        database: args.database.clone().unwrap_or_else(|| state.join("database.db")),
        zone: args.database_zone.as_deref().map_or_else(trader::system_zone, Into::into),
        record: args.record.into(),
    }
}

/// The bridge with its keys in the state folder. A folder whose path is too long for a socket has it on loopback.
fn bridge(
    address: Option<&str>,
    state: &Path,
    gateways: &[Configured],
    simulated: bool,
) -> anyhow::Result<Option<BridgeConfig>> {
    let own = format!("unix:{}", state.join("bridge.sock").display());
    let address: trader::Address = match address {
        Some("none") => return Ok(None),
        Some(text) => text.parse()?,
        None => own.parse().or_else(|_| "tcp://127.0.0.1:0".parse())?,
    };
    let name = gateways.first().map_or_else(Default::default, |(gateway, _)| gateway.name().into());
    let program = concat!("webtrader ", env!("CARGO_PKG_VERSION")).into();
    let about = About { trader: name, program, simulated: Some(simulated), ..About::default() };
    Ok(Some(BridgeConfig::in_folder(address, state, about)?))
}

fn endpoint(text: &str) -> anyhow::Result<Endpoint> {
    text.parse().with_context(|| format!("{text} is no address; it should look like tcp://127.0.0.1:2014"))
}

fn dialect(options: &TraderOptions) -> Dialect {
    let app = match options.dialect {
        AppName::Webtrader => App::WebTrader,
        AppName::Rpcservice => App::RpcService,
    };
    let framing = match options.generation {
        Generation::UpTo44 => Framing::OneFrame,
        Generation::From45 => Framing::TwoFrames,
    };
    Dialect { app, framing }
}
