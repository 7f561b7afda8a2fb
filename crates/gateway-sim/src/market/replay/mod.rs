//! Recordings that are played again: read and checked whole at the login, then told by the clock.
//!
//! A file's format is known by its header: CTP-style ticks, five-level books, currency quotes, bars. `lines` reads
//! text, `formats` makes market states of rows, `player` tells them in time. A file that is broken, out of order
//! or of another shape is refused with its line and column before anything of it is played.

mod bars;
mod cells;
mod fault;
mod formats;
mod lines;
mod player;

pub(crate) use fault::Fault;
pub(crate) use player::{Event, Player};

use super::Snapshot;
use crate::instruments::{Instrument, Ix, derive, future_exchange, spot_exchange};
use crate::limits::{INSTRUMENTS, RECORDING_ROWS};
use domain::{Exchange, VtSymbol};
use std::path::Path;

/// One state of one instrument, with the trading day that it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) ix: Ix,
    pub(crate) day: i64,
    pub(crate) snapshot: Snapshot,
}

/// All recordings together, in order of time.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    pub(crate) instruments: Vec<Instrument>,
    pub(crate) frames: Vec<Frame>,
    /// Longest silence that is played; a longer one is shortened to it.
    pub(crate) longest_gap_us: i64,
    /// When it is read; tells which decade a code with one year digit is of.
    read_us: i64,
}

/// Silence between two frames that is played as it was.
const USUAL_GAP_US: i64 = 60_000_000;

impl Tape {
    /// Reads all files; each is a path, or `symbol.EXCHANGE=path` where the file itself does not say what it is of.
    pub(crate) fn read(recordings: &[String], now_us: i64) -> Result<Tape, Fault> {
        let mut tape = Tape { longest_gap_us: USUAL_GAP_US, read_us: now_us, ..Tape::default() };
        for recording in recordings {
            let (named, path) = split(recording);
            formats::read(Path::new(path), named.or_else(|| from_file_name(path)), &mut tape)?;
        }
        tape.frames.sort_by_key(|frame| frame.snapshot.at_us);
        Ok(tape)
    }

    /// The place of an instrument on the tape, which is made if there is a rule for its code.
    fn place(&mut self, vt_symbol: &VtSymbol) -> Option<Ix> {
        if let Some(ix) = self.instruments.iter().position(|instrument| instrument.vt_symbol == *vt_symbol) {
            return Some(ix);
        }
        let (symbol, exchange) = vt_symbol.split().filter(|_| self.instruments.len() < INSTRUMENTS)?;
        let mut instrument = derive(symbol, exchange, self.read_us)?;
        // A recorded contract ended long ago; on tape it lives on.
        instrument.expiry_us = None;
        self.instruments.push(instrument);
        Some(self.instruments.len() - 1)
    }

    fn is_full(&self) -> bool {
        self.frames.len() >= RECORDING_ROWS
    }
}

fn split(recording: &str) -> (Option<VtSymbol>, &str) {
    if let Some((left, path)) = recording.split_once('=') {
        let vt_symbol = VtSymbol::from(left.trim());
        if vt_symbol.split().is_some_and(|(symbol, _)| !symbol.is_empty() && !symbol.contains(['/', '\\'])) {
            return (Some(vt_symbol), path.trim());
        }
    }
    (None, recording)
}

/// `shfe_rb2401_1m.csv.gz` is of rb2401.SHFE; `fx_…` and `binance_…` are IDEALPRO's and GLOBAL's.
fn from_file_name(path: &str) -> Option<VtSymbol> {
    let name = Path::new(path).file_name()?.to_str()?;
    let mut words = name.split(['_', '.']);
    let (exchange, symbol) = (words.next()?, words.next()?);
    let exchange = match exchange {
        "fx" => Exchange::from_name("IDEALPRO")?,
        "binance" => Exchange::GLOBAL,
        other => Exchange::from_name(&other.to_ascii_uppercase()).filter(|exchange| exchange.is_known())?,
    };
    Some(VtSymbol::new(symbol, exchange))
}

/// The exchange that lists a code, where the recording does not name it.
fn guess_exchange(symbol: &str) -> Option<Exchange> {
    future_exchange(symbol).or_else(|| spot_exchange(symbol))
}

#[cfg(test)]
mod tests;
