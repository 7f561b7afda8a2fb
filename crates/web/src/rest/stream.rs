//! The opening handshakes of the two streams.
//!
//! The classic one's token comes in the query, because that is where upstream's clients put it; the query is never
//! logged. As upstream's it outlives its token's half hour; but it ends where the session is ended or its user goes.

use super::not_found;
use crate::app::App;
use crate::auth::{Auth, Client, Session};
use crate::http::{Body, Reply, detail, with_header};
use crate::live::{Transport, handshake};
use crate::stream::Login;
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue, RETRY_AFTER, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_VERSION, UPGRADE};
use hyper::{Request, Response, StatusCode};
use std::net::IpAddr;
use std::sync::Arc;

/// Opens a stream, or says why not: 404 without an upgrade and 403 without a good token, as upstream.
pub(super) fn open(app: &Arc<App>, request: Request<Incoming>) -> Reply {
    let accept = match handshake::accept(request.headers()) {
        Ok(accept) => accept,
        Err(handshake::Refusal::NotAnUpgrade) => return not_found(),
        Err(refusal @ handshake::Refusal::Version) => {
            let reply = detail(StatusCode::UPGRADE_REQUIRED, &refusal.to_string());
            return with_header(reply, SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        }
        Err(refusal @ handshake::Refusal::Key) => return detail(StatusCode::BAD_REQUEST, &refusal.to_string()),
    };
    let Some(session) = session(app, request.uri().query()) else { return answer(StatusCode::FORBIDDEN) };
    let Ok(seat) = app.hub.reserve() else {
        return with_header(answer(StatusCode::SERVICE_UNAVAILABLE), RETRY_AFTER, HeaderValue::from_static("5"));
    };
    let auth = Arc::clone(&app.auth);
    app.tasks.spawn(async move {
        match hyper::upgrade::on(request).await {
            Ok(upgraded) => {
                let (transport, early) = Transport::of_upgraded(upgraded);
                let running = seat.attach(transport, early).run();
                tokio::select! {
                    ending = running => tracing::debug!(?ending, "stream ended"),
                    () = ended(&auth, &session) => tracing::debug!("stream ended with its session"),
                }
            }
            Err(error) => tracing::debug!(%error, "upgrade failed"),
        }
    });
    let mut reply = answer(StatusCode::SWITCHING_PROTOCOLS);
    let headers = reply.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, HeaderValue::try_from(accept).expect("base64 is a header value"));
    reply
}

/// Opens the full stream. Without a login in the headers the first message has to bring one.
pub(super) fn open_full(app: &App, request: Request<Incoming>, peer: IpAddr) -> Reply {
    let headers = request.headers();
    let bearer = super::bearer(headers);
    let token = bearer.or_else(|| super::v1::cookie(headers).map(str::as_bytes)).map(Bytes::copy_from_slice);
    let by_cookie = bearer.is_none();
    let client = Client { address: Some(peer), agent: super::agent(headers) };
    let session = token.and_then(|token| app.auth.session_from(&token, client));
    let login = session.map(|session| Login { session, by_cookie });
    app.stream.open(request, login, peer)
}

/// Waits until somebody ends the session.
async fn ended(auth: &Auth, session: &Session) {
    let mut endings = auth.endings();
    while auth.is_allowed(session) {
        if endings.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}

fn session(app: &App, query: Option<&str>) -> Option<Session> {
    let mut tokens = query.unwrap_or("").split('&').filter_map(|pair| pair.strip_prefix("token="));
    // The last one counts, as for every query parameter of upstream.
    let token = tokens.next_back()?;
    app.auth.session_of(&super::form::unquote(token.as_bytes()))
}

fn answer(status: StatusCode) -> Reply {
    let mut reply = Response::new(Body::Empty);
    *reply.status_mut() = status;
    reply
}
