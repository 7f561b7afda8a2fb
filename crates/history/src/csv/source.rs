//! Where lines come from: a file or a pipe, packed with gzip or not, with the bytes counted for the progress.

use flate2::bufread::MultiGzDecoder;
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

/// How gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// How many bytes were taken from the input so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Count(Rc<Cell<u64>>);

impl Count {
    pub(crate) fn get(&self) -> u64 {
        self.0.get()
    }
}

struct Counting<R> {
    input: R,
    count: Count,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(into)?;
        self.count.0.set(self.count.get() + length as u64);
        Ok(length)
    }
}

/// The text of the input, unpacked if it begins like gzip.
pub(crate) fn open<'a>(input: impl Read + 'a) -> io::Result<(Box<dyn BufRead + 'a>, Count)> {
    let count = Count::default();
    let mut packed = BufReader::new(Counting { input, count: count.clone() });
    // A pipe may hand out less than two bytes at first; a CSV file of one byte is none anyway.
    if packed.fill_buf()?.starts_with(&GZIP) {
        return Ok((Box::new(BufReader::new(MultiGzDecoder::new(packed))), count));
    }
    Ok((Box::new(packed), count))
}
