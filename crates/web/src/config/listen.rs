//! Where the page is: a host and a port, and who can reach it.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

/// A host, by name or address, and a port; port 0 lets the system choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    /// Name or address, an IPv6 address without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
}

/// What is wrong with a place to listen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListenError {
    /// No host.
    #[error("{0:?} names no host: write HOST:PORT, such as 127.0.0.1:8000 or [::1]:8000")]
    Host(String),
    /// No port, or none that there is.
    #[error("{0:?} has no port between 0 and 65535: write HOST:PORT, such as 127.0.0.1:8000")]
    Port(String),
}

impl Listen {
    /// The addresses behind the host.
    ///
    /// # Errors
    /// The name is not known here.
    pub async fn addresses(&self) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((self.host.as_str(), self.port)).await?.collect())
    }

    /// Whether only this machine reaches it, as far as the name itself tells. Other names are judged by their
    /// addresses when they are looked up.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self.host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
    }
}

impl FromStr for Listen {
    type Err = ListenError;

    fn from_str(text: &str) -> Result<Listen, ListenError> {
        let text = text.trim();
        let (host, port) = text.rsplit_once(':').ok_or_else(|| ListenError::Port(text.to_owned()))?;
        let port = port.parse().map_err(|_| ListenError::Port(text.to_owned()))?;
        let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(host) => host,
            None if host.contains(':') => return Err(ListenError::Host(text.to_owned())),
            None => host,
        };
        let named = !host.is_empty() && !host.contains(char::is_whitespace) && !host.contains('/');
        if named { Ok(Listen { host: host.to_owned(), port }) } else { Err(ListenError::Host(text.to_owned())) }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}
