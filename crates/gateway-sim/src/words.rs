//! All that the exchange says to a person, in Chinese and in English, in one table.
//!
//! A [`Refusal`] is why an order was not taken; it travels as a log line and in the REJECTED order. A [`Note`] is
//! any other line of the log. Always true: both languages tell the same facts.

use crate::instruments::Currency;
use domain::{Language, OrderType, Text};

/// Why an order was refused. Volumes and prices are in the instrument's own units.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// Sent before the login.
    NotConnected,
    /// A kind of order that is not traded here.
    OrderType(OrderType),
    /// No such instrument.
    UnknownContract(Text),
    /// Its last trading day is over.
    Expired,
    /// Neither bought nor sold.
    Direction,
    /// NaN or infinity.
    VolumeNotANumber,
    /// Zero or less.
    VolumeNotPositive(f64),
    /// Not a whole number of steps.
    VolumeStep(f64),
    /// Not a whole number of lots.
    VolumeLot(f64),
    /// More than one order may have.
    VolumeMax(f64),
    /// NaN or infinity.
    PriceNotANumber,
    /// Zero or less.
    PriceNotPositive(f64),
    /// Not a whole number of ticks.
    PriceTick(f64),
    /// Above the day's limit.
    PriceAboveLimit(f64),
    /// Below the day's limit.
    PriceBelowLimit(f64),
    /// The instrument is held on both sides, so an order must say what it does.
    OffsetMissing,
    /// No price yet.
    NoMarket,
    /// Not enough money: needed, available.
    Funds(f64, f64, Currency),
    /// Not enough position: wanted, available.
    Position(f64, f64),
    /// Not enough of today's position: wanted, available.
    PositionToday(f64, f64),
    /// Not enough of an earlier day's position: wanted, available.
    PositionYesterday(f64, f64),
    /// Bought today, to be sold from the next day on: wanted, can be sold.
    NextDay(f64, f64),
    /// The id is at work already.
    DuplicateId,
    /// Too many orders at work.
    TooManyOrders(usize),
}

/// Any other line of the log.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// An order was refused: its id, its instrument, why.
    Refused(Text, Text, Refusal),
    /// A cancel for an order that is not at work.
    NothingToCancel(Text),
    /// A fill-or-kill order found too little: its id, wanted, there was.
    KilledShort(Text, f64, f64),
    /// Nobody was there for the rest of an order that does not rest: its id, the rest.
    RestCancelled(Text, f64),
    /// A stop order was triggered: its id, its price.
    Triggered(Text, f64),
    /// A day was settled: its date, profit taken in, orders cancelled.
    Settled(String, f64, usize),
    /// A contract ended with a position in it: instrument, price.
    Expired(Text, f64),
}

/// One text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Words {
        Words { zh: zh.into(), en: en.into() }
    }

    /// The text in that language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

impl Refusal {
    /// A code that programs can rely on.
    pub fn code(&self) -> &'static str {
        self.row().0
    }

    /// The reason for a person.
    pub fn words(&self) -> Words {
        let (_, zh, en) = self.row();
        Words { zh, en }
    }

    /// The table: code, Chinese, English.
    fn row(&self) -> (&'static str, String, String) {
        let row = |code, zh: &str, en: &str| (code, zh.to_owned(), en.to_owned());
        match self {
            Refusal::NotConnected => row("NOT_CONNECTED", "接口尚未连接", "the gateway is not connected"),
            Refusal::OrderType(kind) => (
                "ORDER_TYPE",
                format!("不支持的委托类型：{}", kind.value(Language::Zh)),
                format!("order type {} is not supported", kind.value(Language::En)),
            ),
            Refusal::UnknownContract(symbol) => {
                ("UNKNOWN_CONTRACT", format!("找不到合约{symbol}"), format!("there is no contract {symbol}"))
            }
            Refusal::Expired => row("EXPIRED", "合约已到期", "the contract has expired"),
            Refusal::Direction => row("DIRECTION", "方向必须是多或空", "the direction must be long or short"),
            Refusal::VolumeNotANumber => row("VOLUME_NAN", "委托数量不是有效数字", "the volume is not a number"),
            Refusal::VolumeNotPositive(volume) => (
                "VOLUME_NOT_POSITIVE",
                format!("委托数量必须大于0，收到{volume}"),
                format!("the volume must be above 0, got {volume}"),
            ),
            Refusal::VolumeStep(step) => (
                "VOLUME_STEP",
                format!("委托数量必须是{step}的整数倍"),
                format!("the volume must be a multiple of {step}"),
            ),
            Refusal::VolumeLot(lot) => (
                "VOLUME_LOT",
                format!("委托数量必须是每手{lot}的整数倍（卖出零股须一次性全部卖出）"),
                format!("the volume must be a multiple of the lot of {lot} (an odd rest can only be sold as a whole)"),
            ),
            Refusal::VolumeMax(most) => (
                "VOLUME_MAX",
                format!("委托数量超过单笔上限{most}"),
                format!("the volume is above the {most} that one order may have"),
            ),
            Refusal::PriceNotANumber => row("PRICE_NAN", "委托价格不是有效数字", "the price is not a number"),
            Refusal::PriceNotPositive(price) => (
                "PRICE_NOT_POSITIVE",
                format!("委托价格必须大于0，收到{price}"),
                format!("the price must be above 0, got {price}"),
            ),
            Refusal::PriceTick(tick) => (
                "PRICE_TICK",
                format!("委托价格必须是最小变动价位{tick}的整数倍"),
                format!("the price must be a multiple of the tick of {tick}"),
            ),
            Refusal::PriceAboveLimit(limit) => (
                "PRICE_ABOVE_LIMIT",
                format!("委托价格高于涨停价{limit}"),
                format!("the price is above the day's limit of {limit}"),
            ),
            Refusal::PriceBelowLimit(limit) => (
                "PRICE_BELOW_LIMIT",
                format!("委托价格低于跌停价{limit}"),
                format!("the price is below the day's limit of {limit}"),
            ),
            _ => self.holding_row(),
        }
    }

    /// The table's part about positions, money and the exchange's own bounds.
    fn holding_row(&self) -> (&'static str, String, String) {
        let row = |code, zh: &str, en: &str| (code, zh.to_owned(), en.to_owned());
        match self {
            Refusal::NoMarket => row("NO_MARKET", "该合约暂无行情", "the contract has no price yet"),
            Refusal::DuplicateId => row("DUPLICATE_ID", "委托号重复", "the order id is at work already"),
            Refusal::TooManyOrders(most) => (
                "TOO_MANY_ORDERS",
                format!("活动委托已达上限{most}笔"),
                format!("{most} orders are at work, which is the most there may be"),
            ),
            Refusal::Funds(needed, available, currency) => (
                "FUNDS",
                format!("资金不足：需要{needed:.2} {0}，可用{available:.2} {0}", currency.code()),
                format!("not enough money: {needed:.2} {0} needed, {available:.2} {0} available", currency.code()),
            ),
            Refusal::Position(wanted, there) => (
                "POSITION",
                format!("可平仓位不足：需要{wanted}，可用{there}"),
                format!("not enough position: {wanted} wanted, {there} available"),
            ),
            Refusal::PositionToday(wanted, there) => (
                "POSITION_TODAY",
                format!("今仓可平量不足：需要{wanted}，可用{there}"),
                format!("not enough of today's position: {wanted} wanted, {there} available"),
            ),
            Refusal::PositionYesterday(wanted, there) => (
                "POSITION_YESTERDAY",
                format!("昨仓可平量不足：需要{wanted}，可用{there}（上期所、能源中心的“平”即平昨，平今仓请用“平今”）"),
                format!(
                    "not enough of yesterday's position: {wanted} wanted, {there} available \
                     (on SHFE and INE CLOSE means yesterday's; use CLOSETODAY for today's)"
                ),
            ),
            Refusal::NextDay(wanted, there) => (
                "NEXT_DAY",
                format!("T+1：当日买入次日才能卖出，需要{wanted}，可卖{there}"),
                format!("T+1: shares bought today can be sold tomorrow; {wanted} wanted, {there} can be sold"),
            ),
            _ => row(
                "OFFSET_MISSING",
                "请选择开平方向",
                "the order must say whether it opens or closes: the contract is held long and short side by side",
            ),
        }
    }
}

impl Note {
    /// The line for a person.
    pub fn words(&self) -> Words {
        match self {
            Note::Refused(id, symbol, refusal) => {
                let why = refusal.words();
                Words::new(
                    format!("委托被拒绝 {id} {symbol}：{}", why.zh),
                    format!("order {id} of {symbol} refused: {}", why.en),
                )
            }
            Note::NothingToCancel(id) => Words::new(
                format!("撤单失败：委托{id}不存在或已结束"),
                format!("nothing to cancel: order {id} is unknown or finished"),
            ),
            Note::KilledShort(id, wanted, there) => Words::new(
                format!("FOK委托{id}无法全部成交，已撤销：需要{wanted}，盘口可成交{there}"),
                format!("fill-or-kill order {id} was cancelled: {wanted} wanted, the book has {there}"),
            ),
            Note::RestCancelled(id, rest) => Words::new(
                format!("委托{id}剩余{rest}无对手盘，已撤销"),
                format!("nobody trades the remaining {rest} of order {id}, which are cancelled"),
            ),
            Note::Triggered(id, price) => {
                Words::new(format!("停止单{id}触发，触发价{price}"), format!("stop order {id} triggered at {price}"))
            }
            Note::Settled(date, profit, cancelled) => Words::new(
                format!("{date} 日终结算完成：盯市盈亏{profit:.2}，撤销未成交委托{cancelled}笔"),
                format!("{date} settled: {profit:.2} marked to market, {cancelled} open orders cancelled"),
            ),
            Note::Expired(symbol, price) => Words::new(
                format!("{symbol}到期，持仓按{price}现金了结"),
                format!("{symbol} has expired, its position was settled in cash at {price}"),
            ),
        }
    }

    /// Python's logging level: 20 information, 30 warning.
    pub fn level(&self) -> i32 {
        match self {
            Note::Refused(..) | Note::NothingToCancel(_) | Note::KilledShort(..) => 30,
            Note::RestCancelled(..) | Note::Triggered(..) | Note::Settled(..) | Note::Expired(..) => 20,
        }
    }
}

#[cfg(test)]
mod tests;
