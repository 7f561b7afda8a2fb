//! The instruments that are listed at a moment, the same for the same moment.

use super::months::{self, Month};
use super::table::{FUTURES, FutureRow, OPTIONS, OptionRow, SPOT, SpotRow};
use super::{Currency, Fee, Fees, Instrument, OptionTerms, Shape, Style, Walk};
use domain::{Exchange, OptionType, Product, Text};

const DAY_US: i64 = 86_400_000_000;
/// Commodity contracts are given up this long before they end: nobody without a warehouse trades them longer.
const NEAR_END_US: i64 = 30 * DAY_US;

/// All instruments of that moment: futures of the next active months, options, shares, perpetuals.
pub(crate) fn listing(now_us: i64) -> Vec<Instrument> {
    let mut all = Vec::new();
    for row in FUTURES {
        for (rank, month) in future_months(row, now_us).into_iter().enumerate() {
            all.push(future(row, month, rank));
        }
    }
    for row in OPTIONS {
        chain(row, now_us, &mut all);
    }
    all.extend(SPOT.iter().map(spot));
    all
}

fn future_months(row: &FutureRow, now_us: i64) -> Vec<Month> {
    let (least, count) = if row.exchange == Exchange::CFFEX { (DAY_US, 3) } else { (NEAR_END_US, 2) };
    months::listed(row.months, row.expiry, now_us, least, count)
}

/// The contract of that month; `rank` 0 is the most active one.
pub(super) fn future(row: &FutureRow, month: Month, rank: usize) -> Instrument {
    let four = month.four();
    let symbol = future_symbol(row, month);
    let names = (format!("{}{four}", row.zh), format!("{} {four}", row.en));
    let quieter = 1.0 / (1.0 + 2.0 * rank as f64);
    let index = row.exchange == Exchange::CFFEX && row.code.starts_with('I');
    let shape = Shape {
        product: Product::Futures,
        size: row.size,
        pricetick: row.tick,
        volume_step: 1.0,
        lot: 1,
        max_volume: row.max,
        style: Style::Hedged,
        currency: Currency::Cny,
        zone: super::zone_of(row.exchange),
        margin_rate: row.margin,
        fees: Fees { open: row.fees.0, close: row.fees.1, close_today: row.fees.2, least: 0.0 },
        limit: row.limit,
        walk: Walk {
            price: row.price,
            daily: row.daily,
            beta: if index { 0.9 } else { 0.0 },
            turnover: row.flow.0 * quieter,
            queue: (row.flow.1 * quieter).max(1.0),
            gap: if row.exchange == Exchange::CFFEX && index { 3 } else { 1 },
        },
    };
    let mut instrument = Instrument::new(&symbol, row.exchange, (&names.0, &names.1), shape);
    instrument.path = Text::new(row.code);
    instrument.expiry_us = Some(row.expiry.end_us(month));
    instrument
}

fn future_symbol(row: &FutureRow, month: Month) -> String {
    let digits = if row.exchange == Exchange::CZCE { month.three() } else { month.four() };
    format!("{}{digits}", row.code)
}

fn chain(row: &OptionRow, now_us: i64, all: &mut Vec<Instrument>) {
    let Some(base) = FUTURES.iter().find(|future| future.exchange == row.exchange && future.code == row.underlying)
    else {
        return;
    };
    let middle = (base.price / row.distance).round() * row.distance;
    for month in future_months(base, now_us).into_iter().take(row.months) {
        for right in [OptionType::Call, OptionType::Put] {
            for step in -row.each_side..=row.each_side {
                all.push(option(row, base, month, (right, middle + step as f64 * row.distance)));
            }
        }
    }
}

/// The option of that month, right and strike.
pub(super) fn option(row: &OptionRow, base: &FutureRow, month: Month, terms: (OptionType, f64)) -> Instrument {
    let (right, strike) = terms;
    let four = month.four();
    let (letter, zh_right, en_right) = match right {
        OptionType::Call => ('C', "购", "Call"),
        OptionType::Put => ('P', "沽", "Put"),
    };
    let symbol = format!("{}{four}-{letter}-{strike:.0}", row.code);
    let names = (format!("{}{four}{zh_right}{strike:.0}", row.zh), format!("{} {four} {en_right} {strike:.0}", row.en));
    let shape = Shape {
        product: Product::Option,
        size: row.size,
        pricetick: row.tick,
        volume_step: 1.0,
        lot: 1,
        max_volume: row.max,
        style: Style::Hedged,
        currency: Currency::Cny,
        zone: super::zone_of(row.exchange),
        margin_rate: base.margin,
        fees: Fees { open: Fee::Lot(row.fee), close: Fee::Lot(row.fee), close_today: Fee::Lot(row.fee), least: 0.0 },
        limit: base.limit,
        walk: Walk { price: 0.0, daily: base.daily, beta: 0.0, turnover: 4000.0, queue: 8.0, gap: 2 },
    };
    let mut instrument = Instrument::new(&symbol, row.exchange, (&names.0, &names.1), shape);
    instrument.path = Text::new(row.underlying);
    instrument.expiry_us = Some(base.expiry.end_us(month));
    let underlying = Text::from(future_symbol(base, month));
    instrument.option = Some(OptionTerms { underlying, strike, right, portfolio: Text::new(row.portfolio) });
    instrument
}

/// A share, fund or perpetual of the table.
pub(super) fn spot(row: &SpotRow) -> Instrument {
    let shape = if row.exchange == Exchange::SSE || row.exchange == Exchange::SZSE {
        china_share(row)
    } else if row.exchange == Exchange::NASDAQ {
        us_share(row)
    } else {
        perpetual(row)
    };
    Instrument::new(row.code, row.exchange, (row.zh, row.en), shape)
}

fn walk(row: &SpotRow, beta: f64, gap: i64) -> Walk {
    Walk { price: row.price, daily: row.daily, beta, turnover: row.flow.0, queue: row.flow.1, gap }
}

/// Broker 0.025 % and at least 5 yuan; sellers of shares pay 0.05 % stamp duty besides.
fn china_share(row: &SpotRow) -> Shape {
    let stamp = if row.product == Product::Equity { 0.000_5 } else { 0.0 };
    Shape {
        product: row.product,
        size: 1.0,
        pricetick: row.tick,
        volume_step: 1.0,
        lot: 100,
        max_volume: 1_000_000,
        style: Style::Cash { next_day: true },
        currency: Currency::Cny,
        zone: super::zone_of(row.exchange),
        margin_rate: 1.0,
        fees: Fees {
            open: Fee::Money(0.000_25),
            close: Fee::Money(0.000_25 + stamp),
            close_today: Fee::Money(0.000_25 + stamp),
            least: 5.0,
        },
        limit: row.limit,
        walk: walk(row, 0.6, 1),
    }
}

fn us_share(row: &SpotRow) -> Shape {
    let fee = Fee::Lot(0.005);
    Shape {
        product: row.product,
        size: 1.0,
        pricetick: row.tick,
        volume_step: 1.0,
        lot: 1,
        max_volume: 100_000,
        style: Style::Cash { next_day: false },
        currency: Currency::Usd,
        zone: super::zone_of(row.exchange),
        margin_rate: 1.0,
        fees: Fees { open: fee, close: fee, close_today: fee, least: 1.0 },
        limit: row.limit,
        walk: walk(row, 0.0, 2),
    }
}

fn perpetual(row: &SpotRow) -> Shape {
    let fee = Fee::Money(0.000_5);
    Shape {
        product: row.product,
        size: 1.0,
        pricetick: row.tick,
        volume_step: 0.001,
        lot: 1,
        max_volume: 120_000,
        style: Style::Netting,
        currency: Currency::Usdt,
        zone: super::zone_of(row.exchange),
        margin_rate: 0.05,
        fees: Fees { open: fee, close: fee, close_today: fee, least: 0.0 },
        limit: row.limit,
        walk: walk(row, 0.0, 8),
    }
}
