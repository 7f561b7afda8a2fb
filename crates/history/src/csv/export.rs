//! Bars out of the database, as VeighNa's data manager writes them.

use super::lines::quoted;
use super::moment::Times;
use super::{CsvError, Progress};
use crate::Database;
use crate::limits::PROGRESS_LINES;
use domain::{BarData, Civil, DateTime, Exchange, Interval, Text};
use std::io::{self, Write};

const HEADER: &str = "symbol,exchange,datetime,open,high,low,close,volume,turnover,open_interest";

/// What is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportOptions {
    /// Code of the instrument.
    pub symbol: Text,
    /// Its exchange.
    pub exchange: Exchange,
    /// Length of the bars.
    pub interval: Interval,
    /// First time wanted, as text: ISO 8601, in `zone` where it has no offset; `None` from the first bar on.
    pub start: Option<String>,
    /// Last time wanted, itself included; `None` up to the last bar.
    pub end: Option<String>,
    /// IANA name of the zone that times are written in.
    pub zone: String,
}

/// Writes the bars by time, with a first line that names the columns; answers how many. A time that the zone's clock
/// shows twice has its offset behind it where it is the second pass.
///
/// # Errors
/// [`CsvError`]: a bound or a zone that cannot be read, the output, the database.
pub fn export(
    database: &Database,
    output: &mut dyn Write,
    options: &ExportOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<u64, CsvError> {
    let times = Times::new(&options.zone, None)?;
    let start = bound(options.start.as_deref(), &times, (1, 1, 1), (0, 0, 0), 0)?;
    let end = bound(options.end.as_deref(), &times, (9999, 12, 31), (23, 59, 59), 999_999)?;
    let failed = |source| CsvError::Io { file: "the output".to_owned(), what: "written", source };
    let mut lines = 0;
    writeln!(output, "{HEADER}").map_err(failed)?;
    let range = (&start, &end);
    database.each_bar(&options.symbol, options.exchange, options.interval, range, |bar| {
        write(output, &bar, &times).map_err(failed)?;
        lines += 1;
        if lines % PROGRESS_LINES == 0 {
            progress(Progress { lines, ..Progress::default() });
        }
        Ok::<(), CsvError>(())
    })?;
    output.flush().map_err(failed)?;
    progress(Progress { lines, ..Progress::default() });
    Ok(lines)
}

/// A bound of the range; what is not given is beyond everything.
fn bound(
    text: Option<&str>,
    times: &Times,
    date: (i16, u8, u8),
    time: (u8, u8, u8),
    micro: u32,
) -> Result<DateTime, CsvError> {
    let Some(text) = text else {
        return Ok(DateTime::naive(Civil::new(date, time, micro).expect("a day of the calendar")));
    };
    times.read(text).map_err(CsvError::Range)
}

fn write(output: &mut dyn Write, bar: &BarData, times: &Times) -> io::Result<()> {
    let (symbol, exchange) = (quoted(&bar.symbol), bar.exchange);
    let at = times.write(&bar.datetime);
    // `Debug` of an f64 is the shortest text that is read as the same number, with a point as Python has it.
    writeln!(
        output,
        "{symbol},{exchange},{at},{:?},{:?},{:?},{:?},{:?},{:?},{:?}",
        bar.open_price, bar.high_price, bar.low_price, bar.close_price, bar.volume, bar.turnover, bar.open_interest
    )
}
