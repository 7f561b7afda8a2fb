//! Password hashes: Argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane), as PHC strings.
//!
//! Always true: a check costs the same whether or not there is such a user. Everything here is slow on
//! purpose (about 20 ms) and belongs on a blocking thread.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use std::sync::OnceLock;
use subtle::ConstantTimeEq;

/// Salt of hashes that are never stored: only their cost, or their equality within this process, counts.
const PASSING_SALT: &[u8; 16] = b"webtrader-passes";

/// The hash of a password, with a fresh random salt.
///
/// # Errors
/// The system has no randomness, or the password is longer than Argon2 takes (4 GiB).
pub(super) fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    let hash: PasswordHash = Argon2::default().hash_password(password.as_bytes())?;
    Ok(hash.to_string())
}

/// Whether this is a hash that [`verify`] can check.
pub(super) fn is_hash(text: &str) -> bool {
    PasswordHash::new(text).is_ok_and(|hash| hash.algorithm.as_str() == "argon2id" && hash.hash.is_some())
}

/// Whether the password has this hash; the comparison takes the same time wherever they differ.
pub(super) fn verify(password: &str, hash: &str) -> bool {
    let verifier = Argon2::default();
    PasswordHash::new(hash).is_ok_and(|hash| verifier.verify_password(password.as_bytes(), &hash).is_ok())
}

/// Takes as long as [`verify`] and is false: for users that do not exist.
pub(super) fn pretend(password: &str) -> bool {
    digest(password).is_empty()
}

/// Whether two passwords are the same, in the time that [`verify`] takes. `known` is digested once.
pub(super) fn same(password: &str, known: &str, known_digest: &OnceLock<Vec<u8>>) -> bool {
    let known = known_digest.get_or_init(|| digest(known));
    digest(password).ct_eq(known).into()
}

fn digest(password: &str) -> Vec<u8> {
    let mut out = vec![0; 32];
    Argon2::default()
        .hash_password_into(password.as_bytes(), PASSING_SALT, &mut out)
        .expect("salt and output have allowed lengths, and the password is bounded before");
    out
}
