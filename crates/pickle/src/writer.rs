//! Writing pickles that Python reads: protocol 4 (Python 3.4 on) or protocol 2 (every Python).
//!
//! The caller writes values in the order in which Python would: a collection is begun, its parts
//! are written, it is ended; a call is the callable, a tuple of arguments, [`Writer::reduce`].
//! What is always the same is written once into a [`Fragment`] and copied from there. No frames
//! are written (no reader needs them), and nothing is memoised but by [`Writer::once`].
//!
//! Not checked: that what is begun is ended. A missing end is a pickle that Python refuses.

use crate::opcode::*;

/// The dialect that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// Read by every Python since 2.3. Bytes and names are longer than in protocol 4.
    Two,
    /// Read by Python 3.4 and later.
    Four,
}

/// A piece of a pickle that is written often: a class, a key, an enum member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    bytes: Box<[u8]>,
    protocol: Protocol,
}

/// Builds one pickle after the other.
#[derive(Debug, Clone)]
pub struct Writer {
    out: Vec<u8>,
    protocol: Protocol,
    /// By slot of [`Writer::once`]: the memo index plus one, or 0.
    memo: Vec<u32>,
    memoised: u32,
    /// Fragments hold no memo entries: their numbers depend on what is written before.
    is_fragment: bool,
}

impl Fragment {
    /// What `write` writes, to be copied into pickles of `protocol` (or of a later one).
    #[must_use]
    pub fn new(protocol: Protocol, write: impl FnOnce(&mut Writer)) -> Self {
        let mut writer = Writer { out: Vec::new(), protocol, memo: Vec::new(), memoised: 0, is_fragment: true };
        write(&mut writer);
        Self { bytes: writer.out.into(), protocol }
    }

    /// The opcodes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Writer {
    /// A writer of `protocol`, ready for a value.
    #[must_use]
    pub fn new(protocol: Protocol) -> Self {
        let mut writer = Self { out: Vec::new(), protocol, memo: Vec::new(), memoised: 0, is_fragment: false };
        writer.clear();
        writer
    }

    /// Protocol 2.
    #[must_use]
    pub fn protocol2() -> Self {
        Self::new(Protocol::Two)
    }

    /// Protocol 4.
    #[must_use]
    pub fn protocol4() -> Self {
        Self::new(Protocol::Four)
    }

    /// The dialect that is written.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Forgets what was written and begins a new pickle in the same memory.
    pub fn clear(&mut self) {
        self.out.clear();
        self.memo.clear();
        self.memoised = 0;
        let version = match self.protocol {
            Protocol::Two => 2,
            Protocol::Four => 4,
        };
        self.out.extend_from_slice(&[PROTO, version]);
    }

    /// Makes room for `bytes` more bytes at once.
    pub fn reserve(&mut self, bytes: usize) {
        self.out.reserve(bytes);
    }

    /// Ends the pickle and shows it. The next call must be [`Writer::clear`].
    #[must_use]
    pub fn end(&mut self) -> &[u8] {
        self.out.push(STOP);
        &self.out
    }

    /// Ends the pickle and hands it over.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.out.push(STOP);
        self.out
    }

    /// Ends the pickle, hands it over, and begins a new one.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        self.out.push(STOP);
        let done = std::mem::take(&mut self.out);
        self.clear();
        done
    }

    /// A copy of a fragment.
    ///
    /// # Panics
    /// If the fragment is of a later protocol than this pickle, which its reader may not know.
    #[inline]
    pub fn raw(&mut self, fragment: &Fragment) {
        assert!(fragment.protocol <= self.protocol, "a fragment of a later protocol than the pickle");
        self.out.extend_from_slice(&fragment.bytes);
    }

    /// A value that occurs often in this pickle: copied when `slot` comes for the first time and
    /// memoised, referred to by 2 or 5 bytes after that. Each slot stands for one fragment; number
    /// them from 0. Worth it from the second object of a class on.
    ///
    /// # Panics
    /// As [`Writer::raw`].
    #[inline]
    pub fn once(&mut self, slot: usize, fragment: &Fragment) {
        if let Some(index) = self.memo.get(slot).and_then(|index| index.checked_sub(1)) {
            return self.recall(index);
        }
        self.raw(fragment);
        self.memoise(slot);
    }

    /// `None`.
    pub fn none(&mut self) {
        self.out.push(NONE);
    }

    /// `True` or `False`.
    pub fn bool(&mut self, value: bool) {
        self.out.push(if value { NEWTRUE } else { NEWFALSE });
    }

    /// An integer.
    #[inline]
    pub fn int(&mut self, value: i64) {
        if let Ok(byte) = u8::try_from(value) {
            self.out.extend_from_slice(&[BININT1, byte]);
        } else if let Ok(short) = u16::try_from(value) {
            self.op(BININT2, short.to_le_bytes());
        } else if let Ok(word) = i32::try_from(value) {
            self.op(BININT, word.to_le_bytes());
        } else {
            self.out.extend_from_slice(&[LONG1, 8]);
            self.out.extend_from_slice(&value.to_le_bytes());
        }
    }

    /// An integer that may be beyond [`Writer::int`].
    pub fn uint(&mut self, value: u64) {
        if let Ok(value) = i64::try_from(value) {
            return self.int(value);
        }
        self.out.extend_from_slice(&[LONG1, 9]);
        self.out.extend_from_slice(&value.to_le_bytes());
        self.out.push(0);
    }

    /// A float, bit by bit.
    #[inline]
    pub fn float(&mut self, value: f64) {
        self.op(BINFLOAT, value.to_be_bytes());
    }

    /// Text.
    ///
    /// # Panics
    /// From 4 GiB on.
    #[inline]
    pub fn str(&mut self, text: &str) {
        match (self.protocol, u8::try_from(text.len())) {
            (Protocol::Four, Ok(len)) => self.out.extend_from_slice(&[SHORT_BINUNICODE, len]),
            _ => self.op(BINUNICODE, len32(text.len())),
        }
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Bytes. Protocol 2 has none: there they are a call of `_codecs.encode` on Latin-1 text, as
    /// Python writes them.
    ///
    /// # Panics
    /// From 2 GiB on.
    pub fn bytes(&mut self, bytes: &[u8]) {
        if self.protocol == Protocol::Two {
            self.global("_codecs", "encode");
            self.str(&bytes.iter().copied().map(char::from).collect::<String>());
            self.str("latin1");
            self.tuple2();
            return self.reduce();
        }
        match u8::try_from(bytes.len()) {
            Ok(len) => self.out.extend_from_slice(&[SHORT_BINBYTES, len]),
            Err(_) => self.op(BINBYTES, len32(bytes.len())),
        }
        self.out.extend_from_slice(bytes);
    }

    /// A class or function. Protocol 2 writes the names as lines: neither may hold a line feed.
    pub fn global(&mut self, module: &str, name: &str) {
        if self.protocol == Protocol::Two {
            debug_assert!(!module.contains('\n') && !name.contains('\n'));
            self.out.push(GLOBAL);
            for line in [module, name] {
                self.out.extend_from_slice(line.as_bytes());
                self.out.push(b'\n');
            }
        } else {
            self.str(module);
            self.str(name);
            self.out.push(STACK_GLOBAL);
        }
    }

    /// `getattr(module.class, "name")`: an enum member by name, which every locale and version of
    /// VeighNa reads, where its value is translated.
    pub fn attribute(&mut self, module: &str, class: &str, name: &str) {
        self.global("builtins", "getattr");
        self.global(module, class);
        self.str(name);
        self.tuple2();
        self.reduce();
    }

    /// Calls: of a callable and a tuple of arguments makes the result.
    pub fn reduce(&mut self) {
        self.out.push(REDUCE);
    }

    /// Of a class and a tuple of arguments makes an object, without calling `__init__`.
    pub fn new_object(&mut self) {
        self.out.push(NEWOBJ);
    }

    /// Gives an object its state, which was written behind it.
    pub fn build(&mut self) {
        self.out.push(BUILD);
    }

    /// Begins an object without arguments, behind its class: attributes follow, key and value in
    /// turn. `__init__` and `__post_init__` do not run, so derived attributes are to be written.
    #[inline]
    pub fn begin_object(&mut self) {
        self.out.extend_from_slice(&[EMPTY_TUPLE, NEWOBJ, EMPTY_DICT, MARK]);
    }

    /// Ends an object.
    #[inline]
    pub fn end_object(&mut self) {
        self.out.extend_from_slice(&[SETITEMS, BUILD]);
    }

    /// Begins a list.
    pub fn begin_list(&mut self) {
        self.out.extend_from_slice(&[EMPTY_LIST, MARK]);
    }

    /// Ends a list.
    pub fn end_list(&mut self) {
        self.out.push(APPENDS);
    }

    /// Begins a dict: keys and values follow in turn.
    pub fn begin_dict(&mut self) {
        self.out.extend_from_slice(&[EMPTY_DICT, MARK]);
    }

    /// Ends a dict.
    pub fn end_dict(&mut self) {
        self.out.push(SETITEMS);
    }

    /// Begins a tuple of any length.
    pub fn begin_tuple(&mut self) {
        self.out.push(MARK);
    }

    /// Ends a tuple that was begun.
    pub fn end_tuple(&mut self) {
        self.out.push(TUPLE);
    }

    /// `()`.
    pub fn empty_tuple(&mut self) {
        self.out.push(EMPTY_TUPLE);
    }

    /// A tuple of the last value.
    pub fn tuple1(&mut self) {
        self.out.push(TUPLE1);
    }

    /// A tuple of the last two values.
    pub fn tuple2(&mut self) {
        self.out.push(TUPLE2);
    }

    /// A tuple of the last three values.
    pub fn tuple3(&mut self) {
        self.out.push(TUPLE3);
    }

    #[inline]
    fn op<const N: usize>(&mut self, opcode: u8, argument: [u8; N]) {
        self.out.push(opcode);
        self.out.extend_from_slice(&argument);
    }

    #[inline]
    fn recall(&mut self, index: u32) {
        match u8::try_from(index) {
            Ok(index) => self.out.extend_from_slice(&[BINGET, index]),
            Err(_) => self.op(LONG_BINGET, index.to_le_bytes()),
        }
    }

    fn memoise(&mut self, slot: usize) {
        if self.is_fragment {
            return;
        }
        match (self.protocol, u8::try_from(self.memoised)) {
            (Protocol::Four, _) => self.out.push(MEMOIZE),
            (Protocol::Two, Ok(index)) => self.out.extend_from_slice(&[BINPUT, index]),
            (Protocol::Two, Err(_)) => self.op(LONG_BINPUT, self.memoised.to_le_bytes()),
        }
        self.memoised += 1;
        if self.memo.len() <= slot {
            self.memo.resize(slot + 1, 0);
        }
        self.memo[slot] = self.memoised;
    }
}

fn len32(len: usize) -> [u8; 4] {
    u32::try_from(len).expect("a string of 4 GiB is far beyond every bound on messages").to_le_bytes()
}
