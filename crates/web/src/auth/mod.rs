//! Login and tokens.
//!
//! `POST /token` → [`Auth::login`]: may this user and address try now (`throttle`)? → wait for a turn on the few
//! threads that check passwords → `password` → a token (`tokens`). Every other request → [`Auth::user_of`].
//! Always true: a check costs the same for users that do not exist; no password and no token is logged; a
//! removed user's tokens and those older than a changed password are refused within seconds.

mod password;
mod secret;
mod throttle;
mod tokens;
mod users;

pub use secret::{Password, SigningKey};
pub use throttle::Throttle;
pub use tokens::{Claim, Tokens};
pub use users::{Stamp, User, UserError, UserFile};

use crate::limits;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Semaphore;
use tracing::{info, warn};

/// Milliseconds since 1970 UTC; given in, so that tests own the time.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The clock on the wall.
pub fn system_clock() -> Clock {
    Arc::new(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

/// The plain user of `web_trader_setting.json`; counts only while `users.json` has nobody.
#[derive(Clone, Debug)]
pub struct PlainUser {
    /// Name.
    pub name: String,
    /// Password as it stands in the file.
    pub password: Password,
}

/// Why a login did not give a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// No such user or not his password; which, is not told.
    #[error("incorrect username or password")]
    Wrong,
    /// Too many failures of late.
    #[error("too many failed logins")]
    Wait(Duration),
    /// Too many logins at once.
    #[error("too many logins at once")]
    Busy,
}

/// Login and tokens of one server.
pub struct Auth {
    clock: Clock,
    file: UserFile,
    plain: Option<PlainUser>,
    plain_digest: OnceLock<Vec<u8>>,
    users: RwLock<Loaded>,
    tokens: Tokens,
    throttle: Mutex<Throttle>,
    turns: Semaphore,
    queued: AtomicUsize,
}

#[derive(Default)]
struct Loaded {
    stamp: Stamp,
    users: HashMap<String, User>,
}

impl Auth {
    /// Reads the users.
    ///
    /// # Errors
    /// `users.json` is there and cannot be used.
    pub fn new(
        file: UserFile,
        plain: Option<PlainUser>,
        key: &SigningKey,
        clock: Clock,
    ) -> Result<Arc<Auth>, UserError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let loaded = load(&file)?;
        Ok(Arc::new(Auth {
            clock,
            file,
            plain,
            plain_digest: OnceLock::new(),
            users: RwLock::new(loaded),
            tokens: Tokens::new(key),
            throttle: Mutex::default(),
            // Half of the cores at most: the others go on answering.
            turns: Semaphore::new((cores / 2).clamp(1, 2)),
            queued: AtomicUsize::new(0),
        }))
    }

    /// Checks a password and makes a token.
    ///
    /// # Errors
    /// Wrong, too many failures of late, or too many at once.
    pub async fn login(
        self: &Arc<Auth>,
        user: &str,
        password: Password,
        address: IpAddr,
    ) -> Result<String, LoginError> {
        self.may_try(user, address)?;
        let _place = Place::take(&self.queued).ok_or(LoginError::Busy)?;
        let _turn = self.turns.acquire().await.map_err(|_| LoginError::Busy)?;
        // Others may have failed for this user while we waited.
        self.may_try(user, address)?;
        let (auth, name) = (Arc::clone(self), user.to_owned());
        let checking = tokio::task::spawn_blocking(move || auth.is_right(&name, &password));
        let right = checking.await.map_err(|_| LoginError::Busy)?;
        self.note(user, address, right);
        if right { Ok(self.tokens.make(user, self.now())) } else { Err(LoginError::Wrong) }
    }

    /// The user of a good token.
    pub fn user_of(&self, token: &[u8]) -> Option<Arc<str>> {
        let claim = self.tokens.check(token, self.now())?;
        self.still_stands(&claim).then_some(claim.user)
    }

    /// Reads `users.json` again if it has changed. Called every few seconds and before a login; reads a file.
    pub fn refresh(&self) {
        if self.file.stamp() == self.users().stamp {
            return;
        }
        match load(&self.file) {
            Ok(loaded) => {
                info!(users = loaded.users.len(), "users.json was read again");
                *self.users.write().unwrap_or_else(PoisonError::into_inner) = loaded;
                self.tokens.forget();
            }
            Err(error) => warn!(%error, "users.json cannot be used; the users of before stay"),
        }
    }

    /// Whether the plain password of `web_trader_setting.json` is in use.
    pub fn uses_plain_password(&self) -> bool {
        self.plain.is_some() && self.users().users.is_empty()
    }

    fn is_right(&self, user: &str, password: &Password) -> bool {
        self.refresh();
        let password = password.reveal();
        if password.len() > limits::CREDENTIAL_BYTES || password.is_empty() {
            return false;
        }
        let hash = self.users().users.get(user).map(|user| user.hash.clone());
        match (hash, self.plain.as_ref().filter(|_| self.uses_plain_password())) {
            (Some(hash), _) => password::verify(password, &hash),
            (None, Some(plain)) if plain.name == user => {
                password::same(password, plain.password.reveal(), &self.plain_digest)
            }
            (None, _) => password::pretend(password),
        }
    }

    fn still_stands(&self, claim: &Claim) -> bool {
        let made = claim.expires - limits::TOKEN_SECONDS;
        let users = self.users();
        match users.users.get(&*claim.user) {
            Some(user) => made >= user.changed,
            None => users.users.is_empty() && self.plain.as_ref().is_some_and(|plain| plain.name == *claim.user),
        }
    }

    fn may_try(&self, user: &str, address: IpAddr) -> Result<(), LoginError> {
        match self.throttle().wait_ms(self.now_ms(), user, address) {
            0 => Ok(()),
            wait => Err(LoginError::Wait(Duration::from_millis(wait))),
        }
    }

    fn note(&self, user: &str, address: IpAddr, right: bool) {
        let now = self.now_ms();
        if right {
            info!(%address, "login");
            self.throttle().succeeded(now, user, address);
        } else {
            warn!(%address, "failed login");
            self.throttle().failed(now, user, address);
        }
    }

    fn now(&self) -> i64 {
        (self.clock)().div_euclid(1000)
    }

    fn now_ms(&self) -> u64 {
        u64::try_from((self.clock)()).unwrap_or(0)
    }

    fn users(&self) -> std::sync::RwLockReadGuard<'_, Loaded> {
        self.users.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn throttle(&self) -> std::sync::MutexGuard<'_, Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn load(file: &UserFile) -> Result<Loaded, UserError> {
    // The stamp first: a change in between is then seen at the next look.
    let stamp = file.stamp();
    let users = file.list()?.into_iter().map(|user| (user.name.clone(), user)).collect();
    Ok(Loaded { stamp, users })
}

/// A place among the logins that wait.
struct Place<'a>(&'a AtomicUsize);

impl Place<'_> {
    fn take(queued: &AtomicUsize) -> Option<Place<'_>> {
        let place = Place(queued);
        (queued.fetch_add(1, Ordering::Relaxed) < limits::LOGIN_QUEUE).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Auth").field("file", &self.file).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
