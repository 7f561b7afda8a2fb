//! What the tests share: places to listen, waiting for a state with a deadline, and raw peers that speak as much
//! of the protocol as a test wants them to.

#![allow(dead_code, reason = "each test file uses its own part of this")]

use bytes::{Bytes, BytesMut};
use std::{future::Future, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use zmtp::{
    Endpoint, Limits, Message,
    codec::{Decoder, FrameLimits, Item, command, greeting::greeting},
};

/// Far above what anything here takes, so that only a hang reaches it.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// Where a server listens: a free port, or a socket file in a directory that goes with it.
pub(crate) enum Place {
    Tcp,
    Ipc(TempDir),
}

impl Place {
    pub(crate) fn tcp() -> Self {
        Self::Tcp
    }

    pub(crate) fn ipc() -> Self {
        Self::Ipc(TempDir::new().unwrap())
    }

    pub(crate) fn all() -> [Self; 2] {
        [Self::tcp(), Self::ipc()]
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        match self {
            Self::Tcp => "tcp://127.0.0.1:0".parse().unwrap(),
            Self::Ipc(directory) => Endpoint::Ipc(directory.path().join("socket")),
        }
    }

    /// As [`Place::endpoint`], with a file of its own for each name.
    pub(crate) fn endpoint_for(&self, name: &str) -> Endpoint {
        match self {
            Self::Tcp => self.endpoint(),
            Self::Ipc(directory) => Endpoint::Ipc(directory.path().join(name)),
        }
    }

    /// An endpoint at which nobody listens.
    pub(crate) fn nowhere() -> Endpoint {
        "ipc:///nonexistent/socket".parse().unwrap()
    }
}

/// Waits for `future`, but not for ever.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, future).await.expect("not done within the deadline")
}

/// Waits until `state` is reached.
pub(crate) async fn until(mut state: impl FnMut() -> bool) {
    within(async {
        while !state() {
            // waits: for the state, within the deadline.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
}

pub(crate) fn message(parts: &[&str]) -> Message {
    parts.iter().map(|part| Bytes::copy_from_slice(part.as_bytes())).collect()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) async fn raw_listener() -> (TcpListener, Endpoint) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, Endpoint::Tcp { host: "127.0.0.1".into(), port })
}

/// A peer made of nothing but a socket.
pub(crate) struct Raw {
    pub(crate) stream: TcpStream,
    pub(crate) read: BytesMut,
}

/// READY of any socket type, however odd.
pub(crate) fn ready(socket_type: &str) -> Vec<u8> {
    let mut body = b"\x05READY\x0bSocket-Type\0\0\0".to_vec();
    body.push(socket_type.len() as u8);
    body.extend_from_slice(socket_type.as_bytes());
    [&[4, body.len() as u8][..], &body].concat()
}

/// Our greeting with another minor version.
pub(crate) fn greeting_of(minor: u8) -> Vec<u8> {
    let mut bytes = greeting().to_vec();
    bytes[11] = minor;
    bytes
}

/// Accepts a client and shakes hands as `socket_type`.
pub(crate) async fn raw_accept(listener: &TcpListener, socket_type: &str) -> Raw {
    raw_accept_version(listener, socket_type, 1).await
}

pub(crate) async fn raw_accept_version(listener: &TcpListener, socket_type: &str, minor: u8) -> Raw {
    let (stream, _) = within(listener.accept()).await.unwrap();
    let mut raw = Raw { stream, read: BytesMut::new() };
    raw.shake_hands(socket_type, minor).await;
    raw
}

impl Raw {
    /// Connects to a server of ours without saying anything.
    pub(crate) async fn connect(endpoint: &Endpoint) -> Self {
        let Endpoint::Tcp { host, port } = endpoint else { panic!("raw peers speak TCP") };
        let stream = within(TcpStream::connect((host.as_str(), *port))).await.unwrap();
        Self { stream, read: BytesMut::new() }
    }

    pub(crate) async fn shake_hands(&mut self, socket_type: &str, minor: u8) {
        self.send(&greeting_of(minor)).await;
        self.send(&ready(socket_type)).await;
        self.wait_for_bytes(64).await;
        let _ = self.read.split_to(64);
        assert!(matches!(self.item().await, Item::Command(body) if body.starts_with(b"\x05READY")));
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        within(self.stream.write_all(bytes)).await.unwrap();
    }

    pub(crate) async fn wait_for_bytes(&mut self, count: usize) {
        while self.read.len() < count {
            assert_ne!(within(self.stream.read_buf(&mut self.read)).await.unwrap(), 0, "the other side hung up");
        }
    }

    /// The next message or command.
    pub(crate) async fn item(&mut self) -> Item {
        let mut decoder = Decoder::new(wide());
        loop {
            if let Some(item) = decoder.decode(&mut self.read).unwrap() {
                return item;
            }
            assert_ne!(within(self.stream.read_buf(&mut self.read)).await.unwrap(), 0, "the other side hung up");
        }
    }

    /// Waits for the other side to hang up; what it said before stays in `read`.
    pub(crate) async fn closed(&mut self) {
        while !matches!(within(self.stream.read_buf(&mut self.read)).await, Ok(0) | Err(_)) {}
    }

    pub(crate) async fn hang_up_after_reading(&mut self, count: usize) {
        self.wait_for_bytes(count).await;
        // With unread bytes left, closing is a reset: the other side's writes fail.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let other = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        drop(std::mem::replace(&mut self.stream, other));
    }

    /// How many whole messages were read.
    pub(crate) fn complete_messages(&mut self) -> usize {
        let (mut decoder, mut count) = (Decoder::new(wide()), 0);
        while let Some(item) = decoder.decode(&mut self.read).unwrap() {
            count += usize::from(matches!(item, Item::Message(_)));
        }
        count
    }
}

fn wide() -> FrameLimits {
    let Limits { frame_bytes, parts, message_bytes, skip_bytes, .. } = Limits::dealer();
    FrameLimits { frame_bytes, parts, message_bytes, skip_bytes, command_bytes: 10_000, copy_below: 0 }
}

/// A PING as a peer sends it.
pub(crate) fn ping(context: &[u8]) -> Bytes {
    command::ping(context)
}
