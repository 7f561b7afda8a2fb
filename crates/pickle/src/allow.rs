//! The classes and functions that a pickle may name.
//!
//! A pickle names things as `module` and `name`; whatever is not listed here, exactly as written,
//! ends the load. Python renames modules between versions: list both spellings. An entry's
//! position in the list is its identity ([`Node::global_id`](crate::Node::global_id)), so that a
//! consumer can tell classes apart without comparing names.

use std::sync::Arc;

/// Old and new spellings of what Python itself puts around plain data, to be joined with a
/// caller's own list: `_codecs.encode` and `bytes` for bytes below protocol 3, `set` and
/// `frozenset` below protocol 4, `copyreg._reconstructor` for any object below protocol 2.
pub const PLAIN: &[(&str, &str)] = &[
    ("_codecs", "encode"),
    ("builtins", "bytes"),
    ("__builtin__", "bytes"),
    ("builtins", "bytearray"),
    ("__builtin__", "bytearray"),
    ("builtins", "set"),
    ("__builtin__", "set"),
    ("builtins", "frozenset"),
    ("__builtin__", "frozenset"),
    ("builtins", "object"),
    ("__builtin__", "object"),
    ("copyreg", "_reconstructor"),
    ("copy_reg", "_reconstructor"),
];

/// `getattr` in both spellings, as it appears around enum members and `ZoneInfo._unpickle`.
pub const GETATTR: &[(&str, &str)] = &[("builtins", "getattr"), ("__builtin__", "getattr")];

/// What numpy 1 and 2 write around a scalar, for [`Node::numpy_scalar`](crate::Node::numpy_scalar).
pub const NUMPY: &[(&str, &str)] =
    &[("numpy", "dtype"), ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar")];

/// The globals that a pickle may name. Cloning shares it.
#[derive(Debug, Clone)]
pub struct AllowList(Arc<Table>);

/// The position of what is not listed.
const OPAQUE: u32 = u32::MAX;

#[derive(Debug)]
struct Table {
    /// What is not listed is recorded as [`OPAQUE`] instead of ending the load.
    is_lenient: bool,
    entries: Box<[Entry]>,
    /// Open addressing, at most half full: an entry's index plus one, or 0.
    slots: Box<[u32]>,
}

#[derive(Debug)]
struct Entry {
    module: Box<str>,
    name: Box<str>,
}

impl AllowList {
    /// Allows exactly these `(module, name)` pairs. Listing one twice is harmless: its first
    /// position counts.
    #[must_use]
    pub fn new(globals: &[(&str, &str)]) -> Self {
        let entries: Box<[Entry]> =
            globals.iter().map(|(module, name)| Entry { module: (*module).into(), name: (*name).into() }).collect();
        let mut slots = vec![0_u32; (entries.len() * 2 + 1).next_power_of_two()].into_boxed_slice();
        for (index, entry) in entries.iter().enumerate() {
            let mut at = hash(entry.module.as_bytes(), entry.name.as_bytes()) & (slots.len() - 1);
            while slots[at] != 0 {
                at = (at + 1) & (slots.len() - 1);
            }
            slots[at] = u32::try_from(index + 1).expect("an allow-list is written by hand");
        }
        Self(Arc::new(Table { is_lenient: false, entries, slots }))
    }

    /// The same list for a reader that would rather lose one object than all of a list: what is not listed is
    /// recorded as a global without a name. It is as inert as everything else; nothing is ever run.
    #[must_use]
    pub fn lenient(&self) -> Self {
        let entry = |entry: &Entry| Entry { module: entry.module.clone(), name: entry.name.clone() };
        let entries = self.0.entries.iter().map(entry).collect();
        Self(Arc::new(Table { is_lenient: true, entries, slots: self.0.slots.clone() }))
    }

    /// What stands for a global that is not listed.
    pub(crate) fn unlisted(&self) -> Option<u32> {
        self.0.is_lenient.then_some(OPAQUE)
    }

    /// The position of a global in the list, if it is there.
    #[must_use]
    pub fn position(&self, module: &str, name: &str) -> Option<usize> {
        self.find(module.as_bytes(), name.as_bytes()).map(|id| id as usize)
    }

    /// Module and name of the entry at `position`.
    #[must_use]
    pub fn entry(&self, position: usize) -> Option<(&str, &str)> {
        self.0.entries.get(position).map(|entry| (&*entry.module, &*entry.name))
    }

    #[inline]
    pub(crate) fn find(&self, module: &[u8], name: &[u8]) -> Option<u32> {
        let table = &*self.0;
        let mask = table.slots.len() - 1;
        let mut at = hash(module, name) & mask;
        loop {
            let id = table.slots[at].checked_sub(1)?;
            let entry = &table.entries[id as usize];
            if entry.name.as_bytes() == name && entry.module.as_bytes() == module {
                return Some(id);
            }
            at = (at + 1) & mask;
        }
    }
}

/// Both ends of the name and the end of the module tell the names of an allow-list apart; a chain
/// of collisions is as short as the list that its owner wrote.
#[inline]
fn hash(module: &[u8], name: &[u8]) -> usize {
    let name_bits = u64::from(front(name)) | u64::from(back(name)) << 32;
    let rest_bits = u64::from(back(module)) | (module.len() as u64) << 32 | (name.len() as u64) << 48;
    let mixed = (name_bits.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ rest_bits).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (mixed >> 32) as usize
}

fn front(text: &[u8]) -> u32 {
    text.first_chunk().map_or_else(|| short(text), |four| u32::from_le_bytes(*four))
}

fn back(text: &[u8]) -> u32 {
    text.last_chunk().map_or_else(|| short(text), |four| u32::from_le_bytes(*four))
}

fn short(text: &[u8]) -> u32 {
    text.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte))
}
