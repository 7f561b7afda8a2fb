//! Writes the replica of one trading process, and passes on what came of it; both kinds of link do so through here.
//!
//! Always true: whoever listens hears of a fact while the replica is locked with it inside; the readers of the classic
//! stream and whoever waits for an order come after the lock is released.

use super::stream::Stream;
use super::{Listener, State};
use crate::live::Hub;
use crate::replica::{Effect, Fact, Input, Link, Replica, Shared};
use futures_util::future::BoxFuture;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

/// The replica's only writer.
pub(super) struct Writer {
    pub(super) state: Arc<State>,
    pub(super) replica: Arc<Shared>,
    stream: Option<Stream>,
    listener: Box<dyn Listener>,
    effects: Vec<Effect>,
    facts: Vec<Fact>,
}

impl Writer {
    pub(super) fn new(
        state: Arc<State>,
        replica: Arc<Shared>,
        hub: Option<Hub>,
        listener: Box<dyn Listener>,
    ) -> Writer {
        let stream = hub.map(Stream::new);
        Writer { state, replica, stream, listener, effects: Vec::new(), facts: Vec::new() }
    }

    /// Applies what happened. `Some`: so many facts were missed, and everything has to be read anew.
    #[must_use]
    pub(super) fn apply(&mut self, inputs: impl IntoIterator<Item = Input>) -> Option<u64> {
        let mut has_orders = false;
        let link = {
            let mut replica = self.replica.write();
            for input in inputs {
                has_orders |= matches!(input, Input::Fact(Fact::Order(_)));
                let from = self.effects.len();
                replica.apply(input, &mut self.effects);
                hear(&mut *self.listener, &replica, &self.effects[from..]);
            }
            replica.link
        };
        if self.state.set_link(link) {
            self.tell_link();
        }
        let mut missed = None;
        for effect in self.effects.drain(..) {
            match effect {
                Effect::Tell(fact) if fact.is_classic() => self.facts.push(fact),
                Effect::Tell(_) | Effect::Reset => {}
                Effect::Resync { missed: more } => missed = Some(missed.unwrap_or(0) + more),
            }
        }
        self.send();
        if has_orders || link == Link::Stale {
            self.state.settled.wake();
        }
        if let Some(missed) = missed {
            self.state.missed.fetch_add(missed, Ordering::Relaxed);
            tracing::warn!(missed, "events were missed; everything is read anew");
        }
        missed
    }

    /// Tells whoever listens how it stands with the link.
    pub(super) fn tell_link(&mut self) {
        self.listener.link(&self.state.report());
    }

    /// To the classic stream, where this trading process has one.
    fn send(&mut self) {
        if let Some(stream) = self.stream.as_mut().filter(|_| !self.facts.is_empty()) {
            let language = self.state.report.lock().unwrap_or_else(PoisonError::into_inner).language;
            stream.send(&self.facts, language);
        }
        self.facts.clear();
    }
}

/// Passes what came of one input on.
fn hear(listener: &mut dyn Listener, replica: &Replica, effects: &[Effect]) {
    for effect in effects {
        match effect {
            Effect::Tell(fact) => listener.fact(replica, fact),
            Effect::Reset => listener.reset(replica),
            Effect::Resync { .. } => {}
        }
    }
}

/// Waits for a future that may be there; one that has ended is taken away.
pub(super) async fn pending<T>(slot: &mut Option<BoxFuture<'static, T>>) -> T {
    let Some(future) = slot else { return std::future::pending().await };
    let result = future.await;
    *slot = None;
    result
}
