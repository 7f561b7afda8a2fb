//! From rows to market states, one function per format.

use super::bars;
use super::cells::{CellFault, Cells, Columns, in_shanghai};
use super::fault::{Fault, Kind};
use super::lines::Lines;
use super::{Frame, Tape, guess_exchange};
use crate::instruments::{Instrument, Ix, Steps};
use crate::limits::RECORDING_ROWS;
use crate::market::{Book, Row, Snapshot};
use domain::{DEPTH, Exchange, VtSymbol};
use rustc_hash::FxHashMap;
use std::path::Path;

const DAY_US: i64 = 86_400_000_000;
/// What a currency quote without sizes is taken to be good for, in units.
const FX_SIZE: f64 = 1_000_000.0;

/// Formats, by their headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Ctp,
    Depth,
    Fx,
    Bars,
}

/// Running figures of one instrument's day, for formats that do not carry them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Running {
    pub(super) day: i64,
    pub(super) open: i64,
    pub(super) high: i64,
    pub(super) low: i64,
    pub(super) pre_close: i64,
    pub(super) last: i64,
    pub(super) volume: f64,
    pub(super) turnover: f64,
    pub(super) at_us: i64,
}

impl Running {
    /// Counts a price of that day in.
    pub(super) fn count(&mut self, day: i64, price: i64) {
        if self.day != day || self.open == 0 {
            let pre_close = if self.last > 0 { self.last } else { price };
            *self = Running { day, open: price, high: price, low: price, pre_close, at_us: self.at_us, ..*self };
            self.volume = 0.0;
            self.turnover = 0.0;
        }
        self.high = self.high.max(price);
        self.low = self.low.min(price);
        self.last = price;
    }
}

/// Reads one file onto the tape.
pub(super) fn read(path: &Path, named: Option<VtSymbol>, tape: &mut Tape) -> Result<(), Fault> {
    let mut lines = Lines::open(path)?;
    let header = lines.next()?.map(str::to_owned);
    let Some(header) = header else { return Err(lines.fault_at(0, None, Kind::Empty)) };
    let columns = Columns::new(&header);
    let Some(format) = recognise(&columns) else {
        let shown: String = header.chars().take(120).collect();
        return Err(lines.fault(None, Kind::Header(shown)));
    };
    if format == Format::Bars {
        return bars::read(lines, &columns, named, tape);
    }
    let mut running: FxHashMap<Ix, Running> = FxHashMap::default();
    let before = tape.frames.len();
    while let Some(line) = lines.next()? {
        let cells: Vec<&str> = line.split(',').collect();
        let row = Cells { columns: &columns, cells: &cells };
        let made = whole(&row, tape)
            .and_then(|()| place(&row, format, named.as_ref(), tape))
            .and_then(|ix| frame(&row, format, (ix, &tape.instruments[ix]), running.entry(ix).or_default()));
        match made {
            Ok(frame) => tape.frames.push(frame),
            Err((place, kind)) => {
                let column = place.map(|place| (columns.names[place].as_str(), place + 1));
                return Err(lines.fault(column, kind));
            }
        }
    }
    if tape.frames.len() == before { Err(lines.fault_at(0, None, Kind::Empty)) } else { Ok(()) }
}

fn recognise(columns: &Columns) -> Option<Format> {
    let ctp = ["TradingDay", "UpdateTime", "UpdateMillisec", "InstrumentID", "LastPrice", "Volume"];
    let top = ["BidPrice1", "BidVolume1", "AskPrice1", "AskVolume1"];
    if columns.has(&ctp) && columns.has(&top) {
        return Some(Format::Ctp);
    }
    let depth = ["bid_price_1", "bid_volume_1", "ask_price_1", "ask_volume_1"];
    if columns.has(&["exch_ts_ms", "symbol", "last_price"]) && columns.has(&depth) {
        return Some(Format::Depth);
    }
    if columns.has(&["ts_utc", "bid", "ask"]) {
        return Some(Format::Fx);
    }
    columns.has(&["datetime", "open", "high", "low", "close", "volume"]).then_some(Format::Bars)
}

/// As many cells as the header, and room for one more row.
pub(super) fn whole(row: &Cells<'_>, tape: &Tape) -> Result<(), CellFault> {
    let (wanted, found) = (row.columns.names.len(), row.cells.len());
    if wanted != found {
        return Err((None, Kind::Cells(wanted, found)));
    }
    if tape.is_full() { Err((None, Kind::Rows(RECORDING_ROWS))) } else { Ok(()) }
}

fn place(row: &Cells<'_>, format: Format, named: Option<&VtSymbol>, tape: &mut Tape) -> Result<Ix, CellFault> {
    let (column, exchange) = match format {
        Format::Ctp => ("InstrumentID", row.text("ExchangeID")),
        Format::Depth | Format::Fx | Format::Bars => ("symbol", ""),
    };
    let symbol = row.text(column);
    let own = || {
        let exchange = Exchange::from_name(exchange).or_else(|| guess_exchange(symbol))?;
        (!symbol.is_empty()).then(|| VtSymbol::new(symbol, exchange))
    };
    let Some(vt_symbol) = own().or_else(|| named.cloned()) else { return Err(row.fault(column, Kind::Unnamed)) };
    tape.place(&vt_symbol).ok_or_else(|| row.fault(column, Kind::Unknown(vt_symbol.to_string())))
}

fn frame(row: &Cells<'_>, format: Format, of: (Ix, &Instrument), running: &mut Running) -> Result<Frame, CellFault> {
    let (ix, instrument) = of;
    let (time_column, at_us) = match format {
        Format::Ctp => {
            let action = if row.text("ActionDay").is_empty() { "TradingDay" } else { "ActionDay" };
            let of_day = row.clock("UpdateTime")? + (row.number("UpdateMillisec")? as i64).min(999) * 1000;
            ("UpdateTime", in_shanghai(row.compact_day(action)?, of_day))
        }
        Format::Depth => ("exch_ts_ms", row.unix_ms("exch_ts_ms")?),
        Format::Fx | Format::Bars => ("ts_utc", row.moment("ts_utc")?),
    };
    if at_us < running.at_us {
        return Err(row.fault(time_column, Kind::Order(row.text(time_column).to_owned())));
    }
    running.at_us = at_us;
    match format {
        Format::Ctp => ctp(row, (ix, instrument), running, at_us),
        Format::Depth => depth(row, (ix, instrument), running, at_us),
        Format::Fx | Format::Bars => fx(row, (ix, instrument), running, at_us),
    }
}

fn ctp(row: &Cells<'_>, of: (Ix, &Instrument), running: &mut Running, at_us: i64) -> Result<Frame, CellFault> {
    let (ix, instrument) = of;
    let day = row.compact_day("TradingDay")?;
    let last = row.price("LastPrice", instrument)?;
    let volume = row.number("Volume")?;
    if running.day == day && volume < running.volume {
        return Err(row.fault("Volume", Kind::VolumeFalls(row.text("Volume").to_owned())));
    }
    let fresh = if running.day == day { volume - running.volume } else { volume };
    (running.day, running.volume) = (day, volume);
    let pre_close = match row.price("PreClosePrice", instrument)? {
        0 => row.limit("PreSettlementPrice", instrument)?,
        ticks => ticks,
    };
    let snapshot = Snapshot {
        at_us,
        book: book(row, instrument, ("BidPrice", "BidVolume", "AskPrice", "AskVolume"))?,
        last,
        last_volume: instrument.steps(fresh),
        volume,
        turnover: row.number("Turnover").map(|sum| if sum > 1e300 { 0.0 } else { sum })?,
        open_interest: row.number("OpenInterest")?,
        open: row.price("OpenPrice", instrument)?,
        high: row.price("HighestPrice", instrument)?,
        low: row.price("LowestPrice", instrument)?,
        pre_close,
        limit_up: row.limit("UpperLimitPrice", instrument)?,
        limit_down: row.limit("LowerLimitPrice", instrument)?,
    };
    Ok(Frame { ix, day, snapshot })
}

fn depth(row: &Cells<'_>, of: (Ix, &Instrument), running: &mut Running, at_us: i64) -> Result<Frame, CellFault> {
    let (ix, instrument) = of;
    let day = at_us.div_euclid(DAY_US);
    let (last, volume) = (row.needed_price("last_price", instrument)?, row.number("volume")?);
    let known = running.volume;
    running.count(day, last);
    // The file counts on over midnight, so only its own falls are faults.
    if volume < known {
        return Err(row.fault("volume", Kind::VolumeFalls(row.text("volume").to_owned())));
    }
    running.volume = volume;
    let snapshot = Snapshot {
        book: book(row, instrument, ("bid_price_", "bid_volume_", "ask_price_", "ask_volume_"))?,
        last_volume: instrument.steps(volume - known),
        volume,
        turnover: row.number("turnover")?,
        ..day_so_far(running, at_us)
    };
    Ok(Frame { ix, day, snapshot })
}

/// A quote without trades: the last price is the middle, to the nearest tick.
fn fx(row: &Cells<'_>, of: (Ix, &Instrument), running: &mut Running, at_us: i64) -> Result<Frame, CellFault> {
    let (ix, instrument) = of;
    let day = at_us.div_euclid(DAY_US);
    let (bid, ask) = (row.needed_price("bid", instrument)?, row.needed_price("ask", instrument)?);
    running.count(day, (bid + ask) / 2);
    let size = instrument.steps(FX_SIZE);
    let mut book = Book::default();
    if bid < ask {
        book.bids[0] = Row { price: bid, volume: size };
        book.asks[0] = Row { price: ask, volume: size };
    }
    Ok(Frame { ix, day, snapshot: Snapshot { book, ..day_so_far(running, at_us) } })
}

/// A state without a book, of what has been counted.
pub(super) fn day_so_far(running: &Running, at_us: i64) -> Snapshot {
    Snapshot {
        at_us,
        last: running.last,
        volume: running.volume,
        turnover: running.turnover,
        open: running.open,
        high: running.high,
        low: running.low,
        pre_close: running.pre_close,
        ..Snapshot::default()
    }
}

/// The levels that the row has. A crossed or touching book is an auction's: nothing can be had from it.
fn book(row: &Cells<'_>, instrument: &Instrument, names: (&str, &str, &str, &str)) -> Result<Book, CellFault> {
    let side = |price: &str, volume: &str| -> Result<[Row; DEPTH], CellFault> {
        let mut rows = [Row::default(); DEPTH];
        let mut count = 0;
        for level in 1..=DEPTH {
            let ticks = row.price(&format!("{price}{level}"), instrument)?;
            let steps: Steps = instrument.steps(row.number(&format!("{volume}{level}"))?.min(1e12));
            if ticks > 0 && steps > 0 {
                rows[count] = Row { price: ticks, volume: steps };
                count += 1;
            }
        }
        Ok(rows)
    };
    let book = Book { bids: side(names.0, names.1)?, asks: side(names.2, names.3)? };
    match (book.bid(), book.ask()) {
        (Some(bid), Some(ask)) if bid >= ask => Ok(Book::default()),
        _ => Ok(book),
    }
}
