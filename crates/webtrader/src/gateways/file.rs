//! The `[[gateway]]` tables of `webtrader.toml`.
//!
//! The web process reads the other tables of the same file (`web::config`); each knows the names of the other's tables, so
//! that an unknown one is an error for both. Always true: what is wrong is told with its line, or with the gateway's name
//! and the key.

use anyhow::Context;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The file's name, looked for in the current folder where no other one is given.
const NAME: &str = "webtrader.toml";
/// Longest text that a file of its own may hold: an address or a password has far less.
const WORD_BYTES: usize = 4096;

/// The file with its gateways, in their order.
#[derive(Debug)]
pub(crate) struct GatewayFile {
    pub(crate) path: PathBuf,
    pub(crate) tables: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    #[serde(default)]
    gateway: Vec<Table>,
    #[serde(default, rename = "web")]
    _web: IgnoredAny,
    #[serde(default, rename = "trader")]
    _trader: IgnoredAny,
    #[serde(default, rename = "history")]
    _history: IgnoredAny,
}

/// What kind of market a gateway is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// Our simulated exchange.
    Simulated,
    /// A VeighNa that serves its RPC.
    Veighna,
}

/// One `[[gateway]]`. Flat, so that an unknown key is told with its line; which keys belong to which kind is looked at
/// afterwards.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) req_address: Option<Word>,
    pub(crate) sub_address: Option<Word>,
    pub(crate) remote_gateway: Option<Word>,
    pub(crate) replay: Option<Vec<PathBuf>>,
    pub(crate) speed: Option<f64>,
    pub(crate) again: Option<bool>,
    pub(crate) seed: Option<i64>,
    pub(crate) rate: Option<f64>,
    pub(crate) balance: Option<f64>,
    pub(crate) balance_usd: Option<f64>,
    pub(crate) balance_usdt: Option<f64>,
}

/// A text, or where it stands: what should not be read in the file may be elsewhere.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(untagged, expecting = "a text, { file = \"PATH\" } or { env = \"NAME\" }")]
pub(crate) enum Word {
    /// In clear.
    Text(String),
    /// In a file of its own.
    Elsewhere(Place),
}

/// Where a text stands.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Place {
    /// The first line of this file.
    File(PathBuf),
    /// This environment variable.
    Env(String),
}

impl GatewayFile {
    /// Reads the file that was given, or the one of the current folder; none where that is not there.
    pub(crate) fn find(given: Option<&Path>) -> anyhow::Result<Option<GatewayFile>> {
        let path = given.map_or_else(|| PathBuf::from(NAME), Path::to_owned);
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound && given.is_none() => return Ok(None),
            read => read.with_context(|| path.display().to_string())?,
        };
        GatewayFile::read(path, &text).map(Some)
    }

    /// Reads its text.
    pub(crate) fn read(path: PathBuf, text: &str) -> anyhow::Result<GatewayFile> {
        let content: Content = toml::from_str(text)
            .map_err(|error| anyhow::anyhow!("{}: {}", path.display(), error.to_string().trim_end()))?;
        Ok(GatewayFile { path, tables: content.gateway })
    }
}

impl Word {
    /// The text itself.
    pub(crate) fn read(&self, environment: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
        match self {
            Word::Text(text) => Ok(text.clone()),
            Word::Elsewhere(Place::Env(name)) => {
                environment(name).ok_or_else(|| format!("the environment variable {name} is not set"))
            }
            Word::Elsewhere(Place::File(path)) => {
                let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
                let line = text.lines().next().unwrap_or("").trim();
                match line.len() {
                    0 => Err(format!("the first line of {} is empty", path.display())),
                    1..=WORD_BYTES => Ok(line.to_owned()),
                    _ => Err(format!("the first line of {} has more than {WORD_BYTES} bytes", path.display())),
                }
            }
        }
    }
}

/// As it may be shown: a text that stands elsewhere is there because nobody should read it here.
impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Word::Text(text) => f.write_str(text),
            Word::Elsewhere(Place::File(path)) => write!(f, "(from {})", path.display()),
            Word::Elsewhere(Place::Env(name)) => write!(f, "(from the environment, {name})"),
        }
    }
}
