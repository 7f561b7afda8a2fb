//! Cursors: where the next page begins, even if rows came in between or the whole table was read anew.
//!
//! A cursor names the last row of the page before, by its place and its id. Rows are only ever added at the end, so the
//! place is right; after a table was read anew the id finds it.

use super::{Code, Problem};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::sync::Arc;

/// The last row of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    index: usize,
    id: String,
}

impl Cursor {
    /// Of this row.
    pub(super) fn of(index: usize, id: String) -> Cursor {
        Cursor { index, id }
    }

    /// Reads one.
    ///
    /// # Errors
    /// It is none of ours.
    pub(super) fn parse(text: &str) -> Result<Cursor, Problem> {
        let parts = || {
            let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
            let (index, id) = text.split_once('\n')?;
            Some(Cursor { index: index.parse().ok()?, id: id.to_owned() })
        };
        parts().ok_or_else(|| Problem::new(Code::CursorNotFound, "it is no cursor of a page before"))
    }

    /// As it stands in `next_cursor`.
    pub(super) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}\n{}", self.index, self.id))
    }
}

/// The place of the first row behind the cursor.
///
/// # Errors
/// Its row is not there any more.
pub(super) fn after<T>(cursor: &Cursor, rows: &[Arc<T>], id: fn(&T) -> String) -> Result<usize, Problem> {
    let is_it = |row: &Arc<T>| id(row) == cursor.id;
    if rows.get(cursor.index).is_some_and(is_it) {
        return Ok(cursor.index + 1);
    }
    let found = rows.iter().position(is_it).map(|index| index + 1);
    found.ok_or_else(|| Problem::new(Code::CursorNotFound, "its row is gone; begin anew"))
}
