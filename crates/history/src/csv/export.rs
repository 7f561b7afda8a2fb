//! Bars out of the database, as VeighNa's data manager writes them, and ticks with the names of the database's columns.

use super::lines::quoted;
use super::moment::Times;
use super::{CsvError, Progress, tick_lines};
use crate::limits::PROGRESS_LINES;
use crate::{Database, Series};
use domain::{BarData, Civil, DateTime};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

const HEADER: &str = "symbol,exchange,datetime,open,high,low,close,volume,turnover,open_interest";

/// What is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportOptions {
    /// What they are bars or ticks of.
    pub series: Series,
    /// First time wanted, as text: ISO 8601, in `zone` where it has no offset; `None` from the first bar on.
    pub start: Option<String>,
    /// Last time wanted, itself included; `None` up to the last bar.
    pub end: Option<String>,
    /// IANA name of the zone that times are written in.
    pub zone: String,
}

/// Writes the rows by time, with a first line that names the columns; answers how many. A time that the zone's clock
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
    let mut counted = |written: io::Result<()>| {
        written.map_err(failed)?;
        lines += 1;
        if lines % PROGRESS_LINES == 0 {
            progress(Progress { lines, ..Progress::default() });
        }
        Ok::<(), CsvError>(())
    };
    let Series { symbol, exchange, interval } = &options.series;
    let range = (&start, &end);
    if let Some(interval) = *interval {
        writeln!(output, "{HEADER}").map_err(failed)?;
        database.each_bar(symbol, *exchange, interval, range, |bar| counted(write(output, &bar, &times)))?;
    } else {
        writeln!(output, "{}", tick_lines::header()).map_err(failed)?;
        database.each_tick(symbol, *exchange, range, |tick| counted(tick_lines::write(output, &tick, &times)))?;
    }
    output.flush().map_err(failed)?;
    progress(Progress { lines, ..Progress::default() });
    Ok(lines)
}

/// [`export`] into a file, packed with gzip where its name ends in `.gz`. The file appears when it is whole; one that was
/// there is replaced.
///
/// # Errors
/// Those of [`export`], and [`CsvError::NoSuchRows`] where there are none: no file is made then.
pub fn export_file(
    database: &Database,
    path: &Path,
    options: &ExportOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<u64, CsvError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let failed = |source| CsvError::Io { file: path.display().to_string(), what: "written", source };
    let written = write_file(database, &part, path, options, progress).and_then(|lines| match lines {
        0 => Err(CsvError::NoSuchRows(options.series.to_string())),
        lines => std::fs::rename(&part, path).map(|()| lines).map_err(failed),
    });
    if written.is_err() {
        // It may not even have been made; the first error is the one to tell.
        let _ = std::fs::remove_file(&part);
    }
    written
}

fn write_file(
    database: &Database,
    part: &Path,
    path: &Path,
    options: &ExportOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<u64, CsvError> {
    let failed = |source| CsvError::Io { file: path.display().to_string(), what: "written", source };
    let file = File::create(part).map_err(failed)?;
    if path.extension().is_some_and(|extension| extension == "gz") {
        let mut packed = GzEncoder::new(file, Compression::default());
        let lines = export(database, &mut BufWriter::new(&mut packed), options, progress)?;
        packed.finish().and_then(|file| file.sync_all()).map_err(failed)?;
        return Ok(lines);
    }
    let lines = export(database, &mut BufWriter::new(&file), options, progress)?;
    file.sync_all().map_err(failed)?;
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
