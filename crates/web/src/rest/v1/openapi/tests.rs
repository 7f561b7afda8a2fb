//! The document in the repository, of which the page's types are made, is the one that the server gives.

use super::document;
use serde_json::Value;
use std::path::Path;

/// Set it to write the file anew.
const UPDATE: &str = "UPDATE_CONTRACT";

#[test]
fn the_document_in_the_repository_is_the_servers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contract/openapi.json");
    let served: Value = serde_json::from_slice(&document()).expect("it is JSON");
    let mut served = serde_json::to_string_pretty(&served).expect("a value is JSON");
    served.push('\n');
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&path, &served).expect("the folder is there");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == served,
        "contract/openapi.json is not what the server gives: {UPDATE}=1 cargo test -p web --lib openapi"
    );
}
