//! The head of an HTTP answer: its status, its length, and that of the body behind it. Pure.

use anyhow::{Context, Result, bail};
use memchr::memmem;

/// Longest head that is still taken for one.
const HEAD_MAX: usize = 16 << 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    /// Length of the head itself.
    pub(crate) bytes: usize,
    /// Length of the body.
    pub(crate) body: usize,
}

impl Head {
    /// Reads the head at the beginning of `received`; `None` while it is not whole.
    pub(crate) fn parse(received: &[u8]) -> Result<Option<Head>> {
        let Some(end) = memmem::find(received, b"\r\n\r\n") else {
            if received.len() > HEAD_MAX {
                bail!("an answer's head is longer than {HEAD_MAX} bytes");
            }
            return Ok(None);
        };
        let text = std::str::from_utf8(&received[..end]).context("an answer's head is no text")?;
        let mut lines = text.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let status: u16 = status.with_context(|| format!("no status line: {text}"))?;
        let has_no_body = status == 304 || status == 204 || status < 200;
        let body = if has_no_body { 0 } else { length(lines).with_context(|| format!("no length: {text}"))? };
        Ok(Some(Head { status, bytes: end + 4, body }))
    }
}

fn length<'a>(mut lines: impl Iterator<Item = &'a str>) -> Option<usize> {
    lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let whole = b"HTTP/1.1 200 OK\r\nServer: x\r\ncontent-length: 12\r\n\r\nHello";
        assert_eq!(Head::parse(&whole[..20]).expect("not whole yet"), None);
        let head = Head::parse(whole).expect("whole").expect("whole");
        assert_eq!(head, Head { status: 200, bytes: whole.len() - 5, body: 12 });
    }

    #[test]
    fn not_modified_has_no_body_whatever_it_says() {
        let head = Head::parse(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 12\r\n\r\n").expect("whole");
        assert_eq!(head.expect("whole").body, 0);
    }

    #[test]
    fn an_unknown_length_is_an_error() {
        assert!(Head::parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").is_err());
        assert!(Head::parse(b"220 mail.example.com\r\n\r\n").is_err());
        assert!(Head::parse(&vec![b'a'; HEAD_MAX + 1]).is_err());
    }
}
