//! The database as the recorder writes it: opened when it is needed, and again after a failure.

use super::Recording;
use super::minutes::{Place, Unwritten};
use domain::{BarData, Interval, TickData};
use history::{Database, HistoryError, SaveMode};
use std::sync::Arc;

/// The way into the database.
pub(super) struct Book {
    recording: Recording,
    open: Option<Database>,
}

impl Book {
    pub(super) fn new(recording: Recording) -> Book {
        Book { recording, open: None }
    }

    /// Writes bars; on an error nothing is known of those, and they may be given again.
    pub(super) fn bars(&mut self, bars: &[Unwritten]) -> Result<(), HistoryError> {
        self.with(|database| {
            let (mut fresh, mut others) = (Vec::new(), Vec::new());
            for one in bars {
                match one.place {
                    Place::Empty => fresh.push(one.bar.clone()),
                    Place::Own => others.push(one.bar.clone()),
                    Place::Perhaps if is_there(database, &one.bar)? => {}
                    Place::Perhaps => others.push(one.bar.clone()),
                }
            }
            save(&others, |bars| database.save_bars(bars, SaveMode::Merge))?;
            save(&fresh, |bars| database.save_bars(bars, SaveMode::Stream))
        })
    }

    /// Writes ticks.
    pub(super) fn ticks(&mut self, ticks: &[Arc<TickData>]) -> Result<(), HistoryError> {
        let dated = ticks.iter().filter(|tick| tick.datetime.is_some());
        let rows: Vec<TickData> = dated.map(|tick| TickData::clone(tick)).collect();
        self.with(|database| save(&rows, |ticks| database.save_ticks(ticks, SaveMode::Stream)))
    }

    fn with(&mut self, work: impl FnOnce(&mut Database) -> Result<(), HistoryError>) -> Result<(), HistoryError> {
        let mut database = match self.open.take() {
            Some(database) => database,
            None => Database::open(&self.recording.database, &self.recording.zone)?,
        };
        work(&mut database)?;
        self.open = Some(database);
        Ok(())
    }
}

fn is_there(database: &Database, bar: &BarData) -> Result<bool, HistoryError> {
    let (at, interval) = (&bar.datetime, bar.interval.unwrap_or(Interval::Minute));
    Ok(!database.load_bars(&bar.symbol, bar.exchange, interval, at, at)?.is_empty())
}

/// Saves all at once; where one of them cannot be stored, each alone, and that one is left out.
fn save<T>(rows: &[T], mut save: impl FnMut(&[T]) -> Result<(), HistoryError>) -> Result<(), HistoryError> {
    match save(rows) {
        Err(HistoryError::Unstorable { .. }) => {}
        done => return done,
    }
    for row in rows.chunks(1) {
        match save(row) {
            Err(error @ HistoryError::Unstorable { .. }) => tracing::error!(%error, "left out of the recording"),
            done => done?,
        }
    }
    Ok(())
}
