//! Configuration of the web process: what would be used, where each value comes from, what is wrong with it.
//!
//! Later wins: defaults, VeighNa's `web_trader_setting.json`, our `webtrader.toml`, environment, flags. So a
//! VeighNa user changes nothing, and whoever wants more writes a file of ours. Always true: a file that is there
//! is read whole or refused by name, line and column; nothing of it is guessed.

mod files;
mod listen;
mod report;
mod start;
mod traders;

pub use files::FileError;
pub use listen::{Listen, ListenError};
pub use report::{Problem, Report, check};
pub use start::StartError;
pub use traders::{TraderConfig, Way};

use crate::auth::{Password, PlainUser, UserFile};
use crate::history_file::HistoryFile;
use domain::Language;
use files::{OurFile, VeighnaFile};
use std::fmt;
use std::path::{Path, PathBuf};

/// What was given on the command line or, for what the binary reads there, in the environment.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Our file; `webtrader.toml` of the current folder where absent, and none if that is not there.
    pub config: Option<PathBuf>,
    /// The folder that has VeighNa's `web_trader_setting.json`.
    pub vntrader: Option<PathBuf>,
    /// `HOST:PORT` of the web page.
    pub listen: Option<String>,
    /// The trading process's REP address.
    pub req_address: Option<String>,
    /// Its PUB address.
    pub sub_address: Option<String>,
    /// Language of its enum values.
    pub language: Option<Language>,
    /// Its name on the page.
    pub name: Option<String>,
    /// Address of its bridge, in place of REP and PUB.
    pub bridge: Option<String>,
    /// The file with the bridge's secret.
    pub token_file: Option<PathBuf>,
    /// SHA-256 of the bridge's certificate.
    pub fingerprint: Option<String>,
    /// Folder of users and secrets.
    pub state: PathBuf,
}

/// The surroundings, given in so that tests have their own.
pub struct Places<'a> {
    /// The current folder.
    pub current: PathBuf,
    /// The user's home.
    pub home: PathBuf,
    /// Reads an environment variable.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody said anything.
    Default,
    /// A file.
    File(PathBuf),
    /// An environment variable.
    Environment(&'static str),
    /// A flag.
    Flag(&'static str),
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub source: Source,
}

/// All that the web process needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the page is.
    pub listen: Setting<Listen>,
    /// The trading processes, at least one; the classic surface is that of the first.
    pub traders: Vec<TraderConfig>,
    /// Origins whose pages may call us.
    pub cors_origins: Setting<Vec<String>>,
    /// Whether a reverse proxy on this machine tells clients' addresses in `X-Forwarded-For`.
    pub behind_proxy: Setting<bool>,
    /// A database whose bars are shown beside those of the trading processes: a VeighNa's on this machine.
    pub history: Option<Setting<HistoryFile>>,
    /// Who may log in while `users.json` has nobody.
    pub plain_user: Setting<PlainUser>,
    /// Language of our own locale, as Python's gettext would find it.
    pub own_language: Language,
    /// Folder of users and secrets.
    pub state: PathBuf,
    /// Our configuration file, where there is one.
    pub ours: Option<PathBuf>,
    /// Keys of VeighNa's file that mean nothing to us.
    pub ignored_keys: Vec<String>,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// An address of the trading process is none.
    #[error("{key} ({origin}): {reason}")]
    Address {
        /// Which.
        key: &'static str,
        /// Where it comes from.
        origin: Source,
        /// What is wrong with it.
        reason: String,
    },
    /// The trading processes do not fit together.
    #[error("trader ({origin}): {reason}")]
    Traders {
        /// Where they come from.
        origin: Source,
        /// What is wrong.
        reason: String,
    },
    /// The database of bars cannot be used as it is described.
    #[error("history ({origin}): {reason}")]
    History {
        /// Where it comes from.
        origin: Source,
        /// What is wrong.
        reason: String,
    },
    /// Where to listen is not clear.
    #[error("listen ({origin}): {reason}")]
    Listen {
        /// Where it comes from.
        origin: Source,
        /// What is wrong with it.
        reason: ListenError,
    },
}

const DEFAULT_LISTEN: &str = "127.0.0.1:8000";
/// User and password of VeighNa's own window until somebody changes them.
pub(crate) const DEFAULT_USER: &str = "vnpy";

impl Config {
    /// Reads files and puts the layers over each other.
    ///
    /// # Errors
    /// A file is there and cannot be used, or an address is none.
    pub fn load(overrides: &Overrides, places: &Places<'_>) -> Result<Config, ConfigError> {
        let veighna = VeighnaFile::find(overrides.vntrader.as_deref(), places)?;
        let ours = OurFile::find(overrides.config.as_deref(), places)?;
        let layers = Layers { overrides, places, ours, veighna };
        Ok(Config {
            listen: layers.listen()?,
            traders: layers.traders()?,
            cors_origins: layers.cors_origins(),
            behind_proxy: layers.behind_proxy(),
            history: layers.history()?,
            plain_user: layers.plain_user(),
            own_language: own_language(places),
            state: overrides.state.clone(),
            ours: layers.ours.map(|file| file.path),
            ignored_keys: layers.veighna.map(|file| file.content.ignored).unwrap_or_default(),
        })
    }

    /// The users of the state folder.
    pub fn users(&self) -> UserFile {
        UserFile::in_folder(&self.state)
    }
}

/// The first of gettext's variables that says something; VeighNa has English beside Chinese and nothing else.
fn own_language(places: &Places<'_>) -> Language {
    let variables = ["LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"];
    let said = variables.iter().filter_map(|name| (places.environment)(name)).find(|text| !text.is_empty());
    if said.is_some_and(|text| text.starts_with("en")) { Language::En } else { Language::Zh }
}

struct Layers<'a> {
    overrides: &'a Overrides,
    places: &'a Places<'a>,
    ours: Option<OurFile>,
    veighna: Option<VeighnaFile>,
}

impl Layers<'_> {
    fn listen(&self) -> Result<Setting<Listen>, ConfigError> {
        let given = self.overrides.listen.clone().map(|text| self.given("WEBTRADER_LISTEN", "--listen", text));
        let ours = || self.ours_says(|file| file.content.web.listen.clone());
        let setting = given.or_else(ours).or_else(|| self.veighna_listen());
        let text = setting.unwrap_or_else(|| by_default(DEFAULT_LISTEN.to_owned()));
        let value = text.value.parse().map_err(|reason| ConfigError::Listen { origin: text.source.clone(), reason })?;
        Ok(Setting { value, source: text.source })
    }

    /// VeighNa has host and port apart, and either may be missing.
    fn veighna_listen(&self) -> Option<Setting<String>> {
        let content = &self.veighna.as_ref()?.content;
        let host = content.host.as_deref().unwrap_or("127.0.0.1");
        let port = content.port.as_ref().map_or_else(|| "8000".to_owned(), ToString::to_string);
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        self.veighna_says(|_| (content.host.is_some() || content.port.is_some()).then(|| format!("{host}:{port}")))
    }

    fn behind_proxy(&self) -> Setting<bool> {
        self.ours_says(|file| file.content.web.behind_proxy).unwrap_or_else(|| by_default(false))
    }

    /// The zone is VeighNa's `database.timezone`, so without one it is VeighNa's default, the system's.
    fn history(&self) -> Result<Option<Setting<HistoryFile>>, ConfigError> {
        let Some(file) = &self.ours else { return Ok(None) };
        let origin = Source::File(file.path.clone());
        let section = &file.content.history;
        let wrong = |reason: String| ConfigError::History { origin: origin.clone(), reason };
        let Some(path) = section.database.clone() else {
            return match section.timezone {
                Some(_) => Err(wrong("timezone is that of a database; name the file as `database`".to_owned())),
                None => Ok(None),
            };
        };
        let zone = section.timezone.clone().unwrap_or_else(history::system_zone);
        if jiff::tz::TimeZone::get(&zone).is_err() {
            return Err(wrong(format!("timezone: {zone:?} is no time zone, as for example Asia/Shanghai is one")));
        }
        Ok(Some(Setting { value: HistoryFile { path, zone }, source: origin }))
    }

    fn cors_origins(&self) -> Setting<Vec<String>> {
        self.ours_says(|file| file.content.web.cors_origins.clone()).unwrap_or_else(|| by_default(Vec::new()))
    }

    fn plain_user(&self) -> Setting<PlainUser> {
        let from_file = self.veighna_says(|file| {
            let (name, password) = (&file.content.username, &file.content.password);
            (name.is_some() || password.is_some()).then(|| PlainUser {
                name: name.clone().unwrap_or_else(|| DEFAULT_USER.to_owned()),
                password: password.clone().unwrap_or_else(|| Password::new(DEFAULT_USER)),
            })
        });
        let default = || PlainUser { name: DEFAULT_USER.to_owned(), password: Password::new(DEFAULT_USER) };
        from_file.unwrap_or_else(|| by_default(default()))
    }

    /// The binary reads flags and environment alike; the environment has it if it says the same.
    fn given<T: AsRef<str>>(&self, variable: &'static str, flag: &'static str, value: T) -> Setting<T> {
        let is_environment = (self.places.environment)(variable).is_some_and(|text| text == value.as_ref());
        let source = if is_environment { Source::Environment(variable) } else { Source::Flag(flag) };
        Setting { value, source }
    }

    fn ours_says<T>(&self, read: impl FnOnce(&OurFile) -> Option<T>) -> Option<Setting<T>> {
        let file = self.ours.as_ref()?;
        read(file).map(|value| Setting { value, source: Source::File(file.path.clone()) })
    }

    fn veighna_says<T>(&self, read: impl FnOnce(&VeighnaFile) -> Option<T>) -> Option<Setting<T>> {
        let file = self.veighna.as_ref()?;
        read(file).map(|value| Setting { value, source: Source::File(file.path.clone()) })
    }
}

impl<T> Setting<T> {
    fn some(self) -> Setting<Option<T>> {
        Setting { value: Some(self.value), source: self.source }
    }
}

fn by_default<T>(value: T) -> Setting<T> {
    Setting { value, source: Source::Default }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Default => f.write_str("default"),
            Source::File(path) => path.display().fmt(f),
            Source::Environment(name) => write!(f, "environment {name}"),
            Source::Flag(name) => f.write_str(name),
        }
    }
}

/// VeighNa's folder: `.vntrader` of the current folder if it is there, else of the home.
fn veighna_folder(given: Option<&Path>, places: &Places<'_>) -> PathBuf {
    let here = places.current.join(".vntrader");
    match given {
        Some(folder) => folder.to_owned(),
        None if here.is_dir() => here,
        None => places.home.join(".vntrader"),
    }
}

#[cfg(test)]
mod tests;
