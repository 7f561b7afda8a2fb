//! The gateways as the rest of the process knows them: a queue of jobs each, a form, and what it was filled in with.

use crate::answers::Caller;
use crate::limits::{GATEWAY_COMMANDS, GATEWAY_COMMANDS_BUSY};
use domain::{Exchange, GatewayInfo, Text, Value, VtOrderId};
use gateway::{Command, Form, Gateway, LinkState, SettingError, Settings, Waker, describe};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// What a gateway's thread is to do.
pub(crate) enum Job {
    /// Carry out a command.
    Command(Command),
    /// Carry out an order; its caller gets its id once it is durable.
    Order(Command, Caller, VtOrderId),
    /// Look at what the venue has told.
    Wake,
    /// Log out and end.
    Stop,
}

/// One gateway, seen from outside its thread.
pub(crate) struct Venue {
    pub(crate) name: Text,
    form: Form,
    exchanges: Vec<Exchange>,
    used: Mutex<Settings>,
    jobs: SyncSender<Job>,
    /// Jobs that its thread has not taken.
    waiting: Arc<AtomicUsize>,
}

/// A gateway whose thread is not started.
pub(crate) struct Unstarted {
    pub(crate) gateway: Box<dyn Gateway>,
    pub(crate) venue: Arc<Venue>,
    pub(crate) jobs: Jobs,
}

/// The thread's end of the queue.
pub(crate) struct Jobs {
    pub(crate) receiver: Receiver<Job>,
    waiting: Arc<AtomicUsize>,
    rung: Arc<AtomicBool>,
}

/// All of them.
#[derive(Clone, Default)]
pub(crate) struct Venues(Arc<Vec<Arc<Venue>>>);

/// Why a gateway cannot be told something.
pub(crate) enum VenueError {
    /// No gateway of that name.
    Unknown,
    /// Too much waits for it.
    Busy,
    /// The form does not take that.
    Setting(SettingError),
}

impl Venues {
    pub(crate) fn new(venues: Vec<Arc<Venue>>) -> Venues {
        Venues(Arc::new(venues))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Arc<Venue>> {
        self.0.iter().find(|venue| venue.name == name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Venue>> {
        self.0.iter()
    }

    /// Whether a gateway takes commands: those that are let in then fit into its queue, whatever else is let in before
    /// they reach it.
    pub(crate) fn admits(&self, name: &str) -> Result<(), VenueError> {
        let venue = self.get(name).ok_or(VenueError::Unknown)?;
        if venue.waiting.load(Ordering::Relaxed) < GATEWAY_COMMANDS_BUSY { Ok(()) } else { Err(VenueError::Busy) }
    }

    /// Logs a gateway in; fields that are left out stay as they were used last.
    pub(crate) fn connect(&self, name: &str, fields: &[(Text, Value)]) -> Result<(), VenueError> {
        self.admits(name)?;
        let venue = self.get(name).ok_or(VenueError::Unknown)?;
        let mut used = venue.used.lock().unwrap_or_else(PoisonError::into_inner);
        let settings = used.with(&venue.form, fields).map_err(VenueError::Setting)?;
        used.clone_from(&settings);
        venue.send(Job::Command(Command::Connect(settings)));
        Ok(())
    }

    /// Logs a gateway out.
    pub(crate) fn disconnect(&self, name: &str) -> Result<(), VenueError> {
        self.admits(name)?;
        self.get(name).ok_or(VenueError::Unknown)?.send(Job::Command(Command::Close));
        Ok(())
    }

    /// Exchanges of all of them, each once.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        let mut all: Vec<Exchange> = Vec::new();
        for exchange in self.iter().flat_map(|venue| &venue.exchanges) {
            if !all.contains(exchange) {
                all.push(*exchange);
            }
        }
        all
    }
}

impl Venue {
    /// A gateway and the queue to it. Its bell rings at most once until its thread looks.
    pub(crate) fn open(mut gateway: Box<dyn Gateway>, settings: Settings) -> Unstarted {
        let (jobs, receiver) = sync_channel(GATEWAY_COMMANDS);
        let (waiting, rung) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let (bell, ring) = (jobs.clone(), Arc::clone(&rung));
        gateway.set_waker(Waker::new(move || {
            if !ring.swap(true, Ordering::AcqRel) {
                // With a full queue its thread is awake anyway.
                let _ = bell.try_send(Job::Wake);
            }
        }));
        let form = gateway.form();
        // Fields that it was not given have the form's defaults; so the form shows what is used.
        let venue = Arc::new(Venue {
            name: Text::new(gateway.name()),
            exchanges: gateway.exchanges(),
            used: Mutex::new(settings.or_defaults(&form)),
            form,
            jobs,
            waiting: Arc::clone(&waiting),
        });
        Unstarted { gateway, venue, jobs: Jobs { receiver, waiting, rung } }
    }

    /// How it looks from outside.
    pub(crate) fn info(&self, link: &LinkState) -> Arc<GatewayInfo> {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::new(describe(&self.name, &self.form, &used, &self.exchanges, link))
    }

    /// Logs it in as it was configured.
    pub(crate) fn log_in(&self) {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.send(Job::Command(Command::Connect(used)));
    }

    /// Hands a job over; waits while the queue is full, which [`Venues::admits`] prevents.
    pub(crate) fn send(&self, job: Job) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        // A gateway whose thread has ended drops the job, and with it the caller, who then hears "unknown" in time.
        if self.jobs.send(job).is_err() {
            tracing::error!(gateway = %self.name, "a command could not be handed to its gateway");
        }
    }
}

impl Jobs {
    /// A job was taken.
    pub(crate) fn took(&self, job: &Job) {
        match job {
            // Before the look, so that what the venue tells during it rings again.
            Job::Wake => self.rung.store(false, Ordering::Release),
            Job::Command(_) | Job::Order(..) | Job::Stop => {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
            }
        }
    }
}
