//! The newest quote of each instrument, ordered by when it last changed.
//!
//! Each `put` takes the next number of one counter, the *version*. A reader keeps the version that it has seen,
//! whatever it is behind by, and asks for what has changed since. Slots of one desk form a list from the quote that
//! changed last to the one that has been silent longest, so that asking costs as much as has changed, or as much as
//! is watched, whichever is less.
//!
//! Always true: along a desk's list versions fall; keys are given once, rising, and never taken back.

use std::sync::Arc;

use rustc_hash::FxHashMap;

const NONE: u32 = u32::MAX;

/// The newest quotes of all desks.
#[derive(Debug)]
pub struct Board<M> {
    bound: usize,
    version: u64,
    slots: Vec<Slot<M>>,
    desks: Vec<Desk>,
    refused: u64,
}

/// What is known of one instrument.
#[derive(Debug)]
pub struct Slot<M> {
    pub desk: u16,
    pub name: Arc<str>,
    pub item: M,
    /// When it last changed.
    pub version: u64,
    /// How often it was put.
    pub count: u64,
    older: u32,
    newer: u32,
}

#[derive(Debug)]
struct Desk {
    keys: FxHashMap<Arc<str>, u32>,
    newest: u32,
}

/// Which instruments of a desk are asked for.
#[derive(Debug, Clone, Copy)]
pub enum Watched<'a> {
    All,
    /// Keys in rising order.
    Keys(&'a [u32]),
}

impl<M> Board<M> {
    /// `bound`: instruments of all desks together. Full: a new instrument is refused and counted.
    #[must_use]
    pub fn new(bound: usize) -> Self {
        Self { bound: bound.min(NONE as usize), version: 0, slots: Vec::new(), desks: Vec::new(), refused: 0 }
    }

    /// Version of the last change; 0 before the first.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// All instruments; the index is the key.
    #[must_use]
    pub fn slots(&self) -> &[Slot<M>] {
        &self.slots
    }

    /// Quotes that found no room.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// Notes the newest quote of an instrument; false where the board is full.
    pub fn put(&mut self, desk: u16, name: &str, item: M) -> bool {
        self.put_with(desk, name, |_, _| item)
    }

    /// The same with an item that is made of the version it gets and of the item before it.
    pub fn put_with(&mut self, desk: u16, name: &str, make: impl FnOnce(u64, Option<&M>) -> M) -> bool {
        while self.desks.len() <= usize::from(desk) {
            self.desks.push(Desk { keys: FxHashMap::default(), newest: NONE });
        }
        match self.desks[usize::from(desk)].keys.get(name).copied() {
            Some(key) => self.change(key, make),
            None if self.slots.len() < self.bound => {
                let item = make(self.version + 1, None);
                self.add(desk, name, item);
            }
            None => {
                self.refused += 1;
                return false;
            }
        }
        true
    }

    /// Tells each watched quote of the desk that changed after version `since`, in no particular order.
    pub fn changed<'a>(&'a self, desk: u16, since: u64, watched: Watched<'_>, mut each: impl FnMut(u32, &'a Slot<M>)) {
        let Some(start) = self.desks.get(usize::from(desk)).map(|desk| desk.newest) else { return };
        let Watched::Keys(keys) = watched else {
            return self.walk(start, since, usize::MAX).for_each(|(key, slot)| each(key, slot));
        };
        // Not known before: how many have changed. So the walk is given as many steps as looking at each key costs.
        if self.walk(start, since, keys.len() + 1).count() <= keys.len() {
            let changed = self.walk(start, since, usize::MAX);
            changed.filter(|(key, _)| keys.binary_search(key).is_ok()).for_each(|(key, slot)| each(key, slot));
            return;
        }
        for key in keys {
            let slot = &self.slots[*key as usize];
            if slot.version > since {
                each(*key, slot);
            }
        }
    }

    fn walk(&self, start: u32, since: u64, steps: usize) -> impl Iterator<Item = (u32, &Slot<M>)> {
        let slot =
            move |key: u32| self.slots.get(key as usize).filter(|slot| slot.version > since).map(|slot| (key, slot));
        std::iter::successors(slot(start), move |(_, last)| slot(last.older)).take(steps)
    }

    fn add(&mut self, desk: u16, name: &str, item: M) {
        let key = self.slots.len() as u32;
        let name: Arc<str> = Arc::from(name);
        self.desks[usize::from(desk)].keys.insert(Arc::clone(&name), key);
        self.version += 1;
        self.slots.push(Slot { desk, name, item, version: self.version, count: 1, older: NONE, newer: NONE });
        self.link_newest(key);
    }

    fn change(&mut self, key: u32, make: impl FnOnce(u64, Option<&M>) -> M) {
        self.version += 1;
        let slot = &mut self.slots[key as usize];
        slot.item = make(self.version, Some(&slot.item));
        slot.version = self.version;
        slot.count += 1;
        if slot.newer != NONE {
            self.unlink(key);
            self.link_newest(key);
        }
    }

    /// Only for a slot that is not the newest.
    fn unlink(&mut self, key: u32) {
        let Slot { older, newer, .. } = self.slots[key as usize];
        self.slots[newer as usize].older = older;
        if older != NONE {
            self.slots[older as usize].newer = newer;
        }
    }

    fn link_newest(&mut self, key: u32) {
        let desk = usize::from(self.slots[key as usize].desk);
        let before = std::mem::replace(&mut self.desks[desk].newest, key);
        self.slots[key as usize].older = before;
        self.slots[key as usize].newer = NONE;
        if before != NONE {
            self.slots[before as usize].newer = key;
        }
    }
}

#[cfg(test)]
mod tests;
