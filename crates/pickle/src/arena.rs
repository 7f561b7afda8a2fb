//! Where a loaded pickle lives: values are 16-byte copies, everything that has parts is an index.
//!
//! Nothing here owns another value, so nothing is dropped or compared recursively, and a value
//! that a pickle shares is shared here too. Strings and bytes stay in the input; only text that had
//! to be rewritten (escapes, lone surrogates, decimal integers) is in `scratch`.

use crate::error::Fault;
use crate::limits::KEPT_NODES;

/// A run of bytes, in the input or in `scratch`, or a run of values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) at: u32,
    pub(crate) len: u32,
}

/// One value. What it needs beyond 8 bytes is in the arena or in the input.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value {
    /// No value: a hole in the memo, an object without state.
    Nothing,
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Valid UTF-8 in the input.
    Str(Span),
    /// Valid UTF-8 in `scratch`.
    OwnStr(Span),
    Bytes(Span),
    /// Two's complement, low byte first, in the input.
    BigInt(Span),
    /// The same in `scratch`.
    OwnBigInt(Span),
    Tuple(Span),
    FrozenSet(Span),
    List(u32),
    Set(u32),
    Dict(u32),
    /// A position in the allow-list.
    Global(u32),
    /// `class.__new__(class, *args)`, as recorded.
    Object(u32),
    /// `callable(*args)`, as recorded.
    Call(u32),
}

/// A [`Value`] as it is stored: a tag and 8 bytes. Two machine words stay in two registers and
/// are stored as two words; the enum, assembled in memory byte by byte and copied as one block,
/// made each push wait for its own stores and a load of a tick twice as long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    tag: u64,
    body: u64,
}

impl Value {
    #[inline(always)]
    pub(crate) fn pack(self) -> Cell {
        let (tag, body) = match self {
            Self::Nothing => (0, 0),
            Self::None => (1, 0),
            Self::Bool(value) => (2, u64::from(value)),
            Self::Int(value) => (3, value as u64),
            Self::Float(value) => (4, value.to_bits()),
            Self::Str(span) => (5, span.pack()),
            Self::OwnStr(span) => (6, span.pack()),
            Self::Bytes(span) => (7, span.pack()),
            Self::BigInt(span) => (8, span.pack()),
            Self::OwnBigInt(span) => (9, span.pack()),
            Self::Tuple(span) => (10, span.pack()),
            Self::FrozenSet(span) => (11, span.pack()),
            Self::List(index) => (12, u64::from(index)),
            Self::Set(index) => (13, u64::from(index)),
            Self::Dict(index) => (14, u64::from(index)),
            Self::Global(id) => (15, u64::from(id)),
            Self::Object(index) => (16, u64::from(index)),
            Self::Call(index) => (17, u64::from(index)),
        };
        Cell { tag, body }
    }
}

impl Cell {
    pub(crate) const NOTHING: Self = Self { tag: 0, body: 0 };
    pub(crate) const EMPTY_TUPLE: Self = Self { tag: 10, body: 0 };

    #[inline(always)]
    pub(crate) fn get(self) -> Value {
        let (body, index) = (self.body, self.body as u32);
        match self.tag {
            1 => Value::None,
            2 => Value::Bool(body != 0),
            3 => Value::Int(body as i64),
            4 => Value::Float(f64::from_bits(body)),
            5 => Value::Str(Span::unpack(body)),
            6 => Value::OwnStr(Span::unpack(body)),
            7 => Value::Bytes(Span::unpack(body)),
            8 => Value::BigInt(Span::unpack(body)),
            9 => Value::OwnBigInt(Span::unpack(body)),
            10 => Value::Tuple(Span::unpack(body)),
            11 => Value::FrozenSet(Span::unpack(body)),
            12 => Value::List(index),
            13 => Value::Set(index),
            14 => Value::Dict(index),
            15 => Value::Global(index),
            16 => Value::Object(index),
            17 => Value::Call(index),
            _ => Value::Nothing,
        }
    }

    #[inline(always)]
    pub(crate) fn is_nothing(self) -> bool {
        self.tag == 0
    }
}

impl Span {
    #[inline(always)]
    fn pack(self) -> u64 {
        u64::from(self.at) | u64::from(self.len) << 32
    }

    #[inline(always)]
    fn unpack(body: u64) -> Self {
        Self { at: body as u32, len: (body >> 32) as u32 }
    }
}

/// One run of a growing container; `next` is a segment's index plus one, or 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segment {
    pub(crate) run: Span,
    pub(crate) next: u32,
}

/// A list, set or dict (keys and values alternate). It may grow after others point at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Container {
    pub(crate) head: Segment,
    /// Index plus one of the last segment, or 0 while there is only `head`.
    last: u32,
    /// Values in all segments.
    pub(crate) total: u32,
}

/// A recorded construction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Made {
    /// The class or function.
    pub(crate) callee: Cell,
    pub(crate) args: Cell,
    pub(crate) state: Cell,
    /// Index plus one into `extras`, or 0.
    pub(crate) extra: u32,
}

/// What few objects have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extra {
    pub(crate) kwargs: Cell,
    /// What APPEND(S) or ADDITEMS gave to an object (a `deque`), as a list.
    pub(crate) items: Cell,
    /// What SETITEM(S) gave to an object (an `OrderedDict`), as a dict.
    pub(crate) pairs: Cell,
}

#[derive(Debug, Default)]
pub(crate) struct Arena {
    pub(crate) stack: Vec<Cell>,
    pub(crate) marks: Vec<u32>,
    pub(crate) memo: Vec<Cell>,
    /// Memo entries below the highest that were never set: hardly ever any.
    pub(crate) memo_holes: usize,
    pub(crate) values: Vec<Cell>,
    pub(crate) containers: Vec<Container>,
    pub(crate) segments: Vec<Segment>,
    pub(crate) made: Vec<Made>,
    pub(crate) extras: Vec<Extra>,
    pub(crate) scratch: Vec<u8>,
}

const EMPTY: Container = Container { head: Segment { run: Span { at: 0, len: 0 }, next: 0 }, last: 0, total: 0 };

impl Arena {
    /// Forgets everything and keeps a bounded amount of memory for the next load.
    pub(crate) fn clear(&mut self) {
        reset(&mut self.stack);
        reset(&mut self.marks);
        reset(&mut self.memo);
        self.memo_holes = 0;
        reset(&mut self.values);
        reset(&mut self.containers);
        reset(&mut self.segments);
        reset(&mut self.made);
        reset(&mut self.extras);
        reset(&mut self.scratch);
    }

    /// How many values fit the memory of all stores.
    pub(crate) fn capacity(&self) -> usize {
        self.stack.capacity()
            + self.marks.capacity()
            + self.memo.capacity()
            + self.values.capacity()
            + self.containers.capacity()
            + self.segments.capacity()
            + self.made.capacity()
            + self.extras.capacity()
    }

    /// A new empty container; its index.
    #[inline]
    pub(crate) fn container(&mut self, limit: usize) -> Result<u32, Fault> {
        push(&mut self.containers, EMPTY, limit)
    }

    /// Moves the stack above `from` into `values`.
    #[inline]
    pub(crate) fn collect(&mut self, from: usize, limit: usize) -> Result<Span, Fault> {
        let run = Span { at: self.values.len() as u32, len: (self.stack.len() - from) as u32 };
        if self.values.capacity() - self.values.len() < run.len as usize {
            grow(&mut self.values, run.len as usize, limit)?;
        }
        self.values.extend_from_slice(&self.stack[from..]);
        self.stack.truncate(from);
        Ok(run)
    }

    /// Moves the stack above `from` to the end of a container.
    #[inline]
    pub(crate) fn extend(&mut self, container: u32, from: usize, limit: usize) -> Result<(), Fault> {
        let run = self.collect(from, limit)?;
        let container = &mut self.containers[container as usize];
        if container.total == 0 {
            container.head.run = run;
        } else {
            let last = match container.last {
                0 => &mut container.head,
                last => &mut self.segments[last as usize - 1],
            };
            if last.run.at + last.run.len == run.at {
                last.run.len += run.len;
            } else if run.len > 0 {
                let index = push(&mut self.segments, Segment { run, next: 0 }, limit)? + 1;
                let last = match container.last {
                    0 => &mut container.head,
                    last => &mut self.segments[last as usize - 1],
                };
                last.next = index;
                container.last = index;
            }
        }
        container.total += run.len;
        Ok(())
    }

    /// Records a construction; its index.
    #[inline]
    pub(crate) fn make(&mut self, callee: Value, args: Value, limit: usize) -> Result<u32, Fault> {
        push(&mut self.made, Made { callee: callee.pack(), args: args.pack(), state: Cell::NOTHING, extra: 0 }, limit)
    }

    /// The rarely used parts of an object, made when first asked for.
    pub(crate) fn extra(&mut self, made: u32, limit: usize) -> Result<&mut Extra, Fault> {
        let made = &mut self.made[made as usize];
        if made.extra == 0 {
            let nothing = Extra { kwargs: Cell::NOTHING, items: Cell::NOTHING, pairs: Cell::NOTHING };
            made.extra = push(&mut self.extras, nothing, limit)? + 1;
        }
        Ok(&mut self.extras[made.extra as usize - 1])
    }

    /// Keeps rewritten bytes; where they are.
    pub(crate) fn keep(&mut self, bytes: &[u8]) -> Span {
        let span = Span { at: self.scratch.len() as u32, len: bytes.len() as u32 };
        self.scratch.extend_from_slice(bytes);
        span
    }
}

/// Appends within a bound; the new item's index.
#[inline(always)]
pub(crate) fn push<T>(store: &mut Vec<T>, item: T, limit: usize) -> Result<u32, Fault> {
    let index = store.len();
    if index == store.capacity() {
        grow(store, 1, limit)?;
    }
    store.push(item);
    // The loader caps every limit far below 2^32.
    Ok(index as u32)
}

/// Makes room for `more` items, doubling up to the bound. Capacity never exceeds the bound by
/// more than the allocator's rounding, so that the hot path needs no count of its own.
#[cold]
#[inline(never)]
fn grow<T>(store: &mut Vec<T>, more: usize, limit: usize) -> Result<(), Fault> {
    let needed = store.len() + more;
    if needed > limit {
        return Err(Fault::TooManyNodes(limit));
    }
    let target = (store.capacity() * 2).max(64).max(needed).min(limit);
    store.reserve_exact(target - store.len());
    Ok(())
}

fn reset<T>(store: &mut Vec<T>) {
    store.clear();
    if store.capacity() > KEPT_NODES {
        store.shrink_to(KEPT_NODES);
    }
}
