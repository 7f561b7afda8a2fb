//! The login form, urlencoded or multipart, read as Starlette and FastAPI's `OAuth2PasswordRequestForm` do.

use super::invalid::{Context, Errors};
use super::python_json::Json;
use crate::auth::Password;
use crate::limits::FORM_FIELDS;
use hyper::HeaderMap;
use hyper::header::CONTENT_TYPE;

/// Who wants to log in.
#[derive(Debug)]
pub(super) struct Credentials {
    /// Name.
    pub username: String,
    /// Password.
    pub password: Password,
}

/// Why a form was not taken.
#[derive(Debug)]
pub(super) enum FormError {
    /// Fields are missing or wrong: 422.
    Invalid(Errors),
    /// Not a form at all, with the reason: 400.
    Malformed(&'static str),
}

/// One field: a text, or a file, which no field of a login is.
#[derive(Debug, PartialEq)]
enum Value {
    Text(String),
    File,
}

/// Reads the credentials.
///
/// # Errors
/// They are not there, or the form is broken.
pub(super) fn read_credentials(headers: &HeaderMap, body: &[u8]) -> Result<Credentials, FormError> {
    let fields = fields(headers, body)?;
    let mut errors = Errors::default();
    check_grant(&fields, &mut errors);
    let username = required(&fields, "username", &mut errors);
    let password = required(&fields, "password", &mut errors);
    match (username, password) {
        (Some(username), Some(password)) if errors.is_empty() => {
            Ok(Credentials { username, password: Password::new(password) })
        }
        _ => Err(FormError::Invalid(errors)),
    }
}

fn check_grant(fields: &[(String, Value)], errors: &mut Errors) {
    if let Some(Value::Text(grant)) = last(fields, "grant_type")
        && grant != "password"
    {
        let (message, pattern) = ("String should match pattern '^password$'", "^password$");
        let context = Context::Text("pattern", pattern);
        errors.field("string_pattern_mismatch", "grant_type", message, &Json::text(grant), context);
    }
}

fn required(fields: &[(String, Value)], name: &str, errors: &mut Errors) -> Option<String> {
    match last(fields, name) {
        Some(Value::Text(text)) => return Some(text.clone()),
        Some(Value::File) => {
            errors.field("string_type", name, "Input should be a valid string", &Json::Null, Context::None);
        }
        None => errors.field("missing", name, "Field required", &Json::Null, Context::None),
    }
    None
}

/// The last of this name; an empty one counts as absent.
fn last<'a>(fields: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    let value = fields.iter().rev().find(|(field, _)| field == name).map(|(_, value)| value);
    value.filter(|value| **value != Value::Text(String::new()))
}

fn fields(headers: &HeaderMap, body: &[u8]) -> Result<Vec<(String, Value)>, FormError> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    match kind.trim().to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => Ok(urlencoded(body)),
        "multipart/form-data" => {
            let boundary = boundary(parameters).ok_or(FormError::Malformed("Missing boundary in multipart."))?;
            Ok(multipart(body, boundary))
        }
        _ => Ok(Vec::new()),
    }
}

fn urlencoded(body: &[u8]) -> Vec<(String, Value)> {
    let pair = |field: &[u8]| {
        let at = field.iter().position(|byte| *byte == b'=').unwrap_or(field.len());
        let value = field.get(at + 1..).unwrap_or_default();
        (unquote_plus(&field[..at]), Value::Text(unquote_plus(value)))
    };
    body.split(|byte| *byte == b'&').filter(|field| !field.is_empty()).take(FORM_FIELDS).map(pair).collect()
}

fn unquote_plus(text: &[u8]) -> String {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    String::from_utf8_lossy(&unquote(&spaced)).into_owned()
}

/// Percent-decoding; what is not two hexadecimal digits stays as it is.
pub(super) fn unquote(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut out, mut at) = (Vec::with_capacity(text.len()), 0);
    while let Some(byte) = text.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

fn boundary(parameters: &str) -> Option<&str> {
    let value = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then_some(value.trim().trim_matches('"'))
    });
    value.filter(|value| !value.is_empty())
}

/// The parts that are complete: each ends where the next boundary begins.
fn multipart(body: &[u8], boundary: &str) -> Vec<(String, Value)> {
    let (first, between) = (format!("--{boundary}"), format!("\r\n--{boundary}"));
    let Some(mut rest) = find(body, first.as_bytes()).map(|at| &body[at + first.len()..]) else { return Vec::new() };
    let mut fields = Vec::new();
    while fields.len() < FORM_FIELDS && !rest.starts_with(b"--") {
        let Some(end) = find(rest, between.as_bytes()) else { break };
        fields.extend(part(&rest[..end]));
        rest = &rest[end + between.len()..];
    }
    fields
}

fn part(bytes: &[u8]) -> Option<(String, Value)> {
    let bytes = bytes.strip_prefix(b"\r\n")?;
    let end = find(bytes, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let is_disposition = |line: &&str| line.to_ascii_lowercase().starts_with("content-disposition:");
    let disposition = head.split("\r\n").find(is_disposition)?;
    let name = parameter(disposition, "name")?;
    let value = match parameter(disposition, "filename") {
        Some(_) => Value::File,
        None => Value::Text(String::from_utf8_lossy(&bytes[end + 4..]).into_owned()),
    };
    Some((name, value))
}

fn parameter(line: &str, name: &str) -> Option<String> {
    line.split(';').find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests;
