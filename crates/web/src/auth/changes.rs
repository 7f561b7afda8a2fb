//! What users change about themselves, and admins about others, while the server runs.
//!
//! Files are written on a thread that may wait, of passwords as many at once as of logins; what was written counts at
//! once, and sessions that end by it close their streams. Always true: it is logged who changed what about whom; no
//! password is; nobody removes himself, and an admin is always left.

use super::open::OpenSession;
use super::settings::{Settings, SettingsError};
use super::{Auth, LoginError, Password, Role, Session, UserChange, UserError, UserFile};
use serde_json::{Map, Value};
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use tracing::info;

/// A user as admins see him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserReport {
    /// Name.
    pub name: String,
    /// What he may do.
    pub role: Role,
    /// Whether he stands in a configuration, where nothing is changed.
    pub configured: bool,
    /// Sessions that are open.
    pub sessions: usize,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The users do not allow it.
    #[error(transparent)]
    User(#[from] UserError),
    /// The present password is not right, or cannot be tried now.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// He stands in a configuration.
    #[error("{0} stands in a configuration file; users that are added here take over from him")]
    Configured(String),
    /// Nobody removes himself.
    #[error("nobody removes himself: another admin can")]
    Own,
    /// The thread that writes has panicked.
    #[error("a thread has panicked")]
    Thread,
}

impl Auth {
    /// Everybody who may log in, in the order in which they were added.
    ///
    /// # Errors
    /// `users.json` cannot be read.
    pub async fn reports(self: &Arc<Auth>) -> Result<Vec<UserReport>, ChangeError> {
        let auth = Arc::clone(self);
        let users = blocking(move || auth.file.list()).await?;
        let report = |name: &str, role, configured| {
            let sessions = self.open_sessions(name).len();
            UserReport { name: name.to_owned(), role, configured, sessions }
        };
        if let Some(plain) = self.plain.as_ref().filter(|_| users.is_empty()) {
            return Ok(vec![report(&plain.name, Role::Admin, true)]);
        }
        Ok(users.iter().map(|user| report(&user.name, user.role, false)).collect())
    }

    /// Adds a user, as `by` wishes. The first one ends the user of the configuration.
    ///
    /// # Errors
    /// As [`UserFile::add`].
    pub async fn add_user(
        self: &Arc<Auth>,
        by: &str,
        name: &str,
        password: Password,
        role: Role,
    ) -> Result<UserReport, ChangeError> {
        let (now, new) = (self.now(), name.to_owned());
        self.manage(move |file| file.add(&new, &password, role, now)).await?;
        info!(by, user = name, %role, "a user was added");
        Ok(self.report(name, role))
    }

    /// Changes a user, as `by` wishes. A new password ends all his sessions.
    ///
    /// # Errors
    /// As [`UserFile::update`], and for a user of the configuration.
    pub async fn update_user(
        self: &Arc<Auth>,
        by: &str,
        name: &str,
        change: UserChange,
    ) -> Result<UserReport, ChangeError> {
        self.is_of_file(name)?;
        let (now, changed, has_password) = (self.now(), name.to_owned(), change.password.is_some());
        let role = change.role;
        self.manage(move |file| file.update(&changed, change, now)).await?;
        if let Some(role) = role {
            info!(by, user = name, %role, "a user has another role");
        }
        if has_password {
            info!(by, user = name, "a user was given a new password");
            self.end_all_but(name, None).await;
        }
        let role = self.role_of(name).ok_or_else(|| UserError::Missing(name.to_owned()))?;
        Ok(self.report(name, role))
    }

    /// Removes a user, as `by` wishes; his sessions end.
    ///
    /// # Errors
    /// As [`UserFile::remove`], for oneself, and for a user of the configuration.
    pub async fn remove_user(self: &Arc<Auth>, by: &str, name: &str) -> Result<(), ChangeError> {
        self.is_of_file(name)?;
        if by == name {
            return Err(ChangeError::Own);
        }
        let removed = name.to_owned();
        self.manage(move |file| file.remove(&removed)).await?;
        info!(by, user = name, "a user was removed");
        // One of the same name who is added within the second must not find them open.
        self.end_all_but(name, None).await;
        Ok(())
    }

    /// A user's own new password; the session in which it is changed goes on, all his others end.
    ///
    /// # Errors
    /// The present password is wrong or cannot be tried now, the new one is none, or the file cannot be written.
    pub async fn change_password(
        self: &Arc<Auth>,
        session: &Session,
        current: Password,
        password: Password,
        address: IpAddr,
    ) -> Result<(), ChangeError> {
        self.is_of_file(&session.user)?;
        self.verify(&session.user, current, address).await?;
        let (now, name) = (self.now(), session.user.to_string());
        let kept = Some(session.key.to_string());
        let change = UserChange { role: None, password: Some(password), kept };
        self.manage(move |file| file.update(&name, change, now)).await?;
        info!(user = &*session.user, "a user changed his password");
        self.end_all_but(&session.user, Some(&session.key)).await;
        Ok(())
    }

    /// A user's sessions that were seen and go on, oldest first.
    pub fn open_sessions(&self, user: &str) -> Vec<OpenSession> {
        let mut open = self.open.of(user, self.now());
        open.retain(|one| self.stands(&Session { user: user.into(), expires: 0, key: Arc::clone(&one.key) }));
        open
    }

    /// Ends the session of this [`OpenSession::id`]; whether there was one.
    ///
    /// # Errors
    /// It could not be written down; the session goes on.
    pub async fn end_open_session(self: &Arc<Auth>, user: &str, id: &str) -> io::Result<bool> {
        let Some(found) = self.open_sessions(user).into_iter().find(|one| one.id == id) else { return Ok(false) };
        self.end_on_thread(vec![found.key]).await?;
        info!(user, "a user ended another of his sessions");
        Ok(true)
    }

    /// What a user has set.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn settings(self: &Arc<Auth>, user: &str) -> Result<Settings, SettingsError> {
        let (auth, user) = (Arc::clone(self), user.to_owned());
        settings_on_thread(move || auth.settings.read(&user)).await
    }

    /// Replaces what a user has set by what one who has seen `version` wishes. The version that it has now.
    ///
    /// # Errors
    /// It is at another version, there is too much, or the file cannot be written.
    pub async fn set_settings(
        self: &Arc<Auth>,
        user: &str,
        version: i64,
        data: Map<String, Value>,
    ) -> Result<i64, SettingsError> {
        let _turn = self.setting.lock().await;
        let (auth, user) = (Arc::clone(self), user.to_owned());
        settings_on_thread(move || auth.settings.replace(&user, version, data)).await
    }

    /// Changes the file; what it holds counts when this returns.
    async fn manage(
        self: &Arc<Auth>,
        change: impl FnOnce(&UserFile) -> Result<(), UserError> + Send + 'static,
    ) -> Result<(), ChangeError> {
        let _turn = self.turns.acquire().await.map_err(|_| LoginError::Busy)?;
        let auth = Arc::clone(self);
        blocking(move || {
            change(&auth.file)?;
            // Not `refresh`: two changes within one tick of the file system's clock look like one.
            auth.reload();
            Ok(())
        })
        .await
    }

    /// His tokens are too old by now; this ends those of the same second, and lists none of them any more.
    async fn end_all_but(self: &Arc<Auth>, user: &str, kept: Option<&Arc<str>>) {
        let open = self.open.of(user, self.now()).into_iter().map(|one| one.key);
        let ended: Vec<Arc<str>> = open.filter(|key| Some(key) != kept).collect();
        if ended.is_empty() {
            return;
        }
        if let Err(error) = self.end_on_thread(ended).await {
            tracing::error!(%error, user, "the end of his sessions could not be written down");
        }
    }

    async fn end_on_thread(self: &Arc<Auth>, keys: Vec<Arc<str>>) -> io::Result<()> {
        let auth = Arc::clone(self);
        tokio::task::spawn_blocking(move || auth.end_keys(&keys)).await.map_err(io::Error::other)?
    }

    fn is_of_file(&self, name: &str) -> Result<(), ChangeError> {
        let is_configured = self.is_plain(&self.users(), name);
        if is_configured { Err(ChangeError::Configured(name.to_owned())) } else { Ok(()) }
    }

    fn report(&self, name: &str, role: Role) -> UserReport {
        UserReport { name: name.to_owned(), role, configured: false, sessions: self.open_sessions(name).len() }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, UserError> + Send + 'static,
) -> Result<T, ChangeError> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|_| ChangeError::Thread)?;
    Ok(done?)
}

async fn settings_on_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SettingsError> + Send + 'static,
) -> Result<T, SettingsError> {
    let failed = |error| SettingsError::File { path: "settings".into(), source: io::Error::other(error) };
    tokio::task::spawn_blocking(work).await.map_err(failed)?
}
