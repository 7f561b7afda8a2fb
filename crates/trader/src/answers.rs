//! Who waits for which answer of the engine: a caller of VeighNa's RPC or of the bridge.

use crate::limits::CALLS_WAITING;
use crate::recording::{Question, Questions};
use bridge::Code;
use domain::{HistoryRequest, VtOrderId};
use engine::{Answer, Token};
use rpc::{Reply, Request};
use rustc_hash::FxHashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;

/// A caller who waits.
pub(crate) enum Caller {
    /// Of VeighNa's RPC.
    Rpc(Box<Request>),
    /// Of the bridge.
    Bridge(bridge::Reply),
    /// Of the bridge, who asks for bars: the gateway's are only a part of the answer.
    Bars(bridge::Reply, Box<HistoryRequest>),
}

impl Caller {
    /// Answers with an order's id.
    pub(crate) fn order(self, id: VtOrderId) {
        match self {
            Caller::Rpc(request) => request.reply(&Reply::Text(id.0)),
            Caller::Bridge(reply) | Caller::Bars(reply, _) => reply.answer(bridge::Answer::Order(id)),
        }
    }

    /// The way back to a caller of the bridge.
    pub(crate) fn of_bridge(self) -> Option<bridge::Reply> {
        match self {
            Caller::Bridge(reply) | Caller::Bars(reply, _) => Some(reply),
            Caller::Rpc(_) => None,
        }
    }

    /// Says that nothing was done, because too much waits.
    pub(crate) fn busy(self, what: &str) {
        match self {
            Caller::Rpc(request) => request.reply(&Reply::Failed(format!("RuntimeError: {what}\n"))),
            Caller::Bridge(reply) | Caller::Bars(reply, _) => reply.refuse(Code::Busy, what),
        }
    }
}

/// Calls that the engine has not answered yet.
pub(crate) struct Answers {
    next: AtomicU64,
    waiting: Mutex<FxHashMap<Token, Caller>>,
    /// Long lists for callers of the RPC are encoded elsewhere, so that the engine's thread does not wait for them.
    lists: mpsc::Sender<(Request, Reply)>,
    /// Where bars are looked for beside a gateway's; nowhere without a database.
    questions: Option<Arc<Questions>>,
}

impl Answers {
    /// Lists are handed to whoever holds the receiver, questions for bars to whoever takes them.
    pub(crate) fn new(lists: mpsc::Sender<(Request, Reply)>, questions: Option<Arc<Questions>>) -> Arc<Answers> {
        Arc::new(Answers { next: AtomicU64::new(1), waiting: Mutex::default(), lists, questions })
    }

    /// Notes a caller; the token is for the engine. With too many waiting the caller is refused and gets none.
    pub(crate) fn wait(&self, caller: Caller) -> Option<Token> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= CALLS_WAITING {
            caller.busy("too many calls are waiting");
            return None;
        }
        let token = Token(self.next.fetch_add(1, Ordering::Relaxed));
        waiting.insert(token, caller);
        Some(token)
    }

    /// Takes a caller out, to be answered elsewhere.
    pub(crate) fn take(&self, token: Token) -> Option<Caller> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&token)
    }

    /// Answers a caller; `snapshot` completes a snapshot with what the engine does not know.
    pub(crate) fn answer(
        &self,
        token: Token,
        answer: Answer,
        snapshot: impl FnOnce(engine::Snapshot) -> bridge::Snapshot,
    ) {
        match self.take(token) {
            Some(Caller::Rpc(request)) => self.answer_rpc(*request, answer),
            Some(Caller::Bridge(reply)) => answer_bridge(reply, answer, snapshot),
            Some(Caller::Bars(reply, request)) => match (answer, &self.questions) {
                (Answer::Bars(gateway), Some(questions)) => {
                    questions.ask(Question { reply, request: *request, gateway });
                }
                (answer, _) => answer_bridge(reply, answer, snapshot),
            },
            None => {}
        }
    }

    fn answer_rpc(&self, request: Request, answer: Answer) {
        let reply = rpc_reply(answer);
        if !is_list(&reply) {
            return request.reply(&reply);
        }
        if let Err(error) = self.lists.try_send((request, reply)) {
            let (request, _) = error.into_inner();
            Caller::Rpc(Box::new(request)).busy("too many lists are being asked for");
        }
    }
}

fn answer_bridge(reply: bridge::Reply, answer: Answer, snapshot: impl FnOnce(engine::Snapshot) -> bridge::Snapshot) {
    let answer = match answer {
        Answer::Done => Ok(bridge::Answer::Done),
        Answer::Order(Some(id)) => Ok(bridge::Answer::Order(id)),
        Answer::Quote(Some(id)) => Ok(bridge::Answer::Quote(id)),
        Answer::Order(None) | Answer::Quote(None) => Err((Code::NotFound, "there is no such gateway".to_owned())),
        Answer::Bars(Ok(bars)) => Ok(bridge::Answer::Bars(bars)),
        Answer::Bars(Err(why)) => Err((Code::Refused, why)),
        Answer::Orders(rows) => Ok(bridge::Answer::Orders(rows)),
        Answer::Gateways(rows) => Ok(bridge::Answer::Gateways(rows)),
        Answer::TradingState(state) => Ok(bridge::Answer::TradingState(state)),
        Answer::Snapshot(taken) => Ok(bridge::Answer::Snapshot(Box::new(snapshot(*taken)))),
        Answer::Failed(why) => Err((Code::Failed, why)),
        _ => Err((Code::Unsupported, "the bridge has no such answer".to_owned())),
    };
    match answer {
        Ok(answer) => reply.answer(answer),
        Err((code, why)) => reply.refuse(code, why),
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

fn rpc_reply(answer: Answer) -> Reply {
    let failed = |why: &str| Reply::Failed(format!("RuntimeError: {why}\n"));
    match answer {
        Answer::Done => Reply::None,
        // VeighNa's way to say that nothing was sent.
        Answer::Order(id) => Reply::Text(id.map(|id| id.0).unwrap_or_default()),
        Answer::Quote(id) => Reply::Text(id.map(|id| id.0).unwrap_or_default()),
        Answer::Bars(Ok(bars)) => Reply::Bars(bars),
        Answer::Bars(Err(text)) | Answer::Failed(text) => failed(&text),
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
        Answer::QuoteData(_)
        | Answer::Quotes(_)
        | Answer::Snapshot(_)
        | Answer::Gateways(_)
        | Answer::TradingState(_) => failed("not a function of VeighNa's RPC"),
    }
}
