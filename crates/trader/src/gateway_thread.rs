//! One thread per gateway: commands in, durable reports out.
//!
//! The commands that have gathered are carried out, made durable in one go, then answered, then reported. If they
//! cannot be made durable nothing of it is told, and the process stops: what a venue did and nobody wrote down must
//! not be built upon.

use crate::answers::Pending;
use crate::clock::Clock;
use crate::inbox::Inbox;
use crate::limits::{GATEWAY_BATCH, GATEWAY_IDLE};
use domain::VtOrderId;
use engine::{Input, Token};
use gateway::{Command, Gateway, LinkState, Report};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// A command, and the caller who is to get the order's id once it is durable.
pub(crate) struct Job {
    pub(crate) command: Command,
    pub(crate) then: Option<(Pending, VtOrderId)>,
}

/// Runs until the commands end, then logs out. Answers why if the state could not be made durable.
pub(crate) fn run(
    mut gateway: Box<dyn Gateway>,
    jobs: &Receiver<Job>,
    inbox: &Arc<Inbox>,
    clock: Clock,
) -> Result<(), String> {
    let mut reports: Vec<Report> = Vec::new();
    let mut replies = Vec::new();
    loop {
        let now = clock.now();
        let next = gateway.wake(now, &mut reports);
        let wait = next.map_or(GATEWAY_IDLE, |at| Duration::from_micros(at.saturating_sub(clock.now().monotonic_us)));
        hand_over(gateway.as_mut(), &mut reports, &mut replies, inbox)?;
        let first = match jobs.recv_timeout(wait.min(GATEWAY_IDLE)) {
            Ok(job) => job,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => break,
        };
        for job in std::iter::once(first).chain(jobs.try_iter()).take(GATEWAY_BATCH) {
            gateway.command(clock.now(), job.command, &mut reports);
            replies.extend(job.then);
        }
        hand_over(gateway.as_mut(), &mut reports, &mut replies, inbox)?;
    }
    gateway.command(clock.now(), Command::Close, &mut reports);
    hand_over(gateway.as_mut(), &mut reports, &mut replies, inbox)
}

fn hand_over(
    gateway: &mut dyn Gateway,
    reports: &mut Vec<Report>,
    replies: &mut Vec<(Pending, VtOrderId)>,
    inbox: &Inbox,
) -> Result<(), String> {
    if reports.is_empty() && replies.is_empty() {
        return Ok(());
    }
    gateway.commit()?;
    for (pending, id) in replies.drain(..) {
        pending.order(&id);
    }
    inbox.push(reports.drain(..).filter_map(input));
    Ok(())
}

fn input(report: Report) -> Option<Input> {
    Some(match report {
        Report::Contract(contract) => Input::Contract(Arc::from(contract)),
        Report::Tick(tick) => Input::Tick(Arc::from(tick)),
        Report::Order(order) => Input::Order(Arc::from(order)),
        Report::Trade(trade) => Input::Trade(Arc::from(trade)),
        Report::Position(position) => Input::Position(Arc::from(position)),
        Report::Account(account) => Input::Account(Arc::from(account)),
        Report::Quote(quote) => Input::Quote(Arc::from(quote)),
        Report::Log(line) => Input::Log(Arc::new(line)),
        Report::History { token, bars } => Input::History { token: Token(token), bars },
        Report::Link(state) => {
            let down = matches!(state, LinkState::Down(_));
            tracing::info!(?state, down, "the venue's session changed");
            return None;
        }
    })
}
