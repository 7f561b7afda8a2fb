//! The way in: the opening handshake, and who may use a cookie.
//!
//! Always true: a seat is taken before the handshake is answered and given back when the session ends; a request is
//! answered with 101 or with a problem (RFC 9457) that says what is wrong.

use super::conn::Conn;
use super::extension;
use super::hub::{StreamHub, lock};
use super::ports::{Login, Ports};
use super::session::{Session, Start};
use super::text::problem;
use crate::http::{Body, Reply, json, with_header};
use crate::live::{Transport, handshake};
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{
    CONNECTION, CONTENT_TYPE, HOST, HeaderMap, HeaderValue, ORIGIN, RETRY_AFTER, SEC_WEBSOCKET_ACCEPT,
    SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use hyper::{Request, Response, StatusCode};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Why no connection was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("all {seats} seats are taken")]
    Full { seats: usize },
    /// Not serving yet, or no longer.
    #[error("the server is not serving")]
    Closed,
}

impl StreamHub {
    /// Answers `GET /api/v1/stream`. `login`: what the request's headers prove, if anything; else the first message
    /// has to.
    pub fn open(&self, request: Request<Incoming>, login: Option<Login>, remote: IpAddr) -> Reply {
        let accept = match handshake::accept(request.headers()) {
            Ok(accept) => accept,
            Err(refusal) => return refuse_handshake(refusal),
        };
        let foreign = login.as_ref().is_some_and(|login| login.by_cookie) && self.is_foreign(request.headers());
        let packed = extension::is_offered(request.headers());
        let start = match self.seat(login, foreign, remote, packed) {
            Ok(start) => start,
            Err(refused) => return refuse(refused),
        };
        self.core.tasks.spawn(async move {
            match hyper::upgrade::on(request).await {
                Ok(upgraded) => {
                    let (transport, early) = Transport::of_upgraded(upgraded);
                    let ending = Session::new(start.take(), transport, early).run().await;
                    tracing::debug!(?ending, "stream ended");
                }
                Err(error) => tracing::debug!(%error, "upgrade failed"),
            }
        });
        let mut reply = Response::new(Body::Empty);
        *reply.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = reply.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_ACCEPT, HeaderValue::try_from(accept).expect("base64 is a header value"));
        if packed {
            headers.insert(SEC_WEBSOCKET_EXTENSIONS, HeaderValue::from_static(extension::AGREED));
        }
        reply
    }

    /// Begins the stream on a connection whose handshake was answered elsewhere. `packed`: permessage-deflate without
    /// context takeover was agreed on. Run the session in a task of the caller's.
    ///
    /// # Errors
    /// There is no seat.
    pub fn attach(
        &self,
        transport: Transport,
        login: Option<Login>,
        remote: IpAddr,
        packed: bool,
    ) -> Result<Session, Refused> {
        Ok(Session::new(self.seat(login, false, remote, packed)?.take(), transport, Bytes::new()))
    }

    fn seat(&self, login: Option<Login>, foreign: bool, remote: IpAddr, packed: bool) -> Result<Seat, Refused> {
        let core = Arc::clone(&self.core);
        let ports: Arc<Ports> = lock(&core.ports).clone().ok_or(Refused::Closed)?;
        if core.closing.is_cancelled() {
            return Err(Refused::Closed);
        }
        let conn = Conn::new(core.next_id(), remote, jiff::Timestamp::now().as_millisecond(), packed);
        let mut readers = lock(&core.readers);
        let seats = core.options.max_readers;
        if readers.len() >= seats {
            core.counters.full.fetch_add(1, Ordering::Relaxed);
            return Err(Refused::Full { seats });
        }
        let place = readers.insert(Arc::clone(&conn));
        drop(readers);
        core.seats.fetch_add(1, Ordering::SeqCst);
        Ok(Seat(Some(Start { core, ports, conn, place, login, foreign })))
    }

    /// Whether the request comes from a page of another origin than ours and those that are allowed.
    fn is_foreign(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(ORIGIN) else { return false };
        let Ok(origin) = origin.to_str() else { return true };
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        let is_ours = origin.split_once("://").is_some_and(|(_, authority)| Some(authority) == host);
        !is_ours && !self.core.options.allowed_origins.iter().any(|allowed| allowed == origin)
    }
}

/// A seat that is given back if the upgrade fails.
struct Seat(Option<Start>);

impl Seat {
    /// From here on the session gives it back.
    fn take(mut self) -> Start {
        self.0.take().expect("it is taken once, by value")
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(start) = self.0.take() {
            start.core.forget(start.place);
        }
    }
}

fn refuse_handshake(refusal: handshake::Refusal) -> Reply {
    let text = refusal.to_string();
    let problem = |status, code| answer(status, code, "Not a WebSocket handshake", &text);
    match refusal {
        handshake::Refusal::NotAnUpgrade | handshake::Refusal::Version => {
            let reply = problem(StatusCode::UPGRADE_REQUIRED, "upgrade_required");
            let reply = with_header(reply, UPGRADE, HeaderValue::from_static("websocket"));
            with_header(reply, SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"))
        }
        handshake::Refusal::Key => problem(StatusCode::BAD_REQUEST, "bad_handshake"),
    }
}

fn refuse(refused: Refused) -> Reply {
    let reply = answer(StatusCode::SERVICE_UNAVAILABLE, "no_seat", "No seat", &refused.to_string());
    with_header(reply, RETRY_AFTER, HeaderValue::from_static("5"))
}

fn answer(status: StatusCode, code: &str, title: &str, detail: &str) -> Reply {
    let body = problem(status.as_u16(), code, title, detail).to_string();
    with_header(json(status, body.into_bytes()), CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))
}
