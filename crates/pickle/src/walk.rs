//! Going over everything in a value without recursion and within a budget.
//!
//! A pickle of a few hundred bytes can share lists so that their leaves, counted through every
//! path, number 10^30, and a list can hold itself. Whoever turns a tree into something else, JSON
//! for one, walks it here and stops where the budget ends.

use crate::node::{Kind, Node};
use crate::tree::{Items, Pairs};

/// How much of a value [`Node::walk`] visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WalkBudget {
    /// Deepest nesting; the value itself has depth 0.
    pub depth: usize,
    /// Most values in all, counted once for each path to them.
    pub nodes: usize,
}

/// One step of a walk.
#[derive(Debug, Clone, Copy)]
pub enum Step<'t> {
    /// A value with parts, which follow: the items of a collection; keys and values in turn; of a
    /// call or object its class, arguments and, if any, keyword arguments, state, and the items
    /// and pairs that were put into it.
    Open(Node<'t>),
    /// All parts of this value have been visited.
    Close(Node<'t>),
    /// A value without parts.
    Leaf(Node<'t>),
}

/// The budget is used up. The walk ends there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WalkError {
    /// Deeper than [`WalkBudget::depth`].
    #[error("value is nested more than {0} deep")]
    TooDeep(usize),
    /// More than [`WalkBudget::nodes`].
    #[error("value has more than {0} parts")]
    TooManyNodes(usize),
}

/// The walk itself: an iterator that ends behind the value, or with an error.
#[derive(Debug)]
pub struct Walk<'t> {
    budget: WalkBudget,
    visited: usize,
    first: Option<Node<'t>>,
    open: Vec<(Node<'t>, Parts<'t>)>,
}

#[derive(Debug)]
enum Parts<'t> {
    Items(Items<'t>),
    Pairs(Pairs<'t>, Option<Node<'t>>),
    Made { fixed: std::array::IntoIter<Option<Node<'t>>, 4>, items: Option<Items<'t>>, pairs: Option<Pairs<'t>> },
}

impl<'t> Node<'t> {
    /// Visits this value and everything in it, parents before their parts.
    #[must_use]
    pub fn walk(self, budget: WalkBudget) -> Walk<'t> {
        Walk { budget, visited: 0, first: Some(self), open: Vec::new() }
    }
}

impl<'t> Iterator for Walk<'t> {
    type Item = Result<Step<'t>, WalkError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(first) = self.first.take() {
            return Some(self.visit(first));
        }
        let (_, parts) = self.open.last_mut()?;
        match parts.next() {
            Some(part) => Some(self.visit(part)),
            None => self.open.pop().map(|(node, _)| Ok(Step::Close(node))),
        }
    }
}

impl<'t> Walk<'t> {
    fn visit(&mut self, node: Node<'t>) -> Result<Step<'t>, WalkError> {
        self.visited += 1;
        if self.visited > self.budget.nodes {
            self.open.clear();
            return Err(WalkError::TooManyNodes(self.budget.nodes));
        }
        if self.open.len() > self.budget.depth {
            self.open.clear();
            return Err(WalkError::TooDeep(self.budget.depth));
        }
        let Some(parts) = Parts::of(node) else {
            return Ok(Step::Leaf(node));
        };
        self.open.push((node, parts));
        Ok(Step::Open(node))
    }
}

impl<'t> Parts<'t> {
    fn of(node: Node<'t>) -> Option<Self> {
        match node.kind() {
            Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) | Kind::FrozenSet(items) => {
                Some(Self::Items(items))
            }
            Kind::Dict(pairs) => Some(Self::Pairs(pairs, None)),
            Kind::Call { callable: class, args, state } | Kind::Object { class, args, state } => {
                let fixed = [Some(class), Some(args), node.kwargs(), state].into_iter();
                Some(Self::Made { fixed, items: node.appended(), pairs: node.assigned() })
            }
            _ => None,
        }
    }

    fn next(&mut self) -> Option<Node<'t>> {
        match self {
            Self::Items(items) => items.next(),
            Self::Pairs(pairs, value) => match value.take() {
                Some(value) => Some(value),
                None => {
                    let (key, next) = pairs.next()?;
                    *value = Some(next);
                    Some(key)
                }
            },
            Self::Made { fixed, items, pairs } => {
                if let Some(part) = fixed.by_ref().flatten().next() {
                    return Some(part);
                }
                if let Some(part) = items.as_mut().and_then(Iterator::next) {
                    return Some(part);
                }
                pairs.as_mut()?.0.next()
            }
        }
    }
}
