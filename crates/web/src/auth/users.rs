//! `users.json` in the state folder: who may log in, with a role and with a hash of the password.
//!
//! Written by the server and, while it may run, by `webtrader user …`: whoever changes it locks the folder, replaces the
//! file in one step, and the server reads it again when it has changed. Always true: it holds no password, only its
//! owner may read it, and of the users in it one at least is an admin.

use super::password;
use super::role::Role;
use super::secret::{Password, replace_private};
use super::settings::SettingsFolder;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

const FORMAT: u32 = 1;
const NAME_BYTES: usize = 64;

/// One user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Name, as it is typed at login.
    pub name: String,
    /// Argon2id hash of the password, a PHC string.
    pub hash: String,
    /// When the password was set, in seconds since 1970 UTC. Tokens that are older are refused.
    pub changed: i64,
    /// What he may do. Not written for an admin, so that a program that knows no roles reads a file without others,
    /// and none with.
    #[serde(default, skip_serializing_if = "Role::is_admin")]
    pub role: Role,
    /// The login in which the password was set; its tokens stay good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
}

/// What is to change about a user; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// What he may do.
    pub role: Option<Role>,
    /// The new password; tokens of before end.
    pub password: Option<Password>,
    /// But for those of this login.
    pub kept: Option<String>,
}

/// The file.
#[derive(Clone, Debug)]
pub struct UserFile {
    path: PathBuf,
}

/// Tells whether a file is still the one that was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp(Option<(SystemTime, u64)>);

/// What can be wrong with users.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The file cannot be read or written.
    #[error("cannot use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not what `webtrader user` writes.
    #[error("{}: {reason}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column where there is one.
        reason: String,
    },
    /// There is such a user already.
    #[error("user {0} is there already; change the password with `webtrader user passwd {0}`")]
    Exists(String),
    /// There is no such user.
    #[error("there is no user {0}")]
    Missing(String),
    /// No name for a user.
    #[error("a user name has 1 to {NAME_BYTES} bytes and no control characters")]
    Name,
    /// No password.
    #[error("the password is empty")]
    Empty,
    /// Longer than a login takes.
    #[error("the password is longer than {0} bytes")]
    Long(usize),
    /// Nobody could decide any more who may log in.
    #[error("of the users one at least has to be an admin")]
    NoAdmin,
    /// Hashing failed.
    #[error("the password could not be hashed: {0}")]
    Hash(argon2::password_hash::Error),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    version: u32,
    users: Vec<User>,
}

impl User {
    /// Whether this is his password. Takes about 20 ms.
    pub fn has_password(&self, password: &str) -> bool {
        password::verify(password, &self.hash)
    }
}

impl UserFile {
    /// The file of a state folder; it need not exist.
    pub fn in_folder(state: &Path) -> UserFile {
        UserFile { path: state.join("users.json") }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// All users, in the order in which they were added.
    ///
    /// # Errors
    /// The file is there and cannot be read, or is not what `webtrader user` writes.
    pub fn list(&self) -> Result<Vec<User>, UserError> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(self.file_error(source)),
        };
        let content: Content = serde_json::from_str(&text).map_err(|error| self.format_error(error.to_string()))?;
        if content.version != FORMAT {
            return Err(self.format_error(format!("version {} is not {FORMAT}", content.version)));
        }
        match content.users.iter().find(|user| !password::is_hash(&user.hash)) {
            Some(user) => Err(self.format_error(format!("the hash of {} is no Argon2id hash", user.name))),
            None => Ok(content.users),
        }
    }

    /// Adds a user. `now` is in seconds since 1970 UTC.
    ///
    /// # Errors
    /// The name is taken or no name, the password is empty, the first user is no admin, or the file cannot be written.
    pub fn add(&self, name: &str, password: &Password, role: Role, now: i64) -> Result<(), UserError> {
        check_name(name)?;
        // Slow, so before the lock.
        let hash = hashed(password)?;
        self.change(|users| {
            if users.iter().any(|user| user.name == name) {
                return Err(UserError::Exists(name.to_owned()));
            }
            users.push(User { name: name.to_owned(), hash, changed: now, role, kept: None });
            Ok(())
        })
    }

    /// Gives a user a new password, another role, or both at once. `now` is in seconds since 1970 UTC.
    ///
    /// # Errors
    /// There is no such user, the password is empty, no admin would be left, or the file cannot be written.
    pub fn update(&self, name: &str, change: UserChange, now: i64) -> Result<(), UserError> {
        let hash = change.password.as_ref().map(hashed).transpose()?;
        self.change(|users| {
            let user = users.iter_mut().find(|user| user.name == name);
            let user = user.ok_or_else(|| UserError::Missing(name.to_owned()))?;
            user.role = change.role.unwrap_or(user.role);
            if let Some(hash) = hash {
                (user.hash, user.changed, user.kept) = (hash, now, change.kept);
            }
            Ok(())
        })
    }

    /// Gives a user a new password; tokens of before end.
    ///
    /// # Errors
    /// As [`UserFile::update`].
    pub fn set_password(&self, name: &str, password: &Password, now: i64) -> Result<(), UserError> {
        self.update(name, UserChange { password: Some(password.clone()), ..UserChange::default() }, now)
    }

    /// Removes a user with what he has set; his tokens end within seconds. The last one of all may be removed.
    ///
    /// # Errors
    /// There is no such user, only users who are no admins would be left, or the file cannot be written.
    pub fn remove(&self, name: &str) -> Result<(), UserError> {
        self.change(|users| {
            let before = users.len();
            users.retain(|user| user.name != name);
            if users.len() == before { Err(UserError::Missing(name.to_owned())) } else { Ok(()) }
        })?;
        SettingsFolder::in_folder(self.folder()).forget(name);
        Ok(())
    }

    /// The state folder.
    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or_else(|| Path::new("."))
    }

    /// The file's present state, to see a change by.
    pub fn stamp(&self) -> Stamp {
        let metadata = std::fs::metadata(&self.path).ok();
        Stamp(metadata.and_then(|metadata| Some((metadata.modified().ok()?, metadata.len()))))
    }

    /// Reads, changes and writes while nobody else does.
    fn change(&self, change: impl FnOnce(&mut Vec<User>) -> Result<(), UserError>) -> Result<(), UserError> {
        let _lock = self.lock().map_err(|source| self.file_error(source))?;
        let mut users = self.list()?;
        change(&mut users)?;
        if !users.is_empty() && !users.iter().any(|user| user.role == Role::Admin) {
            return Err(UserError::NoAdmin);
        }
        self.save(users)
    }

    /// Given back when the file is closed. The file of users is replaced, so its folder is what everybody can lock.
    #[cfg(unix)]
    fn lock(&self) -> io::Result<std::fs::File> {
        std::fs::create_dir_all(self.folder())?;
        let folder = std::fs::File::open(self.folder())?;
        folder.lock()?;
        Ok(folder)
    }

    #[cfg(not(unix))]
    #[allow(clippy::unused_self, clippy::unnecessary_wraps, reason = "as on other systems")]
    fn lock(&self) -> io::Result<()> {
        Ok(())
    }

    fn save(&self, users: Vec<User>) -> Result<(), UserError> {
        let content = Content { version: FORMAT, users };
        let mut text = serde_json::to_vec_pretty(&content).expect("strings and numbers are JSON");
        text.push(b'\n');
        replace_private(&self.path, &text).map_err(|source| self.file_error(source))
    }

    fn file_error(&self, source: io::Error) -> UserError {
        UserError::File { path: self.path.clone(), source }
    }

    fn format_error(&self, reason: String) -> UserError {
        UserError::Format { path: self.path.clone(), reason }
    }
}

fn check_name(name: &str) -> Result<(), UserError> {
    let fits = !name.is_empty() && name.len() <= NAME_BYTES && !name.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(UserError::Name) }
}

fn hashed(password: &Password) -> Result<String, UserError> {
    match password.reveal() {
        "" => Err(UserError::Empty),
        text if text.len() > crate::limits::CREDENTIAL_BYTES => Err(UserError::Long(crate::limits::CREDENTIAL_BYTES)),
        text => password::hash(text).map_err(UserError::Hash),
    }
}
