//! Makes the connection, and makes it again.

use super::ClientConfig;
use super::call::Books;
use super::events::Inbox;
use super::handshake;
use super::session::Session;
use crate::codec::Lines;
use crate::limits::{HANDSHAKE, HELLO_BYTES, RECONNECT};
use crate::stream::HandshakeError;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Holds the connection; its owner runs it.
pub struct ClientDriver {
    config: ClientConfig,
    books: Arc<Books>,
    inbox: Arc<Inbox>,
}

impl ClientDriver {
    pub(super) fn new(config: ClientConfig, books: Arc<Books>, inbox: Arc<Inbox>) -> ClientDriver {
        ClientDriver { config, books, inbox }
    }

    /// Runs for ever; dropping the future closes the connection.
    pub async fn run(self) {
        let mut failures = 0;
        let mut told = String::new();
        loop {
            let mut lines = Lines::new(HELLO_BYTES);
            let opened = timeout(HANDSHAKE, handshake::open(&self.config, &mut lines)).await;
            match opened.unwrap_or(Err(HandshakeError::Timeout)) {
                Ok((stream, hello)) => {
                    (failures, told) = (0, String::new());
                    self.books.connected(Arc::new(hello.clone()), stream.socket());
                    self.inbox.connected(hello.clone());
                    let ends = Ends { driver: &self, reason: "it was given up here".into() };
                    let reason = Session::new(&self.books, &self.inbox, &hello).run(stream, lines).await;
                    ends.because(reason);
                }
                Err(error) => {
                    let reason = error.to_string();
                    // Once for each reason, not at each attempt.
                    if told != reason {
                        self.inbox.lost(reason.clone());
                        told = reason;
                    }
                }
            }
            sleep(delay(failures)).await;
            failures += 1;
        }
    }
}

/// Tells that the connection has ended, also where the driver is dropped.
struct Ends<'a> {
    driver: &'a ClientDriver,
    reason: String,
}

impl Ends<'_> {
    fn because(mut self, reason: String) {
        self.reason = reason;
    }
}

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.driver.books.lost(&self.reason);
        self.driver.inbox.lost(std::mem::take(&mut self.reason));
    }
}

/// The wait before the next attempt; half of it is random.
fn delay(failures: u32) -> Duration {
    let mut random = [0; 1];
    getrandom::fill(&mut random).expect("the operating system has random bytes");
    let (first, last) = RECONNECT;
    let whole = (first * 2u32.pow(failures.min(10))).min(last);
    whole / 2 + whole.mul_f64(f64::from(random[0]) / 512.0)
}
