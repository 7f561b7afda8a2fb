//! One thread per gateway: commands in, durable reports out.
//!
//! The commands that have gathered are carried out, made durable in one go, then answered, then reported. If they
//! cannot be made durable nothing of it is told, and the process stops: what a venue did and nobody wrote down must
//! not be built upon.

use crate::answers::Caller;
use crate::clock::Clock;
use crate::engine_room::EngineRoom;
use crate::limits::{GATEWAY_BATCH, GATEWAY_IDLE};
use crate::venues::{Job, Jobs, Unstarted, Venue};
use domain::VtOrderId;
use engine::{Input, Token};
use gateway::{Command, Gateway, LinkState, Report};
use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

/// What a round of a gateway's thread works with.
struct Round {
    gateway: Box<dyn Gateway>,
    venue: Arc<Venue>,
    room: Arc<EngineRoom>,
    clock: Clock,
    reports: Vec<Report>,
    /// Callers who get their orders' ids once they are durable.
    replies: Vec<(Caller, VtOrderId)>,
}

/// Runs until it is told to stop, then logs out. Answers why if the state could not be made durable.
pub(crate) fn run(unstarted: Unstarted, room: Arc<EngineRoom>, clock: Clock) -> Result<(), String> {
    let Unstarted { gateway, venue, jobs } = unstarted;
    let mut round = Round { gateway, venue, room, clock, reports: Vec::new(), replies: Vec::new() };
    loop {
        let next = round.gateway.wake(clock.now(), &mut round.reports);
        let wait = next.map_or(GATEWAY_IDLE, |at| Duration::from_micros(at.saturating_sub(clock.now().monotonic_us)));
        round.hand_over()?;
        let goes_on = match jobs.receiver.recv_timeout(wait.min(GATEWAY_IDLE)) {
            Ok(first) => round.take(first, &jobs),
            Err(RecvTimeoutError::Timeout) => true,
            Err(RecvTimeoutError::Disconnected) => false,
        };
        round.hand_over()?;
        if !goes_on {
            break;
        }
    }
    round.gateway.command(clock.now(), Command::Close, &mut round.reports);
    round.hand_over()
}

impl Round {
    /// Carries out what has gathered; `false` where it is to stop.
    fn take(&mut self, first: Job, jobs: &Jobs) -> bool {
        for job in std::iter::once(first).chain(jobs.receiver.try_iter()).take(GATEWAY_BATCH) {
            jobs.took(&job);
            match job {
                Job::Command(command) => self.gateway.command(self.clock.now(), command, &mut self.reports),
                Job::Order(command, caller, id) => {
                    self.gateway.command(self.clock.now(), command, &mut self.reports);
                    self.replies.push((caller, id));
                }
                // The next look is before the next wait.
                Job::Wake => {}
                Job::Stop => return false,
            }
        }
        true
    }

    fn hand_over(&mut self) -> Result<(), String> {
        if self.reports.is_empty() && self.replies.is_empty() {
            return Ok(());
        }
        self.gateway.commit()?;
        for (caller, id) in self.replies.drain(..) {
            caller.order(id);
        }
        let venue = &self.venue;
        self.room.push(self.reports.drain(..).map(|report| input(report, venue)));
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
