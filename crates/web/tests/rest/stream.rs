//! The classic stream's door: who gets in, with which answer, and that messages come.

use crate::support::{Answer, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use web::live::Kind;

#[tokio::test]
async fn a_good_token_opens_and_messages_come() {
    let server = Server::start().await;
    let (answer, mut stream) = server.open_stream(&format!("/ws/?x=1&token={}", server.token)).await;
    assert_eq!(answer.status, 101);
    assert_eq!(answer.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    server.hub.publish([(Kind::Fact, br#"{"topic": "eOrder.", "data": {}}"#.as_slice())]);
    let mut frame = [0; 2 + 32];
    stream.read_exact(&mut frame).await.unwrap();
    assert_eq!(&frame[2..], br#"{"topic": "eOrder.", "data": {}}"#);
}

#[tokio::test]
async fn bad_tokens_are_403_before_the_upgrade() {
    let server = Server::start().await;
    for query in ["", "?", "?token=", "?token=garbage", "?token=a.b.c", "?token=..", "?Token=x", "?token=%ff"] {
        let (answer, _) = server.open_stream(&format!("/ws/{query}")).await;
        assert_eq!((answer.status, answer.body.len()), (403, 0), "{query}");
    }
    let good = &server.token;
    assert_eq!(server.open_stream(&format!("/ws/?token={good}&token=bad")).await.0.status, 403, "the last one counts");
    assert_eq!(server.open_stream(&format!("/ws?token={good}")).await.0.status, 404);
    assert_eq!(server.open_stream(&format!("/x?token={good}")).await.0.status, 404);
    server.advance_ms(31 * 60_000);
    assert_eq!(server.open_stream(&format!("/ws/?token={good}")).await.0.status, 403, "expired");
}

#[tokio::test]
async fn handshakes_that_are_none_are_told_so() {
    let server = Server::start().await;
    let path = format!("/ws/?token={}", server.token);
    let upgrade = [("Upgrade", "websocket"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")];
    let send = async |version: &str, headers: &[(&str, &str)]| -> Answer {
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let text = format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nSec-WebSocket-Version: {version}\r\n{lines}\r\n"
        );
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        server.read_answer(&mut stream).await
    };
    let old = send("8", &upgrade).await;
    assert_eq!((old.status, old.header("sec-websocket-version")), (426, Some("13")));
    assert_eq!(send("13", &upgrade[..1]).await.status, 400, "no key");
    assert_eq!(server.get("/ws/").await.status, 404);
}

#[tokio::test]
async fn a_stop_ends_streams_and_the_server_returns() {
    let server = Server::start().await;
    let (answer, mut stream) = server.open_stream(&format!("/ws/?token={}", server.token)).await;
    assert_eq!(answer.status, 101);
    server.shutdown.cancel();
    let mut frame = Vec::new();
    stream.read_to_end(&mut frame).await.unwrap();
    assert_eq!(frame[..4], [0x88, frame[1], 0x03, 0xe9], "closed with 1001");
    server.ended().await;
}
