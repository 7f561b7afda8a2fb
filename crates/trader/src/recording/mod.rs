//! Recording: bars (and ticks where asked) of everything that ticks, into a database in VeighNa's schema; and the bars
//! that are asked for, out of it and from the gateways.
//!
//! ```text
//! engine ─ ticks ─► Lane ─► recorder's thread ─► Minutes ─► batches ─► database.db
//! bridge ─ question ─► gateway ─ its bars ─► Questions ─► history's thread ─► join ─► answer
//!                                                             ▲ database, what is not written yet
//! ```
//!
//! Always true: trading waits for none of it. The engine's loop puts a pointer into the lane and goes on; what the disk
//! does or does not do is known to the two threads here alone. A process that is killed loses the running minutes and
//! what was not written yet, at most [`crate::limits::WRITE_EVERY`] of bars; one that is stopped loses nothing, and goes
//! on within the same minute if it is started again in time.

mod answer;
mod book;
mod kept;
mod lane;
mod minutes;
mod questions;
mod recorder;

pub(crate) use lane::Lane;
pub(crate) use questions::{Question, Questions};

use crate::clock::Clock;
use domain::{Language, Text};
use minutes::Minutes;
use recorder::Recorder;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// What is recorded, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The database: VeighNa's `database.db` or one of our own.
    pub database: PathBuf,
    /// IANA name of the zone of its times: VeighNa's `database.timezone`.
    pub zone: Text,
    /// What is written into it.
    pub record: Record,
}

/// What is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Record {
    /// One-minute bars.
    #[default]
    Bars,
    /// Every tick.
    Ticks,
    /// Both.
    Both,
    /// Nothing; what is in the database is shown all the same.
    None,
}

impl Record {
    pub(crate) fn bars(self) -> bool {
        matches!(self, Record::Bars | Record::Both)
    }

    pub(crate) fn ticks(self) -> bool {
        matches!(self, Record::Ticks | Record::Both)
    }
}

/// Tells whoever reads the log of the trading process: level and text.
pub(crate) type Tell = Box<dyn Fn(i32, String) + Send>;

/// What is shared by the two threads and by those that bring ticks and questions.
#[derive(Clone)]
pub(crate) struct Shelf {
    pub(crate) recording: Recording,
    pub(crate) lane: Arc<Lane>,
    pub(crate) questions: Arc<Questions>,
    minutes: Arc<Mutex<Minutes>>,
}

impl Shelf {
    /// Nothing runs yet.
    pub(crate) fn new(recording: Recording) -> Shelf {
        Shelf { recording, lane: Arc::default(), questions: Arc::default(), minutes: Arc::default() }
    }

    /// The lane for ticks, where any are wanted.
    pub(crate) fn wants_ticks(&self) -> Option<Arc<Lane>> {
        (self.recording.record != Record::None).then(|| Arc::clone(&self.lane))
    }

    fn minutes(&self) -> MutexGuard<'_, Minutes> {
        self.minutes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The two threads.
pub(crate) struct Threads {
    shelf: Shelf,
    recorder: Option<JoinHandle<()>>,
    history: JoinHandle<()>,
}

/// Starts them. `state` is the folder in which running minutes are kept over a stop.
pub(crate) fn start(
    shelf: &Shelf,
    state: Option<PathBuf>,
    clock: Clock,
    language: Language,
    tell: Tell,
) -> std::io::Result<Threads> {
    let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
    let recorder = match shelf.recording.record {
        Record::None => None,
        _ => {
            let recorder = Recorder::new(shelf.clone(), state, clock, language, tell);
            Some(thread("recorder").spawn(move || recorder.run())?)
        }
    };
    let history = thread("history").spawn({
        let shelf = shelf.clone();
        move || answer::run(&shelf)
    })?;
    Ok(Threads { shelf: shelf.clone(), recorder, history })
}

impl Threads {
    /// Writes what is left and ends them: after the last tick. Blocks.
    pub(crate) fn stop(self) {
        self.shelf.lane.close();
        self.shelf.questions.close();
        for (name, thread) in [("recorder", self.recorder), ("history", Some(self.history))] {
            if thread.is_some_and(|thread| thread.join().is_err()) {
                tracing::error!(name, "the thread has panicked; trading was not affected, recording was");
            }
        }
    }
}

#[cfg(test)]
mod tests;
