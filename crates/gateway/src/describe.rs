//! How a gateway looks from outside: its form as the API tells it, with the settings used last and without secrets.

use crate::{Field, FieldKind, FieldValue, Form, LinkState, Settings};
use domain::{Exchange, FieldKind as Kind, FormField, GatewayInfo, GatewayState, Text, Value};

/// The gateway of that name with its form, filled in with `used`, and its session.
pub fn describe(name: &str, form: &Form, used: &Settings, exchanges: &[Exchange], link: &LinkState) -> GatewayInfo {
    let (state, reason) = match link {
        LinkState::Down(reason) => (GatewayState::Down, reason.clone()),
        LinkState::Connecting => (GatewayState::Connecting, None),
        LinkState::Up => (GatewayState::Up, None),
    };
    GatewayInfo {
        name: Text::new(name),
        state: Some(state),
        reason,
        exchanges: exchanges.to_vec(),
        form: form.iter().map(|field| form_field(field, used.get(&field.name))).collect(),
    }
}

fn form_field(field: &Field, used: Option<&FieldValue>) -> FormField {
    let (kind, choices) = match (&field.kind, &field.default) {
        (FieldKind::Secret, _) => (Kind::Secret, Vec::new()),
        (FieldKind::Choice(choices), _) => (Kind::Choice, choices.clone()),
        (FieldKind::Free, FieldValue::Text(_)) => (Kind::Text, Vec::new()),
        (FieldKind::Free, FieldValue::Int(_)) => (Kind::Int, Vec::new()),
        (FieldKind::Free, FieldValue::Float(_)) => (Kind::Float, Vec::new()),
        (FieldKind::Free, FieldValue::Bool(_)) => (Kind::Bool, Vec::new()),
    };
    let default = match (kind, used.unwrap_or(&field.default)) {
        (Kind::Secret, _) => Value::None,
        (_, FieldValue::Text(text)) => Value::Text(Text::new(text)),
        (_, FieldValue::Int(number)) => Value::Int(*number),
        (_, FieldValue::Float(number)) => Value::Float(*number),
        (_, FieldValue::Bool(flag)) => Value::Bool(*flag),
    };
    FormField { name: field.name.clone(), help: field.help.clone(), kind, choices, default }
}
