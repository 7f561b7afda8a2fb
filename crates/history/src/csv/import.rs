//! A CSV file into the database: all of it, once all of it was read and found right.

use super::lines::{Lines, fields};
use super::moment::Times;
use super::{CsvError, Progress, source};
use crate::limits::PROGRESS_LINES;
use crate::stage::Stage;
use crate::{Database, Series};
use domain::{BarData, DateTime, Text};
use std::borrow::Cow;
use std::io::{BufRead, Read};
use std::path::Path;

/// Names of the columns. The defaults are those of VeighNa's data manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Beginning of the bar.
    pub datetime: String,
    /// First price.
    pub open: String,
    /// Highest price.
    pub high: String,
    /// Lowest price.
    pub low: String,
    /// Last price.
    pub close: String,
    /// Volume within the bar.
    pub volume: String,
    /// Turnover within the bar; `None`: `turnover` if there is such a column, and else 0.
    pub turnover: Option<String>,
    /// Open interest at the end; `None`: `open_interest` if there is such a column, and else 0.
    pub open_interest: Option<String>,
}

impl Default for Columns {
    fn default() -> Columns {
        let [datetime, open, high, low, close, volume] =
            ["datetime", "open", "high", "low", "close", "volume"].map(str::to_owned);
        Columns { datetime, open, high, low, close, volume, turnover: None, open_interest: None }
    }
}

/// What the file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportOptions {
    /// What they are bars of.
    pub series: Series,
    /// Names of the columns.
    pub columns: Columns,
    /// Form of the times as for `strptime`; `None` for ISO 8601, which `%Y-%m-%d %H:%M:%S` is a form of.
    pub time_format: Option<String>,
    /// IANA name of the zone of times that do not name an offset themselves.
    pub zone: String,
}

/// What was stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// Bars in the file.
    pub bars: u64,
    /// How many of them took the place of one of the same time in the database (or, if the same number by number, in the
    /// file).
    pub replaced: u64,
    /// Earliest of them, in the file's zone.
    pub start: DateTime,
    /// Latest of them.
    pub end: DateTime,
}

/// Stores all bars of a file, packed with gzip or not; `progress` is called now and then and at the end.
///
/// # Errors
/// [`CsvError`] for the first line that is not as it should be. Nothing of the file is stored then.
pub fn import_file(
    database: &mut Database,
    path: &Path,
    options: &ImportOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Imported, CsvError> {
    let failed = |source| CsvError::Io { file: path.display().to_string(), what: "opened", source };
    let file = std::fs::File::open(path).map_err(failed)?;
    let total = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len());
    let name = path.display().to_string();
    run(database, file, &name, options, &mut |done| progress(Progress { total, ..done }))
}

/// [`import_file`] from anywhere, for example a pipe.
///
/// # Errors
/// Those of [`import_file`].
pub fn import(
    database: &mut Database,
    input: impl Read,
    options: &ImportOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Imported, CsvError> {
    run(database, input, "the input", options, progress)
}

fn run(
    database: &mut Database,
    input: impl Read,
    name: &str,
    options: &ImportOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Imported, CsvError> {
    let series = &options.series;
    let interval = series.interval.ok_or(CsvError::Ticks)?;
    if !series.exchange.is_known() {
        return Err(CsvError::Exchange(series.exchange.to_string()));
    }
    let times = Times::new(&options.zone, options.time_format.as_deref())?;
    let failed = |source| CsvError::Io { file: name.to_owned(), what: "read", source };
    let (input, count) = source::open(input).map_err(failed)?;
    let mut lines = Lines::new(input);
    let reader = Reader { places: Places::find(&mut lines, name, &options.columns)?, times, options };
    let mut stage = Stage::begin(database, series, interval)?;
    let mut range: Option<(DateTime, DateTime)> = None;
    let mut bars = 0;
    while let Some(bar) = reader.next(&mut lines, name)? {
        if !stage.add(&bar)? {
            return Err(CsvError::at(lines.number(), twice(&bar)));
        }
        widen(&mut range, bar.datetime);
        bars += 1;
        if bars % PROGRESS_LINES == 0 {
            progress(Progress { lines: bars, bytes: count.get(), total: None });
        }
    }
    let (start, end) = range.ok_or(CsvError::NoBars)?;
    let new = stage.finish()?;
    progress(Progress { lines: bars, bytes: count.get(), total: None });
    Ok(Imported { bars, replaced: bars - new, start, end })
}

/// One of the two would be lost, and nobody could say which.
fn twice(bar: &BarData) -> String {
    format!(
        "an earlier line has other numbers for {}: are the bars of several instruments, or is it an hour that the clock \
         shows twice (then the times need their offset, and the database a zone like UTC)?",
        bar.datetime
    )
}

fn widen(range: &mut Option<(DateTime, DateTime)>, at: DateTime) {
    match range {
        None => *range = Some((at.clone(), at)),
        Some((start, end)) => {
            if at.unix_micros() < start.unix_micros() {
                *start = at;
            } else if at.unix_micros() > end.unix_micros() {
                *end = at;
            }
        }
    }
}

/// Which field of a line is what.
struct Places {
    /// How many fields a line has.
    fields: usize,
    datetime: usize,
    open: usize,
    high: usize,
    low: usize,
    close: usize,
    volume: usize,
    turnover: Option<usize>,
    open_interest: Option<usize>,
}

impl Places {
    fn find(lines: &mut Lines<impl BufRead>, file: &str, columns: &Columns) -> Result<Places, CsvError> {
        let header = lines.next(file)?.ok_or(CsvError::Empty)?;
        let names = fields(header).ok_or_else(|| CsvError::at(1, "a quote does not close"))?;
        let find = |name: &str| {
            let mut found = names.iter().enumerate().filter(|(_, present)| present.as_ref() == name);
            let place = found.next().map(|(place, _)| place);
            if found.next().is_some() { Err(CsvError::TwoColumns(name.to_owned())) } else { Ok(place) }
        };
        let need = |name: &str| {
            let missing = || CsvError::NoColumn { name: name.to_owned(), present: names.join(", ") };
            find(name)?.ok_or_else(missing)
        };
        let may = |given: &Option<String>, usual: &str| match given {
            Some(name) => need(name).map(Some),
            None => find(usual),
        };
        Ok(Places {
            fields: names.len(),
            datetime: need(&columns.datetime)?,
            open: need(&columns.open)?,
            high: need(&columns.high)?,
            low: need(&columns.low)?,
            close: need(&columns.close)?,
            volume: need(&columns.volume)?,
            turnover: may(&columns.turnover, "turnover")?,
            open_interest: may(&columns.open_interest, "open_interest")?,
        })
    }
}

/// Makes bars of lines.
struct Reader<'a> {
    places: Places,
    times: Times,
    options: &'a ImportOptions,
}

impl Reader<'_> {
    fn next(&self, lines: &mut Lines<impl BufRead>, file: &str) -> Result<Option<BarData>, CsvError> {
        let Some(line) = lines.next(file)? else { return Ok(None) };
        let bar = fields(line).ok_or_else(|| "a quote does not close".to_owned()).and_then(|fields| self.bar(&fields));
        bar.map(Some).map_err(|why| CsvError::at(lines.number(), why))
    }

    fn bar(&self, fields: &[Cow<'_, str>]) -> Result<BarData, String> {
        let places = &self.places;
        let is_whole = fields.len() >= places.fields && fields[places.fields..].iter().all(|field| field.is_empty());
        if !is_whole {
            return Err(format!("it has {} fields, the first line has {}", fields.len(), places.fields));
        }
        let columns = &self.options.columns;
        let may = |place: Option<usize>, name: &str| place.map_or(Ok(0.0), |place| number(&fields[place], name));
        Ok(BarData {
            gateway_name: Text::const_new(crate::bars::SOURCE),
            symbol: self.options.series.symbol.clone(),
            exchange: self.options.series.exchange,
            datetime: self.times.read(&fields[places.datetime])?,
            interval: self.options.series.interval,
            volume: number(&fields[places.volume], &columns.volume)?,
            turnover: may(places.turnover, columns.turnover.as_deref().unwrap_or("turnover"))?,
            open_interest: may(places.open_interest, columns.open_interest.as_deref().unwrap_or("open_interest"))?,
            open_price: number(&fields[places.open], &columns.open)?,
            high_price: number(&fields[places.high], &columns.high)?,
            low_price: number(&fields[places.low], &columns.low)?,
            close_price: number(&fields[places.close], &columns.close)?,
        })
    }
}

fn number(text: &str, column: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| format!("{column} is {text:?}, which is no number"))
}
