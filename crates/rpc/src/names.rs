//! The Python classes that a VeighNa peer's pickles may name, and what they are to us.
//!
//! One table; a class's place in it is the id that `pickle` reports.

use pickle::{AllowList, Node};

/// What a global is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Event,
    Tick,
    Bar,
    Order,
    Trade,
    Position,
    Account,
    Contract,
    Quote,
    Log,
    SubscribeRequest,
    OrderRequest,
    CancelRequest,
    HistoryRequest,
    QuoteRequest,
    Direction,
    Offset,
    Status,
    Product,
    OrderType,
    OptionType,
    Exchange,
    Interval,
    Currency,
    DateTime,
    Date,
    Time,
    TimeDelta,
    TimeZone,
    ZoneInfo,
    PytzZone,
    PytzUtc,
    /// An object of an app: kept as plain attributes where something hangs onto it.
    AppObject,
    /// An enum of an app: its value is text.
    AppEnum,
    /// Python's own plumbing around plain data; `pickle` knows what it means.
    Plumbing,
    /// Something that is not on the list; nothing is known of it.
    Unlisted,
}

const OBJECT: &str = "vnpy.trader.object";
const CONSTANT: &str = "vnpy.trader.constant";

const TABLE: &[(&str, &str, Class)] = &[
    (OBJECT, "TickData", Class::Tick),
    (OBJECT, "OrderData", Class::Order),
    (OBJECT, "TradeData", Class::Trade),
    (OBJECT, "PositionData", Class::Position),
    (OBJECT, "AccountData", Class::Account),
    (OBJECT, "ContractData", Class::Contract),
    (OBJECT, "QuoteData", Class::Quote),
    (OBJECT, "LogData", Class::Log),
    (OBJECT, "BarData", Class::Bar),
    (OBJECT, "SubscribeRequest", Class::SubscribeRequest),
    (OBJECT, "OrderRequest", Class::OrderRequest),
    (OBJECT, "CancelRequest", Class::CancelRequest),
    (OBJECT, "HistoryRequest", Class::HistoryRequest),
    (OBJECT, "QuoteRequest", Class::QuoteRequest),
    ("vnpy.event.engine", "Event", Class::Event),
    (CONSTANT, "Direction", Class::Direction),
    (CONSTANT, "Offset", Class::Offset),
    (CONSTANT, "Status", Class::Status),
    (CONSTANT, "Product", Class::Product),
    (CONSTANT, "OrderType", Class::OrderType),
    (CONSTANT, "OptionType", Class::OptionType),
    (CONSTANT, "Exchange", Class::Exchange),
    (CONSTANT, "Interval", Class::Interval),
    (CONSTANT, "Currency", Class::Currency),
    ("datetime", "datetime", Class::DateTime),
    ("datetime", "date", Class::Date),
    ("datetime", "time", Class::Time),
    ("datetime", "timedelta", Class::TimeDelta),
    ("datetime", "timezone", Class::TimeZone),
    ("zoneinfo", "ZoneInfo", Class::ZoneInfo),
    ("pytz", "_p", Class::PytzZone),
    ("pytz", "_UTC", Class::PytzUtc),
    ("vnpy_ctastrategy.base", "StopOrder", Class::AppObject),
    ("vnpy_ctastrategy.base", "StopOrderStatus", Class::AppEnum),
    ("vnpy_algotrading.base", "AlgoStatus", Class::AppEnum),
    ("vnpy_spreadtrading.base", "SpreadItem", Class::AppObject),
    ("vnpy_spreadtrading.base", "AlgoItem", Class::AppObject),
    ("collections", "defaultdict", Class::Plumbing),
    ("collections", "OrderedDict", Class::Plumbing),
    ("builtins", "int", Class::Plumbing),
    ("builtins", "float", Class::Plumbing),
    ("builtins", "str", Class::Plumbing),
    ("builtins", "list", Class::Plumbing),
    ("builtins", "dict", Class::Plumbing),
    ("builtins", "bool", Class::Plumbing),
];

/// Everything that may be named.
pub(crate) fn allow_list() -> AllowList {
    let ours = TABLE.iter().map(|(module, name, _)| (*module, *name));
    let python = pickle::GETATTR.iter().chain(pickle::PLAIN).chain(pickle::NUMPY).copied();
    AllowList::new(&ours.chain(python).collect::<Vec<_>>())
}

/// What a global is; `None` if the node is no global.
pub(crate) fn class(node: Node<'_>) -> Option<Class> {
    let id = node.global_id()?;
    if id >= u32::MAX as usize {
        return Some(Class::Unlisted);
    }
    Some(TABLE.get(id).map_or(Class::Plumbing, |(_, _, class)| *class))
}
