//! Compresses a body that is in pieces. Slow (tens of milliseconds for a large list): for blocking threads.

use crate::http::Coding;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use std::io::{self, Write};

/// zlib's middle ground for text that is compressed once and read often.
const GZIP_LEVEL: u32 = 4;
/// Brotli at this quality takes about as long and is smaller.
const BROTLI_QUALITY: u32 = 4;
const BROTLI_WINDOW: u32 = 22;
const BUFFER_BYTES: usize = 16 << 10;

/// The pieces, joined and compressed.
pub(super) fn compress(pieces: &[Bytes], coding: Coding) -> Bytes {
    let out = match coding {
        Coding::Gzip => gzip(pieces),
        Coding::Brotli => brotli(pieces),
    };
    Bytes::from(out.expect("writing to memory does not fail"))
}

fn gzip(pieces: &[Bytes]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL));
    pieces.iter().try_for_each(|piece| encoder.write_all(piece))?;
    encoder.finish()
}

fn brotli(pieces: &[Bytes]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut out, BUFFER_BYTES, BROTLI_QUALITY, BROTLI_WINDOW);
    pieces.iter().try_for_each(|piece| encoder.write_all(piece))?;
    encoder.flush()?;
    drop(encoder);
    Ok(out)
}
