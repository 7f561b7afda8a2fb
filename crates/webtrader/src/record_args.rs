//! Flags of the recording, for `run` and `trader` alike.

use clap::{Args, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use trader::Record;

#[derive(Debug, Args)]
pub(crate) struct RecordArgs {
    /// What is recorded of everything that ticks: one-minute bars, every tick, both, or nothing.
    #[arg(long, value_enum, default_value = "bars")]
    pub(crate) record: RecordName,
    /// Database of bars and ticks, in VeighNa's schema: VeighNa's own `.vntrader/database.db` can be named, both may use
    /// it at once. Without it `database.db` in the state folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) database: Option<PathBuf>,
    /// Zone of the times in it, as VeighNa's setting `database.timezone` has it; without it the system's, as there.
    #[arg(long, value_name = "ZONE")]
    pub(crate) database_zone: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RecordName {
    Bars,
    Ticks,
    Both,
    None,
}

impl RecordArgs {
    /// The same as arguments again, for a child.
    pub(crate) fn list(&self) -> Vec<OsString> {
        let name =
            self.record.to_possible_value().map_or_else(|| "bars".to_owned(), |value| value.get_name().to_owned());
        let mut list = vec![OsString::from(format!("--record={name}"))];
        if let Some(file) = &self.database {
            list.extend(["--database".into(), file.into()]);
        }
        if let Some(zone) = &self.database_zone {
            list.push(format!("--database-zone={zone}").into());
        }
        list
    }
}

impl From<RecordName> for Record {
    fn from(name: RecordName) -> Record {
        match name {
            RecordName::Bars => Record::Bars,
            RecordName::Ticks => Record::Ticks,
            RecordName::Both => Record::Both,
            RecordName::None => Record::None,
        }
    }
}
