//! Things that must not be seen: a password in memory, the signing secret on disk.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

/// A password. `Debug` shows that there is one, never which.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Takes a password in.
    pub fn new(text: impl Into<String>) -> Password {
        Password(text.into())
    }

    /// The password itself. Not for logs, messages or headers.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl<'de> serde::Deserialize<'de> for Password {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Password, D::Error> {
        String::deserialize(deserializer).map(Password)
    }
}

/// Key of the tokens' signatures.
pub struct SigningKey([u8; KEY_BYTES]);

const KEY_BYTES: usize = 32;

impl SigningKey {
    /// A key that nobody else has and that is forgotten with the process.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn random() -> io::Result<SigningKey> {
        let mut key = [0; KEY_BYTES];
        getrandom::fill(&mut key).map_err(io::Error::other)?;
        Ok(SigningKey(key))
    }

    /// The key in this file; made, readable only by its owner, where there is none. Of two processes that
    /// start at once one makes it and both use it.
    ///
    /// # Errors
    /// The folder is not writable, or the file is there and is no key.
    pub fn load_or_create(path: &Path) -> io::Result<SigningKey> {
        if !path.exists() {
            let fresh = SigningKey::random()?;
            create_private(path, &fresh.0)?;
        }
        let bytes = std::fs::read(path)?;
        let key = <[u8; KEY_BYTES]>::try_from(bytes.as_slice()).map_err(|_| {
            let text =
                format!("{} is not a signing secret of {KEY_BYTES} bytes; remove it and log in anew", path.display());
            io::Error::new(io::ErrorKind::InvalidData, text)
        })?;
        close_to_others(path)?;
        Ok(SigningKey(key))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// Writes a file that only its owner may read, all of it or none, in place of what was there.
pub(super) fn replace_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let fresh = write_beside(path, content)?;
    std::fs::rename(&fresh, path).inspect_err(|_| _ = std::fs::remove_file(&fresh))
}

/// Writes a file that only its owner may read; leaves one that is there as it is.
fn create_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let fresh = write_beside(path, content)?;
    let linked = std::fs::hard_link(&fresh, path);
    std::fs::remove_file(&fresh)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn write_beside(path: &Path, content: &[u8]) -> io::Result<std::path::PathBuf> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut suffix = [0; 8];
    getrandom::fill(&mut suffix).map_err(io::Error::other)?;
    let fresh = path.with_extension(format!("{:016x}.tmp", u64::from_ne_bytes(suffix)));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&fresh)?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(fresh)
}

#[cfg(unix)]
fn close_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    tracing::warn!(path = %path.display(), "the signing secret was readable by others; now it is not");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}
