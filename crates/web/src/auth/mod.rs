//! Login and tokens.
//!
//! `POST /token` → [`Auth::login`]: may this user and address try now (`throttle`)? → wait for a turn on the few
//! threads that check passwords → `password` → a token (`tokens`). Every other request → [`Auth::user_of`].
//! The full API has sessions (`sessions`), which can be ended before their tokens expire; those that were seen are
//! listed (`open`). `changes` is what users change about themselves and admins about others.
//! Always true: a check costs the same for users that do not exist; no password and no token is logged; a
//! removed user's tokens and those older than a changed password are refused within seconds.

mod changes;
mod open;
mod password;
mod place;
mod role;
mod secret;
mod sessions;
mod settings;
mod throttle;
mod tokens;
mod users;

pub use changes::{ChangeError, UserReport};
pub use open::{Client, OpenSession};
pub use role::{NoRole, Role};
pub use secret::{Password, SigningKey};
pub use sessions::Session;
pub use settings::{Settings, SettingsError};
pub use throttle::Throttle;
pub use tokens::{Claim, Tokens};
pub use users::{Stamp, User, UserChange, UserError, UserFile};

use crate::limits;
use place::Place;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::AtomicUsize;
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
    ended: sessions::Ended,
    open: open::Open,
    settings: settings::SettingsFolder,
    /// Settings are changed one after the other.
    setting: tokio::sync::Mutex<()>,
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
        let ended = sessions::Ended::load(file.folder());
        let settings = settings::SettingsFolder::in_folder(file.folder());
        Ok(Arc::new(Auth {
            clock,
            file,
            plain,
            plain_digest: OnceLock::new(),
            users: RwLock::new(loaded),
            tokens: Tokens::new(key),
            ended,
            open: open::Open::default(),
            settings,
            setting: tokio::sync::Mutex::default(),
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
        agent: Option<&str>,
    ) -> Result<String, LoginError> {
        self.verify(user, password, address).await?;
        info!(%address, "login");
        let token = self.tokens.make(user, self.now());
        self.user_from(token.as_bytes(), Client { address: Some(address), agent });
        Ok(token)
    }

    /// Checks a password, as slow and as throttled for the one login as for the other.
    ///
    /// # Errors
    /// Wrong, too many failures of late, or too many at once.
    pub async fn verify(self: &Arc<Auth>, user: &str, password: Password, address: IpAddr) -> Result<(), LoginError> {
        self.may_try(user, address)?;
        let _place = Place::take(&self.queued).ok_or(LoginError::Busy)?;
        let _turn = self.turns.acquire().await.map_err(|_| LoginError::Busy)?;
        // Others may have failed for this user while we waited.
        self.may_try(user, address)?;
        let (auth, name) = (Arc::clone(self), user.to_owned());
        let checking = tokio::task::spawn_blocking(move || auth.is_right(&name, &password));
        let right = checking.await.map_err(|_| LoginError::Busy)?;
        self.note(user, address, right);
        if right { Ok(()) } else { Err(LoginError::Wrong) }
    }

    /// A new session of a user whose password was checked, and its first token.
    pub fn open_session(&self, user: &str, client: Client<'_>) -> (Session, String) {
        info!(address = client.address.map(tracing::field::display), "login");
        self.token_of(user.into(), sessions::fresh_key(), client)
    }

    /// A fresh token of the same session; one of the classic login becomes a session by that.
    pub fn refresh_session(&self, session: &Session, client: Client<'_>) -> (Session, String) {
        let is_classic = session.key.len() != 32;
        let key = if is_classic { sessions::fresh_key() } else { Arc::clone(&session.key) };
        self.token_of(Arc::clone(&session.user), key, client)
    }

    fn token_of(&self, user: Arc<str>, key: Arc<str>, client: Client<'_>) -> (Session, String) {
        let now = self.now();
        let token = self.tokens.make_of(&user, &key, now);
        let session = Session { user, expires: now + limits::TOKEN_SECONDS, key };
        // Streams of the session know by this that it lasts longer now.
        self.open.touch(&session.key, &session.claim(), client, now);
        (session, token)
    }

    /// Ends a session with all its tokens, for good. Writes a file.
    ///
    /// # Errors
    /// It could not be written down; the session goes on.
    pub fn end_session(&self, session: &Session) -> std::io::Result<()> {
        self.end_keys(&[Arc::clone(&session.key)])
    }

    fn end_keys(&self, keys: &[Arc<str>]) -> std::io::Result<()> {
        let now = self.now();
        self.ended.end(keys, now + limits::TOKEN_SECONDS, now)?;
        keys.iter().for_each(|key| self.open.forget(key));
        Ok(())
    }

    /// The user of a good token.
    pub fn user_of(&self, token: &[u8]) -> Option<Arc<str>> {
        let claim = self.good(token)?;
        Some(claim.user)
    }

    /// The same; notes that his session was seen.
    pub fn user_from(&self, token: &[u8], client: Client<'_>) -> Option<Arc<str>> {
        let claim = self.good(token)?;
        self.open.touch(key_of(&claim, token), &claim, client, self.now());
        Some(claim.user)
    }

    /// The session of a good token.
    pub fn session_of(&self, token: &[u8]) -> Option<Session> {
        let claim = self.good(token)?;
        let key = claim.session.clone().unwrap_or_else(|| key_of(&claim, token).into());
        Some(Session { user: claim.user, expires: claim.expires, key })
    }

    /// The same; notes that it was seen.
    pub fn session_from(&self, token: &[u8], client: Client<'_>) -> Option<Session> {
        let session = self.session_of(token)?;
        self.open.touch(&session.key, &session.claim(), client, self.now());
        Some(session)
    }

    fn good(&self, token: &[u8]) -> Option<Claim> {
        let claim = self.tokens.check(token, self.now())?;
        let key = key_of(&claim, token);
        let stays = self.stays(&claim.user, claim.expires, key);
        (stays && !self.ended.has(key)).then_some(claim)
    }

    /// Whether a session that was good goes on: a token of it has not expired, it was not ended, and its user stays.
    pub fn stands(&self, session: &Session) -> bool {
        let expires = self.open.until(&session.key).map_or(session.expires, |until| until.max(session.expires));
        expires > self.now() && self.is_allowed(session)
    }

    /// The same; of one that does it notes that it was seen.
    pub fn hears(&self, session: &Session) -> bool {
        let stands = self.stands(session);
        if stands {
            self.open.heard(&session.key, self.now());
        }
        stands
    }

    /// Whether a session was not ended by anybody; it may have run out of time.
    pub fn is_allowed(&self, session: &Session) -> bool {
        let expires = self.open.until(&session.key).map_or(session.expires, |until| until.max(session.expires));
        self.stays(&session.user, expires, &session.key) && !self.ended.has(&session.key)
    }

    /// What a user may do now; `None` where there is no such user.
    pub fn role_of(&self, user: &str) -> Option<Role> {
        let users = self.users();
        match users.users.get(user) {
            Some(user) => Some(user.role),
            None => self.is_plain(&users, user).then_some(Role::Admin),
        }
    }

    /// Changes whenever a session may have ended early; whoever holds one open asks [`Auth::stands`] then.
    pub fn endings(&self) -> tokio::sync::watch::Receiver<u64> {
        self.ended.watch()
    }

    /// Failures that this user may still make from this address before he has to wait.
    pub fn tries_left(&self, user: &str, address: IpAddr) -> u32 {
        self.throttle().left(self.now_ms(), user, address)
    }

    /// Reads `users.json` again if it has changed. Called every few seconds and before a login; reads a file.
    pub fn refresh(&self) {
        if self.file.stamp() == self.users().stamp {
            return;
        }
        self.reload();
    }

    fn reload(&self) {
        match load(&self.file) {
            Ok(loaded) => {
                info!(users = loaded.users.len(), "users.json was read again");
                *self.users.write().unwrap_or_else(PoisonError::into_inner) = loaded;
                self.tokens.forget();
                self.ended.tell();
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

    /// Whether the user is there and has no newer password than a token that expires then.
    fn stays(&self, user: &str, expires: i64, key: &str) -> bool {
        let made = expires - limits::TOKEN_SECONDS;
        let users = self.users();
        match users.users.get(user) {
            Some(user) => made >= user.changed || user.kept.as_deref() == Some(key),
            None => self.is_plain(&users, user),
        }
    }

    fn is_plain(&self, users: &Loaded, user: &str) -> bool {
        users.users.is_empty() && self.plain.as_ref().is_some_and(|plain| plain.name == user)
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

/// The session of a token. Of one without, its signature, which is what comes behind the last dot: nobody can change
/// a character of a token without it.
fn key_of<'a>(claim: &'a Claim, token: &'a [u8]) -> &'a str {
    let signature = || token.rsplit(|byte| *byte == b'.').next().and_then(|part| std::str::from_utf8(part).ok());
    claim.session.as_deref().or_else(signature).unwrap_or("")
}

fn load(file: &UserFile) -> Result<Loaded, UserError> {
    // The stamp first: a change in between is then seen at the next look.
    let stamp = file.stamp();
    let users = file.list()?.into_iter().map(|user| (user.name.clone(), user)).collect();
    Ok(Loaded { stamp, users })
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Auth").field("file", &self.file).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
