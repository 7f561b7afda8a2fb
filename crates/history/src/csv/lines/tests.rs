//! Lines and fields of any bytes.

use super::*;
use proptest::prelude::*;

fn all(content: &[u8]) -> Result<Vec<String>, String> {
    let mut lines = Lines::new(content);
    let mut found = Vec::new();
    while let Some(line) = lines.next("a file").map_err(|error| error.to_string())? {
        let line = line.to_owned();
        found.push(format!("{} {line}", lines.number()));
    }
    Ok(found)
}

#[test]
fn lines_end_as_on_every_system_and_empty_ones_do_not_count_as_bars() {
    let content = "\u{feff}a,b\r\n\r\n1,2\n  \n3,4".as_bytes();
    assert_eq!(all(content), Ok(vec!["1 a,b".to_owned(), "3 1,2".to_owned(), "5 3,4".to_owned()]));
}

#[test]
fn what_is_no_text_is_said_with_its_line() {
    let error = all(b"a,b\n\xb1\xed,2\n").expect_err("GBK");
    assert!(error.starts_with("line 2: it is not UTF-8"), "{error}");
    let error = all(&[b"a,b\n".as_slice(), &vec![b'x'; LINE_BYTES + 1]].concat()).expect_err("too long");
    assert!(error.starts_with("line 2: it is longer than"), "{error}");
}

#[test]
fn fields_are_trimmed_unless_quoted() {
    let split = |line| fields(line).map(|fields| fields.join("|"));
    assert_eq!(split("a, b ,c").as_deref(), Some("a|b|c"));
    assert_eq!(split(r#""a,b", "say ""x""" ,c"#).as_deref(), Some(r#"a,b|say "x"|c"#));
    assert_eq!(split("a,,").as_deref(), Some("a||"));
    assert_eq!(split(r#""a"#), None);
    assert_eq!(split(r#""a"b,c"#), None);
}

proptest! {
    #[test]
    fn what_is_written_is_read(texts in proptest::collection::vec("[^\n\r]{0,12}", 1..6)) {
        let line = texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(",");
        let read: Vec<String> = fields(&line).expect("our own quotes close").iter().map(|field| field.to_string()).collect();
        prop_assert_eq!(read, texts);
    }

    #[test]
    fn any_line_has_fields_or_none(line in "[a\", ]{0,24}") {
        if let Some(fields) = fields(&line) {
            prop_assert!(!fields.is_empty());
        }
    }
}
