//! A loaded pickle, and the ways through its collections.
//!
//! Always true: a span or index in a [`Cell`] lies within the stores of the tree that it came
//! from, because the machine made both and nothing else can make a [`Cell`].

use crate::allow::AllowList;
use crate::arena::{Arena, Cell, Container, Made, Segment, Span};
use crate::node::Node;

/// A loaded pickle. Values may be shared, and a list may hold itself: see [`Node::walk`].
#[derive(Debug)]
pub struct Tree<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) allow: &'a AllowList,
    pub(crate) store: Store<'a>,
    pub(crate) root: Cell,
}

#[derive(Debug)]
pub(crate) enum Store<'a> {
    Owned(Box<Arena>),
    Lent(&'a Arena),
}

impl Tree<'_> {
    /// The value that was pickled.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        self.node(self.root)
    }

    /// How many values the tree's stores hold: a measure of its memory, 16 to 64 bytes each.
    #[must_use]
    pub fn size(&self) -> usize {
        let arena = self.arena();
        arena.stack.len()
            + arena.memo.len()
            + arena.values.len()
            + arena.containers.len()
            + arena.segments.len()
            + arena.made.len()
            + arena.extras.len()
    }

    #[inline]
    pub(crate) fn node(&self, value: Cell) -> Node<'_> {
        Node { tree: self, value }
    }

    #[inline]
    pub(crate) fn arena(&self) -> &Arena {
        match &self.store {
            Store::Owned(arena) => arena,
            Store::Lent(arena) => arena,
        }
    }

    #[inline]
    pub(crate) fn input(&self, span: Span) -> &[u8] {
        &self.bytes[range(span)]
    }

    pub(crate) fn scratch(&self, span: Span) -> &[u8] {
        &self.arena().scratch[range(span)]
    }

    #[inline]
    pub(crate) fn made(&self, index: u32) -> &Made {
        &self.arena().made[index as usize]
    }

    #[inline]
    pub(crate) fn run(&self, span: Span) -> Items<'_> {
        let values = self.arena().values[range(span)].iter();
        Items { tree: self, values, next: 0, left: span.len as usize }
    }

    #[inline]
    pub(crate) fn container(&self, index: u32) -> Items<'_> {
        let Container { head, total, .. } = self.arena().containers[index as usize];
        let values = self.arena().values[range(head.run)].iter();
        Items { tree: self, values, next: head.next, left: total as usize }
    }
}

#[inline]
fn range(span: Span) -> std::ops::Range<usize> {
    span.at as usize..span.at as usize + span.len as usize
}

/// The items of a list, tuple or set, in the order in which they were pickled.
#[derive(Debug, Clone)]
pub struct Items<'t> {
    tree: &'t Tree<'t>,
    /// What is left of the current segment.
    values: std::slice::Iter<'t, Cell>,
    /// Index plus one of the segment behind it, or 0.
    next: u32,
    left: usize,
}

impl<'t> Items<'t> {
    /// The item at `index`, counted from here.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Node<'t>> {
        self.clone().nth(index)
    }

    #[cold]
    fn next_segment(&mut self) -> Option<()> {
        let index = self.next.checked_sub(1)?;
        let Segment { run, next } = self.tree.arena().segments[index as usize];
        self.values = self.tree.arena().values[range(run)].iter();
        self.next = next;
        Some(())
    }
}

impl<'t> Iterator for Items<'t> {
    type Item = Node<'t>;

    #[inline]
    fn next(&mut self) -> Option<Node<'t>> {
        loop {
            if let Some(value) = self.values.next() {
                self.left -= 1;
                return Some(Node { tree: self.tree, value: *value });
            }
            self.next_segment()?;
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Items<'_> {}

/// The keys and values of a dict, in the order in which they were pickled. A key that was set
/// twice comes twice: Python keeps the later value.
#[derive(Debug, Clone)]
pub struct Pairs<'t>(pub(crate) Items<'t>);

impl<'t> Pairs<'t> {
    /// The value of a text key, as Python would see it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Node<'t>> {
        self.clone().filter(|(name, _)| name.is_str(key)).last().map(|(_, value)| value)
    }
}

impl<'t> Iterator for Pairs<'t> {
    type Item = (Node<'t>, Node<'t>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        Some((self.0.next()?, self.0.next()?))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.left / 2, Some(self.0.left / 2))
    }
}

impl ExactSizeIterator for Pairs<'_> {}
