//! What recorded calls mean, as far as Python itself defines it: bytes of old protocols,
//! instances, enum members, attributes.

use std::borrow::Cow;

use crate::arena::{Cell, Value};
use crate::node::{Kind, Node};
use crate::tree::Items;

/// An object of a class, whatever protocol it was written in.
#[derive(Debug, Clone, Copy)]
pub struct Instance<'t> {
    /// The class, a global.
    pub class: Node<'t>,
    /// What its `__new__` would be given: a tuple, empty for most classes.
    pub args: Node<'t>,
    /// What its `__dict__` would be.
    pub state: Option<Node<'t>>,
}

/// A member of an enum.
#[derive(Debug, Clone, Copy)]
pub enum Member<'t> {
    /// `Class(value)`, as most Pythons write it.
    Value {
        /// The enum's class.
        class: Node<'t>,
        /// The member's value; VeighNa translates it by locale.
        value: Node<'t>,
    },
    /// `getattr(Class, "NAME")`, as some 3.11 releases write it.
    Name {
        /// The enum's class.
        class: Node<'t>,
        /// The member's name.
        name: &'t str,
    },
}

impl<'t> Node<'t> {
    /// Callable and arguments, if this is a recorded call.
    #[must_use]
    #[inline]
    pub fn call(self) -> Option<(Node<'t>, Items<'t>)> {
        match self.value.get() {
            Value::Call(index) => {
                let made = self.tree.made(index);
                Some((self.tree.node(made.callee), self.tree.node(made.args).items()?))
            }
            _ => None,
        }
    }

    /// An object: NEWOBJ, or `copyreg._reconstructor(class, object, None)` below protocol 2.
    #[must_use]
    #[inline]
    pub fn instance(self) -> Option<Instance<'t>> {
        match self.value.get() {
            Value::Object(index) => {
                let made = self.tree.made(index);
                Some(Instance {
                    class: self.tree.node(made.callee),
                    args: self.tree.node(made.args),
                    state: self.state(),
                })
            }
            Value::Call(_) => self.reconstructed(),
            _ => None,
        }
    }

    fn reconstructed(self) -> Option<Instance<'t>> {
        let (callable, mut args) = self.call()?;
        if !callable.is_global(&["copyreg", "copy_reg"], "_reconstructor") {
            return None;
        }
        let (class, base, init) = (args.next()?, args.next()?, args.next()?);
        class.global_id()?;
        let is_plain = base.is_global(&["builtins", "__builtin__"], "object") && init.is_none();
        is_plain.then(|| Instance { class, args: self.tree.node(Cell::EMPTY_TUPLE), state: self.state() })
    }

    /// `getattr(object, "name")`: what the attribute is of, and its name.
    #[must_use]
    pub fn attribute(self) -> Option<(Node<'t>, &'t str)> {
        let (callable, mut args) = self.call()?;
        if args.len() != 2 || !callable.is_global(&["builtins", "__builtin__"], "getattr") {
            return None;
        }
        Some((args.next()?, args.next()?.as_str()?))
    }

    /// An enum member, by value or by name. Any class called with one argument looks like one by
    /// value: whether `class` is an enum is for the caller to know.
    #[must_use]
    pub fn member(self) -> Option<Member<'t>> {
        let (callable, mut args) = self.call()?;
        if let Some((class, name)) = self.attribute() {
            class.global_id()?;
            return Some(Member::Name { class, name });
        }
        callable.global_id()?;
        match (args.len(), args.next()) {
            (1, Some(value)) => Some(Member::Value { class: callable, value }),
            _ => None,
        }
    }

    /// Bytes in every form that Python pickles them: as such; below protocol 3 as
    /// `_codecs.encode(text, 'latin1')` or `bytes()`; `bytearray` as a call below protocol 5.
    #[must_use]
    pub fn bytes_like(self) -> Option<Cow<'t, [u8]>> {
        if let Value::Bytes(span) = self.value.get() {
            return Some(Cow::Borrowed(self.tree.input(span)));
        }
        let (callable, mut args) = self.call()?;
        let encodes = callable.is_global(&["_codecs"], "encode");
        let is_array = callable.is_global(&["builtins", "__builtin__"], "bytearray");
        let is_bytes = callable.is_global(&["builtins", "__builtin__"], "bytes");
        match (args.len(), args.next(), args.next()) {
            (0, ..) if is_array || is_bytes => Some(Cow::Borrowed(&[])),
            // Never deeper than this: a crafted chain of bytearrays must not recurse.
            (1, Some(inner), _) if is_array => match inner.call() {
                Some((callable, _)) if !callable.is_global(&["_codecs"], "encode") => None,
                _ => inner.bytes_like(),
            },
            (2, Some(text), Some(codec)) if encodes || is_array => {
                let is_latin = codec.is_str("latin1") || codec.is_str("latin-1");
                latin1(text.as_str().filter(|_| is_latin)?)
            }
            _ => None,
        }
    }

    /// Whether this is the global `name` of one of `modules`.
    #[must_use]
    pub fn is_global(self, modules: &[&str], name: &str) -> bool {
        matches!(self.kind(), Kind::Global { module, name: found } if found == name && modules.contains(&module))
    }
}

fn latin1(text: &str) -> Option<Cow<'_, [u8]>> {
    if text.is_ascii() {
        return Some(Cow::Borrowed(text.as_bytes()));
    }
    text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>().map(Cow::Owned)
}
