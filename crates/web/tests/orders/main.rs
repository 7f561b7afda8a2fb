//! Orders of `/api/v1` over real sockets: every outcome with its status, ids, batches, closing, trading states.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod outcomes;
mod safety;
#[path = "../v1/schema.rs"]
mod schema;
#[path = "../rest/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the classic surface, which use the rest")]
mod support;
