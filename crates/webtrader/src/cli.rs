//! Arguments. Help texts are what a user reads first.

use crate::data_args::DataOptions;
use crate::record_args::RecordArgs;
use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use web::auth::Role;

/// Algorithmic trading on the web: in front of your VeighNa, or complete without it.
#[derive(Debug, Parser)]
#[command(
    version,
    about = "Algorithmic trading on the web: in front of your VeighNa, or complete without it.",
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start everything: a trading process with a simulated exchange, and the web process in front of it.
    Run(RunOptions),
    /// Start the trading process alone; VeighNa's own clients can connect to it.
    Trader(TraderOptions),
    /// Start the web process alone, in front of a VeighNa or of our trading process.
    Web(WebOptions),
    /// Show what the web process would use, where each setting comes from, and what is wrong with it.
    Check(WebOptions),
    /// Add, change, list or remove who may log in.
    User(UserOptions),
    /// Import, export, list or delete recorded bars; the file is one that VeighNa can use too.
    Data(DataOptions),
}

#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    #[command(flatten)]
    pub(crate) state: State,
    /// Address of the web page; 127.0.0.1:8000 where neither this nor the configuration file says another one.
    #[arg(long, env = "WEBTRADER_LISTEN", value_name = "HOST:PORT")]
    pub(crate) listen: Option<String>,
    /// Language of names, texts and enum values.
    #[arg(long, value_enum, default_value = "zh")]
    pub(crate) language: LanguageName,
    #[command(flatten)]
    pub(crate) file: ConfigFile,
    #[command(flatten)]
    pub(crate) recording: RecordArgs,
    #[command(flatten)]
    pub(crate) gateways: GatewayArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigFile {
    /// Our configuration file; without it `webtrader.toml` here, if there is one. Its `[[gateway]]` tables are the trading
    /// process's gateways; flags count more.
    #[arg(long = "config", env = "WEBTRADER_CONFIG", value_name = "FILE")]
    pub(crate) path: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct State {
    /// Folder for users, secrets and the simulated account; made if it is not there.
    #[arg(long = "state", env = "WEBTRADER_STATE", value_name = "FOLDER", global = true)]
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct TraderOptions {
    #[command(flatten)]
    pub(crate) state: State,
    /// Address for requests; port 0 lets the system choose.
    #[arg(long, default_value = "tcp://127.0.0.1:2014", value_name = "ADDRESS")]
    pub(crate) rep: String,
    /// Address for events.
    #[arg(long = "pub", default_value = "tcp://127.0.0.1:4102", value_name = "ADDRESS")]
    pub(crate) publish: String,
    /// Which of VeighNa's apps to be for its clients.
    #[arg(long, value_enum, default_value = "rpcservice")]
    pub(crate) dialect: AppName,
    /// VeighNa version of the clients: 4.3 stands for all up to 4.4, 4.5 for all from 4.5 on.
    #[arg(long, value_enum, default_value = "4.5")]
    pub(crate) generation: Generation,
    /// Language of names and texts.
    #[arg(long, value_enum, default_value = "zh")]
    pub(crate) language: LanguageName,
    /// Write enum members by their value in this language instead of by name. By name every client reads them.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(crate) values: Option<LanguageName>,
    /// Address of the bridge, by which our web process and scripts do all that this process can: `unix:/PATH`,
    /// `tcp://127.0.0.1:PORT`, `tls://HOST:PORT`, or `none`. Without it `bridge.sock` in the state folder. Its secret is
    /// `bridge.token` there.
    #[arg(long, env = "WEBTRADER_TRADER_BRIDGE", value_name = "ADDRESS")]
    pub(crate) bridge: Option<String>,
    /// Stop when standard input ends.
    #[arg(long, hide = true)]
    pub(crate) supervised: bool,
    #[command(flatten)]
    pub(crate) file: ConfigFile,
    #[command(flatten)]
    pub(crate) recording: RecordArgs,
    #[command(flatten)]
    pub(crate) gateways: GatewayArgs,
}

#[derive(Debug, Default, Args)]
pub(crate) struct GatewayArgs {
    /// A VeighNa that serves RpcService (or WebTrader) as a gateway of this name, by its REP and PUB address; may be
    /// given several times.
    #[arg(long = "rpc", value_name = "NAME=ADDRESS,ADDRESS")]
    pub(crate) remotes: Vec<Remote>,
    /// Without the simulated exchange.
    #[arg(long)]
    pub(crate) no_sim: bool,
    #[command(flatten)]
    pub(crate) sim: SimArgs,
}

/// A remote VeighNa, as on the command line.
#[derive(Clone, Debug)]
pub(crate) struct Remote {
    /// Name of the gateway.
    pub(crate) name: String,
    /// REP address.
    pub(crate) request: String,
    /// PUB address.
    pub(crate) publish: String,
}

impl std::str::FromStr for Remote {
    type Err = String;

    fn from_str(text: &str) -> Result<Remote, String> {
        let form = || "it should look like CTP=tcp://127.0.0.1:2014,tcp://127.0.0.1:4102".to_owned();
        let (name, addresses) = text.split_once('=').ok_or_else(form)?;
        let (request, publish) = addresses.split_once(',').ok_or_else(form)?;
        crate::gateways::check_name(name)?;
        for address in [request, publish] {
            address.parse::<trader::Endpoint>().map_err(|error| format!("{address} is no address: {error}"))?;
        }
        Ok(Remote { name: name.to_owned(), request: request.to_owned(), publish: publish.to_owned() })
    }
}

#[derive(Debug, Default, Args)]
pub(crate) struct SimArgs {
    /// Replay this recording (CSV, plain or gz; `SYMBOL.EXCHANGE=PATH` where the file does not say) instead of
    /// generating a market; may be given several times.
    #[arg(long = "replay", value_name = "FILE")]
    pub(crate) recordings: Vec<PathBuf>,
    /// Speed of the replay; 1 is as recorded.
    #[arg(long, value_name = "FACTOR")]
    pub(crate) speed: Option<f64>,
    /// Replay again from the beginning when it has ended.
    #[arg(long)]
    pub(crate) again: bool,
    /// Seed of the generated market: the same seed gives the same market.
    #[arg(long)]
    pub(crate) seed: Option<i64>,
    /// Ticks of each instrument in a second.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) rate: Option<f64>,
    /// Money of a new account, in CNY.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) balance: Option<f64>,
}

#[derive(Debug, Args)]
pub(crate) struct WebOptions {
    #[command(flatten)]
    pub(crate) state: State,
    /// Our configuration file; without it `webtrader.toml` here, or VeighNa's `web_trader_setting.json`.
    #[arg(long, env = "WEBTRADER_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Folder that has VeighNa's `web_trader_setting.json`.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) vntrader: Option<PathBuf>,
    /// Address of the web page.
    #[arg(long, env = "WEBTRADER_LISTEN", value_name = "HOST:PORT")]
    pub(crate) listen: Option<String>,
    /// The trading process's address for requests.
    #[arg(long, env = "WEBTRADER_REQ", value_name = "ADDRESS")]
    pub(crate) req: Option<String>,
    /// The trading process's address for events.
    #[arg(long = "sub", env = "WEBTRADER_SUB", value_name = "ADDRESS")]
    pub(crate) subscribe: Option<String>,
    /// Address of a trading process's bridge (`unix:/path`, `tcp://127.0.0.1:PORT`, `tls://HOST:PORT`), in place of the
    /// two others.
    #[arg(long, env = "WEBTRADER_BRIDGE", value_name = "ADDRESS", conflicts_with_all = ["req", "subscribe"])]
    pub(crate) bridge: Option<String>,
    /// File with the secret of the trading process's bridge: `bridge.token` of its state folder. Without it that of our
    /// own state folder, if there is one.
    #[arg(long, env = "WEBTRADER_TOKEN_FILE", value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// SHA-256 of the bridge's certificate, which a `tls://` address needs; the trading process prints it at its start.
    #[arg(long, env = "WEBTRADER_FINGERPRINT", value_name = "HEX")]
    pub(crate) fingerprint: Option<String>,
    /// Language of the trading process's enum values; found out where it is not given.
    #[arg(long, value_enum, env = "WEBTRADER_LANGUAGE")]
    pub(crate) language: Option<LanguageName>,
    /// Name of the trading process on the page.
    #[arg(long, env = "WEBTRADER_NAME")]
    pub(crate) name: Option<String>,
    /// Stop when standard input ends.
    #[arg(long, hide = true)]
    pub(crate) supervised: bool,
}

#[derive(Debug, Args)]
pub(crate) struct UserOptions {
    #[command(flatten)]
    pub(crate) state: State,
    #[command(subcommand)]
    pub(crate) action: UserAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserAction {
    /// Add a user; the password is asked for, or read from standard input.
    Add {
        name: String,
        /// What he may do: `viewer` looks, `trader` trades too, `admin` decides on the page who may log in, too. The first
        /// user has to be an admin.
        #[arg(long, value_name = "admin|trader|viewer", default_value_t = Role::Admin)]
        role: Role,
    },
    /// Change a user's role.
    Role {
        name: String,
        /// What he may do.
        #[arg(long, value_name = "admin|trader|viewer")]
        role: Role,
    },
    /// Change a user's password.
    Passwd { name: String },
    /// List the users with their roles.
    List,
    /// Remove a user.
    Remove { name: String },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LanguageName {
    Zh,
    En,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum AppName {
    Webtrader,
    Rpcservice,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Generation {
    #[value(name = "4.3")]
    UpTo44,
    #[value(name = "4.5")]
    From45,
}

impl State {
    /// The folder to use, made for its owner alone where it is not there.
    pub(crate) fn make(&self) -> anyhow::Result<PathBuf> {
        let folder = self.path();
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.with_context(|| format!("cannot make the state folder {}", folder.display()))?;
        Ok(folder)
    }

    /// The folder to use.
    pub(crate) fn path(&self) -> PathBuf {
        let home = || std::env::home_dir().unwrap_or_else(|| PathBuf::from("."));
        self.folder.clone().unwrap_or_else(|| home().join(".webtrader"))
    }
}

impl From<LanguageName> for trader::Language {
    fn from(name: LanguageName) -> trader::Language {
        match name {
            LanguageName::Zh => trader::Language::Zh,
            LanguageName::En => trader::Language::En,
        }
    }
}
