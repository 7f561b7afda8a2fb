//! Cells that a spreadsheet must not take for formulas, and quoting by RFC 4180.

use super::*;
use serde_json::json;

fn cell(value: Value) -> String {
    let mut out = String::new();
    push_cell(&mut out, &value);
    out
}

#[test]
fn cells_are_quoted_where_they_must_and_never_formulas() {
    for (value, wanted) in [
        (json!("rb2610"), "rb2610"),
        (json!("a,b"), "\"a,b\""),
        (json!("say \"x\""), "\"say \"\"x\"\"\""),
        (json!("two\r\nlines"), "\"two\r\nlines\""),
        (json!("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\""),
        (json!("-1+1"), "\"'-1+1\""),
        (json!("@x"), "\"'@x\""),
        (json!("\t=1"), "\"'\t=1\""),
        (json!(-1.5), "-1.5"),
        (json!(null), ""),
        (json!(true), "true"),
    ] {
        assert_eq!(cell(value), wanted);
    }
}
