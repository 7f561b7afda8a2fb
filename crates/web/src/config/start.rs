//! From a configuration to a listening socket and a login, or to a message that says what to do.
//!
//! Always true: with VeighNa's default password, or none, nothing but this machine reaches the page.

use super::{Config, DEFAULT_USER};
use crate::auth::{Auth, Clock, SigningKey, UserError};
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tracing::warn;

/// Why the web process does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The users cannot be used.
    #[error(transparent)]
    Users(#[from] UserError),
    /// The signing secret cannot be used.
    #[error("the signing secret cannot be kept in {}", folder.display())]
    Secret {
        /// The state folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}{hint}")]
    Bind {
        /// The address.
        address: String,
        /// Why.
        source: io::Error,
        /// What to do.
        hint: &'static str,
    },
    /// The default password, or none, on an address that others reach.
    #[error(
        "{address} can be reached by others, and the password is {problem}; \
         add a user of your own first: webtrader user add NAME"
    )]
    Exposed {
        /// The address.
        address: String,
        /// What is wrong with the password.
        problem: &'static str,
    },
}

impl Config {
    /// Login and tokens. Says in the log if the password still stands in a file, and how to leave that.
    ///
    /// # Errors
    /// Users or signing secret cannot be read or made.
    pub fn auth(&self, clock: Clock) -> Result<Arc<Auth>, StartError> {
        let path = self.state.join("signing-secret");
        let key = SigningKey::load_or_create(&path)
            .map_err(|source| StartError::Secret { folder: self.state.clone(), source })?;
        // Decided once: what was safe to start with must not change because the last user is removed later.
        let plain = self.users().list()?.is_empty().then(|| self.plain_user.value.clone());
        let auth = Auth::new(self.users(), plain, &key, clock)?;
        if auth.uses_plain_password() {
            warn!(source = %self.plain_user.source, "{}", plain_advice(&self.plain_user.value.name));
        }
        Ok(auth)
    }

    /// Listens where the configuration says, if that is safe.
    ///
    /// # Errors
    /// The address is taken or not ours, or others reach it and the password is VeighNa's default or empty.
    pub async fn bind(&self) -> Result<TcpListener, StartError> {
        let listen = &self.listen.value;
        let failed = |source: io::Error| {
            let hint = if source.kind() == io::ErrorKind::AddrInUse {
                " (is it running already? another port: --listen HOST:PORT)"
            } else {
                ""
            };
            StartError::Bind { address: listen.to_string(), source, hint }
        };
        let addresses = listen.addresses().await.map_err(failed)?;
        if !addresses.iter().all(is_loopback)
            && let Some(problem) = self.weak_password()?
        {
            return Err(StartError::Exposed { address: listen.to_string(), problem });
        }
        TcpListener::bind(addresses.as_slice()).await.map_err(failed)
    }

    /// What makes the password unfit for others to try, if anything.
    pub(super) fn weak_password(&self) -> Result<Option<&'static str>, UserError> {
        let users = self.users().list()?;
        if users.is_empty() {
            let plain = &self.plain_user.value;
            return Ok(match plain.password.reveal() {
                "" => Some("empty"),
                DEFAULT_USER => Some("VeighNa's default"),
                _ => None,
            });
        }
        let default = users.iter().find(|user| user.name == DEFAULT_USER);
        Ok(default.filter(|user| user.has_password(DEFAULT_USER)).map(|_| "VeighNa's default"))
    }
}

/// How to leave the plain password.
pub(super) fn plain_advice(name: &str) -> String {
    format!(
        "the password of {name} stands in plain text in the configuration; `webtrader user add {name}` keeps only a hash of a \
         password, and then the plain one is ignored"
    )
}

fn is_loopback(address: &SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}
