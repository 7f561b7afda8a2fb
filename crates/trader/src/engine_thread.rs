//! The engine's thread: takes inputs, carries out effects in their order.

use crate::answers::Answers;
use crate::clock::Clock;
use crate::gateway_thread::Job;
use crate::inbox::Inbox;
use crate::limits::{ROUND, TIMER};
use domain::{LogData, Text, VtOrderId};
use engine::{Answer, Effect, Engine, Event, Input, VenueCommand};
use gateway::Command;
use rpc::{Outgoing, Publisher};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Instant;

/// What the thread works with.
pub(crate) struct EngineThread {
    pub(crate) engine: Engine,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) answers: Arc<Answers>,
    pub(crate) publisher: Publisher,
    pub(crate) gateways: HashMap<Text, SyncSender<Job>>,
    pub(crate) clock: Clock,
}

impl EngineThread {
    /// Runs until the inbox is closed and empty. Dropping the gateways' channels then ends their threads.
    pub(crate) fn run(mut self) {
        let mut inputs = Vec::with_capacity(ROUND);
        let mut effects = Vec::new();
        let mut timer = Instant::now() + TIMER;
        loop {
            let patience = timer.saturating_duration_since(Instant::now());
            if !self.inbox.take(ROUND, patience, &mut inputs) {
                break;
            }
            if Instant::now() >= timer {
                timer = (timer + TIMER).max(Instant::now() + TIMER / 2);
                inputs.push(Input::Timer);
            }
            let now_us = self.clock.now().unix_us;
            for input in inputs.drain(..) {
                self.engine.turn(now_us, input, &mut effects);
                self.carry_out(&mut effects);
            }
        }
        tracing::info!(merged_ticks = self.inbox.merged(), "the engine has stopped");
    }

    fn carry_out(&mut self, effects: &mut Vec<Effect>) {
        // An order that is on its way to its venue takes its caller along: the id is answered when it is durable.
        let mut order: Option<(Text, Command, VtOrderId)> = None;
        for effect in effects.drain(..) {
            match effect {
                Effect::Publish(event) => publish(&mut self.publisher, &event),
                Effect::Reply { token, answer: Answer::Order(Some(id)) }
                    if order.as_ref().is_some_and(|o| o.2 == id) =>
                {
                    let then = self.answers.take(token).map(|pending| (pending, id));
                    if let Some((gateway, command, _)) = order.take() {
                        send(&self.gateways, &gateway, Job { command, then });
                    }
                }
                Effect::Reply { token, answer } => self.answers.answer(token, answer),
                Effect::Venue { gateway, command } => {
                    if let Some((gateway, command, _)) = order.take() {
                        send(&self.gateways, &gateway, Job { command, then: None });
                    }
                    match command {
                        VenueCommand::SendOrder { orderid, request } => {
                            let id = VtOrderId::new(&gateway, &orderid);
                            order = Some((gateway, Command::SendOrder { orderid, request }, id));
                        }
                        other => send(&self.gateways, &gateway, Job { command: command_of(other), then: None }),
                    }
                }
            }
        }
        if let Some((gateway, command, _)) = order.take() {
            send(&self.gateways, &gateway, Job { command, then: None });
        }
    }
}

fn command_of(command: VenueCommand) -> Command {
    match command {
        VenueCommand::Subscribe(request) => Command::Subscribe(request),
        VenueCommand::SendOrder { orderid, request } => Command::SendOrder { orderid, request },
        VenueCommand::CancelOrder(request) => Command::CancelOrder(request),
        VenueCommand::SendQuote { quoteid, request } => Command::SendQuote { quoteid, request },
        VenueCommand::CancelQuote(request) => Command::CancelQuote(request),
        VenueCommand::QueryHistory { token, request } => Command::QueryHistory { token: token.0, request },
    }
}

fn send(gateways: &HashMap<Text, SyncSender<Job>>, gateway: &Text, job: Job) {
    // A gateway whose thread has ended drops the job, and with it the caller, who then hears "unknown" in time.
    let ended = gateways.get(gateway).is_none_or(|jobs| jobs.send(job).is_err());
    if ended {
        tracing::error!(%gateway, "a command could not be handed to its gateway");
    }
}

/// Into our own log too, by Python's levels.
fn write(line: &LogData) {
    match line.level {
        40.. => tracing::error!(source = %line.gateway_name, "{}", line.msg),
        30.. => tracing::warn!(source = %line.gateway_name, "{}", line.msg),
        20.. => tracing::info!(source = %line.gateway_name, "{}", line.msg),
        _ => tracing::debug!(source = %line.gateway_name, "{}", line.msg),
    }
}

fn publish(publisher: &mut Publisher, event: &Event) {
    let outgoing = match event {
        Event::Tick(tick) => Outgoing::Tick(tick),
        Event::Trade(trade) => Outgoing::Trade(trade),
        Event::Order(order) => Outgoing::Order(order),
        Event::Position(position) => Outgoing::Position(position),
        Event::Account(account) => Outgoing::Account(account),
        Event::Quote(quote) => Outgoing::Quote(quote),
        Event::Contract(contract) => Outgoing::Contract(contract),
        Event::Log(line) => {
            write(line);
            Outgoing::Log(line)
        }
        Event::Timer => return,
    };
    publisher.publish(outgoing);
}
