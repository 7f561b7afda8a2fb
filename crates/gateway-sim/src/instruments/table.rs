//! The products: multipliers, ticks, commissions, margins and price limits as the exchanges publish them.
//!
//! Commissions are the exchanges' own (brokers add to them), margins the exchanges' minimum rounded up as a broker
//! does; both change now and then, the order of magnitude does not. Prices are where the generated market starts.

use super::Fee;
use super::months::{Expiry, Months};
use domain::{Exchange, Product};

/// A futures product.
pub(super) struct FutureRow {
    pub(super) code: &'static str,
    pub(super) exchange: Exchange,
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
    pub(super) size: f64,
    pub(super) tick: f64,
    pub(super) margin: f64,
    /// Open, close, close today.
    pub(super) fees: (Fee, Fee, Fee),
    pub(super) limit: f64,
    pub(super) max: i64,
    pub(super) months: Months,
    pub(super) expiry: Expiry,
    pub(super) price: f64,
    /// Standard deviation of a day's return.
    pub(super) daily: f64,
    /// Lots a day of the first contract, and of one level of its book.
    pub(super) flow: (f64, f64),
}

/// A share, fund or coin.
pub(super) struct SpotRow {
    pub(super) code: &'static str,
    pub(super) exchange: Exchange,
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
    pub(super) product: Product,
    pub(super) tick: f64,
    pub(super) limit: f64,
    pub(super) price: f64,
    pub(super) daily: f64,
    pub(super) flow: (f64, f64),
}

use Fee::{Lot, Money};

const QUARTERS: Months = Months::Of(&[3, 6, 9, 12]);
const EVERY: Months = Months::Of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
const GRAIN: Months = Months::Of(&[1, 5, 9]);
const EVEN: Months = Months::Of(&[2, 4, 6, 8, 10, 12]);

/// Shorthand for a row; the columns are those of [`FutureRow`].
#[expect(clippy::too_many_arguments, reason = "a row of a table")]
const fn row(
    exchange: Exchange,
    code: &'static str,
    names: (&'static str, &'static str),
    shape: (f64, f64),
    money: (f64, f64),
    fees: (Fee, Fee, Fee),
    max: i64,
    when: (Months, Expiry),
    market: (f64, f64, f64, f64),
) -> FutureRow {
    FutureRow {
        code,
        exchange,
        zh: names.0,
        en: names.1,
        size: shape.0,
        tick: shape.1,
        margin: money.0,
        limit: money.1,
        fees,
        max,
        months: when.0,
        expiry: when.1,
        price: market.0,
        daily: market.1,
        flow: (market.2, market.3),
    }
}

const fn each(fee: Fee) -> (Fee, Fee, Fee) {
    (fee, fee, fee)
}

const INDEX_FEE: (Fee, Fee, Fee) = (Money(0.000_023), Money(0.000_023), Money(0.000_23));
const INDEX: (Months, Expiry) = (Months::Index, Expiry::Friday(3));
const BOND: (Months, Expiry) = (QUARTERS, Expiry::Friday(2));
const MID: Expiry = Expiry::Day(15);

/// Futures: exchange, code, names, (size, tick), (margin, limit), fees, largest order, months, (price, daily
/// deviation, lots a day, lots a level).
#[rustfmt::skip]
pub(super) const FUTURES: &[FutureRow] = &[
    row(Exchange::CFFEX, "IF", ("沪深300股指", "CSI 300 Index"), (300.0, 0.2), (0.12, 0.10), INDEX_FEE, 20, INDEX, (4580.0, 0.011, 110_000.0, 4.0)),
    row(Exchange::CFFEX, "IH", ("上证50股指", "SSE 50 Index"), (300.0, 0.2), (0.12, 0.10), INDEX_FEE, 20, INDEX, (3010.0, 0.010, 55_000.0, 3.0)),
    row(Exchange::CFFEX, "IC", ("中证500股指", "CSI 500 Index"), (200.0, 0.2), (0.14, 0.10), INDEX_FEE, 20, INDEX, (7120.0, 0.014, 130_000.0, 3.0)),
    row(Exchange::CFFEX, "IM", ("中证1000股指", "CSI 1000 Index"), (200.0, 0.2), (0.14, 0.10), INDEX_FEE, 20, INDEX, (7350.0, 0.016, 200_000.0, 3.0)),
    row(Exchange::CFFEX, "T", ("10年期国债", "10-Year Treasury Bond"), (10_000.0, 0.005), (0.022, 0.02), each(Lot(3.0)), 50, BOND, (108.4, 0.0018, 75_000.0, 60.0)),
    row(Exchange::CFFEX, "TS", ("2年期国债", "2-Year Treasury Bond"), (20_000.0, 0.002), (0.006, 0.005), each(Lot(3.0)), 50, BOND, (102.45, 0.0004, 35_000.0, 70.0)),
    row(Exchange::SHFE, "rb", ("螺纹钢", "Rebar"), (10.0, 1.0), (0.08, 0.06), each(Money(0.000_1)), 500, (Months::Of(&[1, 5, 10]), MID), (3120.0, 0.011, 1_400_000.0, 900.0)),
    row(Exchange::SHFE, "au", ("黄金", "Gold"), (1000.0, 0.02), (0.12, 0.10), each(Lot(10.0)), 500, (EVEN, MID), (948.0, 0.010, 320_000.0, 12.0)),
    row(Exchange::SHFE, "ag", ("白银", "Silver"), (15.0, 1.0), (0.13, 0.11), each(Money(0.000_05)), 500, (EVEN, MID), (11_850.0, 0.017, 900_000.0, 40.0)),
    row(Exchange::SHFE, "cu", ("铜", "Copper"), (5.0, 10.0), (0.10, 0.08), (Money(0.000_05), Money(0.000_05), Money(0.000_1)), 500, (EVERY, MID), (86_400.0, 0.010, 120_000.0, 15.0)),
    row(Exchange::SHFE, "al", ("铝", "Aluminium"), (5.0, 5.0), (0.09, 0.07), each(Lot(3.0)), 500, (EVERY, MID), (21_550.0, 0.008, 170_000.0, 45.0)),
    row(Exchange::SHFE, "ru", ("天然橡胶", "Natural Rubber"), (10.0, 5.0), (0.10, 0.08), each(Lot(3.0)), 500, (GRAIN, MID), (15_200.0, 0.013, 300_000.0, 30.0)),
    row(Exchange::INE, "sc", ("原油", "Crude Oil"), (1000.0, 0.1), (0.12, 0.10), (Lot(20.0), Lot(20.0), Lot(0.0)), 500, (EVERY, Expiry::MonthBefore), (462.0, 0.018, 150_000.0, 6.0)),
    row(Exchange::INE, "lu", ("低硫燃料油", "Low-Sulphur Fuel Oil"), (10.0, 1.0), (0.12, 0.10), each(Money(0.000_01)), 500, (EVERY, Expiry::MonthBefore), (3240.0, 0.017, 90_000.0, 25.0)),
    row(Exchange::DCE, "i", ("铁矿石", "Iron Ore"), (100.0, 0.5), (0.12, 0.09), each(Money(0.000_1)), 1000, (GRAIN, MID), (786.0, 0.015, 420_000.0, 180.0)),
    row(Exchange::DCE, "m", ("豆粕", "Soybean Meal"), (10.0, 1.0), (0.08, 0.07), each(Lot(1.5)), 1000, (GRAIN, MID), (3040.0, 0.010, 1_100_000.0, 1200.0)),
    row(Exchange::DCE, "p", ("棕榈油", "Palm Oil"), (10.0, 2.0), (0.09, 0.07), each(Lot(2.5)), 1000, (GRAIN, MID), (8720.0, 0.015, 620_000.0, 60.0)),
    row(Exchange::DCE, "c", ("玉米", "Corn"), (10.0, 1.0), (0.08, 0.06), each(Lot(1.2)), 1000, (Months::Of(&[1, 3, 5, 7, 9, 11]), MID), (2210.0, 0.006, 450_000.0, 1500.0)),
    row(Exchange::CZCE, "TA", ("PTA", "PTA"), (5.0, 2.0), (0.08, 0.06), (Lot(3.0), Lot(3.0), Lot(0.0)), 1000, (GRAIN, MID), (4680.0, 0.012, 800_000.0, 700.0)),
    row(Exchange::CZCE, "MA", ("甲醇", "Methanol"), (10.0, 1.0), (0.09, 0.07), each(Money(0.000_1)), 1000, (GRAIN, MID), (2180.0, 0.013, 1_000_000.0, 800.0)),
    row(Exchange::CZCE, "SR", ("白糖", "White Sugar"), (10.0, 1.0), (0.08, 0.06), (Lot(3.0), Lot(3.0), Lot(0.0)), 1000, (GRAIN, MID), (5460.0, 0.008, 200_000.0, 150.0)),
    row(Exchange::CZCE, "CF", ("棉花", "Cotton"), (5.0, 5.0), (0.08, 0.06), (Lot(4.3), Lot(4.3), Lot(0.0)), 1000, (GRAIN, MID), (13_580.0, 0.008, 260_000.0, 80.0)),
    row(Exchange::GFEX, "si", ("工业硅", "Silicon Metal"), (5.0, 5.0), (0.11, 0.09), (Money(0.000_1), Money(0.000_1), Money(0.0)), 1000, (EVERY, MID), (9050.0, 0.018, 300_000.0, 60.0)),
    row(Exchange::GFEX, "lc", ("碳酸锂", "Lithium Carbonate"), (1.0, 20.0), (0.13, 0.11), each(Money(0.000_16)), 1000, (EVERY, MID), (92_400.0, 0.024, 700_000.0, 12.0)),
];

const fn spot(
    exchange: Exchange,
    code: &'static str,
    names: (&'static str, &'static str),
    product: Product,
    rule: (f64, f64),
    market: (f64, f64, f64, f64),
) -> SpotRow {
    SpotRow {
        code,
        exchange,
        zh: names.0,
        en: names.1,
        product,
        tick: rule.0,
        limit: rule.1,
        price: market.0,
        daily: market.1,
        flow: (market.2, market.3),
    }
}

/// Shares, funds and perpetuals: exchange, code, names, kind, (tick, limit), (price, daily deviation, units a day,
/// units a level).
#[rustfmt::skip]
pub(super) const SPOT: &[SpotRow] = &[
    spot(Exchange::SSE, "600519", ("贵州茅台", "Kweichow Moutai"), Product::Equity, (0.01, 0.10), (1458.0, 0.014, 3_200_000.0, 900.0)),
    spot(Exchange::SSE, "600036", ("招商银行", "China Merchants Bank"), Product::Equity, (0.01, 0.10), (42.6, 0.013, 62_000_000.0, 40_000.0)),
    spot(Exchange::SSE, "601318", ("中国平安", "Ping An Insurance"), Product::Equity, (0.01, 0.10), (58.3, 0.015, 48_000_000.0, 30_000.0)),
    spot(Exchange::SSE, "600000", ("浦发银行", "SPD Bank"), Product::Equity, (0.01, 0.10), (12.4, 0.013, 70_000_000.0, 120_000.0)),
    spot(Exchange::SSE, "510300", ("沪深300ETF", "CSI 300 ETF"), Product::Etf, (0.001, 0.10), (4.612, 0.011, 900_000_000.0, 800_000.0)),
    spot(Exchange::SZSE, "000001", ("平安银行", "Ping An Bank"), Product::Equity, (0.01, 0.10), (11.6, 0.014, 90_000_000.0, 150_000.0)),
    spot(Exchange::SZSE, "000858", ("五粮液", "Wuliangye Yibin"), Product::Equity, (0.01, 0.10), (119.5, 0.016, 18_000_000.0, 9_000.0)),
    spot(Exchange::SZSE, "300750", ("宁德时代", "CATL"), Product::Equity, (0.01, 0.20), (386.0, 0.022, 26_000_000.0, 6_000.0)),
    spot(Exchange::SZSE, "002594", ("比亚迪", "BYD"), Product::Equity, (0.01, 0.10), (98.7, 0.019, 30_000_000.0, 9_000.0)),
    spot(Exchange::NASDAQ, "AAPL", ("苹果", "Apple"), Product::Equity, (0.01, 0.0), (268.0, 0.016, 48_000_000.0, 600.0)),
    spot(Exchange::NASDAQ, "MSFT", ("微软", "Microsoft"), Product::Equity, (0.01, 0.0), (508.0, 0.015, 21_000_000.0, 300.0)),
    spot(Exchange::NASDAQ, "NVDA", ("英伟达", "NVIDIA"), Product::Equity, (0.01, 0.0), (184.0, 0.026, 190_000_000.0, 1500.0)),
    spot(Exchange::NASDAQ, "GOOG", ("谷歌", "Alphabet"), Product::Equity, (0.01, 0.0), (286.0, 0.018, 20_000_000.0, 400.0)),
    spot(Exchange::NASDAQ, "TSLA", ("特斯拉", "Tesla"), Product::Equity, (0.01, 0.0), (412.0, 0.032, 80_000_000.0, 500.0)),
    spot(Exchange::GLOBAL, "BTCUSDT", ("比特币永续", "Bitcoin Perpetual"), Product::Swap, (0.1, 0.0), (92_600.0, 0.024, 160_000.0, 1.6)),
    spot(Exchange::GLOBAL, "ETHUSDT", ("以太坊永续", "Ether Perpetual"), Product::Swap, (0.01, 0.0), (3080.0, 0.032, 3_600_000.0, 30.0)),
];

/// An option product on a future: code within the symbol, portfolio, names, underlying product, strike distance,
/// strikes on each side of the middle, tick, commission a lot, months ahead.
pub(super) struct OptionRow {
    pub(super) code: &'static str,
    pub(super) portfolio: &'static str,
    pub(super) exchange: Exchange,
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
    pub(super) underlying: &'static str,
    pub(super) size: f64,
    pub(super) tick: f64,
    pub(super) distance: f64,
    pub(super) each_side: i64,
    pub(super) fee: f64,
    pub(super) max: i64,
    pub(super) months: usize,
}

/// Options.
pub(super) const OPTIONS: &[OptionRow] = &[
    OptionRow {
        code: "IO",
        portfolio: "IO",
        exchange: Exchange::CFFEX,
        zh: "沪深300股指",
        en: "CSI 300 Index",
        underlying: "IF",
        size: 100.0,
        tick: 0.2,
        distance: 100.0,
        each_side: 3,
        fee: 15.0,
        max: 20,
        months: 2,
    },
    OptionRow {
        code: "m",
        portfolio: "m_o",
        exchange: Exchange::DCE,
        zh: "豆粕",
        en: "Soybean Meal",
        underlying: "m",
        size: 10.0,
        tick: 0.5,
        distance: 50.0,
        each_side: 2,
        fee: 0.5,
        max: 1000,
        months: 1,
    },
];
