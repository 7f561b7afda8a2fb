//! FastAPI's 422: a list of errors with `type`, `loc`, `msg`, `input` and perhaps `ctx`, in pydantic's words.

use super::python_json::Json;
use crate::http::{Reply, json};
use crate::json::push_string;
use hyper::StatusCode;

/// Errors found in one request.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    out: Vec<u8>,
}

/// More about an error: a key and its value.
pub(crate) enum Context<'a> {
    /// Nothing more.
    None,
    /// A text.
    Text(&'static str, &'a str),
    /// A number, as it is to be printed.
    Number(&'static str, &'static str),
}

impl Errors {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// An error of a field of the body.
    pub(crate) fn field(&mut self, kind: &str, field: &str, message: &str, input: &Json, context: Context<'_>) {
        self.begin(kind);
        self.out.extend_from_slice(b",\"loc\":[\"body\",");
        push_string(&mut self.out, field);
        self.finish(message, input, context);
    }

    /// An error of the body as a whole.
    pub(crate) fn body(&mut self, kind: &str, message: &str, input: &Json) {
        self.begin(kind);
        self.out.extend_from_slice(b",\"loc\":[\"body\"");
        self.finish(message, input, Context::None);
    }

    /// A body that is no JSON, at this character.
    pub(crate) fn not_json(&mut self, position: usize, error: &str) {
        self.begin("json_invalid");
        self.out.extend_from_slice(format!(",\"loc\":[\"body\",{position}").as_bytes());
        self.finish("JSON decode error", &Json::Map(Vec::new()), Context::Text("error", error));
    }

    /// The answer.
    pub(crate) fn reply(self) -> Reply {
        let body = [b"{\"detail\":[".as_slice(), &self.out, b"]}"].concat();
        json(StatusCode::UNPROCESSABLE_ENTITY, body)
    }

    fn begin(&mut self, kind: &str) {
        if !self.out.is_empty() {
            self.out.push(b',');
        }
        self.out.extend_from_slice(b"{\"type\":");
        push_string(&mut self.out, kind);
    }

    fn finish(&mut self, message: &str, input: &Json, context: Context<'_>) {
        self.out.extend_from_slice(b"],\"msg\":");
        push_string(&mut self.out, message);
        self.out.extend_from_slice(b",\"input\":");
        input.write(&mut self.out);
        if let Context::Text(key, _) | Context::Number(key, _) = context {
            self.out.extend_from_slice(b",\"ctx\":{");
            push_string(&mut self.out, key);
            self.out.push(b':');
        }
        match context {
            Context::None => {}
            Context::Text(_, value) => push_string(&mut self.out, value),
            Context::Number(_, value) => self.out.extend_from_slice(value.as_bytes()),
        }
        self.out.extend_from_slice(if matches!(context, Context::None) { b"}" } else { b"}}" });
    }
}
