//! What can be traded here: specifications of products, and the contracts of a product that are listed today.
//!
//! [`table`] holds the products, [`listing`] turns them into instruments for a date, [`derive`] rebuilds one from
//! its code alone (a recording of an old contract, a position that outlived its listing).
//!
//! Always true: prices are whole numbers of ticks and volumes whole numbers of steps inside the exchange; an
//! [`Instrument`] is the one place that converts them from and to doubles.

mod derive;
mod listing;
mod months;
mod table;

pub(crate) use derive::{derive, future_exchange, spot_exchange};
pub(crate) use listing::listing;
pub(crate) use months::{civil, day_of, days, end_of_day};

use domain::{Exchange, OptionType, Product, Text, VtSymbol};

/// Place of an instrument in the exchange's list.
pub type Ix = usize;

/// Price in ticks of its instrument.
pub type Ticks = i64;

/// Volume in steps of its instrument.
pub type Steps = i64;

/// Money that an instrument is settled in; one account each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Currency {
    /// Renminbi.
    Cny,
    /// US dollar.
    Usd,
    /// Tether, as crypto venues use it.
    Usdt,
}

impl Currency {
    /// All of them, in the order of their accounts.
    pub const ALL: [Currency; 3] = [Currency::Cny, Currency::Usd, Currency::Usdt];

    /// Its code, which is also the account's id.
    pub const fn code(self) -> &'static str {
        match self {
            Currency::Cny => "CNY",
            Currency::Usd => "USD",
            Currency::Usdt => "USDT",
        }
    }

    /// The currency of that code.
    pub fn from_code(code: &str) -> Option<Currency> {
        Currency::ALL.into_iter().find(|currency| currency.code() == code)
    }
}

/// How positions are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Long and short side by side; each order says whether it opens or closes (Chinese futures and options).
    Hedged,
    /// Bought and sold for cash, never short (shares, funds).
    Cash {
        /// What was bought today can be sold from the next day on.
        next_day: bool,
    },
    /// One signed position on margin (perpetuals, currencies).
    Netting,
}

/// A commission.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fee {
    /// Part of the turnover.
    Money(f64),
    /// Currency per unit of volume.
    Lot(f64),
}

/// What trading costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fees {
    /// For opening, or buying.
    pub(crate) open: Fee,
    /// For closing a position of an earlier day, or selling.
    pub(crate) close: Fee,
    /// For closing a position of today.
    pub(crate) close_today: Fee,
    /// Least commission of an order, in currency.
    pub(crate) least: f64,
}

/// How the generated price moves and what its book looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Walk {
    /// Price around which it moves.
    pub(crate) price: f64,
    /// Standard deviation of a day's return.
    pub(crate) daily: f64,
    /// Share of that which is the stock market's.
    pub(crate) beta: f64,
    /// Volume of a day, in units of volume.
    pub(crate) turnover: f64,
    /// Typical volume of one level of the book, in units of volume.
    pub(crate) queue: f64,
    /// Ticks between levels, at most.
    pub(crate) gap: i64,
}

/// What makes an option.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OptionTerms {
    /// Code of the future that it is priced on, same exchange.
    pub(crate) underlying: Text,
    /// Strike.
    pub(crate) strike: f64,
    /// Right.
    pub(crate) right: OptionType,
    /// VeighNa's portfolio of the chain.
    pub(crate) portfolio: Text,
}

/// One instrument with all that the exchange must know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    /// Code.
    pub symbol: Text,
    /// Exchange.
    pub exchange: Exchange,
    /// Code with exchange.
    pub vt_symbol: VtSymbol,
    /// Chinese name.
    pub name_zh: Text,
    /// English name.
    pub name_en: Text,
    /// Kind.
    pub product: Product,
    /// Currency per point and unit of volume.
    pub size: f64,
    /// Smallest step of the price.
    pub pricetick: f64,
    /// Smallest step of the volume.
    pub volume_step: f64,
    /// An opening order's volume is a multiple of this, in steps.
    pub lot: Steps,
    /// Largest volume of one order, in steps.
    pub max_volume: Steps,
    /// How positions are kept.
    pub style: Style,
    /// Its money.
    pub currency: Currency,
    /// Clock of its exchange.
    pub zone: &'static str,
    pub(crate) margin_rate: f64,
    pub(crate) fees: Fees,
    /// Part of the last settlement price that a day may move; 0 for no limit.
    pub(crate) limit: f64,
    pub(crate) walk: Walk,
    /// Seed name of its price path: contracts of one product share it.
    pub(crate) path: Text,
    pub(crate) option: Option<OptionTerms>,
    /// End of its last trading day, microseconds since 1970 UTC.
    pub(crate) expiry_us: Option<i64>,
    price_scale: f64,
    volume_scale: f64,
}

/// What differs between two instruments that a constructor cannot guess.
pub(crate) struct Shape {
    pub(crate) product: Product,
    pub(crate) size: f64,
    pub(crate) pricetick: f64,
    pub(crate) volume_step: f64,
    pub(crate) lot: Steps,
    pub(crate) max_volume: Steps,
    pub(crate) style: Style,
    pub(crate) currency: Currency,
    pub(crate) zone: &'static str,
    pub(crate) margin_rate: f64,
    pub(crate) fees: Fees,
    pub(crate) limit: f64,
    pub(crate) walk: Walk,
}

impl Instrument {
    pub(crate) fn new(symbol: &str, exchange: Exchange, names: (&str, &str), shape: Shape) -> Instrument {
        Instrument {
            symbol: Text::new(symbol),
            exchange,
            vt_symbol: VtSymbol::new(symbol, exchange),
            name_zh: Text::new(names.0),
            name_en: Text::new(names.1),
            product: shape.product,
            size: shape.size,
            pricetick: shape.pricetick,
            volume_step: shape.volume_step,
            lot: shape.lot,
            max_volume: shape.max_volume,
            style: shape.style,
            currency: shape.currency,
            zone: shape.zone,
            margin_rate: shape.margin_rate,
            fees: shape.fees,
            limit: shape.limit,
            walk: shape.walk,
            path: Text::new(symbol),
            option: None,
            expiry_us: None,
            price_scale: scale(shape.pricetick),
            volume_scale: scale(shape.volume_step),
        }
    }

    /// A price in currency.
    pub fn price(&self, ticks: Ticks) -> f64 {
        (ticks as f64 * self.pricetick * self.price_scale).round() / self.price_scale
    }

    /// A volume in lots, shares or coins.
    pub fn volume(&self, steps: Steps) -> f64 {
        (steps as f64 * self.volume_step * self.volume_scale).round() / self.volume_scale
    }

    /// The price in whole ticks, to the nearest; 0 where it is no number.
    pub fn ticks(&self, price: f64) -> Ticks {
        (price / self.pricetick).round() as Ticks
    }

    /// The volume in whole steps, to the nearest; 0 where it is no number.
    pub fn steps(&self, volume: f64) -> Steps {
        (volume / self.volume_step).round() as Steps
    }

    /// Whether positions of one side are told apart from the other's.
    pub fn nets(&self) -> bool {
        self.style != Style::Hedged
    }

    /// Whether a long position is paid in full rather than on margin.
    pub(crate) fn paid(&self) -> bool {
        matches!(self.style, Style::Cash { .. }) || self.option.is_some()
    }
}

/// The clock that an exchange's times are told by.
pub(crate) fn zone_of(exchange: Exchange) -> &'static str {
    match exchange.name() {
        "NASDAQ" | "NYSE" => "America/New_York",
        "GLOBAL" | "BINANCE" | "IDEALPRO" => "UTC",
        _ => "Asia/Shanghai",
    }
}

/// Power of ten that makes the step whole, so that 3 × 0.1 becomes 0.3.
fn scale(step: f64) -> f64 {
    10f64.powi(i32::try_from(domain::price::digits(step)).unwrap_or(9).min(9))
}

#[cfg(test)]
mod tests;
