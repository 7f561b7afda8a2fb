//! Bars as a market: each becomes four states, at its open, its two extremes and its close.
//!
//! A bar is stamped with its end. Its book is made up, one level on each side a tick away from the price with a
//! twentieth of the bar's volume, since a bar knows no book: good enough to practise on, and said so here.

use super::cells::{CellFault, Cells, Columns};
use super::fault::{Fault, Kind};
use super::formats::{Running, day_so_far, whole};
use super::lines::Lines;
use super::{Frame, Tape};
use crate::instruments::{Instrument, Ix, Ticks, day_of};
use crate::market::{Book, Row, Snapshot};
use domain::VtSymbol;

const MINUTE_US: i64 = 60_000_000;

/// One row.
struct Bar {
    end_us: i64,
    prices: [Ticks; 4],
    volume: f64,
    turnover: f64,
    open_interest: f64,
}

pub(super) fn read(mut lines: Lines, columns: &Columns, named: Option<VtSymbol>, tape: &mut Tape) -> Result<(), Fault> {
    let Some(vt_symbol) = named else { return Err(lines.fault(None, Kind::Unnamed)) };
    let Some(ix) = tape.place(&vt_symbol) else {
        return Err(lines.fault(None, Kind::Unknown(vt_symbol.to_string())));
    };
    let mut bars: Vec<Bar> = Vec::new();
    while let Some(line) = lines.next()? {
        let cells: Vec<&str> = line.split(',').collect();
        let row = Cells { columns, cells: &cells };
        let before = bars.last().map(|bar| bar.end_us);
        let read = whole(&row, tape).and_then(|()| bar(&row, &tape.instruments[ix], before));
        match read {
            Ok(_) if tape.frames.len() + 4 * bars.len() >= crate::limits::RECORDING_ROWS => {
                return Err(lines.fault(None, Kind::Rows(crate::limits::RECORDING_ROWS)));
            }
            Ok(bar) => bars.push(bar),
            Err((place, kind)) => {
                let column = place.map(|place| (columns.names[place].as_str(), place + 1));
                return Err(lines.fault(column, kind));
            }
        }
    }
    if bars.is_empty() {
        return Err(lines.fault_at(lines.number().min(1), None, Kind::Empty));
    }
    let length_us = length(&bars);
    tape.longest_gap_us = tape.longest_gap_us.max(length_us);
    play(&bars, length_us, (ix, tape.instruments[ix].clone()), tape);
    Ok(())
}

fn bar(row: &Cells<'_>, instrument: &Instrument, before: Option<i64>) -> Result<Bar, CellFault> {
    let end_us = row.moment("datetime")?;
    if before.is_some_and(|before| end_us <= before) {
        return Err(row.fault("datetime", Kind::Order(row.text("datetime").to_owned())));
    }
    let mut prices = [0; 4];
    for (price, name) in prices.iter_mut().zip(["open", "high", "low", "close"]) {
        *price = row.needed_price(name, instrument)?;
    }
    let [open, high, low, close] = prices;
    if high < open.max(close) || low > open.min(close) {
        return Err(row.fault("high", Kind::Range));
    }
    let (volume, turnover) = (row.number("volume")?, row.number("turnover")?);
    Ok(Bar { end_us, prices, volume, turnover, open_interest: row.number("open_interest")? })
}

/// The bars' length: their smallest distance, a minute if there is only one.
fn length(bars: &[Bar]) -> i64 {
    bars.windows(2).map(|pair| pair[1].end_us - pair[0].end_us).min().unwrap_or(MINUTE_US)
}

fn play(bars: &[Bar], length_us: i64, of: (Ix, Instrument), tape: &mut Tape) {
    let (ix, instrument) = of;
    let mut running = Running::default();
    for bar in bars {
        let [open, high, low, close] = bar.prices;
        let (first, second) = if close >= open { (low, high) } else { (high, low) };
        let day = trading_day(bar.end_us - length_us);
        for (part, price) in [open, first, second, close].into_iter().enumerate() {
            // The close comes just before the end, so that it belongs to this bar and not to the next.
            let at_us = bar.end_us - length_us + (length_us - 1000) * part as i64 / 3;
            running.count(day, price);
            // The last quarter takes what rounding left.
            let until = (bar.volume * (part as f64 + 1.0) / 4.0).floor() - (bar.volume * part as f64 / 4.0).floor();
            running.volume += until;
            running.turnover += match bar.turnover {
                known if known > 0.0 => known / 4.0,
                _ => until * instrument.price(price) * instrument.size,
            };
            let snapshot = Snapshot {
                book: made_up_book(&instrument, price, bar.volume),
                last_volume: instrument.steps(until),
                open_interest: bar.open_interest,
                ..day_so_far(&running, at_us)
            };
            tape.frames.push(Frame { ix, day, snapshot });
        }
    }
}

fn made_up_book(instrument: &Instrument, price: Ticks, volume: f64) -> Book {
    let lots = instrument.steps(volume / 20.0) / instrument.lot;
    let volume = lots.max(1) * instrument.lot;
    let mut book = Book::default();
    if price > 1 {
        book.bids[0] = Row { price: price - 1, volume };
    }
    book.asks[0] = Row { price: price + 1, volume };
    book
}

/// The day that a moment is settled in: a night belongs to the next day, Friday's to Monday.
fn trading_day(at_us: i64) -> i64 {
    let day = day_of(at_us);
    // Day 0 was a Thursday.
    match (day + 3).rem_euclid(7) {
        5 => day + 2,
        6 => day + 1,
        _ => day,
    }
}
