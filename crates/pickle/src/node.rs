//! One value of a tree: what it is, and the plain ways to read it.

use crate::arena::{Cell, Value};
use crate::tree::{Items, Pairs, Tree};

/// A value in a [`Tree`]. Copying it copies a reference.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    pub(crate) tree: &'t Tree<'t>,
    pub(crate) value: Cell,
}

/// What a value is, for a `match`.
#[derive(Debug, Clone)]
pub enum Kind<'t> {
    /// Python's `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer that fits 64 bits.
    Int(i64),
    /// Any other integer: two's complement, lowest byte first, without redundant bytes.
    BigInt(&'t [u8]),
    /// A double; NaN and infinities as they come.
    Float(f64),
    /// Text. A lone surrogate of Python's is U+FFFD here.
    Str(&'t str),
    /// `bytes`, and protocol 5's `bytearray`. Older protocols: [`Node::bytes_like`].
    Bytes(&'t [u8]),
    /// A list.
    List(Items<'t>),
    /// A tuple.
    Tuple(Items<'t>),
    /// A set, from protocol 4 on; before, it is a call of `set`.
    Set(Items<'t>),
    /// A frozen set, from protocol 4 on; before, it is a call of `frozenset`.
    FrozenSet(Items<'t>),
    /// A dict.
    Dict(Pairs<'t>),
    /// A class or function of the allow-list.
    Global {
        /// As it was pickled.
        module: &'t str,
        /// As it was pickled.
        name: &'t str,
    },
    /// `callable(*args)`, recorded.
    Call {
        /// A global, or the result of another call.
        callable: Node<'t>,
        /// A tuple.
        args: Node<'t>,
        /// What the result's `__setstate__` (or `__dict__`) would be given.
        state: Option<Node<'t>>,
    },
    /// `class.__new__(class, *args)`, recorded.
    Object {
        /// A global.
        class: Node<'t>,
        /// A tuple.
        args: Node<'t>,
        /// What the object's `__setstate__` (or `__dict__`) would be given.
        state: Option<Node<'t>>,
    },
}

impl<'t> Node<'t> {
    /// What this value is.
    #[must_use]
    pub fn kind(self) -> Kind<'t> {
        let tree = self.tree;
        match self.value.get() {
            Value::None | Value::Nothing => Kind::None,
            Value::Bool(value) => Kind::Bool(value),
            Value::Int(value) => Kind::Int(value),
            Value::Float(value) => Kind::Float(value),
            Value::Str(_) | Value::OwnStr(_) => Kind::Str(self.as_str().unwrap_or_default()),
            Value::Bytes(span) => Kind::Bytes(tree.input(span)),
            Value::BigInt(span) => Kind::BigInt(tree.input(span)),
            Value::OwnBigInt(span) => Kind::BigInt(tree.scratch(span)),
            Value::Tuple(run) => Kind::Tuple(tree.run(run)),
            Value::FrozenSet(run) => Kind::FrozenSet(tree.run(run)),
            Value::List(index) => Kind::List(tree.container(index)),
            Value::Set(index) => Kind::Set(tree.container(index)),
            Value::Dict(index) => Kind::Dict(Pairs(tree.container(index))),
            Value::Global(id) => {
                let (module, name) = tree.allow.entry(id as usize).unwrap_or_default();
                Kind::Global { module, name }
            }
            Value::Call(index) => {
                let made = tree.made(index);
                let state = self.option(made.state);
                Kind::Call { callable: tree.node(made.callee), args: tree.node(made.args), state }
            }
            Value::Object(index) => {
                let made = tree.made(index);
                let state = self.option(made.state);
                Kind::Object { class: tree.node(made.callee), args: tree.node(made.args), state }
            }
        }
    }

    /// Whether this is `None`.
    #[must_use]
    pub fn is_none(self) -> bool {
        matches!(self.value.get(), Value::None)
    }

    /// `True` or `False`.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.value.get() {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// An integer, a bool or a numpy integer, if it fits.
    #[must_use]
    #[inline]
    pub fn as_i64(self) -> Option<i64> {
        match self.value.get() {
            Value::Int(value) => Some(value),
            _ => self.number()?.to_i64(),
        }
    }

    /// Any number as a double: float, integer, bool, numpy scalar.
    #[must_use]
    #[inline]
    pub fn as_f64(self) -> Option<f64> {
        match self.value.get() {
            Value::Float(value) => Some(value),
            Value::Int(value) => Some(value as f64),
            _ => self.number().map(crate::Number::to_f64),
        }
    }

    /// Text.
    #[must_use]
    #[inline]
    pub fn as_str(self) -> Option<&'t str> {
        // Checked when it was loaded; checking once more is what safe code costs.
        self.str_bytes().and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    /// The UTF-8 of a text: cheaper than [`Node::as_str`] to compare or `match` keys with.
    #[must_use]
    #[inline]
    pub fn str_bytes(self) -> Option<&'t [u8]> {
        match self.value.get() {
            Value::Str(span) => Some(self.tree.input(span)),
            Value::OwnStr(span) => Some(self.tree.scratch(span)),
            _ => None,
        }
    }

    /// Whether this is exactly that text.
    #[must_use]
    #[inline]
    pub fn is_str(self, text: &str) -> bool {
        self.str_bytes() == Some(text.as_bytes())
    }

    /// The position in the allow-list of the class or function that this is.
    #[must_use]
    #[inline]
    pub fn global_id(self) -> Option<usize> {
        match self.value.get() {
            Value::Global(id) => Some(id as usize),
            _ => None,
        }
    }

    /// The items of a list, tuple, set or frozen set.
    #[must_use]
    #[inline]
    pub fn items(self) -> Option<Items<'t>> {
        match self.value.get() {
            Value::Tuple(run) | Value::FrozenSet(run) => Some(self.tree.run(run)),
            Value::List(index) | Value::Set(index) => Some(self.tree.container(index)),
            _ => None,
        }
    }

    /// The keys and values of a dict.
    #[must_use]
    #[inline]
    pub fn pairs(self) -> Option<Pairs<'t>> {
        match self.value.get() {
            Value::Dict(index) => Some(Pairs(self.tree.container(index))),
            _ => None,
        }
    }

    /// The value of a text key of a dict, or of an object's state. Looks through all of it: to
    /// read many keys, go over [`Node::pairs`] once.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        match self.value.get() {
            Value::Dict(_) => self.pairs()?.get(key),
            _ => self.state()?.pairs()?.get(key),
        }
    }

    /// The state that an object was given.
    #[must_use]
    #[inline]
    pub fn state(self) -> Option<Node<'t>> {
        match self.value.get() {
            Value::Object(index) | Value::Call(index) => self.option(self.tree.made(index).state),
            _ => None,
        }
    }

    /// Keyword arguments of an object (`__getnewargs_ex__`), as a dict.
    #[must_use]
    pub fn kwargs(self) -> Option<Node<'t>> {
        self.extra(|extra| extra.kwargs)
    }

    /// Items that were appended to an object that is no list, such as a `deque`.
    #[must_use]
    pub fn appended(self) -> Option<Items<'t>> {
        self.extra(|extra| extra.items)?.items()
    }

    /// Keys and values that were set in an object that is no dict, such as an `OrderedDict`.
    #[must_use]
    pub fn assigned(self) -> Option<Pairs<'t>> {
        self.extra(|extra| extra.pairs)?.pairs()
    }

    fn extra(self, part: impl Fn(&crate::arena::Extra) -> Cell) -> Option<Node<'t>> {
        let (Value::Object(index) | Value::Call(index)) = self.value.get() else {
            return None;
        };
        let extra = self.tree.made(index).extra.checked_sub(1)?;
        self.option(part(&self.tree.arena().extras[extra as usize]))
    }

    #[inline]
    fn option(self, cell: Cell) -> Option<Node<'t>> {
        (!cell.is_nothing()).then(|| self.tree.node(cell))
    }
}

/// Shows this value only: what it holds may be large, or hold the value itself.
impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.as_str() {
            Some(text) => write!(f, "Node({text:?})"),
            None => write!(f, "Node({:?})", self.value.get()),
        }
    }
}
