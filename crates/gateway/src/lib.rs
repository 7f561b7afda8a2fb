//! The port that every venue fills: commands in, reports out, time as an argument.
//!
//! A gateway is a state machine that the trading process drives on a thread of its own: it hands over one
//! [`Command`] or one wake-up at a time and collects [`Report`]s through a [`Sink`]. The gateway owns no thread
//! unless its venue's library forces one on it, and reads no clock.
//!
//! Always true: order ids come from the engine and are unique over restarts; each order that was taken is
//! reported at least once after that, ending in a final state; a venue's own words stop inside the gateway.

pub mod conformance;

mod describe;
mod setting;
mod waker;

pub use describe::describe;
pub use setting::{Field, FieldKind, FieldValue, Form, SettingError, Settings};
pub use waker::Waker;

use domain::{
    AccountData, BarData, CancelRequest, ContractData, Exchange, HistoryRequest, LogData, OrderData, OrderRequest,
    PositionData, QuoteData, QuoteRequest, SubscribeRequest, Text, TickData, TradeData,
};

/// What is asked of a venue.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Log in and send contracts, account, positions, orders and trades of the day, then live data. After a
    /// [`Command::Close`] too; while logged in it is answered by a log line.
    Connect(Settings),
    /// Send this instrument's ticks from now on. Before the login it is remembered.
    Subscribe(SubscribeRequest),
    /// Send an order under this id; the engine has published it as SUBMITTING already.
    SendOrder {
        /// Id within the gateway.
        orderid: Text,
        /// The order.
        request: OrderRequest,
    },
    /// Cancel an order; an unknown or finished one is answered by a log line.
    CancelOrder(CancelRequest),
    /// Send a two-sided quote under this id.
    SendQuote {
        /// Id within the gateway.
        quoteid: Text,
        /// The quote.
        request: QuoteRequest,
    },
    /// Cancel a quote.
    CancelQuote(CancelRequest),
    /// Send history; answered by [`Report::History`] with the same token.
    QueryHistory {
        /// Tells the answers apart.
        token: u64,
        /// What is wanted.
        request: HistoryRequest,
    },
    /// Settle the running day now; only of a venue that settles itself, see [`Gateway::settles`].
    Settle,
    /// Log out; nothing is reported after that but the disconnect. What is sent while logged out is refused with a
    /// reason: an order becomes REJECTED.
    Close,
}

/// What a venue tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// An instrument.
    Contract(Box<ContractData>),
    /// A market state.
    Tick(Box<TickData>),
    /// An order's new state.
    Order(Box<OrderData>),
    /// A fill.
    Trade(Box<TradeData>),
    /// A position.
    Position(Box<PositionData>),
    /// An account.
    Account(Box<AccountData>),
    /// A quote's new state.
    Quote(Box<QuoteData>),
    /// A line for the log.
    Log(LogData),
    /// The session with the venue is up (contracts and state were sent) or down.
    Link(LinkState),
    /// History that was asked for, or why there is none.
    History {
        /// The command's token.
        token: u64,
        /// Bars in time order.
        bars: Result<Vec<BarData>, String>,
    },
}

/// Session with a venue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// Not logged in, and why if it was not asked for.
    Down(Option<String>),
    /// On the way.
    Connecting,
    /// Logged in, state sent.
    Up,
}

/// Moment of a call: wall clock and a clock that only goes forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Now {
    /// Microseconds since 1970 UTC.
    pub unix_us: i64,
    /// Microseconds since the process started.
    pub monotonic_us: u64,
}

/// Where reports go. Facts block rather than get lost; ticks may be merged per instrument when the engine is
/// behind, which the sink counts.
pub trait Sink {
    /// Hands one report over.
    fn report(&mut self, report: Report);
}

impl Sink for Vec<Report> {
    fn report(&mut self, report: Report) {
        self.push(report);
    }
}

/// A venue.
pub trait Gateway: Send {
    /// Name that stands in `gateway_name`; no dot in it.
    fn name(&self) -> &str;
    /// What its connect form asks for, with defaults.
    fn form(&self) -> Form;
    /// Exchanges that it trades.
    fn exchanges(&self) -> Vec<Exchange>;
    /// Whether its venue is one that [`Command::Settle`] settles: a simulated one. A real market settles by itself.
    fn settles(&self) -> bool {
        false
    }
    /// Told once before anything else, where the gateway's venue speaks by a thread or a socket of its own: waking
    /// makes [`Gateway::wake`] be called soon.
    fn set_waker(&mut self, _: Waker) {}
    /// Carries out one command.
    fn command(&mut self, now: Now, command: Command, out: &mut dyn Sink);
    /// Does what time brings; returns when to be woken next, in monotonic microseconds.
    fn wake(&mut self, now: Now, out: &mut dyn Sink) -> Option<u64>;
    /// Makes durable all that was reported so far; called before the reports are published. A gateway without
    /// state of its own does nothing.
    fn commit(&mut self) -> Result<(), String> {
        Ok(())
    }
}
