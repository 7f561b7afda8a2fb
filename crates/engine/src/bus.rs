//! Who hears of which event: handlers of a kind, of one subject, and of everything, in this order.
//!
//! As in VeighNa the exact handlers come before the general ones. A handler cannot block, throw or reach the
//! world: it sees the books and may ask for commands, which are carried out within the same turn.

use crate::{Command, Event, Kind, Oms};
use domain::Text;
use rustc_hash::FxHashMap;

/// What a handler wants to hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Every event.
    All,
    /// Every event of a kind (`eTick.`).
    Kind(Kind),
    /// The events of a kind about one instrument, order or account (`eTick.rb2601.SHFE`).
    Subject(Kind, Text),
}

/// What a handler may see and do during an event.
pub struct Context<'a> {
    /// Microseconds since 1970 UTC.
    pub now_us: i64,
    /// The books; they already hold what the event tells.
    pub oms: &'a Oms,
    /// Commands to carry out after this event, in order.
    pub commands: &'a mut Vec<Command>,
}

/// Something that reacts to events: a strategy, a recorder, a rule.
pub trait Handler: Send {
    /// Hears of an event.
    fn on_event(&mut self, context: &mut Context<'_>, event: &Event);
}

/// The handlers and who wants what.
#[derive(Default)]
pub(crate) struct Bus {
    handlers: Vec<Box<dyn Handler>>,
    of_kind: [Vec<usize>; Kind::COUNT],
    of_subject: FxHashMap<(Kind, Text), Vec<usize>>,
    of_all: Vec<usize>,
}

impl Bus {
    pub(crate) fn register(&mut self, filters: &[Filter], handler: Box<dyn Handler>) {
        let id = self.handlers.len();
        self.handlers.push(handler);
        for filter in filters {
            match filter {
                Filter::All => self.of_all.push(id),
                Filter::Kind(kind) => self.of_kind[*kind as usize].push(id),
                Filter::Subject(kind, subject) => {
                    self.of_subject.entry((*kind, subject.clone())).or_default().push(id);
                }
            }
        }
    }

    pub(crate) fn dispatch(&mut self, context: &mut Context<'_>, event: &Event) {
        let Bus { handlers, of_kind, of_subject, of_all } = self;
        for id in &of_kind[event.kind() as usize] {
            handlers[*id].on_event(context, event);
        }
        if !of_subject.is_empty()
            && let Some(subject) = event.subject()
            && let Some(ids) = of_subject.get(&(event.kind(), subject.clone()))
        {
            for id in ids {
                handlers[*id].on_event(context, event);
            }
        }
        for id in of_all.iter() {
            handlers[*id].on_event(context, event);
        }
    }
}
