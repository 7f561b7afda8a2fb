//! Where a bridge listens: `tcp://host:port`, `tls://host:port` or `unix:/path`.
//!
//! Always true: a plain `tcp://` address is on loopback. What leaves the machine is `tls://`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A checked address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Plain TCP on loopback.
    Tcp {
        /// `localhost` or an address of loopback, without brackets.
        host: String,
        /// 0 lets the system choose one, for listening.
        port: u16,
    },
    /// TCP with TLS.
    Tls {
        /// Name or address, without brackets; `*` listens on all addresses.
        host: String,
        /// 0 lets the system choose one, for listening.
        port: u16,
    },
    /// A Unix socket.
    Unix(PathBuf),
}

/// What is wrong with the text of an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Another scheme.
    #[error("{0:?} is no address of a bridge: write tcp://host:port, tls://host:port or unix:/path")]
    Scheme(String),
    /// No host, no port, or not a number.
    #[error("{0:?} needs a host and a port from 0 to 65535: {1}host:port (an IPv6 address goes in brackets)")]
    HostPort(String, &'static str),
    /// The path is empty or longer than a socket's may be.
    #[error("{0:?} needs a path of 1 to 107 bytes after unix:")]
    Path(String),
    /// Plain TCP beyond loopback.
    #[error(
        "{0:?} leaves this machine without encryption. Write tls:// instead: the trading process makes itself a \
         certificate and tells its fingerprint, which the web process's configuration needs as `fingerprint`. Or listen \
         on tcp://127.0.0.1 and put a tunnel in front"
    )]
    Unprotected(String),
}

/// Longest path of a Unix socket on Linux, in bytes.
const PATH_BYTES: usize = 107;

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Address, AddressError> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("unix:") {
            let path = rest.strip_prefix("//").filter(|path| path.starts_with('/')).unwrap_or(rest);
            return match path.len() {
                1..=PATH_BYTES => Ok(Address::Unix(PathBuf::from(path))),
                _ => Err(AddressError::Path(text.into())),
            };
        }
        if let Some(rest) = text.strip_prefix("tls://") {
            let (host, port) = host_port(rest).ok_or_else(|| AddressError::HostPort(text.into(), "tls://"))?;
            return Ok(Address::Tls { host, port });
        }
        let rest = text.strip_prefix("tcp://").ok_or_else(|| AddressError::Scheme(text.into()))?;
        let (host, port) = host_port(rest).ok_or_else(|| AddressError::HostPort(text.into(), "tcp://"))?;
        match is_loopback(&host) {
            true => Ok(Address::Tcp { host, port }),
            false => Err(AddressError::Unprotected(text.into())),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, host, port) = match self {
            Address::Unix(path) => return write!(f, "unix:{}", path.display()),
            Address::Tcp { host, port } => ("tcp", host, port),
            Address::Tls { host, port } => ("tls", host, port),
        };
        match host.contains(':') {
            true => write!(f, "{scheme}://[{host}]:{port}"),
            false => write!(f, "{scheme}://{host}:{port}"),
        }
    }
}

fn host_port(text: &str) -> Option<(String, u16)> {
    let (host, port) = text.rsplit_once(':')?;
    let bare = match host.strip_prefix('[') {
        Some(inner) => inner.strip_suffix(']').filter(|inner| inner.parse::<std::net::Ipv6Addr>().is_ok())?,
        None => host,
    };
    let plain = !bare.is_empty() && !bare.contains(['/', '@', ' ', '[', ']']) && (host != bare || !bare.contains(':'));
    let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    (plain && digits).then(|| Some((bare.to_owned(), port.parse().ok()?)))?
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests;
