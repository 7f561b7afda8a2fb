//! Order ids that users were given and whose event has not come yet: "after `POST /order` returned an id, the next
//! `GET /order` of that client contains it".

use super::limits::{OUTSTANDING_MAX, USERS_MAX};
use domain::VtOrderId;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// The ids by user.
#[derive(Default)]
pub(super) struct Settled {
    outstanding: Mutex<HashMap<String, VecDeque<VtOrderId>>>,
    /// Users with outstanding ids; lets the common `GET` and the common event pass without the lock.
    users: AtomicUsize,
    arrived: Notify,
}

impl Settled {
    /// A user was given this id.
    pub(super) fn given(&self, user: &str, id: VtOrderId) {
        let mut all = self.outstanding.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.contains_key(user) && all.len() >= USERS_MAX {
            all.clear();
        }
        let ids = all.entry(user.to_owned()).or_default();
        if ids.len() >= OUTSTANDING_MAX {
            ids.pop_front();
        }
        ids.push_back(id);
        self.users.store(all.len(), Ordering::Release);
    }

    /// Ids of a user that `is_there` does not know yet; the others are forgotten.
    pub(super) fn missing(&self, user: &str, is_there: impl Fn(&VtOrderId) -> bool) -> Vec<VtOrderId> {
        if self.users.load(Ordering::Acquire) == 0 {
            return Vec::new();
        }
        let mut all = self.outstanding.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(ids) = all.get_mut(user) else { return Vec::new() };
        ids.retain(|id| !is_there(id));
        let missing = ids.iter().cloned().collect();
        if ids.is_empty() {
            all.remove(user);
        }
        self.users.store(all.len(), Ordering::Release);
        missing
    }

    /// Forgets an id of a user: it was asked for and does not exist.
    pub(super) fn give_up(&self, user: &str, id: &VtOrderId) {
        self.missing(user, |known| known == id);
    }

    /// Orders have changed.
    pub(super) fn wake(&self) {
        if self.users.load(Ordering::Acquire) > 0 {
            self.arrived.notify_waiters();
        }
    }

    /// Resolves at the next [`Settled::wake`].
    pub(super) fn changed(&self) -> tokio::sync::futures::Notified<'_> {
        self.arrived.notified()
    }
}
