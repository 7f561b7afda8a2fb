//! Parameters of an operation: declared once, checked before its handler runs, described in the OpenAPI document.
//!
//! They come from the path, the query and the body, or over the stream from `params`; a handler sees one object and
//! not where a member came from. Always true: what a handler reads has the declared kind; a member that was not
//! declared is refused; `null` counts as left out.

use super::code::Code;
use super::problem::Problem;
use domain::DateTime;
use serde_json::{Map, Number, Value};

/// Longest text of a parameter that says nothing else, in characters.
pub const TEXT_MAX: usize = 256;

/// Wrong fields that are told in words.
const TOLD: usize = 4;

/// Where a parameter stands in an HTTP request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A segment of the path.
    Path,
    /// The query.
    Query,
    /// A member of the body.
    Body,
}

/// What a parameter may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A text of at least one and at most so many characters, without control characters.
    Text(usize),
    /// The same; may be empty.
    Loose(usize),
    /// A whole number between these, both included.
    Int(i64, i64),
    /// A finite number.
    Number,
    /// A finite number above 0.
    Positive,
    /// A switch.
    Flag,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A moment in RFC 3339.
    Time,
    /// Any object; the handler checks the rest.
    Object,
    /// Between one and so many objects of these fields.
    Objects(usize, &'static [Param]),
    /// Between one and so many texts.
    Texts(usize),
}

/// One parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub place: Place,
    /// What it may be.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// What it means, with unit.
    pub help: &'static str,
}

/// A segment of the path.
pub const fn path(name: &'static str, help: &'static str) -> Param {
    Param { name, place: Place::Path, kind: Kind::Text(TEXT_MAX), required: true, help }
}

/// A part of the query.
pub const fn query(name: &'static str, kind: Kind, help: &'static str) -> Param {
    Param { name, place: Place::Query, kind, required: false, help }
}

/// A member of the body that may be left out.
pub const fn field(name: &'static str, kind: Kind, help: &'static str) -> Param {
    Param { name, place: Place::Body, kind, required: false, help }
}

impl Param {
    /// The same, but it must be there.
    pub const fn required(self) -> Param {
        Param { required: true, ..self }
    }
}

/// Checked parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params(Map<String, Value>);

impl Params {
    /// Checks an object against what is declared.
    ///
    /// # Errors
    /// `invalid`, with every wrong field named.
    pub fn check(given: Map<String, Value>, declared: &[Param]) -> Result<Params, Problem> {
        let mut errors = Vec::new();
        let checked = check_object(given, declared, "", &mut errors);
        if errors.is_empty() {
            return Ok(Params(checked));
        }
        Err(Problem::new(Code::Invalid, told(&errors)).with("errors", Value::Array(errors)))
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.as_f64()
    }

    /// A whole number.
    pub fn int(&self, name: &str) -> Option<i64> {
        whole_number(self.0.get(name)?)
    }

    /// A size.
    pub fn size(&self, name: &str) -> Option<usize> {
        self.int(name).and_then(|number| usize::try_from(number).ok())
    }

    /// A switch; off where it was left out.
    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A switch that may be left out.
    pub fn switch(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    /// A moment.
    pub fn time(&self, name: &str) -> Option<DateTime> {
        DateTime::parse_rfc3339(self.text(name)?)
    }

    /// A member of an enum, such as `params.member("direction", Direction::from_name)`.
    pub fn member<T>(&self, name: &str, from_name: fn(&str) -> Option<T>) -> Option<T> {
        from_name(self.text(name)?)
    }

    /// An object.
    pub fn object(&self, name: &str) -> Option<&Map<String, Value>> {
        self.0.get(name)?.as_object()
    }

    /// Objects, each checked against its fields.
    pub fn objects(&self, name: &str) -> Vec<Params> {
        let items = self.0.get(name).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_object).map(|item| Params(item.clone())).collect()
    }

    /// Texts.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        self.0.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Whether it is there.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The same for the same parameters.
    pub(super) fn key(&self) -> String {
        let mut pairs: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.sort_unstable();
        pairs.join("&")
    }

    /// All of them, for what is handed on as it is.
    pub fn into_map(self) -> Map<String, Value> {
        self.0
    }
}

/// The first few wrong fields in words; all of them stand in `errors`.
fn told(errors: &[Value]) -> String {
    let text = |error: &Value, name: &str| error[name].as_str().unwrap_or("").to_owned();
    let first = errors.iter().take(TOLD).map(|error| format!("{}: {}", text(error, "field"), text(error, "detail")));
    let more = if errors.len() > TOLD { "; and more" } else { "" };
    first.collect::<Vec<_>>().join("; ") + more
}

/// The value of a text of the path or the query, as the kind has it; a text that does not fit stays one and is
/// refused by the check.
pub(super) fn from_text(kind: Kind, text: String) -> Value {
    let value = match kind {
        Kind::Int(..) => whole(&text).map(Value::from),
        Kind::Number | Kind::Positive => text.parse().ok().and_then(Number::from_f64).map(Value::Number),
        Kind::Flag => text.parse().ok().map(Value::Bool),
        Kind::Texts(_) => Some(text.split(',').map(Value::from).collect()),
        Kind::Text(_) | Kind::Loose(_) | Kind::OneOf(_) | Kind::Time | Kind::Object | Kind::Objects(..) => None,
    };
    value.unwrap_or(Value::String(text))
}

/// 1.0 is a whole number, too, as JSON Schema has it.
fn whole_number(value: &Value) -> Option<i64> {
    let exact =
        |number: f64| (number.trunc().total_cmp(&number).is_eq() && number.abs() < 9e15).then_some(number as i64);
    value.as_i64().or_else(|| value.as_f64().and_then(exact))
}

/// As JSON has it: `-1` and `12`, not `+1` or `012`.
fn whole(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().filter(|number| number.to_string() == text)
}

fn check_object(
    mut given: Map<String, Value>,
    declared: &[Param],
    prefix: &str,
    errors: &mut Vec<Value>,
) -> Map<String, Value> {
    for param in declared.iter().filter(|param| param.required) {
        if given.get(param.name).is_none_or(Value::is_null) {
            errors.push(wrong(prefix, param.name, "is required"));
        }
    }
    given.retain(|name, value| {
        let Some(param) = declared.iter().find(|param| param.name == name) else {
            errors.push(wrong(prefix, &cut(name), "is not known"));
            return false;
        };
        match (param.kind, value) {
            (_, Value::Null) => return false,
            (Kind::Objects(most, fields), Value::Array(items)) if (1..=most).contains(&items.len()) => {
                check_items(items, fields, &format!("{prefix}{name}"), errors);
            }
            (kind, value) => errors.extend(refusal(kind, value).map(|reason| wrong(prefix, name, &reason))),
        }
        true
    });
    given
}

fn wrong(prefix: &str, name: &str, reason: &str) -> Value {
    serde_json::json!({ "field": format!("{prefix}{name}"), "detail": reason })
}

fn check_items(items: &mut [Value], fields: &[Param], prefix: &str, errors: &mut Vec<Value>) {
    for (index, item) in items.iter_mut().enumerate() {
        match item.take() {
            Value::Object(given) => {
                *item = Value::Object(check_object(given, fields, &format!("{prefix}/{index}/"), errors));
            }
            _ => {
                errors.push(serde_json::json!({ "field": format!("{prefix}/{index}"), "detail": "must be an object" }))
            }
        }
    }
}

/// Why a value does not fit; `None` where it does.
fn refusal(kind: Kind, value: &Value) -> Option<String> {
    let fits = match kind {
        Kind::Text(most) => value.as_str().is_some_and(|text| is_text(text, 1, most)),
        Kind::Loose(most) => value.as_str().is_some_and(|text| is_text(text, 0, most)),
        Kind::Int(low, high) => whole_number(value).is_some_and(|number| (low..=high).contains(&number)),
        Kind::Number => value.as_f64().is_some_and(f64::is_finite),
        Kind::Positive => value.as_f64().is_some_and(|number| number.is_finite() && number > 0.0),
        Kind::Flag => value.is_boolean(),
        Kind::OneOf(names) => value.as_str().is_some_and(|text| names.contains(&text)),
        Kind::Time => value.as_str().is_some_and(|text| DateTime::parse_rfc3339(text).is_some()),
        Kind::Object => value.is_object(),
        Kind::Texts(most) => value.as_array().is_some_and(|items| {
            let are_texts = items.iter().all(|item| item.as_str().is_some_and(|text| is_text(text, 1, TEXT_MAX)));
            (1..=most).contains(&items.len()) && are_texts
        }),
        Kind::Objects(..) => false,
    };
    (!fits).then(|| wanted(kind))
}

fn wanted(kind: Kind) -> String {
    match kind {
        Kind::Text(most) => format!("must be a text of 1 to {most} characters without control characters"),
        Kind::Loose(most) => format!("must be a text of at most {most} characters without control characters"),
        Kind::Int(low, high) => format!("must be a whole number from {low} to {high}"),
        Kind::Number => "must be a finite number".into(),
        Kind::Positive => "must be a finite number above 0".into(),
        Kind::Flag => "must be true or false".into(),
        Kind::OneOf(names) => format!("must be one of {}", names.join(", ")),
        Kind::Time => "must be a moment in RFC 3339 such as 2026-01-05T09:30:00+08:00".into(),
        Kind::Object => "must be an object".into(),
        Kind::Objects(most, _) => format!("must be an array of 1 to {most} objects"),
        Kind::Texts(most) => format!("must be an array of 1 to {most} texts"),
    }
}

fn is_text(text: &str, least: usize, most: usize) -> bool {
    // A character has at most 4 bytes, so most texts need not be counted.
    let fits = text.len() <= most || (text.len() <= most * 4 && text.chars().count() <= most);
    fits && text.len() >= least && !text.chars().any(char::is_control)
}

/// An unknown name is told back, but not all of a megabyte.
fn cut(name: &str) -> String {
    name.chars().take(64).collect()
}

#[cfg(test)]
mod tests;
