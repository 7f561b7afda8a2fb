//! All intents that matter now, found by id, by token and by order. Pure: times and random bits come in, what is to be
//! written goes out.
//!
//! [`Book::reserve`] decides, in one step, whether an id is new; from then on the intent is taken through its
//! transition table by [`Book::apply`] and [`Book::observe`]. Always true: one id leads to one send at a time; an intent
//! in flight or UNKNOWN never leaves; all others leave oldest first, once their ids are found on disk.

use super::intent::{Event, Intent, Key, State, Wish};
use super::limits::{KEPT_MAX, PLACING_MAX, UNKNOWN_MAX};
use super::timeline::{Stage, Timeline};
use super::token::{self, Token};
use domain::{OrderData, Status, Text, VtOrderId};
use rustc_hash::FxHashMap;
use slab::Slab;
use std::collections::{BTreeSet, VecDeque};

/// What became of the wish to use an id.
#[derive(Clone, Debug)]
pub(super) enum Reserved {
    /// It is new, or was certainly not sent before: go on to the disk.
    New {
        /// What is to be written and sent.
        intent: Box<Intent>,
        /// Whether its row is on disk already.
        is_again: bool,
    },
    /// It is being carried out: wait for that.
    InFlight,
    /// It has an outcome.
    Known(Box<Intent>),
    /// It was used for something else.
    Conflict,
    /// Too many orders are on their way.
    Crowded,
    /// Too many orders of unknown outcome.
    TooManyUnknown,
}

/// What an order that was seen meant.
#[derive(Clone, Debug, Default)]
pub(super) struct Noticed {
    /// Its intent changed: write this.
    pub changed: Option<Box<Intent>>,
    /// Stages that were reached by it.
    pub stages: Vec<(Stage, Timeline)>,
    /// It contradicts what the trading process had answered, or comes after a person's word.
    pub is_surprise: bool,
}

/// All intents that matter now.
#[derive(Debug)]
pub(super) struct Book {
    /// Each by itself: a list of them that grows would be copied, while every order waits.
    intents: Slab<Box<Held>>,
    by_key: FxHashMap<Key, usize>,
    by_token: FxHashMap<Token, usize>,
    by_order: FxHashMap<Text, FxHashMap<VtOrderId, usize>>,
    /// Ended ones, oldest first; one that was used again stays in line and is passed over.
    ended: VecDeque<usize>,
    in_flight: usize,
    unknown: BTreeSet<usize>,
    next_row: i64,
    /// Ids of rows up to this one are found on disk.
    listed: i64,
    /// Ended ones that stay, though their ids are listed.
    kept: usize,
}

#[derive(Debug)]
struct Held {
    intent: Intent,
    is_in_line: bool,
}

impl Default for Book {
    fn default() -> Book {
        Book::keeping(KEPT_MAX)
    }
}

impl Book {
    pub(super) fn keeping(kept: usize) -> Book {
        Book {
            intents: Slab::new(),
            by_key: FxHashMap::default(),
            by_token: FxHashMap::default(),
            by_order: FxHashMap::default(),
            ended: VecDeque::new(),
            in_flight: 0,
            unknown: BTreeSet::new(),
            next_row: 0,
            listed: -1,
            kept,
        }
    }

    /// What an earlier run left, oldest first. What it had not finished is UNKNOWN now; those are returned. `listed`: see
    /// [`Book::may_forget`].
    pub(super) fn restore(&mut self, intents: Vec<Intent>, listed: i64) -> Vec<Intent> {
        self.listed = listed;
        self.next_row = self.next_row.max(listed + 1);
        let mut lost = Vec::new();
        for mut intent in intents {
            if intent.state.is_in_flight() {
                intent.apply(Event::Lost);
                intent.code = Text::const_new("RESTARTED");
                intent.reason = Text::const_new("the web process ended before the answer was written down");
                lost.push(intent.clone());
            }
            self.insert(intent);
        }
        lost
    }

    /// Ids of rows up to this one are found on disk: nobody has to remember them.
    pub(super) fn may_forget(&mut self, listed: i64) {
        self.listed = listed;
    }

    /// How it stands with an id, without taking it.
    pub(super) fn look_up(&self, key: &Key, wish: &Wish) -> Option<Reserved> {
        let held = &self.intents[*self.by_key.get(key)?];
        if held.intent.wish != *wish {
            return Some(Reserved::Conflict);
        }
        match held.intent.state {
            State::Recorded | State::Sent => Some(Reserved::InFlight),
            State::NotSent => None,
            State::Done | State::Refused | State::Unknown | State::Acknowledged => {
                Some(Reserved::Known(Box::new(held.intent.clone())))
            }
        }
    }

    /// Takes an id for a wish, if it is free. The caller carries it out and tells how it ended.
    pub(super) fn reserve(
        &mut self,
        key: Key,
        wish: Wish,
        random: u64,
        received_ms: i64,
        timeline: Timeline,
    ) -> Reserved {
        if let Some(known) = self.look_up(&key, &wish) {
            return known;
        }
        if self.in_flight >= PLACING_MAX {
            return Reserved::Crowded;
        }
        if self.unknown.len() >= UNKNOWN_MAX {
            return Reserved::TooManyUnknown;
        }
        let token = self.free_token(random);
        if let Some(&slot) = self.by_key.get(&key) {
            let intent = &mut self.intents[slot].intent;
            self.by_token.remove(&intent.token);
            intent.apply(Event::Again);
            intent.token = token;
            intent.reason = Text::default();
            intent.code = Text::default();
            intent.received_ms = received_ms;
            intent.timeline = timeline;
            let intent = Box::new(intent.clone());
            self.by_token.insert(token, slot);
            self.in_flight += 1;
            return Reserved::New { intent, is_again: true };
        }
        let row = self.next_row;
        self.next_row += 1;
        let (reason, code, vt_orderid) = (Text::default(), Text::default(), None);
        let state = State::Recorded;
        let intent = Intent { key, row, token, wish, state, vt_orderid, reason, code, received_ms, timeline };
        self.insert(intent.clone());
        Reserved::New { intent: Box::new(intent), is_again: false }
    }

    /// Takes back a reservation of which nothing came to the disk.
    pub(super) fn abandon(&mut self, token: Token) {
        let Some(&slot) = self.by_token.get(&token) else { return };
        let held = &mut self.intents[slot];
        if held.intent.state != State::Recorded {
            return;
        }
        self.in_flight -= 1;
        if held.is_in_line {
            held.intent.state = State::NotSent;
            return;
        }
        self.forget(slot);
    }

    /// Takes in what was found on disk under an id that is not here; one that is here stays.
    pub(super) fn adopt(&mut self, mut intent: Intent) {
        if self.by_key.contains_key(&intent.key) || self.by_token.contains_key(&intent.token) {
            return;
        }
        if intent.state.is_in_flight() {
            intent.apply(Event::Lost);
        }
        self.insert(intent);
    }

    /// The intent of a token.
    pub(super) fn of_token(&self, token: Token) -> Option<&Intent> {
        self.by_token.get(&token).map(|slot| &self.intents[*slot].intent)
    }

    /// The intent of an id.
    pub(super) fn of_key(&self, key: &Key) -> Option<&Intent> {
        self.by_key.get(key).map(|slot| &self.intents[*slot].intent)
    }

    /// The intent of an order: by the order's id, or by the token in its reference.
    pub(super) fn of_order(&self, desk: &str, order: &OrderData) -> Option<&Intent> {
        self.slot_of(desk, order).map(|slot| &self.intents[slot].intent)
    }

    /// Takes an event of an intent in. The intent as it is then, where the event was possible.
    pub(super) fn apply(&mut self, token: Token, event: Event, change: impl FnOnce(&mut Intent)) -> Option<Intent> {
        let slot = *self.by_token.get(&token)?;
        let before = self.intents[slot].intent.state;
        let intent = &mut self.intents[slot].intent;
        if !intent.apply(event) {
            return None;
        }
        change(intent);
        // A fact that came before the answer is proof, whatever the answer says.
        let is_denied = matches!(intent.state, State::Unknown | State::Refused | State::NotSent);
        if is_denied && intent.vt_orderid.is_some() {
            intent.apply(Event::Seen);
            intent.code = Text::default();
            intent.reason = Text::default();
        }
        let intent = intent.clone();
        if let Some(id) = &intent.vt_orderid {
            self.by_order.entry(intent.key.desk.clone()).or_default().insert(id.clone(), slot);
        }
        self.count(slot, before, intent.state);
        Some(intent)
    }

    /// An order of that desk was seen, at this time of the timelines' clock.
    pub(super) fn observe(&mut self, desk: &str, order: &OrderData, now: u64) -> Noticed {
        let Some(slot) = self.slot_of(desk, order) else { return Noticed::default() };
        let intent = &mut self.intents[slot].intent;
        let mut noticed = Noticed::default();
        let stages = [(Stage::FirstEvent, true), (Stage::Filled, order.status == Status::AllTraded)];
        for (stage, is_reached) in stages {
            if is_reached && intent.timeline.mark(stage, now).is_some() {
                noticed.stages.push((stage, intent.timeline));
            }
        }
        if intent.vt_orderid.is_some() && !matches!(intent.state, State::Unknown | State::Refused | State::NotSent) {
            return noticed;
        }
        let before = intent.state;
        if !intent.apply(Event::Seen) {
            return noticed;
        }
        noticed.is_surprise = matches!(before, State::Refused | State::NotSent | State::Acknowledged);
        intent.vt_orderid = Some(order.vt_orderid.clone());
        if intent.state == State::Done {
            intent.code = Text::default();
            intent.reason = Text::default();
        }
        let (state, intent) = (intent.state, intent.clone());
        self.by_order.entry(intent.key.desk.clone()).or_default().insert(order.vt_orderid.clone(), slot);
        // An order in flight is written when its answer comes.
        noticed.changed = (!state.is_in_flight()).then(|| Box::new(intent));
        self.count(slot, before, state);
        noticed
    }

    /// Intents of unknown outcome, oldest first.
    pub(super) fn unknown(&self) -> Vec<Intent> {
        let mut all: Vec<Intent> = self.unknown.iter().map(|slot| self.intents[*slot].intent.clone()).collect();
        all.sort_by_key(|intent| intent.row);
        all
    }

    /// Whether a desk has intents of unknown outcome.
    pub(super) fn has_unknown(&self, desk: &str) -> bool {
        self.unknown.iter().any(|slot| self.intents[*slot].intent.key.desk == desk)
    }

    /// Number of intents of unknown outcome.
    pub(super) fn unknown_count(&self) -> usize {
        self.unknown.len()
    }

    /// Number of intents in flight.
    pub(super) fn in_flight_count(&self) -> usize {
        self.in_flight
    }

    /// A token decides. Without one the order's id does, but only for intents of this run and an order that fits: some
    /// gateways number anew each day.
    fn slot_of(&self, desk: &str, order: &OrderData) -> Option<usize> {
        if let (_, Some(token)) = token::unwrap(&order.reference) {
            let slot = *self.by_token.get(&token)?;
            return (self.intents[slot].intent.key.desk == desk).then_some(slot);
        }
        let slot = *self.by_order.get(desk)?.get(&order.vt_orderid)?;
        let (intent, request) = (&self.intents[slot].intent, &self.intents[slot].intent.wish.request);
        let fits = intent.timeline.is_seen()
            && request.symbol == order.symbol
            && request.exchange == order.exchange
            && order.direction.is_none_or(|direction| direction == request.direction);
        fits.then_some(slot)
    }

    fn insert(&mut self, intent: Intent) {
        self.next_row = self.next_row.max(intent.row + 1);
        let (key, token, state) = (intent.key.clone(), intent.token, intent.state);
        let order = intent.vt_orderid.clone();
        let slot = self.intents.insert(Box::new(Held { intent, is_in_line: false }));
        if let Some(id) = order {
            self.by_order.entry(key.desk.clone()).or_default().insert(id, slot);
        }
        self.by_token.insert(token, slot);
        self.by_key.insert(key, slot);
        self.in_flight += usize::from(state.is_in_flight());
        if state == State::Unknown {
            self.unknown.insert(slot);
        }
        self.line_up(slot);
    }

    fn count(&mut self, slot: usize, before: State, after: State) {
        self.in_flight = self.in_flight + usize::from(after.is_in_flight()) - usize::from(before.is_in_flight());
        if after == State::Unknown {
            self.unknown.insert(slot);
        } else {
            self.unknown.remove(&slot);
        }
        self.line_up(slot);
    }

    /// Puts an intent that has ended in line for leaving, and lets those leave that are too many.
    fn line_up(&mut self, slot: usize) {
        let held = &mut self.intents[slot];
        if held.intent.state.is_ended() && !held.is_in_line {
            held.is_in_line = true;
            self.ended.push_back(slot);
        }
        while self.ended.len() > self.kept {
            let Some(&oldest) = self.ended.front() else { return };
            let held = &mut self.intents[oldest];
            if held.intent.row > self.listed {
                return;
            }
            self.ended.pop_front();
            held.is_in_line = false;
            if held.intent.state.is_ended() {
                self.forget(oldest);
            }
        }
    }

    fn forget(&mut self, slot: usize) {
        let Held { intent, .. } = *self.intents.remove(slot);
        self.by_key.remove(&intent.key);
        self.by_token.remove(&intent.token);
        if let Some((orders, id)) = self.by_order.get_mut(&intent.key.desk).zip(intent.vt_orderid.as_ref()) {
            orders.remove(id);
        }
    }

    /// Two tokens are the same once in 10^18 times; then the next one is taken.
    fn free_token(&self, random: u64) -> Token {
        let mut tokens = (0..).map(|more: u64| Token::of(random.wrapping_add(more)));
        tokens.find(|token| !self.by_token.contains_key(token)).expect("fewer intents than tokens")
    }
}

#[cfg(test)]
mod tests;
