//! What a user has set on the page: one small file of JSON for each user in the state folder.
//!
//! Always true: a file is replaced in one step, by somebody who has seen what it held; its name says nothing but the
//! user's name and cannot lead out of the folder; a user who is removed leaves nothing to the next one of that name.

use super::secret::replace_private;
use crate::limits::SETTINGS_BYTES;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::io;
use std::path::{Path, PathBuf};

/// A user's settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Rises with each change; 0 while nothing was set.
    pub version: i64,
    /// What was set; its meaning is the page's.
    pub data: Map<String, Value>,
}

/// Why settings were not kept.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// They were changed meanwhile.
    #[error("these settings are at version {0} by now: read them, and change those")]
    Conflict(i64),
    /// Too much.
    #[error("settings have at most {SETTINGS_BYTES} bytes as JSON")]
    TooLarge,
    /// The file cannot be read or written.
    #[error("cannot use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The files of all users.
#[derive(Clone, Debug)]
pub(super) struct SettingsFolder(PathBuf);

impl SettingsFolder {
    /// In a state folder; it need not exist.
    pub(super) fn in_folder(state: &Path) -> SettingsFolder {
        SettingsFolder(state.join("settings"))
    }

    /// What a user has set; nothing where there is no file, or none of ours.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub(super) fn read(&self, user: &str) -> Result<Settings, SettingsError> {
        let path = self.path(user);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                tracing::warn!(path = %path.display(), %error, "settings cannot be used and begin anew");
                Settings::default()
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Settings::default()),
            Err(source) => Err(SettingsError::File { path, source }),
        }
    }

    /// Replaces settings by those of a reader who has seen `version`. The version that they have now.
    ///
    /// # Errors
    /// They are at another version, there are too many, or the file cannot be written.
    pub(super) fn replace(&self, user: &str, version: i64, data: Map<String, Value>) -> Result<i64, SettingsError> {
        let stored = self.read(user)?.version;
        if stored != version {
            return Err(SettingsError::Conflict(stored));
        }
        let next = Settings { version: stored + 1, data };
        let content = serde_json::to_vec(&next).expect("a value is JSON");
        if content.len() > SETTINGS_BYTES {
            return Err(SettingsError::TooLarge);
        }
        let path = self.path(user);
        replace_private(&path, &content).map_err(|source| SettingsError::File { path, source })?;
        Ok(next.version)
    }

    /// Removes what a user has set.
    pub(super) fn forget(&self, user: &str) {
        let path = self.path(user);
        if let Err(error) = std::fs::remove_file(&path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(path = %path.display(), %error, "the settings of a user who was removed stay");
        }
    }

    /// The name in hexadecimal: a name may have any character, and some systems take two spellings for one file.
    fn path(&self, user: &str) -> PathBuf {
        let name: String = user.bytes().map(|byte| format!("{byte:02x}")).collect();
        self.0.join(format!("{name}.json"))
    }
}
