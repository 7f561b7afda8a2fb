//! Declared parameters: what passes, and what each refusal names.

use super::*;
use serde_json::json;

const FIELDS: &[Param] = &[field("volume", Kind::Positive, "Lots.").required(), field("side", Kind::OneOf(&["A"]), "")];
const DECLARED: &[Param] = &[
    path("id", "An id."),
    query("limit", Kind::Int(1, 10), "Rows."),
    query("active", Kind::Flag, "Or not."),
    field("at", Kind::Time, "When."),
    field("items", Kind::Objects(2, FIELDS), "Things."),
];

fn check(given: Value) -> Result<Params, Vec<String>> {
    let Value::Object(given) = given else { panic!("an object") };
    Params::check(given, DECLARED).map_err(|problem| {
        let errors = problem.extra["errors"].as_array().expect("errors").clone();
        errors.iter().map(|error| error["field"].as_str().expect("a name").to_owned()).collect()
    })
}

#[test]
fn what_fits_is_read_as_what_it_is() {
    let given = json!({"id": "x", "limit": 3, "active": true, "at": "2026-01-05T09:30:00Z", "items": [{"volume": 2}]});
    let params = check(given).expect("it fits");
    assert_eq!((params.text("id"), params.size("limit"), params.flag("active")), (Some("x"), Some(3), true));
    assert_eq!(params.time("at").map(|at| at.rfc3339()).as_deref(), Some("2026-01-05T09:30:00+00:00"));
    assert_eq!(params.objects("items")[0].number("volume"), Some(2.0));
    assert_eq!(check(json!({"id": "x", "limit": null})).expect("null is nothing").int("limit"), None);
}

#[test]
fn every_wrong_field_is_named() {
    let given = json!({"limit": 11, "active": "yes", "at": "now", "other": 1,
        "items": [{"volume": 0, "side": "B"}, {"more": 1}]});
    let mut names = check(given).expect_err("it does not fit");
    names.sort();
    let wanted =
        ["active", "at", "id", "items/0/side", "items/0/volume", "items/1/more", "items/1/volume", "limit", "other"];
    assert_eq!(names, wanted);
    for limit in [json!(2.5e-42), json!(2.5), json!(1e300), json!("2")] {
        assert_eq!(check(json!({"id": "x", "limit": limit})).expect_err("no whole number"), ["limit"]);
    }
    assert_eq!(check(json!({"id": "x", "limit": 2.0})).expect("a whole number, too").int("limit"), Some(2));
    let Value::Object(given) = json!({"id": 1, "a": 1, "b": 1, "c": 1, "d": 1}) else { panic!("an object") };
    let detail = Params::check(given, DECLARED).expect_err("it does not fit").detail;
    assert!(detail.contains("a: is not known") && detail.ends_with("; and more"), "{detail}");
    assert_eq!(check(json!({"id": "", "items": []})).expect_err("empty"), ["id", "items"]);
    assert_eq!(check(json!({"id": "a\u{0}"})).expect_err("control characters"), ["id"]);
}

#[test]
fn texts_of_a_query_become_what_is_declared() {
    let value = |kind, text: &str| from_text(kind, text.to_owned());
    assert_eq!(value(Kind::Int(0, 9), "7"), json!(7));
    assert_eq!(value(Kind::Int(0, 9), "07"), json!("07"));
    assert_eq!(value(Kind::Flag, "true"), json!(true));
    assert_eq!(value(Kind::Flag, "1"), json!("1"));
    assert_eq!(value(Kind::Number, "1e999"), json!("1e999"));
    assert_eq!(value(Kind::Texts(3), "a,b"), json!(["a", "b"]));
    assert_eq!(value(Kind::Text(3), "7"), json!("7"));
}
