//! The trading process's side of the handshake.

use super::publisher::Shared;
use super::reader::Reader;
use crate::codec::Lines;
use crate::keys::Secret;
use crate::limits::{HEARTBEAT, PROTOCOL, VERSION};
use crate::message::{ClientHello, Hello, Proof, ServerHello, Welcome, kinds};
use crate::proof::{Challenge, Channel, Role, nonce};
use crate::stream::{HandshakeError, Stream, receive, send};
use std::sync::Arc;

/// What decides who gets in.
pub(super) struct Gate {
    pub(super) secret: Option<Secret>,
    pub(super) shared: Arc<Shared>,
}

/// Lets a client in, or says why not. The reader gets every fact after the number in the welcome.
pub(super) async fn admit(
    gate: &Gate,
    stream: &mut Stream,
    lines: &mut Lines,
    channel: Channel,
) -> Result<Arc<Reader>, HandshakeError> {
    let hello: ClientHello = receive(stream, lines).await?;
    if let Err(why) = acceptable(&hello) {
        return refuse(stream, "protocol", why).await;
    }
    let challenge = Challenge { client_nonce: hello.nonce, server_nonce: nonce(), channel };
    let auth = if gate.secret.is_some() { "hmac-sha256" } else { "none" };
    let ours = ServerHello {
        kind: kinds::HELLO.into(),
        protocol: PROTOCOL.into(),
        version: VERSION,
        nonce: challenge.server_nonce.clone(),
        auth: auth.into(),
    };
    send(stream, &ours).await?;
    let mut mac = String::new();
    if let Some(secret) = &gate.secret {
        let proof: Proof = receive(stream, lines).await?;
        if proof.kind != kinds::PROOF || !challenge.holds(secret.bytes(), Role::Client, &proof.mac) {
            return refuse(stream, "auth", "the secret is another one".into()).await;
        }
        mac = challenge.prove(secret.bytes(), Role::Server);
    }
    welcome(gate, stream, mac).await
}

async fn welcome(gate: &Gate, stream: &mut Stream, mac: String) -> Result<Arc<Reader>, HandshakeError> {
    let reader = Arc::new(Reader::new(stream.socket()));
    let seq = gate.shared.join(&reader);
    let hello = Hello {
        about: gate.shared.about.clone(),
        epoch: gate.shared.epoch.clone(),
        seq,
        heartbeat_ms: u64::try_from(HEARTBEAT.as_millis()).unwrap_or(u64::MAX),
        time_us: super::connection::now_us(),
    };
    if let Err(error) = send(stream, &Welcome { kind: kinds::WELCOME.into(), mac, hello }).await {
        reader.close();
        return Err(error.into());
    }
    Ok(reader)
}

fn acceptable(hello: &ClientHello) -> Result<(), String> {
    if hello.kind != kinds::HELLO || hello.protocol != PROTOCOL {
        return Err(format!("this is {PROTOCOL}"));
    }
    if !hello.versions.contains(&VERSION) {
        return Err(format!("this side speaks version {VERSION}"));
    }
    let is_nonce = (32..=128).contains(&hello.nonce.len()) && hello.nonce.bytes().all(|b| b.is_ascii_hexdigit());
    if is_nonce { Ok(()) } else { Err("the nonce has 32 to 128 hexadecimal digits".into()) }
}

async fn refuse<T>(stream: &mut Stream, reason: &'static str, message: String) -> Result<T, HandshakeError> {
    send(stream, &bye(reason, message.clone())).await?;
    Err(HandshakeError::Refused(message))
}

/// The last line of a connection.
pub(super) fn bye(reason: &'static str, message: String) -> impl serde::Serialize {
    #[derive(serde::Serialize)]
    struct Bye {
        #[serde(rename = "type")]
        line: &'static str,
        reason: &'static str,
        message: String,
    }
    Bye { line: kinds::BYE, reason, message }
}
