//! Bearer tokens: JWT with HS256, claims `sub` and `exp`, 30 minutes, as upstream's clients know them.
//!
//! Always true: only HS256 with our own key is taken, `exp` and `sub` are required, an audience is refused.
//! A signature is computed once per token: good tokens are kept, keyed by a hash with a random key and compared
//! in constant time.

use super::secret::SigningKey;
use crate::limits::{TOKEN_CACHE, TOKEN_SECONDS};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, PoisonError, RwLock};
use subtle::ConstantTimeEq;

/// Makes tokens and checks them.
pub struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
    rules: Validation,
    hasher: RandomState,
    good: RwLock<HashMap<u64, Good>>,
}

/// What a good token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who it was made for.
    pub user: Arc<str>,
    /// When it ends, in seconds since 1970 UTC.
    pub expires: i64,
    /// The login that it came from; `None` for one of the classic login.
    pub session: Option<Arc<str>>,
}

struct Good {
    token: Box<[u8]>,
    claim: Claim,
}

#[derive(Serialize)]
struct Made<'a> {
    sub: &'a str,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
}

#[derive(Deserialize)]
struct Read {
    sub: String,
    exp: f64,
    nbf: Option<f64>,
    aud: Option<serde_json::Value>,
    sid: Option<String>,
}

impl Tokens {
    /// Tokens of this key.
    pub fn new(key: &SigningKey) -> Tokens {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_required_spec_claims(&["exp", "sub"]);
        // Times and audience are checked here, with the caller's clock.
        (rules.validate_exp, rules.validate_nbf, rules.validate_aud) = (false, false, false);
        Tokens {
            signing: EncodingKey::from_secret(key.bytes()),
            checking: DecodingKey::from_secret(key.bytes()),
            rules,
            hasher: RandomState::new(),
            good: RwLock::default(),
        }
    }

    /// A token for a user, good for half an hour from `now` (seconds since 1970 UTC).
    pub fn make(&self, user: &str, now: i64) -> String {
        self.sign(&Made { sub: user, exp: now + TOKEN_SECONDS, sid: None })
    }

    /// The same as part of a session.
    pub fn make_of(&self, user: &str, session: &str, now: i64) -> String {
        self.sign(&Made { sub: user, exp: now + TOKEN_SECONDS, sid: Some(session) })
    }

    fn sign(&self, claims: &Made<'_>) -> String {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.signing).expect("an HMAC key signs HS256")
    }

    /// Who this token was made for; `None` if it is not one of ours or not good at `now`.
    pub fn check(&self, token: &[u8], now: i64) -> Option<Claim> {
        let slot = self.hasher.hash_one(token);
        if let Some(claim) = self.remembered(slot, token) {
            return Some(claim).filter(|claim| claim.expires > now);
        }
        let claim = self.read(token, now)?;
        self.remember(slot, token, &claim, now);
        Some(claim)
    }

    /// Forgets all checked tokens.
    pub fn forget(&self) {
        self.good.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn read(&self, token: &[u8], now: i64) -> Option<Claim> {
        let read = jsonwebtoken::decode::<Read>(token, &self.checking, &self.rules).ok()?.claims;
        let in_time = read.exp > now as f64 && read.nbf.is_none_or(|from| from <= now as f64);
        if !in_time || read.aud.is_some() {
            return None;
        }
        Some(Claim { user: read.sub.into(), expires: read.exp as i64, session: read.sid.map(Into::into) })
    }

    fn remembered(&self, slot: u64, token: &[u8]) -> Option<Claim> {
        let good = self.good.read().unwrap_or_else(PoisonError::into_inner);
        let entry = good.get(&slot)?;
        bool::from(entry.token.ct_eq(token)).then(|| entry.claim.clone())
    }

    fn remember(&self, slot: u64, token: &[u8], claim: &Claim, now: i64) {
        let mut good = self.good.write().unwrap_or_else(PoisonError::into_inner);
        if good.len() >= TOKEN_CACHE {
            good.retain(|_, entry| entry.claim.expires > now);
        }
        if good.len() < TOKEN_CACHE {
            good.insert(slot, Good { token: token.into(), claim: claim.clone() });
        }
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(…)")
    }
}
