//! Facts: what is numbered, never merged and never dropped.

use domain::{
    AccountData, ContractData, GatewayInfo, LogData, OrderData, PositionData, QuoteData, Text, TradeData, TradingState,
    Value,
};
use serde::Serialize;
use serde_json::value::RawValue;
use std::sync::Arc;

/// One row that is new or has changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// An order's state.
    Order(Arc<OrderData>),
    /// A fill.
    Trade(Arc<TradeData>),
    /// A position.
    Position(Arc<PositionData>),
    /// An account.
    Account(Arc<AccountData>),
    /// A quote's state.
    Quote(Arc<QuoteData>),
    /// An instrument.
    Contract(Arc<ContractData>),
    /// A line of the log.
    Log(Arc<LogData>),
    /// A gateway's state.
    Gateway(Arc<GatewayInfo>),
    /// What new orders may do.
    TradingState(TradingState),
    /// Something of an app, or of a later version.
    Other {
        /// Its kind.
        kind: Text,
        /// What the app tells.
        data: Arc<Value>,
    },
}

impl Fact {
    /// The word of the member `kind`.
    pub fn kind(&self) -> &str {
        match self {
            Fact::Order(_) => "order",
            Fact::Trade(_) => "trade",
            Fact::Position(_) => "position",
            Fact::Account(_) => "account",
            Fact::Quote(_) => "quote",
            Fact::Contract(_) => "contract",
            Fact::Log(_) => "log",
            Fact::Gateway(_) => "gateway",
            Fact::TradingState(_) => "trading_state",
            Fact::Other { kind, .. } => kind,
        }
    }

    /// Reads the row of a fact.
    pub(crate) fn read(kind: &str, data: &RawValue) -> serde_json::Result<Fact> {
        let text = data.get();
        Ok(match kind {
            "order" => Fact::Order(Arc::new(serde_json::from_str(text)?)),
            "trade" => Fact::Trade(Arc::new(serde_json::from_str(text)?)),
            "position" => Fact::Position(Arc::new(serde_json::from_str(text)?)),
            "account" => Fact::Account(Arc::new(serde_json::from_str(text)?)),
            "quote" => Fact::Quote(Arc::new(serde_json::from_str(text)?)),
            "contract" => Fact::Contract(Arc::new(serde_json::from_str(text)?)),
            "log" => Fact::Log(Arc::new(serde_json::from_str(text)?)),
            "gateway" => Fact::Gateway(Arc::new(serde_json::from_str(text)?)),
            "trading_state" => Fact::TradingState(serde_json::from_str::<State>(text)?.state),
            _ => Fact::Other { kind: Text::new(kind), data: Arc::new(serde_json::from_str(text)?) },
        })
    }
}

#[derive(Serialize, serde::Deserialize)]
struct State {
    state: TradingState,
}

/// Appends a fact as one line.
pub(crate) fn write_fact(out: &mut Vec<u8>, seq: u64, fact: &Fact) {
    match fact {
        Fact::Order(row) => write(out, seq, fact.kind(), row),
        Fact::Trade(row) => write(out, seq, fact.kind(), row),
        Fact::Position(row) => write(out, seq, fact.kind(), row),
        Fact::Account(row) => write(out, seq, fact.kind(), row),
        Fact::Quote(row) => write(out, seq, fact.kind(), row),
        Fact::Contract(row) => write(out, seq, fact.kind(), row),
        Fact::Log(row) => write(out, seq, fact.kind(), row),
        Fact::Gateway(row) => write(out, seq, fact.kind(), row),
        Fact::TradingState(state) => write(out, seq, fact.kind(), &State { state: *state }),
        Fact::Other { kind, data } => write(out, seq, kind, data),
    }
}

#[derive(Serialize)]
struct Line<'a, T: Serialize> {
    #[serde(rename = "type")]
    line: &'static str,
    seq: u64,
    kind: &'a str,
    data: &'a T,
}

fn write<T: Serialize>(out: &mut Vec<u8>, seq: u64, kind: &str, data: &T) {
    crate::codec::write_line(out, &Line { line: super::kinds::FACT, seq, kind, data });
}
