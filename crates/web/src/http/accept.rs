//! The accept loop: one task per connection, each bounded in headers, time and number, drained at the end.
//!
//! Not `axum::serve`: that has no timer, so a silent or dribbling client would stay for ever.
//! Always true: every task is tracked and has ended, or was given up after [`limits::SHUTDOWN_TIME`], when
//! [`run`] returns; a panic in a request answers 500 and ends nothing else.

use super::gate::{Entry, Gate};
use super::reply::{Reply, secure, server_error};
use crate::limits;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, error, info, warn};

/// What answers requests.
pub trait Service: Send + Sync + 'static {
    /// Answers one request of that address.
    fn answer(self: Arc<Self>, request: Request<Incoming>, peer: IpAddr) -> BoxFuture<'static, Reply>;
}

/// Serves until `shutdown`, then lets running requests end.
///
/// # Errors
/// The listener is not usable any more.
pub async fn run(
    listener: TcpListener,
    service: Arc<dyn Service>,
    shutdown: CancellationToken,
) -> Result<(), std::io::Error> {
    info!(address = %listener.local_addr()?, "web server listens");
    let (gate, tasks) = (Arc::new(Gate::default()), TaskTracker::new());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(entry) = gate.enter(canonical(peer)) else {
                    debug!(%peer, "connection refused: too many are open");
                    continue;
                };
                tasks.spawn(connection(stream, entry, canonical(peer), Arc::clone(&service), shutdown.clone()));
            }
            Err(error) => pause_after(&error).await,
        }
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(limits::SHUTDOWN_TIME, tasks.wait()).await.is_err() {
        warn!(open = tasks.len(), "connections given up at shutdown");
    }
    Ok(())
}

/// An IPv4 client of an IPv6 socket is the IPv4 client that it is.
fn canonical(peer: SocketAddr) -> IpAddr {
    peer.ip().to_canonical()
}

/// Out of file descriptors or a connection that was gone before it was taken: neither ends the server.
async fn pause_after(error: &std::io::Error) {
    warn!(%error, "accept failed");
    tokio::time::sleep(Duration::from_millis(50)).await;
}

async fn connection(
    stream: TcpStream,
    entry: Entry,
    peer: IpAddr,
    service: Arc<dyn Service>,
    shutdown: CancellationToken,
) {
    let _entry = entry;
    prepare(&stream);
    let answer = service_fn(move |request: Request<Incoming>| guarded(Arc::clone(&service), request, peer));
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEADER_TIME)
        .max_buf_size(limits::HEADER_BYTES)
        .max_headers(limits::HEADERS)
        // Never `pipeline_flush`: with it hyper copies every body into a buffer of its own, 8 MB of contracts too.
        .serve_connection(TokioIo::new(stream), answer)
        .with_upgrades();
    let mut serving = std::pin::pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = shutdown.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        debug!(%peer, %error, "connection ended");
    }
}

/// Small answers at once; and a peer that takes nothing of a large one for too long is cut by the kernel.
fn prepare(stream: &TcpStream) {
    let socket = socket2::SockRef::from(stream);
    let set = stream.set_nodelay(true).and_then(|()| set_write_time(&socket));
    if let Err(error) = set {
        debug!(%error, "socket options not set");
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn set_write_time(socket: &socket2::SockRef<'_>) -> std::io::Result<()> {
    socket.set_tcp_user_timeout(Some(limits::WRITE_TIME))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn set_write_time(_: &socket2::SockRef<'_>) -> std::io::Result<()> {
    Ok(())
}

async fn guarded(service: Arc<dyn Service>, request: Request<Incoming>, peer: IpAddr) -> Result<Reply, Infallible> {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let reply = AssertUnwindSafe(service.answer(request, peer)).catch_unwind().await.unwrap_or_else(|_| {
        error!(%method, path, "a request panicked");
        server_error()
    });
    let reply: Response<_> = secure(reply);
    Ok(reply)
}
