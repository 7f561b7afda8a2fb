//! One ZeroMQ message: a sequence of parts, each a shared slice of bytes.
//!
//! Up to three parts lie inline (a published event has one or two, a correlated request three), so that
//! an ordinary message costs no allocation of its own. Parts that were received share the buffer of the
//! read that brought them: a part that is kept for long keeps that whole buffer; see [`Message::detach`].

use bytes::Bytes;

const INLINE: usize = 3;

/// An ordered list of parts. A message on the wire has at least one part; an empty one is never sent.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Message {
    parts: Parts,
}

#[derive(Clone)]
enum Parts {
    Inline { len: usize, parts: [Bytes; INLINE] },
    Heap(Vec<Bytes>),
}

impl Message {
    /// A message without parts, to be filled with [`Message::push`].
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a part.
    pub fn push(&mut self, part: Bytes) {
        match &mut self.parts {
            Parts::Inline { len, parts } if *len < INLINE => {
                parts[*len] = part;
                *len += 1;
            }
            Parts::Inline { parts, .. } => {
                let mut heap = Vec::with_capacity(2 * INLINE);
                heap.extend(parts.iter_mut().map(std::mem::take));
                heap.push(part);
                self.parts = Parts::Heap(heap);
            }
            Parts::Heap(parts) => parts.push(part),
        }
    }

    /// The parts, in order.
    pub fn parts(&self) -> &[Bytes] {
        self.parts.as_slice()
    }

    /// The parts by value, in order.
    pub fn into_parts(self) -> impl Iterator<Item = Bytes> {
        let (len, inline, heap) = match self.parts {
            Parts::Inline { len, parts } => (len, parts, Vec::new()),
            Parts::Heap(heap) => (0, Default::default(), heap),
        };
        inline.into_iter().take(len).chain(heap)
    }

    /// Number of parts.
    pub fn len(&self) -> usize {
        self.parts().len()
    }

    /// True where there is no part at all.
    pub fn is_empty(&self) -> bool {
        self.parts().is_empty()
    }

    /// Payload of all parts together, in bytes.
    pub fn byte_len(&self) -> usize {
        self.parts().iter().map(Bytes::len).sum()
    }

    /// The same message in memory of its own, for keeping: it no longer holds the buffer that it was read into.
    pub fn detach(self) -> Self {
        self.into_parts().map(|part| Bytes::copy_from_slice(&part)).collect()
    }
}

impl Default for Parts {
    fn default() -> Self {
        Parts::Inline { len: 0, parts: Default::default() }
    }
}

impl PartialEq for Parts {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Parts {}

impl Parts {
    fn as_slice(&self) -> &[Bytes] {
        match self {
            Parts::Inline { len, parts } => &parts[..*len],
            Parts::Heap(parts) => parts,
        }
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.parts()).finish()
    }
}

impl FromIterator<Bytes> for Message {
    fn from_iter<I: IntoIterator<Item = Bytes>>(parts: I) -> Self {
        let mut message = Message::new();
        parts.into_iter().for_each(|part| message.push(part));
        message
    }
}

impl From<Bytes> for Message {
    fn from(part: Bytes) -> Self {
        Self::from_iter([part])
    }
}

impl<const N: usize> From<[Bytes; N]> for Message {
    fn from(parts: [Bytes; N]) -> Self {
        Self::from_iter(parts)
    }
}
