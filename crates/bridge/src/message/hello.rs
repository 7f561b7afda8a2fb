//! The handshake: hello both ways, the client's proof, the welcome.

use domain::{Language, Text};
use serde::{Deserialize, Serialize};

/// First line of a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ClientHello {
    #[serde(rename = "type")]
    pub(crate) kind: Text,
    pub(crate) protocol: Text,
    pub(crate) versions: Vec<u32>,
    pub(crate) nonce: String,
    /// Who asks, for the trading process's log.
    #[serde(default)]
    pub(crate) client: Text,
}

/// First line of a trading process. It says nothing of itself yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ServerHello {
    #[serde(rename = "type")]
    pub(crate) kind: Text,
    pub(crate) protocol: Text,
    pub(crate) version: u32,
    pub(crate) nonce: String,
    /// `hmac-sha256`, or `none` where the way itself is private.
    pub(crate) auth: Text,
}

/// The client's proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Proof {
    #[serde(rename = "type")]
    pub(crate) kind: Text,
    pub(crate) mac: String,
}

/// What a trading process tells of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Its name.
    pub trader: Text,
    /// Program and version.
    #[serde(default)]
    pub program: Text,
    /// What it can do beyond orders, lists and ticks: `quotes`, `history`, `gateways`, `connect`, `logs`, `exchanges`,
    /// `trading_state`, `apps`.
    #[serde(default)]
    pub capabilities: Vec<Text>,
    /// Language of texts in its log and of `vt_positionid`.
    #[serde(default, with = "language")]
    pub language: Language,
    /// Whether no order reaches a real market; absent where it does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulated: Option<bool>,
}

/// The rest of the welcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// Who answered.
    #[serde(flatten)]
    pub about: About,
    /// New at each start of the trading process; numbers of different epochs do not compare.
    pub epoch: Text,
    /// Number of the last fact before the first one that this connection gets.
    pub seq: u64,
    /// How often a heartbeat comes.
    pub heartbeat_ms: u64,
    /// The trading process's clock, in microseconds since 1970 UTC.
    #[serde(default)]
    pub time_us: i64,
}

/// The line that ends the handshake.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Welcome {
    #[serde(rename = "type")]
    pub(crate) kind: Text,
    /// The server's proof; empty where there is no secret.
    #[serde(default)]
    pub(crate) mac: String,
    #[serde(flatten)]
    pub(crate) hello: Hello,
}

/// `zh` or `en`; whatever else a later version writes counts as English.
mod language {
    use domain::Language;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(language: &Language, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match language {
            Language::Zh => "zh",
            Language::En => "en",
        })
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Language, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(if text == "zh" { Language::Zh } else { Language::En })
    }
}
