//! As much of an HTTP client as it takes to load a server, with as few system calls as possible.
//!
//! `head` reads answers' heads, [`load`] drives connections in closed loops, and this file builds requests and does
//! single ones. Bodies are read into one buffer that is used again and again, and thrown away.

mod head;
pub(crate) mod load;

use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

pub(crate) use head::Head;

/// Longest that a server may think about one request. The incumbent needs seconds for 16 large lists.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// A reading buffer that stays in the processor's cache.
pub(crate) const BUFFER: usize = 256 << 10;

/// An answer to a single request.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }
}

/// A request as bytes; `headers` are whole lines with their line breaks.
pub(crate) fn request(method: &str, path: &str, token: &str, headers: &str, body: &str) -> Vec<u8> {
    let authorization = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    format!("{method} {path} HTTP/1.1\r\nHost: bench\r\n{authorization}{headers}{length}\r\n{body}").into_bytes()
}

/// The form that logs a user in.
pub(crate) fn login(user: &str, password: &str) -> Vec<u8> {
    let form = format!("username={user}&password={password}");
    request("POST", "/token", "", "Content-Type: application/x-www-form-urlencoded\r\n", &form)
}

/// Sends one request on a connection of its own.
pub(crate) fn once(address: SocketAddr, request: &[u8]) -> Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    stream.write_all(request)?;
    let mut received = Vec::new();
    let mut buffer = vec![0; BUFFER];
    loop {
        if let Some(head) = Head::parse(&received)? {
            let end = head.bytes + head.body;
            if received.len() >= end {
                let text = String::from_utf8_lossy(&received[..head.bytes]).into_owned();
                return Ok(Answer { status: head.status, head: text, body: received[head.bytes..end].to_vec() });
            }
        }
        match stream.read(&mut buffer)? {
            0 => bail!("the server closed the connection before its answer was whole"),
            read => received.extend_from_slice(&buffer[..read]),
        }
    }
}

/// Sends one request that has to be answered with 200.
pub(crate) fn succeed(address: SocketAddr, request: &[u8]) -> Result<Answer> {
    let answer = once(address, request)?;
    if answer.status != 200 {
        let first = String::from_utf8_lossy(request.split(|byte| *byte == b'\r').next().unwrap_or_default());
        bail!("{first}: {}{}", answer.head, String::from_utf8_lossy(&answer.body));
    }
    Ok(answer)
}

/// Logs in and returns the token.
pub(crate) fn token(address: SocketAddr, user: &str, password: &str) -> Result<String> {
    let answer = succeed(address, &login(user, password))?;
    let body: serde_json::Value = serde_json::from_slice(&answer.body)?;
    Ok(body["access_token"].as_str().context("no access_token")?.to_owned())
}
