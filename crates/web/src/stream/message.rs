//! A message that is framed once and compressed at most once, whatever the number of readers.
//!
//! Always true: `plain` is one whole WebSocket text frame; the compressed form is one too, made alone (no context is
//! taken over from message to message), so that it fits every reader that agreed to permessage-deflate (RFC 7692).

use super::limits::COMPRESS_FROM;
use super::stats::Counters;
use crate::live::frame;
use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Room for the longest frame header.
const HEADER: usize = 10;
/// RFC 7692 section 6: set on the first frame of a compressed message.
const RSV1: u8 = 0x40;
/// What a sync flush ends with, and a message leaves out (RFC 7692 section 7.2.1).
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];

/// One text message.
#[derive(Debug)]
pub(super) struct Message {
    plain: Bytes,
    payload_at: usize,
    packed: OnceLock<Option<Bytes>>,
}

/// The one compressor; its window is 256 kB, so there is not one per reader.
#[derive(Debug)]
pub(super) struct Deflater {
    state: Mutex<Compress>,
    counters: Arc<Counters>,
}

impl Message {
    /// A message whose JSON text `write` appends; `size` is a guess of its length.
    pub(super) fn build(size: usize, write: impl FnOnce(&mut Vec<u8>)) -> Message {
        let mut bytes = Vec::with_capacity(HEADER + size);
        bytes.resize(HEADER, 0);
        write(&mut bytes);
        let header = frame::text_header(bytes.len() - HEADER);
        let start = HEADER - header.as_ref().len();
        bytes[start..HEADER].copy_from_slice(header.as_ref());
        let plain = Bytes::from(bytes).slice(start..);
        Message { plain, payload_at: HEADER - start, packed: OnceLock::new() }
    }

    /// Bytes of the plain form.
    pub(super) fn size(&self) -> usize {
        self.plain.len()
    }

    #[cfg(test)]
    pub(super) fn payload(&self) -> &[u8] {
        &self.plain[self.payload_at..]
    }

    /// The frame to send: compressed if the reader takes that and it is worth it.
    pub(super) fn frame(&self, packed: Option<&Deflater>) -> Bytes {
        let Some(deflater) = packed.filter(|_| self.plain.len() >= COMPRESS_FROM) else { return self.plain.clone() };
        let packed = self.packed.get_or_init(|| {
            let mut payload = deflater.pack([&self.plain[self.payload_at..]]);
            payload.truncate(payload.len() - TAIL.len());
            (payload.len() < self.plain.len()).then(|| framed(&[&payload]))
        });
        packed.as_ref().unwrap_or(&self.plain).clone()
    }
}

impl Deflater {
    pub(super) fn new(counters: Arc<Counters>) -> Self {
        // The fastest level: ticks are mostly digits, and the next level gains a tenth for twice the time.
        Self { state: Mutex::new(Compress::new(Compression::fast(), false)), counters }
    }

    /// Raw deflate blocks of the parts together, ending at a byte (a sync flush).
    pub(super) fn pack<'a>(&self, parts: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.reset();
        let mut out = Vec::new();
        for part in parts {
            run(&mut state, part, &mut out, FlushCompress::None);
        }
        run(&mut state, &[], &mut out, FlushCompress::Sync);
        self.counters.compressed.fetch_add(1, Ordering::Relaxed);
        self.counters.compressed_in.fetch_add(state.total_in(), Ordering::Relaxed);
        self.counters.compressed_out.fetch_add(out.len() as u64, Ordering::Relaxed);
        out
    }
}

fn run(state: &mut Compress, mut input: &[u8], out: &mut Vec<u8>, flush: FlushCompress) {
    loop {
        out.reserve((input.len() / 4).max(256));
        let (read, written) = (state.total_in(), state.total_out());
        state.compress_vec(input, out, flush).expect("compression of memory into memory has no errors");
        input = &input[(state.total_in() - read) as usize..];
        let has_room = out.len() < out.capacity();
        if input.is_empty() && (has_room || state.total_out() == written) {
            return;
        }
    }
}

/// A compressed text frame of a payload in parts.
fn framed(parts: &[&[u8]]) -> Bytes {
    let header = packed_header(parts.iter().map(|part| part.len()).sum());
    let mut bytes = Vec::with_capacity(header.len() + parts.iter().map(|part| part.len()).sum::<usize>());
    bytes.extend_from_slice(&header);
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    Bytes::from(bytes)
}

fn packed_header(length: usize) -> Vec<u8> {
    let mut header = frame::text_header(length).as_ref().to_vec();
    header[0] |= RSV1;
    header
}

/// The end of a message whose beginning differs from reader to reader: the rows of a snapshot.
#[derive(Debug)]
pub(super) struct Body {
    parts: Vec<Bytes>,
    length: usize,
    packed: OnceLock<Bytes>,
}

impl Body {
    pub(super) fn new(parts: Vec<Bytes>) -> Body {
        let length = parts.iter().map(Bytes::len).sum();
        Body { parts, length, packed: OnceLock::new() }
    }

    /// Compresses it now, on a thread that has the time.
    pub(super) fn prepare(&self, deflater: &Deflater) {
        if self.length >= COMPRESS_FROM {
            self.packed.get_or_init(|| {
                let mut packed = deflater.pack(self.parts.iter().map(|part| &part[..]));
                packed.truncate(packed.len() - TAIL.len());
                Bytes::from(packed)
            });
        }
    }

    /// The frame of `start` and this body, as slices. In a compressed one the start is a stored block (RFC 1951
    /// section 3.2.4), so that the rest can be shared.
    pub(super) fn frame(&self, start: Vec<u8>, packed: Option<&Deflater>, out: &mut impl Extend<Bytes>) {
        debug_assert!(start.len() < 0x1_0000);
        let packed = packed.filter(|_| self.length >= COMPRESS_FROM).map(|deflater| {
            self.prepare(deflater);
            self.packed.get().expect("just prepared")
        });
        let Some(rest) = packed else {
            let header = frame::text_header(start.len() + self.length);
            out.extend([Bytes::from([header.as_ref(), &start].concat())]);
            return out.extend(self.parts.iter().cloned());
        };
        let size = (start.len() as u16).to_le_bytes();
        let block = [&[0][..], &size, &size.map(|byte| !byte), &start].concat();
        let header = packed_header(block.len() + rest.len());
        out.extend([Bytes::from([header, block].concat()), rest.clone()]);
    }
}
