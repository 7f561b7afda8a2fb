//! What a database has, for reading: a table, or JSON.

use crate::{Database, HistoryError};
use domain::{DateTime, Exchange, Text, VtSymbol};
use serde::Serialize;
use std::fmt::Write;

/// One instrument's bars of one interval, or its ticks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// `symbol.exchange`.
    pub vt_symbol: VtSymbol,
    /// Code on its exchange.
    pub symbol: Text,
    /// Exchange, by its value.
    pub exchange: String,
    /// `1m`, `1h`, `d`, `w`, or `tick`.
    pub interval: &'static str,
    /// How many.
    pub count: u64,
    /// Time of the first, RFC 3339.
    pub start: String,
    /// Time of the last, RFC 3339.
    pub end: String,
}

/// All that a database has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    entries: Vec<Entry>,
    zone: String,
}

impl Database {
    /// All that is here: bars by symbol, then ticks by symbol.
    ///
    /// # Errors
    /// Those of [`Database::bar_overviews`].
    pub fn listing(&self) -> Result<Listing, HistoryError> {
        let bars = self.bar_overviews()?;
        let ticks = self.tick_overviews()?;
        let bars = bars.into_iter().map(|row| {
            let interval = crate::series::value(row.interval);
            entry(row.symbol, row.exchange, interval, row.count, (&row.start, &row.end))
        });
        let ticks =
            ticks.into_iter().map(|row| entry(row.symbol, row.exchange, "tick", row.count, (&row.start, &row.end)));
        Ok(Listing { entries: bars.chain(ticks).collect(), zone: self.zone().to_owned() })
    }
}

fn entry(
    symbol: Text,
    exchange: Exchange,
    interval: &'static str,
    count: u64,
    (start, end): (&DateTime, &DateTime),
) -> Entry {
    let (vt_symbol, exchange) = (VtSymbol::new(&symbol, exchange), exchange.value().to_owned());
    Entry { vt_symbol, symbol, exchange, interval, count, start: start.rfc3339(), end: end.rfc3339() }
}

impl Listing {
    /// The entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// An array of objects, one line each.
    pub fn json(&self) -> String {
        let entry = |entry| serde_json::to_string(entry).expect("texts and numbers are always JSON");
        let entries: Vec<String> = self.entries.iter().map(entry).collect();
        if entries.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", entries.join(",\n")) }
    }

    /// A table, with the zone of its times in the last line.
    pub fn table(&self) -> String {
        if self.entries.is_empty() {
            return "nothing is stored yet".to_owned();
        }
        let titles = ["symbol", "exchange", "interval", "count", "start", "end"].map(str::to_owned);
        let rows: Vec<[String; 6]> = std::iter::once(titles).chain(self.entries.iter().map(Entry::cells)).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        let widths: [usize; 6] = std::array::from_fn(width);
        let mut table = String::new();
        for row in &rows {
            for (column, cell) in row.iter().enumerate() {
                let room = widths[column] - cell.chars().count();
                // Numbers stand under each other at their right ends.
                let (left, right) = if column == 3 { (room, 0) } else { (0, room) };
                let _ = write!(table, "{:left$}{cell}{:right$}  ", "", "");
            }
            table.truncate(table.trim_end().len());
            table.push('\n');
        }
        let _ = write!(table, "times are of {}", self.zone);
        table
    }
}

impl Entry {
    fn cells(&self) -> [String; 6] {
        // Without the offset, which the zone in the last line stands for.
        let short = |time: &str| time.get(..19).unwrap_or(time).replace('T', " ");
        [
            self.symbol.to_string(),
            self.exchange.clone(),
            self.interval.to_owned(),
            self.count.to_string(),
            short(&self.start),
            short(&self.end),
        ]
    }
}
