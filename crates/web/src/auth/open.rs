//! The sessions that were seen: who is logged in since when, from where, and with which program.
//!
//! A session lives in its tokens, so this is no more than a note of those that came by; a restart forgets them, and
//! each is noted again when it comes next. Always true: the list is bounded; an id that is shown says nothing about a
//! token; a session lasts as long as its newest token.

use super::tokens::Claim;
use crate::limits::{OPEN_SESSIONS, TOKEN_SECONDS};
use domain::Text;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// Characters of a program's name that are kept.
const AGENT_CHARS: usize = 256;

/// Where a request comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Client<'a> {
    /// Address, where it is known.
    pub address: Option<IpAddr>,
    /// `User-Agent`.
    pub agent: Option<&'a str>,
}

/// A session that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// A name for it that is no secret.
    pub id: Text,
    /// The login's id, as in [`Session`](super::Session).
    pub key: Arc<str>,
    /// When it began, in seconds since 1970 UTC; of one that was opened before a restart, when its token was made.
    pub since: i64,
    /// When it was last heard of, in seconds since 1970 UTC.
    pub last_seen: i64,
    /// Address that it was first seen from.
    pub remote: Option<IpAddr>,
    /// What its program calls itself.
    pub agent: Option<Text>,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Open {
    by_key: RwLock<HashMap<Arc<str>, Entry>>,
}

#[derive(Debug)]
struct Entry {
    id: Text,
    user: Arc<str>,
    since: i64,
    until: AtomicI64,
    last_seen: AtomicI64,
    remote: Option<IpAddr>,
    agent: Option<Text>,
}

impl Open {
    /// A good token of this session came by.
    pub(super) fn touch(&self, key: &str, claim: &Claim, client: Client<'_>, now: i64) {
        if let Some(entry) = self.entries().get(key) {
            entry.last_seen.store(now, Ordering::Relaxed);
            entry.until.fetch_max(claim.expires, Ordering::Relaxed);
            return;
        }
        let entry = Entry {
            id: fresh_id(),
            user: Arc::clone(&claim.user),
            since: claim.expires - TOKEN_SECONDS,
            until: AtomicI64::new(claim.expires),
            last_seen: AtomicI64::new(now),
            remote: client.address,
            agent: client.agent.map(|agent| agent.chars().filter(|c| !c.is_control()).take(AGENT_CHARS).collect()),
        };
        let mut entries = self.by_key.write().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut entries, now);
        entries.entry(key.into()).or_insert(entry);
    }

    /// It goes on, though no request came: it reads a stream.
    pub(super) fn heard(&self, key: &str, now: i64) {
        if let Some(entry) = self.entries().get(key) {
            entry.last_seen.store(now, Ordering::Relaxed);
        }
    }

    /// When the newest of its tokens that was seen expires.
    pub(super) fn until(&self, key: &str) -> Option<i64> {
        Some(self.entries().get(key)?.until.load(Ordering::Relaxed))
    }

    /// It has ended.
    pub(super) fn forget(&self, key: &str) {
        self.by_key.write().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// A user's sessions whose tokens have not expired, oldest first.
    pub(super) fn of(&self, user: &str, now: i64) -> Vec<OpenSession> {
        let entries = self.entries();
        let open = entries.iter().filter(|(_, entry)| *entry.user == *user && entry.is_open(now));
        let mut found: Vec<OpenSession> = open.map(|(key, entry)| entry.told(key)).collect();
        found.sort_by(|one, other| (one.since, &one.id).cmp(&(other.since, &other.id)));
        found
    }

    fn entries(&self) -> RwLockReadGuard<'_, HashMap<Arc<str>, Entry>> {
        self.by_key.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn is_open(&self, now: i64) -> bool {
        self.until.load(Ordering::Relaxed) > now
    }

    fn told(&self, key: &Arc<str>) -> OpenSession {
        OpenSession {
            id: self.id.clone(),
            key: Arc::clone(key),
            since: self.since,
            last_seen: self.last_seen.load(Ordering::Relaxed),
            remote: self.remote,
            agent: self.agent.clone(),
        }
    }
}

/// Those that have expired go first, else the one that was not heard of for longest.
fn make_room(entries: &mut HashMap<Arc<str>, Entry>, now: i64) {
    if entries.len() < OPEN_SESSIONS {
        return;
    }
    entries.retain(|_, entry| entry.is_open(now));
    if entries.len() >= OPEN_SESSIONS {
        let quietest = entries.iter().min_by_key(|(_, entry)| entry.last_seen.load(Ordering::Relaxed));
        if let Some(key) = quietest.map(|(key, _)| Arc::clone(key)) {
            entries.remove(&key);
        }
    }
}

fn fresh_id() -> Text {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("the system has randomness: the signing secret came from it");
    Text::from(format!("{:016x}", u64::from_ne_bytes(bytes)))
}
