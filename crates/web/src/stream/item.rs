//! What the board holds of a name: the newest tick of an instrument, or a bar line.
//!
//! Pure. Always true: a name's item is of one kind, because bar lines have desk numbers of their own.

use super::bar::{BarLine, Span};
use super::tick::Tick;
use std::sync::Arc;

/// Shared with every frame that has it.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Tick(Arc<Tick>),
    Bars(Arc<BarLine>),
}

impl Item {
    pub(super) fn bars(&self) -> Option<&BarLine> {
        match self {
            Item::Bars(line) => Some(line),
            Item::Tick(_) => None,
        }
    }

    /// As it is watched.
    pub(super) fn name(&self) -> &str {
        match self {
            Item::Tick(tick) => tick.name(),
            Item::Bars(line) => line.name(),
        }
    }

    /// What of it goes into a frame of this span.
    pub(super) fn texts<'a>(&'a self, span: Span, texts: &mut Vec<&'a [u8]>) {
        match self {
            Item::Tick(tick) => texts.push(tick.text()),
            Item::Bars(line) => line.texts(span, texts),
        }
    }
}
