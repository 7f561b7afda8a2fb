//! What is looked at before an order is sent, each with its number and limit. Pure.
//!
//! What a rule means for the order is decided here, in [`Rule::weight`]: what cannot be right refuses; what the venue may
//! know better only warns (price limits of an old tick, volume that is closed elsewhere); some refusals a user may
//! overrule by name. docs/orders.md has the same table.

use super::facts::Facts;
use crate::replica::Link;
use domain::price::on_step;
use domain::{Language, Offset, OrderRequest, OrderType, Product};

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Volume and price are numbers.
    NumbersFinite,
    /// The volume is above 0.
    VolumePositive,
    /// The contract is known.
    ContractKnown,
    /// The copy follows the trading process.
    LinkLive,
    /// The trading state lets it through.
    TradingState,
    /// The venue takes this type of order.
    OrderType,
    /// A limit or trigger price is there.
    PriceGiven,
    /// The price is a whole number of ticks.
    PriceTick,
    /// The price is within the day's limits.
    PriceLimits,
    /// The volume is at least the contract's smallest.
    VolumeMin,
    /// The volume is at most the contract's largest.
    VolumeMax,
    /// The volume is a multiple of the smallest.
    VolumeStep,
    /// The offset fits the contract and its exchange.
    Offset,
    /// There is as much to close.
    Closable,
}

/// What a rule that is broken does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The order is not sent.
    Refuses,
    /// The order is not sent, unless the user names the rule in `override`.
    Overridable,
    /// The order is sent, and the answer says so.
    Warns,
}

/// How one rule came out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// Which rule.
    pub rule: Rule,
    /// Whether it is kept; `None` where it cannot be told.
    pub is_kept: Option<bool>,
    /// The order's number, where it is about one.
    pub value: Option<f64>,
    /// What it may be at most or has to be a multiple of.
    pub limit: Option<f64>,
    /// What it has to be at least, where there are two limits.
    pub floor: Option<f64>,
}

impl Rule {
    /// All of them, in the order in which they are told.
    pub const ALL: [Rule; 14] = [
        Rule::NumbersFinite,
        Rule::VolumePositive,
        Rule::ContractKnown,
        Rule::LinkLive,
        Rule::TradingState,
        Rule::OrderType,
        Rule::PriceGiven,
        Rule::PriceTick,
        Rule::PriceLimits,
        Rule::VolumeMin,
        Rule::VolumeMax,
        Rule::VolumeStep,
        Rule::Offset,
        Rule::Closable,
    ];

    /// The code in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Rule::NumbersFinite => "NUMBERS_FINITE",
            Rule::VolumePositive => "VOLUME_POSITIVE",
            Rule::ContractKnown => "CONTRACT_KNOWN",
            Rule::LinkLive => "LINK_LIVE",
            Rule::TradingState => "TRADING_STATE",
            Rule::OrderType => "ORDER_TYPE",
            Rule::PriceGiven => "PRICE_GIVEN",
            Rule::PriceTick => "PRICE_TICK",
            Rule::PriceLimits => "PRICE_LIMITS",
            Rule::VolumeMin => "VOLUME_MIN",
            Rule::VolumeMax => "VOLUME_MAX",
            Rule::VolumeStep => "VOLUME_STEP",
            Rule::Offset => "OFFSET",
            Rule::Closable => "CLOSABLE",
        }
    }

    /// The rule of this code.
    pub fn from_code(code: &str) -> Option<Rule> {
        Rule::ALL.into_iter().find(|rule| rule.code() == code)
    }

    /// What it does when it is broken.
    pub const fn weight(self) -> Weight {
        match self {
            Rule::NumbersFinite | Rule::VolumePositive | Rule::ContractKnown | Rule::LinkLive | Rule::TradingState => {
                Weight::Refuses
            }
            Rule::OrderType | Rule::PriceGiven | Rule::PriceTick | Rule::VolumeMax => Weight::Overridable,
            Rule::PriceLimits | Rule::VolumeMin | Rule::VolumeStep | Rule::Offset | Rule::Closable => Weight::Warns,
        }
    }

    /// What it demands, for a person.
    pub const fn text(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Rule::NumbersFinite => ("数量和价格必须是有限的数字", "volume and price are finite numbers"),
            Rule::VolumePositive => ("数量必须大于0", "the volume is above 0"),
            Rule::ContractKnown => ("合约必须存在", "the contract is known"),
            Rule::LinkLive => ("交易进程必须已连接", "the trading process is connected"),
            Rule::TradingState => ("交易状态必须允许该委托", "the trading state lets the order through"),
            Rule::OrderType => ("合约必须支持该委托类型", "the contract supports this type of order"),
            Rule::PriceGiven => ("除市价单外价格不能为0", "the price is not 0, except for a market order"),
            Rule::PriceTick => ("价格必须是最小变动价位的整数倍", "the price is a multiple of the contract's tick"),
            Rule::PriceLimits => ("价格应在涨跌停价之内", "the price is within the day's limits"),
            Rule::VolumeMin => ("数量应不小于最小委托数量", "the volume is at least the contract's smallest"),
            Rule::VolumeMax => ("数量不得大于最大委托数量", "the volume is at most the contract's largest"),
            Rule::VolumeStep => ("数量应是最小委托数量的整数倍", "the volume is a multiple of the contract's smallest"),
            Rule::Offset => ("开平方向应符合合约和交易所的规定", "the offset fits the contract and its exchange"),
            Rule::Closable => ("可平仓位应不小于委托数量", "there is as much position to close"),
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

impl Verdict {
    fn of(rule: Rule, is_kept: impl Into<Option<bool>>) -> Verdict {
        Verdict { rule, is_kept: is_kept.into(), value: None, limit: None, floor: None }
    }

    fn number(rule: Rule, is_kept: impl Into<Option<bool>>, value: f64, limit: Option<f64>) -> Verdict {
        Verdict { value: Some(value), limit, ..Verdict::of(rule, is_kept) }
    }

    /// Whether the rule is broken.
    pub fn is_broken(&self) -> bool {
        self.is_kept == Some(false)
    }

    /// Whether the order must not be sent, where the user overrules these rules and takes warnings as refusals or not.
    pub fn refuses(&self, overruled: &[Rule], is_strict: bool) -> bool {
        let refuses = match self.rule.weight() {
            Weight::Refuses => true,
            Weight::Overridable => !overruled.contains(&self.rule),
            Weight::Warns => is_strict,
        };
        self.is_broken() && refuses
    }
}

/// Looks at every rule. `lets_through`: whether the trading state does.
pub(super) fn check(request: &OrderRequest, facts: &Facts, lets_through: bool) -> [Verdict; 14] {
    let is_finite = request.volume.is_finite() && request.price.is_finite();
    let contract = facts.contract.as_deref();
    [
        Verdict::of(Rule::NumbersFinite, is_finite),
        Verdict::number(Rule::VolumePositive, request.volume > 0.0, request.volume, Some(0.0)),
        Verdict::of(Rule::ContractKnown, contract.is_some()),
        Verdict::of(Rule::LinkLive, facts.link == Link::Live),
        Verdict::of(Rule::TradingState, lets_through),
        order_type(request, facts),
        price_given(request, facts),
        price_tick(request, facts),
        price_limits(request, facts),
        volume(Rule::VolumeMin, request, contract.and_then(|of| known(of.min_volume)), |volume, limit| volume >= limit),
        volume(Rule::VolumeMax, request, contract.and_then(|of| known(of.max_volume?)), |volume, limit| {
            volume <= limit
        }),
        volume(Rule::VolumeStep, request, contract.and_then(|of| known(of.min_volume)), on_step),
        offset(request, facts),
        closable(request, facts),
    ]
}

/// A number that says something: gateways say "not known" by 0 or by the largest double.
fn known(number: f64) -> Option<f64> {
    (number.is_finite() && number > 0.0 && number < 1e300).then_some(number)
}

fn order_type(request: &OrderRequest, facts: &Facts) -> Verdict {
    let is_kept = match request.order_type {
        OrderType::Stop => facts.contract.as_ref().map(|contract| contract.stop_supported),
        OrderType::Limit | OrderType::Market | OrderType::Fak | OrderType::Fok | OrderType::Rfq | OrderType::Etf => {
            Some(true)
        }
    };
    Verdict::of(Rule::OrderType, is_kept)
}

/// Spreads trade at 0; nothing else does.
fn price_given(request: &OrderRequest, facts: &Facts) -> Verdict {
    let may_be_zero = matches!(request.order_type, OrderType::Market | OrderType::Rfq | OrderType::Etf)
        || facts.contract.as_ref().is_some_and(|contract| contract.product == Product::Spread);
    Verdict::number(Rule::PriceGiven, may_be_zero || request.price.abs() > 0.0, request.price, None)
}

fn price_tick(request: &OrderRequest, facts: &Facts) -> Verdict {
    let tick = facts.contract.as_ref().and_then(|contract| known(contract.pricetick));
    let is_kept = tick.map(|tick| request.order_type == OrderType::Market || on_step(request.price, tick));
    Verdict::number(Rule::PriceTick, is_kept, request.price, tick)
}

fn price_limits(request: &OrderRequest, facts: &Facts) -> Verdict {
    let limit = |of: fn(&domain::TickData) -> f64| facts.tick.as_ref().and_then(|tick| known(of(tick)));
    let (up, down) = (limit(|tick| tick.limit_up), limit(|tick| tick.limit_down));
    let is_free = request.order_type == OrderType::Market;
    let above = down.is_none_or(|down| request.price >= down * (1.0 - 1e-12));
    let below = up.is_none_or(|up| request.price <= up * (1.0 + 1e-12));
    let is_kept = (up.is_some() || down.is_some()).then_some(is_free || (above && below));
    Verdict { floor: down, ..Verdict::number(Rule::PriceLimits, is_kept, request.price, up) }
}

fn volume(rule: Rule, request: &OrderRequest, limit: Option<f64>, fits: fn(f64, f64) -> bool) -> Verdict {
    Verdict::number(rule, limit.map(|limit| fits(request.volume, limit)), request.volume, limit)
}

/// China's futures exchanges want an offset; today's position is told apart only on SHFE and INE.
fn offset(request: &OrderRequest, facts: &Facts) -> Verdict {
    let Some(contract) = &facts.contract else { return Verdict::of(Rule::Offset, None) };
    let is_futures = ["CFFEX", "SHFE", "CZCE", "DCE", "INE", "GFEX"].contains(&request.exchange.name());
    let is_kept = match request.offset {
        Offset::None => contract.net_position || !is_futures,
        Offset::Open | Offset::Close => true,
        Offset::CloseToday | Offset::CloseYesterday => !contract.net_position && is_futures,
    };
    Verdict::of(Rule::Offset, is_kept)
}

fn closable(request: &OrderRequest, facts: &Facts) -> Verdict {
    let there = facts.closable.map(|closable| closable.with(request.offset, request.exchange.splits_today()));
    let is_kept = there.map(|there| request.volume <= there * (1.0 + 1e-12));
    Verdict::number(Rule::Closable, is_kept, request.volume, there)
}

#[cfg(test)]
mod tests;
