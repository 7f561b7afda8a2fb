//! Who waits for which answer of the engine.

use crate::limits::CALLS_WAITING;
use domain::VtOrderId;
use engine::{Answer, Token};
use rpc::{Reply, Request};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;

/// A caller who waits.
pub(crate) struct Pending(Request);

impl Pending {
    /// Answers with an order's id.
    pub(crate) fn order(self, id: &VtOrderId) {
        self.0.reply(&Reply::Text(id.0.clone()));
    }
}

/// Calls that the engine has not answered yet.
pub(crate) struct Answers {
    next: AtomicU64,
    waiting: Mutex<HashMap<Token, Request>>,
    /// Long lists are encoded elsewhere, so that the engine's thread does not wait for them.
    lists: mpsc::Sender<(Request, Reply)>,
}

impl Answers {
    /// Lists are handed to whoever holds the receiver.
    pub(crate) fn new(lists: mpsc::Sender<(Request, Reply)>) -> Arc<Answers> {
        Arc::new(Answers { next: AtomicU64::new(1), waiting: Mutex::default(), lists })
    }

    /// Notes a caller; the token is for the engine. With too many waiting the caller is refused and gets none.
    pub(crate) fn wait(&self, request: Request) -> Option<Token> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= CALLS_WAITING {
            request.reply(&Reply::Failed("RuntimeError: too many calls are waiting\n".to_owned()));
            return None;
        }
        let token = Token(self.next.fetch_add(1, Ordering::Relaxed));
        waiting.insert(token, request);
        Some(token)
    }

    /// Takes a caller out, to be answered elsewhere.
    pub(crate) fn take(&self, token: Token) -> Option<Pending> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&token).map(Pending)
    }

    /// Answers a caller.
    pub(crate) fn answer(&self, token: Token, answer: Answer) {
        let Some(Pending(request)) = self.take(token) else { return };
        let reply = reply(answer);
        if !is_list(&reply) {
            return request.reply(&reply);
        }
        if let Err(error) = self.lists.try_send((request, reply)) {
            let (request, _) = error.into_inner();
            request.reply(&Reply::Failed("RuntimeError: too many lists are being asked for\n".to_owned()));
        }
    }
}

fn is_list(reply: &Reply) -> bool {
    matches!(
        reply,
        Reply::Ticks(_)
            | Reply::Orders(_)
            | Reply::Trades(_)
            | Reply::Positions(_)
            | Reply::Accounts(_)
            | Reply::Contracts(_)
            | Reply::Bars(_)
    )
}

fn reply(answer: Answer) -> Reply {
    match answer {
        Answer::Done => Reply::None,
        // VeighNa's way to say that nothing was sent.
        Answer::Order(id) => Reply::Text(id.map(|id| id.0).unwrap_or_default()),
        Answer::Quote(id) => Reply::Text(id.map(|id| id.0).unwrap_or_default()),
        Answer::Bars(Ok(bars)) => Reply::Bars(bars),
        Answer::Bars(Err(text)) => Reply::Failed(format!("RuntimeError: {text}\n")),
        Answer::Tick(row) => Reply::Tick(row),
        Answer::OrderData(row) => Reply::Order(row),
        Answer::Trade(row) => Reply::Trade(row),
        Answer::Position(row) => Reply::Position(row),
        Answer::Account(row) => Reply::Account(row),
        Answer::Contract(row) => Reply::Contract(row),
        Answer::Ticks(rows) => Reply::Ticks(rows),
        Answer::Orders(rows) => Reply::Orders(rows),
        Answer::Trades(rows) => Reply::Trades(rows),
        Answer::Positions(rows) => Reply::Positions(rows),
        Answer::Accounts(rows) => Reply::Accounts(rows),
        Answer::Contracts(rows) => Reply::Contracts(rows),
    }
}
