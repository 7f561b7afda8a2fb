//! JSON bodies read as Python's `json.loads` reads them, to the error's text and position.
//!
//! Scripts of years are what send orders here, so all that Python takes is taken: a byte order mark, UTF-16 and
//! UTF-32, `NaN`, a key twice (the last one counts), a lone surrogate. Nothing is converted yet.
//! Always true: bounded depth, no panic, memory a small multiple of the input.

mod parse;
mod unicode;

pub(crate) use parse::{ParseError, parse};

use crate::json::{push_python_float, push_string};

/// A value as Python would hold it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    /// `None`.
    Null,
    /// `True` or `False`.
    Bool(bool),
    /// An int of any size, as its digits.
    Int(String),
    /// A float; may be NaN or infinite.
    Float(f64),
    /// A str.
    Text {
        /// The text; U+FFFD where it had a surrogate alone.
        text: String,
        /// Whether it had none.
        whole: bool,
    },
    /// A list.
    List(Vec<Json>),
    /// A dict; each key once.
    Map(Vec<(String, Json)>),
}

impl Json {
    /// A text without surrogates.
    pub(crate) fn text(text: impl Into<String>) -> Json {
        Json::Text { text: text.into(), whole: true }
    }

    /// The value of a key of a dict.
    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        let Json::Map(pairs) = self else { return None };
        pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Appends it as FastAPI echoes it in an error; NaN and infinity, which JSON cannot say, as their names.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Json::Null => out.extend_from_slice(b"null"),
            Json::Bool(true) => out.extend_from_slice(b"true"),
            Json::Bool(false) => out.extend_from_slice(b"false"),
            Json::Int(digits) => out.extend_from_slice(digits.as_bytes()),
            Json::Float(number) => write_float(out, *number),
            Json::Text { text, .. } => push_string(out, text),
            Json::List(items) => write_list(out, items),
            Json::Map(pairs) => write_map(out, pairs),
        }
    }
}

fn write_float(out: &mut Vec<u8>, number: f64) {
    if number.is_finite() {
        push_python_float(out, number);
    } else if number.is_nan() {
        out.extend_from_slice(b"\"NaN\"");
    } else {
        out.extend_from_slice(if number > 0.0 { b"\"Infinity\"" } else { b"\"-Infinity\"" });
    }
}

fn write_list(out: &mut Vec<u8>, items: &[Json]) {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        item.write(out);
    }
    out.push(b']');
}

fn write_map(out: &mut Vec<u8>, pairs: &[(String, Json)]) {
    out.push(b'{');
    for (index, (key, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        push_string(out, key);
        out.push(b':');
        value.write(out);
    }
    out.push(b'}');
}

#[cfg(test)]
mod tests;
