//! What a trading process keeps to itself: the secret, and the certificate with its key.
//!
//! Both lie in files that only their owner may read (0600), in the state folder. A file that others may read is refused:
//! it is no secret any more. What is not there is made.

use crate::limits::{KEY_FILE_BYTES, SECRET_BYTES_MIN};
use crate::proof::{Fingerprint, random_hex};
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Name of the secret's file in a state folder.
pub const TOKEN_FILE: &str = "bridge.token";
/// Name of the certificate's file in a state folder.
const CERTIFICATE_FILE: &str = "bridge.certificate.der";
/// Name of the certificate's key file in a state folder.
const KEY_FILE: &str = "bridge.key.der";

/// Bits that would let somebody else read.
const OTHERS: u32 = 0o077;

/// A shared secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

/// A certificate with its private key, both in DER.
#[derive(Clone)]
pub struct Certificate {
    pub(crate) der: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It cannot be read or made.
    #[error("{path}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Somebody else may read it.
    #[error("{0} may be read by others: run chmod 600 on it, and make a new secret if they were there")]
    Open(PathBuf),
    /// The secret is too short.
    #[error("{0} must hold at least {SECRET_BYTES_MIN} characters, for example from `openssl rand -hex 32`")]
    Short(PathBuf),
    /// A certificate could not be made.
    #[error("a certificate could not be made: {0}")]
    Certificate(String),
}

impl Secret {
    /// A secret that is known already; for tests and for callers that keep it elsewhere.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Secret {
        Secret(bytes.into())
    }

    /// Reads a file; white space around the secret does not count.
    ///
    /// # Errors
    /// It cannot be read, others may read it, or it is too short.
    pub fn read(path: &Path) -> Result<Secret, KeyError> {
        let bytes = read_private(path)?;
        let trimmed = bytes.trim_ascii();
        match trimmed.len() {
            SECRET_BYTES_MIN.. => Ok(Secret(trimmed.to_vec())),
            _ => Err(KeyError::Short(path.to_owned())),
        }
    }

    /// Reads a file, or makes it with a new random secret where it is not there.
    ///
    /// # Errors
    /// As [`Secret::read`], or it cannot be written.
    pub fn read_or_make(path: &Path) -> Result<Secret, KeyError> {
        if !path.exists() {
            write_private(path, format!("{}\n", random_hex::<32>()).as_bytes())?;
        }
        Secret::read(path)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Certificate {
    /// Reads certificate and key from a folder, or makes a self-signed pair where they are not there.
    ///
    /// # Errors
    /// A file cannot be read or written, or others may read it.
    pub fn read_or_make(folder: &Path) -> Result<Certificate, KeyError> {
        let (certificate, key) = (folder.join(CERTIFICATE_FILE), folder.join(KEY_FILE));
        if !certificate.exists() || !key.exists() {
            let made = Certificate::make()?;
            write_private(&key, &made.key)?;
            write_private(&certificate, &made.der)?;
        }
        Ok(Certificate { der: read_private(&certificate)?, key: read_private(&key)? })
    }

    /// A new self-signed certificate. Its names and dates mean nothing: the other side knows it by its fingerprint.
    ///
    /// # Errors
    /// The cryptography library failed.
    pub fn make() -> Result<Certificate, KeyError> {
        let failed = |error: rcgen::Error| KeyError::Certificate(error.to_string());
        let made = rcgen::generate_simple_self_signed(vec!["webtrader-bridge".to_owned()]).map_err(failed)?;
        Ok(Certificate { der: made.cert.der().to_vec(), key: made.signing_key.serialize_der() })
    }

    /// What the other side needs to know.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.der)
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.fingerprint())
    }
}

fn read_private(path: &Path) -> Result<Vec<u8>, KeyError> {
    let failed = |source| KeyError::File { path: path.to_owned(), source };
    let file = fs::File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.mode() & OTHERS != 0 {
        return Err(KeyError::Open(path.to_owned()));
    }
    let mut bytes = Vec::new();
    file.take(KEY_FILE_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Written beside and renamed, so that nobody reads half of it.
fn write_private(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    let write = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|source| KeyError::File { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests;
