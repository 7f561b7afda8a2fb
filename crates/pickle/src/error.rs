//! Why a pickle was refused, and at which byte.

/// A refused pickle. Nothing of it was run, and no part of it is returned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("pickle refused at byte {at}: {fault}")]
pub struct Error {
    /// Offset of the opcode that was refused.
    pub at: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with a pickle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The input is longer than [`Limits::bytes`](crate::Limits::bytes).
    #[error("{len} bytes are more than the limit of {limit}")]
    TooLong {
        /// Length of the input in bytes.
        len: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// More values than [`Limits::nodes`](crate::Limits::nodes).
    #[error("more than {0} values")]
    TooManyNodes(usize),
    /// More open collections than [`Limits::depth`](crate::Limits::depth).
    #[error("more than {0} collections open at once")]
    TooDeep(usize),
    /// More memo entries than [`Limits::memo`](crate::Limits::memo), or an index that no pickler writes.
    #[error("memo index {0} is out of bounds")]
    MemoIndex(u64),
    /// A reference to a memo entry that was never set.
    #[error("memo entry {0} was never set")]
    MemoUnset(u64),
    /// An integer longer than [`Limits::int_bytes`](crate::Limits::int_bytes).
    #[error("integer is longer than {0} bytes")]
    IntTooLong(usize),
    /// The input ends, or a length or frame reaches beyond its end.
    #[error("input ends too early")]
    Truncated,
    /// Bytes follow the STOP opcode.
    #[error("{0} bytes follow the end of the pickle")]
    Trailing(usize),
    /// A byte that is no opcode.
    #[error("0x{0:02x} is not an opcode")]
    Opcode(u8),
    /// A protocol newer than 5.
    #[error("protocol {0} is not known")]
    Protocol(u8),
    /// An opcode takes more from the stack than is there.
    #[error("stack underflow")]
    Underflow,
    /// An opcode needs a MARK and there is none.
    #[error("no mark on the stack")]
    NoMark,
    /// A class or function that the allow-list does not name.
    #[error("{0} is not allowed")]
    NotAllowed(
        /// `module.name`, cut if it is long.
        Box<str>,
    ),
    /// STACK_GLOBAL with something other than two strings.
    #[error("module and name of a global must be strings")]
    GlobalName,
    /// Persistent ids, extension codes and out-of-band buffers mean nothing without their process.
    #[error("{0} needs a registry of the writing process")]
    OutOfBand(&'static str),
    /// A string is not UTF-8 (or, for Python 2's strings, not ASCII).
    #[error("string is not valid text")]
    Text,
    /// A number in text form cannot be read.
    #[error("number cannot be read")]
    Number,
    /// A call of something other than a global or the result of a call.
    #[error("value cannot be called")]
    NotCallable,
    /// An instance of something other than a global.
    #[error("value is not a class")]
    NotClass,
    /// Arguments that are not a tuple (or keyword arguments that are not a dict).
    #[error("arguments are not a tuple")]
    Arguments,
    /// State for something that takes none, or a second state for the same object.
    #[error("value takes no state")]
    NoState,
    /// Items for something that takes none.
    #[error("value takes no items")]
    NoItems,
    /// A dict with a key that has no value.
    #[error("odd number of keys and values")]
    OddPairs,
    /// A list, dict or set as a dict key or set member.
    #[error("unhashable key")]
    Unhashable,
}
