//! The two files: our `webtrader.toml` and VeighNa's `web_trader_setting.json`.

use super::{Places, veighna_folder};
use crate::auth::Password;
use domain::Language;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A file that is there and cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong, with line and column where it is the content.
    pub reason: String,
}

/// `webtrader.toml`.
#[derive(Debug)]
pub(super) struct OurFile {
    pub(super) path: PathBuf,
    pub(super) content: OurContent,
}

/// An unknown key is an error: else a typing error in a security setting would go unseen.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OurContent {
    pub(super) web: WebSection,
    /// One `[trader]` table, or several `[[trader]]` ones.
    #[serde(deserialize_with = "one_or_several")]
    pub(super) trader: Vec<TraderSection>,
    pub(super) history: HistorySection,
    /// Of the trading process, which reads them itself.
    pub(super) gateway: Vec<serde::de::IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WebSection {
    pub(super) listen: Option<String>,
    pub(super) cors_origins: Option<Vec<String>>,
    pub(super) behind_proxy: Option<bool>,
}

/// A database of bars on this machine.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct HistorySection {
    pub(super) database: Option<PathBuf>,
    pub(super) timezone: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TraderSection {
    pub(super) name: Option<String>,
    pub(super) req_address: Option<String>,
    pub(super) sub_address: Option<String>,
    pub(super) bridge: Option<String>,
    pub(super) token_file: Option<PathBuf>,
    pub(super) fingerprint: Option<String>,
    pub(super) language: Option<LanguageName>,
    pub(super) simulated: Option<bool>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum LanguageName {
    Zh,
    En,
}

/// `web_trader_setting.json`.
#[derive(Debug)]
pub(super) struct VeighnaFile {
    pub(super) path: PathBuf,
    pub(super) content: VeighnaContent,
}

/// As VeighNa's window writes it. Keys that it does not write are VeighNa's to ignore, and so they are ours.
#[derive(Debug, Default)]
pub(super) struct VeighnaContent {
    pub(super) username: Option<String>,
    pub(super) password: Option<Password>,
    pub(super) req_address: Option<String>,
    pub(super) sub_address: Option<String>,
    pub(super) host: Option<String>,
    pub(super) port: Option<Port>,
    pub(super) ignored: Vec<String>,
}

/// VeighNa writes the port as a text; people write a number.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Port {
    Number(u64),
    Text(String),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawVeighna {
    username: Option<String>,
    password: Option<Password>,
    req_address: Option<String>,
    sub_address: Option<String>,
    host: Option<String>,
    port: Option<Port>,
    #[serde(flatten)]
    others: BTreeMap<String, serde::de::IgnoredAny>,
}

impl OurFile {
    pub(super) fn find(given: Option<&Path>, places: &Places<'_>) -> Result<Option<OurFile>, FileError> {
        let path = given.map_or_else(|| places.current.join("webtrader.toml"), Path::to_owned);
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && given.is_none() => return Ok(None),
            read => read.map_err(|error| wrong(&path, &error))?,
        };
        let content = toml::from_str(&text).map_err(|error| wrong(&path, &error))?;
        Ok(Some(OurFile { path, content }))
    }
}

impl VeighnaFile {
    pub(super) fn find(given: Option<&Path>, places: &Places<'_>) -> Result<Option<VeighnaFile>, FileError> {
        let path = veighna_folder(given, places).join("web_trader_setting.json");
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| wrong(&path, &error))?,
        };
        // Windows editors begin a file with a byte order mark.
        let raw: RawVeighna =
            serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| wrong(&path, &error))?;
        let content = VeighnaContent {
            username: raw.username,
            password: raw.password,
            req_address: raw.req_address,
            sub_address: raw.sub_address,
            host: raw.host,
            port: raw.port,
            ignored: raw.others.into_keys().collect(),
        };
        Ok(Some(VeighnaFile { path, content }))
    }
}

impl From<LanguageName> for Language {
    fn from(name: LanguageName) -> Language {
        match name {
            LanguageName::Zh => Language::Zh,
            LanguageName::En => Language::En,
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Port::Number(number) => number.fmt(f),
            Port::Text(text) => text.trim().fmt(f),
        }
    }
}

/// Not an untagged enum: that would hide which key is wrong, and where.
fn one_or_several<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<TraderSection>, D::Error> {
    use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
    struct Reader;
    impl<'de> serde::de::Visitor<'de> for Reader {
        type Value = Vec<TraderSection>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a [trader] table, or several [[trader]] tables")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            TraderSection::deserialize(MapAccessDeserializer::new(map)).map(|section| vec![section])
        }
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(items))
        }
    }
    deserializer.deserialize_any(Reader)
}

fn wrong(path: &Path, error: &dyn fmt::Display) -> FileError {
    FileError { path: path.to_owned(), reason: error.to_string().trim_end().to_owned() }
}
