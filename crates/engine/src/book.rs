//! The last object per key, in the order in which keys were first seen, as VeighNa's dictionaries keep them.

use rustc_hash::FxHashMap;
use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::Arc;

/// Rows by key.
#[derive(Clone, Debug)]
pub struct Book<K, T> {
    index: FxHashMap<K, usize>,
    rows: Vec<Arc<T>>,
}

impl<K, T> Default for Book<K, T> {
    fn default() -> Self {
        Book { index: FxHashMap::default(), rows: Vec::new() }
    }
}

impl<K: Hash + Eq + Clone, T> Book<K, T> {
    /// Puts a row in. The key is cloned only when it is new.
    pub fn put(&mut self, key: &K, row: Arc<T>) {
        if let Some(at) = self.index.get(key) {
            self.rows[*at] = row;
        } else {
            self.index.insert(key.clone(), self.rows.len());
            self.rows.push(row);
        }
    }

    /// The row of a key.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&Arc<T>>
    where
        K: Borrow<Q>,
    {
        self.index.get(key).map(|at| &self.rows[*at])
    }

    /// All rows in order.
    pub fn rows(&self) -> &[Arc<T>] {
        &self.rows
    }
}
