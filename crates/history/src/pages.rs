//! Many rows by time, some at a time: between two pages nothing is locked, however long the reader of them takes.

use crate::limits::PAGE_ROWS;
use crate::{Database, HistoryError};
use domain::{DateTime, Exchange};
use rusqlite::{Row, params};

/// Where all tables have the time.
const DATETIME: usize = 2;

/// Gives all rows of a statement whose parameters are symbol, exchange, first and last time, and which goes by time.
pub(crate) fn each<T, E: From<HistoryError>>(
    database: &Database,
    sql: &str,
    (symbol, exchange): (&str, Exchange),
    (start, end): (&DateTime, &DateTime),
    read: impl Fn(&Row<'_>) -> Result<T, HistoryError>,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let (mut first, last) = database.clock.range(start, end)?;
    let sql = format!("{sql} LIMIT {}", PAGE_ROWS + 1);
    loop {
        let (page, next) = page(database, &sql, (symbol, exchange), (&first, &last), &read)?;
        for row in page {
            take(row)?;
        }
        match next {
            Some(next) => first = next,
            None => return Ok(()),
        }
    }
}

/// One page, and the time of the first row behind it.
fn page<T>(
    database: &Database,
    sql: &str,
    (symbol, exchange): (&str, Exchange),
    (first, last): (&str, &str),
    read: impl Fn(&Row<'_>) -> Result<T, HistoryError>,
) -> Result<(Vec<T>, Option<String>), HistoryError> {
    let mut statement = database.connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![symbol, exchange.value(), first, last])?;
    let mut page = Vec::new();
    while let Some(row) = rows.next()? {
        if page.len() == PAGE_ROWS {
            return Ok((page, Some(row.get(DATETIME)?)));
        }
        page.push(read(row)?);
    }
    Ok((page, None))
}
