//! An instrument from its code alone, by the rules of its product: for recordings of contracts that ended long ago
//! and for positions that outlived the list.

use super::listing::{future, option, spot};
use super::months::Month;
use super::table::{FUTURES, FutureRow, OPTIONS, SPOT, SpotRow};
use super::{Currency, Fee, Fees, Instrument, Shape, Style, Walk};
use domain::{Exchange, OptionType, Product};

/// The instrument of that code; `now_us` tells which decade CZCE's single year digit means. `None` where no rule
/// here knows the code.
pub(crate) fn derive(symbol: &str, exchange: Exchange, now_us: i64) -> Option<Instrument> {
    if let Some(row) = SPOT.iter().find(|row| row.code == symbol && row.exchange == exchange) {
        return Some(spot(row));
    }
    derive_option(symbol, exchange, now_us)
        .or_else(|| derive_future(symbol, exchange, now_us))
        .or_else(|| derive_share(symbol, exchange))
        .or_else(|| derive_pair(symbol, exchange))
}

/// The exchange that lists a future or option of that code.
pub(crate) fn future_exchange(symbol: &str) -> Option<Exchange> {
    let (code, _) = symbol.split_at(symbol.find(|c: char| c.is_ascii_digit())?);
    let future = FUTURES.iter().find(|row| row.code == code).map(|row| row.exchange);
    future.or_else(|| OPTIONS.iter().find(|row| row.code == code).map(|row| row.exchange))
}

/// The exchange of a share or coin of the table.
pub(crate) fn spot_exchange(symbol: &str) -> Option<Exchange> {
    SPOT.iter().find(|row| row.code == symbol).map(|row| row.exchange)
}

fn derive_future(symbol: &str, exchange: Exchange, now_us: i64) -> Option<Instrument> {
    let (code, digits) = symbol.split_at(symbol.find(|c: char| c.is_ascii_digit())?);
    let row = FUTURES.iter().find(|row| row.code == code && row.exchange == exchange)?;
    let month = month(digits, now_us)?;
    let mut instrument = future(row, month, 0);
    // CZCE's four-digit spelling of old recordings stays as it was asked for.
    instrument.symbol = symbol.into();
    instrument.vt_symbol = domain::VtSymbol::new(symbol, exchange);
    Some(instrument)
}

fn derive_option(symbol: &str, exchange: Exchange, now_us: i64) -> Option<Instrument> {
    let mut parts = symbol.split('-');
    let (head, right, strike) = (parts.next()?, parts.next()?, parts.next()?);
    let (code, digits) = head.split_at(head.find(|c: char| c.is_ascii_digit())?);
    let row = OPTIONS.iter().find(|row| row.code == code && row.exchange == exchange)?;
    let base: &FutureRow = FUTURES.iter().find(|f| f.exchange == exchange && f.code == row.underlying)?;
    let right = match right {
        "C" => OptionType::Call,
        "P" => OptionType::Put,
        _ => return None,
    };
    Some(option(row, base, month(digits, now_us)?, (right, strike.parse().ok()?)))
}

/// `2605`, or `605` in the decade nearest to now.
fn month(digits: &str, now_us: i64) -> Option<Month> {
    let all: i64 = digits.parse().ok()?;
    let month = u8::try_from(all % 100).ok().filter(|month| (1..=12).contains(month))?;
    let year = match digits.len() {
        4 => 2000 + all / 100,
        3 => {
            let now = Month::of(now_us).year;
            let guess = now - now.rem_euclid(10) + all / 100;
            if guess < now - 5 { guess + 10 } else { guess }
        }
        _ => return None,
    };
    Some(Month { year, month })
}

fn derive_share(symbol: &str, exchange: Exchange) -> Option<Instrument> {
    let china = exchange == Exchange::SSE || exchange == Exchange::SZSE;
    let fits = if china {
        symbol.len() == 6 && symbol.bytes().all(|b| b.is_ascii_digit())
    } else {
        exchange == Exchange::NASDAQ && symbol.bytes().all(|b| b.is_ascii_uppercase())
    };
    if !fits || symbol.is_empty() {
        return None;
    }
    let row = SpotRow {
        code: "",
        exchange,
        zh: "",
        en: "",
        product: Product::Equity,
        tick: 0.01,
        limit: if china { 0.10 } else { 0.0 },
        price: 20.0,
        daily: 0.015,
        flow: (10_000_000.0, 5000.0),
    };
    Some(renamed(spot(&row), symbol))
}

/// A currency pair such as EURUSD, one unit of the first currency per unit of volume.
fn derive_pair(symbol: &str, exchange: Exchange) -> Option<Instrument> {
    let fits = symbol.len() == 6 && symbol.bytes().all(|b| b.is_ascii_uppercase());
    if !fits || exchange.name() != "IDEALPRO" {
        return None;
    }
    let fee = Fee::Money(0.000_02);
    let shape = Shape {
        product: Product::Forex,
        size: 1.0,
        pricetick: if symbol.ends_with("JPY") { 0.001 } else { 0.000_01 },
        volume_step: 1.0,
        lot: 1000,
        max_volume: 50_000_000,
        style: Style::Netting,
        currency: Currency::Usd,
        zone: super::zone_of(exchange),
        margin_rate: 0.03,
        fees: Fees { open: fee, close: fee, close_today: fee, least: 0.0 },
        limit: 0.0,
        walk: Walk { price: 1.1, daily: 0.005, beta: 0.0, turnover: 1e9, queue: 1e6, gap: 1 },
    };
    Some(Instrument::new(symbol, exchange, (symbol, symbol), shape))
}

fn renamed(mut instrument: Instrument, symbol: &str) -> Instrument {
    instrument.symbol = symbol.into();
    instrument.vt_symbol = domain::VtSymbol::new(symbol, instrument.exchange);
    instrument.name_zh = symbol.into();
    instrument.name_en = symbol.into();
    instrument.path = symbol.into();
    instrument
}
