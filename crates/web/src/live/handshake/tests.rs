//! The opening handshake against the example of the RFC, and with each part missing.

use super::*;

fn request() -> HeaderMap {
    let pairs = [
        ("upgrade", "h2c, WebSocket"),
        ("connection", "keep-alive, Upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    pairs.into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
}

#[test]
fn the_example_of_the_rfc() {
    assert_eq!(accept(&request()).as_deref(), Ok("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
}

#[test]
fn each_missing_part_is_named() {
    let without = |name: &str, value: Option<&str>| {
        let mut headers = request();
        headers.remove(name);
        if let Some(value) = value {
            headers.insert(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
        }
        accept(&headers).unwrap_err()
    };
    assert_eq!(without("upgrade", None), Refusal::NotAnUpgrade);
    assert_eq!(without("connection", Some("close")), Refusal::NotAnUpgrade);
    assert_eq!(without("sec-websocket-version", Some("8")), Refusal::Version);
    assert_eq!(without("sec-websocket-key", None), Refusal::Key);
    assert_eq!(without("sec-websocket-key", Some("c2hvcnQ=")), Refusal::Key);
    assert_eq!(without("sec-websocket-key", Some("!")), Refusal::Key);
}
