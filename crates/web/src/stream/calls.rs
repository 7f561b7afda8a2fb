//! The calls of one connection that are under way.
//!
//! Always true: a call runs to its end in a task of its own, whatever becomes of the connection, because an order
//! that was begun must not be left half done; its reply carries the id that the client gave.

use super::hub::Core;
use super::ports::Ports;
use super::text;
use domain::Text;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, Stream};
use serde_json::Value;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

/// A call's id and outcome.
type Done = (Text, Result<Value, Value>);

/// See the module.
#[derive(Default)]
pub(super) struct Running(Option<FuturesUnordered<BoxFuture<'static, Done>>>);

impl Running {
    pub(super) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, FuturesUnordered::len)
    }

    pub(super) fn start(&mut self, core: &Arc<Core>, ports: &Ports, user: &str, id: Text, method: &str, params: Value) {
        core.counters.calls.fetch_add(1, Ordering::Relaxed);
        let task = core.tasks.spawn(ports.calls.call(user, method, params));
        let done = async move {
            let failed = |_| Err(text::problem(500, "internal", "Internal error", "the call failed on our side"));
            (id, task.await.unwrap_or_else(failed))
        };
        self.0.get_or_insert_default().push(Box::pin(done));
    }

    /// The next call that is done.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Option<Done> {
        let running = self.0.as_mut()?;
        match Pin::new(running).poll_next(cx) {
            Poll::Ready(Some(done)) => Some(done),
            Poll::Ready(None) => {
                self.0 = None;
                None
            }
            Poll::Pending => None,
        }
    }
}
