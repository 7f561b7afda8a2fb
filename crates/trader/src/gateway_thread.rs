//! One thread per gateway: commands in, durable reports out.
//!
//! The commands that have gathered are carried out, made durable in one go, then answered, then reported. If they
//! cannot be made durable nothing of it is told, and the process stops: what a venue did and nobody wrote down must
//! not be built upon.
//!
//! A call that brings an order carries it out itself where the gateway is free: the thread is then not woken, and the
//! call's own answer does not wait for two threads to find a processor. What it may do so is little and waits for
//! nothing ([`Job::is_quick`]).

use crate::answers::Caller;
use crate::clock::Clock;
use crate::engine_room::EngineRoom;
use crate::limits::{GATEWAY_BATCH, GATEWAY_IDLE, ROUNDS_OF_A_CALL};
use crate::queue::Job;
use crate::venues::Venue;
use domain::VtOrderId;
use engine::{Input, Token};
use gateway::{Command, Gateway, LinkState, Report};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

/// A gateway at work: one thread at a time holds it.
pub(crate) struct Work(Mutex<Option<Round>>);

/// What a round works with.
pub(crate) struct Round {
    gateway: Box<dyn Gateway>,
    room: Arc<EngineRoom>,
    clock: Clock,
    jobs: Vec<Job>,
    reports: Vec<Report>,
    /// Callers who get their orders' ids once they are durable.
    replies: Vec<(Caller, VtOrderId)>,
    /// When the gateway's thread looks next, on the clock that only goes forward.
    looks_us: u64,
    /// Why the state could not be made durable.
    failed: Option<String>,
}

impl Work {
    pub(crate) fn idle() -> Work {
        Work(Mutex::new(None))
    }

    /// Gives it what it works with.
    pub(crate) fn begin(&self, gateway: Box<dyn Gateway>, room: Arc<EngineRoom>, clock: Clock) {
        let (jobs, reports, replies) = (Vec::new(), Vec::new(), Vec::new());
        *self.hold() = Some(Round { gateway, room, clock, jobs, reports, replies, looks_us: 0, failed: None });
    }

    /// Carries out the quick jobs that wait, if nobody holds the gateway. `false` where its thread has to look.
    pub(crate) fn help(&self, venue: &Venue) -> bool {
        let mut held = match self.0.try_lock() {
            Ok(held) => held,
            Err(TryLockError::WouldBlock | TryLockError::Poisoned(_)) => return false,
        };
        let Some(round) = held.as_mut() else { return false };
        for _ in 0..ROUNDS_OF_A_CALL {
            if round.failed.is_some() {
                return false;
            }
            venue.queue.take(GATEWAY_BATCH, Job::is_quick, &mut round.jobs);
            if round.jobs.is_empty() {
                break;
            }
            round.carry_out();
            round.failed = round.hand_over(venue, EngineRoom::bring).err();
            let next = round.look(venue);
            if round.failed.is_some() || next < round.looks_us {
                return false;
            }
        }
        venue.queue.len() == 0
    }

    fn hold(&self) -> MutexGuard<'_, Option<Round>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets it look, and answers how long its thread may sleep.
    fn rest(&self, venue: &Venue) -> Result<Duration, String> {
        let mut held = self.hold();
        let Some(round) = held.as_mut() else { return Err("it was never started".to_owned()) };
        let next = round.look(venue);
        round.looks_us = next;
        round.failed.take().map_or(Ok(()), Err)?;
        Ok(Duration::from_micros(next.saturating_sub(round.clock.now().monotonic_us)))
    }

    /// Carries out what has gathered; `false` where it is to stop.
    fn take(&self, venue: &Venue) -> Result<bool, String> {
        let mut held = self.hold();
        let Some(round) = held.as_mut() else { return Ok(false) };
        round.looks_us = 0;
        venue.queue.take(GATEWAY_BATCH, |_| true, &mut round.jobs);
        let goes_on = round.carry_out();
        round.hand_over(venue, EngineRoom::push)?;
        Ok(goes_on)
    }

    fn end(&self, venue: &Venue) -> Result<(), String> {
        let Some(mut round) = self.hold().take() else { return Ok(()) };
        round.gateway.command(round.clock.now(), Command::Close, &mut round.reports);
        round.hand_over(venue, EngineRoom::push)
    }
}

/// Runs until it is told to stop, then logs out. Answers why if the state could not be made durable.
pub(crate) fn run(venue: &Venue) -> Result<(), String> {
    let result = serve(venue);
    // The venue is dropped here, not with the last one who knows of it.
    drop(venue.work.hold().take());
    result
}

fn serve(venue: &Venue) -> Result<(), String> {
    loop {
        let patience = venue.work.rest(venue)?;
        venue.queue.wait(patience);
        if !venue.work.take(venue)? {
            return venue.work.end(venue);
        }
    }
}

impl Round {
    /// Lets the gateway do what time brings; when it has to be looked at again.
    fn look(&mut self, venue: &Venue) -> u64 {
        let idle = self.clock.now().monotonic_us + GATEWAY_IDLE.as_micros() as u64;
        if self.failed.is_some() {
            return idle;
        }
        let next = self.gateway.wake(self.clock.now(), &mut self.reports);
        self.failed = self.hand_over(venue, EngineRoom::push).err();
        next.map_or(idle, |next| next.min(idle))
    }

    fn carry_out(&mut self) -> bool {
        let mut goes_on = true;
        for job in self.jobs.drain(..) {
            match job {
                Job::Command(command) => self.gateway.command(self.clock.now(), command, &mut self.reports),
                Job::Order(command, caller, id) => {
                    self.gateway.command(self.clock.now(), command, &mut self.reports);
                    self.replies.push((caller, id));
                }
                Job::Stop => goes_on = false,
            }
        }
        goes_on
    }

    /// Makes durable what happened, then answers, then tells it to the engine by `tell`.
    fn hand_over(&mut self, venue: &Venue, tell: impl FnOnce(&EngineRoom, Vec<Input>)) -> Result<(), String> {
        if self.reports.is_empty() && self.replies.is_empty() {
            return Ok(());
        }
        self.gateway.commit()?;
        bridge::together(|| self.replies.drain(..).for_each(|(caller, id)| caller.order(id)));
        tell(&self.room, self.reports.drain(..).map(|report| input(report, venue)).collect());
        Ok(())
    }
}

fn input(report: Report, venue: &Venue) -> Input {
    match report {
        Report::Contract(contract) => Input::Contract(Arc::from(contract)),
        Report::Tick(tick) => Input::Tick(Arc::from(tick)),
        Report::Order(order) => Input::Order(Arc::from(order)),
        Report::Trade(trade) => Input::Trade(Arc::from(trade)),
        Report::Position(position) => Input::Position(Arc::from(position)),
        Report::Account(account) => Input::Account(Arc::from(account)),
        Report::Quote(quote) => Input::Quote(Arc::from(quote)),
        Report::Log(line) => Input::Log(Arc::new(line)),
        Report::History { token, bars } => Input::History { token: Token(token), bars },
        Report::Link(link) => {
            let down = matches!(link, LinkState::Down(_));
            tracing::info!(gateway = %venue.name, ?link, down, "the venue's session changed");
            Input::Gateway(venue.info(&link))
        }
    }
}
