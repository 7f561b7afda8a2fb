//! Requests and their answers: REP semantics over ROUTER, so that one long call delays nobody else's.

use super::function::{Function, Refusal};
use crate::decode::{decode_call, loader};
use crate::dialect::App;
use crate::encode::{ReplyEncoder, ReplyValue};
use crate::limits::SERVER_PENDING_MAX;
use bytes::Bytes;
use domain::{AccountData, BarData, ContractData, Language, OrderData, PositionData, Text, TickData, TradeData};
use pickle::Loader;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use zmtp::{BindError, Endpoint, Limits, Message, PeerId, Router, RouterReplies};

/// How the server answers.
#[derive(Clone, Copy, Debug)]
pub struct ServerConfig {
    /// Whose functions it has.
    pub app: App,
    /// Enum members by value in this language; by name where absent.
    pub values: Option<Language>,
}

/// Takes requests.
pub struct Server {
    router: Router,
    replies: RouterReplies,
    encoder: Arc<ReplyEncoder>,
    loader: Loader,
    app: App,
}

/// A call that is to be answered.
pub struct Request {
    /// What is called.
    pub function: Function,
    back: Back,
}

/// The way back to the caller.
struct Back {
    peer: PeerId,
    envelope: Message,
    replies: RouterReplies,
    encoder: Arc<ReplyEncoder>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Python's `None`.
    None,
    /// An id.
    Text(Text),
    /// One or no tick.
    Tick(Option<Arc<TickData>>),
    /// One or no order.
    Order(Option<Arc<OrderData>>),
    /// One or no fill.
    Trade(Option<Arc<TradeData>>),
    /// One or no position.
    Position(Option<Arc<PositionData>>),
    /// One or no account.
    Account(Option<Arc<AccountData>>),
    /// One or no contract.
    Contract(Option<Arc<ContractData>>),
    /// Ticks.
    Ticks(Vec<Arc<TickData>>),
    /// Orders.
    Orders(Vec<Arc<OrderData>>),
    /// Fills.
    Trades(Vec<Arc<TradeData>>),
    /// Positions.
    Positions(Vec<Arc<PositionData>>),
    /// Accounts.
    Accounts(Vec<Arc<AccountData>>),
    /// Contracts.
    Contracts(Vec<Arc<ContractData>>),
    /// Bars.
    Bars(Vec<BarData>),
    /// The function failed; a text for the caller, without our insides.
    Failed(String),
}

impl Server {
    /// Listens; `stop` ends it.
    pub async fn bind(
        endpoint: &Endpoint,
        config: ServerConfig,
        stop: &CancellationToken,
    ) -> Result<Server, BindError> {
        let limits = Limits { receive_queue_messages: SERVER_PENDING_MAX, ..Limits::router() };
        let router = Router::bind(endpoint, limits, stop).await?;
        let replies = router.replies();
        let encoder = Arc::new(ReplyEncoder::new(config.values));
        Ok(Server { router, replies, encoder, loader: loader(), app: config.app })
    }

    /// Where it listens, with the port that the system chose.
    pub fn endpoint(&self) -> &Endpoint {
        self.router.endpoint()
    }

    /// The next call that makes sense; others are answered here. `None` once stopped. Cancel-safe.
    pub async fn next(&mut self) -> Option<Request> {
        loop {
            let (peer, message) = self.router.next().await?;
            if let Some(request) = self.read(peer, &message) {
                return Some(request);
            }
        }
    }

    /// Ends all connections and waits for their tasks.
    pub async fn shutdown(self) {
        self.router.shutdown().await;
    }

    fn read(&mut self, peer: PeerId, message: &Message) -> Option<Request> {
        // Without an empty delimiter there is no envelope to answer to; libzmq's REP drops such a message too.
        let delimiter = message.parts().iter().position(Bytes::is_empty)?;
        let (envelope, body) = message.parts().split_at(delimiter + 1);
        let back = Back {
            peer,
            envelope: envelope.iter().cloned().collect(),
            replies: self.replies.clone(),
            encoder: Arc::clone(&self.encoder),
        };
        match self.understand(body) {
            Ok(function) => Some(Request { function, back }),
            Err(text) => {
                back.send(back.encoder.failure(&text));
                None
            }
        }
    }

    fn understand(&mut self, body: &[Bytes]) -> Result<Function, String> {
        let [body] = body else { return Err(format!("ValueError: a request has one frame, not {}", body.len())) };
        let tree = self.loader.load(body).map_err(|e| format!("UnpicklingError: {e}"))?;
        let call = decode_call(tree.root()).map_err(|e| format!("ValueError: {e}"))?;
        Function::read(&call, self.app).map_err(|refusal| match refusal {
            Refusal::Unknown => format!("Traceback (most recent call last):\nKeyError: {}\n", quoted(call.name)),
            Refusal::Arguments(error) => {
                format!("Traceback (most recent call last):\nTypeError: {}() {error}\n", call.name)
            }
        })
    }
}

/// A name as Python's `repr` shows it in a KeyError, bounded.
fn quoted(name: &str) -> String {
    let short: String = name.chars().take(100).flat_map(char::escape_default).collect();
    format!("'{short}'")
}

impl Back {
    fn send(&self, body: Vec<u8>) {
        let mut message = self.envelope.clone();
        message.push(Bytes::from(body));
        // A caller that has gone wants no answer; one that does not read its answers loses this one.
        if let Err(error) = self.replies.send_to(self.peer, &message) {
            tracing::debug!(peer = %self.peer, %error, "an answer could not be delivered");
        }
    }
}

impl Request {
    /// Answers.
    pub fn reply(self, reply: &Reply) {
        let body = match reply {
            Reply::Failed(text) => self.back.encoder.failure(text),
            other => self.back.encoder.success(&value(other)),
        };
        self.back.send(body);
    }
}

fn value(reply: &Reply) -> ReplyValue<'_> {
    /// The object, or Python's `None`.
    fn one<'a, T>(row: &'a Option<Arc<T>>, of: impl FnOnce(&'a T) -> ReplyValue<'a>) -> ReplyValue<'a> {
        row.as_deref().map_or(ReplyValue::None, of)
    }
    match reply {
        Reply::None | Reply::Failed(_) => ReplyValue::None,
        Reply::Text(text) => ReplyValue::Text(text),
        Reply::Tick(row) => one(row, ReplyValue::Tick),
        Reply::Order(row) => one(row, ReplyValue::Order),
        Reply::Trade(row) => one(row, ReplyValue::Trade),
        Reply::Position(row) => one(row, ReplyValue::Position),
        Reply::Account(row) => one(row, ReplyValue::Account),
        Reply::Contract(row) => one(row, ReplyValue::Contract),
        Reply::Ticks(rows) => ReplyValue::Ticks(rows),
        Reply::Orders(rows) => ReplyValue::Orders(rows),
        Reply::Trades(rows) => ReplyValue::Trades(rows),
        Reply::Positions(rows) => ReplyValue::Positions(rows),
        Reply::Accounts(rows) => ReplyValue::Accounts(rows),
        Reply::Contracts(rows) => ReplyValue::Contracts(rows),
        Reply::Bars(rows) => ReplyValue::Bars(rows),
    }
}
