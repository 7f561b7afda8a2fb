//! One table of the replica: the last object per key, in the order in which keys were first seen.
//!
//! That is the order of VeighNa's own dictionaries, so a list read here reads as it would there. The rows lie in
//! chunks that carry the version of their last change; whoever keeps an encoded copy encodes changed chunks
//! anew and nothing else.

use rustc_hash::FxHashMap;
use std::hash::Hash;
use std::sync::Arc;

/// Rows of one chunk. Small enough that one changed order costs little to encode, large enough that a list of
/// 20,000 is a few hundred pieces to write.
pub const CHUNK_ROWS: usize = 64;

/// Some neighbouring rows.
#[derive(Debug)]
pub struct Chunk<T> {
    /// The table's version at the last change of one of these rows.
    pub version: u64,
    /// The rows.
    pub rows: Vec<Arc<T>>,
}

/// The last object per key.
#[derive(Debug)]
pub struct Table<K, T> {
    index: FxHashMap<K, usize>,
    chunks: Vec<Chunk<T>>,
    version: u64,
}

impl<K, T> Default for Table<K, T> {
    fn default() -> Self {
        Table { index: FxHashMap::default(), chunks: Vec::new(), version: 0 }
    }
}

impl<K: Hash + Eq, T> Table<K, T> {
    /// Puts a row in, in place of the one with this key if there is one.
    pub fn insert(&mut self, key: K, row: Arc<T>) {
        self.version += 1;
        let next = self.index.len();
        let at = *self.index.entry(key).or_insert(next);
        if at == next && at.is_multiple_of(CHUNK_ROWS) {
            self.chunks.push(Chunk { version: self.version, rows: Vec::with_capacity(CHUNK_ROWS) });
        }
        let chunk = &mut self.chunks[at / CHUNK_ROWS];
        chunk.version = self.version;
        if at == next {
            chunk.rows.push(row);
        } else {
            chunk.rows[at % CHUNK_ROWS] = row;
        }
    }

    /// The row of this key.
    pub fn get<Q>(&self, key: &Q) -> Option<&Arc<T>>
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let at = *self.index.get(key)?;
        Some(&self.chunks[at / CHUNK_ROWS].rows[at % CHUNK_ROWS])
    }

    /// All rows in order.
    pub fn rows(&self) -> impl Iterator<Item = &Arc<T>> {
        self.chunks.iter().flat_map(|chunk| chunk.rows.iter())
    }

    /// The rows in chunks, each with the version of its last change.
    pub fn chunks(&self) -> &[Chunk<T>] {
        &self.chunks
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Rises with every change and never falls, also over [`Table::replace`].
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Puts a whole new list in place of all rows.
    pub fn replace(&mut self, rows: impl IntoIterator<Item = (K, Arc<T>)>) {
        self.index.clear();
        self.chunks.clear();
        self.version += 1;
        for (key, row) in rows {
            self.insert(key, row);
        }
    }
}
