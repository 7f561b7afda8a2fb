//! When to stop: Ctrl-C, SIGTERM, or, under supervision, the end of standard input.

use anyhow::Context;
use std::io::Read;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A token that fires when the process is to stop.
pub(crate) fn stop_token(supervised: bool) -> anyhow::Result<CancellationToken> {
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let stop = CancellationToken::new();
    let fired = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            () = input_ended(), if supervised => {}
        }
        fired.cancel();
    });
    Ok(stop)
}

/// The supervisor holds the other end: it closes it to stop us, and so does its death. A thread of its own reads, since
/// a read of standard input cannot be cancelled and must not hold up the end.
async fn input_ended() {
    let (ended, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut input = std::io::stdin();
        let mut buffer = [0; 64];
        while matches!(input.read(&mut buffer), Ok(n) if n > 0) {}
        // Nobody listens any more if another signal came first.
        let _ = ended.send(());
    });
    let _ = told.await;
}
