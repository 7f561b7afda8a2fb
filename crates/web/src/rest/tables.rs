//! Lists, kept encoded: a `GET` of an unchanged table costs a version check. Both surfaces have theirs here, each
//! with a [`Form`] of its own.
//!
//! How data passes: under the replica's read lock only `Arc`s of changed chunks are taken; they are encoded
//! outside it, large lots on a blocking thread; all answers of one version share the bytes, and so do their
//! compressed forms. Always true: an answer is one state of the table; nobody encodes a chunk that has not
//! changed; of many that ask for a new version at once, one encodes it.

use super::pack;
use crate::http::{Body, Coding, Reply, accepted, json, matches_etag, with_header};
use crate::json::RestRow;
use crate::limits;
use crate::replica::{Replica, Shared, Table};
use bytes::Bytes;
use domain::Language;
use hyper::header::{CACHE_CONTROL, CONTENT_ENCODING, ETAG, HeaderValue, VARY};
use hyper::{HeaderMap, StatusCode};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OnceCell, Semaphore};

/// Chunks encoded at once from which on it is worth another thread: 8 are about 512 rows, 0.2 ms.
const INLINE_CHUNKS: usize = 8;
/// Bodies up to this are joined into one piece: one write instead of several.
const JOIN_BYTES: usize = 64 << 10;

/// The encoded copy of one table.
#[derive(Debug, Default)]
pub(super) struct Cached {
    current: Mutex<Option<Arc<Encoded>>>,
    building: tokio::sync::Mutex<()>,
}

/// One version of a table as bytes.
#[derive(Debug)]
pub(super) struct Encoded {
    version: u64,
    variant: &'static str,
    chunks: Vec<Piece>,
    body: Arc<[Bytes]>,
    length: usize,
    etag: HeaderValue,
    gzip: OnceCell<Bytes>,
    brotli: OnceCell<Bytes>,
}

/// How a table looks as bytes.
pub(super) struct Form<T> {
    /// Tells several forms of the same version apart, also in the ETag.
    pub(super) variant: &'static str,
    /// What stands before the first row; a new variant where it changes.
    pub(super) open: Bytes,
    /// What stands behind the last row.
    pub(super) close: &'static str,
    /// Appends a row.
    pub(super) write: RowWriter<T>,
}

/// Appends a row.
pub(super) type RowWriter<T> = Arc<dyn Fn(&T, &mut Vec<u8>) + Send + Sync>;

/// The bytes of one chunk, beginning with what opens the list or `,`.
#[derive(Clone, Debug)]
struct Piece {
    version: u64,
    bytes: Bytes,
}

/// What is to be done for one chunk.
enum Work<T> {
    Keep(Piece),
    Encode { version: u64, first: bool, rows: Vec<Arc<T>> },
}

/// What all tables share.
#[derive(Debug)]
pub(super) struct Encoder {
    /// Differs at each start, so that an ETag of an earlier process matches nothing.
    epoch: u64,
    compressors: Arc<Semaphore>,
}

impl Encoder {
    /// An encoder; `epoch` is any number that an earlier process did not have.
    pub(super) fn new(epoch: u64) -> Encoder {
        Encoder { epoch, compressors: Arc::new(Semaphore::new(limits::COMPRESSORS)) }
    }

    /// Differs at each start.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Answers a `GET` of the classic list of the table that `pick` picks.
    pub(super) async fn answer<K, T>(
        &self,
        cached: &Cached,
        replica: &Shared,
        pick: fn(&Replica) -> &Table<K, T>,
        request: (&HeaderMap, Language, Coding),
    ) -> Reply
    where
        K: Hash + Eq,
        T: RestRow + Send + Sync + 'static,
    {
        let (headers, language, preferred) = request;
        let form = Form {
            variant: if language == Language::Zh { "Zh" } else { "En" },
            open: Bytes::from_static(b"["),
            close: "]",
            write: Arc::new(move |row: &T, out: &mut Vec<u8>| row.write_rest(out, language)),
        };
        let encoded = self.encoded(cached, replica, pick, form).await;
        self.reply(&encoded, headers, preferred).await
    }

    /// The answer that has this.
    pub(super) async fn reply(&self, encoded: &Encoded, headers: &HeaderMap, preferred: Coding) -> Reply {
        if matches_etag(headers, encoded.etag.to_str().unwrap_or("")) {
            let mut reply = Reply::default();
            *reply.status_mut() = StatusCode::NOT_MODIFIED;
            return encoded.tagged(reply);
        }
        if let Some(coding) = accepted(headers, preferred)
            && let Some(packed) = encoded.packed(coding, &self.compressors).await
        {
            let reply = encoded.tagged(json(StatusCode::OK, packed));
            return with_header(reply, CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        }
        encoded.tagged(json(StatusCode::OK, encoded.body()))
    }

    /// The table's present version as bytes.
    pub(super) async fn encoded<K, T>(
        &self,
        cached: &Cached,
        replica: &Shared,
        pick: fn(&Replica) -> &Table<K, T>,
        form: Form<T>,
    ) -> Arc<Encoded>
    where
        K: Hash + Eq,
        T: Send + Sync + 'static,
    {
        let version = pick(&replica.read()).version();
        let variant = form.variant;
        if let Some(encoded) = cached.at(version, variant) {
            return encoded;
        }
        let _building = cached.building.lock().await;
        let old = cached.current().clone();
        let (version, work) = changes(pick(&replica.read()), old.as_deref().filter(|old| old.variant == variant));
        if let Some(encoded) = cached.at(version, variant) {
            return encoded;
        }
        let (empty, close) = (form.open.clone(), form.close);
        let chunks = encode(work, form).await;
        let ends = (if chunks.is_empty() { empty } else { Bytes::new() }, close);
        let encoded = Arc::new(Encoded::new((self.epoch, version, variant), chunks, ends));
        *cached.current() = Some(Arc::clone(&encoded));
        encoded
    }
}

impl Cached {
    fn current(&self) -> std::sync::MutexGuard<'_, Option<Arc<Encoded>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn at(&self, version: u64, variant: &str) -> Option<Arc<Encoded>> {
        self.current().as_ref().filter(|old| old.is(version, variant)).cloned()
    }
}

/// The ETag of a table's version in one of its forms.
pub(super) fn etag(epoch: u64, version: u64, variant: &str) -> String {
    format!("W/\"{epoch:x}-{version:x}-{variant}\"")
}

/// Adds what a cache has to know; a shared one must not keep it.
pub(super) fn tagged(mut reply: Reply, etag: HeaderValue) -> Reply {
    let headers = reply.headers_mut();
    headers.insert(ETAG, etag);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    reply
}

impl Encoded {
    /// One piece that was encoded elsewhere.
    pub(super) fn of(version: (u64, u64, &'static str), bytes: Vec<u8>) -> Encoded {
        let piece = Piece { version: version.1, bytes: Bytes::from(bytes) };
        Encoded::new(version, vec![piece], (Bytes::new(), ""))
    }

    fn new(
        (epoch, version, variant): (u64, u64, &'static str),
        chunks: Vec<Piece>,
        (open, close): (Bytes, &'static str),
    ) -> Encoded {
        let mut pieces: Vec<Bytes> = vec![open];
        pieces.extend(chunks.iter().map(|chunk| chunk.bytes.clone()));
        pieces.push(Bytes::from_static(close.as_bytes()));
        pieces.retain(|piece| !piece.is_empty());
        let length = pieces.iter().map(Bytes::len).sum();
        if length <= JOIN_BYTES {
            pieces = vec![Bytes::from(pieces.concat())];
        }
        Encoded {
            version,
            variant,
            chunks,
            body: pieces.into(),
            length,
            etag: HeaderValue::try_from(etag(epoch, version, variant)).expect("hexadecimal digits and letters"),
            gzip: OnceCell::new(),
            brotli: OnceCell::new(),
        }
    }

    /// Whether it is this version in this form.
    pub(super) fn is(&self, version: u64, variant: &str) -> bool {
        self.version == version && self.variant == variant
    }

    /// Bytes of the body as it is.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// The body as it is, in one piece.
    pub(super) fn joined(&self) -> Vec<u8> {
        self.body.concat()
    }

    fn body(&self) -> Body {
        Body::pieces(Arc::clone(&self.body), self.length as u64)
    }

    fn tagged(&self, reply: Reply) -> Reply {
        tagged(reply, self.etag.clone())
    }

    /// The body compressed: at most once per version, and not at all while others are at it, because then the
    /// client is better off with the body as it is.
    async fn packed(&self, coding: Coding, compressors: &Arc<Semaphore>) -> Option<Bytes> {
        if self.length < limits::COMPRESS_FROM {
            return None;
        }
        let cell = if coding == Coding::Gzip { &self.gzip } else { &self.brotli };
        let pack = || async {
            let permit = Arc::clone(compressors).try_acquire_owned().map_err(drop)?;
            let body = Arc::clone(&self.body);
            let packing = tokio::task::spawn_blocking(move || (pack::compress(&body, coding), permit));
            packing.await.map(|(packed, _)| packed).map_err(drop)
        };
        cell.get_or_try_init(pack).await.ok().cloned()
    }
}

fn changes<K: Hash + Eq, T>(table: &Table<K, T>, old: Option<&Encoded>) -> (u64, Vec<Work<T>>) {
    let kept = old.map_or(&[][..], |old| &old.chunks);
    let work = table.chunks().iter().enumerate().map(|(index, chunk)| {
        match kept.get(index).filter(|piece| piece.version == chunk.version) {
            Some(piece) => Work::Keep(piece.clone()),
            None => Work::Encode { version: chunk.version, first: index == 0, rows: chunk.rows.clone() },
        }
    });
    (table.version(), work.collect())
}

async fn encode<T: Send + Sync + 'static>(work: Vec<Work<T>>, form: Form<T>) -> Vec<Piece> {
    let changed = work.iter().filter(|work| matches!(work, Work::Encode { .. })).count();
    if changed <= INLINE_CHUNKS {
        return work.into_iter().map(|work| encode_one(work, &form)).collect();
    }
    let encoding = tokio::task::spawn_blocking(move || encode_many(work, changed, &form));
    encoding.await.expect("encoding does not panic and blocking tasks are not aborted")
}

/// Many chunks: where most have changed, all go into one buffer, whose neighbours are written in one go.
fn encode_many<T>(work: Vec<Work<T>>, changed: usize, form: &Form<T>) -> Vec<Piece> {
    if changed * 2 < work.len() {
        return work.into_iter().map(|work| encode_one(work, form)).collect();
    }
    let (mut buffer, mut ends) = (Vec::new(), Vec::with_capacity(work.len()));
    for work in work {
        let version = match work {
            Work::Keep(piece) => {
                buffer.extend_from_slice(&piece.bytes);
                piece.version
            }
            Work::Encode { version, first, rows } => {
                write_rows(&mut buffer, first, &rows, form);
                version
            }
        };
        ends.push((version, buffer.len()));
    }
    let (whole, mut start) = (Bytes::from(buffer), 0);
    let slice = |(version, end)| Piece { version, bytes: whole.slice(std::mem::replace(&mut start, end)..end) };
    ends.into_iter().map(slice).collect()
}

fn encode_one<T>(work: Work<T>, form: &Form<T>) -> Piece {
    match work {
        Work::Keep(piece) => piece,
        Work::Encode { version, first, rows } => {
            let mut out = Vec::with_capacity(rows.len() * 512);
            write_rows(&mut out, first, &rows, form);
            Piece { version, bytes: Bytes::from(out) }
        }
    }
}

fn write_rows<T>(out: &mut Vec<u8>, first: bool, rows: &[Arc<T>], form: &Form<T>) {
    for (index, row) in rows.iter().enumerate() {
        out.extend_from_slice(if first && index == 0 { &form.open } else { b"," });
        (form.write)(row, out);
    }
}

#[cfg(test)]
mod tests;
