//! `users.json` in the state folder: who may log in, with a hash of each password.
//!
//! Written by `webtrader user …` while the server may run, so it is replaced in one step and read again when it
//! has changed. Always true: it holds no password, and only its owner may read it.

use super::password;
use super::secret::{Password, replace_private};
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
    /// The name is taken or no name, the password is empty, or the file cannot be written.
    pub fn add(&self, name: &str, password: &Password, now: i64) -> Result<(), UserError> {
        check_name(name)?;
        let mut users = self.list()?;
        if users.iter().any(|user| user.name == name) {
            return Err(UserError::Exists(name.to_owned()));
        }
        users.push(User { name: name.to_owned(), hash: hashed(password)?, changed: now });
        self.save(users)
    }

    /// Gives a user a new password; tokens of before end.
    ///
    /// # Errors
    /// There is no such user, the password is empty, or the file cannot be written.
    pub fn set_password(&self, name: &str, password: &Password, now: i64) -> Result<(), UserError> {
        let mut users = self.list()?;
        let user = users.iter_mut().find(|user| user.name == name);
        let user = user.ok_or_else(|| UserError::Missing(name.to_owned()))?;
        user.hash = hashed(password)?;
        user.changed = now;
        self.save(users)
    }

    /// Removes a user; his tokens end within seconds.
    ///
    /// # Errors
    /// There is no such user, or the file cannot be written.
    pub fn remove(&self, name: &str) -> Result<(), UserError> {
        let mut users = self.list()?;
        let before = users.len();
        users.retain(|user| user.name != name);
        if users.len() == before {
            return Err(UserError::Missing(name.to_owned()));
        }
        self.save(users)
    }

    /// The file's present state, to see a change by.
    pub fn stamp(&self) -> Stamp {
        let metadata = std::fs::metadata(&self.path).ok();
        Stamp(metadata.and_then(|metadata| Some((metadata.modified().ok()?, metadata.len()))))
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
