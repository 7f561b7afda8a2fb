//! Where a socket connects to or listens: `tcp://host:port` or `ipc://path`, as ZeroMQ writes them.

use std::{fmt, path::PathBuf, str::FromStr};

/// Longest path of a Unix socket on Linux, in bytes.
const IPC_PATH_BYTES: usize = 107;

/// A parsed endpoint. Host names are resolved at each attempt to connect, not here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `host` is a name or an address without brackets; `*` means all IPv4 addresses and is for listening only.
    /// `port` 0 (also written `*`) lets the system choose one and is for listening only.
    Tcp { host: String, port: u16 },
    /// A Unix socket.
    Ipc(PathBuf),
}

/// What is wrong with the text of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    #[error("{0:?} is not an endpoint: it must start with tcp:// or ipc://")]
    Scheme(String),
    #[error("{0:?} has no port: write tcp://host:port")]
    NoPort(String),
    #[error("{0:?} has an empty host: write tcp://host:port, or tcp://*:port to listen on all addresses")]
    NoHost(String),
    #[error("{0:?} has a port that is not a number from 0 to 65535")]
    Port(String),
    #[error("{0:?} has a host that is not a name or an address (an IPv6 address goes in brackets)")]
    Host(String),
    #[error("{0:?} needs a path of 1 to {IPC_PATH_BYTES} bytes in the file system after ipc://")]
    Path(String),
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Some(address) = text.strip_prefix("tcp://") {
            parse_tcp(text, address)
        } else if let Some(path) = text.strip_prefix("ipc://") {
            parse_ipc(text, path)
        } else {
            Err(EndpointError::Scheme(text.into()))
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "tcp://[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "tcp://{host}:{port}"),
            Self::Ipc(path) => write!(f, "ipc://{}", path.display()),
        }
    }
}

impl Endpoint {
    /// True where only this machine can reach a listener here: a Unix socket or a loopback address.
    /// Names other than `localhost` count as reachable from outside.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Ipc(_) => true,
            Self::Tcp { host, .. } => {
                host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
            }
        }
    }
}

fn parse_tcp(text: &str, address: &str) -> Result<Endpoint, EndpointError> {
    let (host, port) = address.rsplit_once(':').ok_or_else(|| EndpointError::NoPort(text.into()))?;
    // Without this, the last group of a bare IPv6 address would pass for a port.
    let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host = match bracketed {
        Some(inner) if inner.parse::<std::net::Ipv6Addr>().is_ok() => inner,
        None if host.is_empty() => return Err(EndpointError::NoHost(text.into())),
        None if is_name(host) => host,
        _ => return Err(EndpointError::Host(text.into())),
    };
    let port = match port {
        "*" => 0,
        // `parse` alone would take "+5".
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse().map_err(|_| EndpointError::Port(text.into()))?
        }
        _ => return Err(EndpointError::Port(text.into())),
    };
    Ok(Endpoint::Tcp { host: host.into(), port })
}

fn is_name(host: &str) -> bool {
    host == "*" || host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

fn parse_ipc(text: &str, path: &str) -> Result<Endpoint, EndpointError> {
    // libzmq's wildcard and Linux's abstract names have no file; neither is of use between two configured processes.
    let usable = !path.is_empty()
        && path.len() <= IPC_PATH_BYTES
        && !path.contains('\0')
        && path != "*"
        && !path.starts_with('@');
    if usable { Ok(Endpoint::Ipc(path.into())) } else { Err(EndpointError::Path(text.into())) }
}

#[cfg(test)]
mod tests;
