//! Arguments of `webtrader data`.

use crate::cli::State;
use anyhow::Context;
use clap::{Args, Subcommand};
use history::Database;
use history::csv::Columns;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct DataOptions {
    #[command(flatten)]
    pub(crate) store: Store,
    #[command(subcommand)]
    pub(crate) action: DataAction,
}

#[derive(Debug, Args)]
pub(crate) struct Store {
    #[command(flatten)]
    pub(crate) state: State,
    /// The database; without it `database.db` in the state folder. It may be VeighNa's own,
    /// `.vntrader/database.db`, also while VeighNa runs.
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) database: Option<PathBuf>,
    /// Time zone of the times in the database, as VeighNa's setting `database.timezone`; without it the system's.
    #[arg(long, value_name = "ZONE", global = true)]
    pub(crate) database_zone: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DataAction {
    /// Store the bars or ticks of a CSV file, all or, if one line is wrong, none; those of the same time are replaced.
    Import(ImportArgs),
    /// Write bars as CSV, as VeighNa's data manager does, or ticks.
    Export(ExportArgs),
    /// List what there is.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Remove all bars of one interval, or all ticks, of an instrument.
    Delete(DeleteArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// CSV file, plain or gz, whose first line names the columns; `-` for standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Instrument, for example rb2401.SHFE.
    #[arg(value_name = "SYMBOL.EXCHANGE")]
    pub(crate) vt_symbol: String,
    /// Length of the bars, or `tick`.
    #[arg(value_name = "INTERVAL", value_parser = ["1m", "1h", "d", "w", "tick"])]
    pub(crate) interval: String,
    #[command(flatten)]
    pub(crate) columns: ColumnNames,
    /// Name of a column of ticks where it is not the database's, for example `last_price=LastPrice`; may be repeated.
    #[arg(long = "column", value_name = "FIELD=COLUMN", value_parser = renamed)]
    pub(crate) renamed: Vec<(String, String)>,
    /// Form of the times, as for strptime; without it ISO 8601: `2024-01-31 21:00:00`, `2024-01-31`,
    /// `2024-01-31T13:00:00Z`.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) time_format: Option<String>,
    /// Time zone of times in the file that do not name an offset themselves.
    #[arg(long, value_name = "ZONE", default_value = "Asia/Shanghai")]
    pub(crate) zone: String,
}

#[derive(Debug, Args)]
pub(crate) struct ColumnNames {
    /// Name of the column of the bars' or ticks' times.
    #[arg(long, value_name = "COLUMN", default_value = "datetime")]
    pub(crate) datetime: String,
    /// Name of the column of first prices.
    #[arg(long, value_name = "COLUMN", default_value = "open")]
    pub(crate) open: String,
    /// Name of the column of highest prices.
    #[arg(long, value_name = "COLUMN", default_value = "high")]
    pub(crate) high: String,
    /// Name of the column of lowest prices.
    #[arg(long, value_name = "COLUMN", default_value = "low")]
    pub(crate) low: String,
    /// Name of the column of last prices.
    #[arg(long, value_name = "COLUMN", default_value = "close")]
    pub(crate) close: String,
    /// Name of the column of volumes.
    #[arg(long, value_name = "COLUMN", default_value = "volume")]
    pub(crate) volume: String,
    /// Name of the column of turnovers; without it `turnover` if there is one, and else 0.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) turnover: Option<String>,
    /// Name of the column of open interest; without it `open_interest` if there is one, and else 0.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) open_interest: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Instrument, for example rb2401.SHFE.
    #[arg(value_name = "SYMBOL.EXCHANGE")]
    pub(crate) vt_symbol: String,
    /// Length of the bars, or `tick`.
    #[arg(value_name = "INTERVAL", value_parser = ["1m", "1h", "d", "w", "tick"])]
    pub(crate) interval: String,
    /// File to write, packed if it ends in .gz; without it standard output.
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// First time wanted, ISO 8601.
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// Last time wanted, itself included.
    #[arg(long, value_name = "TIME")]
    pub(crate) to: Option<String>,
    /// Time zone of the times in the file.
    #[arg(long, value_name = "ZONE", default_value = "Asia/Shanghai")]
    pub(crate) zone: String,
}

#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// Instrument, for example rb2401.SHFE.
    #[arg(value_name = "SYMBOL.EXCHANGE")]
    pub(crate) vt_symbol: String,
    /// Length of the bars, or `tick`.
    #[arg(value_name = "INTERVAL", value_parser = ["1m", "1h", "d", "w", "tick"])]
    pub(crate) interval: String,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}

fn renamed(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(field, column)| !field.is_empty() && !column.is_empty());
    let (field, column) = parts.ok_or("it should be like last_price=LastPrice")?;
    Ok((field.to_owned(), column.to_owned()))
}

impl Store {
    /// The file.
    pub(crate) fn path(&self) -> PathBuf {
        self.database.clone().unwrap_or_else(|| self.state.path().join("database.db"))
    }

    /// Opens it, and makes it where it is not there.
    pub(crate) fn make(&self) -> anyhow::Result<Database> {
        if self.database.is_none() {
            self.state.make()?;
        }
        Database::open(&self.path(), &self.zone()).context("nothing was stored")
    }

    /// Opens it.
    pub(crate) fn open(&self) -> anyhow::Result<Database> {
        Ok(Database::open_existing(&self.path(), &self.zone())?)
    }

    fn zone(&self) -> String {
        self.database_zone.clone().unwrap_or_else(history::system_zone)
    }
}

impl From<&ColumnNames> for Columns {
    fn from(names: &ColumnNames) -> Columns {
        Columns {
            datetime: names.datetime.clone(),
            open: names.open.clone(),
            high: names.high.clone(),
            low: names.low.clone(),
            close: names.close.clone(),
            volume: names.volume.clone(),
            turnover: names.turnover.clone(),
            open_interest: names.open_interest.clone(),
        }
    }
}
