//! Failed logins slow down: who guesses waits longer and longer, and nobody else does.
//!
//! Three tables. *User and address*: after a few wrong passwords the next try waits 1 s, 2 s, 4 s, … *Address*:
//! the same over all users, later, against one address that tries many names. *User*: an attack on one user from
//! many addresses slows down all addresses that never logged him in; the ones that did are not touched, so that
//! nobody can lock him out of his own desk. Pure: the time comes in. Every table is bounded; when one is full its
//! calmest entry goes.

use crate::limits::{FORGET_MS, FREE_PER_ADDRESS, FREE_PER_PAIR, FREE_PER_USER, LONGEST_WAIT_MS, THROTTLE_ENTRIES};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;

/// The failures of late.
#[derive(Debug, Default)]
pub struct Throttle {
    hasher: RandomState,
    pairs: Failures,
    addresses: Failures,
    users: Failures,
    /// Pairs that logged in, and when.
    known: Failures,
}

/// By the hash of whom they are about, so that an entry's size does not depend on a name's length.
#[derive(Debug, Default)]
struct Failures(HashMap<u64, Entry>);

#[derive(Clone, Copy, Debug)]
struct Entry {
    count: u32,
    last_ms: u64,
}

/// Who wants to log in from where, as keys of the tables.
#[derive(Clone, Copy, Debug)]
struct Keys {
    pair: u64,
    address: u64,
    user: u64,
}

impl Throttle {
    /// How long this login has to wait, in milliseconds; 0 if it may be tried now.
    pub fn wait_ms(&self, now_ms: u64, user: &str, address: IpAddr) -> u64 {
        let keys = self.keys(user, address);
        let pair = self.pairs.wait_ms(now_ms, keys.pair, FREE_PER_PAIR);
        let address = self.addresses.wait_ms(now_ms, keys.address, FREE_PER_ADDRESS);
        let is_known = self.known.0.contains_key(&keys.pair);
        let user = if is_known { 0 } else { self.users.wait_ms(now_ms, keys.user, FREE_PER_USER) };
        pair.max(address).max(user)
    }

    /// Failures of this user from this address before he has to wait.
    pub fn left(&self, now_ms: u64, user: &str, address: IpAddr) -> u32 {
        let keys = self.keys(user, address);
        let left = |table: &Failures, key, free: u32| {
            free.saturating_sub(table.0.get(&key).map_or(0, |entry| entry.remembered(now_ms)))
        };
        left(&self.pairs, keys.pair, FREE_PER_PAIR).min(left(&self.addresses, keys.address, FREE_PER_ADDRESS))
    }

    /// A wrong password, or no such user.
    pub fn failed(&mut self, now_ms: u64, user: &str, address: IpAddr) {
        let keys = self.keys(user, address);
        self.pairs.add(now_ms, keys.pair);
        self.addresses.add(now_ms, keys.address);
        self.users.add(now_ms, keys.user);
    }

    /// The right password. The address's other failures stay: else one account would pay for guessing others.
    pub fn succeeded(&mut self, now_ms: u64, user: &str, address: IpAddr) {
        let keys = self.keys(user, address);
        self.pairs.0.remove(&keys.pair);
        self.known.0.remove(&keys.pair);
        self.known.add(now_ms, keys.pair);
    }

    #[cfg(test)]
    pub(super) fn entries(&self) -> usize {
        [&self.pairs, &self.addresses, &self.users, &self.known].map(|table| table.0.len()).iter().sum()
    }

    fn keys(&self, user: &str, address: IpAddr) -> Keys {
        let network = network_of(address);
        Keys {
            pair: self.hasher.hash_one((user, network)),
            address: self.hasher.hash_one(network),
            user: self.hasher.hash_one(user),
        }
    }
}

impl Failures {
    fn wait_ms(&self, now_ms: u64, key: u64, free: u32) -> u64 {
        let Some(entry) = self.0.get(&key) else { return 0 };
        let Some(over) = entry.remembered(now_ms).checked_sub(free) else { return 0 };
        let wait = (1000 << over.min(16)).min(LONGEST_WAIT_MS);
        (entry.last_ms + wait).saturating_sub(now_ms)
    }

    fn add(&mut self, now_ms: u64, key: u64) {
        if self.0.len() >= THROTTLE_ENTRIES && !self.0.contains_key(&key) {
            self.make_room(now_ms);
        }
        let entry = self.0.entry(key).or_insert(Entry { count: 0, last_ms: now_ms });
        *entry = Entry { count: entry.remembered(now_ms).saturating_add(1), last_ms: now_ms };
    }

    /// Drops what is forgotten anyway, else the entry with the fewest failures, the oldest of those.
    fn make_room(&mut self, now_ms: u64) {
        self.0.retain(|_, entry| entry.remembered(now_ms) > 0);
        if self.0.len() >= THROTTLE_ENTRIES {
            let calmest = self.0.iter().min_by_key(|(_, entry)| (entry.remembered(now_ms), entry.last_ms));
            if let Some(key) = calmest.map(|(key, _)| *key) {
                self.0.remove(&key);
            }
        }
    }
}

impl Entry {
    /// One failure is forgotten per [`FORGET_MS`].
    fn remembered(&self, now_ms: u64) -> u32 {
        let forgotten = now_ms.saturating_sub(self.last_ms) / FORGET_MS;
        self.count.saturating_sub(u32::try_from(forgotten).unwrap_or(u32::MAX))
    }
}

/// Who has one IPv6 address has 2^64 of them: the network counts.
fn network_of(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() & !u128::from(u64::MAX),
    }
}
