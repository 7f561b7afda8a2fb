//! One order from the request to its outcome.
//!
//! [`Orders::begin`] decides without waiting: the id is known, or rules refuse, or the id is taken. What was taken is
//! then carried out whether its caller stays or goes (`carried`). Always true: between the taking of an id and the end
//! of its carrying out the intent is in flight, and whatever ends the carrying out ends that.

use super::carried::{Broke, Carried};
use super::facts::Facts;
use super::intent::{Event, Intent, Key, State, Wish};
use super::journal::{Journal, Recorded, Write};
use super::limits::{ID_LENGTH, REFERENCE_MAX};
use super::rules::{self, Rule, Verdict};
use super::timeline::{Stage, Timeline};
use super::token::{self, Token};
use super::{Orders, Refusal, book::Reserved};
use crate::command::CommandError;
use crate::desk::Desk;
use crate::prometheus::{head, line};
use crate::replica::Link;
use domain::{OrderRequest, Text, TradingState, VtOrderId};
use futures_util::future::join_all;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Instant;
use tokio::runtime::Handle;
use tokio::sync::watch as signal;

/// An order that somebody wants.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// The user's own id; made by us where absent, and then a retry is a new order.
    pub client_order_id: Option<Text>,
    /// The order, with the user's own reference.
    pub request: OrderRequest,
    /// Through which gateway; that of the contract where absent.
    pub gateway: Option<Text>,
    /// Rules that the user overrules.
    pub overruled: Vec<Rule>,
    /// Whether warnings refuse, too.
    pub is_strict: bool,
    /// What the order was made from, where it was not asked for as it is.
    pub origin: Option<Text>,
    /// When the request came in.
    pub received: Instant,
}

impl NewOrder {
    /// An order without further wishes, received now.
    pub fn new(request: OrderRequest) -> NewOrder {
        NewOrder {
            client_order_id: None,
            request,
            gateway: None,
            overruled: Vec::new(),
            is_strict: false,
            origin: None,
            received: Instant::now(),
        }
    }
}

/// What became of an order.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Its intent; the state says how it ended.
    pub intent: Intent,
    /// Whether this is the outcome of an earlier request with the same id.
    pub is_replay: bool,
    /// Whether the id was made by us.
    pub is_made_id: bool,
    /// Rules that it broke and that only warn, or were overruled.
    pub warnings: Vec<Verdict>,
}

/// What [`Orders::begin`] decided.
pub(super) enum Begun {
    /// Carry it out.
    Flight(Box<Flight>),
    /// Another request carries it out: wait for that.
    Wait(Box<(Key, Wish)>),
    /// It has an outcome.
    Known(Box<Intent>),
}

/// An id that was taken.
pub(super) struct Flight {
    pub(super) intent: Intent,
    is_again: bool,
    is_made_id: bool,
    gateway: Text,
    warnings: Vec<Verdict>,
}

/// Orders by outcome, since the start.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    ended: [AtomicU64; 4],
    refused_before: AtomicU64,
    replays: AtomicU64,
}

impl Orders {
    /// Places an order. The same id and content once more gets the first outcome.
    ///
    /// # Errors
    /// It was certainly not sent, and why.
    pub async fn place(self: &Arc<Self>, desk: &Arc<Desk>, user: &str, order: NewOrder) -> Result<Placed, Refusal> {
        let begun = self.begin(desk, user, order);
        self.finish(desk, begun).await
    }

    /// Places orders; they leave in this order, and each has its own outcome.
    pub async fn place_all(
        self: &Arc<Self>,
        desk: &Arc<Desk>,
        user: &str,
        orders: Vec<NewOrder>,
    ) -> Vec<Result<Placed, Refusal>> {
        let begun: Vec<_> = orders.into_iter().map(|order| self.begin(desk, user, order)).collect();
        let keys: Vec<_> = begun.iter().map(key_of).collect();
        let (orders, desk) = (Arc::clone(self), Arc::clone(desk));
        let all = async move { join_all(begun.into_iter().map(|one| orders.conclude(&desk, one))).await };
        match Carried::new(&self.tasks, all).await {
            Ok(placed) => placed,
            Err(Broke) => keys.into_iter().map(|key| self.interrupted(key)).collect(),
        }
    }

    async fn finish(self: &Arc<Self>, desk: &Arc<Desk>, begun: Result<Begun, Refusal>) -> Result<Placed, Refusal> {
        if !matches!(begun, Ok(Begun::Flight(_))) {
            return self.conclude(desk, begun).await;
        }
        let key = key_of(&begun);
        let (orders, desk) = (Arc::clone(self), Arc::clone(desk));
        match Carried::new(&self.tasks, async move { orders.conclude(&desk, begun).await }).await {
            Ok(placed) => placed,
            Err(Broke) => self.interrupted(key),
        }
    }

    /// What carried an order out broke; what it had come to stands in the book.
    fn interrupted(&self, key: Option<Key>) -> Result<Placed, Refusal> {
        let intent = key.and_then(|key| self.book().of_key(&key).cloned());
        match intent {
            Some(intent) if intent.state != State::NotSent => Ok(self.replayed(intent)),
            _ => Err(Refusal::NotSent("this process failed before it was sent".into())),
        }
    }

    async fn conclude(self: &Arc<Self>, desk: &Arc<Desk>, begun: Result<Begun, Refusal>) -> Result<Placed, Refusal> {
        match begun? {
            Begun::Flight(flight) => self.carry_out(desk, *flight).await,
            Begun::Wait(id) => self.wait_for(&id.0, &id.1).await,
            Begun::Known(intent) => Ok(self.replayed(*intent)),
        }
    }

    /// Takes an id, if the order may be sent.
    pub(super) fn begin(&self, desk: &Desk, user: &str, order: NewOrder) -> Result<Begun, Refusal> {
        let begun = self.take_id(desk, user, order);
        match &begun {
            Err(_) => self.outcomes.refused_before.fetch_add(1, Ordering::Relaxed),
            Ok(Begun::Wait(_) | Begun::Known(_)) => self.outcomes.replays.fetch_add(1, Ordering::Relaxed),
            Ok(Begun::Flight(_)) => 0,
        };
        begun
    }

    fn take_id(&self, desk: &Desk, user: &str, order: NewOrder) -> Result<Begun, Refusal> {
        let random = random();
        let is_made_id = order.client_order_id.is_none();
        let client_order_id = match order.client_order_id {
            Some(id) if is_id(&id, order.origin.is_some()) => id,
            Some(_) => return Err(Refusal::BadId),
            None => made_id((self.clock)(), random),
        };
        if order.request.reference.len() > REFERENCE_MAX {
            return Err(Refusal::NotSent("the reference is too long".into()));
        }
        let key = Key { user: user.into(), desk: desk.name.clone(), client_order_id };
        let wish = Wish { request: order.request, gateway: order.gateway, origin: order.origin };
        // Before any rule: what was done does not change because the market has.
        if let Some(known) = self.book().look_up(&key, &wish) {
            return taken(known, key, wish);
        }
        let received = self.at_us(order.received);
        let (verdicts, facts, state) = self.verdicts(desk, &wish.request, wish.gateway.as_deref());
        if facts.link != Link::Live {
            return Err(Refusal::NotSent("the trading process is not connected".into()));
        }
        if verdicts.iter().any(|verdict| verdict.refuses(&order.overruled, order.is_strict)) {
            return Err(Refusal::Rules(verdicts.to_vec()));
        }
        let warnings = verdicts.into_iter().filter(Verdict::is_broken).collect();
        let contract = facts.contract.as_ref().expect("the rules have refused an unknown contract");
        let gateway = wish.gateway.clone().unwrap_or_else(|| contract.gateway_name.clone());
        self.admit_now(desk, state, &wish.request, &gateway, &facts)?;
        let mut timeline = Timeline::begin(received);
        timeline.mark(Stage::Checked, self.now_us());
        let reserved = self.book().reserve(key.clone(), wish.clone(), random, (self.clock)(), timeline);
        match reserved {
            Reserved::New { intent, is_again } => {
                Ok(Begun::Flight(Box::new(Flight { intent: *intent, is_again, is_made_id, gateway, warnings })))
            }
            known => taken(known, key, wish),
        }
    }

    /// All rules, what they were judged by, and the trading state that counts.
    pub(super) fn verdicts(
        &self,
        desk: &Desk,
        request: &OrderRequest,
        gateway: Option<&str>,
    ) -> ([Verdict; 14], Facts, TradingState) {
        let set = self.states().of(&desk.name);
        let (facts, state) = {
            let replica = desk.replica.read();
            let state = super::trading_states::tighter(set, replica.trading_state.unwrap_or(TradingState::Active));
            (Facts::of(&replica, request, gateway, state == TradingState::Reducing), state)
        };
        let through = gateway.or(facts.contract.as_ref().map(|contract| contract.gateway_name.as_str())).unwrap_or("");
        let lets_through =
            self.states().lets_through(state, &desk.name, (request, through), &facts.exposure, self.now_us());
        (rules::check(request, &facts, lets_through), facts, state)
    }

    async fn carry_out(self: &Arc<Self>, desk: &Arc<Desk>, flight: Flight) -> Result<Placed, Refusal> {
        let Flight { intent, is_again, is_made_id, gateway, warnings } = flight;
        let (token, key, wish) = (intent.token, intent.key.clone(), intent.wish.clone());
        let mut watched = Watched { orders: self, token, key: &key, is_over: false };
        let recorded = match &self.journal {
            Ok(journal) => journal.write(Write::Intent { intent: Box::new(intent), is_again }).await,
            Err(error) => Err(error.clone()),
        };
        match recorded {
            Ok(Recorded::New) => {}
            Ok(Recorded::Known(known)) => {
                watched.abandon();
                return self.known_from_disk(*known, &wish);
            }
            Err(error) => {
                watched.abandon();
                return Err(Refusal::NotSent(error.to_string()));
            }
        }
        let recorded_at = self.now_us();
        // A halt that came meanwhile counts.
        if self.states().of(&desk.name) == TradingState::Halted {
            watched.halted();
            return Err(Refusal::TradingState(TradingState::Halted));
        }
        self.book().apply(token, Event::Sending, |intent| {
            intent.timeline.mark(Stage::Recorded, recorded_at);
            intent.timeline.mark(Stage::Sent, self.now_us());
        });
        let request = OrderRequest { reference: token::wrap(&wish.request.reference, token), ..wish.request };
        let answer = desk.trader.send_order(request, gateway, &key.user).await;
        let is_our_trader = desk.trader.capabilities().trading_state;
        let ended = watched.answered(answer, is_our_trader);
        let intent = ended.expect("an intent that was sent can take every answer in");
        Ok(Placed { intent, is_replay: false, is_made_id, warnings })
    }

    /// The id was used so long ago that only the disk knew.
    fn known_from_disk(&self, known: Intent, wish: &Wish) -> Result<Placed, Refusal> {
        let id = known.key.client_order_id.clone();
        let is_same = known.wish == *wish;
        self.book().adopt(known.clone());
        if !is_same {
            return Err(Refusal::Conflict(id));
        }
        if known.state == State::NotSent {
            return Err(Refusal::NotSent(format!("{}; try again", known.reason)));
        }
        Ok(self.replayed(known))
    }

    async fn wait_for(&self, key: &Key, wish: &Wish) -> Result<Placed, Refusal> {
        loop {
            let mut over = {
                let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                waiting.entry(key.clone()).or_insert_with(|| signal::channel(()).0).subscribe()
            };
            // Only now: what ended before cannot be missed.
            let found = self.book().look_up(key, wish);
            match found {
                // An error means that the sender is gone, which is the signal.
                Some(Reserved::InFlight) => while over.changed().await.is_ok() {},
                Some(known) => {
                    self.wake(key);
                    return match taken(known, key.clone(), wish.clone())? {
                        Begun::Known(intent) => Ok(self.replayed(*intent)),
                        Begun::Flight(_) | Begun::Wait(_) => continue,
                    };
                }
                None => {
                    self.wake(key);
                    return Err(Refusal::NotSent("the first request with this id was not sent; try again".into()));
                }
            }
        }
    }

    fn replayed(&self, intent: Intent) -> Placed {
        Placed { intent, is_replay: true, is_made_id: false, warnings: Vec::new() }
    }

    /// Takes in how an intent ended.
    fn end(&self, token: Token, event: Event, code: &'static str, reason: &str, id: Option<Text>) -> Option<Intent> {
        let (now, listed) = (self.now_us(), self.journal.as_ref().map_or(-1, Journal::listed));
        let ended = {
            let mut book = self.book();
            book.may_forget(listed);
            book.apply(token, event, |intent| {
                intent.timeline.mark(Stage::Answered, now);
                intent.code = Text::const_new(code);
                intent.reason = Text::new(reason);
                if let Some(id) = id {
                    intent.vt_orderid = Some(VtOrderId(id));
                }
            })?
        };
        if let Ok(journal) = &self.journal {
            journal.note(ended.clone());
        }
        self.durations(&ended.key.desk).answered(&ended.timeline);
        self.outcomes.count(ended.state);
        self.tell_later(&ended);
        if ended.state == State::Unknown {
            self.look.notify_one();
        }
        Some(ended)
    }
}

impl Orders {
    /// Its line in the log, once the answer is on its way.
    fn tell_later(&self, ended: &Intent) {
        match Handle::try_current() {
            Ok(runtime) => {
                let ended = ended.clone();
                drop(self.tasks.spawn_on(async move { tell(&ended) }, &runtime));
            }
            Err(_) => tell(ended),
        }
    }
}

/// Whatever happens to the task, its intent does not stay in flight.
struct Watched<'a> {
    orders: &'a Orders,
    token: Token,
    key: &'a Key,
    is_over: bool,
}

impl Watched<'_> {
    fn abandon(&mut self) {
        self.orders.book().abandon(self.token);
        self.is_over = true;
        self.orders.wake(self.key);
    }

    fn halted(&mut self) {
        self.orders.end(self.token, Event::NotSent, "TRADING_STATE", "trading was halted", None);
        self.is_over = true;
        self.orders.wake(self.key);
    }

    fn answered(&mut self, answer: Result<Text, CommandError>, is_our_trader: bool) -> Option<Intent> {
        let (event, code, reason, id) = match answer {
            Ok(id) if id.is_empty() => (
                Event::Refused,
                "REFUSED_BY_TRADER",
                "the trading process took no order; its log says why".into(),
                None,
            ),
            Ok(id) => (Event::Accepted, "", String::new(), Some(id)),
            Err(CommandError::NotSent(reason)) => (Event::NotSent, "NOT_SENT", reason, None),
            Err(CommandError::Unsupported(reason)) => (Event::Refused, "UNSUPPORTED", reason, None),
            // Ours refuses before it does anything. A gateway of VeighNa may raise after it has sent.
            Err(CommandError::Refused(reason)) if is_our_trader => (Event::Refused, "REFUSED_BY_TRADER", reason, None),
            Err(CommandError::Refused(reason)) => (Event::Lost, "TRADER_FAILED", reason, None),
            Err(CommandError::Unknown(reason)) => (Event::Lost, "NO_ANSWER", reason, None),
        };
        let ended = self.orders.end(self.token, event, code, &reason, id);
        self.is_over = true;
        self.orders.wake(self.key);
        ended
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let state = self.orders.book().of_token(self.token).map(|intent| intent.state);
        let reason = "the web process gave up in the middle";
        let event = if state == Some(State::Recorded) { Event::NotSent } else { Event::Lost };
        self.orders.end(self.token, event, "INTERRUPTED", reason, None);
        self.orders.wake(self.key);
    }
}

fn taken(known: Reserved, key: Key, wish: Wish) -> Result<Begun, Refusal> {
    match known {
        Reserved::InFlight => Ok(Begun::Wait(Box::new((key, wish)))),
        Reserved::Known(intent) => Ok(Begun::Known(intent)),
        Reserved::Conflict => Err(Refusal::Conflict(key.client_order_id)),
        Reserved::Crowded => Err(Refusal::NotSent("too many orders are on their way".into())),
        Reserved::TooManyUnknown => {
            Err(Refusal::NotSent("too many orders of unknown outcome; acknowledge them first".into()))
        }
        Reserved::New { .. } => Err(Refusal::NotSent("the id was taken and left".into())),
    }
}

fn key_of(begun: &Result<Begun, Refusal>) -> Option<Key> {
    match begun {
        Ok(Begun::Flight(flight)) => Some(flight.intent.key.clone()),
        Ok(Begun::Wait(id)) => Some(id.0.clone()),
        Ok(Begun::Known(intent)) => Some(intent.key.clone()),
        Err(_) => None,
    }
}

/// A user's id; one that we derive from it has a slash more.
fn is_id(id: &str, is_derived: bool) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte) || (is_derived && byte == b'/');
    let longest = if is_derived { ID_LENGTH + 4 } else { ID_LENGTH };
    (1..=longest).contains(&id.len()) && id.bytes().all(fits)
}

/// An id of ours. Time comes first, so that ids of orders that follow each other lie beside each other on disk, too.
pub(super) fn made_id(now_ms: i64, random: u64) -> Text {
    compact_str::format_compact!("auto-{now_ms:013}-{}", Token::of(random))
}

pub(super) fn random() -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("the operating system has random bytes");
    u64::from_le_bytes(bytes)
}

/// One line per order.
fn tell(intent: &Intent) {
    let after = |stage| intent.timeline.after(stage);
    tracing::info!(
        user = %intent.key.user,
        desk = %intent.key.desk,
        client_order_id = %intent.key.client_order_id,
        vt_orderid = intent.vt_orderid.as_ref().map_or("", VtOrderId::as_str),
        state = intent.state.name(),
        code = %intent.code,
        checked_us = after(Stage::Checked),
        recorded_us = after(Stage::Recorded),
        sent_us = after(Stage::Sent),
        answered_us = after(Stage::Answered),
        "order"
    );
}

impl Outcomes {
    const STATES: [State; 4] = [State::Done, State::Refused, State::NotSent, State::Unknown];

    fn count(&self, state: State) {
        if let Some(at) = Outcomes::STATES.iter().position(|known| *known == state) {
            self.ended[at].fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn write(&self, out: &mut String) {
        let name = "webtrader_orders_total";
        head(out, name, "counter", "Orders by outcome.");
        let ended = Outcomes::STATES.iter().zip(&self.ended).map(|(state, count)| (state.name(), count));
        let others = [("REFUSED_BEFORE", &self.refused_before), ("REPLAYED", &self.replays)];
        for (outcome, count) in ended.chain(others) {
            line(out, format_args!("{name}{{outcome=\"{outcome}\"}}"), count.load(Ordering::Relaxed));
        }
    }
}
