//! Sessions of the full API, and which of them have been ended before their tokens did.
//!
//! A session is a login and all tokens that were made of it by refreshing. Its tokens are good by themselves, so an
//! end has to be remembered until the last of them would have expired; on disk, so that a restart brings none back.
//! A token of the classic login has no session of its own: its signature stands for it.
//!
//! Always true: an ended session is on disk before the user is told; the list is bounded.

use super::secret::replace_private;
use super::tokens::Claim;
use crate::limits::ENDED_SESSIONS;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::sync::watch;

/// Who a token stands for, and of which login it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The user.
    pub user: Arc<str>,
    /// When the token ends, in seconds since 1970 UTC.
    pub expires: i64,
    /// The login's id.
    pub key: Arc<str>,
}

impl Session {
    /// What its token says.
    pub(super) fn claim(&self) -> Claim {
        Claim { user: Arc::clone(&self.user), expires: self.expires, session: Some(Arc::clone(&self.key)) }
    }
}

/// The ended ones.
#[derive(Debug)]
pub(super) struct Ended {
    path: PathBuf,
    /// By key: when its last token expires, in seconds since 1970 UTC.
    until: RwLock<HashMap<Arc<str>, i64>>,
    writing: Mutex<()>,
    changed: watch::Sender<u64>,
}

impl Ended {
    /// Reads the list of the state folder. A file that cannot be read is said so and counts as empty.
    pub(super) fn load(folder: &Path) -> Ended {
        let path = folder.join("ended_sessions.json");
        let read: HashMap<Arc<str>, i64> = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                tracing::warn!(path = %path.display(), %error, "the list of ended sessions cannot be used");
                HashMap::new()
            }),
            Err(_) => HashMap::new(),
        };
        Ended { path, until: RwLock::new(read), writing: Mutex::default(), changed: watch::Sender::new(0) }
    }

    /// Whether this session was ended.
    pub(super) fn has(&self, key: &str) -> bool {
        let until = self.until.read().unwrap_or_else(PoisonError::into_inner);
        !until.is_empty() && until.contains_key(key)
    }

    /// Ends sessions whose tokens are all gone at `until`. Writes a file.
    pub(super) fn end(&self, keys: &[Arc<str>], until: i64, now: i64) -> io::Result<()> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = self.until.read().unwrap_or_else(PoisonError::into_inner).clone();
        next.retain(|_, until| *until > now);
        if next.len() + keys.len() > ENDED_SESSIONS {
            return Err(io::Error::other("too many sessions were ended of late"));
        }
        next.extend(keys.iter().map(|key| (Arc::clone(key), until)));
        let content = serde_json::to_vec(&next).map_err(io::Error::other)?;
        replace_private(&self.path, &content)?;
        *self.until.write().unwrap_or_else(PoisonError::into_inner) = next;
        self.tell();
        Ok(())
    }

    /// Whoever holds sessions open looks again whether they still stand.
    pub(super) fn tell(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    /// Changes whenever a session may have ended.
    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}

/// A key that no other login has.
pub(super) fn fresh_key() -> Arc<str> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system has randomness: the signing secret came from it");
    format!("{:032x}", u128::from_ne_bytes(bytes)).into()
}
