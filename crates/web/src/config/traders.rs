//! The trading processes of a configuration: one, from anywhere, or several, from our file.
//!
//! VeighNa's file, environment and flags know one trading process: they speak of the first. Always true: names are
//! unique, because the API and the page tell the desks apart by them.

use super::{ConfigError, Layers, Setting, Source, by_default};
use crate::config::files::TraderSection;
use domain::{Language, Text};
use rpc::Endpoint;
use std::path::PathBuf;

/// Name of the only trading process where nobody gave it one.
const DEFAULT_NAME: &str = "veighna";
const DEFAULT_REQ: &str = "tcp://127.0.0.1:2014";
const DEFAULT_SUB: &str = "tcp://127.0.0.1:4102";

/// One trading process.
#[derive(Clone, Debug)]
pub struct TraderConfig {
    /// Its name, in the API and on the page.
    pub name: Setting<Text>,
    /// The way to it.
    pub way: Way,
    /// Language of its enum values; found out where absent.
    pub language: Setting<Option<Language>>,
    /// Whether no order reaches a real market; what it says itself where absent.
    pub simulated: Setting<Option<bool>>,
}

/// How a trading process is reached.
#[derive(Clone, Debug)]
pub enum Way {
    /// VeighNa's RPC, in any of its dialects.
    Veighna {
        /// Its REP address.
        req: Setting<Endpoint>,
        /// Its PUB address.
        publish: Setting<Endpoint>,
    },
    /// The bridge of our own trading process, or of the companion app in a VeighNa.
    Bridge {
        /// Where it listens.
        address: Setting<String>,
        /// The file with the secret that both ends share; that of our state folder where absent.
        token_file: Option<Setting<PathBuf>>,
        /// SHA-256 of its certificate, where it is reached by TLS.
        fingerprint: Option<Setting<String>>,
    },
}

/// Which of VeighNa's two addresses.
#[derive(Clone, Copy)]
enum Key {
    Req,
    Sub,
}

impl Key {
    fn name(self) -> &'static str {
        match self {
            Key::Req => "req_address",
            Key::Sub => "sub_address",
        }
    }

    fn of(self, section: &TraderSection) -> Option<String> {
        match self {
            Key::Req => section.req_address.clone(),
            Key::Sub => section.sub_address.clone(),
        }
    }
}

impl Layers<'_> {
    pub(super) fn traders(&self) -> Result<Vec<TraderConfig>, ConfigError> {
        let mut traders = vec![TraderConfig {
            name: self.first_name(),
            way: self.first_way()?,
            language: self.first_language(),
            simulated: self.first_simulated(),
        }];
        let Some(file) = &self.ours else { return Ok(traders) };
        let origin = Source::File(file.path.clone());
        for section in &file.content.trader {
            one_way(section).map_err(|reason| ConfigError::Traders { origin: origin.clone(), reason })?;
        }
        for section in file.content.trader.iter().skip(1) {
            traders.push(further(section, &origin)?);
        }
        let mut names: Vec<&Text> = traders.iter().map(|trader| &trader.name.value).collect();
        names.sort();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            let reason =
                format!("two trading processes are named {:?}; give each [[trader]] a name of its own", twice[0]);
            return Err(ConfigError::Traders { origin, reason });
        }
        Ok(traders)
    }

    fn first_name(&self) -> Setting<Text> {
        let given =
            self.overrides.name.as_deref().map(Text::new).map(|name| self.given("WEBTRADER_NAME", "--name", name));
        given
            .or_else(|| self.first_says(|section| section.name.as_deref().map(Text::new)))
            .unwrap_or_else(|| by_default(Text::new(DEFAULT_NAME)))
    }

    fn first_way(&self) -> Result<Way, ConfigError> {
        let given = self.overrides.bridge.clone().map(|text| self.given("WEBTRADER_BRIDGE", "--bridge", text));
        let with_addresses = self.overrides.req_address.is_some() || self.overrides.sub_address.is_some();
        let ours = || self.first_says(|section| section.bridge.clone()).filter(|_| !with_addresses);
        let token_file = self.overrides.token_file.clone().map(|file| {
            let text = file.display().to_string();
            Setting { source: self.given("WEBTRADER_TOKEN_FILE", "--token-file", text).source, value: file }
        });
        let fingerprint =
            self.overrides.fingerprint.clone().map(|text| self.given("WEBTRADER_FINGERPRINT", "--fingerprint", text));
        let Some(address) = given.or_else(ours) else {
            let unused = token_file.map(|file| file.source).or(fingerprint.map(|text| text.source));
            if let Some(origin) = unused {
                let reason =
                    "is the bridge's, and no bridge is named: give its address, too, --bridge ADDRESS".to_owned();
                return Err(ConfigError::Traders { origin, reason });
            }
            let (req, publish) =
                (self.first_address(Key::Req, DEFAULT_REQ)?, self.first_address(Key::Sub, DEFAULT_SUB)?);
            return Ok(Way::Veighna { req, publish });
        };
        Ok(Way::Bridge {
            address,
            token_file: token_file.or_else(|| self.first_says(|section| section.token_file.clone())),
            fingerprint: fingerprint.or_else(|| self.first_says(|section| section.fingerprint.clone())),
        })
    }

    fn first_address(&self, key: Key, default: &str) -> Result<Setting<Endpoint>, ConfigError> {
        let (given, variable, flag) = match key {
            Key::Req => (&self.overrides.req_address, "WEBTRADER_REQ", "--req"),
            Key::Sub => (&self.overrides.sub_address, "WEBTRADER_SUB", "--sub"),
        };
        let given = given.clone().map(|text| self.given(variable, flag, text));
        let ours = || self.first_says(|section| key.of(section));
        let veighna = || {
            self.veighna_says(|file| match key {
                Key::Req => file.content.req_address.clone(),
                Key::Sub => file.content.sub_address.clone(),
            })
        };
        endpoint(key, given.or_else(ours).or_else(veighna).unwrap_or_else(|| by_default(default.to_owned())))
    }

    fn first_language(&self) -> Setting<Option<Language>> {
        let given = self.overrides.language.map(|language| {
            let variable = "WEBTRADER_LANGUAGE";
            let source = if (self.places.environment)(variable).is_some() {
                Source::Environment(variable)
            } else {
                Source::Flag("--language")
            };
            Setting { value: Some(language), source }
        });
        given
            .or_else(|| self.first_says(|section| section.language.map(Language::from)).map(Setting::some))
            .unwrap_or_else(|| by_default(None))
    }

    fn first_simulated(&self) -> Setting<Option<bool>> {
        self.first_says(|section| section.simulated).map_or_else(|| by_default(None), Setting::some)
    }

    fn first_says<T>(&self, read: impl FnOnce(&TraderSection) -> Option<T>) -> Option<Setting<T>> {
        self.ours_says(|file| file.content.trader.first().and_then(read))
    }
}

/// A table says one way to a trading process: what it says of another one would silently not count.
fn one_way(section: &TraderSection) -> Result<(), String> {
    let name = section.name.as_deref().unwrap_or("the first one");
    let of_veighna = section.req_address.is_some() || section.sub_address.is_some();
    let of_bridge = section.token_file.is_some() || section.fingerprint.is_some();
    match section.bridge {
        Some(_) if of_veighna => Err(format!(
            "{name} has both a bridge and VeighNa's req_address or sub_address; it is reached by one of them"
        )),
        None if of_bridge => Err(format!("{name} has a token_file or a fingerprint, and no bridge that they are for")),
        Some(_) | None => Ok(()),
    }
}

/// One of the others: all of it stands in our file, and nothing is assumed.
fn further(section: &TraderSection, origin: &Source) -> Result<TraderConfig, ConfigError> {
    let wrong = |reason: String| ConfigError::Traders { origin: origin.clone(), reason };
    let name = section.name.as_deref().filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| wrong("each [[trader]] after the first needs a name".to_owned()))?;
    let setting = |text: String| Setting { value: text, source: origin.clone() };
    let address = |key: Key| match key.of(section) {
        Some(text) => endpoint(key, setting(text)),
        None => Err(wrong(format!("[[trader]] {name} needs req_address and sub_address, or bridge"))),
    };
    let way = match &section.bridge {
        Some(text) => Way::Bridge {
            address: setting(text.clone()),
            token_file: section.token_file.clone().map(|value| Setting { value, source: origin.clone() }),
            fingerprint: section.fingerprint.clone().map(setting),
        },
        None => Way::Veighna { req: address(Key::Req)?, publish: address(Key::Sub)? },
    };
    let language = Setting { value: section.language.map(Language::from), source: origin.clone() };
    let simulated = Setting { value: section.simulated, source: origin.clone() };
    Ok(TraderConfig { name: Setting { value: Text::new(name), source: origin.clone() }, way, language, simulated })
}

fn endpoint(key: Key, text: Setting<String>) -> Result<Setting<Endpoint>, ConfigError> {
    let origin = text.source.clone();
    let value = connectable(&text.value).map_err(|reason| ConfigError::Address { key: key.name(), origin, reason })?;
    Ok(Setting { value, source: text.source })
}

/// An address that can be connected to: a peer listens on `*` or lets the system choose a port, a client cannot.
fn connectable(text: &str) -> Result<Endpoint, String> {
    let endpoint: Endpoint = text.parse().map_err(|error: <Endpoint as std::str::FromStr>::Err| error.to_string())?;
    match &endpoint {
        Endpoint::Tcp { host, .. } if host == "*" => {
            Err(format!("{text:?} is an address to listen on; to connect, name a host: tcp://127.0.0.1:…"))
        }
        Endpoint::Tcp { port: 0, .. } => Err(format!("{text:?} has no port to connect to")),
        Endpoint::Tcp { .. } | Endpoint::Ipc(_) => Ok(endpoint),
    }
}
