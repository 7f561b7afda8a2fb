//! The client's side of the handshake.

use super::ClientConfig;
use crate::address::Address;
use crate::codec::Lines;
use crate::limits::{HELLO_BYTES, PROTOCOL, VERSION};
use crate::message::{ClientHello, Hello, Proof, ServerHello, Welcome, kinds};
use crate::plain::Plain;
use crate::proof::{Challenge, Channel, Role, nonce};
use crate::stream::{HandshakeError, Stream, receive, send};
use crate::tls;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::net::{TcpStream, UnixStream};

/// Makes a connection and both proofs.
pub(super) async fn open(config: &ClientConfig, lines: &mut Lines) -> Result<(Stream, Hello), HandshakeError> {
    let (mut stream, channel) = reach(config).await?;
    lines.set_limit(HELLO_BYTES);
    let client_nonce = nonce();
    let ours = ClientHello {
        kind: kinds::HELLO.into(),
        protocol: PROTOCOL.into(),
        versions: vec![VERSION],
        nonce: client_nonce.clone(),
        client: config.client.clone(),
    };
    send(&mut stream, &ours).await?;
    let theirs: ServerHello = understood(&receive::<Box<RawValue>>(&mut stream, lines).await?)?;
    if theirs.protocol != PROTOCOL || theirs.version != VERSION {
        return Err(refused(format!("it speaks {} version {}", theirs.protocol, theirs.version)));
    }
    let challenge = Challenge { client_nonce, server_nonce: theirs.nonce, channel };
    match (&config.secret, theirs.auth.as_str()) {
        (Some(secret), "hmac-sha256") => {
            let mac = challenge.prove(secret.bytes(), Role::Client);
            send(&mut stream, &Proof { kind: kinds::PROOF.into(), mac }).await?;
        }
        // Whoever has no secret to show cannot be the one that we share it with.
        (Some(_), _) => return Err(refused("it does not know the secret".into())),
        (None, "none") => {}
        (None, _) => return Err(refused("it wants a secret, and none is configured".into())),
    }
    lines.set_limit(crate::limits::LINE_BYTES);
    let welcome: Welcome = understood(&receive::<Box<RawValue>>(&mut stream, lines).await?)?;
    if let Some(secret) = &config.secret
        && !challenge.holds(secret.bytes(), Role::Server, &welcome.mac)
    {
        return Err(refused("it does not know the secret".into()));
    }
    Ok((stream, welcome.hello))
}

async fn reach(config: &ClientConfig) -> Result<(Stream, Channel), HandshakeError> {
    match &config.address {
        Address::Unix(path) => Ok((Stream::Plain(Plain::unix(UnixStream::connect(path).await?)?), Channel::Unix)),
        Address::Tcp { host, port } => Ok((Stream::Plain(Plain::tcp(tcp(host, *port).await?)?), Channel::Tcp)),
        Address::Tls { host, port } => {
            let Some(fingerprint) = config.fingerprint else {
                return Err(refused("tls:// needs the fingerprint of the trading process's certificate".into()));
            };
            let connector = tls::connector(fingerprint).map_err(|error| refused(error.to_string()))?;
            let stream = tcp(host, *port).await?;
            let stream = connector.connect(tls::server_name(), stream).await.map_err(wrong_certificate)?;
            Ok((Stream::Tls(Box::new(stream)), Channel::Tls(fingerprint)))
        }
    }
}

async fn tcp(host: &str, port: u16) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn wrong_certificate(error: std::io::Error) -> HandshakeError {
    match error.to_string().contains("certificate") {
        true => refused("its certificate has another fingerprint".into()),
        false => error.into(),
    }
}

/// A line of the handshake, or the last one of a peer that turns us away.
fn understood<T: serde::de::DeserializeOwned>(line: &RawValue) -> Result<T, HandshakeError> {
    #[derive(Deserialize)]
    struct Bye {
        #[serde(rename = "type")]
        line: String,
        #[serde(default)]
        message: String,
    }
    if let Ok(bye) = serde_json::from_str::<Bye>(line.get())
        && bye.line == kinds::BYE
    {
        return Err(refused(format!("it says: {}", bye.message)));
    }
    Ok(serde_json::from_str(line.get())?)
}

fn refused(why: String) -> HandshakeError {
    HandshakeError::Refused(why)
}
