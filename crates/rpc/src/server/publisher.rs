//! Publishes events, and a heartbeat that no call can delay.

use crate::dialect::Dialect;
use crate::encode::{EventEncoder, Outgoing};
use crate::limits::HEARTBEAT;
use domain::Language;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio_util::sync::CancellationToken;
use zmtp::{BindError, Endpoint, Limits, Message, PubStats, PublisherHandle};

/// A bound publisher. Its events are encoded by whoever calls [`Publisher::publish`], on that thread.
pub struct Publisher {
    socket: zmtp::Publisher,
    handle: PublisherHandle,
    encoder: EventEncoder,
    messages: Vec<Message>,
    heart: tokio::task::JoinHandle<()>,
}

impl Publisher {
    /// Listens; `stop` ends it, its heartbeat too.
    pub async fn bind(
        endpoint: &Endpoint,
        dialect: Dialect,
        values: Option<Language>,
        stop: &CancellationToken,
    ) -> Result<Publisher, BindError> {
        let socket = zmtp::Publisher::bind(endpoint, Limits::publisher(), stop).await?;
        let handle = socket.handle();
        let heart = tokio::spawn(beat(handle.clone(), EventEncoder::new(dialect, values), stop.clone()));
        let encoder = EventEncoder::new(dialect, values);
        Ok(Publisher { socket, handle, encoder, messages: Vec::new(), heart })
    }

    /// Where it listens, with the port that the system chose.
    pub fn endpoint(&self) -> &Endpoint {
        self.socket.endpoint()
    }

    /// Publishes one event; never waits. While nobody listens nothing is encoded.
    pub fn publish(&mut self, event: Outgoing<'_>) {
        if self.handle.stats().subscribers == 0 {
            return;
        }
        self.encoder.encode(event, &mut self.messages);
        for message in self.messages.drain(..) {
            self.handle.send(&message);
        }
    }

    /// Subscribers, and what slow ones lost.
    pub fn stats(&self) -> PubStats {
        self.handle.stats()
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.heart.abort();
    }
}

async fn beat(handle: PublisherHandle, mut encoder: EventEncoder, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(HEARTBEAT);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        handle.send(&encoder.heartbeat(now.as_secs_f64()));
    }
}
