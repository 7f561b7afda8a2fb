//! How much a pickle may ask for. Every bound of this crate is here, with its reason.
//!
//! Each opcode takes at least one byte of input and makes at most one value, so memory is bounded
//! by the input's length even without these: the worst opcode costs about 80 bytes for each byte
//! of input (an empty list), an honest message about 20.

/// The bounds that one [`load`](crate::load) keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest input, in bytes. Never more than 1 GiB, whatever is asked for.
    pub bytes: usize,
    /// Most values in any one store of the loader: its stack, its containers, its objects.
    pub nodes: usize,
    /// Most collections open at once, that is, marks on the stack.
    ///
    /// It refuses an honest pickle of a deep nest. A crafted one can nest without marks, or hold
    /// itself, so whoever recurses over a tree needs [`Node::walk`](crate::Node::walk) or a
    /// budget of its own.
    pub depth: usize,
    /// Most memo entries.
    pub memo: usize,
    /// Longest integer, in bytes of two's complement.
    pub int_bytes: usize,
}

/// Values for which each store keeps its memory from one load to the next; a larger message gives
/// the rest back, so that one snapshot does not hold its memory for ever. 64 Ki values of 16
/// bytes are 1 MiB.
pub(crate) const KEPT_NODES: usize = 1 << 16;

/// Longest part of a foreign name that an error repeats, in bytes: it ends up in a log.
pub(crate) const QUOTED_BYTES: usize = 120;

impl Default for Limits {
    fn default() -> Self {
        Self {
            // 20,000 contracts are 2.2 MB; thirty times that is not a snapshot any more.
            bytes: 64 << 20,
            // 20,000 contracts are 0.9 million values.
            nodes: 4 << 20,
            // CPython's own pickler gives up at its recursion limit of 1,000 frames.
            depth: 512,
            // Everything but numbers may be memoised: the same order as `nodes`.
            memo: 4 << 20,
            // VeighNa's integers fit 8; Python's hashes and UUIDs 16; the rest is room.
            int_bytes: 128,
        }
    }
}
