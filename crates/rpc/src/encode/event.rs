//! What our trading process publishes, in the dialect that its clients expect.

use super::fragments::{EnumForm, Fragments};
use super::object::{ObjectWriter, Shapes};
use crate::dialect::{App, Dialect, Framing};
use bytes::Bytes;
use domain::{
    AccountData, ContractData, Language, LogData, OrderData, PositionData, QuoteData, Text, TickData, TradeData,
};
use pickle::Writer;
use zmtp::Message;

/// An event to publish.
#[derive(Clone, Copy, Debug)]
pub enum Outgoing<'a> {
    /// A market moved.
    Tick(&'a TickData),
    /// A fill.
    Trade(&'a TradeData),
    /// An order's state.
    Order(&'a OrderData),
    /// A position.
    Position(&'a PositionData),
    /// An account.
    Account(&'a AccountData),
    /// A quote's state.
    Quote(&'a QuoteData),
    /// An instrument.
    Contract(&'a ContractData),
    /// A log line.
    Log(&'a LogData),
}

/// Writes events; keeps its memory from one to the next.
pub struct EventEncoder {
    dialect: Dialect,
    fragments: Fragments,
    shapes: Shapes,
    writer: Writer,
}

impl EventEncoder {
    /// An encoder of that dialect; `values` writes enum members by their value in that language instead of by name.
    pub fn new(dialect: Dialect, values: Option<Language>) -> EventEncoder {
        let fragments = Fragments::new(values.map_or(EnumForm::Name, EnumForm::Value));
        let shapes = Shapes::new(&fragments);
        EventEncoder { dialect, fragments, shapes, writer: Writer::protocol4() }
    }

    /// Appends the messages of one event: none if this app does not publish its kind, two where it publishes it for
    /// the kind and again for the subject.
    pub fn encode(&mut self, event: Outgoing<'_>, out: &mut Vec<Message>) {
        let (topic, subject) = topic(event);
        match self.dialect.app {
            App::WebTrader if matches!(event, Outgoing::Quote(_) | Outgoing::Contract(_) | Outgoing::Log(_)) => {}
            App::WebTrader => out.push(self.message(topic, |w, shapes| payload(w, shapes, event))),
            App::RpcService => {
                out.push(self.wrapped(topic, event));
                if let Some(subject) = subject {
                    let specific = compact_str::format_compact!("{topic}{subject}");
                    out.push(self.wrapped(&specific, event));
                }
            }
        }
    }

    /// The heartbeat, with our time in seconds since 1970 UTC.
    pub fn heartbeat(&mut self, unix_seconds: f64) -> Message {
        self.message("heartbeat", |w, _| w.out.float(unix_seconds))
    }

    fn wrapped(&mut self, kind: &str, event: Outgoing<'_>) -> Message {
        let class = self.fragments.class("Event");
        let keys = self.fragments.keys(&["type", "data"]);
        self.message("", |w, shapes| {
            w.slot(class);
            w.out.begin_object();
            w.slot(keys[0]);
            w.out.str(kind);
            w.slot(keys[1]);
            payload(w, shapes, event);
            w.out.end_object();
        })
    }

    fn message(&mut self, topic: &str, write: impl FnOnce(&mut ObjectWriter<'_>, &Shapes)) -> Message {
        self.writer.clear();
        let one_frame = self.dialect.framing == Framing::OneFrame;
        if one_frame {
            self.writer.begin_list();
            self.writer.str(topic);
        }
        let mut objects = ObjectWriter { out: &mut self.writer, fragments: &self.fragments, share: false };
        write(&mut objects, &self.shapes);
        if one_frame {
            self.writer.end_list();
        }
        let body = Bytes::copy_from_slice(self.writer.end());
        match self.dialect.framing {
            Framing::OneFrame => Message::from(body),
            Framing::TwoFrames => Message::from([Bytes::copy_from_slice(topic.as_bytes()), body]),
        }
    }
}

fn topic(event: Outgoing<'_>) -> (&'static str, Option<&Text>) {
    match event {
        Outgoing::Tick(tick) => ("eTick.", Some(&tick.vt_symbol.0)),
        Outgoing::Trade(trade) => ("eTrade.", Some(&trade.vt_symbol.0)),
        Outgoing::Order(order) => ("eOrder.", Some(&order.vt_orderid.0)),
        Outgoing::Position(position) => ("ePosition.", Some(&position.vt_symbol.0)),
        Outgoing::Account(account) => ("eAccount.", Some(&account.vt_accountid.0)),
        Outgoing::Quote(quote) => ("eQuote.", Some(&quote.vt_symbol.0)),
        Outgoing::Contract(_) => ("eContract.", None),
        Outgoing::Log(_) => ("eLog", None),
    }
}

fn payload(w: &mut ObjectWriter<'_>, shapes: &Shapes, event: Outgoing<'_>) {
    match event {
        Outgoing::Tick(tick) => w.tick(shapes, tick),
        Outgoing::Trade(trade) => w.trade(shapes, trade),
        Outgoing::Order(order) => w.order(shapes, order),
        Outgoing::Position(position) => w.position(shapes, position),
        Outgoing::Account(account) => w.account(shapes, account),
        Outgoing::Quote(quote) => w.quote(shapes, quote),
        Outgoing::Contract(contract) => w.contract(shapes, contract),
        Outgoing::Log(line) => w.log(shapes, line),
    }
}
