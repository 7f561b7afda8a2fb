//! The web server over real sockets: each route happy, refused, logged out and with the trading process away;
//! hostile input; logins; and the answers that VeighNa's own web process gave.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod hostile;
mod lists;
mod login;
mod recorded;
mod routes;
mod stream;
mod support;
