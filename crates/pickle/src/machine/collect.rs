//! Containers, and constructions that are recorded and never run.

use super::{Machine, Step};
use crate::arena::{Cell, Span, Value, push};
use crate::error::Fault;
use crate::opcode::*;

impl<'m> Machine<'m> {
    /// The opcodes that open, fill or close something.
    pub(super) fn collection(&mut self, opcode: u8, rest: &'m [u8]) -> Step<'m> {
        match opcode {
            MARK => self.mark(rest),
            EMPTY_TUPLE => self.push(Value::Tuple(Span { at: 0, len: 0 }), rest),
            EMPTY_LIST | EMPTY_DICT | EMPTY_SET => {
                let container = self.empty(opcode)?;
                self.push_memo(container, rest)
            }
            TUPLE3 => self.tuple(3, rest),
            TUPLE | FROZENSET => {
                let from = self.unmark()?;
                let run = self.collect(from)?;
                if opcode == TUPLE {
                    return self.push_memo(Value::Tuple(run), rest);
                }
                self.hashable(run, 1)?;
                self.push_memo(Value::FrozenSet(run), rest)
            }
            LIST | DICT => {
                let from = self.unmark()?;
                let container = self.empty(opcode)?;
                self.fill(container, from, opcode)?;
                self.push_memo(container, rest)
            }
            APPEND => self.fill_top(1, opcode, rest),
            SETITEM => self.fill_top(2, opcode, rest),
            APPENDS | SETITEMS | ADDITEMS => {
                let from = self.unmark()?;
                self.fill_below(from, opcode, rest)
            }
            NEWOBJ => self.new_object(rest),
            NEWOBJ_EX => self.new_object_with_keywords(rest),
            BUILD => self.build(rest),
            OBJ => {
                let from = self.unmark()?;
                self.old_instance(from, rest)
            }
            INST => self.inst(rest),
            POP if self.arena.stack.len() == self.fence => {
                self.unmark()?;
                Ok(rest)
            }
            POP => {
                self.pop()?;
                Ok(rest)
            }
            POP_MARK => {
                let from = self.unmark()?;
                self.arena.stack.truncate(from);
                Ok(rest)
            }
            DUP => {
                let cell = self.top()?;
                self.push_cell(cell, rest)
            }
            other => Err(Fault::Opcode(other)),
        }
    }

    #[inline]
    fn mark(&mut self, rest: &'m [u8]) -> Step<'m> {
        let limit = self.limits.depth;
        if self.arena.marks.len() >= limit {
            return Err(Fault::TooDeep(limit));
        }
        push(&mut self.arena.marks, self.fence as u32, limit)?;
        self.fence = self.arena.stack.len();
        Ok(rest)
    }

    /// Ends the innermost mark; the stack height at it.
    #[inline]
    pub(super) fn unmark(&mut self) -> Result<usize, Fault> {
        let outer = self.arena.marks.pop().ok_or(Fault::NoMark)?;
        Ok(std::mem::replace(&mut self.fence, outer as usize))
    }

    #[inline]
    fn collect(&mut self, from: usize) -> Result<Span, Fault> {
        self.arena.collect(from, self.limits.nodes)
    }

    fn empty(&mut self, opcode: u8) -> Result<Value, Fault> {
        let index = self.arena.container(self.limits.nodes)?;
        Ok(match opcode {
            EMPTY_DICT | DICT => Value::Dict(index),
            EMPTY_SET => Value::Set(index),
            _ => Value::List(index),
        })
    }

    #[inline]
    pub(super) fn tuple(&mut self, len: usize, rest: &'m [u8]) -> Step<'m> {
        let from = self.below(len)?;
        let run = self.collect(from)?;
        self.push_memo(Value::Tuple(run), rest)
    }

    /// The stack height `len` values down, if they are all above the fence.
    #[inline]
    fn below(&self, len: usize) -> Result<usize, Fault> {
        self.arena.stack.len().checked_sub(len).filter(|from| *from >= self.fence).ok_or(Fault::Underflow)
    }

    #[inline]
    fn fill_top(&mut self, len: usize, opcode: u8, rest: &'m [u8]) -> Step<'m> {
        let from = self.below(len)?;
        self.fill_below(from, opcode, rest)
    }

    /// Gives the stack above `from` to the value just under it.
    #[inline]
    fn fill_below(&mut self, from: usize, opcode: u8, rest: &'m [u8]) -> Step<'m> {
        let target = self.below(self.arena.stack.len() - from + 1)?;
        self.fill(self.arena.stack[target].get(), from, opcode)?;
        Ok(rest)
    }

    fn fill(&mut self, target: Value, from: usize, opcode: u8) -> Result<(), Fault> {
        let limit = self.limits.nodes;
        let wants_pairs = matches!(opcode, SETITEM | SETITEMS | DICT);
        let container = match (target, wants_pairs) {
            (Value::Dict(index), true) => index,
            (Value::List(index), false) if opcode != ADDITEMS => index,
            (Value::Set(index), false) if opcode == ADDITEMS => index,
            (Value::Object(made) | Value::Call(made), _) => self.attached(made, opcode)?,
            _ => return Err(Fault::NoItems),
        };
        let len = self.arena.stack.len() - from;
        if wants_pairs && !len.is_multiple_of(2) {
            return Err(Fault::OddPairs);
        }
        if opcode != APPEND && opcode != APPENDS && opcode != LIST {
            let step = if wants_pairs { 2 } else { 1 };
            check_keys(&self.arena.stack[from..], step)?;
        }
        self.arena.extend(container, from, limit)
    }

    /// The container of what is appended to, or set in, an object that is no list or dict.
    fn attached(&mut self, made: u32, opcode: u8) -> Result<u32, Fault> {
        let limit = self.limits.nodes;
        let wants_pairs = matches!(opcode, SETITEM | SETITEMS | DICT);
        let extra = *self.arena.extra(made, limit)?;
        match (wants_pairs, extra.pairs.get(), extra.items.get()) {
            (true, Value::Dict(index), _) | (false, _, Value::List(index)) => Ok(index),
            (pairs, ..) => {
                let index = self.arena.container(limit)?;
                let extra = self.arena.extra(made, limit)?;
                if pairs {
                    extra.pairs = Value::Dict(index).pack();
                } else {
                    extra.items = Value::List(index).pack();
                }
                Ok(index)
            }
        }
    }

    fn hashable(&self, run: Span, step: usize) -> Result<(), Fault> {
        check_keys(&self.arena.values[run.at as usize..(run.at + run.len) as usize], step)
    }

    #[inline]
    pub(super) fn reduce(&mut self, rest: &'m [u8]) -> Step<'m> {
        let (args, callable) = (self.pop()?, self.pop()?);
        if !matches!(args, Value::Tuple(_)) {
            return Err(Fault::Arguments);
        }
        self.call(callable, args, rest)
    }

    #[inline]
    fn call(&mut self, callable: Value, args: Value, rest: &'m [u8]) -> Step<'m> {
        if !matches!(callable, Value::Global(_) | Value::Call(_)) {
            return Err(Fault::NotCallable);
        }
        let made = self.arena.make(callable, args, self.limits.nodes)?;
        self.push_memo(Value::Call(made), rest)
    }

    fn new_object(&mut self, rest: &'m [u8]) -> Step<'m> {
        let (args, class) = (self.pop()?, self.pop()?);
        if !matches!(class, Value::Global(_)) {
            return Err(Fault::NotClass);
        }
        if !matches!(args, Value::Tuple(_)) {
            return Err(Fault::Arguments);
        }
        let made = self.arena.make(class, args, self.limits.nodes)?;
        self.push_memo(Value::Object(made), rest)
    }

    #[cold]
    fn new_object_with_keywords(&mut self, rest: &'m [u8]) -> Step<'m> {
        let kwargs = self.pop()?;
        if !matches!(kwargs, Value::Dict(_)) {
            return Err(Fault::Arguments);
        }
        let rest = self.new_object(rest)?;
        if let Value::Object(made) = self.top()?.get() {
            self.arena.extra(made, self.limits.nodes)?.kwargs = kwargs.pack();
        }
        Ok(rest)
    }

    fn build(&mut self, rest: &'m [u8]) -> Step<'m> {
        let state = self.pop()?;
        let (Value::Object(made) | Value::Call(made)) = self.top()?.get() else {
            return Err(Fault::NoState);
        };
        let made = &mut self.arena.made[made as usize];
        if !made.state.is_nothing() {
            return Err(Fault::NoState);
        }
        made.state = state.pack();
        Ok(rest)
    }

    /// OBJ and INST: a class called with what lies above a mark.
    pub(super) fn old_instance(&mut self, from: usize, rest: &'m [u8]) -> Step<'m> {
        let class = self.arena.stack.get(from).ok_or(Fault::Underflow)?.get();
        let args = self.collect(from + 1)?;
        self.arena.stack.truncate(from);
        self.call(class, Value::Tuple(args), rest)
    }
}

/// Python would refuse these when it hashes them. (A tuple that holds a list passes: harmless.)
fn check_keys(values: &[Cell], step: usize) -> Result<(), Fault> {
    let unhashable = |cells: &[Cell]| matches!(cells[0].get(), Value::List(_) | Value::Dict(_) | Value::Set(_));
    let found = if step == 2 { values.chunks_exact(2).any(unhashable) } else { values.chunks_exact(1).any(unhashable) };
    if found { Err(Fault::Unhashable) } else { Ok(()) }
}
