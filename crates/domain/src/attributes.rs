//! What a gateway or an app hung onto an object beside its dataclass fields (`extra` and others).
//!
//! Kept so that it reaches the reader unchanged; nothing in the house looks into it.

use crate::{DateTime, Text};

/// A plain value as Python had it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An int that fits.
    Int(i64),
    /// A float.
    Float(f64),
    /// A str, or an enum's value.
    Text(Text),
    /// A datetime.
    Time(DateTime),
    /// A list, tuple or set.
    List(Vec<Value>),
    /// A dict, in its order; keys as JSON would have them.
    Map(Vec<(Text, Value)>),
}

/// Attributes beyond the dataclass fields, in the order in which they were set. Almost always empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes(Vec<(Text, Value)>);

impl Attributes {
    /// Adds one attribute at the end.
    pub fn push(&mut self, name: &str, value: Value) {
        self.0.push((Text::new(name), value));
    }

    /// The attributes in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
