//! UTF-8 checked in pieces, so that ignored text need not be kept to be judged.
//!
//! Always true: `partial` holds the begun, still possible character at the end of what was pushed.

#[derive(Debug, Default)]
pub(super) struct Utf8 {
    partial: [u8; 4],
    length: usize,
}

impl Utf8 {
    /// False as soon as what was pushed so far cannot be the beginning of valid text.
    pub(super) fn push(&mut self, mut bytes: &[u8]) -> bool {
        while self.length > 0 && !bytes.is_empty() {
            self.partial[self.length] = bytes[0];
            self.length += 1;
            bytes = &bytes[1..];
            match std::str::from_utf8(&self.partial[..self.length]) {
                Ok(_) => self.length = 0,
                Err(error) if error.error_len().is_some() => return false,
                Err(_) => {}
            }
        }
        match std::str::from_utf8(bytes) {
            Ok(_) => true,
            Err(error) if error.error_len().is_some() => false,
            Err(error) => {
                let rest = &bytes[error.valid_up_to()..];
                self.partial[..rest.len()].copy_from_slice(rest);
                self.length = rest.len();
                true
            }
        }
    }

    /// Ends a text: false if a character is incomplete. Ready for the next one.
    pub(super) fn finish(&mut self) -> bool {
        std::mem::take(&mut self.length) == 0
    }
}
