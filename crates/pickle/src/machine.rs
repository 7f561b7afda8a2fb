//! The stack machine: one pass over the opcodes, no recursion, nothing called.
//!
//! Opcodes that ticks and snapshots are made of are handled here; `collect` has the containers and
//! recorded constructions, `keyed` runs of keys and numbers, `number` and `text` the forms of
//! protocol 0. The unread input travels
//! by value through every step, so that it stays in a register.
//!
//! Always true: values below `fence` belong to an outer collection and cannot be reached.

mod collect;
mod keyed;
mod number;
mod text;

use crate::allow::AllowList;
use crate::arena::{Arena, Cell, Span, Value, push};
use crate::error::{Error, Fault};
use crate::limits::{Limits, QUOTED_BYTES};
use crate::opcode::*;

/// The input behind the current opcode, or why it was refused.
type Step<'m> = Result<&'m [u8], Fault>;

pub(crate) struct Machine<'m> {
    input: &'m [u8],
    arena: &'m mut Arena,
    allow: &'m AllowList,
    limits: Limits,
    /// Stack height at the innermost open mark.
    fence: usize,
}

impl<'m> Machine<'m> {
    /// `arena` must be clear.
    pub(crate) fn new(input: &'m [u8], arena: &'m mut Arena, allow: &'m AllowList, limits: &Limits) -> Self {
        // Indices and spans are 32 bits; rewritten text is at most three times its source.
        let bytes = limits.bytes.min(1 << 30);
        let nodes = limits.nodes.min(1 << 30);
        Self { input, arena, allow, limits: Limits { bytes, nodes, ..*limits }, fence: 0 }
    }

    /// Reads the input to its STOP; the value that was on top then.
    pub(crate) fn run(mut self) -> Result<Value, Error> {
        let (len, limit) = (self.input.len(), self.limits.bytes);
        if len > limit {
            return Err(Error { at: 0, fault: Fault::TooLong { len, limit } });
        }
        let mut rest = self.input;
        loop {
            let step = match rest.split_first() {
                None => Err(Fault::Truncated),
                Some((&STOP, after)) => match self.stop(after) {
                    Ok(root) => return Ok(root),
                    Err(fault) => Err(fault),
                },
                Some((&opcode, after)) => self.step(opcode, after),
            };
            match step {
                Ok(after) => rest = after,
                Err(fault) => return Err(Error { at: self.offset(rest), fault }),
            }
        }
    }

    /// The opcodes that ticks and snapshots are made of.
    #[inline(always)]
    fn step(&mut self, opcode: u8, rest: &'m [u8]) -> Step<'m> {
        match opcode {
            SHORT_BINUNICODE => match self.keyed_numbers(rest) {
                Some(rest) => Ok(rest),
                None => self.short_str(rest),
            },
            MEMOIZE => self.memoize(rest),
            BINFLOAT => {
                let (bits, rest) = chunk(rest)?;
                self.push(Value::Float(f64::from_be_bytes(bits)), rest)
            }
            BININT => {
                let (bits, rest) = chunk(rest)?;
                self.push(Value::Int(i64::from(i32::from_le_bytes(bits))), rest)
            }
            BININT1 => {
                let ([byte], rest) = chunk(rest)?;
                self.push(Value::Int(i64::from(byte)), rest)
            }
            BININT2 => {
                let (bits, rest) = chunk(rest)?;
                self.push(Value::Int(i64::from(u16::from_le_bytes(bits))), rest)
            }
            NONE => self.push(Value::None, rest),
            BINGET => {
                let ([index], rest) = chunk(rest)?;
                self.recall(u64::from(index), rest)
            }
            STACK_GLOBAL => self.stack_global(rest),
            TUPLE1 => self.tuple(1, rest),
            TUPLE2 => self.tuple(2, rest),
            REDUCE => self.reduce(rest),
            SHORT_BINBYTES => {
                let ([len], rest) = chunk(rest)?;
                self.bytes(u64::from(len), rest)
            }
            _ => self.rare(opcode, rest),
        }
    }

    /// Every other opcode, out of the way of the loop above.
    #[inline(never)]
    fn rare(&mut self, opcode: u8, rest: &'m [u8]) -> Step<'m> {
        match opcode {
            PROTO => {
                let ([version], rest) = chunk(rest)?;
                if version > 5 { Err(Fault::Protocol(version)) } else { Ok(rest) }
            }
            FRAME => {
                let (len, rest) = chunk(rest)?;
                split(rest, u64::from_le_bytes(len))?;
                Ok(rest)
            }
            NEWTRUE => self.push(Value::Bool(true), rest),
            NEWFALSE => self.push(Value::Bool(false), rest),
            LONG_BINGET => {
                let (index, rest) = chunk(rest)?;
                self.recall(u64::from(u32::from_le_bytes(index)), rest)
            }
            BINPUT => {
                let ([index], rest) = chunk(rest)?;
                self.put(u64::from(index), rest)
            }
            LONG_BINPUT => {
                let (index, rest) = chunk(rest)?;
                self.put(u64::from(u32::from_le_bytes(index)), rest)
            }
            BINUNICODE => {
                let (len, rest) = chunk(rest)?;
                self.str(u64::from(u32::from_le_bytes(len)), rest)
            }
            BINUNICODE8 => {
                let (len, rest) = chunk(rest)?;
                self.str(u64::from_le_bytes(len), rest)
            }
            BINBYTES => {
                let (len, rest) = chunk(rest)?;
                self.bytes(u64::from(u32::from_le_bytes(len)), rest)
            }
            // A bytearray that a pickle shares and changes cannot exist: nothing here runs.
            BINBYTES8 | BYTEARRAY8 => {
                let (len, rest) = chunk(rest)?;
                self.bytes(u64::from_le_bytes(len), rest)
            }
            PERSID | BINPERSID => Err(Fault::OutOfBand("a persistent id")),
            EXT1 | EXT2 | EXT4 => Err(Fault::OutOfBand("an extension code")),
            NEXT_BUFFER | READONLY_BUFFER => Err(Fault::OutOfBand("an out-of-band buffer")),
            INT | LONG | FLOAT | LONG1 | LONG4 => self.number(opcode, rest),
            STRING | BINSTRING | SHORT_BINSTRING | UNICODE | GLOBAL | GET | PUT => self.line(opcode, rest),
            _ => self.collection(opcode, rest),
        }
    }

    fn stop(&mut self, rest: &[u8]) -> Result<Value, Fault> {
        if rest.is_empty() { self.pop() } else { Err(Fault::Trailing(rest.len())) }
    }

    /// The offset of the first byte of `rest`.
    #[inline]
    fn offset(&self, rest: &[u8]) -> usize {
        self.input.len() - rest.len()
    }

    /// `len` bytes from the start of `rest`, as a span.
    #[inline]
    fn span(&self, rest: &[u8], len: usize) -> Span {
        // Both fit: the input is at most 1 GiB.
        Span { at: self.offset(rest) as u32, len: len as u32 }
    }

    #[inline(always)]
    fn push(&mut self, value: Value, rest: &'m [u8]) -> Step<'m> {
        self.push_cell(value.pack(), rest)
    }

    #[inline(always)]
    fn push_cell(&mut self, cell: Cell, rest: &'m [u8]) -> Step<'m> {
        push(&mut self.arena.stack, cell, self.limits.nodes)?;
        Ok(rest)
    }

    #[inline(always)]
    fn pop(&mut self) -> Result<Value, Fault> {
        if self.arena.stack.len() <= self.fence {
            return Err(Fault::Underflow);
        }
        self.arena.stack.pop().map(Cell::get).ok_or(Fault::Underflow)
    }

    /// The value on top, which stays there.
    #[inline(always)]
    fn top(&self) -> Result<Cell, Fault> {
        if self.arena.stack.len() <= self.fence {
            return Err(Fault::Underflow);
        }
        self.arena.stack.last().copied().ok_or(Fault::Underflow)
    }

    /// Pushes a value that picklers memoise at once, and does that too. The value goes to both
    /// places from a register: reading back what was just pushed would wait for the store.
    #[inline(always)]
    fn push_memo(&mut self, value: Value, rest: &'m [u8]) -> Step<'m> {
        let cell = value.pack();
        let rest = self.push_cell(cell, rest)?;
        if let Some((&MEMOIZE, after)) = rest.split_first()
            && self.arena.memo_holes == 0
        {
            self.remember(cell)?;
            return Ok(after);
        }
        Ok(rest)
    }

    /// Nearly every short string is ASCII.
    #[inline(always)]
    fn short_str(&mut self, rest: &'m [u8]) -> Step<'m> {
        let ([len], rest) = chunk(rest)?;
        let (text, after) = rest.split_at_checked(usize::from(len)).ok_or(Fault::Truncated)?;
        if is_ascii(text) {
            return self.push_memo(Value::Str(self.span(rest, text.len())), after);
        }
        let value = self.utf8(text, rest)?;
        self.push_memo(value, after)
    }

    #[inline(never)]
    fn str(&mut self, len: u64, rest: &'m [u8]) -> Step<'m> {
        let (text, after) = split(rest, len)?;
        let value = self.utf8(text, rest)?;
        self.push(value, after)
    }

    #[inline]
    fn bytes(&mut self, len: u64, rest: &'m [u8]) -> Step<'m> {
        let (bytes, after) = split(rest, len)?;
        self.push_memo(Value::Bytes(self.span(rest, bytes.len())), after)
    }

    /// MEMOIZE counts the entries that are set, as CPython does, not the highest index.
    #[inline(always)]
    fn memoize(&mut self, rest: &'m [u8]) -> Step<'m> {
        let cell = self.top()?;
        let holes = self.arena.memo_holes;
        if holes > 0 {
            return self.put((self.arena.memo.len() - holes) as u64, rest);
        }
        self.remember(cell)?;
        Ok(rest)
    }

    #[inline(always)]
    fn remember(&mut self, cell: Cell) -> Result<(), Fault> {
        let index = self.arena.memo.len() as u64;
        push(&mut self.arena.memo, cell, self.limits.memo).map_err(|_| Fault::MemoIndex(index))?;
        Ok(())
    }

    /// Picklers number memo entries from 0 or 1 upwards; an index beyond the length of the input
    /// is a claim on memory.
    #[inline(never)]
    fn put(&mut self, index: u64, rest: &'m [u8]) -> Step<'m> {
        let cell = self.top()?;
        let at = usize::try_from(index).map_err(|_| Fault::MemoIndex(index))?;
        if at > self.input.len() || at >= self.limits.memo {
            return Err(Fault::MemoIndex(index));
        }
        while self.arena.memo.len() < at {
            push(&mut self.arena.memo, Cell::NOTHING, self.limits.memo)?;
            self.arena.memo_holes += 1;
        }
        match self.arena.memo.get_mut(at) {
            None => self.remember(cell)?,
            Some(entry) => {
                self.arena.memo_holes -= usize::from(entry.is_nothing());
                *entry = cell;
            }
        }
        Ok(rest)
    }

    #[inline(always)]
    fn recall(&mut self, index: u64, rest: &'m [u8]) -> Step<'m> {
        let found = usize::try_from(index).ok().and_then(|at| self.arena.memo.get(at));
        match found {
            Some(cell) if !cell.is_nothing() => self.push_cell(*cell, rest),
            _ => Err(Fault::MemoUnset(index)),
        }
    }

    #[inline]
    fn stack_global(&mut self, rest: &'m [u8]) -> Step<'m> {
        let (name, module) = (self.pop()?, self.pop()?);
        let (Some(name), Some(module)) = (self.plain_str(name), self.plain_str(module)) else {
            return Err(Fault::GlobalName);
        };
        let global = self.global(module, name)?;
        self.push_memo(global, rest)
    }

    /// A string of the input. One that had to be rewritten names no class.
    #[inline]
    fn plain_str(&self, value: Value) -> Option<&'m [u8]> {
        match value {
            Value::Str(Span { at, len }) => self.input.get(at as usize..(at + len) as usize),
            _ => None,
        }
    }

    #[inline]
    fn global(&self, module: &[u8], name: &[u8]) -> Result<Value, Fault> {
        match self.allow.find(module, name).or_else(|| self.allow.unlisted()) {
            Some(id) => Ok(Value::Global(id)),
            None => Err(not_allowed(module, name)),
        }
    }
}

#[cold]
fn not_allowed(module: &[u8], name: &[u8]) -> Fault {
    let cut = |text: &[u8]| String::from_utf8_lossy(&text[..text.len().min(QUOTED_BYTES)]).into_owned();
    Fault::NotAllowed(format!("{}.{}", cut(module), cut(name)).into())
}

#[inline(always)]
fn chunk<const N: usize>(rest: &[u8]) -> Result<([u8; N], &[u8]), Fault> {
    rest.split_first_chunk().map(|(chunk, rest)| (*chunk, rest)).ok_or(Fault::Truncated)
}

/// `len` is what the input claims: compared, never allocated.
#[inline]
fn split(rest: &[u8], len: u64) -> Result<(&[u8], &[u8]), Fault> {
    usize::try_from(len).ok().and_then(|len| rest.split_at_checked(len)).ok_or(Fault::Truncated)
}

/// The standard library's check is made for long texts; keys have 4 to 16 bytes.
#[inline(always)]
fn is_ascii(text: &[u8]) -> bool {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    if text.len() > 16 {
        return text.is_ascii();
    }
    if let (Some(front), Some(back)) = (text.first_chunk(), text.last_chunk()) {
        return (u64::from_le_bytes(*front) | u64::from_le_bytes(*back)) & HIGH == 0;
    }
    if let (Some(front), Some(back)) = (text.first_chunk(), text.last_chunk()) {
        return u64::from(u32::from_le_bytes(*front) | u32::from_le_bytes(*back)) & HIGH == 0;
    }
    text.iter().all(u8::is_ascii)
}
