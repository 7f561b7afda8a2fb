//! A CSV file into the database: all of it, once all of it was read and found right.

use super::bar_lines::{BarLines, Columns};
use super::header::Header;
use super::lines::{Lines, fields};
use super::moment::Times;
use super::tick_lines::TickLines;
use super::{CsvError, Progress, source};
use crate::limits::PROGRESS_LINES;
use crate::stage::{Row, Stage};
use crate::{Database, Series};
use domain::DateTime;
use std::io::{BufRead, Read};
use std::path::Path;

/// What the file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportOptions {
    /// What they are bars or ticks of.
    pub series: Series,
    /// Names of the columns; of ticks only that of the time.
    pub columns: Columns,
    /// Names of other columns of ticks, as field and column; the rest is called as in the database.
    pub renamed: Vec<(String, String)>,
    /// Form of the times as for `strptime`; `None` for ISO 8601, which `%Y-%m-%d %H:%M:%S` is a form of.
    pub time_format: Option<String>,
    /// IANA name of the zone of times that do not name an offset themselves.
    pub zone: String,
}

/// What was stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// Bars or ticks in the file.
    pub rows: u64,
    /// How many of them took the place of one of the same time in the database (or, if the same number by number, in the
    /// file).
    pub replaced: u64,
    /// Earliest of them, in the file's zone.
    pub start: DateTime,
    /// Latest of them.
    pub end: DateTime,
}

/// Stores all bars or ticks of a file, packed with gzip or not; `progress` is called now and then and at the end. Of two
/// ticks of one time the later line stays, as in VeighNa; two such bars are an error.
///
/// # Errors
/// [`CsvError`] for the first line that is not as it should be: nothing of the file is stored then.
/// [`CsvError::Partly`] where the database failed on the way: the earliest rows are stored, and to import the file again is
/// all that it takes.
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
    if !series.exchange.is_known() {
        return Err(CsvError::Exchange(series.exchange.to_string()));
    }
    let times = Times::new(&options.zone, options.time_format.as_deref())?;
    let failed = |source| CsvError::Io { file: name.to_owned(), what: "read", source };
    let (input, count) = source::open(input).map_err(failed)?;
    let mut lines = Lines::new(input);
    let reader = Reader::find(&mut lines, name, options, times)?;
    let mut stage = Stage::begin(database, series)?;
    let mut range: Option<(DateTime, DateTime)> = None;
    let mut rows = 0;
    while let Some(row) = reader.next(&mut lines, name)? {
        let at = row.at.clone();
        if !stage.add(row)? {
            return Err(CsvError::at(lines.number(), twice(&at)));
        }
        widen(&mut range, at);
        rows += 1;
        if rows % PROGRESS_LINES == 0 {
            progress(Progress { lines: rows, bytes: count.get(), ..Progress::default() });
        }
    }
    let (start, end) = range.ok_or(CsvError::NoRows)?;
    let read = Progress { lines: rows, bytes: count.get(), ..Progress::default() };
    progress(read);
    let stored = stage.finish(&mut |stored| progress(Progress { stored: Some(stored.rows), ..read }));
    let stored = stored.map_err(|(stored, source)| match stored.rows {
        0 => CsvError::Database(source),
        stored => CsvError::Partly { stored, rows, source },
    })?;
    Ok(Imported { rows, replaced: rows - stored.new, start, end })
}

/// One of the two would be lost, and nobody could say which.
fn twice(at: &DateTime) -> String {
    format!(
        "an earlier line has other numbers for {at}: are the bars of several instruments, or is it an hour that the clock \
         shows twice (then the times need their offset, and the database a zone like UTC)?"
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

/// Makes rows of lines.
struct Reader<'a> {
    /// How many fields a line has.
    fields: usize,
    kind: Kind<'a>,
    times: Times,
}

enum Kind<'a> {
    Bars(BarLines<'a>),
    Ticks(TickLines<'a>),
}

impl<'a> Reader<'a> {
    fn find(
        lines: &mut Lines<impl BufRead>,
        file: &str,
        options: &'a ImportOptions,
        times: Times,
    ) -> Result<Reader<'a>, CsvError> {
        let header = Header::read(lines, file)?;
        let kind = match options.series.interval {
            Some(_) => Kind::Bars(BarLines::find(&header, &options.columns)?),
            None => Kind::Ticks(TickLines::find(&header, &options.columns.datetime, &options.renamed)?),
        };
        Ok(Reader { fields: header.len(), kind, times })
    }

    fn next(&self, lines: &mut Lines<impl BufRead>, file: &str) -> Result<Option<Row>, CsvError> {
        let Some(line) = lines.next(file)? else { return Ok(None) };
        let row = self.row(line);
        row.map(Some).map_err(|why| CsvError::at(lines.number(), why))
    }

    fn row(&self, line: &str) -> Result<Row, String> {
        let fields = fields(line).ok_or_else(|| "a quote does not close".to_owned())?;
        // Some programs end each line but the first with a comma.
        let is_whole = fields.len() >= self.fields && fields[self.fields..].iter().all(|field| field.is_empty());
        if !is_whole {
            return Err(format!("it has {} fields, the first line has {}", fields.len(), self.fields));
        }
        match &self.kind {
            Kind::Bars(bars) => bars.row(&fields, &self.times),
            Kind::Ticks(ticks) => ticks.row(&fields, &self.times),
        }
    }
}
