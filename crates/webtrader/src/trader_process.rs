//! `webtrader trader`: the trading process alone.

use crate::cli::{AppName, Generation, TraderOptions};
use crate::signals::stop_token;
use anyhow::Context;
use std::io::Write;
use trader::{App, Config, Dialect, Endpoint, Framing, SimOptions};

/// Zone of log times and order ids: the exchanges that VeighNa's users trade on are there.
const ZONE: &str = "Asia/Shanghai";

/// Runs until it is told to stop.
pub(crate) fn run(options: &TraderOptions) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(serve(options))
}

async fn serve(options: &TraderOptions) -> anyhow::Result<()> {
    let state = options.state.make()?;
    let sim = SimOptions {
        recordings: options.sim.recordings.clone(),
        speed: options.sim.speed,
        again: options.sim.again,
        seed: options.sim.seed,
        rate: options.sim.rate,
        balance: options.sim.balance,
    };
    let language = options.language.into();
    let gateway = sim.gateway(&state, language, ZONE)?;
    let config = Config {
        request: endpoint(&options.rep)?,
        publish: endpoint(&options.publish)?,
        dialect: dialect(options),
        values: options.values.map(Into::into),
        language,
        zone: ZONE.into(),
    };
    let stop = stop_token(options.supervised)?;
    trader::run(config, vec![gateway], stop, |ready| {
        println!("trader ready rep={} pub={}", ready.request, ready.publish);
        // Whoever waits for the line reads it from a pipe; a closed pipe is nobody's loss.
        let _ = std::io::stdout().flush();
    })
    .await?;
    Ok(())
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
