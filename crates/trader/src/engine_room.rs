//! The engine with its surroundings, and who runs it: whoever has something for it and finds it free.
//!
//! A call that comes in is carried out on the thread that brought it, an order as far as into its gateway, which spares
//! waking two threads; only while the engine is at work elsewhere is it left in the inbox. The engine's own thread does what is left: reports of gateways,
//! the timer, and calls that found the engine busy.
//!
//! Always true: one thread at a time runs the engine; what was put into the inbox is taken, by the one who put it in, by
//! the one who held the engine, or by the engine's thread, which is woken whenever the first two did not.

use crate::answers::{Answers, Caller};
use crate::backlog::Backlog;
use crate::clock::Clock;
use crate::inbox::Inbox;
use crate::limits::{ROUND, ROUNDS_OF_A_CALL, TIMER};
use crate::publishing::Publishing;
use crate::queue::Job;
use crate::trading_state::Keeper;
use crate::venues::{Venue, Venues};
use domain::{Text, VtOrderId};
use engine::{Answer, Effect, Engine, Input, VenueCommand};
use gateway::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Instant;

/// Everything that happens goes through here.
pub(crate) struct EngineRoom {
    inbox: Inbox,
    turning: Mutex<Turning>,
}

/// What a turn needs.
pub(crate) struct Turning {
    pub(crate) engine: Engine,
    pub(crate) answers: Arc<Answers>,
    pub(crate) publishing: Publishing,
    pub(crate) venues: Venues,
    pub(crate) keeper: Keeper,
    pub(crate) clock: Clock,
    pub(crate) backlog: Arc<Mutex<Backlog>>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) effects: Vec<Effect>,
    /// While a call is carried out: the gateways that got orders, which it takes to them itself.
    pub(crate) helps: Option<Vec<Arc<Venue>>>,
}

/// Gateways that have orders which nobody carries out yet; whoever holds this has to.
#[derive(Default)]
pub(crate) struct Helps(Vec<Arc<Venue>>);

impl Helps {
    fn add(&mut self, venues: Vec<Arc<Venue>>) {
        for venue in venues {
            if !self.0.iter().any(|known| Arc::ptr_eq(known, &venue)) {
                self.0.push(venue);
            }
        }
    }

    /// Takes the orders to their gateways. The engine is free meanwhile.
    pub(crate) fn give(&mut self) {
        self.0.drain(..).for_each(|venue| venue.help());
    }
}

impl EngineRoom {
    pub(crate) fn new(turning: Turning) -> Arc<EngineRoom> {
        Arc::new(EngineRoom { inbox: Inbox::default(), turning: Mutex::new(turning) })
    }

    /// Takes what a gateway tells: for the engine's thread. Waits while too many facts wait.
    pub(crate) fn push(&self, inputs: impl IntoIterator<Item = Input>) {
        if self.inbox.add(inputs) {
            self.inbox.ring();
        }
    }

    /// Takes what a gateway tells to the engine on this thread, if the engine is free: for a thread that has carried an
    /// order into the gateway, so that no other one is woken to tell of it. Waits while too many facts wait.
    pub(crate) fn bring(&self, inputs: impl IntoIterator<Item = Input>) {
        self.inbox.add(inputs);
        let is_done = match self.turning.try_lock() {
            Ok(mut turning) => turning.rounds(&self.inbox),
            Err(TryLockError::Poisoned(_) | TryLockError::WouldBlock) => false,
        };
        if !is_done {
            self.inbox.ring();
        }
    }

    /// Carries a call out on this thread if the engine is free, else leaves it to whoever holds it. Gateways that got
    /// orders by it are added to `helps`: the caller takes the orders to them, best together with those of other calls
    /// that have come, because they share what it costs to make them durable.
    pub(crate) fn call(&self, input: Input, helps: &mut Helps) {
        self.inbox.add([input]);
        let (is_done, venues) = match self.turning.try_lock() {
            Ok(mut turning) => turning.carry_call_out(&self.inbox),
            Err(TryLockError::Poisoned(_) | TryLockError::WouldBlock) => (false, Vec::new()),
        };
        if !is_done {
            self.inbox.ring();
        }
        helps.add(venues);
    }

    /// Runs until the inbox is closed and empty: the engine's thread.
    pub(crate) fn run(&self) {
        let mut timer = Instant::now() + TIMER;
        loop {
            let goes_on = self.inbox.wait(timer.saturating_duration_since(Instant::now()));
            let mut turning = self.turning();
            if Instant::now() >= timer {
                timer = (timer + TIMER).max(Instant::now() + TIMER / 2);
                turning.inputs.push(Input::Timer);
            }
            let did_something = turning.round(&self.inbox);
            if !goes_on && !did_something {
                break;
            }
        }
        tracing::info!(merged_ticks = self.inbox.merged(), "the engine has stopped");
    }

    /// No more inputs are awaited.
    pub(crate) fn close(&self) {
        self.inbox.close();
    }

    fn turning(&self) -> MutexGuard<'_, Turning> {
        self.turning.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turning {
    /// Does some rounds; whether nothing is left, and the gateways that have orders now.
    fn carry_call_out(&mut self, inbox: &Inbox) -> (bool, Vec<Arc<Venue>>) {
        self.helps = Some(Vec::new());
        let is_done = self.rounds(inbox);
        (is_done, self.helps.take().unwrap_or_default())
    }

    /// Whether nothing is left. What comes meanwhile is ours too, but not for ever: this thread has connections to serve.
    fn rounds(&mut self, inbox: &Inbox) -> bool {
        (0..ROUNDS_OF_A_CALL).any(|_| !self.round(inbox))
    }

    /// Takes what waits, some at a time, and carries it out; `false` where nothing waited.
    fn round(&mut self, inbox: &Inbox) -> bool {
        let mut inputs = std::mem::take(&mut self.inputs);
        inbox.take(ROUND, &mut inputs);
        let did_something = !inputs.is_empty();
        if did_something {
            let now_us = self.clock.now().unix_us;
            let mut effects = std::mem::take(&mut self.effects);
            for input in inputs.drain(..) {
                self.engine.turn(now_us, input, &mut effects);
                self.carry_out(&mut effects);
            }
            self.effects = effects;
        }
        self.inputs = inputs;
        did_something
    }

    fn carry_out(&mut self, effects: &mut Vec<Effect>) {
        // An order that is on its way to its venue takes its caller along: the id is answered when it is durable.
        let mut order: Option<(Text, Command, VtOrderId)> = None;
        let mut not_kept: Option<String> = None;
        for effect in effects.drain(..) {
            match effect {
                Effect::Publish(event) => self.publishing.publish(&event, &self.backlog),
                Effect::KeepTradingState(state) => {
                    not_kept = self.keeper.keep(state).err().map(|why| {
                        tracing::error!(state = state.name(), why, "the trading state could not be kept");
                        format!("{} now, but not after a restart: {why}", state.name())
                    });
                }
                Effect::Reply { token, answer: Answer::Order(Some(id)) }
                    if order.as_ref().is_some_and(|o| o.2 == id) =>
                {
                    let caller = self.answers.take(token);
                    if let Some((gateway, command, _)) = order.take() {
                        self.send_order(&gateway, command, caller, id);
                    }
                }
                Effect::Reply { token, answer } => {
                    let answer = not_kept.take().map_or(answer, Answer::Failed);
                    self.answers.answer(token, answer, |taken| self.publishing.complete(taken, &self.backlog));
                }
                Effect::Venue { gateway, command } => {
                    if let Some((gateway, command, id)) = order.take() {
                        self.send_order(&gateway, command, None, id);
                    }
                    match command {
                        VenueCommand::SendOrder { orderid, request } => {
                            let id = VtOrderId::new(&gateway, &orderid);
                            order = Some((gateway, Command::SendOrder { orderid, request }, id));
                        }
                        other => self.send(&gateway, Job::Command(command_of(other))),
                    }
                }
            }
        }
        if let Some((gateway, command, id)) = order.take() {
            self.send_order(&gateway, command, None, id);
        }
    }

    fn send_order(&mut self, gateway: &Text, command: Command, caller: Option<Caller>, id: VtOrderId) {
        let job = match caller {
            Some(caller) => Job::Order(command, caller, id),
            None => Job::Command(command),
        };
        self.send(gateway, job);
    }

    fn send(&mut self, gateway: &Text, job: Job) {
        let Some(venue) = self.venues.get(gateway) else {
            return tracing::error!(%gateway, "a command is for a gateway that does not exist");
        };
        match &mut self.helps {
            Some(helps) if job.is_quick() => {
                venue.send_quietly(job);
                if !helps.iter().any(|known| Arc::ptr_eq(known, venue)) {
                    helps.push(Arc::clone(venue));
                }
            }
            _ => venue.send(job),
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
