//! The bridge on a thread of its own, with all of its connections.
//!
//! An order's line, the engine's turn for it, its gateway's commit and the answer then follow each other on one thread
//! that was woken once. Several threads would hand these steps to each other, and each hand-over costs more than the step.
//! What is long goes elsewhere: bars to the recording's thread, lists in parts.

use crate::bridge_calls::{self, Desk};
use bridge::{Address, BindError, Publisher, Server, ServerConfig};
use std::io;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

/// A bridge that listens.
pub(crate) struct BridgeThread {
    pub(crate) address: Address,
    /// SHA-256 of its certificate, where it has one.
    pub(crate) fingerprint: Option<String>,
    pub(crate) publisher: Publisher,
    desk: oneshot::Sender<Desk>,
    ended: Ended,
}

/// Waits for the end of the thread.
pub(crate) struct Ended(oneshot::Receiver<()>);

/// Why there is no bridge.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BridgeError {
    #[error(transparent)]
    Bind(#[from] BindError),
    #[error("its thread could not be started: {0}")]
    Thread(#[from] io::Error),
    #[error("its thread has panicked")]
    Panicked,
}

struct Listening {
    address: Address,
    fingerprint: Option<String>,
    publisher: Publisher,
}

impl BridgeThread {
    /// Listens until `stop` fires; who calls waits until [`BridgeThread::serve`].
    pub(crate) async fn bind(config: ServerConfig, stop: &CancellationToken) -> Result<BridgeThread, BridgeError> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (tell_bound, bound) = oneshot::channel();
        let (desk, wait_for_desk) = oneshot::channel();
        let (tell_ended, ended) = oneshot::channel();
        let stop = stop.clone();
        let thread = move || {
            runtime.block_on(run(config, &stop, tell_bound, wait_for_desk));
            let _ = tell_ended.send(());
        };
        // Awaited by what it says at its end.
        let _ = std::thread::Builder::new().name("bridge".to_owned()).spawn(thread)?;
        let Listening { address, fingerprint, publisher } = bound.await.map_err(|_| BridgeError::Panicked)??;
        Ok(BridgeThread { address, fingerprint, publisher, desk, ended: Ended(ended) })
    }

    /// Answers calls from now on.
    pub(crate) fn serve(self, desk: Desk) -> Ended {
        // Gone only if it has panicked, which is told at the end.
        let _ = self.desk.send(desk);
        self.ended
    }
}

impl Ended {
    /// After the stop; `false` if the thread has panicked.
    pub(crate) async fn wait(self) -> bool {
        self.0.await.is_ok()
    }
}

async fn run(
    config: ServerConfig,
    stop: &CancellationToken,
    tell_bound: oneshot::Sender<Result<Listening, BindError>>,
    desk: oneshot::Receiver<Desk>,
) {
    let server = match Server::bind(config, stop).await {
        Ok(server) => server,
        Err(error) => {
            let _ = tell_bound.send(Err(error));
            return;
        }
    };
    let listening = Listening {
        address: server.address().clone(),
        fingerprint: server.fingerprint().map(|fingerprint| fingerprint.to_string()),
        publisher: server.publisher(),
    };
    let _ = tell_bound.send(Ok(listening));
    match desk.await {
        Ok(desk) => bridge_calls::run(server, desk).await,
        // The process did not come up.
        Err(_) => server.shutdown().await,
    }
}
