//! `webtrader data`: what a user sees of importing, exporting, listing and deleting bars and ticks; `history` does the work.
//!
//! Results go to standard output; progress, questions and what went wrong to standard error.

use crate::data_args::{DataAction, DataOptions, DeleteArgs, ExportArgs, ImportArgs, Store};
use anyhow::{Context, bail};
use history::Series;
use history::csv::{CsvError, ExportOptions, ImportOptions, Progress, export, export_file, import, import_file};
use std::io::{self, BufRead, BufWriter, IsTerminal, Write};

pub(crate) fn run(options: &DataOptions) -> anyhow::Result<()> {
    let store = &options.store;
    match &options.action {
        DataAction::Import(args) => take_in(store, args),
        DataAction::Export(args) => give_out(store, args),
        DataAction::List { json } => list(store, *json),
        DataAction::Delete(args) => delete(store, args),
    }
}

fn take_in(store: &Store, args: &ImportArgs) -> anyhow::Result<()> {
    let series = Series::parse(&args.vt_symbol, &args.interval)?;
    let options = ImportOptions {
        series: series.clone(),
        columns: (&args.columns).into(),
        renamed: args.renamed.clone(),
        time_format: args.time_format.clone(),
        zone: args.zone.clone(),
    };
    let mut meter = Meter::new();
    let mut show = |progress| meter.show(progress);
    let imported = if args.file.as_os_str() == "-" {
        import(&mut store.make()?, io::stdin().lock(), &options, &mut show)
    } else {
        // A wrong name should not make a database.
        let found = std::fs::metadata(&args.file);
        found.with_context(|| format!("{} cannot be read", args.file.display()))?;
        import_file(&mut store.make()?, &args.file, &options, &mut show)
    };
    drop(meter);
    let imported = match imported {
        Err(error @ CsvError::Partly { .. }) => return Err(error).context(args.file.display().to_string()),
        imported => imported.with_context(|| format!("nothing of {} was stored", args.file.display()))?,
    };
    let replaced = match imported.replaced {
        0 => String::new(),
        replaced => format!(", {replaced} of them in the place of one of the same time"),
    };
    let (rows, what, start, end) = (imported.rows, noun(&series), imported.start, imported.end);
    say(&format!("{series}: {rows} {what} stored{replaced}, {start} to {end}, in {}", store.path().display()))
}

fn give_out(store: &Store, args: &ExportArgs) -> anyhow::Result<()> {
    let series = Series::parse(&args.vt_symbol, &args.interval)?;
    let database = store.open()?;
    let options = ExportOptions {
        series: series.clone(),
        start: args.from.clone(),
        end: args.to.clone(),
        zone: args.zone.clone(),
    };
    let Some(file) = &args.file else {
        // No meter: it would stand between the lines.
        let mut output = BufWriter::new(io::stdout().lock());
        match export(&database, &mut output, &options, &mut |_| ()) {
            Err(CsvError::Io { source, .. }) if source.kind() == io::ErrorKind::BrokenPipe => {}
            rows => eprintln!("{series}: {} {} written", rows?, noun(&series)),
        }
        return Ok(());
    };
    let mut meter = Meter::new();
    let rows = export_file(&database, file, &options, &mut |progress| meter.show(progress));
    drop(meter);
    say(&format!("{series}: {} {} written to {}", rows?, noun(&series), file.display()))
}

fn noun(series: &Series) -> &'static str {
    if series.interval.is_some() { "bars" } else { "ticks" }
}

fn list(store: &Store, is_json: bool) -> anyhow::Result<()> {
    let listing = store.open()?.listing()?;
    say(&if is_json { listing.json() } else { listing.table() })
}

fn delete(store: &Store, args: &DeleteArgs) -> anyhow::Result<()> {
    let series = Series::parse(&args.vt_symbol, &args.interval)?;
    let mut database = store.open()?;
    let rows = database.count(&series)?;
    if rows == 0 {
        bail!("there is nothing of {series} in {}", store.path().display());
    }
    if !args.yes && !agreed(&series, rows)? {
        bail!("nothing was removed");
    }
    let removed = database.delete(&series)?;
    say(&format!("{series}: {removed} rows removed from {}", store.path().display()))
}

fn agreed(series: &Series, rows: u64) -> anyhow::Result<bool> {
    let input = io::stdin();
    if !input.is_terminal() {
        bail!("{rows} rows of {series} would be removed; say --yes");
    }
    eprint!("Remove {rows} rows of {series}? Type yes: ");
    let mut answer = String::new();
    input.lock().read_line(&mut answer).context("the answer could not be read")?;
    Ok(answer.trim() == "yes")
}

/// A line of the result; a reader who has gone (`| head`) is no error.
fn say(text: &str) -> anyhow::Result<()> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output"),
    }
}

/// One line on a terminal that says how far it is; nothing elsewhere.
struct Meter {
    is_terminal: bool,
}

impl Meter {
    fn new() -> Meter {
        Meter { is_terminal: io::stderr().is_terminal() }
    }

    fn show(&mut self, progress: Progress) {
        if !self.is_terminal {
            return;
        }
        if let Some(stored) = progress.stored {
            return eprint!("\r\x1b[K{stored} of {} rows stored", progress.lines);
        }
        let percent = progress.total.filter(|total| *total > 0).map(|total| progress.bytes.min(total) * 100 / total);
        let percent = percent.map(|percent| format!(", {percent} %")).unwrap_or_default();
        eprint!("\r\x1b[K{} lines{percent}", progress.lines);
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if self.is_terminal {
            eprint!("\r\x1b[K");
        }
    }
}
