//! Lines of a text file, plain or gz, with their numbers; UTF-8 with or without a byte order mark.

use super::fault::{Fault, Kind};
use crate::limits::RECORDING_LINE;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// A file read line by line.
pub(super) struct Lines {
    file: String,
    reader: Box<dyn BufRead>,
    number: usize,
    line: Vec<u8>,
}

impl Lines {
    pub(super) fn open(path: &Path) -> Result<Lines, Fault> {
        let file = path.display().to_string();
        let unreadable = |error: std::io::Error| Fault {
            file: file.clone(),
            line: 0,
            column: None,
            kind: Kind::Unreadable(error.to_string()),
        };
        let mut plain = BufReader::new(File::open(path).map_err(unreadable)?);
        let packed = plain.fill_buf().map_err(unreadable)?.starts_with(&[0x1F, 0x8B]);
        let reader: Box<dyn BufRead> =
            if packed { Box::new(BufReader::new(MultiGzDecoder::new(plain))) } else { Box::new(plain) };
        Ok(Lines { file, reader, number: 0, line: Vec::new() })
    }

    /// The next line that is not empty, without its end.
    pub(super) fn next(&mut self) -> Result<Option<&str>, Fault> {
        loop {
            self.line.clear();
            self.number += 1;
            let most = RECORDING_LINE as u64 + 1;
            let read = self.reader.by_ref().take(most).read_until(b'\n', &mut self.line);
            let read = read.map_err(|error| self.fault(None, Kind::Unreadable(error.to_string())))?;
            if read == 0 {
                return Ok(None);
            }
            if read > RECORDING_LINE {
                return Err(self.fault(None, Kind::LongLine));
            }
            if self.line.iter().any(|byte| !byte.is_ascii_whitespace()) {
                break;
            }
        }
        match std::str::from_utf8(&self.line) {
            Ok(text) if self.number == 1 => Ok(Some(text.trim_start_matches('\u{FEFF}').trim_end())),
            Ok(text) => Ok(Some(text.trim_end())),
            Err(_) => Err(self.fault(None, Kind::Encoding)),
        }
    }

    /// A fault in the current line.
    pub(super) fn fault(&self, column: Option<(&str, usize)>, kind: Kind) -> Fault {
        let column = column.map(|(name, place)| (name.to_owned(), place));
        Fault { file: self.file.clone(), line: self.number, column, kind }
    }

    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// A fault in an earlier line.
    pub(super) fn fault_at(&self, line: usize, column: Option<(&str, usize)>, kind: Kind) -> Fault {
        Fault { line, ..self.fault(column, kind) }
    }
}
