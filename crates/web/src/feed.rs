//! From the replicas to the stream: what happens becomes facts, ticks and bars, what stands becomes snapshots.
//!
//! How data passes: a link's task calls [`Feed`] while its replica is locked for writing; the stream asks
//! [`Replicas`] for a snapshot, which reads the head of the ring while the replica is locked for reading. So a
//! snapshot holds exactly the facts up to its number. Always true: rows are cloned (shared) under the lock and
//! encoded behind it, so 20,000 contracts keep nobody waiting.

use crate::bars::Lines;
use crate::command::LinkReport;
use crate::desk::Desk;
use crate::orders::Orders;
use crate::replica::{Fact, Link, Replica};
use crate::stream::{Channel, Snapshot, Source, StreamHub};
use crate::trader_link::Listener;
use bytes::Bytes;
use domain::{GatewayInfo, Text, TradingState};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows of one piece of a snapshot: large enough that a list of 20,000 is some hundred pieces.
const PIECE_ROWS: usize = 128;

/// Hears of one desk and tells the stream.
pub struct Feed {
    hub: StreamHub,
    desk: usize,
    name: Text,
    orders: Arc<Orders>,
    lines: Arc<Lines>,
    text: Vec<u8>,
    state: State,
}

/// What the channel `trader` tells of a desk.
#[derive(Default, Serialize)]
struct State {
    state: &'static str,
    since: Option<String>,
    dialect: Text,
    trading_state: Option<TradingState>,
    gateways: BTreeMap<Text, Arc<GatewayInfo>>,
}

impl Feed {
    /// For the desk of this number and name.
    pub fn new(hub: StreamHub, desk: usize, name: Text, orders: Arc<Orders>, lines: Arc<Lines>) -> Feed {
        let state = State { state: link_name(Link::Connecting), ..State::default() };
        Feed { hub, desk, name, orders, lines, text: Vec::new(), state }
    }

    fn tell<T: Serialize>(&mut self, channel: Channel, row: &T) {
        self.text.clear();
        write(&mut self.text, row);
        self.hub.fact(self.desk, channel, &self.text);
    }

    fn tell_state(&mut self) {
        self.text.clear();
        write(&mut self.text, &self.state);
        self.hub.trader_state(self.desk, &self.text);
    }
}

impl Listener for Feed {
    fn fact(&mut self, replica: &Replica, fact: &Fact) {
        match fact {
            Fact::Tick(tick) => {
                let vt_symbol = tick.vt_symbol.as_str();
                self.hub.tick(self.desk, vt_symbol, tick);
                self.lines.tick(self.desk, replica, vt_symbol);
            }
            Fact::Trade(row) => self.tell(Channel::Trade, row),
            Fact::Order(row) => {
                self.text.clear();
                write(&mut self.text, &self.orders.row(&self.name, row));
                self.hub.fact(self.desk, Channel::Order, &self.text);
            }
            Fact::Position(row) => self.tell(Channel::Position, row),
            Fact::Account(row) => self.tell(Channel::Account, row),
            Fact::Contract(row) => self.tell(Channel::Contract, row),
            Fact::Quote(row) => self.tell(Channel::Quote, row),
            Fact::Log(row) => self.tell(Channel::Log, row),
            Fact::Gateway(row) => {
                self.state.gateways.insert(row.name.clone(), Arc::clone(row));
                self.tell_state();
            }
            Fact::TradingState(state) => {
                self.state.trading_state = Some(*state);
                self.tell_state();
            }
        }
    }

    fn reset(&mut self, replica: &Replica) {
        self.hub.reset(self.desk);
        for tick in replica.ticks.rows() {
            self.hub.tick(self.desk, tick.vt_symbol.as_str(), tick);
        }
        self.lines.reset(self.desk);
        self.state.trading_state = replica.trading_state;
        self.state.gateways = replica.gateways.rows().map(|row| (row.name.clone(), Arc::clone(row))).collect();
    }

    fn link(&mut self, report: &LinkReport) {
        self.state.state = link_name(report.link);
        self.state.dialect = report.dialect.clone();
        let since = report.stale_since_ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
        self.state.since = since.map(|since| since.to_string());
        self.tell_state();
    }
}

/// The replicas of all desks, for snapshots.
pub struct Replicas {
    hub: StreamHub,
    desks: Vec<Arc<Desk>>,
    orders: Arc<Orders>,
}

impl Replicas {
    /// Of these desks, in the stream's order.
    pub fn new(hub: StreamHub, desks: Vec<Arc<Desk>>, orders: Arc<Orders>) -> Replicas {
        Replicas { hub, desks, orders }
    }
}

impl Source for Replicas {
    fn snapshot(&self, desk: usize, channel: Channel) -> Snapshot {
        let replica = self.desks[desk].replica.read();
        let seq = self.hub.head();
        let pieces = match channel {
            Channel::Order => {
                let rows: Vec<_> = replica.orders.rows().cloned().collect();
                drop(replica);
                let name = &self.desks[desk].name;
                pieces(rows.iter().map(|row| self.orders.row(name, row)))
            }
            Channel::Trade => rows(replica.trades.rows().cloned().collect(), replica),
            Channel::Position => rows(replica.positions.rows().cloned().collect(), replica),
            Channel::Account => rows(replica.accounts.rows().cloned().collect(), replica),
            Channel::Contract => rows(replica.contracts.rows().cloned().collect(), replica),
            Channel::Quote => rows(replica.quotes.rows().cloned().collect(), replica),
            Channel::Log => rows(replica.logs.after(0).map(|(_, row)| Arc::clone(row)).collect(), replica),
            // The stream keeps this state itself.
            Channel::Trader => Vec::new(),
        };
        Snapshot { seq, pieces }
    }
}

/// Encodes the rows once the lock that they were cloned under is gone.
fn rows<T: Serialize, L>(rows: Vec<Arc<T>>, lock: L) -> Vec<Bytes> {
    drop(lock);
    pieces(rows.iter())
}

fn pieces<T: Serialize>(rows: impl Iterator<Item = T>) -> Vec<Bytes> {
    let (mut pieces, mut text) = (Vec::new(), Vec::new());
    for (index, row) in rows.enumerate() {
        if index % PIECE_ROWS != 0 {
            text.push(b',');
        } else if !text.is_empty() {
            pieces.push(Bytes::from(std::mem::take(&mut text)));
        }
        write(&mut text, &row);
    }
    if !text.is_empty() {
        pieces.push(Bytes::from(text));
    }
    pieces
}

fn write<T: Serialize>(out: &mut Vec<u8>, row: &T) {
    serde_json::to_writer(out, row).expect("plain rows have text keys, and a vector takes everything");
}

/// As the API writes it.
pub(crate) fn link_name(link: Link) -> &'static str {
    match link {
        Link::Connecting => "connecting",
        Link::Syncing => "syncing",
        Link::Live => "live",
        Link::Stale => "stale",
    }
}
