//! Loading: once into a tree of its own, or again and again into the same memory.

use crate::allow::AllowList;
use crate::arena::Arena;
use crate::error::Error;
use crate::limits::Limits;
use crate::machine::Machine;
use crate::tree::{Store, Tree};

/// Reads one pickle. The tree borrows its strings from `bytes`.
///
/// # Errors
/// The first thing that is malformed, not allowed or beyond a limit, with its offset.
pub fn load<'a>(bytes: &'a [u8], allow: &'a AllowList, limits: &Limits) -> Result<Tree<'a>, Error> {
    let mut arena = Box::<Arena>::default();
    let root = Machine::new(bytes, &mut arena, allow, limits).run()?.pack();
    Ok(Tree { bytes, allow, store: Store::Owned(arena), root })
}

/// Reads pickles one after the other and keeps the memory in between: for a stream of events.
#[derive(Debug)]
pub struct Loader {
    allow: AllowList,
    limits: Limits,
    arena: Arena,
}

impl Loader {
    /// A loader that has no memory yet.
    #[must_use]
    pub fn new(allow: AllowList, limits: Limits) -> Self {
        Self { allow, limits, arena: Arena::default() }
    }

    /// Reads one pickle. The tree must be gone before the next is read.
    ///
    /// # Errors
    /// As for [`load`]; the loader is as good as new afterwards.
    pub fn load<'a>(&'a mut self, bytes: &'a [u8]) -> Result<Tree<'a>, Error> {
        self.arena.clear();
        let root = Machine::new(bytes, &mut self.arena, &self.allow, &self.limits).run()?.pack();
        Ok(Tree { bytes, allow: &self.allow, store: Store::Lent(&self.arena), root })
    }

    /// How many values fit the memory that is kept.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.arena.capacity()
    }
}
