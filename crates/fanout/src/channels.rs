//! A set of tags: which kinds of facts of which desks a reader wants.
//!
//! Always true: one word per desk up to the highest that was named, so a reader's set is a few bytes.

use crate::Tag;

/// A set of [`Tag`]s.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Channels {
    masks: Vec<u32>,
}

impl Channels {
    /// Channels that a desk can have.
    pub const MAX: u8 = 32;

    #[must_use]
    pub fn contains(&self, tag: Tag) -> bool {
        self.mask(tag.desk) & bit(tag) != 0
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.masks.iter().all(|mask| *mask == 0)
    }

    /// Adds a tag; false if it was there.
    pub fn insert(&mut self, tag: Tag) -> bool {
        let desk = usize::from(tag.desk);
        if self.masks.len() <= desk {
            self.masks.resize(desk + 1, 0);
        }
        let is_new = !self.contains(tag);
        self.masks[desk] |= bit(tag);
        is_new
    }

    /// Takes a tag out; false if it was not there.
    pub fn remove(&mut self, tag: Tag) -> bool {
        let was_there = self.contains(tag);
        if was_there {
            self.masks[usize::from(tag.desk)] &= !bit(tag);
        }
        was_there
    }

    /// All tags, by desk and channel.
    pub fn iter(&self) -> impl Iterator<Item = Tag> {
        (0u16..).zip(&self.masks).flat_map(|(desk, mask)| {
            let tags = (0..Self::MAX).map(move |channel| Tag { desk, channel });
            tags.filter(move |tag| mask & bit(*tag) != 0)
        })
    }

    /// The tags of one desk.
    pub fn of_desk(&self, desk: u16) -> impl Iterator<Item = Tag> + use<> {
        let mask = self.mask(desk);
        (0..Self::MAX).map(move |channel| Tag { desk, channel }).filter(move |tag| mask & bit(*tag) != 0)
    }

    fn mask(&self, desk: u16) -> u32 {
        self.masks.get(usize::from(desk)).copied().unwrap_or(0)
    }
}

fn bit(tag: Tag) -> u32 {
    debug_assert!(tag.channel < Channels::MAX);
    1 << (tag.channel % Channels::MAX)
}
