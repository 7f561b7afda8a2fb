//! What Python's own parser says, by a table and, where there is a Python, by asking it.

use super::*;
use proptest::prelude::*;

fn error(text: &str) -> (&'static str, usize) {
    match parse(text.as_bytes()) {
        Err(ParseError::Invalid { message, position }) => (message, position),
        other => panic!("{text:?}: {other:?}"),
    }
}

#[test]
fn errors_as_recorded() {
    let name = "Expecting property name enclosed in double quotes";
    let cases = [
        ("{", name, 1),
        ("}", "Expecting value", 0),
        ("{\"symbol\"", "Expecting ':' delimiter", 9),
        ("{\"symbol\":", "Expecting value", 10),
        ("{\"symbol\": \"a\",}", name, 15),
        ("{'symbol': 'a'}", name, 1),
        ("{\"symbol\": \"a\" \"b\"}", "Expecting ',' delimiter", 15),
        ("-", "Expecting value", 0),
        ("1 2", "Extra data", 2),
        ("{}{}", "Extra data", 2),
        ("{\"a\": 1e}", "Expecting ',' delimiter", 7),
        ("{\"a\": 1.}", "Expecting ',' delimiter", 7),
        ("{\"a\": \"\\x\"}", "Invalid \\escape", 7),
        ("{\"a\": \"\\u12\"}", "Invalid \\uXXXX escape", 8),
        ("{\"a\": \"\t\"}", "Invalid control character at", 7),
        ("{\"a\": \"unterminated", "Unterminated string starting at", 6),
        ("\n\n  {", name, 5),
        ("{\"a\":1,\n\"b\":2,\n\"c\"}", "Expecting ':' delimiter", 18),
        ("[1,", "Expecting value", 3),
        ("[1,]", "Expecting value", 3),
        ("\0", "Expecting value", 0),
        (" ", "Expecting value", 1),
        ("[\"多\", x]", "Expecting value", 6),
    ];
    for (text, message, position) in cases {
        assert_eq!(error(text), (message, position), "{text:?}");
    }
}

#[test]
fn encodings_and_surrogates() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let full = |text: &str| text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect::<Vec<u8>>();
    for bytes in ["\u{feff}\"多\"".as_bytes(), &wide("\"多\""), &wide("\u{feff}\"多\""), &full("\"多\"")] {
        assert_eq!(parse(bytes), Ok(Json::text("多")), "{bytes:?}");
    }
    assert_eq!(parse(b"\"\\ud83d\\ude00\""), Ok(Json::text("😀")));
    for lone in [&b"\"a\\ud800\""[..], b"\"a\xed\xa0\x80\""] {
        assert_eq!(parse(lone), Ok(Json::Text { text: "a\u{fffd}".into(), whole: false }));
    }
    assert_eq!(parse("\"螺\"".as_bytes().split_at(2).0), Err(ParseError::Unreadable));
    assert_eq!(parse(b"\"\xc2\xdd\xce\xc6\""), Err(ParseError::Unreadable), "GBK");
    assert_eq!(parse(b"\"\xc0\x80\""), Err(ParseError::Unreadable), "overlong");
}

#[test]
fn depth_and_size_end_in_an_error() {
    let nest = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(nest(200).as_bytes()).is_ok());
    assert_eq!(parse(nest(100_000).as_bytes()), Err(ParseError::Unreadable));
    assert_eq!(parse("{\"a\":".repeat(100_000).as_bytes()), Err(ParseError::Unreadable));
    assert_eq!(parse("1".repeat(5000).as_bytes()), Err(ParseError::Unreadable));
}

#[test]
fn the_last_of_a_key_counts_at_the_first_place() {
    let mut out = Vec::new();
    parse(b"{\"a\": 1, \"b\": -0, \"a\": [1e400, NaN, 1e-7, {}]}").unwrap().write(&mut out);
    assert_eq!(String::from_utf8(out).unwrap(), r#"{"a":["Infinity","NaN",1e-07,{}],"b":0}"#);
}

proptest! {
    #[test]
    fn bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn near_json_agrees_with_serde(text in "[\\[\\]{},:\"a\\\\0-9eE+.\\- tru]{0,30}") {
        let theirs: Result<serde_json::Value, _> = serde_json::from_str(&text);
        // Python takes more than serde, never less, apart from doubles that overflow.
        if let Ok(value) = theirs {
            prop_assert!(parse(text.as_bytes()).is_ok(), "{}", value);
        }
    }
}
