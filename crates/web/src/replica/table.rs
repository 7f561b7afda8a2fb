//! One table of the replica: the last object per key, in the order in which keys were first seen.
//!
//! That is the order of VeighNa's own dictionaries, so a list read here reads as it would there. The rows lie in
//! chunks that carry the version of their last change; whoever keeps an encoded copy encodes changed chunks
//! anew and nothing else. Always true: there are never more rows than the bound; those beyond it are counted.

use crate::limits::TABLE_ROWS;
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
    /// How many rows there may be.
    most: usize,
    left_out: u64,
}

impl<K, T> Default for Table<K, T> {
    fn default() -> Self {
        Table::with_room(TABLE_ROWS)
    }
}

impl<K, T> Table<K, T> {
    fn with_room(most: usize) -> Table<K, T> {
        Table { index: FxHashMap::default(), chunks: Vec::new(), version: 0, most, left_out: 0 }
    }
}

impl<K: Hash + Eq, T> Table<K, T> {
    /// Puts a row in, in place of the one with this key if there is one. A new one that finds no room is left out.
    pub fn insert(&mut self, key: K, row: Arc<T>) {
        if let Some(&at) = self.index.get(&key) {
            self.version += 1;
            let chunk = &mut self.chunks[at / CHUNK_ROWS];
            chunk.version = self.version;
            chunk.rows[at % CHUNK_ROWS] = row;
            return;
        }
        let next = self.index.len();
        if next >= self.most {
            self.leave_out();
            return;
        }
        self.version += 1;
        self.index.insert(key, next);
        if next.is_multiple_of(CHUNK_ROWS) {
            self.chunks.push(Chunk { version: self.version, rows: Vec::with_capacity(CHUNK_ROWS) });
        }
        let chunk = &mut self.chunks[next / CHUNK_ROWS];
        chunk.version = self.version;
        chunk.rows.push(row);
    }

    fn leave_out(&mut self) {
        self.left_out += 1;
        if self.left_out == 1 {
            let (rows, most) = (std::any::type_name::<T>(), self.most);
            tracing::error!(rows, most, "a list is full: what the trading process tells beyond it is not in the lists");
        }
    }

    /// Rows that found no room.
    pub fn left_out(&self) -> u64 {
        self.left_out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_table_takes_changes_and_leaves_new_rows_out() {
        let mut table: Table<u32, u32> = Table::with_room(CHUNK_ROWS + 1);
        for key in 0..CHUNK_ROWS as u32 + 3 {
            table.insert(key, Arc::new(key));
        }
        assert_eq!((table.len(), table.left_out()), (CHUNK_ROWS + 1, 2));
        let version = table.version();
        table.insert(70, Arc::new(0));
        assert_eq!((table.version(), table.get(&70)), (version, None), "nothing has changed");
        table.insert(64, Arc::new(7));
        assert_eq!((table.get(&64).map(|row| **row), table.version()), (Some(7), version + 1));
        table.replace([(1, Arc::new(1))]);
        assert_eq!((table.len(), table.rows().count()), (1, 1), "there is room again");
    }
}
