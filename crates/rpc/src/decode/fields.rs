//! Walking over an object's attributes, which come in dataclass order nearly always.

use super::DecodeError;
use super::value::attribute;
use crate::names::{self, Class};
use domain::{Attributes, NumberForms};
use pickle::{Node, Number};

/// A data class that can be read from a pickled object.
pub(crate) trait FromNode: Sized {
    /// Reads it.
    fn from_node(node: Node<'_>) -> Result<Self, DecodeError>;
}

/// The attributes of an object of that class.
pub(super) fn state<'t>(node: Node<'t>, class: Class, name: &str) -> Result<pickle::Pairs<'t>, DecodeError> {
    let wrong = |why: &str| DecodeError::new(name, why);
    let instance = node.instance().ok_or_else(|| wrong("is no object"))?;
    if names::class(instance.class) != Some(class) {
        return Err(wrong("is an object of another class"));
    }
    instance.state.and_then(Node::pairs).ok_or_else(|| wrong("has no attributes"))
}

/// Finds a field by its name, trying first the one behind the last found.
pub(super) struct Order<'a> {
    names: &'a [&'static str],
    next: usize,
}

impl<'a> Order<'a> {
    pub(super) fn new(names: &'a [&'static str]) -> Order<'a> {
        Order { names, next: 0 }
    }

    #[inline]
    pub(super) fn find(&mut self, key: &[u8]) -> Option<usize> {
        let is_next = self.names.get(self.next).is_some_and(|name| name.as_bytes() == key);
        let at = if is_next { self.next } else { self.names.iter().position(|name| name.as_bytes() == key)? };
        self.next = at + 1;
        Some(at)
    }
}

/// Reads a number and notes its form; `None` is 0 and noted.
#[inline]
pub(super) fn number(node: Node<'_>, forms: &mut NumberForms, field: usize) -> Result<f64, DecodeError> {
    let bit = field as u32;
    match node.number() {
        Some(Number::Float(value)) => Ok(value),
        Some(Number::Int(value)) => {
            forms.set_int(bit);
            Ok(value as f64)
        }
        Some(other) => {
            forms.set_int(bit);
            Ok(other.to_f64())
        }
        None if node.is_none() => {
            forms.set_null(bit);
            Ok(0.0)
        }
        None => Err(DecodeError::new("", "is no number")),
    }
}

/// Keeps an attribute that is no field of the class.
#[cold]
pub(super) fn keep(attributes: &mut Attributes, key: Node<'_>, value: Node<'_>) -> Result<(), DecodeError> {
    let name = key.as_str().ok_or_else(|| DecodeError::new("attribute", "has a name that is no text"))?;
    attributes.push(name, attribute(value)?);
    Ok(())
}
