//! Reading along: a pickle whose shape the caller knows beforehand, byte for byte as CPython writes it.
//!
//! [`load`](crate::load) understands every pickle; a [`Scanner`] only those that keep to what its caller expects
//! next, and for these it needs no stack, no memo of values and no tree. Whatever differs is `None`, and the caller
//! turns to the loader, which decides.
//!
//! Always true: what a scanner reads to its end is a pickle that the loader reads too, with the same meaning.
//! MEMOIZE opcodes are counted, so that a BINGET that comes later means the same value here and there; PUT, which
//! could make holes in that count, is never accepted.

use crate::opcode::*;

/// Short texts that are kept for a BINGET: an event's type, and a tick's names and keys that recur.
const TEXTS: usize = 12;

/// Opcodes that must come exactly like this, without BINGET among them.
#[derive(Debug, Clone, Copy)]
pub struct Phrase {
    bytes: &'static [u8],
    memoised: u8,
}

impl Phrase {
    /// The opcodes as CPython writes them; their texts are ASCII, so that each 0x94 is a MEMOIZE.
    #[must_use]
    pub const fn new(bytes: &'static [u8]) -> Phrase {
        let (mut memoised, mut at) = (0, 0);
        while at < bytes.len() {
            memoised += (bytes[at] == MEMOIZE) as u8;
            at += 1;
        }
        Phrase { bytes, memoised }
    }
}

/// A number of a dataclass, or the `None` in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scanned {
    /// A double.
    Float(f64),
    /// An integer of at most 32 bits.
    Int(i32),
    /// `None`.
    None,
}

/// A place in a pickle of protocol 4 or 5 that is no longer than one frame.
#[derive(Debug)]
pub struct Scanner<'a> {
    rest: &'a [u8],
    /// Values memoised so far. It stays below 256, or a BINGET could not name them all.
    memo: u8,
    texts: [(u8, &'a str); TEXTS],
    known: usize,
}

impl<'a> Scanner<'a> {
    /// Behind the header, if it is that of one frame.
    #[must_use]
    #[inline]
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let ([PROTO, 4 | 5, FRAME], rest) = bytes.split_first_chunk()? else { return None };
        let (len, rest) = rest.split_first_chunk()?;
        let is_whole = u64::from_le_bytes(*len) == rest.len() as u64;
        is_whole.then_some(Self { rest, memo: 0, texts: [(0, ""); TEXTS], known: 0 })
    }

    /// Exactly these opcodes.
    #[must_use]
    #[inline]
    pub fn phrase(&mut self, phrase: &Phrase) -> Option<()> {
        self.rest = self.rest.strip_prefix(phrase.bytes)?;
        self.memo = self.memo.checked_add(phrase.memoised)?;
        Some(())
    }

    /// A key of at most 255 bytes, memoised.
    #[must_use]
    #[inline(always)]
    pub fn key(&mut self, name: &str) -> Option<()> {
        let (&[SHORT_BINUNICODE, len], rest) = self.rest.split_first_chunk()? else { return None };
        let (text, rest) = rest.split_at_checked(name.len())?;
        let (&MEMOIZE, rest) = rest.split_first()? else { return None };
        if usize::from(len) != name.len() || text != name.as_bytes() {
            return None;
        }
        self.rest = rest;
        self.memo = self.memo.checked_add(1)?;
        Some(())
    }

    /// A short text, memoised; or one again that came before.
    #[must_use]
    #[inline]
    pub fn text(&mut self) -> Option<&'a str> {
        let ([opcode, byte], rest) = self.rest.split_first_chunk()?;
        match *opcode {
            SHORT_BINUNICODE => {
                let (text, rest) = rest.split_at_checked(usize::from(*byte))?;
                let (&MEMOIZE, rest) = rest.split_first()? else { return None };
                let text = std::str::from_utf8(text).ok()?;
                *self.texts.get_mut(self.known)? = (self.memo, text);
                self.known += 1;
                self.memo = self.memo.checked_add(1)?;
                self.rest = rest;
                Some(text)
            }
            BINGET => {
                let (_, text) = self.texts[..self.known].iter().find(|(index, _)| index == byte)?;
                self.rest = rest;
                Some(text)
            }
            _ => None,
        }
    }

    /// A number, or `None`.
    #[must_use]
    #[inline(always)]
    pub fn number(&mut self) -> Option<Scanned> {
        let (opcode, rest) = self.rest.split_first()?;
        let (number, rest) = match *opcode {
            BINFLOAT => {
                let (bits, rest) = rest.split_first_chunk()?;
                (Scanned::Float(f64::from_be_bytes(*bits)), rest)
            }
            BININT1 => {
                let (byte, rest) = rest.split_first()?;
                (Scanned::Int(i32::from(*byte)), rest)
            }
            BININT2 => {
                let (bits, rest) = rest.split_first_chunk()?;
                (Scanned::Int(i32::from(u16::from_le_bytes(*bits))), rest)
            }
            BININT => {
                let (bits, rest) = rest.split_first_chunk()?;
                (Scanned::Int(i32::from_le_bytes(*bits)), rest)
            }
            NONE => (Scanned::None, rest),
            _ => return None,
        };
        self.rest = rest;
        Some(number)
    }

    /// `None` itself.
    #[must_use]
    #[inline]
    pub fn none(&mut self) -> Option<()> {
        self.rest = self.rest.strip_prefix(&[NONE])?;
        Some(())
    }

    /// That many bytes, memoised.
    #[must_use]
    #[inline]
    pub fn bytes<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (&[SHORT_BINBYTES, len], rest) = self.rest.split_first_chunk()? else { return None };
        let (bytes, rest) = rest.split_first_chunk::<N>()?;
        let (&MEMOIZE, rest) = rest.split_first()? else { return None };
        self.rest = (usize::from(len) == N).then_some(rest)?;
        self.memo = self.memo.checked_add(1)?;
        Some(bytes)
    }

    /// The value that was memoised as number `index`: see [`Scanner::memoised`].
    #[must_use]
    #[inline]
    pub fn again(&mut self, index: u8) -> Option<()> {
        self.rest = self.rest.strip_prefix(&[BINGET, index])?;
        Some(())
    }

    /// How many values have been memoised: the last of them has the index below.
    #[must_use]
    #[inline]
    pub fn memoised(&self) -> u8 {
        self.memo
    }

    /// The end of the pickle.
    #[must_use]
    #[inline]
    pub fn stop(&self) -> Option<()> {
        (self.rest == [STOP]).then_some(())
    }
}
