//! Snapshots, taken once for all readers that want the same.
//!
//! Always true: one snapshot of a desk's channel is taken at a time; who asked meanwhile gets that one, if it is not
//! older than where the reader stands or nothing has happened in the channel since.

use super::Channel;
use super::hub::Core;
use super::message::Body;
use super::ports::Source;
use crate::json::push_string;
use bytes::Bytes;
use fanout::Tag;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::Mutex;

/// The newest snapshot of each channel of each desk.
#[derive(Debug)]
pub(super) struct Snapshots {
    /// By desk and channel.
    kept: Vec<[Mutex<Option<Kept>>; Channel::ALL.len()]>,
}

#[derive(Debug)]
struct Kept {
    seq: u64,
    body: Arc<Body>,
}

/// A snapshot for one reader.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub(super) tag: Tag,
    /// The rows are exact at this number.
    pub(super) seq: u64,
    pub(super) body: Arc<Body>,
}

impl Snapshots {
    pub(super) fn new(desks: usize) -> Self {
        Self { kept: (0..desks).map(|_| Default::default()).collect() }
    }

    /// A snapshot for a reader at `cursor`. `None`: taking it failed, which was logged.
    pub(super) async fn take(
        core: Arc<Core>,
        source: Arc<dyn Source>,
        tag: Tag,
        cursor: u64,
        packed: bool,
    ) -> Option<Taken> {
        let mut kept = core.snapshots.kept[usize::from(tag.desk)][usize::from(tag.channel)].lock().await;
        if let Some(kept) = &*kept
            && let Some(seq) = still_exact(&core, tag, kept.seq, cursor)
        {
            return Some(Taken { tag, seq, body: Arc::clone(&kept.body) });
        }
        core.counters.snapshots.fetch_add(1, Ordering::Relaxed);
        let worker = Arc::clone(&core);
        let built = tokio::task::spawn_blocking(move || build(&worker, &*source, tag, packed)).await;
        let (seq, body) = built.inspect_err(|error| tracing::error!(%error, "a snapshot failed")).ok()?;
        *kept = Some(Kept { seq, body: Arc::clone(&body) });
        Some(Taken { tag, seq, body })
    }
}

/// Where a reader of a snapshot stands that was taken at `seq`.
fn still_exact(core: &Core, tag: Tag, seq: u64, cursor: u64) -> Option<u64> {
    let ring = core.ring();
    if ring.newest(tag) <= seq {
        return Some(ring.head());
    }
    (seq >= cursor).then_some(seq)
}

fn build(core: &Core, source: &dyn Source, tag: Tag, packed: bool) -> (u64, Arc<Body>) {
    let snapshot = source.snapshot(usize::from(tag.desk), Channel::of(tag.channel));
    let mut parts = Vec::with_capacity(snapshot.pieces.len() * 2 + 1);
    for piece in snapshot.pieces {
        if !parts.is_empty() {
            parts.push(Bytes::from_static(b","));
        }
        parts.push(piece);
    }
    parts.push(Bytes::from_static(b"]}"));
    let body = Body::new(parts);
    if packed {
        body.prepare(&core.deflater);
    }
    (snapshot.seq, Arc::new(body))
}

/// The beginning of a snapshot's message.
pub(super) fn start(core: &Core, taken: &Taken) -> Vec<u8> {
    let mut start = Vec::with_capacity(96);
    start.extend_from_slice(b"{\"type\":\"snapshot\",\"channel\":\"");
    start.extend_from_slice(Channel::of(taken.tag.channel).name().as_bytes());
    start.extend_from_slice(b"\",\"trader\":");
    push_string(&mut start, &core.desks[usize::from(taken.tag.desk)]);
    start.extend_from_slice(format!(",\"seq\":{},\"data\":[", taken.seq).as_bytes());
    start
}
