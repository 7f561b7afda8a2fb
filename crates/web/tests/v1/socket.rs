//! The least of a WebSocket client: short text messages out, whole frames in.

use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longer than anything here takes.
const DEADLINE: Duration = Duration::from_secs(90);

/// A reader of the full stream.
pub(crate) struct Socket(TcpStream);

impl Socket {
    /// Logged in by its first message.
    pub(crate) async fn open(address: SocketAddr, token: &str) -> Socket {
        Socket::greeted(address, token).await.0
    }

    /// The same with the server's hello.
    pub(crate) async fn greeted(address: SocketAddr, token: &str) -> (Socket, Value) {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let ask = "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        stream.write_all(ask.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.unwrap());
        }
        assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
        let mut socket = Socket(stream);
        socket.say(&format!(r#"{{"op":"auth","token":"{token}"}}"#)).await;
        let hello = socket.message().await;
        assert_eq!(hello["type"], "hello");
        (socket, hello)
    }

    /// Calls an operation; the reply.
    pub(crate) async fn call(&mut self, method: &str, params: &Value) -> Value {
        self.ask(&format!(r#"{{"op":"call","id":1,"method":"{method}","params":{params}}}"#)).await
    }

    /// Says something; the reply.
    pub(crate) async fn ask(&mut self, text: &str) -> Value {
        self.say(text).await;
        self.next("reply").await
    }

    /// The next message of this type.
    pub(crate) async fn next(&mut self, kind: &str) -> Value {
        loop {
            let message = self.message().await;
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// Reads until the server closes; the code that it gives.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            let (first, payload) = self.frame().await;
            if first == 0x88 {
                return u16::from_be_bytes([payload[0], payload[1]]);
            }
        }
    }

    async fn message(&mut self) -> Value {
        loop {
            let (first, payload) = self.frame().await;
            match first {
                0x81 => return serde_json::from_slice(&payload).unwrap(),
                // Its ping has nothing in it, so our pong has not either.
                0x89 => self.0.write_all(&[0x8a, 0x80, 0, 0, 0, 0]).await.unwrap(),
                _ => panic!("{first:#x} {payload:?}"),
            }
        }
    }

    async fn say(&mut self, text: &str) {
        let length = match u8::try_from(text.len()) {
            Ok(short @ ..126) => vec![0x80 | short],
            _ => [&[0x80 | 126][..], &u16::try_from(text.len()).unwrap().to_be_bytes()].concat(),
        };
        // A mask of zeros is one, too.
        let frame = [&[0x81][..], &length, &[0; 4], text.as_bytes()].concat();
        self.0.write_all(&frame).await.unwrap();
    }

    async fn frame(&mut self) -> (u8, Vec<u8>) {
        let reading = async {
            let (first, length) = (self.0.read_u8().await.unwrap(), self.0.read_u8().await.unwrap());
            let length = match length {
                126 => usize::from(self.0.read_u16().await.unwrap()),
                127 => usize::try_from(self.0.read_u64().await.unwrap()).unwrap(),
                short => usize::from(short),
            };
            let mut payload = vec![0; length];
            self.0.read_exact(&mut payload).await.unwrap();
            (first, payload)
        };
        tokio::time::timeout(DEADLINE, reading).await.expect("a frame in time")
    }
}
