//! What a peer publishes: both framings, both apps, told apart by each message itself.

use super::fields::FromNode;
use super::{DecodeError, direct, loader};
use crate::dialect::{App, Framing};
use crate::names::{self, Class};
use domain::{AccountData, ContractData, LogData, OrderData, PositionData, QuoteData, Text, TickData, TradeData};
use pickle::{Loader, Node};
use zmtp::Message;

/// What a peer told.
#[derive(Clone, Debug, PartialEq)]
pub enum PeerEvent {
    /// A market moved.
    Tick(Box<TickData>),
    /// A fill.
    Trade(Box<TradeData>),
    /// An order's state.
    Order(Box<OrderData>),
    /// A position.
    Position(Box<PositionData>),
    /// An account.
    Account(Box<AccountData>),
    /// A quote's state.
    Quote(Box<QuoteData>),
    /// An instrument.
    Contract(Box<ContractData>),
    /// A log line.
    Log(LogData),
    /// The peer's heart, with its own time in seconds since 1970 UTC.
    Heartbeat(f64),
    /// An event that the house has no use for, or the second copy of one (`eTick.rb2601.SHFE`); by its type.
    Other(Text),
}

/// An event and what it betrays of its sender.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// What was told.
    pub event: PeerEvent,
    /// How it was framed.
    pub framing: Framing,
    /// Which app sends like that; a heartbeat looks the same from both.
    pub app: Option<App>,
}

/// Reads published messages; keeps its memory from one to the next.
pub struct EventDecoder {
    loader: Loader,
}

impl Default for EventDecoder {
    fn default() -> EventDecoder {
        EventDecoder { loader: loader() }
    }
}

impl EventDecoder {
    /// Reads one message. The error names the event's type where it could be read.
    pub fn decode(&mut self, message: &Message) -> Result<Published, DecodeError> {
        let tick = match message.parts() {
            [body] => direct::one_frame(body),
            [topic, body] => std::str::from_utf8(topic).ok().and_then(|topic| direct::two_frames(topic, body)),
            _ => None,
        };
        tick.map_or_else(|| self.decode_any(message), Ok)
    }

    /// The long way, which understands everything that a peer may write.
    pub(super) fn decode_any(&mut self, message: &Message) -> Result<Published, DecodeError> {
        let load = |e: pickle::Error| DecodeError::new("event", e.fault.to_string());
        match message.parts() {
            [body] => {
                let tree = self.loader.load(body).map_err(load)?;
                let mut items = tree.root().items().ok_or_else(|| DecodeError::new("event", "is no list"))?;
                let topic =
                    items.next().and_then(Node::as_str).ok_or_else(|| DecodeError::new("event", "has no topic"))?;
                let data = items.next().ok_or_else(|| DecodeError::new("event", "has no data"))?;
                published(topic, data, Framing::OneFrame)
            }
            [topic, body] => {
                let topic =
                    std::str::from_utf8(topic).map_err(|_| DecodeError::new("event", "has a topic that is no text"))?;
                let tree = self.loader.load(body).map_err(|e| DecodeError::new(shown(topic), e.fault.to_string()))?;
                published(topic, tree.root(), Framing::TwoFrames)
            }
            parts => Err(DecodeError::new("event", format!("has {} frames", parts.len()))),
        }
    }
}

fn shown(topic: &str) -> String {
    if topic.is_empty() { "event".to_owned() } else { topic.chars().take(64).collect() }
}

fn published(topic: &str, data: Node<'_>, framing: Framing) -> Result<Published, DecodeError> {
    let wrapped = data.instance().filter(|object| names::class(object.class) == Some(Class::Event));
    let (topic, data, app) = match wrapped.and_then(|object| object.state) {
        None if topic == "heartbeat" => (topic, data, None),
        None => (topic, data, Some(App::WebTrader)),
        Some(state) => {
            let kind = state.get("type").and_then(Node::as_str);
            let kind = kind.ok_or_else(|| DecodeError::new("Event", "has no type"))?;
            let data = state.get("data").ok_or_else(|| DecodeError::new(shown(kind), "has no data"))?;
            (kind, data, Some(App::RpcService))
        }
    };
    let event = event(topic, data).map_err(|e| DecodeError::new(shown(topic), e.to_string()))?;
    Ok(Published { event, framing, app })
}

fn event(topic: &str, data: Node<'_>) -> Result<PeerEvent, DecodeError> {
    Ok(match topic {
        "eTick." => PeerEvent::Tick(FromNode::from_node(data)?),
        "eTrade." => PeerEvent::Trade(Box::new(FromNode::from_node(data)?)),
        "eOrder." => PeerEvent::Order(Box::new(FromNode::from_node(data)?)),
        "ePosition." => PeerEvent::Position(Box::new(FromNode::from_node(data)?)),
        "eAccount." => PeerEvent::Account(Box::new(FromNode::from_node(data)?)),
        "eQuote." => PeerEvent::Quote(Box::new(FromNode::from_node(data)?)),
        "eContract." => PeerEvent::Contract(Box::new(FromNode::from_node(data)?)),
        "eLog" => PeerEvent::Log(FromNode::from_node(data)?),
        "heartbeat" => PeerEvent::Heartbeat(data.as_f64().unwrap_or(0.0)),
        other => PeerEvent::Other(Text::new(other)),
    })
}
