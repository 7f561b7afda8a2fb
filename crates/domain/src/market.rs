//! Market data: ticks, bars and the contracts that they belong to (`vnpy.trader.object`).

use crate::{Attributes, DateTime, Exchange, Interval, NumberForms, OptionType, Product, Text, VtSymbol};

/// Levels of the order book that a tick carries.
pub const DEPTH: usize = 5;

/// One level of one side of the book.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level {
    /// Price; 0 where there is no such level.
    pub price: f64,
    /// Volume in lots or shares.
    pub volume: f64,
}

/// State of one instrument's market at one moment. Volume and turnover are those of the day so far.
#[derive(Clone, Debug, PartialEq)]
pub struct TickData {
    /// Gateway that it came through.
    pub gateway_name: Text,
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
    /// The exchange's time.
    pub datetime: Option<DateTime>,
    /// Name of the instrument.
    pub name: Text,
    /// Volume of the day, in lots or shares.
    pub volume: f64,
    /// Turnover of the day, in currency.
    pub turnover: f64,
    /// Open interest, in lots.
    pub open_interest: f64,
    /// Price of the last trade.
    pub last_price: f64,
    /// Volume of the last trade.
    pub last_volume: f64,
    /// Highest price allowed today.
    pub limit_up: f64,
    /// Lowest price allowed today.
    pub limit_down: f64,
    /// First price of the day.
    pub open_price: f64,
    /// Highest price of the day.
    pub high_price: f64,
    /// Lowest price of the day.
    pub low_price: f64,
    /// Close of the day before.
    pub pre_close: f64,
    /// Buyers, best first.
    pub bids: [Level; DEPTH],
    /// Sellers, best first.
    pub asks: [Level; DEPTH],
    /// When the gateway got it.
    pub localtime: Option<DateTime>,
    /// Instrument.
    pub vt_symbol: VtSymbol,
    /// How the numbers stood on the wire, in the order of [`TickData::NUMBERS`].
    pub forms: NumberForms,
    /// What else was set on it.
    pub attributes: Attributes,
}

impl TickData {
    /// The numeric fields in dataclass order; the index is the bit in [`TickData::forms`].
    pub const NUMBERS: [&'static str; 31] = [
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
    ];

    /// A tick of nothing, to be filled field by field.
    pub fn blank() -> TickData {
        TickData { vt_symbol: VtSymbol::default(), ..TickData::new("", "", Exchange::LOCAL, None) }
    }

    /// A tick with every number 0.
    pub fn new(gateway_name: &str, symbol: &str, exchange: Exchange, datetime: Option<DateTime>) -> TickData {
        TickData {
            gateway_name: Text::new(gateway_name),
            symbol: Text::new(symbol),
            exchange,
            datetime,
            name: Text::default(),
            volume: 0.0,
            turnover: 0.0,
            open_interest: 0.0,
            last_price: 0.0,
            last_volume: 0.0,
            limit_up: 0.0,
            limit_down: 0.0,
            open_price: 0.0,
            high_price: 0.0,
            low_price: 0.0,
            pre_close: 0.0,
            bids: [Level::default(); DEPTH],
            asks: [Level::default(); DEPTH],
            localtime: None,
            vt_symbol: VtSymbol::new(symbol, exchange),
            forms: NumberForms::default(),
            attributes: Attributes::default(),
        }
    }

    /// The numeric field with this index of [`TickData::NUMBERS`].
    pub fn number(&self, index: usize) -> f64 {
        *[
            &self.volume,
            &self.turnover,
            &self.open_interest,
            &self.last_price,
            &self.last_volume,
            &self.limit_up,
            &self.limit_down,
            &self.open_price,
            &self.high_price,
            &self.low_price,
            &self.pre_close,
        ]
        .get(index)
        .copied()
        .unwrap_or_else(|| self.level(index))
    }

    fn level(&self, index: usize) -> &f64 {
        let (group, row) = ((index - 11) / DEPTH, (index - 11) % DEPTH);
        match group {
            0 => &self.bids[row].price,
            1 => &self.asks[row].price,
            2 => &self.bids[row].volume,
            _ => &self.asks[row].volume,
        }
    }

    /// Sets the numeric field with this index of [`TickData::NUMBERS`].
    pub fn set_number(&mut self, index: usize, value: f64) {
        let slot = match index {
            0 => &mut self.volume,
            1 => &mut self.turnover,
            2 => &mut self.open_interest,
            3 => &mut self.last_price,
            4 => &mut self.last_volume,
            5 => &mut self.limit_up,
            6 => &mut self.limit_down,
            7 => &mut self.open_price,
            8 => &mut self.high_price,
            9 => &mut self.low_price,
            10 => &mut self.pre_close,
            11..=15 => &mut self.bids[index - 11].price,
            16..=20 => &mut self.asks[index - 16].price,
            21..=25 => &mut self.bids[index - 21].volume,
            _ => &mut self.asks[(index - 26).min(DEPTH - 1)].volume,
        };
        *slot = value;
    }
}

/// One bar of history. `datetime` is its beginning.
#[derive(Clone, Debug, PartialEq)]
pub struct BarData {
    /// Gateway or source that it came from.
    pub gateway_name: Text,
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
    /// Beginning of the bar.
    pub datetime: DateTime,
    /// Length.
    pub interval: Option<Interval>,
    /// Volume within the bar.
    pub volume: f64,
    /// Turnover within the bar, in currency.
    pub turnover: f64,
    /// Open interest at its end.
    pub open_interest: f64,
    /// First price.
    pub open_price: f64,
    /// Highest price.
    pub high_price: f64,
    /// Lowest price.
    pub low_price: f64,
    /// Last price.
    pub close_price: f64,
}

impl BarData {
    /// Instrument.
    pub fn vt_symbol(&self) -> VtSymbol {
        VtSymbol::new(&self.symbol, self.exchange)
    }
}

/// An instrument that can be traded or watched.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractData {
    /// Gateway that trades it.
    pub gateway_name: Text,
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
    /// Name.
    pub name: Text,
    /// Kind.
    pub product: Product,
    /// Multiplier: currency per point and lot.
    pub size: f64,
    /// Smallest step of the price.
    pub pricetick: f64,
    /// Smallest volume of an order.
    pub min_volume: f64,
    /// Largest volume of an order, where there is one.
    pub max_volume: Option<f64>,
    /// Whether the venue takes stop orders.
    pub stop_supported: bool,
    /// Whether positions net instead of being held on both sides.
    pub net_position: bool,
    /// Whether the gateway can be asked for bars.
    pub history_data: bool,
    /// Strike of an option.
    pub option_strike: Option<f64>,
    /// `vt_symbol` or code of an option's underlying.
    pub option_underlying: Option<Text>,
    /// Right of an option.
    pub option_type: Option<OptionType>,
    /// First trading day of an option, naive.
    pub option_listed: Option<DateTime>,
    /// Last trading day of an option, naive.
    pub option_expiry: Option<DateTime>,
    /// Portfolio that VeighNa's OptionMaster puts it into.
    pub option_portfolio: Option<Text>,
    /// Index of the option within its chain.
    pub option_index: Option<Text>,
    /// Instrument.
    pub vt_symbol: VtSymbol,
    /// How the numbers stood on the wire, in the order of [`ContractData::NUMBERS`].
    pub forms: NumberForms,
    /// What else was set on it.
    pub attributes: Attributes,
}

impl ContractData {
    /// The numeric fields in dataclass order; the index is the bit in [`ContractData::forms`].
    pub const NUMBERS: [&'static str; 5] = ["size", "pricetick", "min_volume", "max_volume", "option_strike"];

    /// A contract with VeighNa's defaults.
    pub fn new(gateway_name: &str, symbol: &str, exchange: Exchange, name: &str, product: Product) -> ContractData {
        ContractData {
            gateway_name: Text::new(gateway_name),
            symbol: Text::new(symbol),
            exchange,
            name: Text::new(name),
            product,
            size: 1.0,
            pricetick: 0.01,
            min_volume: 1.0,
            max_volume: None,
            stop_supported: false,
            net_position: false,
            history_data: false,
            option_strike: None,
            option_underlying: None,
            option_type: None,
            option_listed: None,
            option_expiry: None,
            option_portfolio: None,
            option_index: None,
            vt_symbol: VtSymbol::new(symbol, exchange),
            forms: NumberForms::default(),
            attributes: Attributes::default(),
        }
    }
}
