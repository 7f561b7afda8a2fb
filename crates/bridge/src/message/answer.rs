//! Answers, whole or in parts. A long list is encoded part by part while it is written, never all at once.

use domain::{
    AccountData, BarData, ContractData, Exchange, GatewayInfo, LogData, OrderData, PositionData, QuoteData, Text,
    TickData, TradeData, TradingState, Value, VtOrderId, VtQuoteId,
};
use serde::{Deserialize, Serialize, Serializer};
use std::sync::Arc;

/// Why a request was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// There is no such method here.
    Unsupported,
    /// The request cannot be understood.
    Malformed,
    /// What it names does not exist.
    NotFound,
    /// The trading process's rules do not let it through.
    Refused,
    /// Too much is waiting; certainly not done.
    Busy,
    /// The deadline had passed before it was looked at; certainly not done.
    Late,
    /// It may have been done; whether is not known.
    Unknown,
    /// Something broke in the trading process; a command may have been done.
    Failed,
}

const CODES: [(Code, &str); 8] = [
    (Code::Unsupported, "unsupported"),
    (Code::Malformed, "malformed"),
    (Code::NotFound, "not_found"),
    (Code::Refused, "refused"),
    (Code::Busy, "busy"),
    (Code::Late, "late"),
    (Code::Unknown, "unknown"),
    (Code::Failed, "failed"),
];

impl Code {
    /// Its word.
    pub fn word(self) -> &'static str {
        CODES.iter().find(|(code, _)| *code == self).map_or("failed", |(_, word)| word)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for Code {
    /// A code of a later version counts as `failed`: the one that promises least.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Code, D::Error> {
        let text = Text::deserialize(deserializer)?;
        Ok(CODES.iter().find(|(_, word)| *word == text).map_or(Code::Failed, |(code, _)| *code))
    }
}

/// An answer that says no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// For programs.
    pub code: Code,
    /// For people.
    #[serde(default)]
    pub message: String,
}

/// An app of a trading process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppInfo {
    /// Its name, as VeighNa's `app_name`.
    pub name: Text,
    /// Its name for people.
    #[serde(default)]
    pub title: Text,
    /// Methods that it adds, each beginning with its name and a dot.
    #[serde(default)]
    pub methods: Vec<Text>,
}

/// What a trading process holds at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Number of the last fact that is in it.
    pub seq: u64,
    /// Contracts.
    pub contracts: Vec<Arc<ContractData>>,
    /// Accounts.
    pub accounts: Vec<Arc<AccountData>>,
    /// Positions.
    pub positions: Vec<Arc<PositionData>>,
    /// Orders.
    pub orders: Vec<Arc<OrderData>>,
    /// Fills.
    pub trades: Vec<Arc<TradeData>>,
    /// Quotes.
    pub quotes: Vec<Arc<QuoteData>>,
    /// Newest tick of each instrument.
    pub ticks: Vec<Arc<TickData>>,
    /// Newest lines of the log, oldest first.
    pub logs: Vec<Arc<LogData>>,
    /// Gateways.
    pub gateways: Vec<Arc<GatewayInfo>>,
    /// What new orders may do; absent where the trading process knows no such state.
    pub trading_state: Option<TradingState>,
}

/// What the owner of a trading process answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Done, nothing to tell.
    Done,
    /// Passed on under this id.
    Order(VtOrderId),
    /// Passed on under this id.
    Quote(VtQuoteId),
    /// Bars, in time order.
    Bars(Vec<BarData>),
    /// Orders.
    Orders(Vec<Arc<OrderData>>),
    /// Lines of the log, oldest first.
    Logs(Vec<Arc<LogData>>),
    /// Gateways.
    Gateways(Vec<Arc<GatewayInfo>>),
    /// Exchanges.
    Exchanges(Vec<Exchange>),
    /// What new orders may do.
    TradingState(TradingState),
    /// Apps.
    Apps(Vec<AppInfo>),
    /// All of it.
    Snapshot(Box<Snapshot>),
    /// Whatever an app's method answers.
    Other(Value),
}

/// A table of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Table {
    Contracts,
    Accounts,
    Positions,
    Orders,
    Trades,
    Quotes,
    Ticks,
    Logs,
}

/// One row of any list.
pub(crate) enum Row {
    Contract(Arc<ContractData>),
    Account(Arc<AccountData>),
    Position(Arc<PositionData>),
    Order(Arc<OrderData>),
    Trade(Arc<TradeData>),
    Quote(Arc<QuoteData>),
    Tick(Arc<TickData>),
    Log(Arc<LogData>),
    Bar(BarData),
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Row::Contract(row) => row.serialize(serializer),
            Row::Account(row) => row.serialize(serializer),
            Row::Position(row) => row.serialize(serializer),
            Row::Order(row) => row.serialize(serializer),
            Row::Trade(row) => row.serialize(serializer),
            Row::Quote(row) => row.serialize(serializer),
            Row::Tick(row) => row.serialize(serializer),
            Row::Log(row) => row.serialize(serializer),
            Row::Bar(row) => row.serialize(serializer),
        }
    }
}

/// The end of a snapshot, after its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SnapshotHead {
    pub(crate) epoch: Text,
    pub(crate) seq: u64,
    #[serde(default)]
    pub(crate) gateways: Vec<Arc<GatewayInfo>>,
    #[serde(default)]
    pub(crate) trading_state: Option<TradingState>,
}

/// What the last line of an answer carries.
pub(crate) enum Last {
    Done,
    Order(VtOrderId),
    Quote(VtQuoteId),
    Rows,
    Gateways(Vec<Arc<GatewayInfo>>),
    Exchanges(Vec<Exchange>),
    TradingState(TradingState),
    Apps(Vec<AppInfo>),
    Snapshot(SnapshotHead),
    Other(Value),
}

/// An answer on its way: lists of rows, then the last line.
pub(crate) struct Parts {
    pub(crate) lists: Vec<(Option<Table>, std::vec::IntoIter<Row>)>,
    pub(crate) last: Last,
}

impl Parts {
    pub(crate) fn of(answer: Answer, epoch: &Text) -> Parts {
        let short = |last| Parts { lists: Vec::new(), last };
        match answer {
            Answer::Done => short(Last::Done),
            Answer::Order(id) => short(Last::Order(id)),
            Answer::Quote(id) => short(Last::Quote(id)),
            Answer::Gateways(all) => short(Last::Gateways(all)),
            Answer::Exchanges(all) => short(Last::Exchanges(all)),
            Answer::TradingState(state) => short(Last::TradingState(state)),
            Answer::Apps(all) => short(Last::Apps(all)),
            Answer::Other(value) => short(Last::Other(value)),
            Answer::Bars(rows) => Parts { lists: vec![list(None, rows, Row::Bar)], last: Last::Rows },
            Answer::Orders(rows) => Parts { lists: vec![list(None, rows, Row::Order)], last: Last::Rows },
            Answer::Logs(rows) => Parts { lists: vec![list(None, rows, Row::Log)], last: Last::Rows },
            Answer::Snapshot(snapshot) => Parts::of_snapshot(*snapshot, epoch),
        }
    }

    fn of_snapshot(snapshot: Snapshot, epoch: &Text) -> Parts {
        let Snapshot {
            seq,
            contracts,
            accounts,
            positions,
            orders,
            trades,
            quotes,
            ticks,
            logs,
            gateways,
            trading_state,
        } = snapshot;
        Parts {
            lists: vec![
                list(Some(Table::Contracts), contracts, Row::Contract),
                list(Some(Table::Accounts), accounts, Row::Account),
                list(Some(Table::Positions), positions, Row::Position),
                list(Some(Table::Orders), orders, Row::Order),
                list(Some(Table::Trades), trades, Row::Trade),
                list(Some(Table::Quotes), quotes, Row::Quote),
                list(Some(Table::Ticks), ticks, Row::Tick),
                list(Some(Table::Logs), logs, Row::Log),
            ],
            last: Last::Snapshot(SnapshotHead { epoch: epoch.clone(), seq, gateways, trading_state }),
        }
    }

    /// Appends one line; whether it was the last one.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, id: u64) -> bool {
        while let Some((table, rows)) = self.lists.first_mut() {
            if rows.as_slice().is_empty() {
                self.lists.remove(0);
                continue;
            }
            write_rows(out, id, *table, rows);
            return false;
        }
        self.write_last(out, id);
        true
    }

    fn write_last(&self, out: &mut Vec<u8>, id: u64) {
        match &self.last {
            Last::Done => write_data(out, id, &Empty {}),
            Last::Order(id_given) => write_data(out, id, &serde_json::json!({ "vt_orderid": id_given })),
            Last::Quote(id_given) => write_data(out, id, &serde_json::json!({ "vt_quoteid": id_given })),
            Last::Rows => write_data(out, id, &Rows::<Row> { rows: &[] }),
            Last::Gateways(all) => write_data(out, id, &Rows { rows: all }),
            Last::Exchanges(all) => write_data(out, id, &Rows { rows: all }),
            Last::TradingState(state) => write_data(out, id, &super::TradingStateParams { state: *state }),
            Last::Apps(all) => write_data(out, id, &Rows { rows: all }),
            Last::Snapshot(head) => write_data(out, id, head),
            Last::Other(value) => write_data(out, id, value),
        }
    }
}

fn list<T>(table: Option<Table>, rows: Vec<T>, wrap: impl Fn(T) -> Row) -> (Option<Table>, std::vec::IntoIter<Row>) {
    (table, rows.into_iter().map(wrap).collect::<Vec<_>>().into_iter())
}

#[derive(Serialize)]
struct Empty {}

#[derive(Serialize)]
struct Rows<'a, T: Serialize> {
    rows: &'a [T],
}

#[derive(Serialize)]
struct Reply<'a, T: Serialize> {
    #[serde(rename = "type")]
    line: &'static str,
    id: u64,
    ok: bool,
    data: &'a T,
}

#[derive(Serialize)]
struct Refused<'a> {
    #[serde(rename = "type")]
    line: &'static str,
    id: u64,
    ok: bool,
    error: &'a Refusal,
}

/// Appends the one line of a short answer.
pub(crate) fn write_data<T: Serialize>(out: &mut Vec<u8>, id: u64, data: &T) {
    crate::codec::write_line(out, &Reply { line: super::kinds::REPLY, id, ok: true, data });
}

/// Appends an answer that says no.
pub(crate) fn write_refusal(out: &mut Vec<u8>, id: u64, error: &Refusal) {
    crate::codec::write_line(out, &Refused { line: super::kinds::REPLY, id, ok: false, error });
}

/// Takes rows until the part is large enough.
fn write_rows(out: &mut Vec<u8>, id: u64, table: Option<Table>, rows: &mut std::vec::IntoIter<Row>) {
    let begin = out.len();
    out.extend_from_slice(format!(r#"{{"type":"reply","id":{id},"ok":true,"more":true,"data":{{"#).as_bytes());
    if let Some(table) = table {
        out.extend_from_slice(br#""table":"#);
        serde_json::to_writer(&mut *out, &table).expect("a word");
        out.push(b',');
    }
    out.extend_from_slice(br#""rows":["#);
    let mut separator: &[u8] = b"";
    while out.len() - begin < crate::limits::PART_BYTES
        && let Some(row) = rows.next()
    {
        out.extend_from_slice(separator);
        serde_json::to_writer(&mut *out, &row).expect("a row is JSON");
        separator = b",";
    }
    out.extend_from_slice(b"]}}\n");
}
