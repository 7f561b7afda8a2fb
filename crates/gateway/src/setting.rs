//! A gateway's connect form, as VeighNa's `default_setting` has it: names, defaults, choices.

use domain::{Text, Value};

/// The value of one field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// Text.
    Text(String),
    /// Whole number.
    Int(i64),
    /// Number.
    Float(f64),
    /// Switch.
    Bool(bool),
}

/// What kind of input a field needs.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// Free input, of the type of its default.
    Free,
    /// One of these.
    Choice(Vec<String>),
    /// Free input that is never shown or sent back.
    Secret,
}

/// One field of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Name, which is also the key in VeighNa's `connect_*.json`.
    pub name: Text,
    /// What it means, for a person.
    pub help: String,
    /// Kind of input.
    pub kind: FieldKind,
    /// Value where the user gives none.
    pub default: FieldValue,
}

impl Field {
    /// A value as this field takes it.
    fn take(&self, value: &Value) -> Result<FieldValue, SettingError> {
        let taken = match (&self.default, value) {
            (FieldValue::Text(_), Value::Text(text)) => FieldValue::Text(text.to_string()),
            (FieldValue::Bool(_), Value::Bool(flag)) => FieldValue::Bool(*flag),
            (FieldValue::Int(_), Value::Int(number)) => FieldValue::Int(*number),
            (FieldValue::Float(_), Value::Int(number)) => FieldValue::Float(*number as f64),
            (FieldValue::Float(_), Value::Float(number)) if number.is_finite() => FieldValue::Float(*number),
            (FieldValue::Text(_), _) => return Err(SettingError::Kind(self.name.clone(), "a text")),
            (FieldValue::Bool(_), _) => return Err(SettingError::Kind(self.name.clone(), "true or false")),
            (FieldValue::Int(_), _) => return Err(SettingError::Kind(self.name.clone(), "a whole number")),
            (FieldValue::Float(_), _) => return Err(SettingError::Kind(self.name.clone(), "a number")),
        };
        match (&self.kind, &taken) {
            (FieldKind::Choice(choices), FieldValue::Text(text)) if !choices.contains(text) => {
                Err(SettingError::Choice(self.name.clone(), choices.join(", ")))
            }
            _ => Ok(taken),
        }
    }
}

/// A connect form, in order.
pub type Form = Vec<Field>;

/// What the user filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings(Vec<(Text, FieldValue)>);

/// Why a filled-in form cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SettingError {
    /// The form has no such field.
    #[error("there is no field {0}")]
    Unknown(Text),
    /// The value is of another kind than the field.
    #[error("the field {0} takes {1}")]
    Kind(Text, &'static str),
    /// Not one of the choices.
    #[error("the field {0} takes one of: {1}")]
    Choice(Text, String),
}

impl Settings {
    /// These settings with some fields set anew, each by the rules of the form.
    ///
    /// # Errors
    /// A field is unknown or its value is not what it takes; nothing is set then.
    pub fn with(&self, form: &Form, fields: &[(Text, Value)]) -> Result<Settings, SettingError> {
        let mut settings = self.clone();
        for (name, value) in fields {
            let field = form.iter().find(|field| field.name == *name);
            let field = field.ok_or_else(|| SettingError::Unknown(name.clone()))?;
            settings.set(name, field.take(value)?);
        }
        Ok(settings)
    }

    /// The form's defaults.
    pub fn defaults(form: &Form) -> Settings {
        Settings(form.iter().map(|field| (field.name.clone(), field.default.clone())).collect())
    }

    /// These settings, and the form's defaults for what they leave out.
    pub fn or_defaults(mut self, form: &Form) -> Settings {
        for field in form {
            if self.get(&field.name).is_none() {
                self.0.push((field.name.clone(), field.default.clone()));
            }
        }
        self
    }

    /// Sets one field.
    pub fn set(&mut self, name: &str, value: FieldValue) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, slot)) => *slot = value,
            None => self.0.push((Text::new(name), value)),
        }
    }

    /// One field's value.
    pub fn get(&self, name: &str) -> Option<&FieldValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// One field's text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            FieldValue::Text(text) => Some(text),
            FieldValue::Int(_) | FieldValue::Float(_) | FieldValue::Bool(_) => None,
        }
    }

    /// One field's number, whole or not.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            FieldValue::Int(n) => Some(*n as f64),
            FieldValue::Float(n) => Some(*n),
            FieldValue::Text(_) | FieldValue::Bool(_) => None,
        }
    }

    /// One field's switch.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            FieldValue::Bool(flag) => Some(*flag),
            FieldValue::Text(_) | FieldValue::Int(_) | FieldValue::Float(_) => None,
        }
    }
}
