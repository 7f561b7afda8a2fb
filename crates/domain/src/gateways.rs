//! What is known of a gateway from outside: its state, and the form that its login asks for.

use crate::{Exchange, Text, Value};
use serde::{Deserialize, Serialize};

/// Session of a gateway with its venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GatewayState {
    /// Not logged in.
    Down,
    /// On the way.
    Connecting,
    /// Logged in; contracts and state were sent.
    Up,
}

/// Kind of input that a field needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FieldKind {
    /// Text.
    Text,
    /// Whole number.
    Int,
    /// Number.
    Float,
    /// Switch.
    Bool,
    /// One of `choices`.
    Choice,
    /// Text that is never shown or sent back.
    Secret,
}

/// One field of a login form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormField {
    /// Name, which is also the key in VeighNa's `connect_*.json`.
    pub name: Text,
    /// What it means, for a person.
    #[serde(default)]
    pub help: String,
    /// Kind of input.
    pub kind: FieldKind,
    /// What may be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// Value where the user gives none; `null` for a secret.
    pub default: Value,
}

/// One gateway of a trading process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GatewayInfo {
    /// What stands in `gateway_name`.
    pub name: Text,
    /// Session with its venue; `null` where the trading process does not tell.
    pub state: Option<GatewayState>,
    /// Why it is down, where it was not asked for.
    #[serde(default)]
    pub reason: Option<String>,
    /// Exchanges that it trades.
    #[serde(default)]
    pub exchanges: Vec<Exchange>,
    /// Its login form, in order; empty where the trading process does not tell.
    #[serde(default)]
    pub form: Vec<FormField>,
}
