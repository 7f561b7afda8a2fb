//! One order as it was meant, and how far it is known to have come. Pure.
//!
//! ```text
//! RECORDED ─► SENT ─► DONE | REFUSED | NOT_SENT | UNKNOWN
//!                                      │           └─► DONE | REFUSED | ACKNOWLEDGED
//!                                      └─► RECORDED (the same id once more)
//! ```
//!
//! Always true: DONE only with the id of an order that was sent; an order that shows our token is proof and beats any
//! word about it; nothing leads from UNKNOWN back to a second send.

use super::timeline::Timeline;
use super::token::Token;
use domain::{OrderRequest, Text, VtOrderId};
use std::fmt;

/// How far an intent is known to have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// On disk, not sent yet.
    Recorded,
    /// On its way to the trading process.
    Sent,
    /// An order exists.
    Done,
    /// The trading process took no order of it.
    Refused,
    /// It never left.
    NotSent,
    /// It left, or may have, and what came of it is not known.
    Unknown,
    /// It was unknown until a person said that they have dealt with it.
    Acknowledged,
}

/// What can happen to an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It is handed to the link.
    Sending,
    /// The trading process answered with the order's id.
    Accepted,
    /// The trading process answered that there is no order.
    Refused,
    /// The link says that it never left.
    NotSent,
    /// No answer: deadline, connection, or the end of this process.
    Lost,
    /// An order with its token was seen.
    Seen,
    /// A person has dealt with it.
    Acknowledged,
    /// The same id and content once more.
    Again,
}

/// The one transition table; `None` where the event cannot happen in that state.
pub(super) const fn step(state: State, event: Event) -> Option<State> {
    use Event as E;
    use State as S;
    match (state, event) {
        (S::Recorded, E::Sending) => Some(S::Sent),
        (S::Recorded | S::Sent, E::NotSent) => Some(S::NotSent),
        (S::Recorded | S::Sent | S::Unknown, E::Lost) => Some(S::Unknown),
        // The fact may overtake the answer; the answer says how it ended.
        (S::Sent, E::Seen) => Some(S::Sent),
        (S::Sent | S::Unknown | S::Done, E::Accepted) => Some(S::Done),
        (S::Sent | S::Unknown, E::Refused) => Some(S::Refused),
        (S::Unknown | S::Done | S::Refused | S::NotSent, E::Seen) => Some(S::Done),
        (S::Acknowledged, E::Seen) => Some(S::Acknowledged),
        (S::Unknown, E::Acknowledged) => Some(S::Acknowledged),
        (S::NotSent, E::Again) => Some(S::Recorded),
        (S::Recorded, E::Accepted | E::Refused | E::Seen | E::Acknowledged | E::Again)
        | (S::Sent, E::Sending | E::Acknowledged | E::Again)
        | (S::Done, E::Sending | E::Refused | E::NotSent | E::Lost | E::Acknowledged | E::Again)
        | (S::Refused, E::Sending | E::Accepted | E::Refused | E::NotSent | E::Lost | E::Acknowledged | E::Again)
        | (S::NotSent, E::Sending | E::Accepted | E::Refused | E::NotSent | E::Lost | E::Acknowledged)
        | (S::Unknown, E::Sending | E::NotSent | E::Again)
        | (
            S::Acknowledged,
            E::Sending | E::Accepted | E::Refused | E::NotSent | E::Lost | E::Acknowledged | E::Again,
        ) => None,
    }
}

impl State {
    /// All of them.
    pub const ALL: [State; 7] = [
        State::Recorded,
        State::Sent,
        State::Done,
        State::Refused,
        State::NotSent,
        State::Unknown,
        State::Acknowledged,
    ];

    /// The name on disk and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            State::Recorded => "RECORDED",
            State::Sent => "SENT",
            State::Done => "DONE",
            State::Refused => "REFUSED",
            State::NotSent => "NOT_SENT",
            State::Unknown => "UNKNOWN",
            State::Acknowledged => "ACKNOWLEDGED",
        }
    }

    /// The state of this name.
    pub fn from_name(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether somebody still carries it out.
    pub const fn is_in_flight(self) -> bool {
        matches!(self, State::Recorded | State::Sent)
    }

    /// Whether it may leave the memory: how it ended is known, or dealt with.
    pub const fn is_ended(self) -> bool {
        matches!(self, State::Done | State::Refused | State::NotSent | State::Acknowledged)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whose intent it is. Ids are a user's own, and each desk has its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Who sent it.
    pub user: Text,
    /// Name of the desk.
    pub desk: Text,
    /// The user's own id, or one that we made.
    pub client_order_id: Text,
}

/// What was asked for; two of the same id must be equal.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// The order, with the user's own reference.
    pub request: OrderRequest,
    /// The gateway, where the user named one.
    pub gateway: Option<Text>,
    /// What was asked for where the order was made from it: the wish to close a position.
    pub origin: Option<Text>,
}

/// One order as it was meant.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Whose.
    pub key: Key,
    /// Number of its row on disk.
    pub row: i64,
    /// By which its order is known again.
    pub token: Token,
    /// What was asked for.
    pub wish: Wish,
    /// How far it has come.
    pub state: State,
    /// The order, as soon as it is known.
    pub vt_orderid: Option<VtOrderId>,
    /// Why it stands as it does, in words; empty where there is nothing to say.
    pub reason: Text,
    /// Machine-readable reason; empty where there is none.
    pub code: Text,
    /// When it came, in milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// Its stages so far; empty for intents of an earlier run.
    pub timeline: Timeline,
}

impl Intent {
    /// Takes an event in. Whether it was possible; one that was not changes nothing.
    pub fn apply(&mut self, event: Event) -> bool {
        match step(self.state, event) {
            Some(next) => {
                self.state = next;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, State, step};

    const EVENTS: [Event; 8] = [
        Event::Sending,
        Event::Accepted,
        Event::Refused,
        Event::NotSent,
        Event::Lost,
        Event::Seen,
        Event::Acknowledged,
        Event::Again,
    ];

    #[test]
    fn only_what_certainly_never_left_is_ever_recorded_again() {
        for state in State::ALL {
            for event in EVENTS {
                if step(state, event) == Some(State::Recorded) {
                    assert_eq!((state, event), (State::NotSent, Event::Again));
                }
                if step(state, event) == Some(State::Sent) {
                    assert!(matches!((state, event), (State::Recorded, Event::Sending) | (State::Sent, Event::Seen)));
                }
            }
        }
    }

    #[test]
    fn what_was_sent_never_becomes_certainly_not_sent_without_the_links_word() {
        for state in State::ALL {
            for event in EVENTS {
                if step(state, event) == Some(State::NotSent) {
                    assert_eq!(event, Event::NotSent);
                    assert!(state.is_in_flight());
                }
            }
        }
    }

    #[test]
    fn an_order_that_was_seen_is_never_denied() {
        for state in State::ALL {
            let seen = step(state, Event::Seen);
            assert!(seen.is_none_or(|next| !matches!(next, State::NotSent | State::Refused | State::Unknown)));
        }
    }

    #[test]
    fn names_read_back() {
        for state in State::ALL {
            assert_eq!(State::from_name(state.name()), Some(state));
        }
        assert_eq!(State::from_name("LOST"), None);
    }
}
