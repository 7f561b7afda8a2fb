//! How both sides show that they know the secret without telling it. Pure.
//!
//! Each side's proof is the HMAC-SHA256 of its role, both nonces and the channel. The role keeps a proof from being
//! sent back as the other side's; the nonces keep it from being used twice; the channel (the fingerprint of the
//! certificate that this side sees, where there is TLS) keeps somebody between the two from passing it on.

use aws_lc_rs::{digest, hmac};
use std::fmt;
use std::str::FromStr;

/// Who proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Client,
    Server,
}

/// The channel as both sides see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    Unix,
    Tcp,
    Tls(Fingerprint),
}

/// What a proof is computed over.
#[derive(Clone, Debug)]
pub(crate) struct Challenge {
    pub(crate) client_nonce: String,
    pub(crate) server_nonce: String,
    pub(crate) channel: Channel,
}

/// SHA-256 of a certificate (its DER form).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

/// The text is no fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint has 64 hexadecimal digits, with or without colons")]
pub struct FingerprintError;

impl Fingerprint {
    /// Of a certificate in DER.
    pub fn of(der: &[u8]) -> Fingerprint {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest::digest(&digest::SHA256, der).as_ref());
        Fingerprint(bytes)
    }
}

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Fingerprint, FingerprintError> {
        let digits: String = text.trim().chars().filter(|c| *c != ':').collect();
        let bytes = unhex(&digits).ok_or(FingerprintError)?;
        Ok(Fingerprint(bytes.try_into().map_err(|_| FingerprintError)?))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Challenge {
    fn text(&self, role: Role) -> String {
        let role = match role {
            Role::Client => "client",
            Role::Server => "server",
        };
        let channel = match &self.channel {
            Channel::Unix => "unix".to_owned(),
            Channel::Tcp => "tcp".to_owned(),
            Channel::Tls(fingerprint) => format!("tls {fingerprint}"),
        };
        format!("webtrader-bridge 1 {role}\n{}\n{}\n{channel}\n", self.client_nonce, self.server_nonce)
    }

    /// The proof of a side, in hexadecimal digits.
    pub(crate) fn prove(&self, secret: &[u8], role: Role) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        hex(hmac::sign(&key, self.text(role).as_bytes()).as_ref())
    }

    /// Whether the other side's proof is right; the time that this takes tells nothing.
    pub(crate) fn holds(&self, secret: &[u8], role: Role, proof: &str) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        unhex(proof).is_some_and(|proof| hmac::verify(&key, self.text(role).as_bytes(), &proof).is_ok())
    }
}

/// 16 random bytes in hexadecimal digits.
pub(crate) fn nonce() -> String {
    random_hex::<16>()
}

/// Random bytes in hexadecimal digits.
pub(crate) fn random_hex<const N: usize>() -> String {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has random bytes");
    hex(&bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let bytes = digits.as_bytes();
    if !bytes.len().is_multiple_of(2) || bytes.len() > 128 {
        return None;
    }
    let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    bytes.chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

#[cfg(test)]
mod tests;
