//! Which instruments a reader watches, and which of the board's keys that are.
//!
//! Pure. Always true: a `Watch` is sorted and without doubles, so that equal wishes are equal values and readers
//! with equal wishes share their frames. Names are kept, not keys: an instrument may be watched before its first
//! tick, and nobody fills a table with names that do not exist.

use domain::Text;
use fanout::{Board, Watched};
use std::sync::Arc;

/// The instruments that are watched, by desk, and bar lines by desk numbers of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Watch {
    desks: Vec<Names>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Names {
    all: bool,
    exact: Vec<Text>,
    globs: Vec<Text>,
}

/// The board's keys of a watch, as far as the board had instruments when last looked at.
#[derive(Debug, Default)]
pub(super) struct Keys {
    desks: Vec<Vec<u32>>,
    looked_at: usize,
}

impl Watch {
    /// Adds or takes out a name or a text with one `*`.
    pub(super) fn set(&mut self, desk: usize, pattern: &Text, on: bool) {
        if self.desks.len() <= desk {
            self.desks.resize(desk + 1, Names::default());
        }
        let names = &mut self.desks[desk];
        if pattern == "*" {
            names.all = on;
            return;
        }
        let list = if pattern.contains('*') { &mut names.globs } else { &mut names.exact };
        match (list.binary_search(pattern), on) {
            (Err(place), true) => list.insert(place, pattern.clone()),
            (Ok(place), false) => {
                list.remove(place);
            }
            _ => {}
        }
        while self.desks.last().is_some_and(Names::is_empty) {
            self.desks.pop();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.desks.iter().all(Names::is_empty)
    }

    /// Patterns in it.
    pub(super) fn len(&self) -> usize {
        self.desks.iter().map(|names| usize::from(names.all) + names.exact.len() + names.globs.len()).sum()
    }

    pub(super) fn matches(&self, desk: usize, name: &str) -> bool {
        self.desks.get(desk).is_some_and(|names| names.matches(name))
    }

    /// What is in both, as far as it is said with the same pattern.
    pub(super) fn common(&self, other: &Watch) -> Arc<Watch> {
        let both = |(one, other): (&Names, &Names)| Names {
            all: one.all && other.all,
            exact: one.exact.iter().filter(|name| other.exact.binary_search(name).is_ok()).cloned().collect(),
            globs: one.globs.iter().filter(|glob| other.globs.binary_search(glob).is_ok()).cloned().collect(),
        };
        Arc::new(Watch { desks: self.desks.iter().zip(&other.desks).map(both).collect() })
    }

    /// Desks of which something is watched.
    pub(super) fn desks(&self) -> impl Iterator<Item = usize> {
        self.desks.iter().enumerate().filter(|(_, names)| !names.is_empty()).map(|(desk, _)| desk)
    }
}

impl Names {
    fn is_empty(&self) -> bool {
        !self.all && self.exact.is_empty() && self.globs.is_empty()
    }

    fn matches(&self, name: &str) -> bool {
        self.all
            || self.exact.binary_search_by(|exact| exact.as_str().cmp(name)).is_ok()
            || self.globs.iter().any(|glob| glob_matches(glob, name))
    }
}

impl Keys {
    /// Looks at the instruments that have come since the last time.
    pub(super) fn update<M>(&mut self, watch: &Watch, board: &Board<M>) {
        self.desks.resize_with(watch.desks.len(), Vec::new);
        for (key, slot) in board.slots().iter().enumerate().skip(self.looked_at) {
            let desk = usize::from(slot.desk);
            if watch.matches(desk, &slot.name) && !watch.desks[desk].all {
                self.desks[desk].push(key as u32);
            }
        }
        self.looked_at = board.slots().len();
    }

    pub(super) fn of_desk<'a>(&'a self, watch: &Watch, desk: usize) -> Watched<'a> {
        if watch.desks[desk].all { Watched::All } else { Watched::Keys(&self.desks[desk]) }
    }
}

fn glob_matches(glob: &str, name: &str) -> bool {
    let Some((start, end)) = glob.split_once('*') else { return glob == name };
    name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
}
