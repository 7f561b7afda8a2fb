//! What pickles say over and over: classes, keys, enum members, zones; written once, copied from then on.

use domain::{Direction, Exchange, Interval, Language, Offset, OptionType, OrderType, Product, Status};
use pickle::{Fragment, Protocol, Writer};
use std::collections::HashMap;

/// How enum members are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EnumForm {
    /// `getattr(Direction, "LONG")`: readable by every locale and version that has the member.
    Name,
    /// `Direction("多")`: readable by processes of that language only.
    Value(Language),
}

/// A place in the table, which is also the memo slot.
pub(crate) type Slot = usize;

/// All fragments of one setting.
pub(crate) struct Fragments {
    all: Vec<Fragment>,
    keys: HashMap<&'static str, Slot>,
    classes: HashMap<&'static str, Slot>,
    directions: Vec<Slot>,
    offsets: Vec<Slot>,
    statuses: Vec<Slot>,
    products: Vec<Slot>,
    order_types: Vec<Slot>,
    option_types: Vec<Slot>,
    intervals: Vec<Slot>,
    exchanges: HashMap<Exchange, Slot>,
    form: EnumForm,
    /// `datetime.datetime`.
    pub(crate) datetime: Slot,
    /// `datetime.timezone`.
    pub(crate) timezone: Slot,
    /// `datetime.timedelta`.
    pub(crate) timedelta: Slot,
    /// `ZoneInfo._unpickle('Asia/Shanghai', True)`.
    pub(crate) shanghai: Slot,
}

const OBJECT: &str = "vnpy.trader.object";
const CONSTANT: &str = "vnpy.trader.constant";

impl Fragments {
    pub(crate) fn new(form: EnumForm) -> Fragments {
        let mut all = Vec::new();
        let mut add = |write: &dyn Fn(&mut Writer)| {
            all.push(Fragment::new(Protocol::Four, write));
            all.len() - 1
        };
        let mut members = |class: &str, list: Vec<(&str, &str)>| -> Vec<Slot> {
            list.into_iter().map(|(name, value)| add(&|w| member(w, class, name, value, form))).collect()
        };
        let language = match form {
            EnumForm::Name => Language::Zh,
            EnumForm::Value(language) => language,
        };
        let directions = members("Direction", Direction::ALL.iter().map(|m| (m.name(), m.value(language))).collect());
        let offsets = members("Offset", Offset::ALL.iter().map(|m| (m.name(), m.value(language))).collect());
        let statuses = members("Status", Status::ALL.iter().map(|m| (m.name(), m.value(language))).collect());
        let products = members("Product", Product::ALL.iter().map(|m| (m.name(), m.value(language))).collect());
        let order_types = members("OrderType", OrderType::ALL.iter().map(|m| (m.name(), m.value(language))).collect());
        let option_types =
            members("OptionType", OptionType::ALL.iter().map(|m| (m.name(), m.value(language))).collect());
        let intervals = members("Interval", Interval::ALL.iter().map(|m| (m.name(), m.value(language))).collect());
        let known: Vec<Exchange> = Exchange::known().collect();
        let slots = members("Exchange", known.iter().map(|e| (e.name(), e.value())).collect());
        let exchanges = known.iter().copied().zip(slots).collect();
        let datetime = add(&|w| w.global("datetime", "datetime"));
        let timezone = add(&|w| w.global("datetime", "timezone"));
        let timedelta = add(&|w| w.global("datetime", "timedelta"));
        let shanghai = add(&|w| zone_info(w, "Asia/Shanghai"));
        let classes = CLASSES.iter().map(|(name, module)| (*name, add(&|w| w.global(module, name)))).collect();
        let keys = KEYS.iter().map(|key| (*key, add(&|w| w.str(key)))).collect();
        Fragments {
            all,
            keys,
            classes,
            directions,
            offsets,
            statuses,
            products,
            order_types,
            option_types,
            intervals,
            exchanges,
            form,
            datetime,
            timezone,
            timedelta,
            shanghai,
        }
    }

    /// The fragment of a slot.
    #[inline]
    pub(crate) fn get(&self, slot: Slot) -> &Fragment {
        &self.all[slot]
    }

    /// The slots of an object's keys, in order.
    pub(crate) fn keys(&self, names: &[&'static str]) -> Vec<Slot> {
        names.iter().map(|name| self.keys[name]).collect()
    }

    /// The slot of a class.
    pub(crate) fn class(&self, name: &'static str) -> Slot {
        self.classes[name]
    }

    pub(crate) fn direction(&self, member: Direction) -> Slot {
        self.directions[member as usize]
    }

    pub(crate) fn offset(&self, member: Offset) -> Slot {
        self.offsets[member as usize]
    }

    pub(crate) fn status(&self, member: Status) -> Slot {
        self.statuses[member as usize]
    }

    pub(crate) fn product(&self, member: Product) -> Slot {
        self.products[member as usize]
    }

    pub(crate) fn order_type(&self, member: OrderType) -> Slot {
        self.order_types[member as usize]
    }

    pub(crate) fn option_type(&self, member: OptionType) -> Slot {
        self.option_types[member as usize]
    }

    pub(crate) fn interval(&self, member: Interval) -> Slot {
        self.intervals[member as usize]
    }

    /// The slot of an exchange; `None` for one that VeighNa itself does not have.
    pub(crate) fn exchange(&self, member: Exchange) -> Option<Slot> {
        self.exchanges.get(&member).copied()
    }

    /// Writes an exchange that has no slot.
    pub(crate) fn unknown_exchange(&self, writer: &mut Writer, exchange: Exchange) {
        member(writer, "Exchange", exchange.name(), exchange.value(), self.form);
    }
}

fn member(writer: &mut Writer, class: &str, name: &str, value: &str, form: EnumForm) {
    match form {
        EnumForm::Name => writer.attribute(CONSTANT, class, name),
        EnumForm::Value(_) => {
            writer.global(CONSTANT, class);
            writer.str(value);
            writer.tuple1();
            writer.reduce();
        }
    }
}

/// `ZoneInfo._unpickle(name, True)`, as Python writes it.
pub(crate) fn zone_info(writer: &mut Writer, name: &str) {
    writer.attribute("zoneinfo", "ZoneInfo", "_unpickle");
    writer.str(name);
    writer.bool(true);
    writer.tuple2();
    writer.reduce();
}

const CLASSES: &[(&str, &str)] = &[
    ("TickData", OBJECT),
    ("OrderData", OBJECT),
    ("TradeData", OBJECT),
    ("PositionData", OBJECT),
    ("AccountData", OBJECT),
    ("ContractData", OBJECT),
    ("QuoteData", OBJECT),
    ("LogData", OBJECT),
    ("BarData", OBJECT),
    ("SubscribeRequest", OBJECT),
    ("OrderRequest", OBJECT),
    ("CancelRequest", OBJECT),
    ("HistoryRequest", OBJECT),
    ("Event", "vnpy.event.engine"),
];

const KEYS: &[&str] = &[
    "gateway_name",
    "symbol",
    "exchange",
    "datetime",
    "name",
    "volume",
    "turnover",
    "open_interest",
    "last_price",
    "last_volume",
    "limit_up",
    "limit_down",
    "open_price",
    "high_price",
    "low_price",
    "pre_close",
    "bid_price_1",
    "bid_price_2",
    "bid_price_3",
    "bid_price_4",
    "bid_price_5",
    "ask_price_1",
    "ask_price_2",
    "ask_price_3",
    "ask_price_4",
    "ask_price_5",
    "bid_volume_1",
    "bid_volume_2",
    "bid_volume_3",
    "bid_volume_4",
    "bid_volume_5",
    "ask_volume_1",
    "ask_volume_2",
    "ask_volume_3",
    "ask_volume_4",
    "ask_volume_5",
    "localtime",
    "vt_symbol",
    "orderid",
    "type",
    "direction",
    "offset",
    "price",
    "traded",
    "status",
    "reference",
    "vt_orderid",
    "tradeid",
    "vt_tradeid",
    "frozen",
    "pnl",
    "yd_volume",
    "vt_positionid",
    "accountid",
    "balance",
    "available",
    "vt_accountid",
    "product",
    "size",
    "pricetick",
    "min_volume",
    "max_volume",
    "stop_supported",
    "net_position",
    "history_data",
    "option_strike",
    "option_underlying",
    "option_type",
    "option_listed",
    "option_expiry",
    "option_portfolio",
    "option_index",
    "quoteid",
    "bid_price",
    "bid_volume",
    "ask_price",
    "ask_volume",
    "bid_offset",
    "ask_offset",
    "vt_quoteid",
    "msg",
    "level",
    "time",
    "interval",
    "close_price",
    "data",
];
