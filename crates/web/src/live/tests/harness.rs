//! A server of a hub's stream on a port of its own, and a client that speaks frames by hand.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::live::{Ending, Hub, Options, Transport, frame};

const DEADLINE: Duration = Duration::from_secs(60);

/// A hub with its pumps, and a listener whose connections are attached as they come.
pub(super) struct Server {
    pub(super) hub: Hub,
    pub(super) address: SocketAddr,
    pub(super) shutdown: CancellationToken,
    pub(super) pumps: JoinHandle<()>,
    pub(super) sessions: JoinHandle<Vec<Ending>>,
}

impl Server {
    /// Small kernel buffers, so that a stalled reader is noticed after a few kilobytes.
    pub(super) async fn start(options: Options) -> Self {
        let (hub, pumps) = Hub::new(options);
        let shutdown = CancellationToken::new();
        let pumps = tokio::spawn(pumps.run(shutdown.clone()));
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_send_buffer_size(16 << 10).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1_024).unwrap();
        let address = listener.local_addr().unwrap();
        let sessions = tokio::spawn(accept(listener, hub.clone(), shutdown.clone()));
        Self { hub, address, shutdown, pumps, sessions }
    }

    pub(super) async fn connect(&self) -> Client<TcpStream> {
        let readers = self.hub.readers().len();
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(16 << 10).unwrap();
        let stream = socket.connect(self.address).await.unwrap();
        self.until(|hub| hub.readers().len() > readers).await;
        Client { stream, buffer: Vec::new() }
    }

    pub(super) async fn until(&self, mut state: impl FnMut(&Hub) -> bool) {
        let reached = async {
            while !state(&self.hub) {
                // waits: for the state, within the deadline.
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let reached = tokio::time::timeout(DEADLINE, reached).await;
        assert!(reached.is_ok(), "state not reached: {:?}", self.hub.stats());
    }

    pub(super) async fn stop(self) -> Vec<Ending> {
        self.shutdown.cancel();
        self.pumps.await.unwrap();
        tokio::time::timeout(DEADLINE, self.sessions).await.expect("sessions end").unwrap()
    }
}

async fn accept(listener: TcpListener, hub: Hub, shutdown: CancellationToken) -> Vec<Ending> {
    let mut sessions = JoinSet::new();
    while let Some(accepted) = shutdown.run_until_cancelled(listener.accept()).await {
        let seat = hub.reserve().unwrap();
        sessions.spawn(seat.attach(Transport::Tcp(accepted.unwrap().0), Bytes::new()).run());
    }
    sessions.join_all().await
}

pub(super) struct Client<S> {
    pub(super) stream: S,
    pub(super) buffer: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// The next frame: first byte and payload.
    pub(super) async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        tokio::time::timeout(DEADLINE, self.read_frame()).await.expect("a frame in time")
    }

    async fn read_frame(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let Some((header, length)) = self.parse() {
                let payload = self.buffer[header..header + length].to_vec();
                let first = self.buffer[0];
                self.buffer.drain(..header + length);
                return Some((first, payload));
            }
            if self.stream.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
                return None;
            }
        }
    }

    fn parse(&self) -> Option<(usize, usize)> {
        let (header, length) = match self.buffer.get(1)? {
            126 => (4, usize::from(u16::from_be_bytes(self.buffer.get(2..4)?.try_into().unwrap()))),
            127 => (10, u64::from_be_bytes(self.buffer.get(2..10)?.try_into().unwrap()) as usize),
            short => (2, usize::from(*short)),
        };
        (self.buffer.len() >= header + length).then_some((header, length))
    }

    pub(super) async fn text(&mut self) -> String {
        let (first, payload) = self.frame().await.expect("a text, not the end");
        assert_eq!(first, 0x81, "{}", String::from_utf8_lossy(&payload));
        String::from_utf8(payload).unwrap()
    }

    /// Reads texts up to `last`, inclusive.
    pub(super) async fn texts_until(&mut self, last: &str) -> Vec<String> {
        let mut texts = vec![self.text().await];
        while texts.last().is_some_and(|text| text != last) {
            texts.push(self.text().await);
        }
        texts
    }

    pub(super) async fn send(&mut self, first: u8, payload: &[u8]) {
        self.stream.write_all(&masked(first, payload)).await.unwrap();
    }

    pub(super) async fn expect_close(&mut self, code: u16) -> String {
        loop {
            let (first, payload) = self.frame().await.expect("a close frame, not the end");
            if first == 0x88 {
                assert_eq!(u16::from_be_bytes([payload[0], payload[1]]), code);
                return String::from_utf8(payload[2..].to_vec()).unwrap();
            }
        }
    }
}

pub(super) fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [0xa5, 0x5a, 0x0f, 0xf0];
    let mut bytes = frame::text_header(payload.len()).as_ref().to_vec();
    bytes[0] = first;
    bytes[1] |= 0x80;
    bytes.extend_from_slice(&mask);
    bytes.extend(payload.iter().enumerate().map(|(index, byte)| byte ^ mask[index & 3]));
    bytes
}
