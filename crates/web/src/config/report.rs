//! `webtrader check`: everything that would be used, from where, and what is wrong. No secret is in it.

use super::start::plain_advice;
use super::{Config, Overrides, Places, Setting, Source, TraderConfig, Way};
use crate::auth::UserError;
use crate::history_file::HistoryFile;
use crate::trader_link::bridge_config;
use std::fmt;
use std::path::Path;

/// What `webtrader check` prints.
#[derive(Debug, Default)]
pub struct Report {
    /// Name, value, source.
    pub lines: Vec<(&'static str, String, String)>,
    /// What is wrong or worth knowing.
    pub problems: Vec<Problem>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The web process would not start.
    Error(String),
    /// It would, but look at this.
    Warning(String),
}

/// Looks at the configuration without starting anything.
pub fn check(overrides: &Overrides, places: &Places<'_>) -> Report {
    let mut report = Report::default();
    match Config::load(overrides, places) {
        Ok(config) => report.describe(&config),
        Err(error) => report.error(&error),
    }
    report
}

impl Report {
    /// Whether the web process would not start.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| matches!(problem, Problem::Error(_)))
    }

    fn describe(&mut self, config: &Config) {
        self.line("listen", &config.listen, ToString::to_string);
        config.traders.iter().for_each(|trader| self.trader(trader, &config.state));
        self.line("cors_origins", &config.cors_origins, |origins| {
            if origins.is_empty() { "none (CORS is off)".to_owned() } else { origins.join(", ") }
        });
        self.line("behind_proxy", &config.behind_proxy, ToString::to_string);
        if let Some(history) = &config.history {
            self.history(history);
        }
        self.lines.push(("state", config.state.display().to_string(), "folder of users and secrets".to_owned()));
        self.users(config);
        self.addresses(config);
        for key in &config.ignored_keys {
            self.problems
                .push(Problem::Warning(format!("{key:?} of VeighNa's file means nothing to us and is ignored")));
        }
    }

    fn trader(&mut self, trader: &TraderConfig, state: &Path) {
        self.line("trader.name", &trader.name, ToString::to_string);
        match &trader.way {
            Way::Veighna { req, publish } => {
                self.line("trader.req_address", req, ToString::to_string);
                self.line("trader.sub_address", publish, ToString::to_string);
                if req.value == publish.value {
                    let text = "req_address and sub_address are the same; the trading process has one for each";
                    self.problems.push(Problem::Error(text.to_owned()));
                }
            }
            Way::Bridge { address, token_file, fingerprint } => {
                self.line("trader.bridge", address, ToString::to_string);
                if let Some(file) = token_file {
                    self.line("trader.token_file", file, |file| file.display().to_string());
                }
                if let Some(fingerprint) = fingerprint {
                    self.line("trader.fingerprint", fingerprint, ToString::to_string);
                }
                let (file, print) =
                    (token_file.as_ref().map(|file| &*file.value), fingerprint.as_ref().map(|text| &*text.value));
                if let Err(error) = bridge_config(&address.value, file, print, state) {
                    self.problems.push(Problem::Error(format!("trader {}: {error}", trader.name.value)));
                }
            }
        }
        self.line("trader.language", &trader.language, |language| {
            language
                .map_or_else(|| "found out at connect".to_owned(), |language| format!("{language:?}").to_lowercase())
        });
        self.line("trader.simulated", &trader.simulated, |simulated| match simulated {
            Some(simulated) => simulated.to_string(),
            None => "as it says itself; else taken for real".to_owned(),
        });
    }

    fn history(&mut self, history: &Setting<HistoryFile>) {
        self.line("history.database", history, |file| file.path.display().to_string());
        self.line("history.timezone", history, |file| file.zone.clone());
        if let Err(error) = history.value.check() {
            self.problems.push(Problem::Warning(format!("no bars come from there: {error}")));
        }
    }

    fn users(&mut self, config: &Config) {
        match config.users().list() {
            Err(error) => return self.error(&error),
            Ok(users) if users.is_empty() => {
                let plain = &config.plain_user;
                self.line("user", plain, |plain| format!("{}, password in plain text", plain.name));
                if plain.source != Source::Default {
                    self.problems.push(Problem::Warning(plain_advice(&plain.value.name)));
                }
            }
            Ok(users) => {
                let names: Vec<&str> = users.iter().map(|user| user.name.as_str()).collect();
                self.lines.push(("users", names.join(", "), config.users().path().display().to_string()));
            }
        }
        self.exposure(config, config.weak_password());
    }

    fn exposure(&mut self, config: &Config, weak: Result<Option<&'static str>, UserError>) {
        match weak {
            Err(error) => self.error(&error),
            Ok(Some(problem)) if !config.listen.value.is_loopback() => self.problems.push(Problem::Error(format!(
                "{} can be reached by others, and the password is {problem}; add a user of your own: webtrader user add NAME",
                config.listen.value
            ))),
            Ok(Some(problem)) => self.problems.push(Problem::Warning(format!(
                "the password is {problem}: good enough only while nobody but this machine reaches the page"
            ))),
            Ok(None) => {}
        }
    }

    fn addresses(&mut self, config: &Config) {
        for origin in config.cors_origins.value.iter().filter(|origin| !is_origin(origin)) {
            let text = format!("{origin:?} in cors_origins is no origin: write scheme://host or scheme://host:port");
            self.problems.push(Problem::Error(text));
        }
    }

    fn line<T>(&mut self, name: &'static str, setting: &Setting<T>, print: impl FnOnce(&T) -> String) {
        self.lines.push((name, print(&setting.value), setting.source.to_string()));
    }

    fn error(&mut self, error: &dyn fmt::Display) {
        self.problems.push(Problem::Error(error.to_string()));
    }
}

fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.trim_end_matches('/').contains(['/', '*', ' ']))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.lines.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
        for (name, value, source) in &self.lines {
            writeln!(f, "{name:width$}  {value}  ({source})")?;
        }
        for problem in &self.problems {
            match problem {
                Problem::Error(text) => writeln!(f, "error: {text}")?,
                Problem::Warning(text) => writeln!(f, "warning: {text}")?,
            }
        }
        if self.problems.is_empty() { writeln!(f, "nothing is wrong with it") } else { Ok(()) }
    }
}
