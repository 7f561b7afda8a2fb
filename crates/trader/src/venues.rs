//! The gateways as the rest of the process knows them: a queue of jobs each, a form, and what it was filled in with.

use crate::gateway_thread::Work;
use crate::limits::GATEWAY_COMMANDS_BUSY;
use crate::queue::{Job, Queue};
use domain::{Exchange, GatewayInfo, Text, Value};
use gateway::{Command, Form, Gateway, LinkState, SettingError, Settings, Waker, describe};
use std::sync::{Arc, Mutex, PoisonError};

/// One gateway, seen from outside its thread.
pub(crate) struct Venue {
    pub(crate) name: Text,
    pub(crate) queue: Arc<Queue>,
    pub(crate) work: Work,
    form: Form,
    exchanges: Vec<Exchange>,
    settles: bool,
    used: Mutex<Settings>,
}

/// A gateway whose thread is not started.
pub(crate) struct Unstarted {
    pub(crate) gateway: Box<dyn Gateway>,
    pub(crate) venue: Arc<Venue>,
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
    /// Its venue settles by itself.
    Settles,
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
        if venue.queue.len() < GATEWAY_COMMANDS_BUSY { Ok(()) } else { Err(VenueError::Busy) }
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

    /// Settles the running day of a simulated exchange.
    pub(crate) fn settle(&self, name: &str) -> Result<(), VenueError> {
        self.admits(name)?;
        let venue = self.get(name).filter(|venue| venue.settles).ok_or(VenueError::Settles)?;
        venue.send(Job::Command(Command::Settle));
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
    /// A gateway and the queue to it.
    pub(crate) fn open(mut gateway: Box<dyn Gateway>, settings: Settings) -> Unstarted {
        let queue = Arc::<Queue>::default();
        let bell = Arc::clone(&queue);
        gateway.set_waker(Waker::new(move || bell.ring()));
        let form = gateway.form();
        // Fields that it was not given have the form's defaults; so the form shows what is used.
        let venue = Arc::new(Venue {
            name: Text::new(gateway.name()),
            queue,
            work: Work::idle(),
            exchanges: gateway.exchanges(),
            settles: gateway.settles(),
            used: Mutex::new(settings.or_defaults(&form)),
            form,
        });
        Unstarted { gateway, venue }
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

    /// Hands a job over to the gateway's thread.
    pub(crate) fn send(&self, job: Job) {
        self.send_quietly(job);
        self.queue.ring();
    }

    /// Hands a job over that this thread carries out later by [`Venue::help`].
    pub(crate) fn send_quietly(&self, job: Job) {
        // Dropped with its caller, who hears that nobody answered; it is not reached while calls are let in by
        // `Venues::admits`.
        if self.queue.put(job).is_err() {
            tracing::error!(gateway = %self.name, "a command could not be handed to its gateway, too much waits for it");
        }
    }

    /// Carries out the orders that wait, or has the gateway's thread do it where that holds the gateway.
    pub(crate) fn help(&self) {
        if !self.work.help(self) {
            self.queue.ring();
        }
    }
}
