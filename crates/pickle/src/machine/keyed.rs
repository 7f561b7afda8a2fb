//! Runs of `key, memoised, number`: four fifths of a tick, and half of a contract.
//!
//! A shortcut and nothing else: it does what the single opcodes would do, for as long as the input
//! keeps to the pattern and the stores have room, and leaves whatever differs (an odd key, a store
//! that must grow, a limit that is reached) to them.

use super::{Machine, is_ascii};
use crate::arena::{Cell, Value};
use crate::opcode::*;

impl<'m> Machine<'m> {
    /// Reads such a run, its first SHORT_BINUNICODE already taken; what is behind it, or nothing
    /// if there is not one pair.
    #[inline(always)]
    pub(super) fn keyed_numbers(&mut self, rest: &'m [u8]) -> Option<&'m [u8]> {
        let mut rest = self.keyed_number(rest)?;
        while let Some((&SHORT_BINUNICODE, after)) = rest.split_first()
            && let Some(after) = self.keyed_number(after)
        {
            rest = after;
        }
        Some(rest)
    }

    #[inline(always)]
    fn keyed_number(&mut self, rest: &'m [u8]) -> Option<&'m [u8]> {
        let (len, text) = rest.split_first()?;
        let (key, after) = text.split_at_checked(usize::from(*len))?;
        let (value, after) = memoised_number(after)?;
        let (stack, memo) = (&mut self.arena.stack, &mut self.arena.memo);
        let has_room = stack.capacity() - stack.len() >= 2 && memo.capacity() > memo.len();
        if !has_room || self.arena.memo_holes > 0 || !is_ascii(key) {
            return None;
        }
        let at = self.input.len() - text.len();
        let key = Value::Str(crate::arena::Span { at: at as u32, len: u32::from(*len) }).pack();
        stack.extend_from_slice(&[key, value]);
        memo.push(key);
        Some(after)
    }
}

#[inline(always)]
fn memoised_number(rest: &[u8]) -> Option<(Cell, &[u8])> {
    match rest {
        [MEMOIZE, BINFLOAT, rest @ ..] => {
            let (bits, rest) = rest.split_first_chunk()?;
            Some((Value::Float(f64::from_be_bytes(*bits)).pack(), rest))
        }
        [MEMOIZE, BININT1, byte, rest @ ..] => Some((Value::Int(i64::from(*byte)).pack(), rest)),
        [MEMOIZE, BININT2, low, high, rest @ ..] => {
            Some((Value::Int(i64::from(u16::from_le_bytes([*low, *high]))).pack(), rest))
        }
        _ => None,
    }
}
