//! `/api/v1` over real sockets: every operation in every way that the OpenAPI document says it can end, and no other;
//! answers against their schemas; sessions; pages; hostile input.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod account;
mod bar_lines;
mod bars;
mod contract;
mod hostile;
mod lists;
mod schema;
mod session;
mod socket;
#[path = "../rest/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the classic surface, which use the rest")]
mod support;
mod users;
