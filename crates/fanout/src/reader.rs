//! One reader of a [`Ring`]: what it wants, where it stands, and which snapshots it is owed. Pure.
//!
//! How data passes: `subscribe` makes a snapshot of each tag owed; `gather` hands out facts up to the snapshot that
//! is held, then says that the snapshot's turn has come, and from then on the tag's facts. Whoever drives it takes
//! the snapshot when told that one is needed, reads the ring's head at the same moment, and `hold`s it.
//!
//! Always true: a tag's facts are handed out exactly once, in the order of their numbers, from the snapshot's number
//! on; nothing with a number above a snapshot's goes out before it, and what a desk's reset made void is told before
//! anything newer. So the highest number that a client has seen is where it may resume, with the tags of which it
//! holds a snapshot that no reset has voided. Size: the set of tags, three numbers and what is owed.

use std::collections::VecDeque;

use crate::{Channels, Entry, Ring, Tag};

/// A reader of facts.
#[derive(Debug, Default)]
pub struct Reader {
    active: Channels,
    /// Not active before their snapshot went out.
    owed: VecDeque<Tag>,
    /// Number at which the snapshot of `owed[0]` was taken.
    held: Option<u64>,
    cursor: u64,
    resume: Option<u64>,
}

/// How a gathering ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing more for now.
    UpToDate,
    /// There was no room for more.
    Full,
    /// A snapshot has to be taken; nothing goes out before [`Reader::hold`].
    Needs(Tag),
    /// Now the snapshot that is held goes out.
    Snapshot(Tag),
    /// What the client holds of this desk is void; snapshots are owed.
    Reset { desk: u16, seq: u64 },
    /// Facts that it wanted have left the ring.
    Cut,
}

/// What one gathering may hand out.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    pub entries: usize,
    pub bytes: usize,
}

/// Why a resume was refused; snapshots will come instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoResume {
    #[error("the number lies in the future")]
    Future,
    #[error("something is subscribed already")]
    Following,
}

impl Reader {
    /// A reader that wants nothing yet and has passed `head`.
    #[must_use]
    pub fn new(head: u64) -> Self {
        Self { cursor: head, ..Self::default() }
    }

    /// Number of the last entry that it has passed: all that it wanted up to there was handed out.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Whether no snapshot is owed.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.owed.is_empty()
    }

    /// Whether a snapshot is held that has not gone out.
    #[must_use]
    pub fn is_holding(&self) -> bool {
        self.held.is_some()
    }

    /// Whether it follows the tag or is about to.
    #[must_use]
    pub fn wants(&self, tag: Tag) -> bool {
        self.active.contains(tag) || self.owed.contains(&tag)
    }

    /// The tags that it wants.
    pub fn tags(&self) -> impl Iterator<Item = Tag> {
        self.active.iter().chain(self.owed.iter().copied())
    }

    /// Continues where an earlier reader of the same client stood, with what the next `subscribe` names.
    ///
    /// # Errors
    /// The number is above the head, or something is subscribed already.
    pub fn resume<M>(&mut self, seq: u64, ring: &Ring<M>) -> Result<(), NoResume> {
        if seq > ring.head() {
            return Err(NoResume::Future);
        }
        if !self.active.is_empty() || !self.owed.is_empty() {
            return Err(NoResume::Following);
        }
        self.resume = Some(seq);
        self.cursor = seq;
        Ok(())
    }

    /// Wants these from now on; those that it wants already change nothing. Returns those for which a snapshot will
    /// come: what the client holds of them is void.
    pub fn subscribe<M>(&mut self, tags: impl IntoIterator<Item = Tag>, ring: &Ring<M>) -> Vec<Tag> {
        let resume = self.resume.take();
        if resume.is_none() && self.active.is_empty() && self.owed.is_empty() {
            self.cursor = ring.head();
        }
        let mut owed = Vec::new();
        for tag in tags {
            if self.wants(tag) {
                continue;
            }
            if resume.is_some_and(|seq| !ring.has_lost_of(seq, tag)) {
                self.active.insert(tag);
            } else {
                self.owed.push_back(tag);
                owed.push(tag);
            }
        }
        owed
    }

    /// Wants this no longer.
    pub fn unsubscribe(&mut self, tag: Tag) {
        self.active.remove(tag);
        if self.owed.front() == Some(&tag) {
            self.held = None;
        }
        self.owed.retain(|owed| *owed != tag);
    }

    /// A snapshot of the tag was taken, exact at number `seq`. False if it is of no use any more: take another if
    /// one is needed.
    pub fn hold(&mut self, tag: Tag, seq: u64) -> bool {
        let of_use = self.owed.front() == Some(&tag) && self.held.is_none() && seq >= self.cursor;
        if of_use {
            self.held = Some(seq);
        }
        of_use
    }

    /// Hands out what comes next, within `room`; the first fact always fits.
    pub fn gather<M>(&mut self, ring: &Ring<M>, room: Room, mut take: impl FnMut(u64, &M)) -> Next {
        if self.active.is_empty() && self.owed.is_empty() {
            // Before a resume has found its subscription, this is still where the client stands.
            if self.resume.is_none() {
                self.cursor = ring.head();
            }
            return Next::UpToDate;
        }
        if ring.has_lost(self.cursor, &self.active) {
            return Next::Cut;
        }
        let Some(until) = self.until(ring) else { return Next::Needs(self.owed[0]) };
        let (mut entries, mut room_bytes) = (0, room.bytes);
        for (number, entry) in ring.after(self.cursor).take_while(|(number, _)| *number <= until) {
            match entry {
                Entry::Fact { tag, message, bytes } if self.active.contains(*tag) => {
                    if entries > 0 && (entries >= room.entries || *bytes > room_bytes) {
                        return Next::Full;
                    }
                    entries += 1;
                    room_bytes = room_bytes.saturating_sub(*bytes);
                    take(number, message);
                }
                Entry::Reset { desk } if self.active.of_desk(*desk).next().is_some() => {
                    self.cursor = number;
                    self.owe_again(*desk);
                    return Next::Reset { desk: *desk, seq: number };
                }
                Entry::Reset { .. } | Entry::Fact { .. } => {}
            }
            self.cursor = number;
        }
        self.cursor = self.cursor.max(until);
        self.snapshot_or_done()
    }

    /// Up to where facts may go out; `None` while a snapshot has to be taken first.
    fn until<M>(&self, ring: &Ring<M>) -> Option<u64> {
        match self.held {
            Some(seq) => Some(seq),
            None if self.owed.is_empty() => Some(ring.head()),
            None => None,
        }
    }

    fn snapshot_or_done(&mut self) -> Next {
        if self.held.take().is_none() {
            return Next::UpToDate;
        }
        let tag = self.owed.pop_front().expect("a snapshot is held for the first that is owed");
        self.active.insert(tag);
        Next::Snapshot(tag)
    }

    fn owe_again(&mut self, desk: u16) {
        for tag in self.active.of_desk(desk) {
            self.active.remove(tag);
            self.owed.push_back(tag);
        }
    }
}

#[cfg(test)]
mod tests;
