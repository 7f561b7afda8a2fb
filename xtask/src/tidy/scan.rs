//! Blanks out what is not code in Rust source.
//!
//! Comments, strings, raw strings and character literals become spaces; every other byte and
//! every line break stays where it was, so that positions and line numbers hold. It knows no more
//! of the language than this needs, and never fails: an unfinished literal ends with the file.

struct Scanner<'a> {
    source: &'a str,
    at: usize,
    out: Vec<u8>,
}

/// The source with comments and literals blanked out.
pub(crate) fn code(source: &str) -> String {
    let mut scanner = Scanner { source, at: 0, out: Vec::with_capacity(source.len()) };
    while let Some(byte) = scanner.byte(0) {
        scanner.step(byte);
    }
    String::from_utf8(scanner.out).expect("characters are kept whole or blanked byte by byte")
}

impl Scanner<'_> {
    fn step(&mut self, byte: u8) {
        match byte {
            b'/' if self.byte(1) == Some(b'/') => self.blank(self.line_length()),
            b'/' if self.byte(1) == Some(b'*') => self.blank(self.block_comment_length()),
            b'"' => self.blank(self.quoted_length(1, b'"')),
            b'\'' => match self.char_length() {
                Some(length) => self.blank(length),
                None => self.keep(1),
            },
            _ if is_word(byte) => self.word(),
            _ => self.keep(self.char_width()),
        }
    }

    /// An identifier, a number, or the prefix of a literal such as `br#"…"#`.
    fn word(&mut self) {
        let rest = &self.source.as_bytes()[self.at..];
        let length = rest.iter().take_while(|byte| is_word(**byte)).count();
        let hashes = rest[length..].iter().take_while(|byte| **byte == b'#').count();
        let quote = rest.get(length + hashes).copied();
        match &rest[..length] {
            b"r" | b"br" | b"cr" if quote == Some(b'"') => {
                let end = format!("\"{}", "#".repeat(hashes));
                let start = length + hashes + 1;
                let found = self.rest(start).find(&end);
                self.blank(found.map_or(rest.len(), |found| start + found + end.len()));
            }
            _ => self.keep(length),
        }
    }

    fn line_length(&self) -> usize {
        self.rest(0).find('\n').unwrap_or(self.rest(0).len())
    }

    fn block_comment_length(&self) -> usize {
        let rest = self.rest(0).as_bytes();
        let (mut at, mut depth) = (0, 0_usize);
        while at < rest.len() {
            match rest.get(at..at + 2) {
                Some(b"/*") => (depth, at) = (depth + 1, at + 2),
                Some(b"*/") => (depth, at) = (depth.saturating_sub(1), at + 2),
                _ => at += 1,
            }
            if depth == 0 {
                return at;
            }
        }
        rest.len()
    }

    /// A literal from its opening quote (`opening` bytes long) to its closing one.
    fn quoted_length(&self, opening: usize, quote: u8) -> usize {
        let rest = self.rest(0).as_bytes();
        let mut at = opening;
        while at < rest.len() {
            match rest[at] {
                b'\\' => at += 2,
                byte if byte == quote => return at + 1,
                _ => at += 1,
            }
        }
        rest.len()
    }

    /// A character literal's length, or `None` for a lifetime or a label.
    fn char_length(&self) -> Option<usize> {
        let mut chars = self.rest(1).chars();
        match chars.next()? {
            '\\' => Some(self.quoted_length(1, b'\'')),
            first => (chars.next() == Some('\'')).then_some(1 + first.len_utf8() + 1),
        }
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.source.as_bytes().get(self.at + ahead).copied()
    }

    fn rest(&self, ahead: usize) -> &str {
        self.source.get(self.at + ahead..).unwrap_or_default()
    }

    fn char_width(&self) -> usize {
        self.rest(0).chars().next().map_or(1, char::len_utf8)
    }

    fn keep(&mut self, length: usize) {
        self.out.extend_from_slice(&self.source.as_bytes()[self.at..self.at + length]);
        self.at += length;
    }

    fn blank(&mut self, length: usize) {
        let end = (self.at + length).min(self.source.len());
        let blanked = self.source.as_bytes()[self.at..end].iter();
        self.out.extend(blanked.map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }));
        self.at = end;
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
