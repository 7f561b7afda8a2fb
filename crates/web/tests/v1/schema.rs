//! Compares answers with the OpenAPI document: the part of JSON Schema that the document uses.

use serde_json::Value;

/// Everything in which a value differs from a schema.
pub(crate) fn differences(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    compare(document, schema, value, at, &mut found);
    found
}

fn compare(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#'));
        let target = target.unwrap_or_else(|| panic!("{reference} is not in the document"));
        return compare(document, target, value, at, found);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        compare(document, part, value, at, found);
    }
    if let Some(parts) = schema["anyOf"].as_array() {
        let fits = parts.iter().any(|part| differences(document, part, value, at).is_empty());
        if !fits {
            found.push(format!("{at}: {value} fits none"));
        }
    }
    if !has_type(&schema["type"], value) {
        found.push(format!("{at}: {value} is no {}", schema["type"]));
    }
    if schema["enum"].as_array().is_some_and(|names| !names.contains(value)) {
        found.push(format!("{at}: {value} is none of {}", schema["enum"]));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        compare(document, &schema["items"], item, &format!("{at}/{index}"), found);
    }
    if let Some(members) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                found.push(format!("{at}/{name} is missing"));
            }
        }
        for (name, member) in members {
            match schema["properties"].get(name) {
                Some(schema) => compare(document, schema, member, &format!("{at}/{name}"), found),
                None if schema["additionalProperties"] == false => found.push(format!("{at}/{name} is not documented")),
                None => {}
            }
        }
    }
}

fn has_type(kind: &Value, value: &Value) -> bool {
    match kind {
        Value::String(kind) => match kind.as_str() {
            "string" => value.is_string(),
            "number" => value.is_number(),
            "integer" => value.is_i64() || value.is_u64(),
            "boolean" => value.is_boolean(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            "null" => value.is_null(),
            other => panic!("unknown type {other}"),
        },
        Value::Array(kinds) => kinds.iter().any(|kind| has_type(kind, value)),
        _ => true,
    }
}
