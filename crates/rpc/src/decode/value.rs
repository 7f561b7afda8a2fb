//! What hangs onto an object beside its fields, as plain values: bounded in depth and number.

use super::DecodeError;
use super::scalar::time;
use crate::limits::{ATTRIBUTE_DEPTH, ATTRIBUTE_NODES};
use crate::names::{self, Class};
use domain::{Direction, Exchange, Language, Offset, OptionType, OrderType, Product, Status, Text, Value};
use pickle::{Kind, Member, Node, Number};

/// Reads any value; an enum becomes its value, an object its attributes.
pub(crate) fn attribute(node: Node<'_>) -> Result<Value, DecodeError> {
    let mut budget = ATTRIBUTE_NODES;
    read(node, ATTRIBUTE_DEPTH, &mut budget)
}

fn read(node: Node<'_>, depth: usize, budget: &mut usize) -> Result<Value, DecodeError> {
    let refuse = |why: &str| DecodeError::new("attribute", why);
    *budget = budget.checked_sub(1).ok_or_else(|| refuse("has too many values"))?;
    let depth = depth.checked_sub(1).ok_or_else(|| refuse("is nested too deep"))?;
    if let Some(number) = node.number() {
        return Ok(match number {
            Number::Bool(flag) => Value::Bool(flag),
            Number::Int(value) => Value::Int(value),
            Number::UInt(value) => Value::Float(value as f64),
            Number::Float(value) => Value::Float(value),
        });
    }
    match node.kind() {
        Kind::None => Ok(Value::None),
        Kind::Str(text) => Ok(Value::Text(Text::new(text))),
        Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) | Kind::FrozenSet(items) => {
            items.map(|item| read(item, depth, budget)).collect::<Result<_, _>>().map(Value::List)
        }
        Kind::Dict(pairs) => map(pairs, depth, budget),
        Kind::Object { class, .. } if names::class(class) == Some(Class::Unlisted) => {
            Err(refuse("is an object of an unknown class"))
        }
        Kind::Object { state: Some(state), .. } => match state.pairs() {
            Some(pairs) => map(pairs, depth, budget),
            None => Err(refuse("is an object of an unknown kind")),
        },
        Kind::Call { .. } => call(node, depth, budget),
        Kind::Object { .. }
        | Kind::Bool(_)
        | Kind::Int(_)
        | Kind::BigInt(_)
        | Kind::Float(_)
        | Kind::Bytes(_)
        | Kind::Global { .. } => Err(refuse("has a value of an unknown kind")),
    }
}

fn map(pairs: pickle::Pairs<'_>, depth: usize, budget: &mut usize) -> Result<Value, DecodeError> {
    let mut entries = Vec::new();
    for (key, value) in pairs {
        let name = match read(key, depth, budget)? {
            Value::Text(text) => text,
            Value::Int(number) => Text::from(number.to_string()),
            Value::Float(number) => Text::from(number.to_string()),
            Value::Bool(flag) => Text::new(if flag { "true" } else { "false" }),
            Value::None => Text::new("null"),
            Value::Time(_) | Value::List(_) | Value::Map(_) => {
                return Err(DecodeError::new("attribute", "has a key that JSON cannot have"));
            }
        };
        entries.push((name, read(value, depth, budget)?));
    }
    Ok(Value::Map(entries))
}

fn call(node: Node<'_>, depth: usize, budget: &mut usize) -> Result<Value, DecodeError> {
    let refuse = || DecodeError::new("attribute", "has a value of an unknown kind");
    if let Ok(at) = time(node) {
        return Ok(Value::Time(at));
    }
    let (callable, mut args) = node.call().ok_or_else(refuse)?;
    match names::class(callable) {
        Some(Class::Unlisted) => Err(DecodeError::new("attribute", "is an object of an unknown class")),
        // set([...]) and the like of old protocols.
        Some(Class::Plumbing) if node.attribute().is_none() => match (args.next(), node.assigned()) {
            (_, Some(pairs)) => map(pairs, depth, budget),
            (Some(inner), None) if inner.items().is_some() => read(inner, depth, budget),
            _ => Err(refuse()),
        },
        _ => member_text(node).map(Value::Text).ok_or_else(refuse),
    }
}

/// An enum member as text: its value, or for one pickled by name the Chinese value where we know it.
fn member_text(node: Node<'_>) -> Option<Text> {
    match node.member()? {
        Member::Value { value, .. } => value.as_str().map(Text::new),
        Member::Name { class, name } => {
            let value = match names::class(class)? {
                Class::Direction => Direction::from_name(name).map(|m| m.value(Language::Zh)),
                Class::Offset => Offset::from_name(name).map(|m| m.value(Language::Zh)),
                Class::Status => Status::from_name(name).map(|m| m.value(Language::Zh)),
                Class::Product => Product::from_name(name).map(|m| m.value(Language::Zh)),
                Class::OrderType => OrderType::from_name(name).map(|m| m.value(Language::Zh)),
                Class::OptionType => OptionType::from_name(name).map(|m| m.value(Language::Zh)),
                Class::Exchange => return Exchange::from_name(name).map(|m| Text::new(m.value())),
                _ => None,
            };
            Some(Text::new(value.unwrap_or(name)))
        }
    }
}
