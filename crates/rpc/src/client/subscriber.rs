//! Events of one trading process, in the order in which it published them.
//!
//! Pull type: the task that applies the events reads the socket, so there is no queue to overflow. What cannot be
//! understood is skipped, counted, and handed up once per kind so that it is logged once.

use crate::decode::{DecodeError, EventDecoder, Published};
use crate::limits::SILENCE_MAX;
use std::collections::HashSet;
use std::time::Duration;
use tokio::time::Instant;
use zmtp::{Message, Sub, SubEvent};

/// Kinds of events that cannot be understood and are remembered so as not to be told twice; a peer that makes new
/// kinds up without end gets no more lines after that.
const KINDS_TOLD_MAX: usize = 64;

/// What [`Subscriber::next`] brings.
#[derive(Debug)]
pub enum Received {
    /// Connected and subscribed: what is published from now on arrives. Time to take a snapshot.
    Connected,
    /// The batch holds events.
    Events,
    /// The connection ended; what is published until the next `Connected` is missed.
    Lost(String),
    /// Connected, but nothing came for this long, heartbeats neither: the peer is in a long call, or stopped.
    Silent(Duration),
}

/// Hears one trading process.
pub struct Subscriber {
    sub: Sub,
    decoder: EventDecoder,
    batch: Vec<Message>,
    connected: bool,
    last: Instant,
    told_silent: bool,
    skipped: u64,
    told: HashSet<String>,
}

impl Subscriber {
    pub(super) fn new(sub: Sub) -> Subscriber {
        Subscriber {
            sub,
            decoder: EventDecoder::default(),
            batch: Vec::new(),
            connected: false,
            last: Instant::now(),
            told_silent: false,
            skipped: 0,
            told: HashSet::new(),
        }
    }

    /// Waits for something to tell; appends to `events` what was understood. Cancel-safe.
    pub async fn next(&mut self, events: &mut Vec<Published>) -> Received {
        let silent_at = self.last + SILENCE_MAX;
        let event = tokio::select! {
            biased;
            event = self.sub.next(&mut self.batch) => event,
            () = tokio::time::sleep_until(silent_at), if self.connected && !self.told_silent => {
                self.told_silent = true;
                return Received::Silent(self.last.elapsed());
            }
        };
        self.last = Instant::now();
        self.told_silent = false;
        match event {
            SubEvent::Connected => {
                self.connected = true;
                Received::Connected
            }
            SubEvent::Messages => {
                self.decode(events);
                Received::Events
            }
            SubEvent::Oversized { bytes } => {
                self.skip("oversized", &DecodeError { what: "event".into(), why: format!("has {bytes} bytes") });
                Received::Events
            }
            SubEvent::Lost(reason) => {
                self.connected = false;
                Received::Lost(reason.to_string())
            }
        }
    }

    /// Events that could not be understood, so far.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Drops the connection and makes a new one.
    pub fn reset(&mut self) {
        self.sub.reset();
    }

    fn decode(&mut self, events: &mut Vec<Published>) {
        let batch = std::mem::take(&mut self.batch);
        for message in &batch {
            match self.decoder.decode(message) {
                Ok(published) => events.push(published),
                Err(error) => self.skip(&error.what, &error),
            }
        }
        self.batch = batch;
        self.batch.clear();
    }

    #[cold]
    fn skip(&mut self, kind: &str, error: &DecodeError) {
        self.skipped += 1;
        if self.told.len() < KINDS_TOLD_MAX && self.told.insert(format!("{kind}: {}", error.why)) {
            tracing::warn!(%error, "an event could not be understood and is skipped; more of its kind are only counted");
        }
    }
}
